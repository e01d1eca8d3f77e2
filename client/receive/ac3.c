#include "client/receive/ac3.h"

#include <bitstream/atsc/a52.h>

enum { HEADER_BYTES = 6, BSID_MAX = 10 };

const uint32_t ac3_rates_hz[] = {48000, 44100, 32000};

static size_t length(const uint8_t *data, size_t len)
{
	(void)len;
	if (a52_get_bsid(data) > BSID_MAX)
		return 0;
	return a52_get_frame_size(a52_get_fscod(data), a52_get_frmsizecod(data));
}

static bool describe(const uint8_t *data, size_t len, struct audio_format *format)
{
	(void)len;
	/* Above 8, bsid halves the rate once or twice; the frames are as long in bytes. */
	unsigned halved = a52_get_bsid(data) > A52_BSID ? a52_get_bsid(data) - A52_BSID : 0;
	format->rate_hz = ac3_rates_hz[a52_get_fscod(data)] >> halved;
	format->samples = A52_FRAME_SAMPLES;
	return true;
}

/* The rate, and bsid with bsmod. */
static bool is_alike(const uint8_t *a, const uint8_t *b)
{
	return a52_get_fscod(a) == a52_get_fscod(b) && a[5] == b[5];
}

const struct audio_codec ac3_codec = {
	.sync = {0x0b, 0x77},
	.sync_mask = {0xff, 0xff},
	.header_bytes = HEADER_BYTES,
	.length = length,
	.is_alike = is_alike,
	.describe = describe,
};
