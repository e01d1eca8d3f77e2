/*
 * ui/evdev: one evdev device, through libevdev. What ui/remote does with devices it does through
 * struct evdev_access, so that its tests need none.
 */
#pragma once

#include <stdbool.h>

#include "ui/key_set.h"

#define EVDEV_NAME_BYTES 256 /* the kernel's own bound */

struct evdev_device {
	int fd; /* non-blocking; struct input_event are read from it, stamped with CLOCK_MONOTONIC
		 */
	char name[EVDEV_NAME_BYTES];
	struct ui_key_set keys; /* that it has */
	struct ui_key_set down; /* as it was opened */
	bool silent;		/* it does not repeat its keys (EV_REP) */
	void *handle;		/* of who opened it */
};

struct evdev_access {
	/* -EACCES, -ENOENT, -ENOTTY where it is no evdev device, or another -errno. */
	int (*open)(void *ctx, const char *path, struct evdev_device *ret);
	/* Nobody else gets its keys from now on. -EBUSY where somebody else has done so. */
	int (*grab)(void *ctx, struct evdev_device *device);
	/* The keys that are down now. What of them is still unread is dropped. */
	int (*ask_down)(void *ctx, struct evdev_device *device, struct ui_key_set *ret);
	void (*close)(void *ctx, struct evdev_device *device);
	void *ctx;
};

/* That of the kernel's devices. */
struct evdev_access evdev_kernel(void);
