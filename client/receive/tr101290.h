/*
 * receive/tr101290: the measurements of first priority of ETSI TR 101 290 section 5.2.1: can the
 * transport stream be decoded at all? Pure. Follows the first 16 programmes of the PAT.
 */
#pragma once

#include "client/receive/ts.h"

struct tr101290_counters {
	uint64_t sync_loss;  /* 1.1: two sync bytes in a row were wrong */
	uint64_t sync_byte;  /* 1.2: one was */
	uint64_t pat;	     /* 1.3: none for 0.5 s, other tables on its PID, or scrambled */
	uint64_t continuity; /* 1.4: of any PID: lost, out of order, or more than twice */
	uint64_t pmt;	     /* 1.5: as 1.3, for each PMT that the PAT names */
	uint64_t pid;	     /* 1.6: no packet for 5 s of a PID that a PMT names */
};

struct tr101290;
struct tr101290 *tr101290_new(void);
void tr101290_free(struct tr101290 *t); /* accepts NULL */

/* What stands where a packet should begin is none: its sync byte is wrong. */
void tr101290_bad_sync(struct tr101290 *t);
/* The next packet; returns how many packets of its PID are missing before it, 14 at most. */
unsigned tr101290_packet(struct tr101290 *t, const struct ts_packet *packet, uint64_t arrival_ns);

void tr101290_counters(const struct tr101290 *t, struct tr101290_counters *ret);
