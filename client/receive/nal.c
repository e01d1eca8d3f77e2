#include "client/receive/nal.h"

#include <string.h>

/* A 1 is rarer than a 0 in coded video, and the library looks for it by whole vectors. */
const uint8_t *start_code_find(const uint8_t *from, const uint8_t *end)
{
	const uint8_t *at = from + 2;
	while (end - from >= START_CODE_BYTES && at < end) {
		at = memchr(at, 1, (size_t)(end - at));
		if (!at)
			break;
		if (at[-1] == 0 && at[-2] == 0)
			return at - 2;
		at++;
	}
	return end;
}

/* A number is a run of 0xff and one byte that is none. */
static size_t read_number(struct bits *b)
{
	size_t number = 0;
	uint32_t byte;
	do {
		byte = bits_read(b, 8);
		number += byte;
	} while (byte == 0xff && !b->overrun);
	return number;
}

bool nal_find_sei(struct bits *b, unsigned type)
{
	/* One byte at least is left: the trailing bits. */
	while (b->end - b->at > 2 && !b->overrun) {
		size_t found = read_number(b);
		size_t len = read_number(b);
		if (found == type)
			return !b->overrun;
		bits_skip(b, len * 8);
	}
	return false;
}
