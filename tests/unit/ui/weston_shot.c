#include "tests/unit/ui/weston_shot.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client.h>

#include "tests/support/test.h"

#define PATIENCE_US ((gint64)10000000)

/* weston's own protocol, of which there is no file here: take a picture of an output. */
static const struct wl_interface *shoot_types[] = {&wl_output_interface, &wl_buffer_interface};
static const struct wl_message shooter_requests[] = {{"shoot", "oo", shoot_types}};
static const struct wl_message shooter_events[] = {{"done", "", NULL}};
static const struct wl_interface shooter_interface = {
	"weston_screenshooter", 1, 1, shooter_requests, 1, shooter_events};

struct camera {
	struct wl_display *display;
	struct wl_shm *shm;
	struct wl_output *output;
	struct wl_proxy *shooter;
	int width, height;
	bool done;
};

static void on_geometry(void *data, struct wl_output *output, int32_t x, int32_t y, int32_t width,
	int32_t height, int32_t subpixel, const char *make, const char *model, int32_t transform)
{
	(void)data, (void)output, (void)x, (void)y, (void)width, (void)height;
	(void)subpixel, (void)make, (void)model, (void)transform;
}

static void on_mode(void *data, struct wl_output *output, uint32_t flags, int32_t width,
	int32_t height, int32_t refresh)
{
	struct camera *camera = data;

	(void)output, (void)refresh;
	if (flags & WL_OUTPUT_MODE_CURRENT)
		camera->width = width, camera->height = height;
}

static const struct wl_output_listener output_listener = {.geometry = on_geometry, .mode = on_mode};

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct camera *camera = data;

	(void)version;
	if (strcmp(interface, wl_shm_interface.name) == 0) {
		camera->shm = wl_registry_bind(registry, name, &wl_shm_interface, 1);
	} else if (strcmp(interface, wl_output_interface.name) == 0) {
		camera->output = wl_registry_bind(registry, name, &wl_output_interface, 1);
		wl_output_add_listener(camera->output, &output_listener, camera);
	} else if (strcmp(interface, shooter_interface.name) == 0) {
		camera->shooter = wl_registry_bind(registry, name, &shooter_interface, 1);
	}
}

static void on_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data, (void)registry, (void)name;
}

static const struct wl_registry_listener registry_listener = {on_global, on_global_remove};

static void on_done(void *data, struct wl_proxy *shooter)
{
	struct camera *camera = data;

	(void)shooter;
	camera->done = true;
}

static struct wl_buffer *buffer_new(const struct camera *camera, void **ret_pixels)
{
	int size_bytes = camera->width * camera->height * 4;
	int fd = memfd_create("shot", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, size_bytes), 0);
	*ret_pixels = mmap(NULL, (size_t)size_bytes, PROT_READ, MAP_SHARED, fd, 0);
	assert_ptr_not_equal(*ret_pixels, MAP_FAILED);
	struct wl_shm_pool *pool = wl_shm_create_pool(camera->shm, fd, size_bytes);
	struct wl_buffer *buffer = wl_shm_pool_create_buffer(
		pool, 0, camera->width, camera->height, camera->width * 4, WL_SHM_FORMAT_XRGB8888);
	wl_shm_pool_destroy(pool);
	close(fd);
	return buffer;
}

static struct weston_shot shoot(struct camera *camera)
{
	static void (*const listener[])(void) = {(void (*)(void))on_done};
	struct weston_shot shot = {camera->width, camera->height, NULL};
	size_t size_bytes = (size_t)shot.width * (size_t)shot.height * 4;
	void *pixels;
	struct wl_buffer *buffer = buffer_new(camera, &pixels);

	wl_proxy_add_listener(camera->shooter, (void (**)(void))listener, camera);
	wl_proxy_marshal(camera->shooter, 0, camera->output, buffer);
	while (!camera->done)
		assert_true(wl_display_dispatch(camera->display) >= 0);
	shot.pixels = malloc(size_bytes);
	memcpy(shot.pixels, pixels, size_bytes);
	munmap(pixels, size_bytes);
	wl_buffer_destroy(buffer);
	return shot;
}

struct weston_shot weston_shoot(void)
{
	struct camera camera = {.display = wl_display_connect(NULL)};

	assert_non_null(camera.display);
	struct wl_registry *registry = wl_display_get_registry(camera.display);
	wl_registry_add_listener(registry, &registry_listener, &camera);
	wl_display_roundtrip(camera.display);
	wl_display_roundtrip(camera.display);
	assert_non_null(camera.shooter);
	assert_true(camera.width > 0);
	struct weston_shot shot = shoot(&camera);
	wl_proxy_destroy(camera.shooter);
	wl_output_destroy(camera.output);
	wl_shm_destroy(camera.shm);
	wl_registry_destroy(registry);
	wl_display_disconnect(camera.display);
	return shot;
}

uint32_t weston_shot_at(const struct weston_shot *shot, int x, int y)
{
	assert_in_range(x, 0, shot->width - 1);
	assert_in_range(y, 0, shot->height - 1);
	return shot->pixels[(size_t)y * (size_t)shot->width + (size_t)x] & 0xffffff;
}

static bool is_near(uint32_t a, uint32_t b, int tolerance)
{
	for (int shift = 0; shift < 24; shift += 8)
		if (abs((int)(a >> shift & 0xff) - (int)(b >> shift & 0xff)) > tolerance)
			return false;
	return true;
}

static const struct weston_spot *find_wrong(
	const struct weston_shot *shot, const struct weston_spot *spots, int count, int tolerance)
{
	for (int i = 0; i < count; i++)
		if (!is_near(weston_shot_at(shot, spots[i].x, spots[i].y), spots[i].colour,
			    tolerance))
			return &spots[i];
	return NULL;
}

void weston_expect(const struct weston_spot *spots, int count, int tolerance)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;

	for (;;) {
		struct weston_shot shot = weston_shoot();
		const struct weston_spot *wrong = find_wrong(&shot, spots, count, tolerance);
		uint32_t seen = wrong ? weston_shot_at(&shot, wrong->x, wrong->y) : 0;
		free(shot.pixels);
		if (!wrong)
			return;
		if (g_get_monotonic_time() > deadline_us)
			fail_msg("at %d, %d: %06x instead of %06x", wrong->x, wrong->y, seen,
				wrong->colour);
	}
}
