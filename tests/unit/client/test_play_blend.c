/* Panels over pictures of every kind: in the right place, in the right colours, and nowhere else.
 */
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#include "client/play/blend.h"
#include "tests/support/test.h"

#define WIDTH 320
#define HEIGHT 180

/* A picture of one colour. */
struct picture {
	GstVideoInfo info;
	GstBuffer *buffer;
	GstVideoFrame frame;
};

static void fill(GstVideoFrame *frame, const guint8 argb[4])
{
	guint8 *line = GST_VIDEO_FRAME_PLANE_DATA(frame, 0);
	for (int y = 0; y < HEIGHT; y++, line += GST_VIDEO_FRAME_PLANE_STRIDE(frame, 0))
		for (int x = 0; x < WIDTH; x++)
			memcpy(line + 4 * (gsize)x, argb, 4);
}

static void convert(const GstVideoFrame *from, GstVideoFrame *to)
{
	GstVideoConverter *converter = gst_video_converter_new(&from->info, &to->info, NULL);
	gst_video_converter_frame(converter, from, to);
	gst_video_converter_free(converter);
}

static void map_new(struct picture *picture, GstVideoFormat format, const char *colours)
{
	gst_video_info_set_format(&picture->info, format, WIDTH, HEIGHT);
	if (colours)
		gst_video_colorimetry_from_string(&picture->info.colorimetry, colours);
	picture->buffer = gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(&picture->info), NULL);
	assert_true(gst_video_frame_map(
		&picture->frame, &picture->info, picture->buffer, GST_MAP_READWRITE));
}

static void unmap(struct picture *picture)
{
	gst_video_frame_unmap(&picture->frame);
	gst_buffer_unref(picture->buffer);
}

static void make(
	struct picture *picture, GstVideoFormat format, const char *colours, const guint8 argb[4])
{
	struct picture plain;
	map_new(&plain, GST_VIDEO_FORMAT_ARGB, NULL);
	fill(&plain.frame, argb);
	map_new(picture, format, colours);
	convert(&plain.frame, &picture->frame);
	unmap(&plain);
}

static struct play_overlay panel_of(int x, int y, int width, int height, uint32_t colour)
{
	gsize count = (gsize)width * (gsize)height;
	uint32_t *pixels = g_new(uint32_t, count);
	for (gsize i = 0; i < count; i++)
		pixels[i] = colour;
	return (struct play_overlay){.x = x,
		.y = y,
		.width = width,
		.height = height,
		.stride_bytes = width * 4,
		.pixels = g_bytes_new_take(pixels, count * 4)};
}

static void blend_on(struct picture *picture, const struct play_overlay *list, size_t count,
	int canvas_width, int canvas_height)
{
	struct blender blender = {0};
	struct panels *panels = panels_new(list, count);
	blender_blend(&blender, panels, canvas_width, canvas_height, &picture->frame);
	panels_unref(panels);
	blender_clear(&blender);
}

/* The picture in ARGB: alpha, red, green, blue. */
static void look(const struct picture *picture, struct picture *ret)
{
	map_new(ret, GST_VIDEO_FORMAT_ARGB, NULL);
	convert(&picture->frame, &ret->frame);
}

static const guint8 *pixel(const struct picture *picture, int x, int y)
{
	const guint8 *line = GST_VIDEO_FRAME_PLANE_DATA(&picture->frame, 0);
	return line + (gsize)y * (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&picture->frame, 0) +
	       4 * (gsize)x;
}

static void expect_colour(
	const struct picture *picture, int x, int y, const int rgb[3], int tolerance)
{
	const guint8 *found = pixel(picture, x, y);
	for (int i = 0; i < 3; i++)
		if (abs(found[i + 1] - rgb[i]) > tolerance)
			fail_msg("%d %d: %d %d %d instead of %d %d %d", x, y, found[1], found[2],
				found[3], rgb[0], rgb[1], rgb[2]);
}

static const guint8 green[4] = {255, 30, 160, 60};

/* What a pixel of the panel, premultiplied, makes of the green. */
static void expect_blended(const struct picture *seen, int x, int y, uint32_t panel)
{
	int rest = 255 - (int)(panel >> 24);
	const int rgb[3] = {(int)(panel >> 16 & 255) + green[1] * rest / 255,
		(int)(panel >> 8 & 255) + green[2] * rest / 255,
		(int)(panel & 255) + green[3] * rest / 255};
	expect_colour(seen, x, y, rgb, 5);
}

