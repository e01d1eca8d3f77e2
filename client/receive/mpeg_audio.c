#include "client/receive/mpeg_audio.h"

#include <bitstream/mpeg/mpga.h>

/* ISO/IEC 11172-3 and 13818-3 section 2.4.2.3, in kbit/s; 0: free format, or forbidden. */
static const uint16_t BITRATES_1[3][16] = {
	{0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
	{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
};
static const uint16_t BITRATES_2[3][16] = {
	{0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
	{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
};
static const uint32_t SAMPLE_RATES[] = {44100, 48000, 32000, 0};

static unsigned layer(const uint8_t *data)
{
	return 4 - (unsigned)mpga_get_layer(data); /* 4: ADTS has its code */
}

static uint32_t sample_rate(const uint8_t *data)
{
	uint32_t rate = SAMPLE_RATES[mpga_get_sampling_freq(data)];
	if (mpga_get_mpeg25(data))
		return rate / 4;
	return mpga_get_id(data) == MPGA_ID_1 ? rate : rate / 2;
}

static uint32_t samples(const uint8_t *data)
{
	if (layer(data) == 1)
		return 384;
	return layer(data) == 3 && mpga_get_id(data) != MPGA_ID_1 ? 576 : 1152;
}

static size_t length(const uint8_t *data, size_t len)
{
	(void)len;
	bool is_1 = mpga_get_id(data) == MPGA_ID_1;
	if (layer(data) > 3 || sample_rate(data) == 0 || (is_1 && mpga_get_mpeg25(data)))
		return 0;
	uint32_t bitrate =
		(is_1 ? BITRATES_1 : BITRATES_2)[layer(data) - 1][mpga_get_bitrate_index(data)] *
		UINT32_C(1000);
	if (bitrate == 0)
		return 0;
	/* Section 2.4.3.1: slots of 4 bytes in layer I, of one byte else. */
	uint32_t slot = layer(data) == 1 ? 4 : 1;
	uint32_t slots = samples(data) / 8 * bitrate / (sample_rate(data) * slot);
	return (slots + mpga_get_padding(data)) * slot;
}

static bool describe(const uint8_t *data, size_t len, struct audio_format *format)
{
	(void)len;
	format->rate_hz = sample_rate(data);
	format->samples = samples(data);
	return true;
}

/* The bit rate may change, and joint stereo come and go. */
static bool is_alike(const uint8_t *a, const uint8_t *b)
{
	return mpga_sync_compare_formats_free(a, b);
}

const struct audio_codec mpeg_audio_codec = {
	.sync = {0xff, 0xe0},
	.sync_mask = {0xff, 0xe0},
	.header_bytes = MPGA_HEADER_SIZE,
	.length = length,
	.is_alike = is_alike,
	.describe = describe,
};
