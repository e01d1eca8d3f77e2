#include "ui/x11_awake.h"

#include <glib.h>

#define EVERY_MS 30000 /* less than the shortest time that anybody sets */

struct x11_awake {
	uv_timer_t timer;
	xcb_connection_t *connection;
};

static void on_timer(uv_timer_t *timer)
{
	const struct x11_awake *awake = timer->data;

	xcb_force_screen_saver(awake->connection, XCB_SCREEN_SAVER_RESET);
	xcb_flush(awake->connection);
}

struct x11_awake *x11_awake_begin(uv_loop_t *loop, xcb_connection_t *connection)
{
	struct x11_awake *awake = g_new0(struct x11_awake, 1);

	awake->connection = connection;
	awake->timer.data = awake;
	uv_timer_init(loop, &awake->timer);
	uv_timer_start(&awake->timer, on_timer, 0, EVERY_MS);
	return awake;
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

void x11_awake_end(struct x11_awake *awake)
{
	if (awake)
		uv_close((uv_handle_t *)&awake->timer, on_closed);
}
