#include "client/receive/mpeg_video.h"

#include <bitstream/mpeg/mp2v.h>

enum {
	START_CODE = 3, /* biTStream counts it in; `data` begins behind it */
	SLICE_FIRST = 0x01,
	SLICE_LAST = 0xaf,
};

struct mpeg_video {
	bool in_sequence; /* behind a sequence header: extensions belong to it */
	bool undecided;	  /* behind a picture header: field or frame is not known yet */
	unsigned type;
	unsigned order;
	unsigned first_field; /* picture_structure of a field without its second; 0: none */
	unsigned first_order;
};

/* ISO/IEC 13818-2 table 6-4; frame_rate_extension_n and _d are 0 in all profiles there are. */
static uint32_t frame_step_90khz(unsigned frame_rate_code)
{
	static const uint16_t steps[] = {0, 3754, 3750, 3600, 3003, 3000, 1800, 1502, 1500};
	return frame_rate_code < sizeof(steps) / sizeof(*steps) ? steps[frame_rate_code] : 0;
}

/* A picture header was read: now it is known what it is the header of. */
static enum video_part decide(struct mpeg_video *state, unsigned structure, struct video_info *ret)
{
	bool field = structure == MP2VPICX_TOP_FIELD || structure == MP2VPICX_BOTTOM_FIELD;
	bool second = field && state->first_field && state->first_field != structure &&
		      state->first_order == state->order;
	state->undecided = false;
	state->first_field = field && !second ? structure : 0;
	state->first_order = state->order;
	ret->picture = true;
	if (second)
		return VIDEO_SECOND_FIELD;
	ret->field = field;
	ret->entry = state->type == MP2VPIC_TYPE_I;
	return VIDEO_PICTURE;
}

static enum video_part look_at_header(
	struct mpeg_video *state, const uint8_t *data, size_t len, struct video_info *ret)
{
	if (len < MP2VPIC_HEADER_SIZE - START_CODE)
		return VIDEO_INSIDE;
	state->undecided = true;
	state->in_sequence = false;
	state->type = mp2vpic_get_codingtype(data - START_CODE);
	state->order = mp2vpic_get_temporalreference(data - START_CODE);
	ret->header = true;
	ret->has_order = true;
	ret->order = state->order;
	return VIDEO_HEAD;
}

static enum video_part look_at_extension(
	struct mpeg_video *state, const uint8_t *data, size_t len, struct video_info *ret)
{
	if (len < 2)
		return VIDEO_INSIDE;
	if (state->in_sequence)
		ret->sets = VIDEO_SET_SEQUENCE;
	if (state->undecided && len >= MP2VPICX_HEADER_SIZE - START_CODE &&
		mp2vxst_get_id(data[1]) == MP2VX_ID_PICX)
		return decide(state, mp2vpicx_get_structure(data - START_CODE), ret);
	return VIDEO_INSIDE;
}

static enum video_part look_at_sequence(
	struct mpeg_video *state, const uint8_t *data, size_t len, struct video_info *ret)
{
	if (len < MP2VSEQ_HEADER_SIZE - START_CODE)
		return VIDEO_INSIDE;
	state->in_sequence = true;
	ret->sets = VIDEO_SET_SEQUENCE;
	ret->step_90khz = frame_step_90khz(mp2vseq_get_framerate(data - START_CODE));
	return VIDEO_HEAD;
}

static enum video_part look(void *of, const uint8_t *data, size_t len, struct video_info *ret)
{
	struct mpeg_video *state = of;

	switch (data[0]) {
	case MP2VPIC_START_CODE:
		return look_at_header(state, data, len, ret);
	case MP2VX_START_CODE:
		return look_at_extension(state, data, len, ret);
	case MP2VSEQ_START_CODE:
		return look_at_sequence(state, data, len, ret);
	case MP2VGOP_START_CODE:
		state->in_sequence = false;
		ret->group = true;
		return VIDEO_HEAD;
	case MP2VEND_START_CODE:
		return VIDEO_END;
	default:
		break;
	}
	/* MPEG-1 has no extension before its slices, and no fields. */
	if (data[0] >= SLICE_FIRST && data[0] <= SLICE_LAST && state->undecided)
		return decide(state, MP2VPICX_FRAME_PICTURE, ret);
	return VIDEO_INSIDE;
}

const struct video_codec mpeg_video_codec = {
	.sets_wanted = VIDEO_SET_SEQUENCE,
	.timed_by_header = true,
	.state_bytes = sizeof(struct mpeg_video),
	.look = look,
};
