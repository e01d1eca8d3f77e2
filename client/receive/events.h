/*
 * receive/events: a bounded queue of stream events. Pure.
 */
#pragma once

#include "client/receive/stream.h"

/* More than the units that one datagram can finish of any real stream. */
#define EVENT_QUEUE_MAX 256

struct event_queue {
	size_t first, n;
	struct stream_event events[EVENT_QUEUE_MAX];
};

/* Takes the event with its data; when the queue is full, returns false and drops both. */
bool event_queue_push(struct event_queue *queue, const struct stream_event *event);
/* The first one, which stays; NULL when there is none. */
const struct stream_event *event_queue_peek(const struct event_queue *queue);
/* The first access unit, wherever it stands; NULL when there is none. */
const struct stream_unit *event_queue_first_unit(const struct event_queue *queue);
bool event_queue_pop(struct event_queue *queue, struct stream_event *ret);
void event_queue_clear(struct event_queue *queue);
