#include "tests/lab/peers_paint.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include <glib.h>
#include <xcb/xcb.h>

#include "tests/lab/mark.h"

enum { PIXEL_BYTES = 4, GAP_MIN_US = 5000, GAP_MAX_US = 25000 };

struct paint {
	xcb_connection_t *connection;
	xcb_screen_t *screen;
	xcb_window_t window; /* covers the mark's area, above all others */
	xcb_gcontext_t context;
	int width, height; /* of the screen */
	struct mark_area area;
	uint8_t *luma;	 /* of the screen */
	uint8_t *pixels; /* of the area */
	struct paint_stroke *strokes;
	size_t count;
	GRand *random;
	GThread *thread;
	gint done;
};

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void open_window(struct paint *paint)
{
	const uint32_t override_redirect = 1; /* no window manager moves it */
	struct mark_area area = paint->area;
	paint->window = xcb_generate_id(paint->connection);
	paint->context = xcb_generate_id(paint->connection);
	xcb_create_window(paint->connection, XCB_COPY_FROM_PARENT, paint->window,
		paint->screen->root, (int16_t)area.left, (int16_t)area.top, (uint16_t)area.width,
		(uint16_t)area.height, 0, XCB_WINDOW_CLASS_INPUT_OUTPUT, paint->screen->root_visual,
		XCB_CW_OVERRIDE_REDIRECT, &override_redirect);
	xcb_create_gc(paint->connection, paint->context, paint->window, 0, NULL);
	xcb_map_window(paint->connection, paint->window);
}

static void wait_for_server(struct paint *paint)
{
	free(xcb_get_input_focus_reply(
		paint->connection, xcb_get_input_focus(paint->connection), NULL));
}

/* The pixels of a mark, black and white of full range. */
static void prepare(struct paint *paint, uint16_t frame)
{
	struct mark_area area = paint->area;
	mark_draw(paint->luma, paint->width, paint->height, paint->width,
		(struct mark){.channel = PAINT_CHANNEL, .frame = frame});
	for (int y = 0; y < area.height; y++) {
		const uint8_t *in = paint->luma + (long)(area.top + y) * paint->width + area.left;
		uint8_t *out = paint->pixels + (long)y * area.width * PIXEL_BYTES;
		for (int x = 0; x < area.width * PIXEL_BYTES; x++)
			out[x] = in[x / PIXEL_BYTES] < 128 ? 0 : 255;
	}
}

static struct paint_stroke draw(struct paint *paint)
{
	struct mark_area area = paint->area;
	struct paint_stroke stroke = {.before_ns = now_ns()};
	xcb_put_image(paint->connection, XCB_IMAGE_FORMAT_Z_PIXMAP, paint->window, paint->context,
		(uint16_t)area.width, (uint16_t)area.height, 0, 0, 0, paint->screen->root_depth,
		(uint32_t)(area.width * area.height * PIXEL_BYTES), paint->pixels);
	wait_for_server(paint);
	stroke.after_ns = now_ns();
	return stroke;
}

static gpointer draw_all(gpointer data)
{
	struct paint *paint = data;
	wait_for_server(paint);
	for (size_t i = 0; i < paint->count; i++) {
		if (xcb_connection_has_error(paint->connection))
			break;
		prepare(paint, (uint16_t)i);
		g_usleep((gulong)g_rand_int_range(paint->random, GAP_MIN_US, GAP_MAX_US));
		paint->strokes[i] = draw(paint);
	}
	/* The last one is to be seen as well. */
	g_usleep(GAP_MAX_US);
	g_atomic_int_set(&paint->done, 1);
	return NULL;
}

int paint_start(const char *display, size_t count, uint32_t seed, struct paint **ret)
{
	xcb_connection_t *connection = xcb_connect(display, NULL);
	if (xcb_connection_has_error(connection)) {
		xcb_disconnect(connection);
		return -ECONNREFUSED;
	}
	struct paint *paint = g_new0(struct paint, 1);
	paint->connection = connection;
	paint->screen = xcb_setup_roots_iterator(xcb_get_setup(connection)).data;
	paint->width = paint->screen->width_in_pixels;
	paint->height = paint->screen->height_in_pixels;
	paint->area = mark_area(paint->width, paint->height);
	paint->luma = g_malloc0((gsize)paint->width * (gsize)paint->height);
	paint->pixels =
		g_malloc((gsize)paint->area.width * (gsize)paint->area.height * PIXEL_BYTES);
	paint->strokes = g_new0(struct paint_stroke, count);
	paint->count = count;
	paint->random = g_rand_new_with_seed(seed);
	open_window(paint);
	paint->thread = g_thread_new("paint", draw_all, paint);
	*ret = paint;
	return 0;
}

bool paint_is_done(const struct paint *paint)
{
	return g_atomic_int_get(&paint->done);
}

struct paint_stroke *paint_finish(struct paint *paint)
{
	struct paint_stroke *strokes = paint->strokes;
	g_thread_join(paint->thread);
	xcb_disconnect(paint->connection);
	g_rand_free(paint->random);
	g_free(paint->luma);
	g_free(paint->pixels);
	g_free(paint);
	return strokes;
}
