/* Which part of a picture is seen, in which shape: what broadcasters send, in windows of any. */
#include <math.h>

#include "client/play/aspect.h"
#include "tests/support/test.h"

static double shape(const struct aspect_fit *fit)
{
	return (double)fit->width * fit->par_n / ((double)fit->height * fit->par_d);
}

static void expect_shape(const struct aspect_fit *fit, double wanted)
{
	assert_true(fabs(shape(fit) / wanted - 1) < 0.002);
	/* What panels are painted on has the same one. */
	double canvas = (double)fit->canvas_width / fit->canvas_height;
	assert_true(fabs(canvas / wanted - 1) < 0.005);
	assert_true(fit->canvas_width >= fit->width && fit->canvas_height >= fit->height);
}

static void expect_whole(const struct aspect_fit *fit, const struct aspect_picture *picture)
{
	assert_int_equal(fit->x, 0);
	assert_int_equal(fit->y, 0);
	assert_int_equal(fit->width, picture->width);
	assert_int_equal(fit->height, picture->height);
}

static const struct aspect_picture sd_narrow = {720, 576, 16, 15};
static const struct aspect_picture sd_wide = {720, 576, 64, 45};
static const struct aspect_picture sd_wide_704 = {720, 576, 16, 11};
static const struct aspect_picture hd = {1920, 1080, 1, 1};
static const struct aspect_picture hd_1440 = {1440, 1080, 4, 3};
static const struct aspect_picture ntsc = {720, 480, 8, 9};
static const struct aspect_picture *const all[] = {
	&sd_narrow, &sd_wide, &sd_wide_704, &hd, &hd_1440, &ntsc};
#define ALL (sizeof all / sizeof *all)

static void test_auto_is_as_sent(void **state)
{
	(void)state;
	const int windows[][2] = {{1920, 1080}, {800, 600}, {0, 0}};
	const double shapes[] = {4. / 3, 16. / 9, 20. / 11, 16. / 9, 16. / 9, 4. / 3};
	for (size_t i = 0; i < ALL; i++)
		for (size_t k = 0; k < 3; k++) {
			struct aspect_fit fit =
				aspect_fit(all[i], PLAY_ASPECT_AUTO, windows[k][0], windows[k][1]);
			expect_whole(&fit, all[i]);
			expect_shape(&fit, shapes[i]);
			assert_int_equal(fit.par_n * all[i]->par_d, fit.par_d * all[i]->par_n);
		}
}

static void test_square_pixels_are_painted_on_as_they_are(void **state)
{
	(void)state;
	struct aspect_fit fit = aspect_fit(&hd, PLAY_ASPECT_AUTO, 1280, 720);
	assert_int_equal(fit.canvas_width, 1920);
	assert_int_equal(fit.canvas_height, 1080);
	/* Not fewer than there are, where pixels are higher than wide. */
	fit = aspect_fit(&ntsc, PLAY_ASPECT_AUTO, 1280, 720);
	assert_int_equal(fit.canvas_width, 720);
	assert_int_equal(fit.canvas_height, 540);
}

static void test_a_shape_of_its_own_is_given_to_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < ALL; i++) {
		struct aspect_fit fit = aspect_fit(all[i], PLAY_ASPECT_4_3, 1920, 1080);
		expect_whole(&fit, all[i]);
		expect_shape(&fit, 4. / 3);
		fit = aspect_fit(all[i], PLAY_ASPECT_16_9, 800, 600);
		expect_whole(&fit, all[i]);
		expect_shape(&fit, 16. / 9);
	}
}

static void test_fill_takes_the_windows_shape(void **state)
{
	(void)state;
	const int windows[][2] = {{1920, 1080}, {800, 600}, {1366, 768}, {1080, 1920}};
	for (size_t i = 0; i < ALL; i++) {
		struct aspect_fit fit;
		for (size_t k = 0; k < 4; k++) {
			fit = aspect_fit(all[i], PLAY_ASPECT_FILL, windows[k][0], windows[k][1]);
			expect_whole(&fit, all[i]);
			expect_shape(&fit, (double)windows[k][0] / windows[k][1]);
		}
		fit = aspect_fit(all[i], PLAY_ASPECT_FILL, 0, 0);
		expect_shape(&fit, 16. / 9);
	}
}

