/*
 * The same channel changes through the kernel's IGMP host and through ours, told apart at the
 * bridge's port to the box: the time from a control client's write to the report on the wire, and
 * what the reports hold. Half of the channels are any-source, half source-specific. Three zaps of
 * four come while a 720p picture is decoded, the fourth soon after the one before, while its
 * repeat is pending.
 *
 *   ZAPPER_BUILD=BUILD ZAPPER_ZAPS=200 ZAPPER_SEED=1 tests/system/run
 * BUILD/tests/bench/side_by_side
 *
 * Prints tables in Markdown. It fails where packets or records are not as they should be; what the
 * times are is for the reader to judge.
 */
#include <math.h>
#include <string.h>

#include <glib.h>

#include "tests/system/support/figures.h"
#include "tests/system/support/stage.h"

enum {
	CHANNELS = 8,
	ZAPS = 10,
	SHORT_OF = 4, /* one of so many zaps comes soon */
	SHORT_MIN_MS = 300,
	SHORT_MAX_MS = 1000,
	LOOK_MS = 500, /* at the picture, at most */
	PICTURE_LIMIT_MS = 8000,
	CLOCK_STEP_MS = 1,
};

struct bench {
	unsigned zaps, seed;
};

/* One back end. */
struct tally {
	const char *name, *membership;
	struct figure all, decoding;
	unsigned zaps, reported;
	unsigned first_reports, records; /* reports that say something for the first time */
	unsigned together;		 /* those that leave and join */
	unsigned repeats;		 /* reports that only say again */
	unsigned earlier;		 /* of earlier zaps: their leaves again */
};

/* What one zap has to say, and what of it has been said. */
struct zap {
	uint32_t from, to; /* groups */
	bool left, joined;
	uint64_t join_ns; /* CLOCK_REALTIME */
};

/* ---- what a report says ---- */

struct content {
	bool leaves, joins; /* this zap's groups */
	unsigned records;
};

static struct content read_report(const struct captured *report, const struct zap *zap)
{
	struct content content = {0};
	struct igmp_message message = capture_message(report);
	struct igmp_record_reader reader = igmp_records(&message);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record)) {
		uint32_t group = ntohl(record.group.s_addr);
		content.records++;
		if (record.type == IGMP_TO_IN || record.type == IGMP_BLOCK)
			content.leaves |= group == zap->from;
		if (record.type == IGMP_TO_EX || record.type == IGMP_ALLOW)
			content.joins |= group == zap->to;
	}
	return content;
}

static void count_report(struct tally *tally, struct zap *zap, const struct captured *report)
{
	struct content content = read_report(report, zap);
	bool is_first = (content.leaves && !zap->left) || (content.joins && !zap->joined);
	tally->first_reports += is_first;
	tally->records += is_first ? content.records : 0;
	tally->together += is_first && content.leaves && content.joins;
	tally->repeats += !is_first && (content.leaves || content.joins);
	tally->earlier += !content.leaves && !content.joins;
	if (content.joins && !zap->joined)
		zap->join_ns = report->at_ns;
	zap->left |= content.leaves;
	zap->joined |= content.joins;
}

/* ---- one zap ---- */

/* CLOCK_REALTIME before CLOCK_MONOTONIC: another value later means that the clock was set. */
static double clock_offset_ms(void)
{
	return capture_ms_between(lab_now_ns(), capture_now_ns());
}

/* Whether the picture had come, and was being decoded, when the dwell time was over. */
static bool dwell(struct stage *stage, uint64_t zap, GRand *random)
{
	bool soon = g_rand_int_range(random, 0, SHORT_OF) == 0;
	gulong soon_ms = (gulong)g_rand_int_range(random, SHORT_MIN_MS, SHORT_MAX_MS);
	gulong look_ms = (gulong)g_rand_int_range(random, 0, LOOK_MS);
	if (soon) {
		g_usleep(soon_ms * 1000);
		return false;
	}
	json_t *picture = player_event(stage->player,
		json_pack("{s:s, s:I}", "event", "picture", "zap", (json_int_t)zap),
		PICTURE_LIMIT_MS);
	if (!picture)
		fail_msg("no picture within %d ms", PICTURE_LIMIT_MS);
	json_decref(picture);
	g_usleep(look_ms * 1000);
	return true;
}

/* Returns whether the next zap finds a picture being decoded. */
static bool zap_once(
	struct stage *stage, struct tally *tally, int from, int to, bool decoding, GRand *random)
{
	struct zap zap = {.from = lab_group(from), .to = lab_group(to)};
	double offset_ms = clock_offset_ms();
	uint64_t sent_ns;
	capture_clear(stage->capture);
	uint64_t number = player_tune(stage->player, to, &sent_ns);
	bool decodes_next = dwell(stage, number, random);
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		if (capture_is_change(&packet, NULL))
			count_report(tally, &zap, &packet);
	}
	tally->zaps++;
	tally->reported += zap.left && zap.joined;
	if (!zap.joined || fabs(clock_offset_ms() - offset_ms) > CLOCK_STEP_MS)
		return decodes_next;
	figure_add(&tally->all, capture_ms_between(sent_ns, zap.join_ns));
	if (decoding)
		figure_add(&tally->decoding, capture_ms_between(sent_ns, zap.join_ns));
	return decodes_next;
}

