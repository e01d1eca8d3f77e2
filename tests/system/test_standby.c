/* Standby and locks: nothing of what is not to be seen is joined, and all of it comes back. */
#include <signal.h>
#include <string.h>

#include <glib.h>

#include "tests/system/support/stage.h"

#define MS_NS UINT64_C(1000000)
#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

enum { LIMIT_MS = 6000, CYCLES = 5 };

static void start(
	struct stage *stage, const char *channel, const char *prejoin, const char *const *more)
{
	const struct player_options options = {
		.channel = channel, .prejoin = prejoin, .more = more};
	stage->player = player_start(&stage->lab, &options);
}

static void key(struct stage *stage, const char *name)
{
	player_do(stage->player, "key", json_pack("{s:s}", "key", name));
}

static json_t *status(struct stage *stage)
{
	return player_ask(stage->player, "status", NULL);
}

static int64_t channel_of(struct stage *stage)
{
	json_t *now = status(stage);
	int64_t channel = json_integer_value(json_object_get(now, "channel"));
	json_decref(now);
	return channel;
}

static bool in_standby(struct stage *stage)
{
	json_t *now = status(stage);
	bool is = json_is_true(json_object_get(now, "standby"));
	json_decref(now);
	return is;
}

/* Until the bridge has `part` of a group for the box, or (NULL) none at all. */
static void await_bridge(struct stage *stage, const char *part)
{
	uint64_t end_ns = lab_now_ns() + LIMIT_MS * MS_NS;
	g_autofree char *held = lab_bridge_groups(&stage->lab);
	while (part ? !strstr(held, part) : *held) {
		if (lab_now_ns() > end_ns)
			fail_msg("the bridge holds '%s', not %s", held, part ? part : "nothing");
		g_usleep(20000);
		g_free(held);
		held = lab_bridge_groups(&stage->lab);
	}
}

static unsigned count_descriptors(const struct stage *stage)
{
	g_autofree char *path = g_strdup_printf("/proc/%ld/fd", (long)player_pid(stage->player));
	GDir *dir = g_dir_open(path, 0, NULL);
	unsigned count = 0;
	assert_non_null(dir);
	while (g_dir_read_name(dir))
		count++;
	g_dir_close(dir);
	return count;
}

static void standby_leaves_all_and_comes_back_to_it(void **state)
{
	take_stage(stage, state);
	start(stage, "3", "2", NULL);
	player_await_state(stage->player, "playing", LIMIT_MS);
	await_bridge(stage, "239.1.1.3");
	unsigned before = 0;
	for (int i = 0; i < CYCLES; i++) {
		key(stage, "POWER");
		assert_true(in_standby(stage));
		await_bridge(stage, NULL);
		key(stage, "5"); /* nobody is asked for a channel */
		assert_int_equal(channel_of(stage), 0);
		key(stage, "POWER");
		assert_false(in_standby(stage));
		player_await_state(stage->player, "playing", LIMIT_MS);
		assert_int_equal(channel_of(stage), 3);
		/* The first round may bring what stays. */
		unsigned now = count_descriptors(stage);
		before = before ? before : now;
		assert_in_range(now, 0, before + 2);
	}
	stage_quit(stage);
}

static void a_request_wakes_the_box(void **state)
{
	take_stage(stage, state);
	start(stage, "3", NULL, NULL);
	player_await_state(stage->player, "playing", LIMIT_MS);
	key(stage, "POWER");
	await_bridge(stage, NULL);
	player_tune(stage->player, 5, NULL);
	assert_false(in_standby(stage));
	player_await_state(stage->player, "playing", LIMIT_MS);
	assert_int_equal(channel_of(stage), 5);
	stage_quit(stage);
}

static void the_end_may_come_in_standby(void **state)
{
	take_stage(stage, state);
	start(stage, "3", "2", NULL);
	player_await_state(stage->player, "playing", LIMIT_MS);
	key(stage, "POWER");
	await_bridge(stage, NULL);
	kill(player_pid(stage->player), SIGTERM);
	stage_expect_good_end(stage);
}

static void expect_locked(struct stage *stage, int channel)
{
	json_t *answer = player_ask(stage->player, "tune", json_pack("{s:i}", "number", channel));
	const char *why = json_string_value(json_object_get(answer, "error"));
	assert_true(json_is_false(json_object_get(answer, "ok")));
	assert_non_null(strstr(why, "locked"));
	json_decref(answer);
	g_autofree char *reason = player_status(stage->player, "reason");
	assert_non_null(strstr(reason, "locked"));
}

static void type(struct stage *stage, const char *digits)
{
	for (const char *c = digits; *c; c++) {
		const char name[2] = {*c, '\0'};
		key(stage, name);
	}
}

/* Nothing of it is joined before the PIN is right; whoever comes back is asked again. */
static void a_locked_channel_wants_its_pin(void **state)
{
	take_stage(stage, state);
	start(stage, "3", NULL, WORDS("-o", "screen.pin=2580", "-o", "zap.watched_s=0.2"));
	player_await_state(stage->player, "playing", LIMIT_MS);
	key(stage, "OK");
	key(stage, "RED");
	key(stage, "BACK");
	assert_int_equal(channel_of(stage), 3); /* who is in may stay */
	player_tune(stage->player, 1, NULL);
	player_await_state(stage->player, "playing", LIMIT_MS);
	g_usleep(300000); /* watched for longer than zap.watched_s: that much time has to pass */
	expect_locked(stage, 3);
	await_bridge(stage, NULL);
	type(stage, "1111");
	assert_int_equal(channel_of(stage), 0);
	type(stage, "2580");
	player_await_state(stage->player, "playing", LIMIT_MS);
	assert_int_equal(channel_of(stage), 3);
	await_bridge(stage, "239.1.1.3");
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(standby_leaves_all_and_comes_back_to_it),
		STAGE_TEST(a_request_wakes_the_box),
		STAGE_TEST(the_end_may_come_in_standby),
		STAGE_TEST(a_locked_channel_wants_its_pin),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_standby", tests, stage_open, stage_close);
}
