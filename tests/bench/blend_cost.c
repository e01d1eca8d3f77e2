/*
 * What it costs to blend panels over a picture: by play/blend, and by GStreamer's own blending of
 * the same. Prints ms of one thread for each picture, and for a panel that is new.
 */
#include <stdio.h>
#include <string.h>

#include <gst/gst.h>

#include "client/play/blend.h"

#define PICTURES 50

/* A banner, and a list over nearly everything, in parts of the screen. */
static const struct {
	const char *name;
	double x, y, width, height;
} panels[] = {{"banner", 0.05, 0.72, 0.9, 0.23}, {"list", 0.05, 0.05, 0.9, 0.9}};

static const struct {
	int width, height;
	GstVideoFormat format;
} pictures[] = {
	{1280, 720, GST_VIDEO_FORMAT_I420},
	{1920, 1080, GST_VIDEO_FORMAT_I420},
	{1920, 1080, GST_VIDEO_FORMAT_NV12},
	{3840, 2160, GST_VIDEO_FORMAT_I420},
	{3840, 2160, GST_VIDEO_FORMAT_P010_10LE},
};

static struct play_overlay panel_of(int i, int width, int height)
{
	struct play_overlay panel = {.x = (int)(panels[i].x * width),
		.y = (int)(panels[i].y * height),
		.width = (int)(panels[i].width * width),
		.height = (int)(panels[i].height * height)};
	panel.stride_bytes = panel.width * 4;
	gsize bytes = (gsize)panel.stride_bytes * (gsize)panel.height;
	guint8 *pixels = g_malloc(bytes);
	memset(pixels, 0xa0, bytes); /* translucent, as most of a panel is */
	panel.pixels = g_bytes_new_take(pixels, bytes);
	return panel;
}

static double now_ms(void)
{
	return (double)gst_util_get_timestamp() / 1e6;
}

static void measure_ours(
	const struct play_overlay *panel, GstVideoFrame *frame, double *ret_new, double *ret_each)
{
	struct blender blender = {0};
	struct panels *list = panels_new(panel, 1);
	double begin = now_ms();
	blender_blend(&blender, list, frame->info.width, frame->info.height, frame);
	*ret_new = now_ms() - begin;
	begin = now_ms();
	for (int i = 0; i < PICTURES; i++)
		blender_blend(&blender, list, frame->info.width, frame->info.height, frame);
	*ret_each = (now_ms() - begin) / PICTURES;
	*ret_new -= *ret_each;
	panels_unref(list);
	blender_clear(&blender);
}

static double measure_gstreamer(const struct play_overlay *panel, GstVideoFrame *frame)
{
	GstBuffer *buffer = gst_buffer_new_wrapped_bytes(panel->pixels);
	gst_buffer_add_video_meta(buffer, GST_VIDEO_FRAME_FLAG_NONE,
		GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint)panel->width,
		(guint)panel->height);
	GstVideoOverlayRectangle *rectangle =
		gst_video_overlay_rectangle_new_raw(buffer, panel->x, panel->y, (guint)panel->width,
			(guint)panel->height, GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
	GstVideoOverlayComposition *composition = gst_video_overlay_composition_new(rectangle);
	double begin = now_ms();
	for (int i = 0; i < PICTURES; i++)
		gst_video_overlay_composition_blend(composition, frame);
	double each = (now_ms() - begin) / PICTURES;
	gst_video_overlay_composition_unref(composition);
	gst_video_overlay_rectangle_unref(rectangle);
	gst_buffer_unref(buffer);
	return each;
}

static void measure(size_t k, int i)
{
	GstVideoInfo info;
	GstVideoFrame frame;
	gst_video_info_set_format(
		&info, pictures[k].format, (guint)pictures[k].width, (guint)pictures[k].height);
	GstBuffer *buffer = gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(&info), NULL);
	gst_buffer_memset(buffer, 0, 100, GST_VIDEO_INFO_SIZE(&info));
	if (!gst_video_frame_map(&frame, &info, buffer, GST_MAP_READWRITE))
		return;
	struct play_overlay panel = panel_of(i, info.width, info.height);
	double ours_new, ours_each;
	measure_ours(&panel, &frame, &ours_new, &ours_each);
	double theirs = measure_gstreamer(&panel, &frame);
	printf("%4d x %4d %-10s %-8s %10.2f %10.2f %10.2f\n", info.width, info.height,
		gst_video_format_to_string(pictures[k].format), panels[i].name, theirs, ours_each,
		ours_new);
	gst_video_frame_unmap(&frame);
	gst_buffer_unref(buffer);
	g_bytes_unref(panel.pixels);
}

int main(void)
{
	gst_init(NULL, NULL);
	printf("ms, one thread%32s %10s %10s\n", "GStreamer", "ours", "once new");
	for (size_t k = 0; k < G_N_ELEMENTS(pictures); k++)
		for (int i = 0; i < 2; i++)
			measure(k, i);
	return 0;
}
