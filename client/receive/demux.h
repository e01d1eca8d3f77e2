/*
 * receive/demux: transport packets sorted by PID into tables, the clock and the elementary streams.
 * Pure. One programme; in it one video and one audio track.
 */
#pragma once

#include "client/receive/events.h"
#include "client/receive/pcr_clock.h"
#include "client/receive/si.h"
#include "client/receive/ts.h"
#include "client/receive/units.h"

struct demux_counters {
	uint64_t continuity;	    /* gaps in the counters of the PIDs that are read */
	uint64_t crc;		    /* sections of PAT and PMT */
	uint64_t scrambled;	    /* packets of the chosen tracks */
	uint64_t programme_missing; /* as tables_counters */
};

struct demux;
/* All are used, not owned. */
struct demux *demux_new(
	struct pcr_clock *clock, struct unit_maker *units, struct event_queue *events);
void demux_free(struct demux *demux); /* accepts NULL */

void demux_push(struct demux *demux, const struct ts_packet *packet, uint64_t arrival_ns);
/* So many packets may be missing here that continuity counters need not show it. */
void demux_lose(struct demux *demux);

/* As the functions of stream.h with these names. */
bool demux_expect(struct demux *demux, const uint8_t *psi, size_t len);
GBytes *demux_psi(const struct demux *demux);
void demux_choose_programme(struct demux *demux, uint16_t number);
const struct stream_programme *demux_programme(const struct demux *demux);
size_t demux_programmes(const struct demux *demux, uint16_t *ret, size_t max);
void demux_prefer_languages(struct demux *demux, const char *const *languages, size_t n);
int demux_choose_audio(struct demux *demux, uint16_t pid);
int demux_choose_subtitle(struct demux *demux, uint16_t pid, uint16_t page);

/* As stream_si(). */
const struct si *demux_si(const struct demux *demux);
void demux_counters(const struct demux *demux, struct demux_counters *ret);
