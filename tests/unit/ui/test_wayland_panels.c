/*
 * The panels of ui/wayland: what a compositor of ours is asked for, and what a real one shows, also
 * above a sink that comes and goes.
 */
#include "tests/support/test.h"
#include "tests/unit/ui/window_log.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <wayland-client.h>

#include "tests/unit/ui/compositor.h"
#include "tests/unit/ui/weston.h"
#include "tests/unit/ui/weston_shot.h"
#include "ui/wayland.h"

#define RED 0xffff0000
#define GREEN 0xff00ff00
#define BLUE 0xff0000ff
#define NO_COLOUR 0x000000

struct fixture {
	char dir[64];
	struct window_log log;
	struct compositor *compositor;
	struct ui_wayland *wayland;
	pid_t weston;
};

static void open_window(struct fixture *f)
{
	const struct ui_window_events events = window_log_events(&f->log);

	assert_int_equal(ui_wayland_open(&f->log.loop, "zapper", &events, &f->wayland), 0);
	wl_display_roundtrip(ui_wayland_display(f->wayland)); /* the window is committed */
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof *f);

	strcpy(f->dir, "/tmp/zapper-panels-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	setenv("XDG_RUNTIME_DIR", f->dir, 1);
	window_log_begin(&f->log);
	*state = f;
	return 0;
}

static void begin(struct fixture *f, int scale, int other_scale)
{
	f->compositor = compositor_start(
		&(struct compositor_options){.scale = scale, .other_scale = other_scale});
	open_window(f);
}

static int setup_window(void **state)
{
	setup(state);
	begin(*state, 1, 0);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	ui_wayland_close(f->wayland);
	compositor_stop(f->compositor);
	if (f->weston)
		weston_stop(f->weston);
	window_log_end(&f->log);
	uv_run(&f->log.loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&f->log.loop), 0);
	assert_int_equal(rmdir(f->dir), 0);
	free(f);
	return 0;
}

static struct ui_pane pane_of(int x, int y, int width, int height, uint32_t colour)
{
	uint32_t *pixels = g_new(uint32_t, width * height);

	for (int i = 0; i < width * height; i++)
		pixels[i] = colour;
	return (struct ui_pane){x, y, width, height, width * 4,
		g_bytes_new_take(pixels, (gsize)(width * height) * 4)};
}

/* The same, but for a rectangle of another colour. */
static struct ui_pane repainted(const struct ui_pane *pane, struct ui_area area, uint32_t colour)
{
	gsize size;
	const void *before = g_bytes_get_data(pane->pixels, &size);
	uint32_t *pixels = g_memdup2(before, size);
	struct ui_pane after = *pane;

	for (int y = area.y; y < area.y + area.height; y++)
		for (int x = area.x; x < area.x + area.width; x++)
			pixels[y * pane->width + x] = colour;
	after.pixels = g_bytes_new_take(pixels, size);
	return after;
}

static void drop(struct ui_pane *panes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		g_bytes_unref(panes[i].pixels);
}

/* Waits until the compositor has them. */
static void show(struct fixture *f, const struct ui_pane *panes, size_t count)
{
	unsigned commits = compositor_commits(f->compositor);

	ui_wayland_set_panels(f->wayland, panes, count);
	compositor_await_commits(f->compositor, commits + 1);
}

static void expect_place(struct fixture *f, size_t n, int x, int y, int width, int height)
{
	struct compositor_panel panel = compositor_panel(f->compositor, n);

	assert_int_equal(panel.x, x);
	assert_int_equal(panel.y, y);
	assert_int_equal(panel.width, width);
	assert_int_equal(panel.height, height);
}

static void expect_damage(struct fixture *f, size_t n, struct ui_area expected)
{
	struct ui_area damage = compositor_panel(f->compositor, n).damage;

	assert_int_equal(damage.x, expected.x);
	assert_int_equal(damage.y, expected.y);
	assert_int_equal(damage.width, expected.width);
	assert_int_equal(damage.height, expected.height);
}

