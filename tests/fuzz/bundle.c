/*
 * Two channels at once, and zaps between them. The input is cut into datagrams by two bytes before
 * each: 4 bits of how many times 4 ms pass before it, 1 bit which channel, 11 bits of length;
 * without a length, that channel becomes the watched one.
 */
#include "client/receive/bundle.h"
#include "client/receive/quality.h"

#include <stdlib.h>

#define RING_BYTES 20000

struct fuzz {
	struct bundle *bundle;
	struct receive_flow flows[2];
	uint64_t now_ns;
	bool began, after_rap; /* video of the watched one */
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void take_events(struct fuzz *f)
{
	struct stream_event event;
	while (bundle_next_event(f->bundle, &event)) {
		check(bundle_watched(f->bundle) != BUNDLE_NONE);
		if (event.type == STREAM_EVENT_RAP)
			f->began = f->after_rap = true;
		if (event.type != STREAM_EVENT_UNIT)
			continue;
		if (event.unit.kind == STREAM_VIDEO) {
			check(f->began);
			/* It may be damaged where the one before was, too. */
			check(!f->after_rap || event.unit.key);
			f->after_rap = false;
		}
		g_bytes_unref(event.unit.data);
	}
}

static void check_ring(const struct ring *ring)
{
	struct ring_info info;
	size_t bytes = 0, n = 0;
	const struct stream_unit *unit;
	ring_info(ring, &info);
	for (; (unit = ring_unit(ring, n)); n++)
		bytes += g_bytes_get_size(unit->data);
	check(bytes == info.bytes && n == info.units && bytes <= RING_BYTES);
	check(info.warm_since_ns == 0 || ring_state(ring) == RING_WARM);
}

static void promote(struct fuzz *f, int channel)
{
	f->began = f->after_rap = false;
	enum ring_state state = bundle_promote(f->bundle, channel, f->now_ns);
	check(state != RING_WARM || ring_state(bundle_ring(f->bundle, channel)) == RING_WARM);
	take_events(f);
}

static void receive(struct fuzz *f, int channel, const uint8_t *data, size_t len)
{
	struct quality_report report;
	/* Memory of just this size, so that a sanitizer sees a read beyond it. */
	uint8_t *copy = g_memdup2(data, len);
	check(bundle_receive(f->bundle, &f->flows[channel], copy, len, f->now_ns));
	g_free(copy);
	take_events(f);
	check_ring(bundle_ring(f->bundle, channel));
	stream_quality(bundle_stream(f->bundle, channel), f->now_ns, &report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = {.bundle = bundle_new(RING_BYTES), .now_ns = 1000000000};
	for (uint32_t i = 0; i < 2; i++) {
		f.flows[i] = (struct receive_flow){.group.s_addr = 1 + i, .port = 5004};
		check(bundle_add(f.bundle, &f.flows[i]) == (int)i);
	}
	while (size >= 2) {
		int channel = data[0] >> 3 & 1;
		size_t len = (size_t)(data[0] & 0x07) << 8 | data[1];
		f.now_ns += (uint64_t)(data[0] >> 4) * 4000000;
		data += 2;
		size -= 2;
		len = MIN(len, size);
		if (bundle_deadline(f.bundle) <= f.now_ns)
			bundle_advance(f.bundle, f.now_ns);
		take_events(&f);
		if (len == 0)
			promote(&f, channel);
		else
			receive(&f, channel, data, len);
		data += len;
		size -= len;
	}
	bundle_free(f.bundle);
	return 0;
}
