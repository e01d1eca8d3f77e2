#include "client/app/window.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "ui/sources.h"
#include "ui/wayland.h"
#include "ui/x11.h"

/* One of the two displays is open. */
struct window {
	struct window_events events;
	struct ui_wayland *wayland;
	struct ui_x11 *x11;
};

static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct window *window = ctx;
	window->events.on_key(window->events.ctx, event);
}

static void on_resize(void *ctx, int width, int height)
{
	struct window *window = ctx;
	window->events.on_resize(window->events.ctx, width, height);
}

static void on_close(void *ctx, int status)
{
	struct window *window = ctx;
	window->events.on_close(window->events.ctx, status);
}

static int open_wayland(struct window *window, uv_loop_t *loop)
{
	const struct ui_window_events events = {
		on_key, on_resize, on_close, window, UI_SOURCE_WINDOW};
	return ui_wayland_open(loop, "zapper", &events, &window->wayland);
}

static int open_x11(struct window *window, uv_loop_t *loop)
{
	const struct ui_window_events events = {
		on_key, on_resize, on_close, window, UI_SOURCE_WINDOW};
	return ui_x11_open(loop, "zapper", &events, &window->x11);
}

/* The displays by their sinks, the better one first, each with the variable that names it. */
static const struct {
	const char *sink, *variable;
	int (*open)(struct window *window, uv_loop_t *loop);
} displays[] = {
	{"wayland", "WAYLAND_DISPLAY", open_wayland},
	{"x11", "DISPLAY", open_x11},
};

static void log_no_answer(const struct window *window, const char *variable, int error)
{
	char *sentence = g_strdup_printf("warning: no window opens on the display %s=%s: %s",
		variable, g_getenv(variable), g_strerror(-error));
	window->events.log(window->events.ctx, sentence);
	g_free(sentence);
}

static void open_first(struct window *window, uv_loop_t *loop)
{
	int error = -ENOENT;
	for (size_t i = 0; i < G_N_ELEMENTS(displays) && error; i++) {
		const char *name = g_getenv(displays[i].variable);
		if (!name || !*name)
			continue;
		error = displays[i].open(window, loop);
		if (error)
			log_no_answer(window, displays[i].variable, error);
	}
}

/* Success may leave the window without a display: then there is none to have. */
static int open_display(struct window *window, uv_loop_t *loop, const char *video_sink)
{
	for (size_t i = 0; i < G_N_ELEMENTS(displays); i++)
		if (!strcmp(video_sink, displays[i].sink))
			return displays[i].open(window, loop);
	if (!strcmp(video_sink, "auto"))
		open_first(window, loop);
	return 0;
}

int window_open(uv_loop_t *loop, const char *video_sink, const struct window_events *events,
	struct window **ret)
{
	struct window *window = g_new0(struct window, 1);
	window->events = *events;
	int error = open_display(window, loop, video_sink);
	if (error || (!window->wayland && !window->x11)) {
		g_free(window);
		window = NULL;
	}
	*ret = window;
	return error;
}

void window_close(struct window *window)
{
	if (!window)
		return;
	ui_wayland_close(window->wayland);
	ui_x11_close(window->x11);
	g_free(window);
}

struct play_window window_for_play(struct window *window)
{
	struct play_window play = {.type = PLAY_WINDOW_NONE};
	if (!window)
		return play;
	if (window->x11) {
		play.type = PLAY_WINDOW_X11;
		play.handle = ui_x11_window(window->x11);
		ui_x11_size(window->x11, &play.width, &play.height);
		return play;
	}
	play.type = PLAY_WINDOW_WAYLAND;
	play.display = ui_wayland_display(window->wayland);
	play.handle = (uintptr_t)ui_wayland_surface(window->wayland);
	ui_wayland_size(window->wayland, &play.width, &play.height);
	return play;
}

void window_placed(struct window *window)
{
	if (window && window->wayland)
		ui_wayland_commit(window->wayland);
}

void window_full_screen(struct window *window, bool on)
{
	if (window && window->wayland)
		ui_wayland_set_fullscreen(window->wayland, on);
	else if (window)
		ui_x11_set_fullscreen(window->x11, on);
}

void window_panel_size(struct window *window, int *ret_width, int *ret_height)
{
	(void)window;
	*ret_width = *ret_height = 0;
}

bool window_set_panels(struct window *window, const struct play_overlay *panels, size_t count)
{
	(void)window;
	(void)panels;
	(void)count;
	return false;
}
