#include "client/receive/h264.h"

#include "client/receive/nal.h"

#include <bitstream/mpeg/h264.h>

enum { SPS_MAX = 32, PPS_MAX = 256, NAL_SLICE_EXTENSIONS_FIRST = 14, NAL_HEADS_LAST = 18 };

/* What a slice header's syntax depends on. */
struct sps {
	bool known, fields, separate_planes;
	uint8_t frame_num_bits;
};

struct picture {
	bool field, bottom;
	uint32_t frame_num;
};

struct h264 {
	struct sps sps[SPS_MAX];
	uint8_t sps_of_pps[PPS_MAX];
	bool first_field; /* `last` is one, and the second is to come */
	bool second_field;
	struct picture last;
};

static bool has_chroma_format(uint32_t profile)
{
	static const uint8_t profiles[] = {
		100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};
	for (size_t i = 0; i < sizeof(profiles); i++) {
		if (profiles[i] == profile)
			return true;
	}
	return false;
}

/* Section 7.3.2.1.1.1. */
static void skip_scaling_list(struct bits *b, unsigned n)
{
	int32_t last = 8, next = 8;
	for (unsigned i = 0; i < n && next != 0 && !b->overrun; i++) {
		next = (last + bits_se(b)) & 0xff;
		last = next ? next : last;
	}
}

/* Returns separate_colour_plane_flag. */
static bool read_chroma_format(struct bits *b)
{
	uint32_t format = bits_ue(b);
	bool separate = format == 3 && bits_read(b, 1);
	bits_ue(b); /* bit_depth_luma_minus8 */
	bits_ue(b);
	bits_skip(b, 1);
	if (!bits_read(b, 1)) /* seq_scaling_matrix_present_flag */
		return separate;
	for (unsigned i = 0; i < (format == 3 ? 12 : 8); i++) {
		if (bits_read(b, 1))
			skip_scaling_list(b, i < 6 ? 16 : 64);
	}
	return separate;
}

static void skip_order_count(struct bits *b)
{
	uint32_t type = bits_ue(b);
	if (type == 0)
		bits_ue(b);
	if (type != 1)
		return;
	bits_skip(b, 1);
	bits_se(b);
	bits_se(b);
	for (uint32_t n = bits_ue(b); n > 0 && !b->overrun; n--)
		bits_se(b);
}

static void read_sps(struct h264 *state, struct bits b)
{
	struct sps sps = {.known = true};
	uint32_t profile = bits_read(&b, 8);
	bits_skip(&b, 16); /* constraints, level */
	uint32_t id = bits_ue(&b);
	if (has_chroma_format(profile))
		sps.separate_planes = read_chroma_format(&b);
	uint32_t frame_num_bits = bits_ue(&b) + 4;
	skip_order_count(&b);
	bits_ue(&b); /* max_num_ref_frames */
	bits_skip(&b, 1);
	bits_ue(&b); /* width and height */
	bits_ue(&b);
	sps.fields = !bits_read(&b, 1); /* frame_mbs_only_flag */
	if (b.overrun || id >= SPS_MAX || frame_num_bits > 16)
		return;
	sps.frame_num_bits = (uint8_t)frame_num_bits;
	state->sps[id] = sps;
}

static void read_pps(struct h264 *state, struct bits b, struct video_info *ret)
{
	uint32_t id = bits_ue(&b), sps = bits_ue(&b);
	ret->set_id = id;
	if (!b.overrun && id < PPS_MAX && sps < SPS_MAX)
		state->sps_of_pps[id] = (uint8_t)sps;
}

/* Behind slice_type; without its SPS a slice is taken for one of a frame. */
static struct picture read_picture(const struct h264 *state, struct bits *b)
{
	struct picture picture = {0};
	uint32_t pps = bits_ue(b);
	const struct sps *sps = &state->sps[pps < PPS_MAX ? state->sps_of_pps[pps] : 0];
	if (!sps->known)
		return picture;
	if (sps->separate_planes)
		bits_skip(b, 2);
	picture.frame_num = bits_read(b, sps->frame_num_bits);
	picture.field = sps->fields && bits_read(b, 1);
	picture.bottom = picture.field && bits_read(b, 1);
	return picture;
}

/* Section 3.30: fields of opposite parity that share frame_num, the second one no IDR picture. */
static bool completes(const struct h264 *state, const struct picture *picture, bool idr)
{
	return state->first_field && picture->field && !idr &&
	       picture->bottom != state->last.bottom && picture->frame_num == state->last.frame_num;
}

static enum video_part begin_picture(
	struct h264 *state, struct bits *b, bool idr, struct video_info *ret)
{
	struct picture picture = read_picture(state, b);
	state->second_field = completes(state, &picture, idr);
	state->first_field = picture.field && !state->second_field;
	state->last = picture;
	ret->picture = true;
	ret->field = state->first_field;
	return state->second_field ? VIDEO_SECOND_FIELD : VIDEO_PICTURE;
}

static enum video_part look_at_slice(
	struct h264 *state, struct bits b, bool idr, struct video_info *ret)
{
	bool first = bits_ue(&b) == 0; /* first_mb_in_slice */
	uint32_t type = bits_ue(&b) % 5;
	struct bits set = b;
	ret->refers = true;
	ret->refers_to = bits_ue(&set);
	enum video_part part = first ? begin_picture(state, &b, idr, ret) : VIDEO_INSIDE;
	/* The second field of an intra picture may refer to the first. */
	ret->inter = type != 2 && type != 4 && !state->second_field;
	ret->entry = idr;
	return part;
}

static enum video_part look_at_sei(struct bits b, struct video_info *ret)
{
	ret->entry = nal_find_sei(&b, H264SEI_RECOVERY_POINT);
	if (ret->entry)
		ret->recovery_pictures = bits_ue(&b); /* recovery_frame_cnt */
	return VIDEO_HEAD;
}

static enum video_part look(void *of, const uint8_t *data, size_t len, struct video_info *ret)
{
	struct h264 *state = of;
	uint8_t type = h264nalst_get_type(data[0]);
	struct bits b;
	bits_init(&b, data + 1, len - 1, true);

	switch (type) {
	case H264NAL_TYPE_NONIDR:
	case H264NAL_TYPE_PARTA:
	case H264NAL_TYPE_IDR:
		return look_at_slice(state, b, type == H264NAL_TYPE_IDR, ret);
	case H264NAL_TYPE_SEI:
		return look_at_sei(b, ret);
	case H264NAL_TYPE_SPS:
		ret->sets = VIDEO_SET_SEQUENCE;
		read_sps(state, b);
		return VIDEO_HEAD;
	case H264NAL_TYPE_PPS:
		ret->sets = VIDEO_SET_PICTURE;
		read_pps(state, b, ret);
		return VIDEO_HEAD;
	case H264NAL_TYPE_AUD:
		ret->delimiter = true;
		return VIDEO_HEAD;
	case H264NAL_TYPE_ENDSEQ:
	case H264NAL_TYPE_ENDSTR:
		return VIDEO_END;
	default:
		return type >= NAL_SLICE_EXTENSIONS_FIRST && type <= NAL_HEADS_LAST ? VIDEO_HEAD
										    : VIDEO_INSIDE;
	}
}

const struct video_codec h264_codec = {
	.sets_wanted = VIDEO_SET_SEQUENCE | VIDEO_SET_PICTURE,
	.zero_byte = true,
	.intra_enters = true,
	.state_bytes = sizeof(struct h264),
	.look = look,
};
