/* Panels: what of a view has changed is painted, and nothing else, and never on the loop. */
#include "client/app/panels.h"

#include <glib.h>
#include <string.h>

#include "tests/support/test.h"

#define MS UINT64_C(1000000)

struct fixture {
	uv_loop_t loop;
	struct panels *panels;
	struct ui_view view;
	unsigned told;
	size_t count;
	struct play_overlay images[UI_PANELS]; /* as they were told last, with references */
	bool closed;
	GThread *loop_thread;
	gint asked_on_loop, asked; /* for logos */
};

static void forget(struct fixture *f)
{
	for (size_t i = 0; i < f->count; i++)
		g_bytes_unref(f->images[i].pixels);
	f->count = 0;
}

static void on_ready(void *ctx, const struct play_overlay *images, size_t count)
{
	struct fixture *f = ctx;
	struct play_overlay before[UI_PANELS];
	size_t before_count = f->count;
	memcpy(before, f->images, sizeof before);
	f->told++;
	f->count = count;
	for (size_t i = 0; i < count; i++) {
		f->images[i] = images[i];
		g_bytes_ref(images[i].pixels);
	}
	for (size_t i = 0; i < before_count; i++)
		g_bytes_unref(before[i].pixels);
}

static void on_log(void *ctx, const char *sentence)
{
	(void)ctx;
	fail_msg("\"%s\"", sentence);
}

static enum ui_logo_state get_logo(
	void *ctx, int64_t id, int width, int height, struct ui_logo *ret)
{
	struct fixture *f = ctx;
	(void)id;
	(void)width;
	(void)height;
	(void)ret;
	g_atomic_int_inc(&f->asked);
	if (g_thread_self() == f->loop_thread)
		g_atomic_int_inc(&f->asked_on_loop);
	return UI_LOGO_LATER;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	const struct panels_options options = {
		.logos = {get_logo, f}, .ready = on_ready, .log = on_log, .ctx = f};
	uv_loop_init(&f->loop);
	f->loop_thread = g_thread_self();
	f->panels = panels_open(&f->loop, &options);
	assert_non_null(f->panels);
	panels_resize(f->panels, 640, 360);
	*state = f;
	return 0;
}

static void on_closed(void *ctx)
{
	((struct fixture *)ctx)->closed = true;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	if (!f->closed)
		panels_close(f->panels, on_closed, f);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_true(f->closed);
	int left = uv_loop_close(&f->loop);
	forget(f);
	g_free(f);
	return left;
}

/* Until nothing is painted any more. */
static void settle(struct fixture *f)
{
	uv_run(&f->loop, UV_RUN_DEFAULT);
}

static void show(struct fixture *f)
{
	panels_show(f->panels, &f->view);
}

static void set_banner(struct fixture *f, const char *name)
{
	memset(&f->view.banner, 0, sizeof f->view.banner);
	f->view.banner.visible = true;
	f->view.banner.logo = 1;
	g_strlcpy(f->view.banner.name, name, sizeof f->view.banner.name);
}

static void set_list(struct fixture *f, unsigned selected)
{
	struct ui_list_view *list = &f->view.list;
	memset(list, 0, sizeof *list);
	list->visible = true;
	list->total = list->row_count = 4;
	list->selected = selected;
	for (unsigned i = 0; i < 4; i++)
		g_snprintf(list->rows[i].name, sizeof list->rows[i].name, "Row %u", i);
}

static void test_what_did_not_change_keeps_its_image(void **state)
{
	struct fixture *f = *state;
	set_banner(f, "One");
	f->view.volume = (struct ui_volume_view){.visible = true, .percent = 50};
	show(f);
	settle(f);
	assert_int_equal(f->count, 2);
	GBytes *banner = f->images[0].pixels, *volume = f->images[1].pixels;
	unsigned told = f->told;
	show(f);
	settle(f);
	assert_int_equal(f->told, told); /* the same view again */
	f->view.volume.percent = 55;
	show(f);
	settle(f);
	assert_int_equal(f->told, told + 1);
	assert_ptr_equal(f->images[0].pixels, banner);
	assert_ptr_not_equal(f->images[1].pixels, volume);
	assert_int_equal(g_bytes_get_size(banner),
		(gsize)f->images[0].stride_bytes * (gsize)f->images[0].height);
	assert_true(g_atomic_int_get(&f->asked) > 0);
	assert_int_equal(g_atomic_int_get(&f->asked_on_loop), 0);
}

static void test_what_goes_is_gone_without_painting(void **state)
{
	struct fixture *f = *state;
	set_banner(f, "One");
	show(f);
	settle(f);
	assert_int_equal(f->count, 1);
	f->view.banner.visible = false;
	show(f);
	assert_int_equal(f->count, 0); /* at once */
}

