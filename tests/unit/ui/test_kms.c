/*
 * ui/kms on a device of ours (drm_device): what is seen, and that it is left as it was found. What
 * real drivers make of the same calls was never tried here.
 */
#include "tests/support/test.h"

#include <drm_fourcc.h>
#include <errno.h>

#include "tests/unit/ui/drm_device.h"
#include "ui/kms.h"

#define YUV DRM_FORMAT_NV12
#define RGB DRM_FORMAT_XRGB8888, DRM_FORMAT_ARGB8888

/* Overlays above the primary plane, in an order that has to be set. */
static const struct drm_plane_state overlays[] = {
	{.id = 31,
		.type = DRM_PLANE_TYPE_PRIMARY,
		.formats = {RGB},
		.has_zpos = true,
		.zpos_is_fixed = true},
	{.id = 41,
		.type = DRM_PLANE_TYPE_OVERLAY,
		.formats = {YUV},
		.has_zpos = true,
		.zpos = 1,
		.zpos_max = 3},
	{.id = 51,
		.type = DRM_PLANE_TYPE_OVERLAY,
		.formats = {YUV, RGB},
		.has_zpos = true,
		.zpos = 1,
		.zpos_max = 3},
};

/* The video's plane is the lower one. */
static const struct drm_plane_state upper_primary[] = {
	{.id = 33,
		.type = DRM_PLANE_TYPE_PRIMARY,
		.formats = {RGB},
		.has_zpos = true,
		.zpos = 1,
		.zpos_max = 1,
		.zpos_is_fixed = true},
	{.id = 35,
		.type = DRM_PLANE_TYPE_OVERLAY,
		.formats = {YUV},
		.has_zpos = true,
		.zpos_is_fixed = true},
};

struct fixture {
	struct drm_device *device;
	struct ui_kms *kms;
};

static int setup_device(void **state, const struct drm_plane_state *planes, size_t count)
{
	struct fixture *f = calloc(1, sizeof *f);

	f->device = drm_device_new(planes, count);
	*state = f;
	return 0;
}

static int setup_overlays(void **state)
{
	return setup_device(state, overlays, 3);
}

static int setup_upper_primary(void **state)
{
	return setup_device(state, upper_primary, 2);
}

static void close_kms(struct fixture *f)
{
	ui_kms_close(f->kms);
	f->kms = NULL;
}

/* Every test leaves the screen to the console, and no buffer behind. */
static int teardown(void **state)
{
	struct fixture *f = *state;

	close_kms(f);
	assert_int_equal(drm_device_buffers(f->device), 0);
	if (!f->device->is_off)
		assert_int_equal(f->device->crtc_fb, DRM_DEVICE_CONSOLE);
	for (size_t i = 0; i < f->device->plane_count; i++)
		if (f->device->planes[i].type != DRM_PLANE_TYPE_PRIMARY)
			assert_int_equal(f->device->planes[i].fb, 0);
	drm_device_free(f->device);
	free(f);
	return 0;
}

static int open_kms(struct fixture *f)
{
	return ui_kms_open(f->device->folder, &f->kms);
}

static struct ui_pane pane_of(int x, int y, int width, int height, uint32_t colour)
{
	uint32_t *pixels = g_new(uint32_t, width * height);

	for (int i = 0; i < width * height; i++)
		pixels[i] = colour;
	return (struct ui_pane){x, y, width, height, width * 4,
		g_bytes_new_take(pixels, (gsize)(width * height) * 4)};
}

/* Waits until they are shown. */
static void show(struct fixture *f, struct ui_pane *panes, size_t count)
{
	unsigned changes = f->device->changes;

	ui_kms_set_panels(f->kms, panes, count);
	for (size_t i = 0; i < count; i++)
		g_bytes_unref(panes[i].pixels);
	drm_device_await(f->device, changes + 1);
}

