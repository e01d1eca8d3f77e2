/*
 * Streams that are damaged in every way that a head-end or a line can think of: nothing of it lasts
 * longer than the damage. The first key picture that comes whole is shown, in time, and what
 * follows it is whole; a counter and a sentence say what was wrong.
 */
#include <string.h>

#include <glib.h>

#include <bitstream/mpeg/psi.h>

#include "tests/lab/format.h"
#include "tests/system/support/replay.h"
#include "tests/system/support/stage.h"

enum {
	PICTURE_LIMIT_MS = 6000,
	CHANNEL = 1, /* any source: whoever sends is who it is */
	HALF_A_SECOND = LAB_PACKETS_PER_S / 2,
	FOLLOWING = 10,	 /* pictures that have to come, whole and in order, behind the first one */
	LEAD_MS = 1000,	 /* how far video is ahead of what is shown, at most */
	SLACK_MS = 1000, /* a slow machine's */
	RTP_BYTES = 12,
	OTHER_PMT_PID = 0x1ABC,
	HOUR_90K = 3600 * LAB_PTS_HZ,
};
#define OTHER_SOURCE 0x0a00010bu /* 10.0.1.11 */
#define MS_NS UINT64_C(1000000)

/* ---- what is done to packets ---- */

static uint8_t *ts_of(uint8_t *rtp, int i)
{
	return rtp + RTP_BYTES + i * LAB_TS_BYTES;
}

/* Neither RTP nor a transport stream. */
static size_t no_transport_stream(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	GRand *random = g_rand_new_with_seed((guint32)n);
	for (int i = 0; i < FEED_PACKET_BYTES; i++)
		rtp[i] = (uint8_t)g_rand_int_range(random, 0, 0x40);
	g_rand_free(random);
	return FEED_PACKET_BYTES - (size_t)(n % 700);
}

static size_t random_bytes_in_rtp(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	GRand *random = g_rand_new_with_seed((guint32)n);
	for (int i = RTP_BYTES; i < FEED_PACKET_BYTES; i++)
		rtp[i] = (uint8_t)g_rand_int(random);
	g_rand_free(random);
	return FEED_PACKET_BYTES;
}

static size_t half_a_packet(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	(void)n, (void)rtp;
	return FEED_PACKET_BYTES - LAB_TS_BYTES / 2;
}

/* The section of the table that begins in a packet of this PID, NULL: it is none. */
static uint8_t *section_in(uint8_t *ts, uint16_t pid)
{
	return ts_get_pid(ts) == pid && ts_get_unitstart(ts) ? ts_next_section(ts) : NULL;
}

/* In all respects a good one, but of another stream. */
static size_t pat_of_others(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	(void)n;
	for (int i = 0; i < LAB_TS_PER_PACKET; i++) {
		uint8_t *section = section_in(ts_of(rtp, i), PAT_PID);
		if (!section)
			continue;
		patn_set_pid(pat_get_program(section, 0), OTHER_PMT_PID);
		psi_set_crc(section);
	}
	return FEED_PACKET_BYTES;
}

static size_t pat_with_wrong_crc(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	(void)n;
	for (int i = 0; i < LAB_TS_PER_PACKET; i++) {
		uint8_t *section = section_in(ts_of(rtp, i), PAT_PID);
		if (section)
			patn_set_pid(pat_get_program(section, 0), OTHER_PMT_PID);
	}
	return FEED_PACKET_BYTES;
}

static bool has_pcr(const uint8_t *ts)
{
	return ts_has_adaptation(ts) && ts_get_adaptation(ts) && tsaf_has_pcr(ts);
}

/* The clock alone: nothing else has such times. */
static size_t pcr_of_others(uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	(void)n;
	for (int i = 0; i < LAB_TS_PER_PACKET; i++) {
		uint8_t *ts = ts_of(rtp, i);
		if (!has_pcr(ts))
			continue;
		tsaf_set_pcr(ts, (tsaf_get_pcr(ts) + HOUR_90K) & ((UINT64_C(1) << 33) - 1));
	}
	return FEED_PACKET_BYTES;
}

/* ---- what is seen of it ---- */

static json_int_t counter(struct stage *stage, const char *name)
{
	json_t *answer = player_ask(stage->player, "stats", NULL);
	json_t *channel = json_array_get(json_object_get(answer, "channels"), 0);
	json_t *value = json_object_get(json_object_get(answer, "stream"), name);
	if (!value)
		value = json_object_get(
			json_object_get(json_object_get(channel, "quality"), "tr101290"), name);
	if (!value)
		fail_msg("stats know no %s", name);
	json_int_t found = json_integer_value(value);
	json_decref(answer);
	return found;
}

struct wanted {
	int channel;
	unsigned frame;
};

