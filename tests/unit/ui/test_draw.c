/* ui/draw: where pixels are drawn and where not, on screens of several sizes. */
#include "tests/support/test.h"

#include <glib.h>
#include <string.h>

#include "ui/draw.h"

/* What fontconfig keeps for the life of the process is its own. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\n";
}

#define LONG_NAME                                                                                  \
	"A name that goes on and on and on, far beyond what any screen has room for at that size"
#define LONG_MESSAGE                                                                               \
	"Channel 12345.12345 cannot be shown here: its video is coded in a way that this box "     \
	"does "                                                                                    \
	"not know, and none of its streams can be had otherwise."

static const struct {
	int width, height;
} screens[] = {{1280, 720}, {1920, 1080}, {3840, 2160}, {720, 576}, {640, 480}};

static struct ui_view view_of(const char *number, const char *name, const char *message)
{
	struct ui_view view = {0};

	snprintf(view.number, sizeof view.number, "%s", number);
	snprintf(view.name, sizeof view.name, "%s", name);
	snprintf(view.message, sizeof view.message, "%s", message);
	return view;
}

static uint32_t pixel(const struct ui_image *image, int x, int y)
{
	uint32_t argb;

	memcpy(&argb, image->pixels + (size_t)y * (size_t)image->stride_bytes + (size_t)x * 4, 4);
	return argb;
}

/* How many pixels of the image are painted and, on the screen, satisfy `where`. */
static int count_painted(const struct ui_image *image, int width, int height,
	bool (*where)(int x, int y, int width, int height))
{
	int n = 0;

	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			if (pixel(image, x, y) != 0 &&
				where(image->x + x, image->y + y, width, height))
				n++;
	return n;
}

static bool anywhere(int x, int y, int width, int height)
{
	(void)x, (void)y, (void)width, (void)height;
	return true;
}

static bool outside_safe_area(int x, int y, int width, int height)
{
	return x * 20 < width - 20 || x * 20 > width * 19 || y * 20 < height - 20 ||
	       y * 20 > height * 19;
}

static bool in_bottom_left_ninth(int x, int y, int width, int height)
{
	return x * 3 < width && y * 3 >= height * 2;
}

static bool in_top_right_quarter(int x, int y, int width, int height)
{
	return x * 2 >= width && y * 2 < height;
}

static bool in_bottom_half(int x, int y, int width, int height)
{
	(void)x, (void)width;
	return y * 2 >= height;
}

static int count_white(const struct ui_image *image)
{
	int n = 0;

	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++)
			if ((pixel(image, x, y) & 0xff) > 0xe0)
				n++;
	return n;
}

/* Draws a view of which one thing is visible. */
static struct ui_image draw_one(const struct ui_view *view, int width, int height)
{
	struct ui_image images[UI_IMAGES_MAX];
	size_t count;

	assert_int_equal(ui_draw(view, width, height, images, &count), 0);
	assert_int_equal(count, 1);
	return images[0];
}

static void test_an_empty_view_draws_nothing(void **state)
{
	struct ui_view view = {0};
	struct ui_image images[UI_IMAGES_MAX];
	size_t count = 1;

	(void)state;
	assert_int_equal(ui_draw(&view, 1280, 720, images, &count), 0);
	assert_int_equal(count, 0);
}

static void test_banner_and_message_are_two_images(void **state)
{
	struct ui_view view = view_of("5", "Arte", "No signal on channel 5.");
	struct ui_image images[UI_IMAGES_MAX];
	size_t count;

	(void)state;
	assert_int_equal(ui_draw(&view, 1280, 720, images, &count), 0);
	assert_int_equal(count, 2);
	assert_true(images[0].y + images[0].height < images[1].y);
	for (size_t i = 0; i < count; i++)
		ui_image_clear(&images[i]);
	assert_null(images[0].pixels);
}

