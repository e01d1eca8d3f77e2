/* Channels that fall silent, are damaged or change on the way: what a viewer sees, and that it
 * ends. */
#include <string.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/system/support/stage.h"
#include "tests/unit/igmp/packets.h"

enum {
	PICTURE_LIMIT_MS = 6000,
	LEAD_MS = 1000,	     /* how far video is ahead of what is shown, at most */
	RETURN_MAX_MS = 400, /* typical are 10 */
	SECOND_OF_PICTURES = LAB_PICTURES_PER_S,
};
/* No signal is said 1 s after the last sign of life: the report, or the last packet. */
#define SIGNAL_MIN_MS 900
#define SIGNAL_MAX_MS 1600
#define MS_NS UINT64_C(1000000)

/* Waits until so many more pictures have come, whatever they show. */
static bool is_any(const struct screen_picture *picture, const void *ctx)
{
	(void)picture;
	(void)ctx;
	return true;
}

static void await_pictures(struct stage *stage, size_t more)
{
	struct screen_picture last;
	size_t index = screen_count(stage->screen) + more - 1;
	unsigned limit_ms = (unsigned)(4 * more * 1000 / LAB_PICTURES_PER_S) + PICTURE_LIMIT_MS;
	if (!screen_await(stage->screen, &index, limit_ms, is_any, NULL, &last))
		fail_msg("%zu more pictures have not come within %u ms", more, limit_ms);
}

static void start(struct stage *stage, int channel)
{
	size_t index = 0;
	stage_play(stage, channel);
	stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
	player_await_state(stage->player, "playing", 1000);
}

/* Whole pictures of the channel come again, and go on. */
static void expect_recovery(struct stage *stage, int channel, unsigned limit_ms)
{
	size_t index = screen_count(stage->screen);
	player_await_state(stage->player, "playing", limit_ms);
	/* The first may have been shown with the message still over it. */
	stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
	await_pictures(stage, SECOND_OF_PICTURES);
	stage_expect_undamaged(stage, index);
}

static void expect_signal_lost(struct stage *stage, uint64_t since_ns)
{
	uint64_t at_ns = player_await_state(stage->player, "no-signal", 2 * SIGNAL_MAX_MS);
	assert_in_range((at_ns - since_ns) / MS_NS, SIGNAL_MIN_MS, SIGNAL_MAX_MS);
}

static void expect_no_signal(struct stage *stage, uint64_t since_ns)
{
	expect_signal_lost(stage, since_ns);
	g_autofree char *now = player_status(stage->player, "state");
	assert_string_equal(now, "no-signal");
}

/* A general query of the router, but for what differs. */
static void send_query(struct forge *forge, struct query different)
{
	uint8_t packet[FORGE_MAX_BYTES];
	struct query query = query_defaults();
	query.source = "10.0.2.1";
	query.code = different.code ? different.code : query.code;
	query.qqic = different.qqic ? different.qqic : query.qqic;
	query.igmp_bytes = different.igmp_bytes;
	forge_send(forge, packet, query_build(&query, packet));
}

