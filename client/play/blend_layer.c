#include "client/play/blend_layer.h"

#define COMPONENTS 3

/* Samples of one component, multiplied by their alpha, and what is left of the picture's. */
struct plane {
	int x, y, width, height;  /* in the picture's samples of this component */
	uint8_t *values, *remain; /* remain: 255 - alpha */
};

struct blend_layer {
	struct play_overlay panel;
	struct plane planes[COMPONENTS];
	/* For formats whose samples do not lie by themselves in memory: GStreamer's own way. */
	GstVideoOverlayComposition *composition;
};

/* Premultiplied ARGB32 at its place in the picture's pixels. */
struct source {
	int x, y, width, height;
	gsize stride; /* in pixels */
	const uint32_t *pixels;
};

/* What makes a component of red, green and blue, each of 0 to 255; in 65536ths. */
struct mix {
	int32_t red, green, blue, offset;
};

/* ---- formats ---- */

/* Samples of a byte, or of two in planes, in our order of bytes. */
static bool is_plain(const GstVideoFormatInfo *format)
{
	const GstVideoFormatFlags odd =
		GST_VIDEO_FORMAT_FLAG_COMPLEX | GST_VIDEO_FORMAT_FLAG_PALETTE;
	bool ours =
		(G_BYTE_ORDER == G_LITTLE_ENDIAN) == !!(format->flags & GST_VIDEO_FORMAT_FLAG_LE);
	if ((format->flags & odd) || format->tile_mode != GST_VIDEO_TILE_MODE_UNKNOWN)
		return false;
	for (guint i = 0; i < MIN(format->n_components, COMPONENTS); i++)
		if (format->depth[i] != 8 &&
			(format->depth[i] < 8 || format->n_planes < 2 || !ours))
			return false;
	return true;
}

static struct mix mix_of(double red, double green, double blue, double scale, double offset)
{
	const double one = 65536 * scale / 255;
	return (struct mix){(int32_t)(red * one), (int32_t)(green * one), (int32_t)(blue * one),
		(int32_t)(offset * 65536 / 255)};
}

/* ITU-T H.273 section 8.3, in 8 bits. */
static void find_mix_yuv(const GstVideoInfo *info, struct mix mix[COMPONENTS])
{
	gdouble r, b;
	if (!gst_video_color_matrix_get_Kr_Kb(info->colorimetry.matrix, &r, &b))
		gst_video_color_matrix_get_Kr_Kb(info->height > 576 ? GST_VIDEO_COLOR_MATRIX_BT709
								    : GST_VIDEO_COLOR_MATRIX_BT601,
			&r, &b);
	bool full = info->colorimetry.range == GST_VIDEO_COLOR_RANGE_0_255;
	double g = 1 - r - b, luma = full ? 255 : 219, chroma = full ? 255 : 224;
	double u = 2 * (1 - b), v = 2 * (1 - r);
	mix[0] = mix_of(r, g, b, luma, full ? 0 : 16);
	mix[1] = mix_of(-r / u, -g / u, 0.5, chroma, 128);
	mix[2] = mix_of(0.5, -g / v, -b / v, chroma, 128);
}

static void find_mix(const GstVideoInfo *info, struct mix mix[COMPONENTS])
{
	if (!GST_VIDEO_INFO_IS_RGB(info)) {
		find_mix_yuv(info, mix);
		return;
	}
	mix[0] = mix_of(1, 0, 0, 255, 0);
	mix[1] = mix_of(0, 1, 0, 255, 0);
	mix[2] = mix_of(0, 0, 1, 255, 0);
}

/* ---- making it ---- */

static int scaled(int position, int from, int to)
{
	return (int)(((int64_t)position * to + from / 2) / from);
}

static void place(
	const struct play_overlay *panel, const struct blend_canvas *canvas, struct source *ret)
{
	int width = canvas->info->width, height = canvas->info->height;
	ret->x = scaled(panel->x, canvas->width, width);
	ret->y = scaled(panel->y, canvas->height, height);
	ret->width = scaled(panel->x + panel->width, canvas->width, width) - ret->x;
	ret->height = scaled(panel->y + panel->height, canvas->height, height) - ret->y;
}

static GstBuffer *wrap(const struct play_overlay *panel, GstVideoInfo *ret_info)
{
	gst_video_info_set_format(ret_info, GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB,
		(guint)panel->width, (guint)panel->height);
	ret_info->stride[0] = panel->stride_bytes;
	GstBuffer *buffer = gst_buffer_new_wrapped_bytes(panel->pixels);
	gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE,
		GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, (guint)panel->width, (guint)panel->height,
		1, ret_info->offset, ret_info->stride);
	return buffer;
}

/* The sum over the pixels that a sample covers: two of the four in each word, with room to add. */
struct sum {
	uint32_t red_blue, alpha_green;
};

static void add_pixel(struct sum *sum, uint32_t pixel)
{
	sum->red_blue += pixel & 0xff00ff;
	sum->alpha_green += pixel >> 8 & 0xff00ff;
}