static bool is_wanted(const struct screen_picture *picture, const void *ctx)
{
	const struct wanted *wanted = ctx;
	return picture->seen.mark.channel == wanted->channel &&
	       picture->seen.mark.frame == wanted->frame && picture->seen.whole;
}

static void print_shown(struct stage *stage, size_t from)
{
	for (size_t i = from, n = screen_count(stage->screen); i < n; i++) {
		struct watch_picture seen = screen_at(stage->screen, i).seen;
		print_message("%u/%u%s ", seen.mark.channel, seen.mark.frame,
			seen.whole ? "" : " damaged");
	}
	print_message("\n");
}

/* The next picture of this number, whole. Returns when it was shown. */
static uint64_t await_frame(
	struct stage *stage, int clip, unsigned frame, size_t *index, uint64_t deadline_ns)
{
	const struct wanted wanted = {clip, frame % LAB_PICTURES};
	struct screen_picture picture;
	size_t from = *index;
	uint64_t now_ns = lab_now_ns();
	unsigned limit_ms = now_ns < deadline_ns ? (unsigned)((deadline_ns - now_ns) / MS_NS) : 0;
	if (!screen_await(stage->screen, index, limit_ms, is_wanted, &wanted, &picture)) {
		print_shown(stage, from);
		fail_msg("picture %u of clip %d was not shown whole in time", wanted.frame, clip);
	}
	return picture.seen.at_ns;
}

/* From this key picture on so many are shown, in order, and everything is whole. */
static void expect_key(struct stage *stage, struct replay *replay, int clip, struct replay_key key,
	unsigned pictures)
{
	size_t index = screen_count(stage->screen), first;
	uint64_t position = replay_position(replay);
	uint64_t wait = key.last > position ? key.last - position : 0;
	uint64_t whole_ns = lab_now_ns() + wait * 1000000000 / LAB_PACKETS_PER_S;
	uint64_t limit_ns = whole_ns + (LEAD_MS + SLACK_MS) * MS_NS;
	uint64_t shown_ns = await_frame(stage, clip, key.frame, &index, limit_ns);
	print_message("picture %u, %.0f ms after it was whole\n", key.frame,
		((double)shown_ns - (double)whole_ns) / 1e6);
	first = index;
	for (unsigned i = 1; i < pictures; i++)
		await_frame(stage, clip, key.frame + i, &index, lab_now_ns() + SLACK_MS * MS_NS);
	stage_expect_undamaged(stage, first);
}

struct damage {
	struct replay_fault fault;	/* from and to are found */
	uint64_t packets;		/* so long it lasts */
	const char *counter, *sentence; /* NULL: none */
	bool harmless;			/* a viewer sees nothing of it */
};

/* Ends right before a key picture begins: it has to be shown. */
static struct replay_key plan(struct replay *replay, struct damage *damage)
{
	const uint64_t soon = 20; /* packets: until what is planned here has been handed over */
	uint64_t end = replay_position(replay) + soon + damage->packets;
	struct replay_key key = replay_next_key(replay, end + 1 + damage->fault.skip);
	key.first -= damage->fault.skip;
	key.last -= damage->fault.skip;
	damage->fault.from = key.first - 1 - damage->packets;
	damage->fault.to = key.first - 1;
	return key;
}

static void expect_survived(struct stage *stage, struct replay *replay, struct damage damage)
{
	size_t first = screen_count(stage->screen);
	json_int_t before = damage.counter ? counter(stage, damage.counter) : 0;
	struct replay_key key = plan(replay, &damage);
	replay_set_fault(replay, &damage.fault);
	expect_key(stage, replay, CHANNEL, key, FOLLOWING);
	if (damage.counter && counter(stage, damage.counter) <= before)
		fail_msg("%s has not grown", damage.counter);
	if (damage.sentence)
		player_await_error(stage->player, damage.sentence);
	if (damage.harmless)
		stage_expect_undamaged(stage, first);
	g_autofree char *now = player_status(stage->player, "state");
	assert_string_equal(now, "playing");
}

/* A player that watches a replay of channel 1, which the head-end does not send. */
static struct replay *start(struct stage *stage)
{
	struct replay *replay = replay_open(&stage->lab, CHANNEL);
	lab_headend(&stage->lab, "stop %d", CHANNEL);
	replay_start(replay, stage->forge, LAB_SOURCE, lab_group(CHANNEL));
	stage_play(stage, CHANNEL);
	stage_await_whole(stage, CHANNEL, NULL, PICTURE_LIMIT_MS);
	return replay;
}

static void end(struct stage *stage, struct replay *replay)
{
	stage_quit(stage);
	forge_stop(stage->forge);
	replay_close(replay);
}

/* ---- the tests ---- */

