/*
 * receive/demux: transport packets sorted by PID into tables, the clock and the elementary streams.
 * Pure. The first programme of the PAT; in it the first H.264 video and the first AAC audio.
 */
#pragma once

#include "client/receive/events.h"
#include "client/receive/pcr_clock.h"
#include "client/receive/ts.h"
#include "client/receive/units.h"

struct demux_counters {
	uint64_t continuity; /* gaps in the counters of the PIDs that are read */
	uint64_t crc;	     /* sections of PAT and PMT */
};

struct demux;
/* All are used, not owned. */
struct demux *demux_new(
	struct pcr_clock *clock, struct unit_maker *units, struct event_queue *events);
void demux_free(struct demux *demux); /* accepts NULL */

void demux_push(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns);
/* So many packets may be missing here that continuity counters need not show it. */
void demux_lose(struct demux *demux);

void demux_counters(const struct demux *demux, struct demux_counters *ret);
