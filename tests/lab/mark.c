#include "tests/lab/mark.h"

enum {
	COLUMNS = 20,
	ROWS = 3,
	GRID_WIDTH = 80,
	GRID_HEIGHT = 45,
	/* The bottom left of the 5 % safe area, on macroblock borders in 720p. */
	LEFT = 4,
	TOP = 39,
	SYNC = 0xAC5E3, /* 20 bits */
	BLACK = 16,
	WHITE = 235,
	/* A block whose mean lies between these was damaged or never was one. */
	BLACK_AT_MOST = 96,
	WHITE_AT_LEAST = 160,
};

struct block {
	int left, right, top, bottom;
};

static struct block block_at(int column, int row, int width, int height)
{
	return (struct block){
		.left = (LEFT + column) * width / GRID_WIDTH,
		.right = (LEFT + column + 1) * width / GRID_WIDTH,
		.top = (TOP + row) * height / GRID_HEIGHT,
		.bottom = (TOP + row + 1) * height / GRID_HEIGHT,
	};
}

/* CRC-16/CCITT-FALSE (polynomial 0x1021, all ones first), so that no run of equal blocks is a mark.
 */
static uint16_t crc16(uint32_t value_24_bits)
{
	uint32_t crc = 0xFFFF;
	for (int bit = 23; bit >= 0; bit--) {
		uint32_t feedback = ((crc >> 15) ^ (value_24_bits >> bit)) & 1;
		crc = (crc << 1) & 0xFFFF;
		if (feedback)
			crc ^= 0x1021;
	}
	return (uint16_t)crc;
}

static void draw_block(uint8_t *luma, int stride, struct block block, uint8_t value)
{
	for (int y = block.top; y < block.bottom; y++)
		for (int x = block.left; x < block.right; x++)
			luma[(long)y * stride + x] = value;
}

void mark_draw(uint8_t *luma, int width, int height, int stride, struct mark mark)
{
	if (width < MARK_MIN_WIDTH || height < MARK_MIN_HEIGHT)
		return;
	uint32_t value = (uint32_t)mark.channel << 16 | mark.frame;
	uint64_t bits = (uint64_t)SYNC << 40 | (uint64_t)value << 16 | crc16(value);
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		struct block block = block_at(i % COLUMNS, i / COLUMNS, width, height);
		bool white = bits >> (ROWS * COLUMNS - 1 - i) & 1;
		draw_block(luma, stride, block, white ? WHITE : BLACK);
	}
}

/* The mean of the block's inner half, where coding and scaling smear its neighbours least. */
static int read_block(const uint8_t *luma, int stride, struct block block)
{
	int margin_x = (block.right - block.left) / 4, margin_y = (block.bottom - block.top) / 4;
	int sum = 0, count = 0;
	for (int y = block.top + margin_y; y < block.bottom - margin_y; y++)
		for (int x = block.left + margin_x; x < block.right - margin_x; x++, count++)
			sum += luma[(long)y * stride + x];
	return sum / count;
}

struct mark_area mark_area(int width, int height)
{
	struct block first = block_at(0, 0, width, height);
	struct block last = block_at(COLUMNS - 1, ROWS - 1, width, height);
	return (struct mark_area){
		.left = first.left,
		.top = first.top,
		.width = last.right - first.left,
		.height = last.bottom - first.top,
	};
}

bool mark_read(const uint8_t *luma, int width, int height, int stride, struct mark *ret)
{
	if (width < MARK_MIN_WIDTH || height < MARK_MIN_HEIGHT)
		return false;
	uint64_t bits = 0;
	for (int i = 0; i < ROWS * COLUMNS; i++) {
		int mean =
			read_block(luma, stride, block_at(i % COLUMNS, i / COLUMNS, width, height));
		if (mean > BLACK_AT_MOST && mean < WHITE_AT_LEAST)
			return false;
		bits = bits << 1 | (mean >= WHITE_AT_LEAST);
	}
	uint32_t value = bits >> 16 & 0xFFFFFF;
	if (bits >> 40 != SYNC || (bits & 0xFFFF) != crc16(value) || value >> 16 == 0)
		return false;
	*ret = (struct mark){.channel = (uint8_t)(value >> 16), .frame = (uint16_t)value};
	return true;
}
