/*
 * receive/adts: AAC frames out of PES packets (ISO/IEC 13818-7 section 6.2, 14496-3 annex 1.A.2).
 * Pure. A PES packet may hold several frames, and a frame may straddle PES packets.
 */
#pragma once

#include "client/receive/pes.h"

struct adts_frame {
	GBytes *data; /* with its header; the taker's to unref. Shares the PES packet's memory. */
	uint64_t pts_90khz;
	bool damaged;
	uint64_t first_arrival_ns, last_arrival_ns;
};

struct adts_framer;
struct adts_framer *adts_framer_new(void);
void adts_framer_free(struct adts_framer *f); /* accepts NULL */

/*
 * Takes a PES packet's payload in (its data is reffed). `pts_90khz`, unwrapped, is that of the
 * first frame that begins in it (ISO/IEC 13818-1 section 2.4.3.7), where pes->has_pts; later frames
 * follow by their length. Then take the frames out.
 */
void adts_framer_push(struct adts_framer *f, const struct pes_packet *pes, uint64_t pts_90khz);
/* The next whole frame; false when there is none. Frames before the first PTS are dropped. */
bool adts_framer_next(struct adts_framer *f, struct adts_frame *ret);
