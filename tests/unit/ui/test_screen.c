/* ui/screen: what is visible when, and when that changes by itself. */
#include "tests/support/test.h"

#include <string.h>

#include "ui/screen.h"

#define S 1000000000ull

static struct ui_screen screen_of(uint64_t banner_ns)
{
	struct ui_screen screen;

	ui_screen_init(&screen, banner_ns);
	return screen;
}

static bool is_empty(const struct ui_view *view)
{
	static const struct ui_view nothing;

	return memcmp(view, &nothing, sizeof nothing) == 0;
}

static void test_nothing_at_first(void **state)
{
	struct ui_screen screen = screen_of(5 * S);
	struct ui_view view = ui_screen_view(&screen, 0);

	(void)state;
	assert_true(is_empty(&view));
	assert_true(ui_screen_deadline(&screen, 0) == UINT64_MAX);
}

static void test_banner_stays_its_time(void **state)
{
	struct ui_screen screen = screen_of(5 * S);

	(void)state;
	ui_screen_banner(&screen, "5", "Das Erste", 10 * S);
	struct ui_view view = ui_screen_view(&screen, 10 * S);
	assert_string_equal(view.number, "5");
	assert_string_equal(view.name, "Das Erste");
	assert_string_equal(view.message, "");
	assert_true(ui_screen_deadline(&screen, 10 * S) == 15 * S);
	view = ui_screen_view(&screen, 15 * S - 1);
	assert_string_equal(view.number, "5");
	view = ui_screen_view(&screen, 15 * S);
	assert_true(is_empty(&view));
	assert_true(ui_screen_deadline(&screen, 15 * S) == UINT64_MAX);
}

static void test_a_logo_is_the_banner_s(void **state)
{
	static const struct ui_logo logo = {1, 1, 4, (const uint8_t *)"\0\0\0"};
	struct ui_screen screen = screen_of(5 * S);

	(void)state;
	ui_screen_banner(&screen, "5", "Das Erste", 10 * S);
	assert_null(ui_screen_view(&screen, 10 * S).logo);
	ui_screen_logo(&screen, &logo);
	assert_ptr_equal(ui_screen_view(&screen, 11 * S).logo, &logo);
	struct ui_view view = ui_screen_view(&screen, 15 * S);
	assert_true(is_empty(&view));
	ui_screen_banner(&screen, "6", "Das Zweite", 12 * S);
	assert_null(ui_screen_view(&screen, 12 * S).logo);
}

static void test_a_new_banner_starts_anew(void **state)
{
	struct ui_screen screen = screen_of(5 * S);

	(void)state;
	ui_screen_banner(&screen, "5", "Das Erste", 10 * S);
	ui_screen_banner(&screen, "12", NULL, 12 * S);
	struct ui_view view = ui_screen_view(&screen, 16 * S);
	assert_string_equal(view.number, "12");
	assert_string_equal(view.name, "");
	assert_true(ui_screen_deadline(&screen, 16 * S) == 17 * S);
}

static void test_a_banner_of_no_time_is_never_seen(void **state)
{
	struct ui_screen screen = screen_of(0);

	(void)state;
	ui_screen_banner(&screen, "5", "Das Erste", 10 * S);
	struct ui_view view = ui_screen_view(&screen, 10 * S);
	assert_true(is_empty(&view));
}

static void test_message_until_cleared(void **state)
{
	struct ui_screen screen = screen_of(5 * S);

	(void)state;
	ui_screen_message(&screen, "No signal on channel 5.", UINT64_MAX, 10 * S);
	struct ui_view view = ui_screen_view(&screen, 1000 * S);
	assert_string_equal(view.message, "No signal on channel 5.");
	assert_true(ui_screen_deadline(&screen, 1000 * S) == UINT64_MAX);
	ui_screen_message(&screen, NULL, 0, 1001 * S);
	view = ui_screen_view(&screen, 1001 * S);
	assert_true(is_empty(&view));
}

static void test_message_for_a_while(void **state)
{
	struct ui_screen screen = screen_of(5 * S);

	(void)state;
	ui_screen_message(&screen, "There is no channel 77.", 3 * S, 10 * S);
	ui_screen_banner(&screen, "5", "Das Erste", 11 * S);
	assert_true(ui_screen_deadline(&screen, 11 * S) == 13 * S); /* the message goes first */
	struct ui_view view = ui_screen_view(&screen, 13 * S);
	assert_string_equal(view.message, "");
	assert_string_equal(view.number, "5");
	assert_true(ui_screen_deadline(&screen, 13 * S) == 16 * S);
}

static void test_equal_views_are_equal_bytes(void **state)
{
	struct ui_screen a = screen_of(5 * S), b = screen_of(5 * S);

	(void)state;
	ui_screen_banner(&a, "12345", "A long name that is then replaced", S);
	ui_screen_message(&a, "A long message that is then replaced", 9 * S, S);
	ui_screen_banner(&a, "5", "Arte", S);
	ui_screen_message(&a, "Locked.", 9 * S, S);
	ui_screen_banner(&b, "5", "Arte", 2 * S);
	ui_screen_message(&b, "Locked.", 8 * S, 2 * S);
	struct ui_view view_a = ui_screen_view(&a, 2 * S), view_b = ui_screen_view(&b, 3 * S);
	assert_memory_equal(&view_a, &view_b, sizeof view_a);
}

static void test_long_names_are_cut_between_characters(void **state)
{
	char name[201] = "";

	(void)state;
	for (size_t shift = 0; shift < 3;
		shift++) { /* each of a character's three bytes at the cut */
		struct ui_screen screen = screen_of(5 * S);

		memset(name, 'x', shift);
		for (size_t at = shift; at + 3 < sizeof name; at += 3)
			memcpy(name + at, "\xe4\xb8\xad", 4);
		ui_screen_banner(&screen, "5", name, S);
		struct ui_view view = ui_screen_view(&screen, S);
		size_t len = strlen(view.name);
		assert_in_range(len, sizeof view.name - 4, sizeof view.name - 1);
		assert_memory_equal(view.name + len - 3, "\xe2\x80\xa6", 3);
		assert_int_equal((len - shift) % 3, 0); /* whole characters only */
		assert_memory_equal(view.name, name, len - 3);
	}
}

static void test_a_name_that_just_fits_is_whole(void **state)
{
	struct ui_screen screen = screen_of(5 * S);
	char name[sizeof screen.name];

	(void)state;
	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = '\0';
	ui_screen_banner(&screen, "5", name, S);
	struct ui_view view = ui_screen_view(&screen, S);
	assert_string_equal(view.name, name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_at_first),
		cmocka_unit_test(test_banner_stays_its_time),
		cmocka_unit_test(test_a_logo_is_the_banner_s),
		cmocka_unit_test(test_a_new_banner_starts_anew),
		cmocka_unit_test(test_a_banner_of_no_time_is_never_seen),
		cmocka_unit_test(test_message_until_cleared),
		cmocka_unit_test(test_message_for_a_while),
		cmocka_unit_test(test_equal_views_are_equal_bytes),
		cmocka_unit_test(test_long_names_are_cut_between_characters),
		cmocka_unit_test(test_a_name_that_just_fits_is_whole),
	};
	return cmocka_run_group_tests_name("ui_screen", tests, NULL, NULL);
}
