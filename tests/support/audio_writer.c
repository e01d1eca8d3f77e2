#include "tests/support/audio_writer.h"

#include <bitstream/atsc/a52.h>
#include <bitstream/mpeg/aac.h>
#include <bitstream/mpeg/mpga.h>
#include <string.h>

static GByteArray *filled(size_t len, uint8_t fill)
{
	GByteArray *frame = g_byte_array_new();
	g_byte_array_set_size(frame, (guint)len);
	memset(frame->data, fill, len);
	return frame;
}

GByteArray *audio_writer_ac3(unsigned frmsizecod, uint8_t fill)
{
	size_t len = a52_get_frame_size(A52_FSCOD_48KHZ, (uint8_t)frmsizecod);
	GByteArray *frame = filled(len, fill);
	a52_set_sync(frame->data);
	a52_set_fscod(frame->data, A52_FSCOD_48KHZ);
	a52_set_frmsizecod(frame->data, (uint8_t)frmsizecod);
	frame->data[5] = A52_BSID << 3; /* a52_set_bsid() masks before it shifts */
	return frame;
}

GByteArray *audio_writer_eac3(
	unsigned strmtyp, unsigned substreamid, unsigned numblkscod, unsigned len, uint8_t fill)
{
	GByteArray *frame = filled(len, fill);
	a52_set_sync(frame->data);
	a52e_set_strmtyp(frame->data, (uint8_t)strmtyp);
	a52e_set_substreamid(frame->data, (uint8_t)substreamid);
	a52e_set_frmsiz(frame->data, (uint16_t)(len / 2 - 1));
	a52e_set_fscod(frame->data, A52_FSCOD_48KHZ);
	a52e_set_fscod2(frame->data, (uint8_t)numblkscod);
	a52e_set_acmod(frame->data, 2);
	a52e_set_lfeon(frame->data, 0);
	frame->data[5] = A52_BSID_ANNEX_E << 3;
	return frame;
}

GByteArray *audio_writer_mpeg(bool mpeg1, unsigned layer, unsigned rate_index,
	unsigned bitrate_index, size_t len, uint8_t fill)
{
	GByteArray *frame = filled(len, fill);
	mpga_set_sync(frame->data);
	if (!mpeg1)
		mpga_clear_id(frame->data);
	mpga_set_layer(frame->data, (uint8_t)(4 - layer));
	mpga_set_bitrate_index(frame->data, (uint8_t)bitrate_index);
	mpga_set_sampling_freq(frame->data, (uint8_t)rate_index);
	return frame;
}

static void put(GByteArray *out, unsigned *used, uint32_t value, unsigned n)
{
	while (n-- > 0) {
		if (*used == 0)
			g_byte_array_append(out, (const uint8_t[]){0}, 1);
		out->data[out->len - 1] |= (uint8_t)((value >> n & 1) << (7 - *used));
		*used = (*used + 1) % 8;
	}
}

GByteArray *audio_writer_latm(
	bool config, unsigned rate_index, unsigned subframes, unsigned len, uint8_t fill)
{
	GByteArray *frame = filled(LOAS_HEADER_SIZE, 0);
	unsigned used = 0;
	put(frame, &used, !config, 1); /* useSameStreamMux */
	if (config) {
		put(frame, &used, 0, 1); /* audioMuxVersion */
		put(frame, &used, 1, 1);
		put(frame, &used, subframes - 1, 6);
		put(frame, &used, 0, 4 + 3);
		put(frame, &used, ASC_TYPE_LC, 5);
		put(frame, &used, rate_index, 4);
		put(frame, &used, 2, 4);
		put(frame, &used, 0, 3); /* GASpecificConfig: 1024 samples */
	}
	put(frame, &used, fill, 8);
	guint at = frame->len;
	g_byte_array_set_size(frame, at + len);
	memset(frame->data + at, fill, len);
	loas_set_sync(frame->data);
	loas_set_length(frame->data, (uint16_t)(frame->len - LOAS_HEADER_SIZE));
	return frame;
}
