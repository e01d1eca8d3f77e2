/*
 * ui/kms_choice: which planes of devices that are described here, like those of the kernel's
 * drivers that tests are named after. What these say differs by chip and kernel: the tests are of
 * the choice, not of the drivers.
 */
#include "tests/support/test.h"

#include <errno.h>

#include "ui/kms_choice.h"

#define FIXED(value) .has_zpos = true, .zpos_is_fixed = true, .zpos = (value), .zpos_max = (value)
#define ZPOS(value, max) .has_zpos = true, .zpos = (value), .zpos_max = (max)
#define BOTH .shows_yuv = true, .shows_rgb = true, .shows_argb = true
#define RGB .shows_rgb = true, .shows_argb = true

static struct ui_kms_choice expect(const struct ui_kms_plane *planes, size_t count, unsigned crtc,
	uint32_t video, uint32_t panels)
{
	struct ui_kms_choice choice = {0};

	assert_int_equal(ui_kms_choose(planes, count, crtc, &choice), 0);
	assert_int_equal(choice.video_plane, video);
	assert_int_equal(choice.panel_plane, panels);
	return choice;
}

static void expect_none(const struct ui_kms_plane *planes, size_t count, unsigned crtc)
{
	struct ui_kms_choice choice = {.video_plane = 99};

	assert_int_equal(ui_kms_choose(planes, count, crtc, &choice), -ENOTSUP);
	assert_int_equal(choice.video_plane, 99);
}

/* Overlays that all do everything, above the primary plane in an order that is told. */
static void test_vc4(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, BOTH, FIXED(0)},
		{41, UI_KMS_OVERLAY, 1, BOTH, ZPOS(1, 127)},
		{51, UI_KMS_OVERLAY, 1, BOTH, ZPOS(2, 127)},
		{61, UI_KMS_CURSOR, 1, RGB, ZPOS(3, 127)},
	};

	(void)state;
	struct ui_kms_choice choice = expect(planes, 4, 0, 41, 51);
	assert_false(choice.panel_is_primary);
	assert_false(choice.panel_is_raised);
}

/* All overlays begin at the same height: one has to be raised. */
static void test_order_that_must_be_set(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, BOTH, FIXED(0)},
		{41, UI_KMS_OVERLAY, 1, BOTH, ZPOS(1, 5)},
		{51, UI_KMS_OVERLAY, 1, RGB, ZPOS(1, 5)},
	};

	(void)state;
	struct ui_kms_choice choice = expect(planes, 3, 0, 41, 51);
	assert_true(choice.panel_is_raised);
	assert_int_equal(choice.panel_zpos, 5);
}

/* The video's plane is below the primary one, which is transparent where there is no panel. */
static void test_meson(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{33, UI_KMS_PRIMARY, 1, RGB, FIXED(1)},
		{35, UI_KMS_OVERLAY, 1, .shows_yuv = true, FIXED(0)},
	};

	(void)state;
	struct ui_kms_choice choice = expect(planes, 2, 0, 35, 33);
	assert_true(choice.panel_is_primary);
	assert_false(choice.panel_is_raised);
}

/* Planes of three screens in a fixed order, of which the lower ones do YUV. */
static void test_i915(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, BOTH, FIXED(0)},
		{39, UI_KMS_OVERLAY, 1, BOTH, FIXED(1)},
		{47, UI_KMS_OVERLAY, 1, RGB, FIXED(2)},
		{55, UI_KMS_CURSOR, 1, RGB, FIXED(3)},
		{61, UI_KMS_PRIMARY, 2, BOTH, FIXED(0)},
		{69, UI_KMS_OVERLAY, 2, BOTH, FIXED(1)},
		{77, UI_KMS_OVERLAY, 2, RGB, FIXED(2)},
		{91, UI_KMS_PRIMARY, 4, BOTH, FIXED(0)},
		{99, UI_KMS_CURSOR, 4, RGB, FIXED(1)},
	};

	(void)state;
	expect(planes, 9, 0, 39, 47);
	expect(planes, 9, 1, 69, 77);
	expect_none(planes, 9, 2);
}

/* The upper one is the one that does YUV: a panel must not be below the video. */
static void test_yuv_on_top(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, RGB, FIXED(0)},
		{41, UI_KMS_OVERLAY, 1, RGB, FIXED(1)},
		{51, UI_KMS_OVERLAY, 1, BOTH, FIXED(2)},
	};

	(void)state;
	expect(planes, 3, 0, 41, 51); /* pictures are converted, but panels are seen */
}

static void test_single_plane(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, RGB},
		{41, UI_KMS_CURSOR, 1, RGB},
	};

	(void)state;
	expect_none(planes, 2, 0);
	expect_none(planes, 1, 0);
	expect_none(planes, 0, 0);
}

/* An overlay alone: video on the primary plane would be refused wherever it leaves bars. */
static void test_one_overlay_above_the_primary(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, BOTH, FIXED(0)},
		{41, UI_KMS_OVERLAY, 1, BOTH, FIXED(1)},
	};

	(void)state;
	expect_none(planes, 2, 0);
}

/* Which of two overlays is above is nowhere said. */
static void test_unknown_order(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, BOTH},
		{41, UI_KMS_OVERLAY, 1, BOTH},
		{51, UI_KMS_OVERLAY, 1, BOTH},
	};

	(void)state;
	expect_none(planes, 3, 0);
}

static void test_panels_need_alpha(void **state)
{
	static const struct ui_kms_plane planes[] = {
		{31, UI_KMS_PRIMARY, 1, BOTH, FIXED(0)},
		{41, UI_KMS_OVERLAY, 1, BOTH, FIXED(1)},
		{51, UI_KMS_OVERLAY, 1, .shows_yuv = true, .shows_rgb = true, FIXED(2)},
	};

	(void)state;
	expect_none(planes, 3, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vc4),
		cmocka_unit_test(test_order_that_must_be_set),
		cmocka_unit_test(test_meson),
		cmocka_unit_test(test_i915),
		cmocka_unit_test(test_yuv_on_top),
		cmocka_unit_test(test_single_plane),
		cmocka_unit_test(test_one_overlay_above_the_primary),
		cmocka_unit_test(test_unknown_order),
		cmocka_unit_test(test_panels_need_alpha),
	};
	return cmocka_run_group_tests_name("ui_kms_choice", tests, NULL, NULL);
}
