/*
 * ui/remote: keys from evdev devices: infrared receivers (rc-core), USB and Bluetooth remotes, CEC,
 * front panels, keyboards. Finds them, finds them again when they are plugged in later or again,
 * waits for their permissions, and has them for itself.
 *
 * Each device has a source of keys of its own, a new one each time that it is plugged in. One that
 * vanishes releases what it held. Callbacks come on the loop.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "ui/key_event.h"

struct ui_remote;
struct evdev_access;

struct ui_remote_options {
	/*
	 * NULL-terminated: paths ("/dev/input/by-id/...", with a slash in front), and names as
	 * evtest(1) shows them, in any case, also as patterns of glob(7). NULL or none: whatever
	 * looks like a remote control: has digits, channel keys, or arrows and an OK.
	 */
	const char *const *devices;
	/* Where none is named: also what one can type on. Not where a display has that already. */
	bool keyboards;
	bool shared;	    /* others get the keys, too: no EVIOCGRAB */
	const char *folder; /* NULL: /dev/input */
	/* The sources are this one and those that follow. Not UI_KEY_SOURCE_TAPS. */
	uint32_t first_source;
	const struct evdev_access *access; /* NULL: the kernel's devices; of use to tests */
};

struct ui_remote_events {
	ui_key_fn on_key; /* may close the remote */
	/*
	 * A sentence on what is wrong with a device, and what to do; once for each, one for all
	 * that may not be read. Not NULL.
	 */
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
	/*
	 * A device that does not repeat its keys (EV_REP) is there, or no longer: before its first
	 * key, and behind its last one. May not close the remote. NULL: nobody asks.
	 */
	void (*on_silent)(void *ctx, uint32_t source, bool is_there);
};

/*
 * Without a device, or with none that can be opened, it waits for one: that is no error. `options`
 * and what it points to may go after the call, in which log() may be called. Errors: -errno of
 * libuv.
 */
int ui_remote_open(uv_loop_t *loop, const struct ui_remote_options *options,
	const struct ui_remote_events *events, struct ui_remote **ret);

/* The devices that are open. */
unsigned int ui_remote_count(const struct ui_remote *remote);

/* No callback comes from now on; devices and memory are let go from the loop. Accepts NULL. */
void ui_remote_close(struct ui_remote *remote);
