#include "client/receive/eac3.h"

#include "client/receive/ac3.h"

#include <bitstream/atsc/a52.h>

enum {
	HEADER_BYTES = 6,
	BSID_MIN = 11,
	TYPE_DEPENDENT = 1,
	TYPE_RESERVED = 3,
	BLOCK_SAMPLES = 256,
};

static const uint32_t BLOCKS[] = {1, 2, 3, 6};

/* a52e_get_strmtyp() shifts by one too few. */
static unsigned stream_type(const uint8_t *data)
{
	return data[2] >> 6;
}

/* An independent substream may be AC-3. */
static bool is_ac3(const uint8_t *data)
{
	return a52_get_bsid(data) < BSID_MIN;
}

static size_t frame_length(const uint8_t *data, size_t len)
{
	if (is_ac3(data))
		return ac3_codec.length(data, len);
	bool bad_rate = a52e_get_fscod(data) == A52_FSCOD_RESERVED &&
			a52e_get_fscod2(data) == A52E_FSCOD2_RESERVED;
	if (a52_get_bsid(data) > A52_BSID_ANNEX_E || stream_type(data) == TYPE_RESERVED || bad_rate)
		return 0;
	size_t size = a52e_get_frame_size(a52e_get_frmsiz(data));
	return size > HEADER_BYTES ? size : 0;
}

/* Does this go with the frame before it? */
static bool is_attached(const uint8_t *data)
{
	return !is_ac3(data) &&
	       (stream_type(data) == TYPE_DEPENDENT || a52e_get_substreamid(data) > 0);
}

static size_t length(const uint8_t *data, size_t len)
{
	size_t whole = frame_length(data, len);
	while (whole > 0 && len >= whole + HEADER_BYTES) {
		const uint8_t *next = data + whole;
		size_t next_len = a52_get_sync(next) == 0x0b77 && is_attached(next)
					  ? frame_length(next, len - whole)
					  : 0;
		if (next_len == 0)
			break;
		whole += next_len;
	}
	return whole;
}

static bool describe(const uint8_t *data, size_t len, struct audio_format *format)
{
	if (is_ac3(data))
		return ac3_codec.describe(data, len, format);
	bool half_rate = a52e_get_fscod(data) == A52_FSCOD_RESERVED;
	format->rate_hz = half_rate ? ac3_rates_hz[a52e_get_fscod2(data)] / 2
				    : ac3_rates_hz[a52e_get_fscod(data)];
	unsigned blocks = half_rate ? 3 : a52e_get_fscod2(data); /* the same bits: numblkscod */
	/* Cut off from its frame by a PES packet's end: it plays at the same time. */
	format->samples = is_attached(data) ? 0 : BLOCKS[blocks] * BLOCK_SAMPLES;
	return true;
}

static bool is_alike(const uint8_t *a, const uint8_t *b)
{
	return a52e_get_fscod(a) == a52e_get_fscod(b) && a52_get_bsid(a) == a52_get_bsid(b);
}

const struct audio_codec eac3_codec = {
	.sync = {0x0b, 0x77},
	.sync_mask = {0xff, 0xff},
	.header_bytes = HEADER_BYTES,
	.length = length,
	.is_alike = is_alike,
	.describe = describe,
};
