/* app/quit: closes what app.c opened, in reverse. */
#include "client/app/state.h"

static void on_picture_closed(void *ctx)
{
	struct app *app = ctx;
	window_close(app->window); /* only now: the sink has drawn into it until here */
	app->window = NULL;
}

static void close_all(struct app *app)
{
	app->closed = true; /* what still comes finds nothing to change */
	app->driver->close(app);
	app_close_stage(app);
	ahead_close(app->ahead);
	net_close(app->net);
	player_close(app->player, on_picture_closed, app);
	uv_close((uv_handle_t *)&app->zap_timer, NULL);
	uv_close((uv_handle_t *)&app->unreported_timer, NULL);
	uv_close((uv_handle_t *)&app->faults_timer, NULL);
	uv_close((uv_handle_t *)&app->source_timer, NULL);
	uv_close((uv_handle_t *)&app->lineup_timer, NULL);
	uv_close((uv_handle_t *)&app->listen_timer, NULL);
	uv_close((uv_handle_t *)&app->second_timer, NULL);
	for (size_t i = 0; i < APP_SIGNALS; i++)
		uv_close((uv_handle_t *)&app->signals[i], NULL);
}

void app_quit(struct app *app, int exit_code)
{
	if (app->stopping)
		return;
	app->stopping = true;
	app->exit_code = exit_code;
	remember_close(app->remember); /* while there is something to look at */
	app->remember = NULL;
	if (app->begun) {
		struct zap_event event = {.type = ZAP_EVENT_STOP, .at_ns = uv_hrtime()};
		app_event(app, &event);
	}
	close_all(app);
}
