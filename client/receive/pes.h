/*
 * receive/pes: the packetised elementary stream of one PID put together (ISO/IEC 13818-1 section
 * 2.4.3.6). Pure.
 *
 * A PES packet is whole as soon as that is known: when its length is reached, or, without a length,
 * when a transport packet ends in stuffing, for muxers put that only where a PES packet ends; at
 * the latest when the next one starts. A stream that goes on behind its stuffing is remembered.
 */
#pragma once

#include "client/receive/ts.h"

#include <glib.h>

/* No access unit is larger; a longer PES packet is given up. */
#define PES_BYTES_MAX (8 * 1024 * 1024)

struct pes_packet {
	bool has_pts, has_dts;
	uint64_t pts_33bit, dts_33bit; /* 90 kHz; dts is pts where the stream has none */
	bool random_access;	       /* the random_access_indicator where it starts */
	bool damaged;		       /* transport packets of it were lost */
	bool scrambled;		       /* its PES_scrambling_control says so */
	bool bounded;		       /* it came with its length */
	bool after_loss;	       /* and this: of what came between the one before and it */
	uint64_t first_arrival_ns,
		last_arrival_ns; /* of its packets, in whatever order they came */
	GBytes *data;		 /* the payload; the taker's to unref */
};

struct pes_assembler;
struct pes_assembler *pes_assembler_new(void);
void pes_assembler_free(struct pes_assembler *a); /* accepts NULL */

/*
 * Takes a transport packet with payload, not scrambled. `order`: of its continuity counter,
 * duplicates being left out already. Then take the finished packets out.
 */
void pes_assembler_push(struct pes_assembler *a, const struct ts_packet *packet,
	enum ts_order order, uint64_t arrival_ns);
/* Packets of this PID may be missing: what is being assembled is damaged. */
void pes_assembler_lose(struct pes_assembler *a);

bool pes_assembler_next(struct pes_assembler *a, struct pes_packet *ret);
/*
 * Was a packet that came out before its start of the next one cut short, because more of it
 * followed behind stuffing? Says so once; it does not happen again on this stream.
 */
bool pes_assembler_take_cut(struct pes_assembler *a);

/*
 * A part of a packet's payload: shared where it is nearly all of it, else a copy, so that who holds
 * it holds about as much memory as it has bytes. To be unreferenced.
 */
GBytes *pes_slice(GBytes *payload, size_t offset, size_t len);
