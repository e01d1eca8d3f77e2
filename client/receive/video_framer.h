/*
 * receive/video_framer: PES packets of video become access units, a whole frame each. Pure.
 *
 * Where one PES packet holds one access unit or several whole ones, as DVB has it (ETSI TS 101 154
 * section 4.1.6.1), they are out at its end. That is believed until a PES packet goes on with a
 * unit that came out already; from then on a unit is out when the next one begins. A unit with a
 * PES packet of about the largest bounded length may go on in the next one, and waits for it; so
 * does a first field for its second.
 *
 * A unit that a decoder can begin with is given the parameter sets that came last, where it has
 * none of its own: not every stream repeats them there. Before any came it is given those that are
 * expected, if its slices refer to such.
 */
#pragma once

#include "client/receive/pes.h"
#include "client/receive/video.h"

struct video_frame {
	GBytes *data; /* the taker's to unref; shares the PES packet's memory where it can */
	bool key;     /* a decoder can begin here */
	bool damaged;
	bool expected_sets; /* of a key frame: it was given some that are only expected */
	/* Frames since a key frame were given expected sets, and the stream's own are others. */
	bool misled;
	bool skipped; /* not decodable where decoding began with the key frame before it */
	unsigned recovery_pictures; /* behind a key frame so many pictures may not be clean yet */
	bool has_pts;
	uint64_t pts_90khz, dts_90khz; /* unwrapped */
	uint64_t first_arrival_ns, last_arrival_ns;
	/* To date frames without a PTS by. */
	bool group, has_order;
	unsigned order;
	uint32_t step_90khz;
};

struct video_framer;
struct video_framer *video_framer_new(const struct video_codec *codec);
void video_framer_free(struct video_framer *f); /* accepts NULL */

/*
 * Before the first push: what video_framer_sets() gave for this stream at an earlier time. Returns
 * whether it can be used.
 */
bool video_framer_expect(struct video_framer *f, const uint8_t *sets, size_t len);
/*
 * The newest parameter sets, each with its start code; NULL until all that a decoder needs came. To
 * be unreferenced.
 */
GBytes *video_framer_sets(const struct video_framer *f);

/*
 * Takes a PES packet's payload in (its data is reffed), with its times unwrapped. They are those of
 * the first unit that begins in it (ISO/IEC 13818-1 section 2.4.3.7). Then ask
 * video_framer_take_cut(), then take the frames out.
 */
void video_framer_push(struct video_framer *f, const struct pes_packet *pes, uint64_t pts_90khz,
	uint64_t dts_90khz);
/* Was the frame that came out last cut short, or one dropped for its size? Says so once. */
bool video_framer_take_cut(struct video_framer *f);
bool video_framer_next(struct video_framer *f, struct video_frame *ret);
