#include "ui/kms.h"

#include <drm_fourcc.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "ui/kms_device.h"

#define DEVICES_MAX 16
/* What a plane is tried with: a picture that it has to scale to the screen, and a small panel. */
#define TRIAL_WIDTH 1280
#define TRIAL_HEIGHT 720
#define TRIAL_PANEL 64

struct ui_kms {
	struct kms_device device;
	int width, height;

	GThread *thread;
	GMutex lock; /* of what follows */
	GCond changed;
	GArray *panes; /* struct ui_pane, to be shown; NULL: no others than there are */
	bool stop;

	/* The thread's own, once it runs. */
	struct kms_buffer black; /* below all, where the panels' plane is not the primary one */
	struct kms_buffer buffers[2]; /* of the panels */
	struct ui_area drawn[2];      /* what of each is not transparent */
	int front;
	uint32_t *row;
};

static struct ui_area whole(const struct ui_kms *kms)
{
	return (struct ui_area){0, 0, kms->width, kms->height};
}

/* ---- the thread ---- */

/* The controller's memory is slow to read, so rows are made elsewhere, and written once. */
static void draw(struct ui_kms *kms, const struct kms_buffer *buffer, const GArray *panes,
	struct ui_area area)
{
	for (int y = area.y; y < area.y + area.height; y++) {
		ui_panes_row(
			(const void *)panes->data, panes->len, area.x, y, area.width, kms->row);
		memcpy(buffer->pixels + (size_t)y * buffer->stride_bytes +
				(size_t)area.x * sizeof *kms->row,
			kms->row, (size_t)area.width * sizeof *kms->row);
	}
}

/*
 * An overlay shows no more than what the panels cover, so what is in the buffer around that does
 * not matter; a primary plane shows all of it. A screen that is another's for a while (a console's)
 * refuses, and gets the next ones.
 */
static void show(struct ui_kms *kms, const GArray *panes)
{
	bool is_primary = kms->device.choice.panel_is_primary;
	int back = !kms->front;
	struct ui_area bounds =
		ui_panes_bounds((const void *)panes->data, panes->len, kms->width, kms->height);

	draw(kms, &kms->buffers[back], panes,
		is_primary ? ui_area_union(bounds, kms->drawn[back]) : bounds);
	kms->drawn[back] = bounds;
	struct ui_area seen = is_primary ? whole(kms) : bounds;
	kms_device_show(
		&kms->device, kms->device.choice.panel_plane, &kms->buffers[back], seen, seen);
	kms->front = back;
}

/* NULL: it is over. */
static GArray *await_panes(struct ui_kms *kms)
{
	g_mutex_lock(&kms->lock);
	while (!kms->panes && !kms->stop)
		g_cond_wait(&kms->changed, &kms->lock);
	GArray *panes = kms->stop ? NULL : g_steal_pointer(&kms->panes);
	g_mutex_unlock(&kms->lock);
	return panes;
}

static gpointer run(gpointer ctx)
{
	struct ui_kms *kms = ctx;
	GArray *panes;

	while ((panes = await_panes(kms))) {
		show(kms, panes);
		g_array_unref(panes);
	}
	return NULL;
}

/* ---- opening ---- */

static int open_first(const char *folder, struct kms_device *ret)
{
	int r = -ENOENT;

	for (int i = 0; i < DEVICES_MAX && r < 0; i++) {
		char *path = g_strdup_printf("%s/card%d", folder, i);
		int error = kms_device_open(path, ret);
		if (error != -ENOENT)
			r = error;
		g_free(path);
	}
	return r;
}

static int try_plane(struct ui_kms *kms, uint32_t plane, const struct kms_buffer *buffer,
	struct ui_area from, struct ui_area to)
{
	int r = kms_device_show(&kms->device, plane, buffer, from, to);

	if (r == 0 &&
		!(plane == kms->device.choice.panel_plane && kms->device.choice.panel_is_primary))
		r = kms_device_show(&kms->device, plane, NULL, from, (struct ui_area){0});
	return r;
}

