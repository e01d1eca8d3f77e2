#include "ui/remote_device.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "ui/evdev_keys.h"

/*
 * So many records at most are told in a turn of the loop, then others have theirs. The kernel keeps
 * 64 of a remote: more than that are read at once only from large devices.
 */
#define TURN_RECORDS 128

struct remote_device {
	uv_poll_t poll;
	struct evdev_access access;
	struct evdev_device evdev;
	struct evdev_keys keys;
	struct remote_device_events events;
	bool wants_grab;
	bool closing;
	size_t len;
	uint8_t bytes[TURN_RECORDS * sizeof(struct input_event)];
};

static void tell(struct remote_device *device, const struct ui_key_event *event)
{
	if (!device->closing)
		device->events.on_key(device->events.ctx, event);
}

static void tell_records(struct remote_device *device, uint64_t now_ns)
{
	struct ui_key_event events[UI_KEY_SET_FOLLOW_MAX];
	struct input_event record;
	size_t used = 0, n;

	while ((n = evdev_keys_record(device->bytes + used, device->len - used, &record)) > 0) {
		used += n;
		size_t count = evdev_keys_feed(&device->keys, &record, now_ns, events);
		for (size_t i = 0; i < count; i++)
			tell(device, &events[i]);
	}
	device->len -= used;
	memmove(device->bytes, device->bytes + used, device->len);
}

static void resync(struct remote_device *device, uint64_t now_ns)
{
	struct ui_key_set down;
	struct ui_key_event event;

	/* Who cannot be asked is gone, which the next read says. */
	if (device->access.ask_down(device->access.ctx, &device->evdev, &down) < 0)
		return;
	while (evdev_keys_resync(&device->keys, &down, now_ns, &event))
		tell(device, &event);
}

static void grab_when_idle(struct remote_device *device)
{
	if (!device->wants_grab || !evdev_keys_is_idle(&device->keys))
		return;
	device->wants_grab = false;
	int r = device->access.grab(device->access.ctx, &device->evdev);
	if (r == 0)
		return;
	char *sentence =
		g_strdup_printf("\"%s\" cannot be had for zapper alone: %s", device->evdev.name,
			r == -EBUSY ? "another program has it, and gets its keys" : g_strerror(-r));
	device->events.log(device->events.ctx, sentence);
	g_free(sentence);
}

static void lose(struct remote_device *device)
{
	struct ui_key_event event;

	uv_poll_stop(&device->poll);
	while (!device->closing && evdev_keys_end(&device->keys, uv_hrtime(), &event))
		tell(device, &event);
	if (!device->closing)
		device->events.on_gone(device->events.ctx, device);
}

static void on_readable(uv_poll_t *poll, int status, int polled)
{
	struct remote_device *device = poll->data;
	size_t room = sizeof device->bytes - device->len;

	(void)polled;
	ssize_t n = read(device->evdev.fd, device->bytes + device->len, room);
	if (n < 0 && (errno == EAGAIN || errno == EINTR) && status == 0)
		return;
	if (n <= 0 || status < 0) { /* unplugged: what it still had is not to be had either */
		lose(device);
		return;
	}
	uint64_t now_ns = uv_hrtime();
	device->len += (size_t)n;
	tell_records(device, now_ns);
	/* With all records told: what is down then is told as of now, and in order. */
	if (device->keys.stale && (size_t)n < room && !device->closing)
		resync(device, now_ns);
	if (!device->closing)
		grab_when_idle(device);
}

static void on_closed(uv_handle_t *handle)
{
	struct remote_device *device = handle->data;

	device->access.close(device->access.ctx, &device->evdev);
	g_free(device);
}

int remote_device_open(uv_loop_t *loop, const struct evdev_access *access,
	const struct evdev_device *evdev, uint32_t source, bool grab,
	const struct remote_device_events *events, struct remote_device **ret)
{
	struct remote_device *device = g_new0(struct remote_device, 1);

	device->access = *access;
	device->evdev = *evdev;
	device->events = *events;
	device->wants_grab = grab;
	device->poll.data = device;
	evdev_keys_init(&device->keys, source, &evdev->down);
	int r = uv_poll_init(loop, &device->poll, evdev->fd);
	if (r < 0) {
		access->close(access->ctx, &device->evdev);
		g_free(device);
		return r;
	}
	uv_poll_start(&device->poll, UV_READABLE, on_readable);
	grab_when_idle(device);
	*ret = device;
	return 0;
}

void remote_device_close(struct remote_device *device)
{
	device->closing = true;
	uv_close((uv_handle_t *)&device->poll, on_closed);
}