static void test_panels_come_and_go(void **state)
{
	struct fixture *f = *state;
	struct ui_pane panes[] = {pane_of(10, 20, 300, 50, RED), pane_of(600, 40, 30, 40, GREEN)};

	show(f, panes, 2);
	assert_int_equal(compositor_panels(f->compositor), 2);
	expect_place(f, 0, 10, 20, 300, 50);
	expect_place(f, 1, 600, 40, 30, 40);
	assert_true(compositor_panel(f->compositor, 0).takes_no_input);
	show(f, &panes[1], 1);
	assert_int_equal(compositor_panels(f->compositor), 1);
	expect_place(f, 0, 600, 40, 30, 40);
	assert_int_equal(compositor_panel(f->compositor, 0).commits, 1);
	show(f, NULL, 0);
	assert_int_equal(compositor_panels(f->compositor), 0);
	drop(panes, 2);
}

/* The second list's new panel is below the one that stays. */
static void test_order_of_the_list(void **state)
{
	struct fixture *f = *state;
	struct ui_pane panes[] = {pane_of(0, 0, 10, 10, RED), pane_of(0, 0, 20, 20, GREEN),
		pane_of(0, 0, 30, 30, BLUE)};
	const struct ui_pane other_order[] = {panes[2], panes[1], panes[0]};

	show(f, &panes[1], 1);
	show(f, panes, 3);
	for (size_t i = 0; i < 3; i++)
		expect_place(f, i, 0, 0, 10 * (int)(i + 1), 10 * (int)(i + 1));
	show(f, other_order, 3);
	for (size_t i = 0; i < 3; i++)
		expect_place(f, i, 0, 0, 30 - 10 * (int)i, 30 - 10 * (int)i);
	drop(panes, 3);
}

static void test_what_stays_costs_nothing(void **state)
{
	struct fixture *f = *state;
	struct ui_pane panes[] = {pane_of(0, 0, 300, 50, RED), pane_of(600, 40, 30, 40, GREEN)};

	show(f, panes, 2);
	struct ui_pane next = repainted(&panes[1], (struct ui_area){3, 4, 5, 6}, BLUE);
	const struct ui_pane changed[] = {panes[0], next};
	show(f, changed, 2);
	assert_int_equal(compositor_panel(f->compositor, 0).commits, 1);
	assert_int_equal(compositor_panel(f->compositor, 1).commits, 2);
	expect_damage(f, 1, (struct ui_area){3, 4, 5, 6});

	/* The same list again, and one that was painted anew and looks the same: no commit. */
	unsigned commits = compositor_commits(f->compositor);
	struct ui_pane same = repainted(&next, (struct ui_area){0, 0, 0, 0}, 0);
	const struct ui_pane looks_same[] = {panes[0], same};
	ui_wayland_set_panels(f->wayland, changed, 2);
	ui_wayland_set_panels(f->wayland, looks_same, 2);
	show(f, &panes[0], 1);
	assert_int_equal(compositor_commits(f->compositor), commits + 1);
	drop(panes, 2);
	drop(&next, 1);
	drop(&same, 1);
}

static void test_moving(void **state)
{
	struct fixture *f = *state;
	struct ui_pane pane = pane_of(100, 100, 50, 50, RED);

	show(f, &pane, 1);
	pane.x = 120;
	pane.y = -7;
	show(f, &pane, 1);
	expect_place(f, 0, 120, -7, 50, 50);
	assert_int_equal(compositor_panel(f->compositor, 0).commits, 1);
	drop(&pane, 1);
}

/* By then the window's thread has seen to what it was told before. */
static void let_it_turn(struct fixture *f)
{
	unsigned commits = compositor_commits(f->compositor);

	for (unsigned i = 1; i <= 2; i++) {
		compositor_configure(f->compositor, 1280, 720);
		compositor_await_commits(f->compositor, commits + i);
	}
}

