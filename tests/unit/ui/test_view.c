/* ui/view: which panels are to be painted anew. */
#include <string.h>

#include "tests/support/test.h"
#include "tests/support/viewer.h"
#include "ui/view.h"

/* Each panel seen, with something in its last bytes. */
static void fill(struct ui_view *view)
{
	memset(view, 0, sizeof *view);
	view->banner.visible = view->list.visible = view->guide.visible = true;
	view->tracks.visible = view->volume.visible = view->pin.visible = true;
	view->message.visible = view->notice.visible = view->stats.visible = true;
}

static void assert_only(const struct ui_view *a, const struct ui_view *b, enum ui_panel panel)
{
	assert_int_equal(ui_view_changed(a, b), UI_PANEL_BIT(panel));
	assert_int_equal(ui_view_changed(b, a), UI_PANEL_BIT(panel));
}

static void test_each_panel_has_its_bit(void **state)
{
	static struct ui_view a, b;
	(void)state;
	fill(&a);
#define CHANGE(panel, member, value)                                                               \
	do {                                                                                       \
		fill(&b);                                                                          \
		assert_int_equal(ui_view_changed(&a, &b), 0);                                      \
		b.member = value;                                                                  \
		assert_only(&a, &b, panel);                                                        \
	} while (0)
	CHANGE(UI_PANEL_BANNER, banner.logo, 7);
	CHANGE(UI_PANEL_LIST, list.rows[UI_LIST_ROWS - 1].badges, UI_BADGE_HD);
	CHANGE(UI_PANEL_LIST, list.empty[0], 'x');
	CHANGE(UI_PANEL_GUIDE, guide.rows[UI_GUIDE_ROWS - 1].cells[0].selected, true);
	CHANGE(UI_PANEL_GUIDE, guide.description[UI_TEXT_BYTES - 2], 'x');
	CHANGE(UI_PANEL_TRACKS, tracks.selected, 1);
	CHANGE(UI_PANEL_VOLUME, volume.percent, 5);
	CHANGE(UI_PANEL_PIN, pin.typed, 1);
	CHANGE(UI_PANEL_MESSAGE, message.text[0], 'x');
	CHANGE(UI_PANEL_NOTICE, notice.text[0], 'x');
	CHANGE(UI_PANEL_STATS, stats.rows[UI_STAT_ROWS - 1].value[0], 'x');
	CHANGE(UI_PANEL_STATS, stats.visible, false);
#undef CHANGE
}

static void test_what_nobody_sees_is_no_change(void **state)
{
	static struct ui_view a, b;
	(void)state;
	memset(&a, 0, sizeof a);
	memset(&b, 0, sizeof b);
	strcpy(b.banner.name, "Das Erste");
	b.guide.row_count = 3;
	assert_int_equal(ui_view_changed(&a, &b), 0);
	assert_int_equal(ui_view_visible(&b), 0);
	b.guide.visible = true;
	assert_only(&a, &b, UI_PANEL_GUIDE);
	assert_int_equal(ui_view_visible(&b), UI_PANEL_BIT(UI_PANEL_GUIDE));
}

static void test_some_panels_are_taken_over(void **state)
{
	static struct ui_view a, b;
	(void)state;
	memset(&a, 0, sizeof a);
	fill(&b);
	b.volume.percent = 40;
	b.pin.typed = 3;
	ui_view_take(&a, &b, UI_PANEL_BIT(UI_PANEL_VOLUME) | UI_PANEL_BIT(UI_PANEL_GUIDE));
	assert_int_equal(a.volume.percent, 40);
	assert_int_equal(a.pin.typed, 0);
	assert_int_equal(
		ui_view_visible(&a), UI_PANEL_BIT(UI_PANEL_VOLUME) | UI_PANEL_BIT(UI_PANEL_GUIDE));
	ui_view_take(&a, &b, UINT32_MAX);
	assert_int_equal(ui_view_changed(&a, &b), 0);
}

/* Views of the model are the same where nothing has happened, whatever was in that memory. */
static void test_views_of_the_model_compare(void **state)
{
	static const uint16_t keys[] = {KEY_EPG, KEY_LIST, KEY_AUDIO, KEY_VOLUMEUP, KEY_1};
	static struct ui_view a, b;
	struct viewer *viewer = malloc(sizeof *viewer);
	(void)state;
	viewer_open(viewer, NULL);
	viewer_tune(viewer, NEWS);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		viewer_key(viewer, keys[i]);
		memset(&a, 0x55, sizeof a);
		memset(&b, 0xaa, sizeof b);
		ui_model_view(viewer->model, viewer->now_ns, &a);
		ui_model_view(viewer->model, viewer->now_ns, &b);
		assert_int_equal(ui_view_changed(&a, &b), 0);
	}
	viewer_close(viewer);
	free(viewer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_panel_has_its_bit),
		cmocka_unit_test(test_what_nobody_sees_is_no_change),
		cmocka_unit_test(test_some_panels_are_taken_over),
		cmocka_unit_test(test_views_of_the_model_compare),
	};
	return cmocka_run_group_tests_name("ui_view", tests, NULL, NULL);
}
