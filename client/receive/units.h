/*
 * receive/units: PES packets become access units with times that grow, and video is held back until
 * a decoder can begin. Pure. due_ns and decode_due_ns stay 0 here: who takes the units out asks the
 * clock then.
 *
 * One video PES packet is taken for one access unit, as DVB has it (ETSI TS 101 154
 * section 4.1.6.1); one that does not begin with a NAL unit counts as damaged, so that a mux that
 * cuts elsewhere is not shown as garbage.
 */
#pragma once

#include "client/receive/events.h"
#include "client/receive/pcr_clock.h"
#include "client/receive/pes.h"

struct unit_maker;
/* Both are used, not owned. */
struct unit_maker *unit_maker_new(struct pcr_clock *clock, struct event_queue *events);
void unit_maker_free(struct unit_maker *m); /* accepts NULL */

/* Take the PES packet with its data. */
void unit_maker_video(struct unit_maker *m, struct pes_packet *pes);
void unit_maker_audio(struct unit_maker *m, struct pes_packet *pes);

/* Video of another PID, or with a hole: held back from here until the next random access point. */
void unit_maker_restart_video(struct unit_maker *m);
/* Audio of another PID. */
void unit_maker_restart_audio(struct unit_maker *m);
