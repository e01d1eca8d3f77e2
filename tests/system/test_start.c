/* What stops `zapper play` from starting, or changes how it works, and what it says about that. */
#include <string.h>
#include <sys/stat.h>

#include <glib.h>
#include <sqlite3.h>

#include "tests/system/support/stage.h"

/* client/commands.h has them; written down again because others script against them. */
enum { FAILED = 1, USAGE = 64, BAD_DATA = 65, NO_PERMISSION = 77 };
enum { PICTURE_LIMIT_MS = 6000 };
#define MS_NS UINT64_C(1000000)

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* It must end with this code and a sentence that says this. */
static void expect_refusal(
	struct stage *stage, const struct player_options *options, int code, const char *sentence)
{
	g_autofree char *errors = NULL;
	int got = player_fails(&stage->lab, options, &errors);
	if (got != code || !strstr(errors, sentence))
		fail_msg("exit code %d instead of %d, and not \"%s\" but: %s", got, code, sentence,
			errors);
}

/* ---- the interface ---- */

static void an_interface_that_is_not_there_is_refused(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.more = WORDS("--iface", "nope0")};
	expect_refusal(stage, &options, FAILED, "interface nope0: there is no such interface");
}

/* A pair of interfaces in the box, down and without addresses, for one test. */
static void add_interface(struct stage *stage)
{
	lab_do(&stage->lab, "box", "ip", "link", "add", "spare0", "type", "veth", "peer", "name",
		"spare1");
}

static void remove_interface(struct stage *stage)
{
	lab_do(&stage->lab, "box", "ip", "link", "delete", "spare0");
}

static void the_kernel_needs_an_address_on_the_interface(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.more = WORDS("--iface", "spare0", "--membership", "kernel")};
	add_interface(stage);
	expect_refusal(stage, &options, FAILED, "interface spare0: it has no IPv4 address");
	lab_do(&stage->lab, "box", "ip", "link", "set", "spare0", "up");
	expect_refusal(stage, &options, FAILED, "interface spare0: it has no IPv4 address");
	remove_interface(stage);
}

static void our_own_host_needs_none(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.more = WORDS("--iface", "spare0")};
	add_interface(stage);
	stage_play_with(stage, 1, &options);
	player_await_error(stage->player, "spare0 has no IPv4 address");
	player_await_state(stage->player, "no-signal", 3000);
	stage_quit(stage);
	remove_interface(stage);
}

/* As tests/lab/holder made it: the routes went with the line. */
static void bring_up(struct stage *stage)
{
	lab_do(&stage->lab, "box", "ip", "link", "set", "eth0", "up");
	lab_do(&stage->lab, "box", "ip", "route", "replace", "default", "via", "10.0.2.1");
	lab_do(&stage->lab, "box", "ip", "route", "replace", "224.0.0.0/4", "dev", "eth0");
}

/* Also after a test that failed half-way. */
static int end_with_line(void **state)
{
	struct stage *stage = *state;
	stage_end(state);
	if (!stage->missing)
		bring_up(stage);
	return 0;
}

/* In the log, on the screen (which the log repeats) and in the status; nothing else is said. */
static void await_a_line_that_is_down(struct stage *stage, const char *membership)
{
	const struct player_options options = {
		.more = WORDS("--iface", "eth0", "--membership", membership)};
	lab_do(&stage->lab, "box", "ip", "link", "set", "eth0", "down");
	stage_play_with(stage, 1, &options);
	player_await_error(stage->player,
		"warning: eth0: the line is down; memberships wait for it to come back");
	player_await_state(stage->player, "no-signal", 3000);
	player_await_error(stage->player, "No signal on channel 1: the line of eth0 is down.");
	g_autofree char *reason = player_status(stage->player, "reason");
	assert_string_equal(reason, "the line of eth0 is down");
	g_autofree char *errors = player_errors(stage->player);
	assert_null(strstr(errors, "cannot send"));

	bring_up(stage);
	stage_await_whole(stage, 1, NULL, PICTURE_LIMIT_MS);
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	g_autofree char *no_reason = player_status(stage->player, "reason");
	assert_null(no_reason);
	stage_quit(stage);
}

