#include "ui/wayland_wire.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

int wayland_wire_open(struct wayland_wire *wire)
{
	*wire = (struct wayland_wire){.wake_fd = -1};
	errno = 0;
	wire->display = wl_display_connect(NULL);
	if (!wire->display)
		return errno ? -errno : -ENOENT;
	wire->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (wire->wake_fd < 0)
		return -errno;
	wire->queue = wl_display_create_queue(wire->display);
	wire->wrapper = wl_proxy_create_wrapper(wire->display);
	if (!wire->queue || !wire->wrapper)
		return -ENOMEM;
	wl_proxy_set_queue((struct wl_proxy *)wire->wrapper, wire->queue);
	return 0;
}

/* With a read announced: reads what there is, or takes the announcement back. */
static int read_announced(struct wayland_wire *wire, int timeout_ms, bool *ret_woken)
{
	struct pollfd fds[] = {
		{.fd = wl_display_get_fd(wire->display), .events = POLLIN},
		{.fd = wire->wake_fd, .events = POLLIN},
	};
	eventfd_t count;

	if (wl_display_flush(wire->display) < 0 && errno == EAGAIN)
		fds[0].events |= POLLOUT;
	int n = poll(fds, 2, timeout_ms);
	int error = n < 0 ? errno : 0;
	if (n > 0 && fds[0].revents & ~POLLOUT)
		wl_display_read_events(wire->display);
	else
		wl_display_cancel_read(wire->display);
	if (error && error != EINTR)
		return -error;
	*ret_woken = n > 0 && fds[1].revents && eventfd_read(wire->wake_fd, &count) == 0;
	return n == 0 ? -ETIMEDOUT : 0;
}

int wayland_wire_wait(struct wayland_wire *wire, int timeout_ms, bool *ret_woken)
{
	*ret_woken = false;
	if (wl_display_prepare_read_queue(wire->display, wire->queue) < 0)
		return 0; /* there are some already */
	return read_announced(wire, timeout_ms, ret_woken);
}

int wayland_wire_dispatch(struct wayland_wire *wire)
{
	return wl_display_dispatch_queue_pending(wire->display, wire->queue) < 0 ? -errno : 0;
}

void wayland_wire_wake(const struct wayland_wire *wire)
{
	eventfd_write(wire->wake_fd, 1);
}

void wayland_wire_close(struct wayland_wire *wire)
{
	if (wire->wrapper)
		wl_proxy_wrapper_destroy(wire->wrapper);
	if (wire->queue)
		wl_event_queue_destroy(wire->queue);
	if (wire->display)
		wl_display_disconnect(wire->display);
	if (wire->wake_fd >= 0)
		close(wire->wake_fd);
	*wire = (struct wayland_wire){.wake_fd = -1};
}
