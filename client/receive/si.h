/*
 * receive/si: what a stream says beside its programme: what is on (EIT present/following of the
 * programme, which is a service in DVB) and the time (TDT, TOT). ETSI EN 300 468. Pure.
 */
#pragma once

#include "client/receive/eit.h"
#include "client/receive/ts.h"

struct si;
struct si *si_new(void);
void si_free(struct si *si); /* accepts NULL */

/* From now on it is about this programme, 0: none is known. What was said of another is forgotten.
 */
void si_follow(struct si *si, uint16_t programme);

/* Is this a PID of these tables? */
bool si_has_pid(uint16_t pid);
/* A packet with clear payload of such a PID. */
void si_push(struct si *si, const struct ts_packet *packet, uint64_t arrival_ns);

/*
 * Grows whenever what is said of the events changes, and from one stream to a later one, because it
 * is when that arrived. 0: nothing was said.
 */
uint64_t si_serial(const struct si *si);
/*
 * As eit_read_event(), of the present (0) or the following (1) event. False: it is not known. A
 * present one of which is not said how long it takes ends where the following one begins.
 */
bool si_event(
	const struct si *si, unsigned which, const char *const *languages, struct eit_event *ret);

/* The time as the stream said it last, and when that arrived. False: it said none. */
bool si_time(const struct si *si, int64_t *ret_utc_s, uint64_t *ret_arrival_ns);