static void a_silent_channel_is_no_signal_until_it_comes(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	lab_headend(&stage->lab, "stop 2");
	uint64_t now_ns = lab_now_ns();
	player_tune(stage->player, 2, NULL);
	expect_no_signal(stage, now_ns);
	player_await_error(stage->player, "No signal on channel 2.");
	lab_headend(&stage->lab, "resume 2");
	expect_recovery(stage, 2, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static bool is_later(const struct screen_picture *picture, const void *ctx)
{
	const struct mark *held = ctx;
	return picture->seen.mark.channel == held->channel &&
	       picture->seen.mark.frame != held->frame;
}

/* The held picture makes room as soon as a key picture has come whole, and a machine's slack. */
static void expect_return_with_key(struct stage *stage, int channel)
{
	struct screen_picture picture;
	size_t index = screen_count(stage->screen);
	struct mark held = screen_at(stage->screen, index - 1).seen.mark;
	capture_clear(stage->capture);
	lab_headend(&stage->lab, "resume %d", channel);
	assert_true(
		screen_await(stage->screen, &index, PICTURE_LIMIT_MS, is_later, &held, &picture));
	uint64_t seen_ns = picture.seen.at_ns + (capture_now_ns() - lab_now_ns()), rap_ns;
	while (!(rap_ns = stage_rap_complete(stage, channel)))
		g_usleep(5000);
	double ms = capture_ms_between(rap_ns, seen_ns);
	print_message("the picture was back %.1f ms after a key picture\n", ms);
	assert_true(ms < RETURN_MAX_MS);
}

static void a_channel_that_stops_and_comes_back_plays_on(void **state)
{
	take_stage(stage, state);
	start(stage, 3);
	lab_headend(&stage->lab, "stop 3");
	expect_no_signal(stage, lab_now_ns());
	expect_return_with_key(stage, 3);
	expect_recovery(stage, 3, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

/* The join and its repeat, which would bring back what is taken away between them. */
static void await_join(struct stage *stage)
{
	size_t index = 0;
	struct captured report;
	for (int i = 0; i < 2; i++)
		assert_true(capture_await(stage->capture, &index, capture_now_ns() + 2000 * MS_NS,
			capture_is_change, NULL, &report));
}

static void expect_return_of_forgotten(struct stage *stage, int channel, const char *membership)
{
	const struct player_options options = {
		.more = (const char *const[]){"--membership", membership, NULL}};
	g_autofree char *group =
		g_strdup_printf("23%d.1.1.%d", lab_is_ssm(channel) ? 2 : 9, channel);
	size_t index = 0;
	capture_clear(stage->capture);
	stage_play_with(stage, channel, &options);
	stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
	player_await_state(stage->player, "playing", 1000);
	await_join(stage);
	lab_do(&stage->lab, "bridge", "bridge", "mdb", "del", "dev", "br0", "port", "box", "grp",
		group, "temp");
	/* What it asks for anew may be there before the state could be asked for. */
	expect_signal_lost(stage, lab_now_ns());
	expect_recovery(stage, channel, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

/* As a switch that was started anew has, or a router that took a join for nothing. */
static void a_membership_that_the_network_forgot_is_asked_for_anew(void **state)
{
	take_stage(stage, state);
	expect_return_of_forgotten(stage, 2, "raw");
	expect_return_of_forgotten(stage, 3, "raw");
	expect_return_of_forgotten(stage, 3, "kernel");
}

static void packets_without_a_picture_are_no_signal_until_one_comes(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.more = (const char *const[]){"-o", "zap.rap_timeout_ms=1500", NULL}};
	size_t index = 0;
	stage_play_with(stage, 1, &options);
	stage_await_whole(stage, 1, &index, PICTURE_LIMIT_MS);
	player_await_state(stage->player, "playing", 1000);
	lab_headend(&stage->lab, "garbage 2 1");
	uint64_t now_ns = lab_now_ns();
	player_tune(stage->player, 2, NULL);
	uint64_t at_ns = player_await_state(stage->player, "no-signal", 3000);
	assert_in_range((at_ns - now_ns) / MS_NS, 1400, 2200);
	player_await_error(stage->player, "No picture in what channel 2 sends.");
	lab_headend(&stage->lab, "clear 2");
	expect_recovery(stage, 2, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

/* A counter of `stats`: of "socket" or "stream". */
static json_int_t counter(struct stage *stage, const char *group, const char *name)
{
	json_t *answer = player_ask(stage->player, "stats", NULL);
	json_t *value = json_object_get(json_object_get(answer, group), name);
	assert_true(json_is_integer(value));
	json_int_t found = json_integer_value(value);
	json_decref(answer);
	return found;
}

static void lost_packets_are_survived_and_forgotten(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	lab_headend(&stage->lab, "lose all 0.02");
	await_pictures(stage, 2 * SECOND_OF_PICTURES);
	assert_true(counter(stage, "stream", "rtp_lost") > 0);
	int channel = 2;
	size_t index = screen_count(stage->screen);
	struct screen_picture picture;
	player_tune(stage->player, channel, NULL);
	assert_true(screen_await(stage->screen, &index, 2 * PICTURE_LIMIT_MS, screen_is_channel,
		&channel, &picture));
	lab_headend(&stage->lab, "clear all");
	/* What is shown by then has come after the next random access point. */
	await_pictures(stage, LAB_GOP + 2 * LEAD_MS * LAB_PICTURES_PER_S / 1000);
	index = screen_count(stage->screen);
	await_pictures(stage, SECOND_OF_PICTURES);
	stage_expect_undamaged(stage, index);
	stage_quit(stage);
}

static void duplicates_and_reordering_damage_nothing(void **state)
{
	take_stage(stage, state);
	lab_headend(&stage->lab, "duplicate all 0.05");
	lab_headend(&stage->lab, "reorder all 0.05");
	start(stage, 1);
	await_pictures(stage, 2 * SECOND_OF_PICTURES);
	assert_true(counter(stage, "stream", "rtp_duplicate") > 0);
	assert_int_equal(counter(stage, "stream", "rtp_lost"), 0);
	size_t index = screen_count(stage->screen);
	player_tune(stage->player, 2, NULL);
	stage_await_whole(stage, 2, &index, PICTURE_LIMIT_MS);
	await_pictures(stage, 2 * SECOND_OF_PICTURES);
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
}

static void a_changed_programme_map_plays_on(void **state)
{
	take_stage(stage, state);
	start(stage, 3);
	lab_headend(&stage->lab, "pmt 3");
	/* Streams that move to other PIDs within a GOP may cost its rest. */
	await_pictures(stage, LAB_GOP + LEAD_MS * LAB_PICTURES_PER_S / 1000);
	size_t index = screen_count(stage->screen);
	await_pictures(stage, SECOND_OF_PICTURES);
	stage_expect_undamaged(stage, index);
	stage_await_whole(stage, 3, &index, 0);
	g_autofree char *now = player_status(stage->player, "state");
	assert_string_equal(now, "playing");
	stage_quit(stage);
}

static void another_source_is_not_what_was_asked_for(void **state)
{
	take_stage(stage, state);
	start(stage, 2);
	lab_headend(&stage->lab, "source 2");
	expect_no_signal(stage, lab_now_ns());
	lab_headend(&stage->lab, "source 2");
	expect_recovery(stage, 2, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void any_source_is_what_was_asked_for(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	lab_headend(&stage->lab, "source 1");
	await_pictures(stage, LAB_GOP + LEAD_MS * LAB_PICTURES_PER_S / 1000);
	size_t index = screen_count(stage->screen);
	await_pictures(stage, SECOND_OF_PICTURES);
	stage_expect_undamaged(stage, index);
	stage_await_whole(stage, 1, &index, 0);
	stage_quit(stage);
}

/* Versions 1 and 2 know no sources (RFC 4607 section 8): the channel waits for version 3. */
static void a_channel_that_the_network_cannot_be_asked_for_says_so(void **state)
{
	take_stage(stage, state);
	start(stage, 1);
	/* The version 2 query then counts for 2 x 1 s + 10 x 0.2 s. */
	send_query(stage->forge, (struct query){.qqic = 1, .igmp_bytes = 12});
	send_query(stage->forge, (struct query){.code = 2, .igmp_bytes = 8});
	json_t *fell_back = player_event(stage->player,
		json_pack("{s:s, s:s}", "event", "notice", "type", "version-changed"), 2000);
	assert_non_null(fell_back);
	json_decref(fell_back);
	player_tune(stage->player, 2, NULL);
	player_await_state(stage->player, "error", 1000);
	g_autofree char *reason = player_status(stage->player, "reason");
	assert_non_null(strstr(reason, "the network asks in IGMP version 2"));
	player_await_error(stage->player,
		"Channel 2 cannot be played: the network asks in IGMP version 2, which knows no "
		"sources");
	/* By itself, when version 3 is back; the sentence goes at once. */
	player_await_state(stage->player, "tuning", 8000);
	expect_recovery(stage, 2, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_silent_channel_is_no_signal_until_it_comes),
		STAGE_TEST(a_channel_that_stops_and_comes_back_plays_on),
		STAGE_TEST(a_membership_that_the_network_forgot_is_asked_for_anew),
		STAGE_TEST(packets_without_a_picture_are_no_signal_until_one_comes),
		STAGE_TEST(lost_packets_are_survived_and_forgotten),
		STAGE_TEST(duplicates_and_reordering_damage_nothing),
		STAGE_TEST(a_changed_programme_map_plays_on),
		STAGE_TEST(another_source_is_not_what_was_asked_for),
		STAGE_TEST(any_source_is_what_was_asked_for),
		STAGE_TEST(a_channel_that_the_network_cannot_be_asked_for_says_so),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_trouble", tests, stage_open, stage_close);
}
