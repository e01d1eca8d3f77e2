#include "client/receive/events.h"

bool event_queue_push(struct event_queue *queue, const struct stream_event *event)
{
	if (queue->n == EVENT_QUEUE_MAX) {
		if (event->type == STREAM_EVENT_UNIT)
			g_bytes_unref(event->unit.data);
		return false;
	}
	queue->events[(queue->first + queue->n) % EVENT_QUEUE_MAX] = *event;
	queue->n++;
	return true;
}

const struct stream_event *event_queue_peek(const struct event_queue *queue)
{
	return queue->n > 0 ? &queue->events[queue->first] : NULL;
}

const struct stream_unit *event_queue_first_unit(const struct event_queue *queue)
{
	for (size_t i = 0; i < queue->n; i++) {
		const struct stream_event *event =
			&queue->events[(queue->first + i) % EVENT_QUEUE_MAX];
		if (event->type == STREAM_EVENT_UNIT)
			return &event->unit;
	}
	return NULL;
}

bool event_queue_pop(struct event_queue *queue, struct stream_event *ret)
{
	if (queue->n == 0)
		return false;
	*ret = queue->events[queue->first];
	queue->first = (queue->first + 1) % EVENT_QUEUE_MAX;
	queue->n--;
	return true;
}

void event_queue_clear(struct event_queue *queue)
{
	struct stream_event event;
	while (event_queue_pop(queue, &event)) {
		if (event.type == STREAM_EVENT_UNIT)
			g_bytes_unref(event.unit.data);
	}
}