/* As long as the compositor reads what a panel was drawn into, nothing is drawn there. */
static void test_buffers_are_waited_for(void **state)
{
	struct fixture *f = *state;
	struct ui_pane panes[6] = {pane_of(0, 0, 40, 40, RED)};

	for (size_t i = 1; i < 6; i++)
		panes[i] = repainted(&panes[0], (struct ui_area){(int)i, 0, 1, 1}, BLUE);
	compositor_hold_buffers(f->compositor, true);
	show(f, &panes[0], 1);
	show(f, &panes[1], 1); /* into the second buffer; the first one is kept */
	for (size_t i = 2; i < 6; i++) {
		ui_wayland_set_panels(f->wayland, &panes[i], 1);
		let_it_turn(f);
		assert_int_equal(compositor_panel(f->compositor, 0).commits, 2);
	}
	unsigned commits = compositor_commits(f->compositor);
	compositor_hold_buffers(f->compositor, false);
	compositor_await_commits(f->compositor, commits + 1);
	/* Of those that waited the last is shown: it differs from the one before in two pixels. */
	expect_damage(f, 0, (struct ui_area){1, 0, 5, 1});
	let_it_turn(f);
	assert_int_equal(compositor_panel(f->compositor, 0).commits, 3);
	drop(panes, 6);
}

/* They are not even looked at: these could not be. */
static void test_the_same_pixels_are_not_read_again(void **state)
{
	struct fixture *f = *state;
	size_t size_bytes = 64 * 64 * 4;
	void *memory = mmap(NULL, size_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct ui_pane panes[] = {{0, 0, 64, 64, 64 * 4, g_bytes_new_static(memory, size_bytes)},
		pane_of(100, 0, 64, 64, RED)};

	show(f, panes, 2);
	assert_int_equal(mprotect(memory, size_bytes, PROT_NONE), 0);
	show(f, panes, 1);
	panes[0].x = 500;
	show(f, panes, 2);
	expect_place(f, 0, 500, 0, 64, 64);
	drop(panes, 2);
	munmap(memory, size_bytes);
}

/* Two pixels of the screen to a unit: painted for all of them, in whole units. */
static void test_scale_2(void **state)
{
	struct fixture *f = *state;
	int width, height;

	begin(f, 2, 0);
	ui_wayland_size(f->wayland, &width, &height);
	assert_int_equal(width, 1280);
	ui_wayland_panel_size(f->wayland, &width, &height);
	assert_int_equal(width, 2560);
	assert_int_equal(height, 1440);
	struct ui_pane pane = pane_of(101, 200, 50, 31, RED);
	show(f, &pane, 1);
	expect_place(f, 0, 50, 100, 52, 32);
	assert_int_equal(compositor_panel(f->compositor, 0).scale, 2);
	expect_damage(f, 0, (struct ui_area){0, 0, 26, 16});
	struct ui_pane next = repainted(&pane, (struct ui_area){3, 4, 1, 1}, BLUE);
	show(f, &next, 1); /* 1 + 3 of the buffer's */
	expect_damage(f, 0, (struct ui_area){2, 2, 1, 1});
	drop(&pane, 1);
	drop(&next, 1);
}

static void test_scale_changes(void **state)
{
	struct fixture *f = *state;
	struct ui_pane pane = pane_of(100, 100, 50, 50, RED);
	int width, height;

	show(f, &pane, 1);
	compositor_set_scale(f->compositor, 2);
	window_log_wait(&f->log, &f->log.resizes, 1);
	assert_int_equal(f->log.width, 1280);
	ui_wayland_panel_size(f->wayland, &width, &height);
	assert_int_equal(width, 2560);
	show(f, &pane, 1);
	expect_place(f, 0, 50, 50, 50, 50);
	assert_int_equal(compositor_panel(f->compositor, 0).scale, 2);
	drop(&pane, 1);
}

static void expect_scale(struct fixture *f, size_t resizes, int scale)
{
	int width, height;

	window_log_wait(&f->log, &f->log.resizes, resizes);
	ui_wayland_panel_size(f->wayland, &width, &height);
	assert_int_equal(width, 1280 * scale);
	assert_int_equal(height, 720 * scale);
}

/* Of two screens it is that of the one that the window is on. */
static void test_scale_of_the_screen_it_is_on(void **state)
{
	struct fixture *f = *state;

	begin(f, 1, 2);
	expect_scale(f, 0, 2); /* not known yet: painted too large is better than too small */
	compositor_enter_output(f->compositor, 0);
	expect_scale(f, 1, 1);
	compositor_enter_output(f->compositor, 1); /* on both */
	expect_scale(f, 2, 2);
	compositor_unplug_output(f->compositor, 1);
	expect_scale(f, 3, 1);
}

static void test_window_goes_with_its_panels(void **state)
{
	struct fixture *f = *state;
	struct ui_pane pane = pane_of(0, 0, 50, 50, RED);

	show(f, &pane, 1);
	ui_wayland_set_panels(f->wayland, &pane, 1);
	compositor_stop(f->compositor);
	f->compositor = NULL;
	window_log_wait(&f->log, &f->log.closes, 1);
	ui_wayland_set_panels(f->wayland, &pane, 1);
	drop(&pane, 1);
}

/* ---- on weston ---- */

/* What waylandsink does: a child of the surface that it is given, each time it starts. */
struct sink {
	struct wl_event_queue *queue;
	struct wl_display *display;
	struct wl_compositor *compositor;
	struct wl_subcompositor *subcompositor;
	struct wl_shm *shm;
	struct wl_surface *surface;
	struct wl_subsurface *subsurface;
	struct wl_buffer *buffer;
};

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
	const char *interface, uint32_t version)
{
	struct sink *sink = data;

	(void)version;
	if (strcmp(interface, "wl_compositor") == 0)
		sink->compositor = wl_registry_bind(registry, name, &wl_compositor_interface, 1);
	else if (strcmp(interface, "wl_subcompositor") == 0)
		sink->subcompositor =
			wl_registry_bind(registry, name, &wl_subcompositor_interface, 1);
	else if (strcmp(interface, "wl_shm") == 0)
		sink->shm = wl_registry_bind(registry, name, &wl_shm_interface, 1);
}