/* What kmssink does with its plane: grey pictures on the whole screen. */
static void play_grey(struct fixture *f)
{
	struct drm_plane_state *plane = &f->device->planes[1];
	struct ui_kms_video video = ui_kms_video(f->kms);
	uint32_t handle, pitch, fb;
	uint64_t size;
	uint8_t grey[64];

	for (size_t i = 0; i < sizeof grey; i++)
		grey[i] = 0x40;
	assert_int_equal(video.plane, plane->id);
	drmModeCreateDumbBuffer(video.fd, 8, 12, 8, 0, &handle, &pitch, &size);
	for (int y = 0; y < 8; y++)
		assert_int_equal(
			pwrite(video.fd, grey, 8,
				(off_t)(f->device->file_bytes - size + (uint64_t)y * pitch)),
			8);
	drmModeAddFB2(video.fd, 8, 8, DRM_FORMAT_NV12, (uint32_t[4]){handle, handle},
		(uint32_t[4]){pitch, pitch}, (uint32_t[4]){0, pitch * 8}, &fb, 0);
	assert_int_equal(drmModeSetPlane(video.fd, video.plane, DRM_DEVICE_CRTC, fb, 0, 0, 0,
				 DRM_DEVICE_WIDTH, DRM_DEVICE_HEIGHT, 0, 0, 8 << 16, 8 << 16),
		0);
}

/* And when it lets go of it. */
static void stop_grey(struct fixture *f)
{
	struct drm_buffer *buffer = f->device->buffers;

	while (buffer->width != 8)
		buffer++;
	drmModeRmFB(0, buffer->fb);
	drmModeDestroyDumbBuffer(0, buffer->handle);
}

static void check_panels_over_video(struct fixture *f)
{
	assert_int_equal(open_kms(f), 0);
	assert_int_equal(drm_device_at(f->device, 5, 5), 0x000000);
	play_grey(f);
	assert_int_equal(drm_device_at(f->device, 5, 5), 0x404040);

	struct ui_pane two[] = {
		pane_of(100, 200, 300, 100, 0xff2040e0), pane_of(350, 250, 200, 20, 0x80800000)};
	show(f, two, 2);
	assert_int_equal(drm_device_at(f->device, 99, 200), 0x404040);
	assert_int_equal(drm_device_at(f->device, 100, 200), 0x2040e0);
	assert_int_equal(drm_device_at(f->device, 399, 299), 0x2040e0);
	assert_int_equal(drm_device_at(f->device, 400, 260), 0x9f1f1f); /* half of the grey */
	assert_int_equal(drm_device_at(f->device, 360, 260), 0x902070);
	assert_int_equal(drm_device_at(f->device, 549, 300), 0x404040);

	struct ui_pane other = pane_of(0, 0, 50, 50, 0xff00ff00);
	show(f, &other, 1);
	assert_int_equal(drm_device_at(f->device, 49, 49), 0x00ff00);
	assert_int_equal(drm_device_at(f->device, 100, 200), 0x404040);
	/* The buffer of the first ones, with nothing of them left. */
	struct ui_pane third = pane_of(90, 190, 20, 20, 0xff0000ff);
	show(f, &third, 1);
	assert_int_equal(drm_device_at(f->device, 100, 200), 0x0000ff);
	assert_int_equal(drm_device_at(f->device, 110, 210), 0x404040);
	assert_int_equal(drm_device_at(f->device, 0, 0), 0x404040);
	show(f, NULL, 0);
	assert_int_equal(drm_device_at(f->device, 100, 200), 0x404040);
	stop_grey(f);
}

static void test_overlays(void **state)
{
	struct fixture *f = *state;

	check_panels_over_video(f);
	assert_int_equal(f->device->planes[2].zpos, 3);
}

static void test_primary_plane_above_the_video(void **state)
{
	check_panels_over_video(*state);
}

static void test_size(void **state)
{
	struct fixture *f = *state;
	int width = 0, height = 0;

	assert_int_equal(open_kms(f), 0);
	ui_kms_size(f->kms, &width, &height);
	assert_int_equal(width, DRM_DEVICE_WIDTH);
	assert_int_equal(height, DRM_DEVICE_HEIGHT);
	assert_int_equal(ui_kms_video(f->kms).connector, DRM_DEVICE_CONNECTOR);
}

