/*
 * ui/evdev_keys: what one evdev device's records mean (Documentation/input/ of the kernel). Pure:
 * records go in as they are read, with the keys that are down where they have to be asked for; key
 * events come out.
 */
#pragma once

#include <linux/input.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/key_event.h"
#include "ui/key_set.h"

struct evdev_keys {
	uint32_t source;
	struct ui_key_set down;
	/* Pressed before we looked, for somebody else: not told until they are up. */
	struct ui_key_set foreign;
	bool stale; /* the kernel dropped records: what is down has to be asked for */
};

/* `down`: the keys that are down as the device is opened. */
void evdev_keys_init(struct evdev_keys *keys, uint32_t source, const struct ui_key_set *down);

/* Takes the next record out of bytes that were read. Returns how many it has; 0: it is not whole.
 */
size_t evdev_keys_record(const uint8_t *bytes, size_t len, struct input_event *ret);

/*
 * One record; returns how many events were put into ret. They carry the record's stamp where that
 * is of CLOCK_MONOTONIC's last 5 s, now_ns otherwise: the device may not have taken that clock.
 */
size_t evdev_keys_feed(struct evdev_keys *keys, const struct input_event *record, uint64_t now_ns,
	struct ui_key_event ret[UI_KEY_SET_FOLLOW_MAX]);

/*
 * After SYN_DROPPED, when all records that were there are fed: with the keys that are down now,
 * puts the next event that makes up for what was dropped into *ret, until it returns false.
 */
bool evdev_keys_resync(struct evdev_keys *keys, const struct ui_key_set *down, uint64_t now_ns,
	struct ui_key_event *ret);

/* The device is gone: puts the next release into *ret, until it returns false. */
bool evdev_keys_end(struct evdev_keys *keys, uint64_t now_ns, struct ui_key_event *ret);

/* No key is down, so that nobody else waits for a release: the device may be grabbed. */
bool evdev_keys_is_idle(const struct evdev_keys *keys);

enum evdev_kind {
	EVDEV_OTHER,	/* a mouse, a power button, a lid */
	EVDEV_REMOTE,	/* has digits, channel keys, or arrows with an OK */
	EVDEV_KEYBOARD, /* one can type on it, too */
};

/* What a device looks like that has these keys. */
enum evdev_kind evdev_kind_of(const struct ui_key_set *keys);
