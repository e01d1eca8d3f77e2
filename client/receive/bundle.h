/*
 * receive/bundle: many channels received at once, each with its stream, ring and quality; one of
 * them is watched. Pure: datagrams with their flow and arrival go in, the events of the watched
 * channel are taken out, the others fill their rings. When another one becomes the watched one, the
 * burst from its ring comes first, and its live units follow without a gap.
 */
#pragma once

#include "client/receive/flow.h"
#include "client/receive/ring.h"
#include "client/receive/stream.h"

#define BUNDLE_NONE (-1)

struct bundle;
/* `ring_bytes` bounds each channel's ring. */
struct bundle *bundle_new(size_t ring_bytes);
void bundle_free(struct bundle *b); /* accepts NULL */

/* Receives a flow from now on, from nothing. Returns its handle, 0 or more, for bundle_remove(). */
int bundle_add(struct bundle *b, const struct receive_flow *flow);
/* Forgets a channel; its handle may come again. If it was watched, nothing is. */
void bundle_remove(struct bundle *b, int handle);

/*
 * A datagram of a flow; returns whether anybody wanted it. Take the events out afterwards. Where
 * several senders of plain packets share a group, the one that was first is received until it has
 * been silent for half a second; the others count as stream_counters.foreign_source.
 */
bool bundle_receive(struct bundle *b, const struct receive_flow *from, const uint8_t *payload,
	size_t len, uint64_t arrival_ns);
/* As stream_deadline() and stream_advance(), of all channels. */
uint64_t bundle_deadline(const struct bundle *b);
void bundle_advance(struct bundle *b, uint64_t now_ns);

/*
 * From here on this one is watched (BUNDLE_NONE: none), for a key that was pressed at `pressed_ns`.
 * Returns what was there at the press: RING_WARM a whole random access point, RING_PARTIAL less,
 * RING_COLD: it was not being received, nor its programme, or silent for a second. Events of the
 * one watched before that were not taken are dropped; it is received further. What came to a halt
 * before the press (ring_drop_stale()) is of no use.
 */
enum ring_state bundle_promote(struct bundle *b, int handle, uint64_t pressed_ns);

/*
 * The next event of the watched channel: first what is known of it and what is in its ring (PSI,
 * whether it is scrambled or lacks its programme, units in the order of arrival), then what comes.
 * A unit's data is the taker's to g_bytes_unref(). Video begins with STREAM_EVENT_RAP and a key
 * unit, whatever of it was received before.
 */
bool bundle_next_event(struct bundle *b, struct stream_event *ret);

int bundle_watched(const struct bundle *b);
/* For counters, quality, programme and choices of a channel; not to be fed, nor its events taken.
 */
struct stream *bundle_stream(struct bundle *b, int handle);
const struct ring *bundle_ring(const struct bundle *b, int handle);
