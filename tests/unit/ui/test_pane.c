/* ui/pane: what differs between two pictures, and what panes above each other make. */
#include "tests/support/test.h"

#include <stdbool.h>

#include "ui/pane.h"

#define WIDTH 40
#define HEIGHT 100

static bool is_in(const struct ui_area *area, int x, int y)
{
	return x >= area->x && x < area->x + area->width && y >= area->y &&
	       y < area->y + area->height;
}

static void test_same_pictures(void **state)
{
	static uint32_t picture[HEIGHT][WIDTH];
	struct ui_area areas[UI_CHANGES_MAX];
	const uint8_t *bytes = (const uint8_t *)picture;

	(void)state;
	assert_int_equal(
		ui_find_changes(bytes, WIDTH * 4, bytes, WIDTH * 4, WIDTH, HEIGHT, areas), 0);
}

/* Of different strides: what lies beside the picture does not count. */
static void test_a_change_is_framed(void **state)
{
	static uint32_t before[HEIGHT][WIDTH], after[HEIGHT][WIDTH + 8];
	struct ui_area areas[UI_CHANGES_MAX];

	(void)state;
	after[7][3] = after[9][30] = 1;
	after[50][WIDTH + 2] = 1;
	assert_int_equal(ui_find_changes((const uint8_t *)before, sizeof before[0],
				 (const uint8_t *)after, sizeof after[0], WIDTH, HEIGHT, areas),
		1);
	assert_int_equal(areas[0].x, 3);
	assert_int_equal(areas[0].y, 7);
	assert_int_equal(areas[0].width, 28);
	assert_int_equal(areas[0].height, 3);
}

static void test_changes_far_from_each_other(void **state)
{
	static uint32_t before[HEIGHT][WIDTH], after[HEIGHT][WIDTH];
	struct ui_area areas[UI_CHANGES_MAX];

	(void)state;
	after[0][WIDTH - 1] = after[HEIGHT - 1][0] = 1;
	assert_int_equal(ui_find_changes((const uint8_t *)before, sizeof before[0],
				 (const uint8_t *)after, sizeof after[0], WIDTH, HEIGHT, areas),
		2);
	assert_true(is_in(&areas[0], WIDTH - 1, 0));
	assert_int_equal(areas[0].width * areas[0].height, 1);
	assert_true(is_in(&areas[1], 0, HEIGHT - 1));
	assert_int_equal(areas[1].width * areas[1].height, 1);
}

/* More places than there are areas: each change is in one of them still. */
static void test_many_changes(void **state)
{
	enum { ROWS = 1000, APART = 20 };
	static uint32_t before[ROWS][4], after[ROWS][4];
	struct ui_area areas[UI_CHANGES_MAX];

	(void)state;
	for (int y = 0; y < ROWS; y += APART)
		after[y][y / APART % 4] = 1;
	size_t count = ui_find_changes((const uint8_t *)before, sizeof before[0],
		(const uint8_t *)after, sizeof after[0], 4, ROWS, areas);
	assert_int_equal(count, UI_CHANGES_MAX);
	for (int y = 0; y < ROWS; y += APART) {
		bool found = false;
		for (size_t i = 0; i < count; i++)
			found |= is_in(&areas[i], y / APART % 4, y);
		assert_true(found);
	}
}

static struct ui_pane pane_of(int x, int y, int width, int height, uint32_t colour)
{
	uint32_t *pixels = g_new(uint32_t, width * height);

	for (int i = 0; i < width * height; i++)
		pixels[i] = colour;
	return (struct ui_pane){x, y, width, height, width * 4,
		g_bytes_new_take(pixels, (gsize)(width * height) * 4)};
}

static void drop(struct ui_pane *panes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		g_bytes_unref(panes[i].pixels);
}

static void test_rows(void **state)
{
	struct ui_pane panes[] = {
		pane_of(2, 10, 6, 2, 0xff102030),  /* opaque */
		pane_of(4, 11, 8, 2, 0x80800000),  /* half of red over it */
		pane_of(-3, 11, 4, 1, 0x00000000), /* not seen, and half outside */
	};
	uint32_t row[12];

	(void)state;
	ui_panes_row(panes, 3, 0, 9, 12, row);
	for (int x = 0; x < 12; x++)
		assert_int_equal(row[x], 0);
	ui_panes_row(panes, 3, 0, 10, 12, row);
	assert_int_equal(row[1], 0);
	assert_int_equal(row[2], 0xff102030);
	assert_int_equal(row[7], 0xff102030);
	assert_int_equal(row[8], 0);
	ui_panes_row(panes, 3, 0, 11, 12, row);
	assert_int_equal(row[3], 0xff102030);
	assert_int_equal(row[4], 0xff881018); /* 0x10 / 2 + 0x80, 0x20 / 2, 0x30 / 2 */
	assert_int_equal(row[8], 0x80800000);
	assert_int_equal(row[11], 0x80800000);
	/* A part of the screen. */
	ui_panes_row(panes, 3, 7, 11, 3, row);
	assert_int_equal(row[0], 0xff881018);
	assert_int_equal(row[1], 0x80800000);
	drop(panes, 3);
}

static void test_bounds(void **state)
{
	struct ui_pane panes[] = {
		pane_of(-5, 20, 10, 10, 1), pane_of(90, 50, 30, 10, 1),
		pane_of(300, 300, 10, 10, 1), /* beside the screen */
	};
	struct ui_area bounds = ui_panes_bounds(panes, 3, 100, 100);

	(void)state;
	assert_int_equal(bounds.x, 0);
	assert_int_equal(bounds.y, 20);
	assert_int_equal(bounds.width, 100);
	assert_int_equal(bounds.height, 40);
	bounds = ui_panes_bounds(&panes[2], 1, 100, 100);
	assert_int_equal(bounds.width, 0);
	assert_int_equal(bounds.x, 0);
	bounds = ui_panes_bounds(NULL, 0, 100, 100);
	assert_int_equal(bounds.height, 0);
	drop(panes, 3);
}

static void test_copies_hold_the_pixels(void **state)
{
	struct ui_pane pane = pane_of(1, 2, 3, 4, 5);
	GArray *copy = ui_panes_copy(&pane, 1);

	(void)state;
	g_bytes_unref(pane.pixels);
	const struct ui_pane *held = &g_array_index(copy, struct ui_pane, 0);
	assert_int_equal(*(const uint32_t *)g_bytes_get_data(held->pixels, NULL), 5);
	g_array_unref(copy);
	copy = ui_panes_copy(NULL, 0);
	assert_int_equal(copy->len, 0);
	g_array_unref(copy);
}

/* A panel that is not visible has none. */
static void test_panes_without_pixels_are_left_out(void **state)
{
	struct ui_pane panes[] = {{0}, pane_of(1, 2, 3, 4, 5), {.width = 7}};
	GArray *copy = ui_panes_copy(panes, 3);

	(void)state;
	assert_int_equal(copy->len, 1);
	assert_int_equal(g_array_index(copy, struct ui_pane, 0).height, 4);
	g_array_unref(copy);
	drop(&panes[1], 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_pictures),
		cmocka_unit_test(test_a_change_is_framed),
		cmocka_unit_test(test_changes_far_from_each_other),
		cmocka_unit_test(test_many_changes),
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_copies_hold_the_pixels),
		cmocka_unit_test(test_panes_without_pixels_are_left_out),
	};
	return cmocka_run_group_tests_name("ui_pane", tests, NULL, NULL);
}
