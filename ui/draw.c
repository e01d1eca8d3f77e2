#include "ui/draw.h"

#include <errno.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

/* Shares of the screen's height; legible at 3 m needs text of 1/30 and more. */
#define NUMBER_SIZE (1.0 / 9)
#define NAME_SIZE (1.0 / 18)
#define MESSAGE_SIZE (1.0 / 24)
#define PADDING (1.0 / 30)
#define RADIUS (1.0 / 60)
#define MIN_NAME_WIDTH (1.0 / 6)
#define LOGO_HEIGHT (1.0 / 11)

/* Shares of width and height alike. */
#define SAFE_AREA 0.05
#define FREE_NINTH (1.0 / 3) /* the picture's bottom left corner stays as it is */

/* Shares of the screen's width. */
#define BANNER_WIDTH 0.60
#define LOGO_WIDTH 0.10
#define MESSAGE_WIDTH 0.80

#define NARROW_LINES 3
#define WIDE_LINES 4

struct rect {
	double x, y, width, height;
};

/* A laid out text and where its top left corner belongs on the screen. */
struct text {
	PangoLayout *layout; /* NULL: no text */
	double x, y;
	PangoRectangle ink, logical; /* in pixels, from that corner */
	int baseline;
};

/* A dark plate with at most two texts and a logo on it. */
struct plate {
	struct rect box; /* without width when there is nothing to show */
	struct text texts[2];
	const struct ui_logo *logo;
	struct rect logo_box;
};

static PangoLayout *layout_new(
	PangoContext *context, const char *utf8, double size_px, PangoWeight weight)
{
	PangoLayout *layout = pango_layout_new(context);
	PangoFontDescription *font = pango_font_description_from_string("Sans");
	char *valid = g_utf8_make_valid(utf8, -1);

	pango_font_description_set_absolute_size(font, size_px * PANGO_SCALE);
	pango_font_description_set_weight(font, weight);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_text(layout, valid, -1);
	g_free(valid);
	pango_font_description_free(font);
	return layout;
}

static struct text text_of(PangoLayout *layout)
{
	struct text text = {.layout = layout};

	pango_layout_get_pixel_extents(layout, &text.ink, &text.logical);
	text.baseline = PANGO_PIXELS(pango_layout_get_baseline(layout));
	return text;
}

/* One line, ellipsized where it is wider than `max_width`. */
static struct text line_new(PangoContext *context, const char *utf8, double size_px,
	PangoWeight weight, double max_width)
{
	if (!utf8[0])
		return (struct text){0};
	PangoLayout *layout = layout_new(context, utf8, size_px, weight);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	struct text text = text_of(layout);
	if (text.logical.width > max_width) {
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
		pango_layout_set_width(layout, (int)(fmax(max_width, 1) * PANGO_SCALE));
		text = text_of(layout);
	}
	return text;
}

/* As large as there is room for it, at the place of the origin. */
static struct rect fit_logo(const struct ui_logo *logo, int width, int height)
{
	if (!logo)
		return (struct rect){0};
	double scale = fmin(LOGO_WIDTH * width / logo->width, LOGO_HEIGHT * height / logo->height);
	return (struct rect){0, 0, scale * logo->width, scale * logo->height};
}

/* The number large, the name beside it on the same centre line, at the top right; a logo before. */
static struct plate lay_out_banner(
	PangoContext *context, const struct ui_view *view, int width, int height)
{
	double pad = PADDING * height;
	struct text number = line_new(context, view->number, NUMBER_SIZE * height,
		PANGO_WEIGHT_BOLD, (1 - 2 * SAFE_AREA) * width - 2 * pad);
	double gap = number.layout ? pad : 0;
	struct rect logo = fit_logo(view->logo, width, height);
	double before = logo.width > 0 ? logo.width + pad : 0;
	double room = BANNER_WIDTH * width - 2 * pad - number.logical.width - gap - before;
	struct text name = {0};

	if (room > MIN_NAME_WIDTH * height) /* a long number on a narrow screen stands alone */
		name = line_new(context, view->name, NAME_SIZE * height, PANGO_WEIGHT_MEDIUM, room);
	struct plate plate = {.texts = {number, name}, .logo = view->logo, .logo_box = logo};

	if (!number.layout && !name.layout)
		return plate;
	if (!name.layout)
		gap = 0;
	/* Digits have no descent: the plate is even around what is seen of them. */
	plate.box.height = fmax(number.ink.height + 2 * pad, name.logical.height + pad);
	plate.box.height = fmax(plate.box.height, logo.height + pad);
	plate.box.width = ceil(2 * pad + before + number.logical.width + gap + name.logical.width);
	plate.box.x = floor((1 - SAFE_AREA) * width) - plate.box.width;
	plate.box.y = ceil(SAFE_AREA * height);
	double middle = plate.box.y + plate.box.height / 2;
	plate.logo_box.x = plate.box.x + pad;
	plate.logo_box.y = middle - logo.height / 2;
	plate.texts[0].x = plate.box.x + pad + before;
	plate.texts[0].y = middle - number.ink.y - number.ink.height / 2.0;
	plate.texts[1].x = plate.texts[0].x + number.logical.width + gap - name.logical.x;
	plate.texts[1].y = middle - name.logical.height / 2.0;
	return plate;
}

