#include "client/app/screen.h"

#include <glib.h>
#include <string.h>

#include "client/app/logo_store.h"
#include "ui/draw.h"

struct screen {
	struct ui_screen model;
	struct ui_view drawn;
	struct play *play;
	struct ui_logo *logo; /* held, or NULL */
	int width, height;
	uv_timer_t timer; /* when the view changes by itself */
};

static void draw(struct screen *screen, const struct ui_view *view)
{
	struct ui_image images[UI_IMAGES_MAX];
	struct play_overlay overlays[UI_IMAGES_MAX];
	size_t count;
	if (ui_draw(view, screen->width, screen->height, images, &count) < 0)
		return; /* no memory for a banner: the picture goes on without it */
	for (size_t i = 0; i < count; i++)
		overlays[i] = (struct play_overlay){.x = images[i].x,
			.y = images[i].y,
			.width = images[i].width,
			.height = images[i].height,
			.stride_bytes = images[i].stride_bytes,
			.pixels = g_bytes_new_take(images[i].pixels,
				(gsize)images[i].stride_bytes * images[i].height)};
	play_set_overlay(screen->play, overlays, count);
	for (size_t i = 0; i < count; i++)
		g_bytes_unref(overlays[i].pixels);
}

/* The first text loads fonts, which takes longer than a key may wait: do that now. */
static void load_fonts(const struct screen *screen)
{
	struct ui_view view = {.number = "0", .name = "Ag", .message = "Ag"};
	struct ui_image images[UI_IMAGES_MAX];
	size_t count;
	if (ui_draw(&view, screen->width, screen->height, images, &count) < 0)
		return;
	for (size_t i = 0; i < count; i++)
		ui_image_clear(&images[i]);
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
	struct screen *screen = handle->data;
	logo_unref(screen->logo);
	g_free(screen);
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

void screen_logo(struct screen *screen, struct ui_logo *logo)
{
	ui_screen_logo(&screen->model, logo_ref(logo));
	update(screen, false);
	logo_unref(screen->logo);
	screen->logo = logo;
}

void screen_message(struct screen *screen, const char *text, uint64_t duration_ns)
{
	ui_screen_message(&screen->model, text, duration_ns, uv_hrtime());
	update(screen, false);
}