static void raw_awaits_a_line_that_is_down(void **state)
{
	take_stage(stage, state);
	await_a_line_that_is_down(stage, "raw");
}

static void kernel_awaits_a_line_that_is_down(void **state)
{
	take_stage(stage, state);
	await_a_line_that_is_down(stage, "kernel");
}

/* ---- privileges ---- */

static const char *const without_net_raw[] = {
	"setpriv", "--bounding-set", "-net_raw", "--inh-caps", "-net_raw", NULL};

static void raw_membership_without_the_privilege_is_refused(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.before = without_net_raw, .more = WORDS("--membership", "raw")};
	expect_refusal(stage, &options, NO_PERMISSION, "CAP_NET_RAW");
}

static void without_the_privilege_the_kernel_speaks_igmp(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.before = without_net_raw};
	struct captured report;
	uint64_t sent_ns;
	stage_play_with(stage, 1, &options);
	size_t shown = 0;
	stage_await_whole(stage, 1, &shown, PICTURE_LIMIT_MS);
	player_await_error(stage->player, "warning: kernel: CAP_NET_RAW is missing");
	g_autofree char *membership = player_status(stage->player, "membership");
	assert_string_equal(membership, "kernel");

	size_t index = capture_count(stage->capture);
	player_tune(stage->player, 2, &sent_ns);
	do
		assert_true(capture_await(stage->capture, &index, sent_ns + 1000 * MS_NS,
			capture_is_change, NULL, &report));
	while (report.at_ns < sent_ns);
	g_autofree char *records = capture_describe(&report);
	assert_string_equal(records, "TO_IN 239.1.1.1 | ALLOW 232.1.1.2 10.0.1.10");
	stage_await_whole(stage, 2, &shown, PICTURE_LIMIT_MS);
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
}

/* ---- the line-up ---- */

/* It is waited for: test_lineup_live. */
static void a_missing_line_up_says_how_to_make_one(void **state)
{
	take_stage(stage, state);
	g_autofree char *path = lab_path(&stage->lab, "missing.db");
	const struct player_options options = {.more = WORDS("--db", path)};
	stage_play_with(stage, 1, &options);
	player_await_error(stage->player, "zapper import --db ");
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	stage_quit(stage);
}

static void a_file_that_is_no_line_up_is_refused_and_kept(void **state)
{
	take_stage(stage, state);
	g_autofree char *path = lab_path(&stage->lab, "broken.db");
	const struct player_options options = {.more = WORDS("--db", path)};
	assert_true(g_file_set_contents(path, "this is no database, but a letter\n", -1, NULL));
	expect_refusal(stage, &options, BAD_DATA, "is not a line-up or is damaged");
	g_autofree char *kept = lab_read(path);
	assert_string_equal(kept, "this is no database, but a letter\n");
}

/* A copy of the lab's line-up, changed by these statements; free with g_free. */
static char *changed_lineup(struct stage *stage, const char *name, const char *sql)
{
	char *path = lab_path(&stage->lab, name);
	g_autofree char *bytes = NULL;
	gsize size;
	sqlite3 *db;
	assert_true(g_file_get_contents(stage->lab.db, &bytes, &size, NULL));
	assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return path;
}

static void a_line_up_of_a_newer_zapper_is_refused(void **state)
{
	take_stage(stage, state);
	g_autofree char *path = changed_lineup(stage, "newer.db", "PRAGMA user_version = 1000000");
	const struct player_options options = {.more = WORDS("--db", path)};
	expect_refusal(stage, &options, BAD_DATA, "was written by a newer zapper");
}

