#include "tests/support/video_writer.h"

#include <bitstream/itu/h265.h>
#include <bitstream/mpeg/mp2v.h>
#include <string.h>

struct writer {
	GByteArray *out;
	unsigned used; /* bits of the last byte */
};

static void put(struct writer *w, uint32_t value, unsigned n)
{
	while (n-- > 0) {
		if (w->used == 0)
			g_byte_array_append(w->out, (const uint8_t[]){0}, 1);
		w->out->data[w->out->len - 1] |= (uint8_t)((value >> n & 1) << (7 - w->used));
		w->used = (w->used + 1) % 8;
	}
}

static void put_ue(struct writer *w, uint32_t value)
{
	unsigned bits = 0;
	while ((value + 1) >> (bits + 1))
		bits++;
	put(w, 0, bits);
	put(w, value + 1, bits + 1);
}

static void fill(GByteArray *to, unsigned len, uint8_t with)
{
	guint at = to->len;
	g_byte_array_set_size(to, at + len);
	memset(to->data + at, with, len);
}

GByteArray *video_writer_h264_sps(bool fields)
{
	struct writer w = {.out = g_byte_array_new()};
	put(&w, 0x67, 8);
	put(&w, 77, 8); /* Main */
	put(&w, 0, 8);
	put(&w, 30, 8);
	put_ue(&w, 0); /* seq_parameter_set_id */
	put_ue(&w, 0); /* log2_max_frame_num_minus4 */
	put_ue(&w, 2); /* pic_order_cnt_type */
	put_ue(&w, 2); /* max_num_ref_frames */
	put(&w, 0, 1);
	put_ue(&w, 44); /* 720 */
	put_ue(&w, 17); /* 2 * 288 */
	put(&w, !fields, 1);
	if (fields)
		put(&w, 0, 1);
	put(&w, 1, 1); /* direct_8x8_inference_flag */
	put(&w, 0, 2); /* cropping, VUI */
	put(&w, 1, 1);
	return w.out;
}

GByteArray *video_writer_h264_slice(
	const struct video_writer_slice *slice, bool fields, unsigned len)
{
	struct writer w = {.out = g_byte_array_new()};
	put(&w, slice->idr ? 0x65 : 0x41, 8);
	put_ue(&w, 0);			  /* first_mb_in_slice */
	put_ue(&w, slice->inter ? 5 : 7); /* slice_type */
	put_ue(&w, 0);			  /* pic_parameter_set_id */
	put(&w, slice->frame_num, 4);
	if (fields)
		put(&w, slice->field != 0, 1);
	if (slice->field)
		put(&w, slice->field == 'b', 1);
	put(&w, 1, 1);
	fill(w.out, len, 0x55);
	return w.out;
}

void video_writer_append_bytes(GByteArray *to, unsigned zeros, const void *part, size_t len)
{
	fill(to, zeros, 0);
	fill(to, 1, 1);
	g_byte_array_append(to, part, (guint)len);
}

void video_writer_append(GByteArray *to, unsigned zeros, GByteArray *part)
{
	video_writer_append_bytes(to, zeros, part->data, part->len);
	g_byte_array_unref(part);
}

static void put_h265(GByteArray *to, unsigned type, uint8_t first, unsigned len, uint8_t with)
{
	const uint8_t header[] = {(uint8_t)(type << 1), 1, first};
	video_writer_append_bytes(to, 3, header, sizeof(header));
	fill(to, len, with);
}

void video_writer_h265_head(GByteArray *to)
{
	put_h265(to, H265NAL_TYPE_AUD, 0x10, 0, 0);
	put_h265(to, H265NAL_TYPE_VPS, 0x0c, 5, 0x22);
	put_h265(to, H265NAL_TYPE_SPS, 0x01, 20, 0x33);
	put_h265(to, H265NAL_TYPE_PPS, 0xc0, 4, 0x44);
}

void video_writer_h265_picture(
	GByteArray *to, unsigned nal_type, bool first_slice, unsigned len, uint8_t with)
{
	/* first_slice_segment_in_pic_flag; of an IRAP picture its PPS is 0. */
	put_h265(to, nal_type, first_slice ? 0xa0 : 0x20, len, with);
}

static void put_sequence(GByteArray *to, bool mpeg1)
{
	uint8_t header[MP2VSEQ_HEADER_SIZE + 4] = {0};
	mp2vseq_init(header);
	mp2vseq_set_horizontal(header, 720);
	mp2vseq_set_vertical(header, 576);
	mp2vseq_set_aspect(header, MP2VSEQ_ASPECT_4_3);
	mp2vseq_set_framerate(header, MP2VSEQ_FRAMERATE_25);
	mp2vseq_set_bitrate(header, 10000);
	mp2vseq_set_vbvbuffer(header, 112);
	g_byte_array_append(to, header, MP2VSEQ_HEADER_SIZE);
	if (mpeg1)
		return;
	uint8_t extension[MP2VSEQX_HEADER_SIZE] = {0};
	mp2vseqx_init(extension);
	mp2vseqx_set_profilelevel(extension, MP2VSEQX_PROFILE_MAIN | MP2VSEQX_LEVEL_MAIN);
	mp2vseqx_set_chroma(extension, MP2VSEQX_CHROMA_420);
	g_byte_array_append(to, extension, sizeof(extension));
}

static void put_picture(GByteArray *to, const struct video_writer_mpeg *picture)
{
	uint8_t header[MP2VPIC_HEADER_SIZE + 4] = {0};
	mp2vpic_init(header);
	mp2vpic_set_temporalreference(header, (uint16_t)picture->order);
	mp2vpic_set_codingtype(header, picture->type == 'I'   ? MP2VPIC_TYPE_I
				       : picture->type == 'P' ? MP2VPIC_TYPE_P
							      : MP2VPIC_TYPE_B);
	mp2vpic_set_vbvdelay(header, 0xffff);
	g_byte_array_append(to, header, MP2VPIC_HEADER_SIZE);
	if (picture->mpeg1)
		return;
	uint8_t extension[MP2VPICX_HEADER_SIZE] = {0};
	mp2vpicx_init(extension);
	mp2vpicx_set_fcode00(extension, 15);
	mp2vpicx_set_fcode01(extension, 15);
	mp2vpicx_set_fcode10(extension, 15);
	mp2vpicx_set_fcode11(extension, 15);
	mp2vpicx_set_structure(extension, picture->field == 't'	  ? MP2VPICX_TOP_FIELD
					  : picture->field == 'b' ? MP2VPICX_BOTTOM_FIELD
								  : MP2VPICX_FRAME_PICTURE);
	g_byte_array_append(to, extension, sizeof(extension));
}

void video_writer_mpeg(
	GByteArray *to, const struct video_writer_mpeg *picture, unsigned len, uint8_t with)
{
	if (picture->sequence)
		put_sequence(to, picture->mpeg1);
	if (picture->group) {
		uint8_t header[MP2VGOP_HEADER_SIZE] = {0};
		mp2vgop_init(header);
		g_byte_array_append(to, header, sizeof(header));
	}
	put_picture(to, picture);
	for (uint8_t slice = 1; slice <= 2; slice++) {
		video_writer_append_bytes(to, 2, &slice, 1);
		fill(to, len, with);
	}
}