static const struct {
	GstVideoFormat format;
	const char *colours;
} kinds[] = {
	{GST_VIDEO_FORMAT_I420, "bt709"},
	{GST_VIDEO_FORMAT_I420, "bt601"},
	{GST_VIDEO_FORMAT_I420, "1:3:5:1"}, /* JPEG's range */
	{GST_VIDEO_FORMAT_YV12, "bt709"},
	{GST_VIDEO_FORMAT_NV12, "bt709"},
	{GST_VIDEO_FORMAT_NV21, "bt709"},
	{GST_VIDEO_FORMAT_YUY2, "bt709"},
	{GST_VIDEO_FORMAT_Y42B, "bt709"},
	{GST_VIDEO_FORMAT_Y444, "bt709"},
	{GST_VIDEO_FORMAT_I420_10LE, "bt2020"},
	{GST_VIDEO_FORMAT_I422_10LE, "bt709"},
	{GST_VIDEO_FORMAT_P010_10LE, "bt2020"},
	{GST_VIDEO_FORMAT_v210, "bt709"},
	{GST_VIDEO_FORMAT_NV12_64Z32, "bt709"},
	{GST_VIDEO_FORMAT_BGRx, NULL},
	{GST_VIDEO_FORMAT_RGB, NULL},
	{GST_VIDEO_FORMAT_GBR, NULL},
};

static void test_colours_are_right_on_every_kind(void **state)
{
	(void)state;
	const uint32_t colours[] = {
		0xffffffff, 0xff000000, 0xffe01020, 0x80400010, 0x80000000, 0x40404040, 0xc01030a0};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (size_t c = 0; c < 7; c++) {
			struct picture picture, seen;
			make(&picture, kinds[k].format, kinds[k].colours, green);
			struct play_overlay panel = panel_of(40, 20, 80, 60, colours[c]);
			blend_on(&picture, &panel, 1, WIDTH, HEIGHT);
			look(&picture, &seen);
			expect_blended(&seen, 44, 24, colours[c]);
			expect_blended(&seen, 80, 50, colours[c]);
			expect_blended(&seen, 115, 75, colours[c]);
			expect_blended(&seen, 34, 30, 0);
			expect_blended(&seen, 126, 30, 0);
			expect_blended(&seen, 60, 15, 0);
			expect_blended(&seen, 60, 85, 0);
			g_bytes_unref(panel.pixels);
			unmap(&seen);
			unmap(&picture);
		}
}

static guint luma(const struct picture *picture, int x, int y)
{
	const guint8 *line = GST_VIDEO_FRAME_PLANE_DATA(&picture->frame, 0);
	return line[(gsize)y * (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&picture->frame, 0) + (gsize)x];
}

static void test_odd_places_are_exact(void **state)
{
	(void)state;
	for (int x = 40; x < 44; x++)
		for (int y = 20; y < 23; y++) {
			struct picture picture;
			make(&picture, GST_VIDEO_FORMAT_I420, "bt709", green);
			guint before = luma(&picture, 0, 0);
			struct play_overlay panel = panel_of(x, y, 33, 17, 0xffffffff);
			blend_on(&picture, &panel, 1, WIDTH, HEIGHT);
			assert_int_equal(luma(&picture, x - 1, y), before);
			assert_int_equal(luma(&picture, x, y - 1), before);
			assert_int_equal(luma(&picture, x + 33, y), before);
			assert_int_equal(luma(&picture, x, y + 17), before);
			assert_int_equal(luma(&picture, x, y), 235);
			assert_int_equal(luma(&picture, x + 32, y + 16), 235);
			g_bytes_unref(panel.pixels);
			unmap(&picture);
		}
}

/* A chroma sample that a panel covers by half, both of them as blue as can be. */
static void test_an_edge_of_the_brightest_does_not_wrap(void **state)
{
	(void)state;
	struct picture picture;
	make(&picture, GST_VIDEO_FORMAT_I420, "1:3:5:1", green);
	guint8 *plane = GST_VIDEO_FRAME_PLANE_DATA(&picture.frame, 1);
	gsize stride = (gsize)GST_VIDEO_FRAME_PLANE_STRIDE(&picture.frame, 1);
	memset(plane, 255, stride * (HEIGHT / 2));
	struct play_overlay panel = panel_of(41, 21, 34, 18, 0xff0000ff);
	blend_on(&picture, &panel, 1, WIDTH, HEIGHT);
	assert_in_range(plane[10 * stride + 20], 250, 255); /* a quarter of it */
	assert_in_range(plane[10 * stride + 21], 250, 255); /* half of it */
	assert_in_range(plane[11 * stride + 21], 250, 255);
	g_bytes_unref(panel.pixels);
	unmap(&picture);
}

static void test_nothing_is_nothing(void **state)
{
	(void)state;
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
		struct picture picture, untouched;
		make(&picture, kinds[k].format, kinds[k].colours, green);
		make(&untouched, kinds[k].format, kinds[k].colours, green);
		struct play_overlay panel = panel_of(0, 0, WIDTH, HEIGHT, 0);
		blend_on(&picture, &panel, 1, WIDTH, HEIGHT);
		for (guint i = 0; i < GST_VIDEO_FRAME_N_PLANES(&picture.frame); i++)
			assert_memory_equal(GST_VIDEO_FRAME_PLANE_DATA(&picture.frame, i),
				GST_VIDEO_FRAME_PLANE_DATA(&untouched.frame, i), WIDTH);
		g_bytes_unref(panel.pixels);
		unmap(&untouched);
		unmap(&picture);
	}
}

