/*
 * A short session of a zapper that was built with AddressSanitizer and UndefinedBehaviorSanitizer
 * (ZAPPER_SANITIZED names the program): four changes and an end, without a report of either.
 */
#include <string.h>

#include <glib.h>

#include "tests/system/support/stage.h"

enum { PICTURE_LIMIT_MS = 20000, END_LIMIT_MS = 60000, MAX_TRIES = 4 };

/* What both sanitizers say when they have found something. */
static void expect_no_report(const char *errors)
{
	static const char *const signs[] = {"AddressSanitizer", "LeakSanitizer", "runtime error:"};
	for (size_t i = 0; i < G_N_ELEMENTS(signs); i++) {
		if (!strstr(errors, signs[i]))
			continue;
		fputs(errors, stderr); /* print_error cuts off */
		fail_msg("%s has something to say", signs[i]);
	}
}

/* Four changes, a key and an end; what the program has said. Free with g_free. */
static char *run_session(struct stage *stage, const char *zapper)
{
	const struct player_options options = {.zapper = zapper};
	size_t index = 0;
	stage_play_with(stage, 1, &options);
	stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
	for (int channel = 2; channel <= 5; channel++) {
		player_tune(stage->player, channel, NULL);
		stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
	}
	player_do(stage->player, "key", json_pack("{s:s}", "key", "info"));
	player_do(stage->player, "quit", NULL);
	player_wait(stage->player, END_LIMIT_MS);
	return player_errors(stage->player);
}

/*
 * LeakSanitizer itself crashes now and then, when a thread of a library ends while it looks at all
 * threads: that says nothing about leaks, and the session is tried again.
 */
static bool has_crashed(const char *errors)
{
	return strstr(errors, "LeakSanitizer has encountered a fatal error");
}

static void four_zaps_leak_nothing_and_break_no_rule(void **state)
{
	take_stage(stage, state);
	const char *zapper = g_getenv("ZAPPER_SANITIZED");
	if (!zapper || !*zapper)
		skip_because("ZAPPER_SANITIZED names no zapper that was built with sanitizers");
	/* Whole stacks: the suppressions name frames that lie beyond code without frame pointers.
	 */
	g_setenv("ASAN_OPTIONS", "detect_leaks=1:fast_unwind_on_malloc=0", TRUE);
	g_setenv("UBSAN_OPTIONS", "print_stacktrace=1", TRUE);
	g_setenv("LSAN_OPTIONS",
		"print_suppressions=0:suppressions='" ZAPPER_SOURCE "/tests/lsan.supp'", TRUE);
	char *errors = run_session(stage, zapper);
	for (int tries = 1; has_crashed(errors) && tries < MAX_TRIES; tries++) {
		g_free(errors);
		stage_end(state);
		errors = run_session(stage, zapper);
	}
	expect_no_report(errors);
	g_free(errors);
	stage_expect_good_end(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(four_zaps_leak_nothing_and_break_no_rule),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_leaks", tests, stage_open, stage_close);
}
