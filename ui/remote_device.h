/* ui/remote_device: one open evdev device on the loop, for ui/remote: reads, tells, grabs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "ui/evdev.h"
#include "ui/key_event.h"

struct remote_device;

struct remote_device_events {
	ui_key_fn on_key;
	/* Its keys have been released: to be closed. */
	void (*on_gone)(void *ctx, struct remote_device *device);
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

/*
 * Takes `device` over, also where it fails. With `grab` it becomes ours alone as soon as none of
 * its keys is down: who got a press gets the release too.
 */
int remote_device_open(uv_loop_t *loop, const struct evdev_access *access,
	const struct evdev_device *device, uint32_t source, bool grab,
	const struct remote_device_events *events, struct remote_device **ret);

/* Nothing is told from now on, and memory is freed from the loop. */
void remote_device_close(struct remote_device *device);
