/*
 * A channel's packets. The input is cut into datagrams by two bytes before each: 4 bits of how many
 * times 4 ms pass before it, 12 bits of length.
 */
#include "client/receive/stream.h"

#include <stdlib.h>

struct seen {
	bool after_rap; /* the next video unit opens */
	bool video;	/* one has come */
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_unit(struct seen *seen, const struct stream_unit *unit)
{
	check(g_bytes_get_size(unit->data) > 0);
	check(unit->first_arrival_ns <= unit->last_arrival_ns);
	if (unit->kind == STREAM_VIDEO) {
		check(seen->video || seen->after_rap);
		check(!seen->after_rap || (unit->key && !unit->damaged));
		seen->video = true;
		seen->after_rap = false;
	}
	g_bytes_unref(unit->data);
}

static void take_events(struct stream *stream, struct seen *seen)
{
	struct stream_event event;
	while (stream_next_event(stream, &event)) {
		if (event.type == STREAM_EVENT_RAP)
			seen->after_rap = true;
		else if (event.type == STREAM_EVENT_UNIT)
			check_unit(seen, &event.unit);
	}
}

static void run_timers(struct stream *stream, struct seen *seen, uint64_t now_ns)
{
	while (stream_deadline(stream) <= now_ns) {
		uint64_t deadline_ns = stream_deadline(stream);
		stream_advance(stream, deadline_ns);
		take_events(stream, seen);
		check(stream_deadline(stream) > deadline_ns);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream *stream = stream_new();
	struct seen seen = {0};
	uint64_t now_ns = 1000000000;

	while (size >= 2) {
		size_t len = (size_t)(data[0] & 0x0f) << 8 | data[1];
		now_ns += (uint64_t)(data[0] >> 4) * 4000000;
		data += 2;
		size -= 2;
		len = MIN(len, size);
		run_timers(stream, &seen, now_ns);
		/* Memory of just this size, so that a sanitizer sees a read beyond it. */
		uint8_t *copy = g_memdup2(data, len);
		stream_receive(stream, copy, len, now_ns);
		g_free(copy);
		take_events(stream, &seen);
		data += len;
		size -= len;
	}
	run_timers(stream, &seen, now_ns + 1000000000);
	check(stream_deadline(stream) == UINT64_MAX);
	stream_free(stream);
	return 0;
}
