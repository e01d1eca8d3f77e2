#include "client/receive/adts.h"

#include <bitstream/mpeg/aac.h>

const uint32_t aac_rates_hz[AAC_RATES] = {
	96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350};

static size_t length(const uint8_t *data, size_t len)
{
	(void)len;
	size_t header_len = ADTS_HEADER_SIZE;
	if (!adts_get_protection_absent(data))
		header_len += ADTS_CRC_SIZE;
	if (adts_get_sampling_freq(data) >= AAC_RATES || adts_get_length(data) <= header_len)
		return 0;
	return adts_get_length(data);
}

static bool describe(const uint8_t *data, size_t len, struct audio_format *format)
{
	(void)len;
	format->rate_hz = aac_rates_hz[adts_get_sampling_freq(data)];
	format->samples = ADTS_SAMPLES_PER_BLOCK * (1 + (uint32_t)adts_get_num_blocks(data));
	return true;
}

const struct audio_codec adts_codec = {
	.sync = {0xff, 0xf0}, /* and the layer, which is always 0 */
	.sync_mask = {0xff, 0xf6},
	.header_bytes = ADTS_HEADER_SIZE,
	.length = length,
	.is_alike = adts_sync_compare_formats,
	.describe = describe,
};