static void garbage_instead_of_packets(void **state)
{
	take_stage(stage, state);
	struct replay *replay = start(stage);
	expect_survived(stage, replay,
		(struct damage){.fault.spoil = no_transport_stream,
			.packets = HALF_A_SECOND,
			.counter = "not_ts",
			.sentence = "channel 1: packets lost ("});
	player_await_error(stage->player, "datagrams that are no transport stream (");
	expect_survived(stage, replay,
		(struct damage){.fault.spoil = random_bytes_in_rtp,
			.packets = HALF_A_SECOND,
			.counter = "ts_sync_lost",
			.sentence = "breaks in the transport stream ("});
	end(stage, replay);
}

static void half_a_transport_packet(void **state)
{
	take_stage(stage, state);
	struct replay *replay = start(stage);
	expect_survived(stage, replay,
		(struct damage){.fault.spoil = half_a_packet,
			.packets = HALF_A_SECOND,
			.counter = "ts_sync_lost",
			.sentence = "transport packets that are cut or have no sync byte ("});
	end(stage, replay);
}

static void wrong_programme_tables(void **state)
{
	take_stage(stage, state);
	struct replay *replay = start(stage);
	expect_survived(stage, replay,
		(struct damage){.fault.spoil = pat_with_wrong_crc,
			.packets = HALF_A_SECOND,
			.counter = "psi_crc",
			.sentence = "tables with a wrong checksum (",
			.harmless = true});
	expect_survived(stage, replay,
		(struct damage){.fault.spoil = pat_of_others,
			.packets = 2 * HALF_A_SECOND,
			.counter = "pmt",
			.sentence = "times without a PMT that the PAT names (",
			.harmless = true});
	end(stage, replay);
}

/* A clock of somebody else, for a second; then another time base, for good, unannounced. */
static void jumps_of_the_clock(void **state)
{
	take_stage(stage, state);
	struct replay *replay = start(stage);
	expect_survived(stage, replay,
		(struct damage){.fault.spoil = pcr_of_others, .packets = HALF_A_SECOND});
	expect_survived(stage, replay, (struct damage){.fault.shift_90k = HOUR_90K, .packets = 1});
	expect_survived(stage, replay,
		(struct damage){
			.fault.shift_90k = (UINT64_C(1) << 33) - 2 * HOUR_90K, .packets = 1});
	end(stage, replay);
}

/* As a recording that was cut anywhere and glued together, and a head-end that was started anew. */
static void cuts_anywhere(void **state)
{
	take_stage(stage, state);
	struct replay *replay = start(stage);
	expect_survived(stage, replay,
		(struct damage){.fault.skip = 1003,
			.packets = 60,
			.counter = "ts_continuity",
			.sentence = "channel 1: breaks in the transport stream ("});
	expect_survived(stage, replay,
		(struct damage){.fault = {.skip = 1501, .ssrc_changes = 1},
			.packets = 60,
			.counter = "rtp_restarts",
			.sentence = "times that another sender took over (1)"});
	end(stage, replay);
}

static void await_position(const struct replay *replay, uint64_t position)
{
	while (replay_position(replay) < position)
		g_usleep(2000);
}

/* The one that was there first is shown; when it ends the other one is, from a key picture on. */
static void two_senders_on_one_group(void **state)
{
	take_stage(stage, state);
	const int other_clip = 2;
	struct replay *replay = replay_open(&stage->lab, other_clip);
	stage_play(stage, CHANNEL);
	stage_await_whole(stage, CHANNEL, NULL, PICTURE_LIMIT_MS);
	size_t first = screen_count(stage->screen);
	replay_start(replay, stage->forge, OTHER_SOURCE, lab_group(CHANNEL));
	await_position(replay, 3 * HALF_A_SECOND);
	assert_true(counter(stage, "rtp_foreign") > HALF_A_SECOND);
	player_await_error(stage->player, "packets of another sender on its group, ignored (");
	for (size_t i = first, n = screen_count(stage->screen); i < n; i++)
		assert_int_equal(screen_at(stage->screen, i).seen.mark.channel, CHANNEL);
	stage_expect_undamaged(stage, first);

	lab_headend(&stage->lab, "stop %d", CHANNEL);
	uint64_t position = replay_position(replay);
	expect_key(stage, replay, other_clip, replay_next_key(replay, position + 2), FOLLOWING);
	end(stage, replay);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(garbage_instead_of_packets),
		STAGE_TEST(half_a_transport_packet),
		STAGE_TEST(wrong_programme_tables),
		STAGE_TEST(jumps_of_the_clock),
		STAGE_TEST(cuts_anywhere),
		STAGE_TEST(two_senders_on_one_group),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_damage", tests, stage_open, stage_close);
}
