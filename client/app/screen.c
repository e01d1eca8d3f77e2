#include "client/app/screen.h"

#include <glib.h>
#include <string.h>

#include "ui/draw.h"

struct screen {
	struct ui_screen model;
	struct ui_view drawn;
	struct play *play;
	int width, height;
	uv_timer_t timer; /* when the view changes by itself */
};

static void draw(struct screen *screen, const struct ui_view *view)
{
	struct ui_image image = {0};
	if (ui_draw(view, screen->width, screen->height, &image) < 0)
		return; /* no memory for a banner: the picture goes on without it */
	struct play_overlay overlay = {.x = image.x,
		.y = image.y,
		.width = image.width,
		.height = image.height,
		.stride_bytes = image.stride_bytes,
		.pixels = image.pixels};
	play_set_overlay(screen->play, &overlay, image.pixels ? 1 : 0);
	ui_image_clear(&image);
}

/* The first text loads fonts, which takes longer than a key may wait: do that now. */
static void load_fonts(const struct screen *screen)
{
	struct ui_view view = {.number = "0", .name = "Ag", .message = "Ag"};
	struct ui_image image = {0};
	ui_draw(&view, screen->width, screen->height, &image);
	ui_image_clear(&image);
}

static void on_timer(uv_timer_t *timer);

static void update(struct screen *screen, bool anew)
{
	uint64_t now_ns = uv_hrtime();
	struct ui_view view = ui_screen_view(&screen->model, now_ns);
	if (screen->play && (anew || memcmp(&view, &screen->drawn, sizeof view)))
		draw(screen, &view);
	screen->drawn = view;
	uint64_t deadline_ns = ui_screen_deadline(&screen->model, now_ns);
	if (deadline_ns == UINT64_MAX)
		uv_timer_stop(&screen->timer);
	else
		uv_timer_start(&screen->timer, on_timer, (deadline_ns - now_ns) / 1000000 + 1, 0);
}

static void on_timer(uv_timer_t *timer)
{
	update(timer->data, false);
}

int screen_open(uv_loop_t *loop, uint64_t banner_ns, struct screen **ret)
{
	struct screen *screen = g_new0(struct screen, 1);
	ui_screen_init(&screen->model, banner_ns);
	screen->width = 1280;
	screen->height = 720;
	screen->timer.data = screen;
	int error = uv_timer_init(loop, &screen->timer);
	if (error) {
		g_free(screen);
		return error;
	}
	load_fonts(screen);
	*ret = screen;
	return 0;
}

void screen_attach(struct screen *screen, struct play *play)
{
	screen->play = play;
	update(screen, true);
}

void screen_resize(struct screen *screen, int width, int height)
{
	if (screen->width == width && screen->height == height)
		return;
	screen->width = width;
	screen->height = height;
	update(screen, true);
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

void screen_close(struct screen *screen)
{
	if (screen)
		uv_close((uv_handle_t *)&screen->timer, on_closed);
}

void screen_banner(struct screen *screen, const char *number, const char *name)
{
	ui_screen_banner(&screen->model, number, name, uv_hrtime());
	update(screen, false);
}

void screen_message(struct screen *screen, const char *text, uint64_t duration_ns)
{
	ui_screen_message(&screen->model, text, duration_ns, uv_hrtime());
	update(screen, false);
}
