/*
 * ui/evdev_keys on any records: the first byte of each step says whether a record comes, the kernel
 * is asked what is down, or the device goes and comes again. Whatever comes: each key is pressed,
 * repeated and released in this order, stamped with a time of now or the last 5 s, and nothing is
 * down in the end.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "ui/evdev_keys.h"

#define SOURCE 16
#define NOW_NS UINT64_C(9000000000)
#define OLDEST_NS UINT64_C(4000000000)

struct input {
	const uint8_t *at;
	size_t left;
};

static void expect(bool truth)
{
	if (!truth)
		abort();
}

static size_t take(struct input *in, void *ret, size_t bytes)
{
	size_t n = bytes < in->left ? bytes : in->left;

	memset(ret, 0, bytes);
	memcpy(ret, in->at, n);
	in->at += n;
	in->left -= n;
	return n;
}

/* Follows what is told with a memory of its own. */
static void check(bool down[UI_KEY_CODES], const struct ui_key_event *event)
{
	expect(event->code > 0 && event->code < UI_KEY_CODES);
	expect(event->source == SOURCE);
	expect(event->at_ns <= NOW_NS && event->at_ns >= OLDEST_NS);
	expect(down[event->code] == (event->motion != UI_KEY_PRESS));
	down[event->code] = event->motion != UI_KEY_RELEASE;
}

static void take_record(struct evdev_keys *keys, struct input *in, bool down[UI_KEY_CODES])
{
	struct ui_key_event told[UI_KEY_SET_FOLLOW_MAX];
	uint8_t bytes[sizeof(struct input_event)];
	struct input_event record;
	size_t len = take(in, bytes, sizeof bytes);
	size_t used = evdev_keys_record(bytes, len, &record);

	expect(used == (len == sizeof bytes ? len : 0));
	if (used == 0)
		return;
	size_t count = evdev_keys_feed(keys, &record, NOW_NS, told);
	expect(count <= UI_KEY_SET_FOLLOW_MAX);
	for (size_t i = 0; i < count; i++)
		check(down, &told[i]);
}

/* A short record, so that the same keys come often. */
static void take_key(struct evdev_keys *keys, struct input *in, bool down[UI_KEY_CODES])
{
	struct ui_key_event told[UI_KEY_SET_FOLLOW_MAX];
	struct input_event record = {.type = EV_KEY};
	uint8_t how;

	take(in, &how, 1);
	record.code = how >> 2;
	record.value = how & 3;
	if (record.code == 0)
		record = (struct input_event){.type = EV_SYN, .code = SYN_DROPPED};
	size_t count = evdev_keys_feed(keys, &record, NOW_NS, told);
	for (size_t i = 0; i < count; i++)
		check(down, &told[i]);
}

static void take_state(struct evdev_keys *keys, struct input *in, bool down[UI_KEY_CODES])
{
	struct ui_key_set asked;
	struct ui_key_event told;
	unsigned int count = 0;

	take(in, &asked, sizeof asked);
	asked.words[0] &= ~UINT64_C(1); /* as the edge makes it: no KEY_RESERVED */
	while (evdev_keys_resync(keys, &asked, NOW_NS, &told)) {
		check(down, &told);
		expect(++count <= 2 * UI_KEY_CODES);
	}
	expect(!keys->stale);
	for (uint16_t code = 1; code < UI_KEY_CODES; code++)
		expect(!down[code] || ui_key_set_has(&asked, code));
}

static void come_again(struct evdev_keys *keys, struct input *in, bool down[UI_KEY_CODES])
{
	struct ui_key_set foreign;
	struct ui_key_event told;

	while (evdev_keys_end(keys, NOW_NS, &told))
		check(down, &told);
	for (uint16_t code = 0; code < UI_KEY_CODES; code++)
		expect(!down[code]);
	take(in, &foreign, sizeof foreign);
	foreign.words[0] &= ~UINT64_C(1);
	evdev_keys_init(keys, SOURCE, &foreign);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = {data, size};
	struct evdev_keys keys;
	bool down[UI_KEY_CODES] = {false};
	uint8_t step;

	evdev_keys_init(&keys, SOURCE, &(struct ui_key_set){0});
	while (in.left > 0) {
		take(&in, &step, 1);
		if (step % 8 < 4)
			take_key(&keys, &in, down);
		else if (step % 8 < 6)
			take_record(&keys, &in, down);
		else if (step % 8 == 6)
			take_state(&keys, &in, down);
		else
			come_again(&keys, &in, down);
	}
	come_again(&keys, &in, down);
	return 0;
}
