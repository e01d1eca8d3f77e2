#include "client/play/aspect.h"

/* Width by height. */
struct shape {
	int64_t width, height;
};

static const struct shape television = {16, 9};

/* Pixels or windows of another shape than up to so much are an error, not a shape. */
#define SHAPE_MAX 4
/* Nobody paints on more. */
#define CANVAS_MAX_WIDTH 7680
#define CANVAS_MAX_HEIGHT 4320

static int64_t common_divisor(int64_t a, int64_t b)
{
	while (b) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static struct shape reduced(struct shape shape)
{
	int64_t divisor = common_divisor(shape.width, shape.height);
	return (struct shape){shape.width / divisor, shape.height / divisor};
}

static bool is_shape(int64_t width, int64_t height)
{
	return width > 0 && height > 0 && width <= SHAPE_MAX * height &&
	       height <= SHAPE_MAX * width;
}

static struct shape window_shape(int width, int height)
{
	return is_shape(width, height) ? reduced((struct shape){width, height}) : television;
}

static struct shape sent_shape(const struct aspect_picture *picture)
{
	bool known = is_shape(picture->par_n, picture->par_d);
	return reduced((struct shape){(int64_t)picture->width * (known ? picture->par_n : 1),
		(int64_t)picture->height * (known ? picture->par_d : 1)});
}

/*
 * How much of `length` is too much, on one side, where `part` of `whole` is to be left: of a
 * picture that is next to nothing but long, too, something is.
 */
static int cut(int length, int64_t part, int64_t whole)
{
	int64_t left = (length * part + whole / 2) / whole;
	return (int)((length - (left ? left : 1)) / 2 / ASPECT_CUT * ASPECT_CUT);
}

/* Cuts off what does not fit into the window when the picture fills it. */
static void zoom(struct aspect_fit *fit, struct shape sent, struct shape window)
{
	int64_t window_first = window.width * sent.height, sent_first = sent.width * window.height;
	if (sent_first > window_first) {
		fit->x = cut(fit->width, window_first, sent_first);
		fit->width -= 2 * fit->x;
	} else {
		fit->y = cut(fit->height, sent_first, window_first);
		fit->height -= 2 * fit->y;
	}
}

/* Pixels such that the part that is seen has this shape. */
static void give_shape(struct aspect_fit *fit, struct shape shape)
{
	struct shape pixel =
		reduced((struct shape){shape.width * fit->height, shape.height * fit->width});
	fit->par_n = (int)pixel.width;
	fit->par_d = (int)pixel.height;
}

static void make_canvas(struct aspect_fit *fit)
{
	fit->canvas_width = fit->width;
	fit->canvas_height = fit->height;
	int64_t n = fit->par_n, d = fit->par_d;
	if (n > d)
		fit->canvas_width = (int)((fit->width * n + d / 2) / d);
	else
		fit->canvas_height = (int)((fit->height * d + n / 2) / n);
	while (fit->canvas_width > CANVAS_MAX_WIDTH || fit->canvas_height > CANVAS_MAX_HEIGHT) {
		fit->canvas_width = (fit->canvas_width + 1) / 2;
		fit->canvas_height = (fit->canvas_height + 1) / 2;
	}
}

struct aspect_fit aspect_fit(const struct aspect_picture *picture, enum play_aspect aspect,
	int window_width, int window_height)
{
	struct aspect_fit fit = {.width = picture->width,
		.height = picture->height,
		.par_n = 1,
		.par_d = 1,
		.canvas_width = picture->width,
		.canvas_height = picture->height};
	if (picture->width <= 0 || picture->height <= 0)
		return fit;
	struct shape shape = sent_shape(picture);
	struct shape window = window_shape(window_width, window_height);
	if (aspect == PLAY_ASPECT_ZOOM)
		zoom(&fit, shape, window);
	if (aspect == PLAY_ASPECT_ZOOM || aspect == PLAY_ASPECT_FILL)
		shape = window;
	else if (aspect == PLAY_ASPECT_4_3)
		shape = (struct shape){4, 3};
	else if (aspect == PLAY_ASPECT_16_9)
		shape = television;
	give_shape(&fit, shape);
	make_canvas(&fit);
	return fit;
}
