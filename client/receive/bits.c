#include "client/receive/bits.h"

void bits_init(struct bits *b, const uint8_t *data, size_t len, bool escaped)
{
	*b = (struct bits){.at = data, .end = data + len, .escaped = escaped};
}

static uint8_t next_byte(struct bits *b)
{
	if (b->escaped && b->zeros >= 2 && b->at < b->end && *b->at == 3) {
		b->at++;
		b->zeros = 0;
	}
	if (b->at >= b->end) {
		b->overrun = true;
		return 0;
	}
	uint8_t byte = *b->at++;
	b->zeros = byte == 0 ? b->zeros + 1 : 0;
	return byte;
}

uint32_t bits_read(struct bits *b, unsigned n)
{
	uint32_t value = 0;
	while (n > 0) {
		if (b->bits_left == 0) {
			b->byte = next_byte(b);
			b->bits_left = 8;
		}
		unsigned take = n < b->bits_left ? n : b->bits_left;
		b->bits_left -= take;
		value = value << take | (b->byte >> b->bits_left & ((1u << take) - 1));
		n -= take;
	}
	return value;
}

void bits_skip(struct bits *b, size_t n)
{
	for (; n > 32 && !b->overrun; n -= 32)
		bits_read(b, 32);
	bits_read(b, n > 32 ? 32 : (unsigned)n);
}

uint32_t bits_ue(struct bits *b)
{
	unsigned zeros = 0;
	while (zeros < 32 && bits_read(b, 1) == 0)
		zeros++;
	if (zeros == 32)
		return 0;
	return (UINT32_C(1) << zeros) - 1 + bits_read(b, zeros);
}

int32_t bits_se(struct bits *b)
{
	uint32_t code = bits_ue(b);
	int32_t half = (int32_t)(code / 2);
	return code & 1 ? half + 1 : -half;
}