/* Of a banner: how many pixels are blue, as the logo is, and none of them is beside the plate. */
static size_t count_blue(const struct ui_image *image)
{
	size_t n = 0;

	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++) {
			uint32_t argb = pixel(image, x, y);
			n += (argb & 0xff) > 0xe0 && (argb >> 8 & 0xff) < 0x20;
		}
	return n;
}

static void test_a_logo_stands_before_the_number(void **state)
{
	static uint32_t blue[32 * 16];
	const struct ui_logo logo = {32, 16, 32 * 4, (const uint8_t *)blue};
	struct ui_view view = view_of("5", "Arte", "");

	(void)state;
	for (size_t i = 0; i < sizeof blue / sizeof *blue; i++)
		blue[i] = 0xff0000ff;
	struct ui_image without = draw_one(&view, 1280, 720);
	view.logo = &logo;
	struct ui_image with = draw_one(&view, 1280, 720);
	assert_int_equal(count_blue(&without), 0);
	/* 65 pixels high, twice as wide; its edges are softened. */
	assert_in_range(count_blue(&with), 126 * 62, 132 * 66);
	assert_true(with.width > without.width + 128);
	assert_int_equal(with.x + with.width, without.x + without.width);
	ui_image_clear(&with);
	ui_image_clear(&without);
}

static void assert_keeps_its_places(const struct ui_view *view, int width, int height)
{
	struct ui_image images[UI_IMAGES_MAX];
	size_t count;

	assert_int_equal(ui_draw(view, width, height, images, &count), 0);
	assert_in_range(count, 1, UI_IMAGES_MAX);
	for (size_t i = 0; i < count; i++) {
		const struct ui_image *image = &images[i];

		assert_true(image->x >= 0 && image->x + image->width <= width);
		assert_true(image->y >= 0 && image->y + image->height <= height);
		assert_true(image->stride_bytes >= image->width * 4);
		assert_true(count_painted(image, width, height, anywhere) > 0);
		assert_int_equal(count_painted(image, width, height, outside_safe_area), 0);
		assert_int_equal(count_painted(image, width, height, in_bottom_left_ninth), 0);
		ui_image_clear(&images[i]);
	}
}

