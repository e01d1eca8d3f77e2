#include <string.h>

#include <glib.h>

#include "tests/lab/mark.h"
#include "tests/support/test.h"

enum { WIDTH = 1280, HEIGHT = 720 };

struct picture {
	int width, height;
	uint8_t *luma;
};

static struct picture grey(int width, int height)
{
	struct picture picture = {width, height, g_malloc((gsize)width * (gsize)height)};
	memset(picture.luma, 110, (size_t)width * (size_t)height);
	return picture;
}

static bool reads(struct picture picture, struct mark *ret)
{
	return mark_read(picture.luma, picture.width, picture.height, picture.width, ret);
}

static void draw(struct picture picture, struct mark mark)
{
	mark_draw(picture.luma, picture.width, picture.height, picture.width, mark);
}

static void assert_reads(struct picture picture, struct mark expected)
{
	struct mark mark = {0};
	assert_true(reads(picture, &mark));
	assert_int_equal(mark.channel, expected.channel);
	assert_int_equal(mark.frame, expected.frame);
}

/* The nearest sample: the worst that a scaler would do. */
static struct picture scaled(struct picture from, int width, int height)
{
	struct picture to = grey(width, height);
	for (int y = 0; y < height; y++)
		for (int x = 0; x < width; x++)
			to.luma[y * width + x] = from.luma[y * from.height / height * from.width +
							   x * from.width / width];
	return to;
}

static void add_noise(GRand *random, struct picture picture, int amplitude)
{
	for (int i = 0; i < picture.width * picture.height; i++) {
		int value = picture.luma[i] + g_rand_int_range(random, -amplitude, amplitude + 1);
		picture.luma[i] = (uint8_t)CLAMP(value, 0, 255);
	}
}

static void every_channel_and_every_frame_reads_back(void **state)
{
	(void)state;
	struct picture picture = grey(320, 180);
	for (unsigned channel = 1; channel <= 255; channel++)
		for (unsigned frame = channel; frame <= 65535; frame += 257) {
			struct mark mark = {(uint8_t)channel, (uint16_t)frame};
			draw(picture, mark);
			assert_reads(picture, mark);
		}
	for (unsigned frame = 0; frame <= 65535; frame++) {
		struct mark mark = {8, (uint16_t)frame};
		draw(picture, mark);
		assert_reads(picture, mark);
	}
	g_free(picture.luma);
}

static void reads_through_noise_and_scaling(void **state)
{
	(void)state;
	static const int sizes[][2] = {{1280, 720}, {640, 360}, {854, 480}, {720, 576},
		{1920, 1080}, {320, 180}, {1279, 719}};
	GRand *random = g_rand_new_with_seed(1);
	for (unsigned i = 0; i < 40; i++) {
		struct mark mark = {(uint8_t)(1 + i * 6), (uint16_t)(i * 1631)};
		struct picture picture = grey(WIDTH, HEIGHT);
		draw(picture, mark);
		add_noise(random, picture, 60);
		for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++) {
			struct picture other = scaled(picture, sizes[k][0], sizes[k][1]);
			assert_reads(other, mark);
			g_free(other.luma);
		}
		g_free(picture.luma);
	}
	g_rand_free(random);
}

/* Inverts one block of the mark, whose grid is the header's contract. */
static void invert_block(struct picture picture, int block)
{
	int side = picture.width / 80;
	int left = (4 + block % 20) * side, top = (39 + block / 20) * side;
	for (int y = top; y < top + side; y++)
		for (int x = left; x < left + side; x++)
			picture.luma[y * picture.width + x] ^= 0xFF;
}

static void a_damaged_mark_is_no_mark(void **state)
{
	(void)state;
	struct picture picture = grey(320, 180);
	struct mark mark;
	draw(picture, (struct mark){5, 1234});
	for (int first = 0; first < 60; first++) {
		invert_block(picture, first);
		assert_false(reads(picture, &mark));
		for (int second = first + 1; second < 60; second++) {
			invert_block(picture, second);
			assert_false(reads(picture, &mark));
			for (int third = second + 1; third < 60; third++) {
				invert_block(picture, third);
				assert_false(reads(picture, &mark));
				invert_block(picture, third);
			}
			invert_block(picture, second);
		}
		invert_block(picture, first);
	}
	assert_reads(picture, (struct mark){5, 1234});
	g_free(picture.luma);
}

static void a_half_grey_block_is_no_mark(void **state)
{
	(void)state;
	struct picture picture = grey(320, 180);
	struct mark mark = {77, 77};
	draw(picture, (struct mark){5, 1234});
	for (int y = 41 * 4; y < 42 * 4; y++)
		memset(picture.luma + y * 320 + 10 * 4, 128, 4);
	assert_false(reads(picture, &mark));
	assert_int_equal(mark.channel, 77);
	g_free(picture.luma);
}

static void pictures_without_a_mark_have_none(void **state)
{
	(void)state;
	struct mark mark;
	struct picture picture = grey(320, 180);
	GRand *random = g_rand_new_with_seed(2);
	assert_false(reads(picture, &mark));
	for (int value = 0; value < 256; value += 255) {
		memset(picture.luma, value, 320 * 180);
		assert_false(reads(picture, &mark));
	}
	for (int i = 0; i < 50; i++) {
		add_noise(random, picture, 255);
		assert_false(reads(picture, &mark));
	}
	g_rand_free(random);
	g_free(picture.luma);
}

static void stays_in_the_corner_and_within_the_stride(void **state)
{
	(void)state;
	enum { STRIDE = WIDTH + 64 };
	uint8_t *luma = g_malloc0(STRIDE * HEIGHT);
	struct mark mark;
	mark_draw(luma, WIDTH, HEIGHT, STRIDE, (struct mark){255, 65535});
	for (int y = 0; y < HEIGHT; y++)
		for (int x = 0; x < STRIDE; x++)
			if (x < WIDTH / 20 || x >= WIDTH * 3 / 10 || y < HEIGHT * 5 / 6 ||
				y >= HEIGHT * 19 / 20)
				assert_int_equal(luma[y * STRIDE + x], 0);
	assert_true(mark_read(luma, WIDTH, HEIGHT, STRIDE, &mark));
	assert_int_equal(mark.frame, 65535);
	g_free(luma);
}

static void too_small_a_picture_is_left_alone(void **state)
{
	(void)state;
	struct picture picture = grey(319, 179);
	struct mark mark;
	draw(picture, (struct mark){1, 1});
	for (int i = 0; i < 319 * 179; i++)
		assert_int_equal(picture.luma[i], 110);
	assert_false(reads(picture, &mark));
	g_free(picture.luma);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_channel_and_every_frame_reads_back),
		cmocka_unit_test(reads_through_noise_and_scaling),
		cmocka_unit_test(a_damaged_mark_is_no_mark),
		cmocka_unit_test(a_half_grey_block_is_no_mark),
		cmocka_unit_test(pictures_without_a_mark_have_none),
		cmocka_unit_test(stays_in_the_corner_and_within_the_stride),
		cmocka_unit_test(too_small_a_picture_is_left_alone),
	};
	return cmocka_run_group_tests_name("lab_mark", tests, NULL, NULL);
}