/* How much wider what is shown is than what was sent. */
static double distortion(const struct aspect_picture *picture, const struct aspect_fit *fit)
{
	return (double)fit->par_n * picture->par_d / ((double)fit->par_d * picture->par_n);
}

static void test_zoom_fills_and_distorts_nothing(void **state)
{
	(void)state;
	const int windows[][2] = {{1920, 1080}, {800, 600}, {1366, 768}, {1080, 1920}};
	for (size_t i = 0; i < ALL; i++)
		for (size_t k = 0; k < 4; k++) {
			struct aspect_fit fit =
				aspect_fit(all[i], PLAY_ASPECT_ZOOM, windows[k][0], windows[k][1]);
			expect_shape(&fit, (double)windows[k][0] / windows[k][1]);
			assert_true(fabs(distortion(all[i], &fit) - 1) < 0.03); /* whole samples */
			/* The middle is left, cut at whole chroma samples. */
			assert_int_equal(2 * fit.x + fit.width, all[i]->width);
			assert_int_equal(2 * fit.y + fit.height, all[i]->height);
			assert_true(!fit.x || !fit.y);
			assert_int_equal(fit.x % ASPECT_CUT + fit.y % ASPECT_CUT, 0);
		}
}

static void test_zoom_cuts_where_it_has_to(void **state)
{
	(void)state;
	/* A quarter of a narrow picture's height on a television. */
	struct aspect_fit fit = aspect_fit(&sd_narrow, PLAY_ASPECT_ZOOM, 1920, 1080);
	assert_int_equal(fit.y, 72);
	assert_int_equal(fit.height, 432);
	assert_int_equal(fit.x, 0);
	/* And of a wide one's width on a narrow screen. */
	fit = aspect_fit(&hd, PLAY_ASPECT_ZOOM, 800, 600);
	assert_int_equal(fit.x, 240);
	assert_int_equal(fit.width, 1440);
	assert_int_equal(fit.y, 0);
	/* Nothing where it fits. */
	fit = aspect_fit(&hd, PLAY_ASPECT_ZOOM, 1280, 720);
	expect_whole(&fit, &hd);
}

static void test_shapes_that_are_none_do_no_harm(void **state)
{
	(void)state;
	const struct aspect_picture odd[] = {{720, 576, 0, 0}, {720, 576, 65535, 1},
		{720, 576, 1, 65535}, {720, 576, -16, 15}, {720, 576, 2147483647, 2147483647},
		{2, 2, 1, 1}, {16, 8192, 1, 1}, {8192, 16, 3, 1}, {2, 8, 1, 4}, {8192, 2, 4, 1},
		{2, 64, 1, 4}, {0, 0, 1, 1}, {-1, 576, 1, 1}};
	const int windows[][2] = {{0, 0}, {-5, 3}, {1, 100000}, {100000, 1}, {1920, 1080}};
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++)
		for (int aspect = 0; aspect < PLAY_ASPECTS; aspect++)
			for (size_t k = 0; k < 5; k++) {
				struct aspect_fit fit = aspect_fit(&odd[i],
					(enum play_aspect)aspect, windows[k][0], windows[k][1]);
				assert_true(fit.par_n > 0 && fit.par_d > 0);
				assert_true(fit.canvas_width <= 7680 && fit.canvas_height <= 4320);
				if (odd[i].width <= 0)
					continue;
				assert_true(fit.width > 0 && fit.height > 0);
				assert_true(fit.canvas_width > 0 && fit.canvas_height > 0);
				assert_true(fit.x >= 0 && fit.x + fit.width <= odd[i].width);
				assert_true(fit.y >= 0 && fit.y + fit.height <= odd[i].height);
			}
	struct aspect_fit square = aspect_fit(&odd[1], PLAY_ASPECT_AUTO, 0, 0);
	expect_shape(&square, 1.25);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_auto_is_as_sent),
		cmocka_unit_test(test_square_pixels_are_painted_on_as_they_are),
		cmocka_unit_test(test_a_shape_of_its_own_is_given_to_all),
		cmocka_unit_test(test_fill_takes_the_windows_shape),
		cmocka_unit_test(test_zoom_fills_and_distorts_nothing),
		cmocka_unit_test(test_zoom_cuts_where_it_has_to),
		cmocka_unit_test(test_shapes_that_are_none_do_no_harm),
	};
	return cmocka_run_group_tests_name("client_play_aspect", tests, NULL, NULL);
}
