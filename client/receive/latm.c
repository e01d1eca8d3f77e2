#include "client/receive/latm.h"

#include "client/receive/adts.h"
#include "client/receive/bits.h"

#include <bitstream/mpeg/aac.h>

enum { OBJECT_TYPE_ESCAPE = 31, RATE_ESCAPE = 15, LENGTH_MASK = 0x1fff };

static size_t length(const uint8_t *data, size_t len)
{
	(void)len;
	size_t behind = loas_get_length(data) & LENGTH_MASK;
	return behind > 0 ? LOAS_HEADER_SIZE + behind : 0;
}

/* LatmGetValue() of section 1.7.3.1. */
static void skip_value(struct bits *b)
{
	unsigned bytes = bits_read(b, 2) + 1;
	bits_skip(b, bytes * 8);
}

static uint32_t read_object_type(struct bits *b)
{
	uint32_t type = bits_read(b, 5);
	return type == OBJECT_TYPE_ESCAPE ? 32 + bits_read(b, 6) : type;
}

static uint32_t read_rate(struct bits *b)
{
	uint32_t index = bits_read(b, 4);
	if (index == RATE_ESCAPE)
		return bits_read(b, 24);
	return index < AAC_RATES ? aac_rates_hz[index] : 0;
}

/* AudioSpecificConfig() of section 1.6.2.1, as far as it tells how long a frame lasts. */
static bool read_config(struct bits *b, struct audio_format *format)
{
	uint32_t type = read_object_type(b);
	uint32_t rate_hz = read_rate(b);
	bits_skip(b, 4); /* channelConfiguration */
	/* SBR doubles the rate of what is put out; the core's frames are counted here. */
	if (type == ASC_TYPE_SBR || type == ASC_TYPE_PS) {
		read_rate(b);
		read_object_type(b);
	}
	bool short_frames = bits_read(b, 1); /* frameLengthFlag */
	if (b->overrun || rate_hz == 0)
		return false;
	format->rate_hz = rate_hz;
	format->samples = short_frames ? 960 : 1024;
	return true;
}

/* StreamMuxConfig() of section 1.7.3.1, of its first programme and layer. */
static bool read_mux_config(struct bits *b, struct audio_format *format)
{
	bool version = bits_read(b, 1);
	if (version && bits_read(b, 1)) /* audioMuxVersionA: not specified */
		return false;
	if (version)
		skip_value(b); /* taraBufferFullness */
	bits_skip(b, 1);
	uint32_t frames = bits_read(b, 6) + 1;
	bits_skip(b, 4 + 3); /* numProgram, numLayer */
	if (version)
		skip_value(b); /* ascLen */
	if (!read_config(b, format))
		return false;
	format->samples *= frames;
	return true;
}

static bool describe(const uint8_t *data, size_t len, struct audio_format *format)
{
	struct bits b;
	bits_init(&b, data + LOAS_HEADER_SIZE, len - LOAS_HEADER_SIZE, false);
	bool same = bits_read(&b, 1); /* useSameStreamMux */
	return same ? format->rate_hz > 0 : read_mux_config(&b, format);
}

static bool is_alike(const uint8_t *a, const uint8_t *b)
{
	(void)a;
	(void)b;
	return true;
}

const struct audio_codec latm_codec = {
	.sync = {0x56, 0xe0}, /* 0x2b7 in 11 bits */
	.sync_mask = {0xff, 0xe0},
	.header_bytes = LOAS_HEADER_SIZE,
	.length = length,
	.is_alike = is_alike,
	.describe = describe,
};