/* Makes the lines about equally long: the layout as narrow as it can be with so many lines. */
static void balance_lines(PangoLayout *layout, double max_width)
{
	int lines = pango_layout_get_line_count(layout);
	int low = (int)(max_width / lines / 2), high = (int)max_width;

	while (lines > 1 && high - low > 4) {
		int middle = (low + high) / 2;
		pango_layout_set_width(layout, middle * PANGO_SCALE);
		if (pango_layout_get_line_count(layout) > lines)
			low = middle;
		else
			high = middle;
	}
	pango_layout_set_width(layout, high * PANGO_SCALE);
}

/* False when the layout needs more than `max_lines`, or a word is wider than `max_width`. */
static bool wrap_lines(PangoLayout *layout, double max_width, int max_lines)
{
	struct text text;

	pango_layout_set_width(layout, (int)(fmax(max_width, 1) * PANGO_SCALE));
	text = text_of(layout);
	if (text.logical.width > max_width || pango_layout_get_line_count(layout) > max_lines)
		return false;
	balance_lines(layout, max_width);
	return true;
}

/*
 * A sentence at the bottom, centred. A short one goes between the left and the right third of the
 * screen; a long one is wider and stands above the bottom third, whose left end is not ours.
 */
static struct plate lay_out_message(
	PangoContext *context, const struct ui_view *view, int width, int height)
{
	if (!view->message[0])
		return (struct plate){0};
	double pad = PADDING * height, bottom = floor((1 - SAFE_AREA) * height);
	PangoLayout *layout =
		layout_new(context, view->message, MESSAGE_SIZE * height, PANGO_WEIGHT_MEDIUM);
	pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
	pango_layout_set_line_spacing(layout, 1.1f);
	if (!wrap_lines(layout, (1 - 2 * FREE_NINTH) * width - 2 * pad - 2, NARROW_LINES)) {
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
		pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
		pango_layout_set_height(layout, -WIDE_LINES);
		wrap_lines(layout, MESSAGE_WIDTH * width, WIDE_LINES);
		bottom = floor((1 - FREE_NINTH) * height);
	}
	struct text text = text_of(layout);
	struct plate plate = {.box = {.width = ceil(text.logical.width + 2 * pad),
				      .height = ceil(text.logical.height + 1.2 * pad)}};
	plate.box.x = ceil((width - plate.box.width) / 2);
	plate.box.y = bottom - plate.box.height;
	text.x = plate.box.x + pad - text.logical.x;
	text.y = plate.box.y + 0.6 * pad;
	plate.texts[0] = text;
	return plate;
}

static void trace_rounded(cairo_t *cairo, const struct rect *box, double radius)
{
	double right = box->x + box->width, bottom = box->y + box->height;

	cairo_new_sub_path(cairo);
	cairo_arc(cairo, right - radius, box->y + radius, radius, -G_PI_2, 0);
	cairo_arc(cairo, right - radius, bottom - radius, radius, 0, G_PI_2);
	cairo_arc(cairo, box->x + radius, bottom - radius, radius, G_PI_2, G_PI);
	cairo_arc(cairo, box->x + radius, box->y + radius, radius, G_PI, 3 * G_PI_2);
	cairo_close_path(cairo);
}

