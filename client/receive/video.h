/*
 * receive/video: what a codec tells of the parts of its stream, so that video_framer can put access
 * units together. Each codec is one constant table of this type, in a file of its own. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What begins with a start code? */
enum video_part {
	VIDEO_INSIDE,	    /* it goes on with what is at hand */
	VIDEO_HEAD,	    /* it belongs to the picture that follows */
	VIDEO_PICTURE,	    /* the first slice of a picture; or what tells what its header began */
	VIDEO_SECOND_FIELD, /* the same, of the picture that completes the frame at hand */
	VIDEO_END,	    /* the last part of the access unit at hand */
};

/* Parameter sets, without which a decoder cannot begin. */
enum {
	VIDEO_SET_SEQUENCE = 1, /* SPS; a sequence header */
	VIDEO_SET_PICTURE = 2,	/* PPS */
	VIDEO_SET_VIDEO = 4,	/* VPS */
};

/* What a part says of its access unit; that of the unit is all of its parts together. */
struct video_info {
	unsigned sets;	 /* parameter sets: VIDEO_SET_* */
	unsigned set_id; /* of a part: its number among those of its kind */
	bool refers;	 /* a slice, to the picture set `refers_to` */
	unsigned refers_to;
	bool delimiter; /* nothing may come before it */
	bool header;	/* MPEG: a picture header */
	bool picture;
	bool field;   /* a first field: the second one is to follow */
	bool entry;   /* decoding may begin here, with parameter sets */
	bool inter;   /* of its slices one at least is not intra */
	bool skipped; /* not decodable where decoding began with the entry before it */
	unsigned recovery_pictures;
	bool group;	     /* MPEG: a group of pictures begins: `order` counts from 0 */
	bool has_order;	     /* MPEG: temporal_reference */
	unsigned order;	     /* of display in its group */
	uint32_t step_90khz; /* how long a frame lasts; 0: not said */
};

/* Adds what one more part says. */
void video_info_add(struct video_info *to, const struct video_info *part);
/* May a unit, or a field of it, begin with such a part? */
bool video_part_begins(enum video_part part);

struct video_codec {
	unsigned sets_wanted;
	/* A picture that is intra throughout, with its own sequence set, is an entry too. */
	bool intra_enters;
	/* A PTS is meant for a picture header, not for the access unit that begins with it. */
	bool timed_by_header;
	/* A byte of 0 before a start code belongs to it (zero_byte of annex B). */
	bool zero_byte;
	size_t state_bytes; /* zeroed: nothing seen yet */
	/*
	 * Looks at what follows a start code up to the next one, as far as it is there (`len` is 1
	 * at least); *ret comes zeroed.
	 */
	enum video_part (*look)(
		void *state, const uint8_t *data, size_t len, struct video_info *ret);
};