static void test_what_is_outside_is_left_out(void **state)
{
	(void)state;
	const int places[][2] = {{-50, -30}, {WIDTH - 20, HEIGHT - 10}, {-50, HEIGHT - 10},
		{WIDTH + 10, 5}, {-200, -200}, {5, HEIGHT}, {-1, -1}};
	for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (size_t i = 0; i < 7; i++) {
			struct picture picture, seen;
			int x = places[i][0], y = places[i][1];
			make(&picture, kinds[k].format, kinds[k].colours, green);
			struct play_overlay panel = panel_of(x, y, 101, 61, 0xff2050c0);
			blend_on(&picture, &panel, 1, WIDTH, HEIGHT);
			look(&picture, &seen);
			expect_blended(&seen, WIDTH / 2, HEIGHT / 2, 0);
			int inside_x = CLAMP(x + 50, 2, WIDTH - 3);
			int inside_y = CLAMP(y + 30, 2, HEIGHT - 3);
			bool covers = inside_x > x + 2 && inside_x < x + 98 && inside_y > y + 2 &&
				      inside_y < y + 58;
			expect_blended(&seen, inside_x, inside_y, covers ? 0xff2050c0 : 0);
			g_bytes_unref(panel.pixels);
			unmap(&seen);
			unmap(&picture);
		}
}

/* A canvas of square pixels over a picture whose pixels are not. */
static void test_a_canvas_covers_the_picture(void **state)
{
	(void)state;
	const GstVideoFormat formats[] = {GST_VIDEO_FORMAT_I420, GST_VIDEO_FORMAT_v210};
	for (size_t i = 0; i < 2; i++) {
		struct picture picture, seen;
		make(&picture, formats[i], "bt709", green);
		struct play_overlay panel =
			panel_of(WIDTH, HEIGHT / 2, WIDTH, HEIGHT / 2, 0xffc02040);
		blend_on(&picture, &panel, 1, 2 * WIDTH, HEIGHT);
		look(&picture, &seen);
		expect_blended(&seen, WIDTH / 2 + 4, HEIGHT / 2 + 4, 0xffc02040);
		expect_blended(&seen, WIDTH - 3, HEIGHT - 3, 0xffc02040);
		expect_blended(&seen, WIDTH / 2 - 4, HEIGHT - 3, 0);
		expect_blended(&seen, WIDTH - 3, HEIGHT / 2 - 4, 0);
		g_bytes_unref(panel.pixels);
		unmap(&seen);
		unmap(&picture);
	}
}

static void test_later_panels_lie_above(void **state)
{
	(void)state;
	struct picture picture, seen;
	make(&picture, GST_VIDEO_FORMAT_I420, "bt709", green);
	const struct play_overlay list[] = {
		panel_of(20, 20, 100, 100, 0xff102030), panel_of(60, 60, 20, 20, 0xffe0d0c0)};
	blend_on(&picture, list, 2, WIDTH, HEIGHT);
	look(&picture, &seen);
	expect_blended(&seen, 30, 30, 0xff102030);
	expect_blended(&seen, 70, 70, 0xffe0d0c0);
	g_bytes_unref(list[0].pixels);
	g_bytes_unref(list[1].pixels);
	unmap(&seen);
	unmap(&picture);
}

/* The same blender over time: panels come, stay, move and go, and pictures change. */
static void test_what_changes_is_followed(void **state)
{
	(void)state;
	struct blender blender = {0};
	struct play_overlay list[] = {
		panel_of(20, 20, 40, 40, 0xff102030), panel_of(100, 60, 20, 20, 0xffe0d0c0)};
	for (int step = 0; step < 6; step++) {
		struct picture picture, seen;
		make(&picture, step == 4 ? GST_VIDEO_FORMAT_NV12 : GST_VIDEO_FORMAT_I420, "bt709",
			green);
		list[1].x = step < 3 ? 100 : 200;
		struct panels *panels = panels_new(list, step == 1 ? 1 : step == 5 ? 0 : 2);
		blender_blend(&blender, panels, WIDTH, HEIGHT, &picture.frame);
		look(&picture, &seen);
		bool second = step != 1 && step != 5;
		expect_blended(&seen, 40, 40, step == 5 ? 0 : 0xff102030);
		expect_blended(&seen, 110, 70, second && step < 3 ? 0xffe0d0c0 : 0);
		expect_blended(&seen, 210, 70, second && step >= 3 ? 0xffe0d0c0 : 0);
		panels_unref(panels);
		unmap(&seen);
		unmap(&picture);
	}
	g_bytes_unref(list[0].pixels);
	g_bytes_unref(list[1].pixels);
	blender_clear(&blender);
}

static int setup(void **state)
{
	(void)state;
	gst_init(NULL, NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_colours_are_right_on_every_kind),
		cmocka_unit_test(test_odd_places_are_exact),
		cmocka_unit_test(test_an_edge_of_the_brightest_does_not_wrap),
		cmocka_unit_test(test_nothing_is_nothing),
		cmocka_unit_test(test_what_is_outside_is_left_out),
		cmocka_unit_test(test_a_canvas_covers_the_picture),
		cmocka_unit_test(test_later_panels_lie_above),
		cmocka_unit_test(test_what_changes_is_followed),
	};
	return cmocka_run_group_tests_name("client_play_blend", tests, setup, NULL);
}
