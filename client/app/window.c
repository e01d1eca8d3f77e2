#include "client/app/window.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "ui/wayland.h"

struct window {
	struct window_events events;
	struct ui_wayland *wayland;
};

static void on_key(void *ctx, uint16_t code, uint64_t pressed_ns)
{
	struct window *window = ctx;
	window->events.on_key(window->events.ctx, code, pressed_ns);
}

static void on_resize(void *ctx, int width, int height)
{
	struct window *window = ctx;
	window->events.on_resize(window->events.ctx, width, height);
}

static void on_wayland_close(void *ctx, int status)
{
	(void)status;
	struct window *window = ctx;
	window->events.on_close(window->events.ctx);
}

/* Whether the sink draws on a Wayland surface: asked for, or the display that is there. */
static bool wants_wayland(const char *video_sink)
{
	return !strcmp(video_sink, "wayland") ||
	       (!strcmp(video_sink, "auto") && g_getenv("WAYLAND_DISPLAY"));
}

int window_open(uv_loop_t *loop, const char *video_sink, const struct window_events *events,
	struct window **ret)
{
	*ret = NULL;
	if (!wants_wayland(video_sink))
		return 0;
	struct window *window = g_new0(struct window, 1);
	window->events = *events;
	struct ui_wayland_events wayland = {on_key, on_resize, on_wayland_close, window};
	int error = ui_wayland_open(loop, "zapper", &wayland, &window->wayland);
	if (error) {
		g_free(window);
		return error;
	}
	*ret = window;
	return 0;
}

void window_close(struct window *window)
{
	if (!window)
		return;
	ui_wayland_close(window->wayland);
	g_free(window);
}

struct play_window window_for_play(struct window *window)
{
	struct play_window play = {.type = PLAY_WINDOW_NONE};
	if (!window)
		return play;
	play.type = PLAY_WINDOW_WAYLAND;
	play.display = ui_wayland_display(window->wayland);
	play.handle = (uintptr_t)ui_wayland_surface(window->wayland);
	ui_wayland_size(window->wayland, &play.width, &play.height);
	return play;
}

void window_placed(struct window *window)
{
	if (window)
		ui_wayland_commit(window->wayland);
}