static struct sum sum_of(const struct source *source, int x, int y, int width, int height)
{
	struct sum sum = {0, 0};
	int bottom = MIN(y + height, source->height), right = MIN(x + width, source->width);
	for (int row = MAX(y, 0); row < bottom; row++) {
		const uint32_t *pixels = source->pixels + (gsize)row * source->stride;
		for (int column = MAX(x, 0); column < right; column++)
			add_pixel(&sum, pixels[column]);
	}
	return sum;
}

/* `shift`: over so many pixels, as a power of two. */
static uint8_t mixed(const struct mix *mix, struct sum sum, unsigned shift)
{
	int32_t value = mix->red * (int32_t)(sum.red_blue >> 16) +
			mix->green * (int32_t)(sum.alpha_green & 0xffff) +
			mix->blue * (int32_t)(sum.red_blue & 0xffff) +
			mix->offset * (int32_t)(sum.alpha_green >> 16);
	value = (value + (32768 << shift)) >> (16 + shift);
	return (uint8_t)CLAMP(value, 0, 255);
}

/* The part of the panel that is in the picture, in samples of this component. */
static void size_plane(struct plane *plane, const struct source *source, const GstVideoInfo *info,
	unsigned component)
{
	const GstVideoFormatInfo *format = info->finfo;
	int right = source->x + source->width, bottom = source->y + source->height;
	plane->x = MAX(source->x, 0) >> format->w_sub[component];
	plane->y = MAX(source->y, 0) >> format->h_sub[component];
	right = GST_VIDEO_SUB_SCALE(format->w_sub[component], MIN(right, info->width));
	bottom = GST_VIDEO_SUB_SCALE(format->h_sub[component], MIN(bottom, info->height));
	plane->width = MAX(right - plane->x, 0);
	plane->height = MAX(bottom - plane->y, 0);
}

/* What is left of the picture under these: rounded down, lest it be more than all with them. */
static uint8_t remaining(struct sum sum, unsigned shift)
{
	return (uint8_t)(255 - (((sum.alpha_green >> 16) + (1U << shift) - 1) >> shift));
}

static void fill_row(const struct plane *plane, const struct source *source, const struct mix *mix,
	const guint sub[2], int y)
{
	unsigned shift = sub[0] + sub[1];
	uint8_t *values = plane->values + (gsize)y * (gsize)plane->width;
	uint8_t *remain = plane->remain + (gsize)y * (gsize)plane->width;
	int from_x = plane->x * (1 << sub[0]) - source->x;
	int from_y = (plane->y + y) * (1 << sub[1]) - source->y;
	for (int x = 0; x < plane->width; x++) {
		struct sum sum = sum_of(
			source, from_x + x * (1 << sub[0]), from_y, 1 << sub[0], 1 << sub[1]);
		values[x] = mixed(mix, sum, shift);
		remain[x] = remaining(sum, shift);
	}
}

/* A sample of each pixel. */
static void fill_row_whole(
	const struct plane *plane, const struct source *source, const struct mix *mix, int y)
{
	uint8_t *values = plane->values + (gsize)y * (gsize)plane->width;
	uint8_t *remain = plane->remain + (gsize)y * (gsize)plane->width;
	const uint32_t *pixels = source->pixels +
				 (gsize)(plane->y + y - source->y) * source->stride +
				 (plane->x - source->x);
	for (int x = 0; x < plane->width; x++) {
		struct sum sum = {0, 0};
		add_pixel(&sum, pixels[x]);
		values[x] = mixed(mix, sum, 0);
		remain[x] = (uint8_t)(255 - (pixels[x] >> 24));
	}
}

static void fill_plane(
	struct plane *plane, const struct source *source, const struct mix *mix, const guint sub[2])
{
	gsize samples = (gsize)plane->width * (gsize)plane->height;
	if (!samples)
		return;
	plane->values = g_malloc(samples);
	plane->remain = g_malloc(samples);
	for (int y = 0; y < plane->height; y++)
		if (sub[0] + sub[1])
			fill_row(plane, source, mix, sub, y);
		else
			fill_row_whole(plane, source, mix, y);
}

static void fill(struct blend_layer *layer, const struct source *source, const GstVideoInfo *info)
{
	const GstVideoFormatInfo *format = info->finfo;
	struct mix mix[COMPONENTS];
	find_mix(info, mix);
	for (guint i = 0; i < MIN(format->n_components, COMPONENTS); i++) {
		const guint sub[2] = {format->w_sub[i], format->h_sub[i]};
		size_plane(&layer->planes[i], source, info, i);
		fill_plane(&layer->planes[i], source, &mix[i], sub);
	}
}

/* From the canvas's pixels to the picture's, where these are not the same. */
static void fill_scaled(struct blend_layer *layer, struct source *source, const GstVideoInfo *info)
{
	GstVideoInfo from, to;
	GstVideoFrame frame;
	GstBuffer *panel = wrap(&layer->panel, &from), *scaled_panel = NULL;
	gst_video_blend_scale_linear_RGBA(
		&from, panel, source->height, source->width, &to, &scaled_panel);
	if (gst_video_frame_map(&frame, &to, scaled_panel, GST_MAP_READ)) {
		source->pixels = GST_VIDEO_FRAME_PLANE_DATA(&frame, 0);
		source->stride = (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&frame, 0) / 4;
		fill(layer, source, info);
		gst_video_frame_unmap(&frame);
	}
	gst_buffer_unref(scaled_panel);
	gst_buffer_unref(panel);
}