static void paint_logo(cairo_t *cairo, const struct ui_logo *logo, const struct rect *box)
{
	/* cairo writes into it no more than into any source. */
	cairo_surface_t *surface =
		cairo_image_surface_create_for_data((unsigned char *)logo->pixels,
			CAIRO_FORMAT_ARGB32, logo->width, logo->height, logo->stride_bytes);
	cairo_save(cairo);
	cairo_translate(cairo, box->x, box->y);
	cairo_scale(cairo, box->width / logo->width, box->height / logo->height);
	cairo_set_source_surface(cairo, surface, 0, 0);
	/* Scaled up, its edges stay what they are. */
	cairo_pattern_set_extend(cairo_get_source(cairo), CAIRO_EXTEND_PAD);
	cairo_rectangle(cairo, 0, 0, logo->width, logo->height);
	cairo_fill(cairo);
	cairo_restore(cairo);
	cairo_surface_destroy(surface);
}

static void paint_plate(cairo_t *cairo, const struct plate *plate, int height)
{
	trace_rounded(cairo, &plate->box, RADIUS * height);
	cairo_set_source_rgba(cairo, 0.05, 0.06, 0.08, 0.80);
	cairo_fill(cairo);
	if (plate->logo)
		paint_logo(cairo, plate->logo, &plate->logo_box);
	for (size_t i = 0; i < G_N_ELEMENTS(plate->texts); i++) {
		const struct text *text = &plate->texts[i];
		if (!text->layout)
			continue;
		cairo_move_to(cairo, text->x, text->y);
		cairo_set_source_rgba(cairo, 1, 1, 1, i == 0 ? 1.0 : 0.92);
		pango_cairo_show_layout(cairo, text->layout);
	}
}

/* The part of the plate that is on the screen; no pixels when there is none. */
static int render_plate(const struct plate *plate, int width, int height, struct ui_image *ret)
{
	int left = (int)fmax(floor(plate->box.x), 0), top = (int)fmax(floor(plate->box.y), 0);
	int right = (int)fmin(ceil(plate->box.x + plate->box.width), width);
	int bottom = (int)fmin(ceil(plate->box.y + plate->box.height), height);
	struct ui_image image = {
		.x = left, .y = top, .width = right - left, .height = bottom - top};

	if (plate->box.width <= 0 || right <= left || bottom <= top)
		return 0;
	image.stride_bytes = cairo_format_stride_for_width(CAIRO_FORMAT_ARGB32, image.width);
	image.pixels = calloc((size_t)image.height, (size_t)image.stride_bytes);
	if (!image.pixels)
		return -ENOMEM;
	cairo_surface_t *surface = cairo_image_surface_create_for_data(
		image.pixels, CAIRO_FORMAT_ARGB32, image.width, image.height, image.stride_bytes);
	cairo_t *cairo = cairo_create(surface);
	cairo_translate(cairo, -image.x, -image.y);
	paint_plate(cairo, plate, height);
	cairo_status_t status = cairo_status(cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS) {
		ui_image_clear(&image);
		return -ENOMEM;
	}
	*ret = image;
	return 0;
}

static void plate_finish(struct plate *plate)
{
	for (size_t i = 0; i < G_N_ELEMENTS(plate->texts); i++)
		g_clear_object(&plate->texts[i].layout);
}

/* Sizes are whole screens': no hints, and grey levels since the ground is translucent. */
static PangoContext *context_new(void)
{
	PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	return context;
}

int ui_draw(const struct ui_view *view, int width, int height,
	struct ui_image images[UI_IMAGES_MAX], size_t *ret_count)
{
	PangoContext *context = context_new();
	struct plate plates[UI_IMAGES_MAX] = {
		lay_out_banner(context, view, width, height),
		lay_out_message(context, view, width, height),
	};
	size_t count = 0;
	int r = 0;

	for (size_t i = 0; i < UI_IMAGES_MAX; i++) {
		struct ui_image image = {0};
		if (r == 0)
			r = render_plate(&plates[i], width, height, &image);
		if (image.pixels)
			images[count++] = image;
		plate_finish(&plates[i]);
	}
	g_object_unref(context);
	if (r == 0)
		*ret_count = count;
	while (r < 0 && count > 0)
		ui_image_clear(&images[--count]);
	return r;
}