static void expect_membership(struct stage *stage, const char *wanted)
{
	g_autofree char *membership = player_status(stage->player, "membership");
	assert_string_equal(membership, wanted);
}

/* The same seed is the same channels, and the same dwell times but for the pictures' own. */
static void run(struct stage *stage, const struct bench *bench, struct tally *tally)
{
	const char *const more[] = {"--membership", tally->membership, NULL};
	const struct player_options options = {.channel = "1", .more = more};
	GRand *random = g_rand_new_with_seed(bench->seed);
	tally->all = figure_new(tally->name, 0);
	tally->decoding = figure_new(tally->name, 0);
	stage->player = player_start(&stage->lab, &options);
	expect_membership(stage, tally->membership);
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	bool decoding = true;
	for (unsigned i = 0, from = 1, to; i < bench->zaps; i++, from = to) {
		to = (from + (unsigned)g_rand_int_range(random, 0, CHANNELS - 1)) % CHANNELS + 1;
		decoding = zap_once(stage, tally, (int)from, (int)to, decoding, random);
	}
	g_rand_free(random);
	stage_quit(stage);
	g_clear_pointer(&stage->player, player_free);
}

/* ---- the tables ---- */

static void print_times(const char *when, const struct figure *figure)
{
	print_message("| %s | %s | %u | %.3f | %.3f | %.3f | %.3f |\n", figure->name, when,
		figure->ms->len, figure_percentile(figure, 50), figure_percentile(figure, 95),
		figure_percentile(figure, 99), figure_percentile(figure, 100));
}

static void print_reports(const struct tally *tally)
{
	print_message("| %s | %u | %.2f | %.2f | %.0f %% | %.2f | %u |\n", tally->name, tally->zaps,
		(double)tally->first_reports / tally->zaps,
		(double)tally->records / tally->first_reports,
		100.0 * tally->together / tally->zaps, (double)tally->repeats / tally->zaps,
		tally->earlier);
}

static void print_tables(const struct bench *bench, const struct tally tallies[2])
{
	print_message("\n%u zaps each, seed %u\n\n", bench->zaps, bench->seed);
	print_message("| host | at the press | zaps | p50 ms | p95 ms | p99 ms | max ms |\n"
		      "|---|---|---|---|---|---|---|\n");
	for (int i = 0; i < 2; i++) {
		print_times("anything", &tallies[i].all);
		print_times("720p is decoded", &tallies[i].decoding);
	}
	print_message(
		"\n| host | zaps | packets per zap | records per report | leave and join in one "
		"| repeats per zap | reports of earlier zaps |\n|---|---|---|---|---|---|---|\n");
	for (int i = 0; i < 2; i++)
		print_reports(&tallies[i]);
	print_message("\nAt the median ours is %.0f times as fast, %.0f times while 720p is "
		      "decoded.\n",
		figure_percentile(&tallies[0].all, 50) / figure_percentile(&tallies[1].all, 50),
		figure_percentile(&tallies[0].decoding, 50) /
			figure_percentile(&tallies[1].decoding, 50));
}

static unsigned number_or(const char *name, unsigned otherwise)
{
	const char *text = g_getenv(name);
	return text ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void both_hosts_say_each_zap(void **state)
{
	take_stage(stage, state);
	const struct bench bench = {number_or("ZAPPER_ZAPS", ZAPS), number_or("ZAPPER_SEED", 1)};
	struct tally tallies[] = {{.name = "the kernel's", .membership = "kernel"},
		{.name = "ours", .membership = "raw"}};
	for (int i = 0; i < 2; i++)
		run(stage, &bench, &tallies[i]);
	print_tables(&bench, tallies);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(tallies[i].zaps, bench.zaps);
		assert_int_equal(tallies[i].reported, bench.zaps);
		assert_true(tallies[i].all.ms->len > bench.zaps / 2);
		assert_true(figure_percentile(&tallies[i].all, 0) > 0);
	}
	/* Ours: one packet, two records, nothing of what was before. */
	assert_int_equal(tallies[1].first_reports, bench.zaps);
	assert_int_equal(tallies[1].together, bench.zaps);
	assert_int_equal(tallies[1].records, 2 * bench.zaps);
	for (int i = 0; i < 2; i++) {
		figure_clear(&tallies[i].all);
		figure_clear(&tallies[i].decoding);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {STAGE_TEST(both_hosts_say_each_zap)};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("bench_side_by_side", tests, stage_open, stage_close);
}
