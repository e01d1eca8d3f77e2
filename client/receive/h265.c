#include "client/receive/h265.h"

#include "client/receive/nal.h"

#include <bitstream/itu/h265.h>

enum { NAL_HEADER_BYTES = 2, NAL_VCL_LAST = 31 };

static bool is_irap(uint8_t type)
{
	return type >= H265NAL_TYPE_BLA_W_LP && type <= H265NAL_TYPE_IRAP_VCL23;
}

static enum video_part look_at_slice(uint8_t type, struct bits b, struct video_info *ret)
{
	ret->entry = is_irap(type);
	ret->skipped = type == H265NAL_TYPE_RASL_N || type == H265NAL_TYPE_RASL_R;
	ret->picture = bits_read(&b, 1); /* first_slice_segment_in_pic_flag */
	if (ret->entry)
		bits_skip(&b, 1); /* no_output_of_prior_pics_flag */
	ret->refers = true;
	ret->refers_to = bits_ue(&b);
	return ret->picture ? VIDEO_PICTURE : VIDEO_INSIDE;
}

static enum video_part look_at_sei(struct bits b, struct video_info *ret)
{
	ret->entry = nal_find_sei(&b, H265SEI_RECOVERY_POINT);
	if (!ret->entry)
		return VIDEO_HEAD;
	int32_t pictures = bits_se(&b); /* recovery_poc_cnt */
	ret->recovery_pictures = pictures > 0 ? (unsigned)pictures : 0;
	return VIDEO_HEAD;
}

static enum video_part look_at_set(unsigned set, uint32_t id, struct video_info *ret)
{
	ret->sets = set;
	ret->set_id = id;
	return VIDEO_HEAD;
}

/* Section 7.4.2.4.4: NAL units that may only stand before the first slice of a picture. */
static bool is_head(uint8_t type)
{
	return (type >= H265NAL_TYPE_RSV_NVCL41 && type <= H265NAL_TYPE_RSV_NVCL44) ||
	       (type >= H265NAL_TYPE_UNSPEC48 && type <= H265NAL_TYPE_UNSPEC55);
}

static enum video_part look(void *state, const uint8_t *data, size_t len, struct video_info *ret)
{
	(void)state;
	if (len < NAL_HEADER_BYTES)
		return VIDEO_INSIDE;
	uint8_t type = h265nalst_get_type(data[0]);
	bool base_layer = !(data[0] & 1) && !(data[1] & 0xf8); /* nuh_layer_id */
	struct bits b;
	bits_init(&b, data + NAL_HEADER_BYTES, len - NAL_HEADER_BYTES, true);

	if (!base_layer)
		return VIDEO_INSIDE;
	if (type <= NAL_VCL_LAST)
		return look_at_slice(type, b, ret);
	switch (type) {
	case H265NAL_TYPE_VPS:
		return look_at_set(VIDEO_SET_VIDEO, bits_read(&b, 4), ret);
	case H265NAL_TYPE_SPS:
		return look_at_set(VIDEO_SET_SEQUENCE, 0, ret);
	case H265NAL_TYPE_PPS:
		return look_at_set(VIDEO_SET_PICTURE, bits_ue(&b), ret);
	case H265NAL_TYPE_AUD:
		ret->delimiter = true;
		return VIDEO_HEAD;
	case H265NAL_TYPE_PREF_SEI:
		return look_at_sei(b, ret);
	case H265NAL_TYPE_EOS:
	case H265NAL_TYPE_EOB:
		return VIDEO_END;
	default:
		return is_head(type) ? VIDEO_HEAD : VIDEO_INSIDE;
	}
}

const struct video_codec h265_codec = {
	.sets_wanted = VIDEO_SET_VIDEO | VIDEO_SET_SEQUENCE | VIDEO_SET_PICTURE,
	.zero_byte = true,
	.look = look,
};
