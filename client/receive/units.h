/*
 * receive/units: PES packets become access units with times that grow, and video is held back until
 * a decoder can begin. Pure. due_ns and decode_due_ns stay 0 here: who takes the units out asks the
 * clock then.
 */
#pragma once

#include "client/receive/events.h"
#include "client/receive/pcr_clock.h"
#include "client/receive/pes.h"

struct unit_maker;
/* Both are used, not owned. */
struct unit_maker *unit_maker_new(struct pcr_clock *clock, struct event_queue *events);
void unit_maker_free(struct unit_maker *m); /* accepts NULL */

/*
 * What comes from here on is of this codec, and of another stream; of a codec that no units are
 * made of, nothing comes.
 */
void unit_maker_set_video(struct unit_maker *m, enum stream_codec codec);
void unit_maker_set_audio(struct unit_maker *m, enum stream_codec codec);

/*
 * Of the video that is to come: what unit_maker_sets() gave for it at an earlier time. Returns
 * whether it can be used.
 */
bool unit_maker_expect_sets(struct unit_maker *m, const uint8_t *sets, size_t len);
/* As stream_sets(). */
GBytes *unit_maker_sets(const struct unit_maker *m);

/* Take the PES packet with its data. Return true when a whole unit came of it. */
bool unit_maker_video(struct unit_maker *m, struct pes_packet *pes);
bool unit_maker_audio(struct unit_maker *m, struct pes_packet *pes);

/* Video with a hole: held back from here until the next random access point. */
void unit_maker_close_video(struct unit_maker *m);
