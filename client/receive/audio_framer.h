/*
 * receive/audio_framer: frames of any audio codec out of PES packets. Pure. A PES packet may hold
 * several frames, and a frame may straddle PES packets.
 */
#pragma once

#include "client/receive/audio.h"
#include "client/receive/pes.h"

struct audio_frame {
	GBytes *data; /* with its header; the taker's to unref */
	uint64_t pts_90khz;
	bool damaged;
	uint64_t first_arrival_ns, last_arrival_ns;
};

struct audio_framer;
struct audio_framer *audio_framer_new(const struct audio_codec *codec);
void audio_framer_free(struct audio_framer *f); /* accepts NULL */

/*
 * Takes a PES packet's payload in (its data is reffed). `pts_90khz`, unwrapped, is that of the
 * first frame that begins in it (ISO/IEC 13818-1 section 2.4.3.7), where pes->has_pts; later frames
 * follow by their length. Then take the frames out.
 */
void audio_framer_push(struct audio_framer *f, const struct pes_packet *pes, uint64_t pts_90khz);
/* The next whole frame; false when there is none. Frames before the first PTS are dropped. */
bool audio_framer_next(struct audio_framer *f, struct audio_frame *ret);
