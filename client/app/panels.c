#include "client/app/panels.h"

#include <stdlib.h>

/* What costs some milliseconds on a small screen already, and answers fewer keys in a second. */
#define LARGE                                                                                      \
	(UI_PANEL_BIT(UI_PANEL_LIST) | UI_PANEL_BIT(UI_PANEL_GUIDE) | UI_PANEL_BIT(UI_PANEL_STATS))
#define WITH_LOGOS                                                                                 \
	(UI_PANEL_BIT(UI_PANEL_BANNER) | UI_PANEL_BIT(UI_PANEL_LIST) | UI_PANEL_BIT(UI_PANEL_GUIDE))
#define ALL UINT32_MAX

/* The worker's while it runs. */
struct job {
	uv_work_t work;
	bool runs;
	struct ui_view view;
	uint32_t panels; /* UI_PANEL_BIT()s: these of it */
	int width, height;
	struct ui_image images[UI_PANELS];
	int errors[UI_PANELS];
};

struct panels {
	uv_loop_t *loop;
	struct panels_options options;
	struct ui_painter *painter; /* the job's while one runs */
	bool is_warm, closing;
	void (*closed)(void *ctx);
	void *closed_ctx;
	struct job job;
	int width, height;
	struct ui_view wanted, painted;
	uint32_t stale; /* painted, but for another size or with other logos */
	struct play_overlay images[UI_PANELS]; /* of `painted`; no pixels: none */
};

static void forget_image(struct play_overlay *image)
{
	g_clear_pointer(&image->pixels, g_bytes_unref);
}

static void panels_free(struct panels *panels)
{
	void (*closed)(void *ctx) = panels->closed;
	void *closed_ctx = panels->closed_ctx;
	for (int i = 0; i < UI_PANELS; i++)
		forget_image(&panels->images[i]);
	ui_painter_free(panels->painter);
	g_free(panels);
	if (closed)
		closed(closed_ctx);
}

/* ---- on the worker's thread ---- */

static void paint(uv_work_t *work)
{
	struct panels *panels = work->data;
	struct job *job = &panels->job;
	if (!panels->is_warm)
		ui_painter_warm_up(panels->painter, job->width, job->height);
	for (int i = 0; i < UI_PANELS; i++)
		if (job->panels & UI_PANEL_BIT(i))
			job->errors[i] = ui_paint_panel(panels->painter, (enum ui_panel)i,
				&job->view, job->width, job->height, &job->images[i]);
}

/* ---- on the loop ---- */

/* Takes the image over; one that could not be painted is not seen. */
static void take_image(struct panels *panels, int panel)
{
	struct ui_image *image = &panels->job.images[panel];
	struct play_overlay *into = &panels->images[panel];
	forget_image(into);
	if (panels->job.errors[panel] < 0 || !image->pixels) {
		ui_image_clear(image);
		return;
	}
	*into = (struct play_overlay){.x = image->x,
		.y = image->y,
		.width = image->width,
		.height = image->height,
		.stride_bytes = image->stride_bytes,
		.pixels = g_bytes_new_with_free_func(image->pixels,
			(gsize)image->stride_bytes * (gsize)image->height, free, image->pixels)};
	*image = (struct ui_image){0};
}

size_t panels_images(const struct panels *panels, struct play_overlay ret[UI_PANELS])
{
	size_t count = 0;
	for (int i = 0; i < UI_PANELS; i++)
		if (panels->images[i].pixels)
			ret[count++] = panels->images[i];
	return count;
}

static void tell(struct panels *panels)
{
	struct play_overlay images[UI_PANELS];
	size_t count = panels_images(panels, images);
	panels->options.ready(panels->options.ctx, images, count);
}

static uint32_t differing(const struct panels *panels)
{
	return ui_view_changed(&panels->wanted, &panels->painted) |
	       (panels->stale & ui_view_visible(&panels->wanted));
}

static uint32_t to_paint(const struct panels *panels)
{
	return differing(panels) & ui_view_visible(&panels->wanted);
}

/*
 * What is to be seen no more; but a large one stays until the one that takes its place is painted,
 * lest the picture be seen bare in between. Whether there was any.
 */
static bool drop_hidden(struct panels *panels)
{
	uint32_t hidden = ui_view_visible(&panels->painted) & ~ui_view_visible(&panels->wanted);
	if (to_paint(panels) & LARGE)
		hidden &= ~(uint32_t)LARGE;
	for (int i = 0; i < UI_PANELS; i++)
		if (hidden & UI_PANEL_BIT(i))
			forget_image(&panels->images[i]);
	ui_view_take(&panels->painted, &panels->wanted, hidden);
	return hidden != 0;
}

static void on_painted(uv_work_t *work, int status);

static void begin(struct panels *panels, uint32_t which)
{
	struct job *job = &panels->job;
	uint32_t small = which & ~(uint32_t)LARGE;
	job->panels = small ? small : which;
	ui_view_take(&job->view, &panels->wanted, ALL);
	job->width = panels->width;
	job->height = panels->height;
	job->runs = true;
	panels->stale &= ~job->panels;
	uv_queue_work(panels->loop, &job->work, paint, on_painted);
}

static void go_on(struct panels *panels)
{
	if (panels->job.runs || panels->closing || !panels->width)
		return;
	uint32_t which = to_paint(panels);
	if (which || !panels->is_warm)
		begin(panels, which);
	else if (drop_hidden(panels))
		tell(panels);
}

static void on_painted(uv_work_t *work, int status)
{
	struct panels *panels = work->data;
	struct job *job = &panels->job;
	(void)status;
	job->runs = false;
	panels->is_warm = true;
	for (int i = 0; i < UI_PANELS; i++)
		if (job->panels & UI_PANEL_BIT(i))
			take_image(panels, i);
	if (panels->closing) {
		panels_free(panels);
		return;
	}
	ui_view_take(&panels->painted, &job->view, job->panels);
	bool is_other = drop_hidden(panels);
	if (is_other || job->panels)
		tell(panels);
	go_on(panels);
}

void panels_show(struct panels *panels, const struct ui_view *view)
{
	ui_view_take(&panels->wanted, view, ALL);
	go_on(panels);
}

void panels_resize(struct panels *panels, int width, int height)
{
	if (panels->width == width && panels->height == height)
		return;
	panels->width = width;
	panels->height = height;
	panels->stale = ALL;
	go_on(panels);
}

void panels_repaint(struct panels *panels)
{
	if (!panels)
		return;
	panels->stale |= WITH_LOGOS;
	go_on(panels);
}

struct panels *panels_open(uv_loop_t *loop, const struct panels_options *options)
{
	const struct ui_painter_options painter = {.theme = options->theme,
		.logos = options->logos,
		.say = options->log,
		.ctx = options->ctx};
	struct panels *panels = g_new0(struct panels, 1);
	panels->loop = loop;
	panels->options = *options;
	panels->job.work.data = panels;
	panels->painter = ui_painter_new(&painter);
	if (panels->painter)
		return panels;
	panels_free(panels);
	return NULL;
}

void panels_close(struct panels *panels, void (*closed)(void *ctx), void *ctx)
{
	if (!panels) {
		closed(ctx);
		return;
	}
	panels->closing = true;
	panels->closed = closed;
	panels->closed_ctx = ctx;
	if (!panels->job.runs)
		panels_free(panels);
}
