#include "ui/evdev.h"

#include <errno.h>
#include <fcntl.h>
#include <libevdev/libevdev.h>
#include <limits.h>
#include <linux/input.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static void learn(struct evdev_device *device, struct libevdev *evdev)
{
	snprintf(device->name, sizeof device->name, "%s", libevdev_get_name(evdev));
	device->silent = !libevdev_has_event_type(evdev, EV_REP);
	for (uint16_t code = 1; code < UI_KEY_CODES; code++) {
		if (!libevdev_has_event_code(evdev, EV_KEY, code))
			continue;
		ui_key_set_add(&device->keys, code);
		if (libevdev_get_event_value(evdev, EV_KEY, code))
			ui_key_set_add(&device->down, code);
	}
}

static int open_device(void *ctx, const char *path, struct evdev_device *ret)
{
	struct libevdev *evdev = NULL;

	(void)ctx;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	int r = libevdev_new_from_fd(fd, &evdev);
	if (r < 0) {
		close(fd);
		/* What is no evdev device refuses its ioctls, each kind of file in its way. */
		return r == -EINVAL || r == -ENOSYS ? -ENOTTY : r;
	}
	*ret = (struct evdev_device){.fd = fd, .handle = evdev};
	/* Where it cannot be had stamps are of another clock, which ui/evdev_keys sees. */
	libevdev_set_clock_id(evdev, CLOCK_MONOTONIC);
	learn(ret, evdev);
	return 0;
}

static int grab(void *ctx, struct evdev_device *device)
{
	(void)ctx;
	return libevdev_grab(device->handle, LIBEVDEV_GRAB);
}

/*
 * libevdev would tell this only while it reads the records itself, and throws away those that come
 * after the dropped ones.
 */
static int ask_down(void *ctx, struct evdev_device *device, struct ui_key_set *ret)
{
	uint8_t bits[UI_KEY_CODES / CHAR_BIT] = {0};

	(void)ctx;
	if (ioctl(device->fd, EVIOCGKEY(sizeof bits), bits) < 0)
		return -errno;
	*ret = (struct ui_key_set){0};
	for (uint16_t code = 1; code < UI_KEY_CODES; code++)
		if (bits[code / CHAR_BIT] & 1u << code % CHAR_BIT)
			ui_key_set_add(ret, code);
	return 0;
}

static void close_device(void *ctx, struct evdev_device *device)
{
	(void)ctx;
	libevdev_free(device->handle);
	close(device->fd); /* lets go of a grab */
}

struct evdev_access evdev_kernel(void)
{
	return (struct evdev_access){open_device, grab, ask_down, close_device, NULL};
}