static GstVideoOverlayComposition *composition_of(
	const struct play_overlay *panel, const struct source *source)
{
	GstVideoInfo info;
	GstBuffer *buffer = wrap(panel, &info);
	GstVideoOverlayRectangle *rectangle = gst_video_overlay_rectangle_new_raw(buffer, source->x,
		source->y, (guint)source->width, (guint)source->height,
		GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
	GstVideoOverlayComposition *composition = gst_video_overlay_composition_new(rectangle);
	gst_video_overlay_rectangle_unref(rectangle);
	gst_buffer_unref(buffer);
	return composition;
}

struct blend_layer *blend_layer_new(
	const struct play_overlay *panel, const struct blend_canvas *canvas)
{
	struct blend_layer *layer = g_new0(struct blend_layer, 1);
	struct source source = {.stride = (gsize)panel->stride_bytes / 4};
	layer->panel = *panel;
	source.pixels = g_bytes_get_data(g_bytes_ref(panel->pixels), NULL);
	place(panel, canvas, &source);
	if (source.width < 1 || source.height < 1)
		return layer;
	if (!is_plain(canvas->info->finfo))
		layer->composition = composition_of(panel, &source);
	else if (source.width == panel->width && source.height == panel->height)
		fill(layer, &source, canvas->info);
	else
		fill_scaled(layer, &source, canvas->info);
	return layer;
}

void blend_layer_free(struct blend_layer *layer)
{
	if (!layer)
		return;
	for (int i = 0; i < COMPONENTS; i++) {
		g_free(layer->planes[i].values);
		g_free(layer->planes[i].remain);
	}
	if (layer->composition)
		gst_video_overlay_composition_unref(layer->composition);
	g_bytes_unref(layer->panel.pixels);
	g_free(layer);
}

const struct play_overlay *blend_layer_panel(const struct blend_layer *layer)
{
	return &layer->panel;
}

/* ---- blending ---- */

/* x / 255, rounded, for up to 16 bits of x beside 8 of the divisor. */
static uint32_t by_255(uint32_t x)
{
	x += 128;
	return (x + (x >> 8)) >> 8;
}

static void blend_bytes(guint8 *restrict to, gsize step, const uint8_t *restrict values,
	const uint8_t *restrict remain, int count)
{
	for (int i = 0; i < count; i++) {
		guint8 *sample = to + (gsize)i * step;
		*sample = (guint8)(values[i] + by_255((uint32_t)*sample * remain[i]));
	}
}

static void blend_words(guint8 *to, gsize step, const uint8_t *values, const uint8_t *remain,
	int count, const GstVideoFormatInfo *format)
{
	guint depth = format->depth[0], shift = format->shift[0];
	for (int i = 0; i < count; i++) {
		uint16_t *sample = (uint16_t *)(void *)(to + (gsize)i * step);
		uint32_t picture = (uint32_t)(*sample >> shift) * remain[i] / 255;
		*sample = (uint16_t)((((uint32_t)values[i] << (depth - 8)) + picture) << shift);
	}
}

/* Of words, GStreamer 1.22 counts P010's offset in samples instead of bytes. */
static guint8 *samples_of(GstVideoFrame *frame, int component)
{
	const GstVideoFormatInfo *format = frame->info.finfo;
	guint8 *plane = GST_VIDEO_FRAME_PLANE_DATA(frame, format->plane[component]);
	if (format->depth[component] > 8)
		return plane + (format->poffset[component] ? sizeof(uint16_t) : 0);
	return plane + format->poffset[component];
}

static void blend_plane(const struct plane *plane, GstVideoFrame *frame, int component)
{
	const GstVideoFormatInfo *format = frame->info.finfo;
	gsize step = (gsize)GST_VIDEO_FRAME_COMP_PSTRIDE(frame, component);
	gsize stride = (gsize)GST_VIDEO_FRAME_COMP_STRIDE(frame, component);
	guint8 *to =
		samples_of(frame, component) + (gsize)plane->y * stride + (gsize)plane->x * step;
	for (int y = 0; y < plane->height; y++, to += stride) {
		const uint8_t *values = plane->values + (gsize)y * (gsize)plane->width;
		const uint8_t *remain = plane->remain + (gsize)y * (gsize)plane->width;
		if (format->depth[component] > 8)
			blend_words(to, step, values, remain, plane->width, format);
		else if (step == 1) /* said by itself, for the compiler to take many at a time */
			blend_bytes(to, 1, values, remain, plane->width);
		else
			blend_bytes(to, step, values, remain, plane->width);
	}
}

void blend_layer_blend(const struct blend_layer *layer, GstVideoFrame *frame)
{
	if (layer->composition) {
		gst_video_overlay_composition_blend(layer->composition, frame);
		return;
	}
	for (int i = 0; i < COMPONENTS; i++)
		if (layer->planes[i].values)
			blend_plane(&layer->planes[i], frame, i);
}