/* Of many views while one is painted only the last one is. */
static void test_the_newest_view_wins(void **state)
{
	struct fixture *f = *state;
	settle(f); /* fonts */
	unsigned told = f->told;
	for (unsigned i = 0; i < 100; i++) {
		char name[16];
		g_snprintf(name, sizeof name, "Channel %u", i);
		set_banner(f, name);
		show(f);
	}
	settle(f);
	assert_int_equal(f->told, told + 2);
	GBytes *last = g_bytes_ref(f->images[0].pixels);
	set_banner(f, "One");
	show(f);
	settle(f);
	set_banner(f, "Channel 99");
	show(f);
	settle(f);
	assert_true(g_bytes_equal(f->images[0].pixels, last));
	g_bytes_unref(last);
}

/* A list gives way to a banner, and never are both seen, nor none of them. */
static void test_one_takes_the_place_of_the_other(void **state)
{
	struct fixture *f = *state;
	set_list(f, 0);
	show(f);
	settle(f);
	assert_int_equal(f->count, 1);
	GBytes *list = f->images[0].pixels;
	set_banner(f, "One");
	f->view.list.visible = false;
	show(f);
	assert_int_equal(f->count, 1);
	assert_ptr_equal(f->images[0].pixels, list);
	unsigned told = f->told;
	settle(f);
	assert_int_equal(f->told, told + 1);
	assert_int_equal(f->count, 1);
	assert_ptr_not_equal(f->images[0].pixels, list);
}

/* A large one that takes the place of another lets it stand until then. */
static void test_the_picture_is_not_seen_bare(void **state)
{
	struct fixture *f = *state;
	set_list(f, 0);
	show(f);
	settle(f);
	f->view.list.visible = false;
	f->view.guide.visible = true;
	f->view.volume = (struct ui_volume_view){.visible = true, .percent = 50};
	show(f);
	unsigned told = f->told;
	while (f->told == told)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_int_equal(f->count, 2); /* the list, and the volume already */
	settle(f);
	assert_int_equal(f->count, 2); /* the guide */
	assert_int_equal(f->told, told + 2);
}

/* What answers a key does not wait for what is large and came with it. */
static void test_small_ones_come_first(void **state)
{
	struct fixture *f = *state;
	settle(f);
	set_list(f, 0);
	f->view.volume = (struct ui_volume_view){.visible = true, .percent = 50};
	show(f);
	unsigned told = f->told;
	while (f->told == told)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_int_equal(f->count, 1); /* the volume */
	settle(f);
	assert_int_equal(f->count, 2);
}

static void test_another_size_and_other_logos_paint_anew(void **state)
{
	struct fixture *f = *state;
	set_banner(f, "One");
	f->view.volume = (struct ui_volume_view){.visible = true, .percent = 50};
	show(f);
	settle(f);
	int width = f->images[0].width;
	GBytes *volume = f->images[1].pixels;
	gint asked = g_atomic_int_get(&f->asked);
	panels_repaint(f->panels);
	settle(f);
	assert_true(g_atomic_int_get(&f->asked) > asked);
	assert_ptr_equal(f->images[1].pixels, volume); /* has no logo */
	panels_resize(f->panels, 1280, 720);
	settle(f);
	assert_int_equal(f->count, 2);
	assert_true(f->images[0].width > width * 3 / 2);
	assert_ptr_not_equal(f->images[1].pixels, volume);
	struct play_overlay images[UI_PANELS];
	assert_int_equal(panels_images(f->panels, images), 2);
	assert_ptr_equal(images[1].pixels, f->images[1].pixels);
}

static void test_an_end_while_it_is_painted(void **state)
{
	struct fixture *f = *state;
	set_list(f, 0);
	show(f);
	unsigned told = f->told;
	panels_close(f->panels, on_closed, f);
	assert_false(f->closed);
	panels_repaint(NULL); /* a logo that comes meanwhile finds nobody */
	settle(f);
	assert_true(f->closed);
	assert_int_equal(f->told, told);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_did_not_change_keeps_its_image),
		TEST(test_what_goes_is_gone_without_painting),
		TEST(test_the_newest_view_wins),
		TEST(test_one_takes_the_place_of_the_other),
		TEST(test_the_picture_is_not_seen_bare),
		TEST(test_small_ones_come_first),
		TEST(test_another_size_and_other_logos_paint_anew),
		TEST(test_an_end_while_it_is_painted),
	};
	return cmocka_run_group_tests_name("client_panels", tests, NULL, NULL);
}
