/*
 * system/support/rapscan: when the first key access unit of a channel was complete on the wire,
 * worked out from a capture without any of zapper's code. Enough for the lab's own streams: RTP
 * without extensions, one H.264 stream, key access units that begin with a sequence parameter set.
 * Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rapscan {
	uint64_t first_ns;	  /* the first packet, 0: none yet */
	uint64_t rap_ns;	  /* the first packet of the first key access unit */
	uint64_t rap_complete_ns; /* its last packet; known when the next unit begins */
	/* Inner. */
	uint16_t video_pid; /* 0: not known yet */
	bool in_rap;
	uint64_t last_ns;
};

/* A datagram's UDP payload and its arrival; true once rap_complete_ns is known. */
bool rapscan_take(struct rapscan *scan, const uint8_t *rtp, size_t len, uint64_t at_ns);