/* A script that asks for it can see that there is nothing to play yet. */
static void a_line_up_without_channels_is_waited_for(void **state)
{
	take_stage(stage, state);
	g_autofree char *path =
		changed_lineup(stage, "empty.db", "PRAGMA foreign_keys = ON; DELETE FROM channel");
	const struct player_options options = {.more = WORDS("--db", path)};
	stage_play_with(stage, 1, &options);
	player_await_error(stage->player, "there are no channels in ");
	g_autofree char *idle = player_status(stage->player, "state");
	g_autofree char *reason = player_status(stage->player, "reason");
	assert_string_equal(idle, "idle");
	assert_string_equal(reason, "there are no channels yet");
	stage_quit(stage);
}

/* Root may read everything, unless this privilege is taken from it as well. */
static void a_line_up_that_may_not_be_read_is_refused(void **state)
{
	take_stage(stage, state);
	g_autofree char *path = changed_lineup(stage, "closed.db", "SELECT 1");
	const struct player_options options = {
		.before = WORDS("setpriv", "--bounding-set", "-dac_override,-dac_read_search",
			"--inh-caps", "-dac_override,-dac_read_search"),
		.more = WORDS("--db", path)};
	assert_int_equal(chmod(path, 0), 0);
	expect_refusal(stage, &options, NO_PERMISSION, "Permission denied");
}

/* ---- the command line ---- */

static void a_channel_that_is_not_there_is_refused(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.channel = "99"};
	expect_refusal(stage, &options, FAILED, "there is no channel 99");
}

static void a_command_line_that_makes_no_sense_is_refused(void **state)
{
	take_stage(stage, state);
	const struct player_options no_channel = {.channel = "nonsense"};
	expect_refusal(stage, &no_channel, USAGE, "\"nonsense\" is no channel number");
	const struct player_options no_choice = {.more = WORDS("--membership", "pigeon")};
	expect_refusal(stage, &no_choice, USAGE, "not \"pigeon\"");
	const struct player_options no_setting = {.more = WORDS("-o", "no.such=thing")};
	expect_refusal(stage, &no_setting, USAGE, "there is no setting \"no.such\"");
}

/* Nor is "no picture" a reason to try another source. */
static void without_pictures_a_channel_plays_when_it_is_heard(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.more = WORDS("-o", "play.pictures=no")};
	stage_play_with(stage, 1, &options);
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	g_autofree char *errors = player_errors(stage->player);
	assert_null(strstr(errors, "No picture"));
	stage_quit(stage);
}

/* Not what is typed either, nor the list. */
static void without_panels_nothing_lies_on_the_picture(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.more = WORDS("-o", "screen.panels=no")};
	stage_play_with(stage, 1, &options);
	size_t index = 0;
	stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
	player_do(stage->player, "key", json_pack("{s:s}", "key", "0"));
	stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
	player_do(stage->player, "key", json_pack("{s:s}", "key", "OK"));
	for (int i = 0; i < 25; i++, index++)
		stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
	stage_expect_undamaged(stage, 1);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, stage_begin, end_with_line)
	const struct CMUnitTest tests[] = {
		STAGE_TEST(an_interface_that_is_not_there_is_refused),
		STAGE_TEST(the_kernel_needs_an_address_on_the_interface),
		STAGE_TEST(our_own_host_needs_none),
		LINE_TEST(raw_awaits_a_line_that_is_down),
		LINE_TEST(kernel_awaits_a_line_that_is_down),
		STAGE_TEST(raw_membership_without_the_privilege_is_refused),
		STAGE_TEST(without_the_privilege_the_kernel_speaks_igmp),
		STAGE_TEST(a_missing_line_up_says_how_to_make_one),
		STAGE_TEST(a_file_that_is_no_line_up_is_refused_and_kept),
		STAGE_TEST(a_line_up_of_a_newer_zapper_is_refused),
		STAGE_TEST(a_line_up_without_channels_is_waited_for),
		STAGE_TEST(a_line_up_that_may_not_be_read_is_refused),
		STAGE_TEST(a_channel_that_is_not_there_is_refused),
		STAGE_TEST(a_command_line_that_makes_no_sense_is_refused),
		STAGE_TEST(without_panels_nothing_lies_on_the_picture),
		STAGE_TEST(without_pictures_a_channel_plays_when_it_is_heard),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_start", tests, stage_open, stage_close);
}
