#include "client/play/compose.h"

void composer_clear(struct composer *composer)
{
	gst_caps_replace(&composer->taken, NULL);
	gst_caps_replace(&composer->given, NULL);
	gst_clear_buffer(&composer->black);
	blender_clear(&composer->blender);
	*composer = (struct composer){0};
}

/* ---- black ---- */

/* A line of it in the format that lines of `info` are packed from: alpha and three components. */
static gpointer black_line(const GstVideoInfo *info, const GstVideoFormatInfo *unpacked)
{
	bool full = info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
	bool yuv = GST_VIDEO_FORMAT_INFO_IS_YUV(unpacked);
	const guint8 black[4] = {255, yuv && !full ? 16 : 0, yuv ? 128 : 0, yuv ? 128 : 0};
	gsize bytes = GST_VIDEO_FORMAT_INFO_BITS(unpacked) / 8, count = (gsize)info->width * 4;
	guint8 *line = g_malloc0(count * bytes);
	guint16 *words = (guint16 *)(void *)line;
	for (gsize i = 0; i < count; i++)
		if (bytes == 1)
			line[i] = black[i % 4];
		else
			words[i] = (guint16)(black[i % 4] << 8);
	return line;
}

static void fill_black(GstVideoFrame *frame)
{
	const GstVideoFormatInfo *format = frame->info.finfo;
	gpointer line = black_line(&frame->info, gst_video_format_get_info(format->unpack_format));
	for (int y = 0; y < frame->info.height; y += format->pack_lines)
		format->pack_func(format, GST_VIDEO_PACK_FLAG_NONE, line, 0, frame->data,
			frame->info.stride, frame->info.chroma_site, y, frame->info.width);
	g_free(line);
}

static GstBuffer *black_buffer(GstVideoInfo *info)
{
	GstBuffer *buffer = gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(info), NULL);
	GstVideoFrame frame;
	if (gst_video_frame_map(&frame, info, buffer, GST_MAP_WRITE)) {
		fill_black(&frame);
		gst_video_frame_unmap(&frame);
	}
	return buffer;
}

GstSample *compose_black_sample(int width, int height)
{
	GstVideoInfo info;
	gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, (guint)width, (guint)height);
	GstBuffer *buffer = black_buffer(&info);
	GstCaps *caps = gst_video_info_to_caps(&info);
	GstSample *sample = gst_sample_new(buffer, caps, NULL, NULL);
	gst_caps_unref(caps);
	gst_buffer_unref(buffer);
	return sample;
}

/* ---- what is given ---- */

static GstCaps *given_caps(GstCaps *caps, const struct aspect_fit *fit)
{
	GstCaps *given = gst_caps_copy(caps);
	gst_caps_set_simple(given, "width", G_TYPE_INT, fit->width, "height", G_TYPE_INT,
		fit->height, "pixel-aspect-ratio", GST_TYPE_FRACTION, fit->par_n, fit->par_d, NULL);
	return given;
}

static bool is_same_view(const struct compose_view *a, const struct compose_view *b)
{
	return a->aspect == b->aspect && a->width == b->width && a->height == b->height;
}

bool composer_follow(struct composer *composer, GstCaps *caps, const struct compose_view *view)
{
	if (composer->taken && is_same_view(&composer->view, view) &&
		gst_caps_is_equal(composer->taken, caps))
		return false;
	gst_caps_replace(&composer->taken, caps);
	gst_caps_replace(&composer->given, caps);
	gst_clear_buffer(&composer->black);
	composer->view = *view;
	composer->known = gst_video_info_from_caps(&composer->in, caps);
	if (!composer->known)
		return true;
	const struct aspect_picture picture = {
		composer->in.width, composer->in.height, composer->in.par_n, composer->in.par_d};
	composer->fit = aspect_fit(&picture, view->aspect, view->width, view->height);
	gst_caps_unref(composer->given);
	composer->given = given_caps(caps, &composer->fit);
	composer->known = gst_video_info_from_caps(&composer->out, composer->given);
	return true;
}

/* The same frame from this pixel on. */
static GstVideoFrame part_of(const GstVideoFrame *frame, const struct aspect_fit *fit)
{
	const GstVideoFormatInfo *format = frame->info.finfo;
	GstVideoFrame part = *frame;
	bool moved[GST_VIDEO_MAX_PLANES] = {false};
	for (guint i = 0; i < format->n_components; i++) {
		guint plane = format->plane[i];
		if (moved[plane])
			continue;
		moved[plane] = true;
		part.data[plane] = (guint8 *)frame->data[plane] +
				   (fit->y >> format->h_sub[i]) * frame->info.stride[plane] +
				   (fit->x >> format->w_sub[i]) * format->pixel_stride[i];
	}
	part.info.width = fit->width;
	part.info.height = fit->height;
	return part;
}

static void copy_part(struct composer *composer, GstBuffer *from, GstVideoFrame *to)
{
	GstVideoFrame frame;
	if (!gst_video_frame_map(&frame, &composer->in, from, GST_MAP_READ))
		return;
	GstVideoFrame part = part_of(&frame, &composer->fit);
	gst_video_frame_copy(to, &part);
	gst_video_frame_unmap(&frame);
}

static void blend(struct composer *composer, struct panels *panels, GstVideoFrame *frame)
{
	if (panels)
		blender_blend(&composer->blender, panels, composer->fit.canvas_width,
			composer->fit.canvas_height, frame);
}

static bool is_cut(const struct composer *composer)
{
	return composer->in.width != composer->out.width ||
	       composer->in.height != composer->out.height;
}

GstBuffer *composer_make(struct composer *composer, GstBuffer *picture, struct panels *panels)
{
	GstVideoFrame frame;
	if (!composer->known || (!panels && !is_cut(composer)))
		return gst_buffer_copy(picture);
	GstBuffer *buffer =
		gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(&composer->out), NULL);
	gst_buffer_copy_into(
		buffer, picture, GST_BUFFER_COPY_FLAGS | GST_BUFFER_COPY_TIMESTAMPS, 0, -1);
	if (gst_video_frame_map(&frame, &composer->out, buffer, GST_MAP_WRITE)) {
		copy_part(composer, picture, &frame);
		blend(composer, panels, &frame);
		gst_video_frame_unmap(&frame);
	}
	return buffer;
}

GstBuffer *composer_make_black(struct composer *composer, struct panels *panels)
{
	GstVideoFrame frame;
	if (!composer->black)
		composer->black = black_buffer(&composer->out);
	if (!panels)
		return gst_buffer_copy(composer->black);
	GstBuffer *buffer = gst_buffer_copy_deep(composer->black);
	if (gst_video_frame_map(&frame, &composer->out, buffer, GST_MAP_READWRITE)) {
		blend(composer, panels, &frame);
		gst_video_frame_unmap(&frame);
	}
	return buffer;
}
