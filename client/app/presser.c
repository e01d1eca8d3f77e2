#include "client/app/presser.h"

#include <errno.h>
#include <glib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define SECOND_NS UINT64_C(1000000000)

struct presser {
	presser_fn on_time;
	void *ctx;
	int fd;
	uint64_t at_ns;
	uv_poll_t poll;
};

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct presser *presser = poll->data;
	uint64_t expirations;
	(void)status;
	(void)events;
	/* Set anew meanwhile, it has nothing to say. */
	if (read(presser->fd, &expirations, sizeof expirations) == sizeof expirations)
		presser->on_time(presser->ctx, presser->at_ns);
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

int presser_open(uv_loop_t *loop, presser_fn on_time, void *ctx, struct presser **ret)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	struct presser *presser = g_new0(struct presser, 1);
	*presser = (struct presser){.on_time = on_time, .ctx = ctx, .fd = fd};
	int error = uv_poll_init(loop, &presser->poll, fd);
	if (error) {
		close(fd);
		g_free(presser);
		return error;
	}
	presser->poll.data = presser;
	uv_poll_start(&presser->poll, UV_READABLE, on_readable);
	*ret = presser;
	return 0;
}

void presser_set(struct presser *presser, uint64_t at_ns)
{
	/* All zeros would switch it off. */
	uint64_t timer_ns = at_ns ? at_ns : 1;
	struct itimerspec when = {.it_value = {.tv_sec = (time_t)(timer_ns / SECOND_NS),
					  .tv_nsec = (long)(timer_ns % SECOND_NS)}};
	presser->at_ns = at_ns;
	timerfd_settime(presser->fd, TFD_TIMER_ABSTIME, &when, NULL);
}

void presser_close(struct presser *presser)
{
	if (!presser)
		return;
	uv_close((uv_handle_t *)&presser->poll, on_closed);
	/* uv_close() has taken it out of the poll set. */
	close(presser->fd);
}