static void test_safe_area_and_free_ninth(void **state)
{
	const struct ui_view views[] = {
		view_of("5", "Das Erste HD", ""),
		view_of("5", "", ""),
		view_of("", "udp://239.1.1.1:5004", ""),
		view_of("", "", "No signal on channel 5."),
		view_of("5", "Das Erste HD", "No signal on channel 5."),
		view_of("12345.12345", LONG_NAME, LONG_MESSAGE),
		view_of("7", "\xd9\x82\xd9\x86\xd8\xa7\xd8\xa9",
			"\xd9\x82\xd9\x86\xd8\xa7\xd8\xa9"),
		view_of("8", "\xe4\xb8\xad\xe5\xa4\xae", "\xe4\xb8\xad\xe5\xa4\xae"),
		view_of("9", "",
			"AWordThatIsMuchTooLongForAnyLineOfAnyScreenAndHasNoPlaceWhereItCouldBeBrok"
			"enSo"
			"ThatItMustBeBrokenAnywhere"),
		view_of("9", "\xff\xfe not UTF-8 \xc3", "\xff\xfe"),
		view_of("9", "two\nlines\tand \x01 more", "two\nlines"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof views / sizeof views[0]; i++)
		for (size_t j = 0; j < sizeof screens / sizeof screens[0]; j++)
			assert_keeps_its_places(&views[i], screens[j].width, screens[j].height);
}

static void test_banner_stands_at_the_top_right(void **state)
{
	struct ui_view view = view_of("5", "Arte", "");
	struct ui_image image = draw_one(&view, 1280, 720);

	(void)state;
	assert_int_equal(count_painted(&image, 1280, 720, in_top_right_quarter),
		count_painted(&image, 1280, 720, anywhere));
	assert_int_equal(image.x + image.width, 1280 * 95 / 100);
	assert_int_equal(image.y, 720 * 5 / 100);
	ui_image_clear(&image);
}

static void test_message_stands_at_the_bottom_centre(void **state)
{
	struct ui_view view = view_of("", "", "No signal on channel 5.");
	struct ui_image image = draw_one(&view, 1280, 720);

	(void)state;
	assert_int_equal(count_painted(&image, 1280, 720, in_bottom_half),
		count_painted(&image, 1280, 720, anywhere));
	assert_in_range(image.x + image.width / 2, 1280 / 2 - 1, 1280 / 2 + 1);
	assert_int_equal(image.y + image.height, 720 * 95 / 100);
	ui_image_clear(&image);
}

static void test_text_is_white_on_a_translucent_plate(void **state)
{
	struct ui_view view = view_of("5", "Arte", "");
	struct ui_image image = draw_one(&view, 1280, 720);

	(void)state;
	assert_in_range(count_white(&image), 500, image.width * image.height / 2);
	uint32_t plate = pixel(&image, image.width / 2, 4);
	assert_in_range(plate >> 24, 0x80, 0xf0);
	assert_in_range(plate & 0xff, 0, 0x30);
	assert_int_equal(pixel(&image, 0, 0) >> 24, 0); /* rounded */
	ui_image_clear(&image);
}

static void test_text_is_legible(void **state)
{
	struct ui_view view = view_of("", "l", "");
	struct ui_image image = draw_one(&view, 1920, 1080);
	int rows = 0;

	(void)state;
	for (int y = 0; y < image.height; y++)
		for (int x = 0; x < image.width; x++)
			if ((pixel(&image, x, y) & 0xff) > 0x80) {
				rows++;
				break;
			}
	assert_in_range(rows, 1080 / 30, 1080 / 10);
	ui_image_clear(&image);
}

static void test_a_long_name_takes_no_more_than_its_share(void **state)
{
	struct ui_view view = view_of("5", LONG_NAME, "");
	struct ui_image image = draw_one(&view, 1280, 720);

	(void)state;
	assert_in_range(image.width, 1280 / 2, 1280 * 61 / 100);
	assert_in_range(image.height, 1, 720 / 5); /* one line */
	ui_image_clear(&image);
}

static void assert_fits(const struct ui_view *view, int width, int height)
{
	struct ui_image images[UI_IMAGES_MAX];
	size_t count;

	assert_int_equal(ui_draw(view, width, height, images, &count), 0);
	for (size_t i = 0; i < count; i++) {
		assert_true(images[i].x + images[i].width <= width);
		assert_true(images[i].y + images[i].height <= height);
		ui_image_clear(&images[i]);
	}
}

static void test_screens_too_small_for_anything(void **state)
{
	struct ui_view view = view_of("12345", LONG_NAME, LONG_MESSAGE);
	static const int sizes[] = {0, 1, 2, 7, 16, 100};

	(void)state;
	for (size_t i = 0; i < 6; i++)
		for (size_t j = 0; j < 6; j++)
			assert_fits(&view, sizes[i], sizes[j]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_view_draws_nothing),
		cmocka_unit_test(test_banner_and_message_are_two_images),
		cmocka_unit_test(test_a_logo_stands_before_the_number),
		cmocka_unit_test(test_safe_area_and_free_ninth),
		cmocka_unit_test(test_banner_stands_at_the_top_right),
		cmocka_unit_test(test_message_stands_at_the_bottom_centre),
		cmocka_unit_test(test_text_is_white_on_a_translucent_plate),
		cmocka_unit_test(test_text_is_legible),
		cmocka_unit_test(test_a_long_name_takes_no_more_than_its_share),
		cmocka_unit_test(test_screens_too_small_for_anything),
	};
	/* Nothing that can be on a screen may make a library complain. */
	g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
	return cmocka_run_group_tests_name("ui_draw", tests, NULL, NULL);
}
