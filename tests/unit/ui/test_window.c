/* ui/window: what a display server's time stamps mean. */
#include "tests/support/test.h"

#include "ui/window.h"

#define MS 1000000ull

static void test_press_time(void **state)
{
	const uint64_t now_ns = 5000000 * MS + 300;
	const uint64_t wrapped_ns = ((1ull << 32) + 10) * MS;

	(void)state;
	assert_true(ui_window_press_ns(5000000, now_ns) == now_ns);
	assert_true(ui_window_press_ns(5000000 - 7, now_ns) == now_ns - 7 * MS);
	assert_true(ui_window_press_ns(UINT32_MAX - 4, wrapped_ns) == wrapped_ns - 15 * MS);
	/* Of another clock: in the future, or long ago. */
	assert_true(ui_window_press_ns(5000001, now_ns) == now_ns);
	assert_true(ui_window_press_ns(12345, now_ns) == now_ns);
	assert_true(ui_window_press_ns(UINT32_MAX, 3 * MS) == 3 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_press_time),
	};
	return cmocka_run_group_tests_name("ui_window", tests, NULL, NULL);
}