static void on_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
	(void)data, (void)registry, (void)name;
}

static const struct wl_registry_listener registry_listener = {on_global, on_global_remove};

static void sink_connect(struct sink *sink, struct ui_wayland *wayland)
{
	*sink = (struct sink){.queue = wl_display_create_queue(ui_wayland_display(wayland))};
	sink->display = wl_proxy_create_wrapper(ui_wayland_display(wayland));
	wl_proxy_set_queue((struct wl_proxy *)sink->display, sink->queue);
	struct wl_registry *registry = wl_display_get_registry(sink->display);
	wl_registry_add_listener(registry, &registry_listener, sink);
	wl_display_roundtrip_queue(ui_wayland_display(wayland), sink->queue);
	wl_registry_destroy(registry);
	assert_non_null(sink->subcompositor);
}

static struct wl_buffer *colour_buffer(
	const struct sink *sink, int width, int height, uint32_t colour)
{
	int size_bytes = width * height * 4;
	int fd = memfd_create("sink", MFD_CLOEXEC);

	assert_int_equal(ftruncate(fd, size_bytes), 0);
	uint32_t *pixels =
		mmap(NULL, (size_t)size_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	for (int i = 0; i < width * height; i++)
		pixels[i] = colour;
	munmap(pixels, (size_t)size_bytes);
	struct wl_shm_pool *pool = wl_shm_create_pool(sink->shm, fd, size_bytes);
	struct wl_buffer *buffer = wl_shm_pool_create_buffer(
		pool, 0, width, height, width * 4, WL_SHM_FORMAT_XRGB8888);
	wl_shm_pool_destroy(pool);
	close(fd);
	return buffer;
}

static void sink_start(struct sink *sink, struct ui_wayland *wayland, uint32_t colour)
{
	sink->surface = wl_compositor_create_surface(sink->compositor);
	sink->subsurface = wl_subcompositor_get_subsurface(
		sink->subcompositor, sink->surface, ui_wayland_surface(wayland));
	wl_subsurface_set_desync(sink->subsurface);
	sink->buffer = colour_buffer(sink, 800, 480, colour);
	wl_surface_attach(sink->surface, sink->buffer, 0, 0);
	wl_surface_damage(sink->surface, 0, 0, 800, 480);
	wl_surface_commit(sink->surface);
	ui_wayland_commit(wayland);
}

static void sink_stop(struct sink *sink, struct ui_wayland *wayland)
{
	wl_subsurface_destroy(sink->subsurface);
	wl_surface_destroy(sink->surface);
	wl_buffer_destroy(sink->buffer);
	wl_display_flush(ui_wayland_display(wayland));
}

static void sink_disconnect(struct sink *sink, struct ui_wayland *wayland)
{
	wl_shm_destroy(sink->shm);
	wl_subcompositor_destroy(sink->subcompositor);
	wl_compositor_destroy(sink->compositor);
	wl_proxy_wrapper_destroy(sink->display);
	wl_display_roundtrip(ui_wayland_display(wayland));
	wl_event_queue_destroy(sink->queue);
}

#define begin_on_weston(f, scale)                                                                  \
	do {                                                                                       \
		(f)->weston = weston_start_seen(800, 480, scale);                                  \
		if (!(f)->weston)                                                                  \
			skip_because("no weston that starts headless here");                       \
		open_window(f);                                                                    \
		ui_wayland_set_fullscreen((f)->wayland, true);                                     \
		window_log_wait_width(&(f)->log, 800);                                             \
	} while (0)

static void expect_colours(
	int inside_x, int inside_y, uint32_t inside, int beside_x, int beside_y, uint32_t beside)
{
	const struct weston_spot spots[] = {
		{inside_x, inside_y, inside & 0xffffff}, {beside_x, beside_y, beside & 0xffffff}};

	weston_expect(spots, 2, 1);
}

static void test_panels_stay_above_the_sink(void **state)
{
	struct fixture *f = *state;
	struct ui_pane panes[] = {
		pane_of(100, 300, 400, 100, RED), pane_of(450, 350, 200, 20, 0x80800000)};
	struct sink sink;

	begin_on_weston(f, 1);
	ui_wayland_set_panels(f->wayland, panes, 1);
	expect_colours(499, 399, RED, 500, 399, NO_COLOUR);
	sink_connect(&sink, f->wayland);
	for (int i = 0; i < 3; i++) {
		sink_start(&sink, f->wayland, GREEN);
		expect_colours(499, 399, RED, 500, 399, GREEN);
		ui_wayland_set_panels(f->wayland, NULL, 0);
		expect_colours(499, 399, GREEN, 500, 399, GREEN);
		ui_wayland_set_panels(f->wayland, panes, 2);
		expect_colours(499, 369, RED, 500, 369, 0x807f00); /* blended */
		sink_stop(&sink, f->wayland);
		expect_colours(499, 369, RED, 500, 369, 0x800000);
		ui_wayland_set_panels(f->wayland, panes, 1);
	}
	/* Panels that come while there is no video, and are changed when it is there again. */
	ui_wayland_set_panels(f->wayland, NULL, 0);
	expect_colours(499, 399, NO_COLOUR, 500, 399, NO_COLOUR);
	ui_wayland_set_panels(f->wayland, panes, 1);
	sink_start(&sink, f->wayland, GREEN);
	struct ui_pane next = repainted(&panes[0], (struct ui_area){399, 99, 1, 1}, BLUE);
	ui_wayland_set_panels(f->wayland, &next, 1);
	expect_colours(499, 399, BLUE, 500, 399, GREEN);
	expect_colours(498, 399, RED, 500, 399, GREEN);
	sink_stop(&sink, f->wayland);
	sink_disconnect(&sink, f->wayland);
	drop(panes, 2);
	drop(&next, 1);
}

/* Each differs from the one before in one place: what was not copied, or not told, shows. */
static void test_what_changes_is_seen(void **state)
{
	struct fixture *f = *state;
	struct ui_pane pane = pane_of(100, 100, 64, 256, RED);

	begin_on_weston(f, 1);
	ui_wayland_set_panels(f->wayland, &pane, 1);
	expect_colours(100, 100, RED, 99, 100, NO_COLOUR);
	for (int i = 0; i < 8; i++) {
		struct ui_area area = {5 * i, 30 * i, 7, 5};
		struct ui_pane next = repainted(&pane, area, BLUE);
		drop(&pane, 1);
		pane = next;
		ui_wayland_set_panels(f->wayland, &pane, 1);
		expect_colours(
			100 + area.x, 100 + area.y, BLUE, 100 + area.x + 7, 100 + area.y + 4, RED);
		expect_colours(100, 100, BLUE, 106, 104, BLUE); /* the first is still there */
	}
	/* Where it moves to all of it is drawn anew, out of the last buffer. */
	pane.x = 300;
	ui_wayland_set_panels(f->wayland, &pane, 1);
	expect_colours(300, 100, BLUE, 299, 100, NO_COLOUR);
	struct weston_shot shot = weston_shoot();
	const uint32_t *wanted = g_bytes_get_data(pane.pixels, NULL);
	for (int y = 0; y < pane.height; y++)
		for (int x = 0; x < pane.width; x++)
			assert_int_equal(weston_shot_at(&shot, 300 + x, 100 + y),
				wanted[y * pane.width + x] & 0xffffff);
	free(shot.pixels);
	drop(&pane, 1);
}

static void test_scaled_output(void **state)
{
	struct fixture *f = *state;
	struct ui_pane pane = pane_of(101, 201, 300, 51, RED);
	int width, height;

	begin_on_weston(f, 2);
	ui_wayland_panel_size(f->wayland, &width, &height);
	assert_int_equal(width, 1600);
	assert_int_equal(height, 960);
	ui_wayland_set_panels(f->wayland, &pane, 1);
	/* To the pixel, whatever the units are. */
	expect_colours(101, 201, RED, 100, 201, NO_COLOUR);
	expect_colours(400, 251, RED, 401, 251, NO_COLOUR);
	expect_colours(400, 251, RED, 400, 252, NO_COLOUR);
	drop(&pane, 1);
}

/* Also when it was seen before, somewhere on the screen. */
static void test_full_screen_covers_the_screen(void **state)
{
	struct fixture *f = *state;
	struct ui_pane pane = pane_of(0, 0, 1600, 900, RED);

	f->weston = weston_start_seen(1600, 900, 1);
	if (!f->weston)
		skip_because("no weston that starts headless here");
	open_window(f);
	struct weston_shot shot = weston_shoot();
	free(shot.pixels);
	ui_wayland_set_fullscreen(f->wayland, true);
	window_log_wait_width(&f->log, 1600);
	ui_wayland_set_panels(f->wayland, &pane, 1);
	expect_colours(0, 0, RED, 1599, 899, RED);
	drop(&pane, 1);
}

/* Faster than the compositor shows them: nothing is torn, the last one stays. */
static void test_a_storm_of_panels(void **state)
{
	struct fixture *f = *state;

	begin_on_weston(f, 1);
	for (uint32_t i = 0; i < 300; i++) {
		struct ui_pane pane = pane_of(10, 10, 600, 300, 0xff000000 + i);
		ui_wayland_set_panels(f->wayland, &pane, 1);
		drop(&pane, 1);
		if (i % 50 == 0)
			uv_run(&f->log.loop, UV_RUN_NOWAIT);
	}
	expect_colours(10, 10, 299, 609, 309, 299);
	assert_int_equal(wl_display_get_error(ui_wayland_display(f->wayland)), 0);
	assert_int_equal(f->log.closes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_panels_come_and_go, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_order_of_the_list, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_what_stays_costs_nothing, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_moving, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_buffers_are_waited_for, setup_window, teardown),
		cmocka_unit_test_setup_teardown(
			test_the_same_pixels_are_not_read_again, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_scale_2, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scale_changes, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_scale_of_the_screen_it_is_on, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_window_goes_with_its_panels, setup_window, teardown),
		cmocka_unit_test_setup_teardown(test_panels_stay_above_the_sink, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_changes_is_seen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_scaled_output, setup, teardown),
		cmocka_unit_test_setup_teardown(
			test_full_screen_covers_the_screen, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_storm_of_panels, setup, teardown),
	};
	return cmocka_run_group_tests_name("ui_wayland_panels", tests, NULL, NULL);
}