/* In the format that the sink asks its decoder for, or else converts to. */
static int try_video(struct ui_kms *kms)
{
	const struct ui_area picture = {0, 0, TRIAL_WIDTH, TRIAL_HEIGHT};
	static const uint32_t formats[] = {DRM_FORMAT_NV12, DRM_FORMAT_XRGB8888};
	int r = -ENOTSUP;

	for (size_t i = 0; i < G_N_ELEMENTS(formats) && r < 0; i++) {
		struct kms_buffer buffer = {0};
		r = kms_buffer_make(&kms->device, TRIAL_WIDTH, TRIAL_HEIGHT, formats[i], &buffer);
		if (r == 0)
			r = try_plane(
				kms, kms->device.choice.video_plane, &buffer, picture, whole(kms));
		kms_buffer_clear(&kms->device, &buffer);
	}
	return r;
}

static int try_panels(struct ui_kms *kms)
{
	const struct ui_area small = {
		0, 0, MIN(TRIAL_PANEL, kms->width), MIN(TRIAL_PANEL, kms->height)};
	struct ui_area area = kms->device.choice.panel_is_primary ? whole(kms) : small;

	return try_plane(kms, kms->device.choice.panel_plane, &kms->buffers[0], area, area);
}

/* What a driver allows is known only when it is asked to do it. */
static int begin(struct ui_kms *kms)
{
	bool is_primary = kms->device.choice.panel_is_primary;
	struct kms_device *device = &kms->device;
	int r = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(kms->buffers) && r == 0; i++)
		r = kms_buffer_make(
			device, kms->width, kms->height, DRM_FORMAT_ARGB8888, &kms->buffers[i]);
	if (r == 0 && !is_primary)
		r = kms_buffer_make(
			device, kms->width, kms->height, DRM_FORMAT_XRGB8888, &kms->black);
	if (r == 0)
		r = kms_device_begin(device, is_primary ? &kms->buffers[0] : &kms->black);
	if (r == 0)
		r = kms_device_order(device);
	if (r == 0)
		r = try_video(kms);
	if (r == 0)
		r = try_panels(kms);
	return r < 0 ? -ENOTSUP : 0;
}

static int start_thread(struct ui_kms *kms)
{
	kms->row = g_new(uint32_t, kms->width);
	kms->thread = g_thread_try_new("panels", run, kms, NULL);
	return kms->thread ? 0 : -EAGAIN;
}

int ui_kms_open(const char *folder, struct ui_kms **ret)
{
	struct kms_device device;
	int r = open_first(folder, &device);

	if (r < 0)
		return r;
	struct ui_kms *kms = g_new0(struct ui_kms, 1);
	kms->device = device;
	kms->width = device.mode.hdisplay;
	kms->height = device.mode.vdisplay;
	g_mutex_init(&kms->lock);
	g_cond_init(&kms->changed);
	r = begin(kms);
	if (r == 0)
		r = start_thread(kms);
	if (r < 0)
		ui_kms_close(kms);
	else
		*ret = kms;
	return r;
}

struct ui_kms_video ui_kms_video(const struct ui_kms *kms)
{
	return (struct ui_kms_video){
		kms->device.fd, kms->device.connector, kms->device.choice.video_plane};
}

void ui_kms_size(const struct ui_kms *kms, int *ret_width, int *ret_height)
{
	*ret_width = kms->width;
	*ret_height = kms->height;
}

void ui_kms_set_panels(struct ui_kms *kms, const struct ui_pane *panes, size_t count)
{
	GArray *next = ui_panes_copy(panes, count);

	g_mutex_lock(&kms->lock);
	GArray *before = kms->panes;
	kms->panes = next;
	g_cond_signal(&kms->changed);
	g_mutex_unlock(&kms->lock);
	if (before)
		g_array_unref(before);
}

static void stop_thread(struct ui_kms *kms)
{
	g_mutex_lock(&kms->lock);
	kms->stop = true;
	g_cond_signal(&kms->changed);
	g_mutex_unlock(&kms->lock);
	g_thread_join(kms->thread);
}

/* The buffers go when they are shown no more: the kernel turns off what shows one that goes. */
void ui_kms_close(struct ui_kms *kms)
{
	if (!kms)
		return;
	if (kms->thread)
		stop_thread(kms);
	kms_device_end(&kms->device);
	for (size_t i = 0; i < G_N_ELEMENTS(kms->buffers); i++)
		kms_buffer_clear(&kms->device, &kms->buffers[i]);
	kms_buffer_clear(&kms->device, &kms->black);
	kms_device_close(&kms->device);
	if (kms->panes)
		g_array_unref(kms->panes);
	g_cond_clear(&kms->changed);
	g_mutex_clear(&kms->lock);
	g_free(kms->row);
	g_free(kms);
}
