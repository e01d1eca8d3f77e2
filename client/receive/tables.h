/*
 * receive/tables: PAT and PMTs of a transport stream, and which programme it is about (ISO/IEC
 * 13818-1 section 2.4.4). Pure.
 *
 * A stream with one programme left of many often keeps the PAT of all. So where no number was
 * asked for, the first programme of the PAT that has video or audio is waited for a little, and
 * then the first one whose PMT came is taken. Where a number was asked for, no other one is.
 */
#pragma once

#include "client/receive/stream.h"
#include "client/receive/ts.h"

struct tables_counters {
	uint64_t continuity;
	uint64_t crc;
	uint64_t programme_missing; /* PATs, as they change, without the programme asked for */
};

struct tables;
struct tables *tables_new(void);
void tables_free(struct tables *t); /* accepts NULL */

/* As stream_choose_programme(). Forgets the programme at hand. */
void tables_choose(struct tables *t, uint16_t number);

/*
 * Takes sections as tables_psi() gave them, at an earlier time, for the programme at hand until the
 * live ones say what is right. Returns whether there is a programme now; nothing happens where a
 * PAT came, or where they are broken or of a programme that was not asked for.
 */
bool tables_expect(struct tables *t, const uint8_t *psi, size_t len);
/* The PAT's section that names the programme at hand, and its PMT; NULL: none. To be unreferenced.
 */
GBytes *tables_psi(const struct tables *t);

/* Is this a PID of PAT or PMT? */
bool tables_has_pid(const struct tables *t, uint16_t pid);
/*
 * A packet with clear payload of such a PID. True when the programme is another, has changed, or is
 * the one that was expected.
 */
bool tables_push(struct tables *t, const struct ts_packet *packet, uint64_t arrival_ns);
/* So many packets may be missing here that continuity counters need not show it. */
void tables_lose(struct tables *t);

/* A number was asked for, and the PAT, all of it, does not name it. */
bool tables_lacks_wanted(const struct tables *t);

/* NULL until one is known. Valid until the next call that changes. */
const struct stream_programme *tables_programme(const struct tables *t);
size_t tables_programmes(const struct tables *t, uint16_t *ret, size_t max);
void tables_counters(const struct tables *t, struct tables_counters *ret);