/* Partly, and wholly, beside the screen. */
static void test_panels_are_cut(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_kms(f), 0);
	struct ui_pane panes[] = {pane_of(-10, -10, 20, 20, 0xff112233),
		pane_of(DRM_DEVICE_WIDTH - 10, DRM_DEVICE_HEIGHT - 10, 50, 50, 0xff445566),
		pane_of(5000, 5000, 10, 10, 0xffffffff)};
	show(f, panes, 3);
	assert_int_equal(drm_device_at(f->device, 9, 9), 0x112233);
	assert_int_equal(drm_device_at(f->device, 10, 10), 0x000000);
	assert_int_equal(
		drm_device_at(f->device, DRM_DEVICE_WIDTH - 1, DRM_DEVICE_HEIGHT - 1), 0x445566);
}

/* A screen that nobody has used yet. */
static void test_screen_that_is_off(void **state)
{
	struct fixture *f = *state;

	f->device->is_off = true;
	f->device->crtc_fb = 0;
	assert_int_equal(open_kms(f), 0);
	assert_int_not_equal(f->device->crtc_fb, 0);
	close_kms(f);
	assert_int_equal(f->device->crtc_fb, 0);
}

static void test_nothing_is_left_behind_by_what_fails(void **state)
{
	struct fixture *f = *state;

	f->device->has_other_master = true;
	assert_int_equal(open_kms(f), -EBUSY);
	f->device->has_other_master = false;
	f->device->has_no_screen = true;
	assert_int_equal(open_kms(f), -ENODEV);
	f->device->has_no_screen = false;
	f->device->plane_count = 1;
	assert_int_equal(open_kms(f), -ENOTSUP);
	f->device->plane_count = 3;
	assert_int_equal(ui_kms_open("/nonexistent", &f->kms), -ENOENT);
	assert_null(f->kms);
}

/* The planes are there, and the driver says no when they are used. */
static void test_planes_that_refuse(void **state)
{
	struct fixture *f = *state;

	f->device->planes[1].refuses_to_scale = true;
	f->device->planes[2].refuses_to_scale = true;
	assert_int_equal(open_kms(f), -ENOTSUP);
	assert_int_equal(f->device->crtc_fb, DRM_DEVICE_CONSOLE);
	f->device->planes[1].refuses_to_scale = false;
	assert_int_equal(open_kms(f), 0);
	close_kms(f);
	f->device->planes[2].refuses_all = true;
	assert_int_equal(open_kms(f), -ENOTSUP);
	assert_null(f->kms);
}

/* Faster than a screen shows them: the last ones are shown. */
static void test_a_storm_of_panels(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(open_kms(f), 0);
	for (uint32_t i = 0; i < 500; i++) {
		struct ui_pane pane = pane_of(10, 10, 20, 20, 0xff000000 + i);
		ui_kms_set_panels(f->kms, &pane, 1);
		g_bytes_unref(pane.pixels);
	}
	gint64 deadline_us = g_get_monotonic_time() + 10000000;
	while (drm_device_at(f->device, 15, 15) != 499)
		assert_true(g_get_monotonic_time() < deadline_us);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_overlays, setup_overlays, teardown),
		cmocka_unit_test_setup_teardown(
			test_primary_plane_above_the_video, setup_upper_primary, teardown),
		cmocka_unit_test_setup_teardown(test_size, setup_overlays, teardown),
		cmocka_unit_test_setup_teardown(test_panels_are_cut, setup_overlays, teardown),
		cmocka_unit_test_setup_teardown(test_screen_that_is_off, setup_overlays, teardown),
		cmocka_unit_test_setup_teardown(
			test_nothing_is_left_behind_by_what_fails, setup_overlays, teardown),
		cmocka_unit_test_setup_teardown(test_planes_that_refuse, setup_overlays, teardown),
		cmocka_unit_test_setup_teardown(test_a_storm_of_panels, setup_overlays, teardown),
	};
	return cmocka_run_group_tests_name("ui_kms", tests, NULL, NULL);
}
