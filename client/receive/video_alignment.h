/*
 * receive/video_alignment: does each PES packet of a video stream begin with an access unit? Pure.
 */
#pragma once

#include "client/receive/pes.h"

struct video_alignment {
	bool aligned;	  /* as far as is known: units end with PES packets */
	bool out_at_end;  /* the last unit came out because its PES packet ended */
	unsigned packets; /* so many in a row began with one */
};

/*
 * A PES packet came, and begins with an access unit's beginning, or not. Loss says nothing about
 * that. Returns whether the unit that came out last was cut by it.
 */
bool video_alignment_learn(
	struct video_alignment *alignment, const struct pes_packet *pes, bool begins_well);
/* May a unit end with this PES packet, of which `len` bytes are there? */
bool video_alignment_ends(
	const struct video_alignment *alignment, const struct pes_packet *pes, size_t len);
