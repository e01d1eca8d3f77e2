/* script: files of keys with times, good and bad, and the plan that follows one. */
#include <errno.h>
#include <glib.h>
#include <string.h>

#include "client/bench/plan.h"
#include "client/zap.h"
#include "tests/support/test.h"

#define SECOND UINT64_C(1000000000)

/* A line-up of the channels 1, 5 and 5.1. */
static int find(void *ctx, const char *number)
{
	static const char *const numbers[] = {"1", "5", "5.1"};
	(void)ctx;
	for (int i = 0; i < 3; i++)
		if (strcmp(numbers[i], number) == 0)
			return i;
	return -1;
}

static void collect(void *ctx, const char *diagnostic)
{
	g_string_append_printf(ctx, "%s\n", diagnostic);
}

/* Reads a file and asserts what was reported of it. */
static struct bench_script *parse_bytes(const char *text, size_t size, const char *expected)
{
	GString *reported = g_string_new(NULL);
	const struct bench_script_reader reader = {
		.name = "keys", .find = find, .report = collect, .ctx = reported};
	struct bench_script *script = NULL;
	int result = bench_script_parse(&reader, text, size, &script);
	assert_string_equal(reported->str, expected);
	assert_int_equal(result, script ? 0 : -ENODATA);
	g_string_free(reported, TRUE);
	return script;
}

static struct bench_script *parse(const char *text, const char *expected)
{
	return parse_bytes(text, strlen(text), expected);
}

static void assert_key(
	const struct bench_script *script, size_t i, uint64_t at_ns, enum bench_action action)
{
	assert_true(i < script->count);
	assert_int_equal(script->keys[i].at_ns, at_ns);
	assert_int_equal(script->keys[i].action, action);
}

static void test_keys_times_and_comments(void **state)
{
	(void)state;
	struct bench_script *script = parse("\xef\xbb\xbf# a surf\r\n"
					    "0 up\r\n"
					    "\n"
					    "  1.5\tDown # back\n"
					    "1.5 5.1\n"
					    "20.000000001 last",
		"");
	assert_int_equal(script->count, 4);
	assert_key(script, 0, 0, BENCH_PRESS_UP);
	assert_key(script, 1, 3 * SECOND / 2, BENCH_PRESS_DOWN);
	assert_key(script, 2, 3 * SECOND / 2, BENCH_PRESS_NUMBER);
	assert_int_equal(script->keys[2].channel, 2);
	assert_key(script, 3, 20 * SECOND + 1, BENCH_PRESS_LAST);
	bench_script_free(script);
}

static void test_bad_lines_are_named_and_left_out(void **state)
{
	(void)state;
	struct bench_script *script = parse(
		"1 up\nup\n2 up down\n0x10 up\ninf up\n1e3 up\n. up\n9999999 up\n3 sideways\n"
		"4 7\n0.5 up\n5 down\n-6 up\n",
		"keys:2: error: a line is \"seconds key\", line left out\n"
		"keys:3: error: a line is \"seconds key\", line left out\n"
		"keys:4: error: \"0x10\" is no number of seconds, line left out\n"
		"keys:5: error: \"inf\" is no number of seconds, line left out\n"
		"keys:6: error: \"1e3\" is no number of seconds, line left out\n"
		"keys:7: error: \".\" is no number of seconds, line left out\n"
		"keys:8: error: \"9999999\" is no number of seconds, line left out\n"
		"keys:9: error: \"sideways\" is neither up, down, last nor the number of a "
		"channel, "
		"line left out\n"
		"keys:10: error: \"7\" is neither up, down, last nor the number of a channel, "
		"line left out\n"
		"keys:11: error: the time is before that of the key above, line left out\n"
		"keys:13: error: \"-6\" is no number of seconds, line left out\n");
	assert_int_equal(script->count, 2);
	bench_script_free(script);
}

static void test_a_diagnostic_shows_no_foreign_bytes(void **state)
{
	(void)state;
	static const char text[] = "1 \x1b[2J\xff\0up\n2 up\n";
	struct bench_script *script = parse_bytes(text, sizeof text - 1,
		"keys:1: error: \"?[2J\xef\xbf\xbd\" is neither up, down, last nor the number of a "
		"channel, line left out\n");
	assert_int_equal(script->count, 1);
	bench_script_free(script);
}

static void test_a_file_without_a_key_is_no_run(void **state)
{
	(void)state;
	const char *nothing = "keys:1: error: no key to press in this file, nothing done\n";
	assert_null(parse("", nothing));
	assert_null(parse("# nothing\n\n", nothing));
}

static void test_plan_presses_at_the_times_of_the_file(void **state)
{
	(void)state;
	struct bench_script *script = parse("2 up\n5.5 1\n6 last\n", "");
	const struct bench_settings settings = {.pattern = BENCH_FILE};
	const uint64_t after_ns[] = {2 * SECOND, 7 * SECOND / 2, SECOND / 2};
	struct bench_plan *plan;
	struct bench_press press;
	char *why;
	/* The keys are pressed whether they lead somewhere or not: there is no last channel. */
	const struct bench_view view = {.current = 0, .last = ZAP_NO_CHANNEL};
	assert_int_equal(bench_plan_new(&settings, 3, script, &plan, &why), 0);
	assert_int_equal(bench_plan_total(plan), 3);
	assert_int_equal(bench_plan_left_ns(plan, SECOND), 7 * SECOND);
	for (int i = 0; i < 3; i++) {
		assert_true(bench_plan_next(plan, &press));
		bench_plan_aim(plan, &view, &press);
		assert_int_equal(press.action, script->keys[i].action);
		assert_int_equal(press.from, BENCH_FROM_PRESS);
		assert_int_equal(press.after_ns, after_ns[i]);
	}
	assert_false(bench_plan_next(plan, &press));
	bench_plan_free(plan);
	bench_script_free(script);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_times_and_comments),
		cmocka_unit_test(test_bad_lines_are_named_and_left_out),
		cmocka_unit_test(test_a_diagnostic_shows_no_foreign_bytes),
		cmocka_unit_test(test_a_file_without_a_key_is_no_run),
		cmocka_unit_test(test_plan_presses_at_the_times_of_the_file),
	};
	return cmocka_run_group_tests_name("bench_script", tests, NULL, NULL);
}
