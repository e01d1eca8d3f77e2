#include "client/app/window.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "ui/kms.h"
#include "ui/sources.h"
#include "ui/wayland.h"
#include "ui/x11.h"

#define DRM_FOLDER "/dev/dri"

/* One of the three is open. */
struct window {
	struct window_events events;
	struct ui_wayland *wayland;
	struct ui_x11 *x11;
	struct ui_kms *kms;
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

/*
 * Where a device has no two planes for us, or nobody lets us have one, kmssink looks for itself:
 * this is no error.
 */
static void open_kms(struct window *window)
{
	ui_kms_open(DRM_FOLDER, &window->kms);
}

/* The display servers by their sinks, the better one first, each with the variable that names it.
 */
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

static bool has_display(const struct window *window)
{
	return window->wayland || window->x11 || window->kms;
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
	if (!has_display(window))
		open_kms(window);
}

/* Success may leave the window without a display: then there is none to have. */
static int open_display(struct window *window, uv_loop_t *loop, const char *video_sink)
{
	for (size_t i = 0; i < G_N_ELEMENTS(displays); i++)
		if (!strcmp(video_sink, displays[i].sink))
			return displays[i].open(window, loop);
	if (!strcmp(video_sink, "auto"))
		open_first(window, loop);
	else if (!strcmp(video_sink, "kms"))
		open_kms(window);
	return 0;
}

int window_open(uv_loop_t *loop, const char *video_sink, const struct window_events *events,
	struct window **ret)
{
	struct window *window = g_new0(struct window, 1);
	window->events = *events;
	int error = open_display(window, loop, video_sink);
	if (error || !has_display(window)) {
		g_free(window);
		window = NULL;
	}
	window_keep_awake(window, true);
	*ret = window;
	return error;
}

void window_close(struct window *window)
{
	if (!window)
		return;
	ui_wayland_close(window->wayland);
	ui_x11_close(window->x11);
	ui_kms_close(window->kms);
	g_free(window);
}

static struct play_window x11_for_play(const struct window *window)
{
	struct play_window play = {.type = PLAY_WINDOW_X11};
	play.handle = ui_x11_window(window->x11);
	ui_x11_size(window->x11, &play.width, &play.height);
	return play;
}

static struct play_window wayland_for_play(const struct window *window)
{
	struct play_window play = {.type = PLAY_WINDOW_WAYLAND};
	play.display = ui_wayland_display(window->wayland);
	play.handle = (uintptr_t)ui_wayland_surface(window->wayland);
	ui_wayland_size(window->wayland, &play.width, &play.height);
	return play;
}

static struct play_window kms_for_play(const struct window *window)
{
	struct ui_kms_video video = ui_kms_video(window->kms);
	struct play_window play = {.type = PLAY_WINDOW_KMS,
		.drm_fd = video.fd,
		.connector_id = (int)video.connector,
		.plane_id = (int)video.plane};
	ui_kms_size(window->kms, &play.width, &play.height);
	return play;
}

struct play_window window_for_play(struct window *window)
{
	if (window && window->x11)
		return x11_for_play(window);
	if (window && window->wayland)
		return wayland_for_play(window);
	if (window && window->kms)
		return kms_for_play(window);
	return (struct play_window){.type = PLAY_WINDOW_NONE};
}

void window_placed(struct window *window)
{
	if (window && window->wayland)
		ui_wayland_commit(window->wayland);
}

bool window_gives_keys(const struct window *window)
{
	return window && (window->wayland || window->x11);
}

void window_full_screen(struct window *window, bool on)
{
	if (window && window->wayland)
		ui_wayland_set_fullscreen(window->wayland, on);
	else if (window && window->x11)
		ui_x11_set_fullscreen(window->x11, on);
}

void window_keep_awake(struct window *window, bool on)
{
	if (window && window->wayland)
		ui_wayland_keep_awake(window->wayland, on);
	else if (window && window->x11)
		ui_x11_keep_awake(window->x11, on);
}

void window_panel_size(struct window *window, int *ret_width, int *ret_height)
{
	*ret_width = *ret_height = 0;
	if (window && window->wayland)
		ui_wayland_panel_size(window->wayland, ret_width, ret_height);
	else if (window && window->kms)
		ui_kms_size(window->kms, ret_width, ret_height);
}

static struct ui_pane *panes_new(const struct play_overlay *panels, size_t count)
{
	struct ui_pane *panes = g_new(struct ui_pane, count);
	for (size_t i = 0; i < count; i++)
		panes[i] = (struct ui_pane){.x = panels[i].x,
			.y = panels[i].y,
			.width = panels[i].width,
			.height = panels[i].height,
			.stride_bytes = panels[i].stride_bytes,
			.pixels = panels[i].pixels};
	return panes;
}

bool window_set_panels(struct window *window, const struct play_overlay *panels, size_t count)
{
	if (!window || window->x11)
		return false;
	struct ui_pane *panes = panes_new(panels, count);
	if (window->wayland)
		ui_wayland_set_panels(window->wayland, panes, count);
	else
		ui_kms_set_panels(window->kms, panes, count);
	g_free(panes);
	return true;
}
