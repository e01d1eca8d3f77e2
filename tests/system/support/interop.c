#include "tests/system/support/interop.h"

#include <glib.h>

#include "tests/support/test.h"

enum {
	PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	PICTURE_EVERY = 4,	 /* zaps: most tables are right long before there is one */
	JOIN_LIMIT_MS = 1000,
	STREAM_LIMIT_MS = 1000,
	QUERY_LIMIT_MS = 500,
	READY_LIMIT_MS = 60000, /* pimd takes its time to know the rendezvous point */
	LOOK_US = 1000,
	OVERLAP_MS = 300,
};
#define MS_NS UINT64_C(1000000)

struct zap {
	int from, to;
	uint64_t report_ns;
	bool done;
};

/* ---- the table ---- */

static uint32_t bit(int channel)
{
	return UINT32_C(1) << channel;
}

static bool is_right(const struct interop *run, const struct zap *zap, uint32_t held)
{
	return run->receiver->overlap ? !(held & bit(zap->from)) : held == bit(zap->to);
}

/* Looks once; true when nothing is left to wait for. */
static bool look(struct interop *run)
{
	bool all_done = true;
	uint32_t held = table_look(run->table);
	uint64_t now_ns = capture_now_ns();
	for (guint i = 0; i < run->zaps->len; i++) {
		struct zap *zap = &g_array_index(run->zaps, struct zap, i);
		if (zap->done)
			continue;
		double ms = capture_ms_between(zap->report_ns, now_ns);
		zap->done = is_right(run, zap, held);
		all_done = all_done && zap->done;
		if (!zap->done && ms > receiver_limit_ms(run->receiver))
			fail_msg("%s: zap %u from %d to %d: the table holds %x after %.1f ms",
				run->receiver->name, i, zap->from, zap->to, held, ms);
		if (!zap->done)
			continue;
		figure_add(&run->figures[INTEROP_TABLE], ms);
		figure_add(&run->figures[INTEROP_LOOKS_APART],
			capture_ms_between(run->looked_ns, now_ns));
	}
	run->looked_ns = now_ns;
	return all_done;
}

static void expect_only(struct interop *run, int channel, const char *when)
{
	uint32_t held = table_look(run->table);
	if (held != bit(channel))
		fail_msg("%s: %s the table holds %x, not channel %d alone", run->receiver->name,
			when, held, channel);
}

/*
 * Whether a channel is left too lately to be joined again. FRR 8.4 stops to forward a group that is
 * joined again while it asks for members: toex_excl of its pim_igmpv3.c does not restart the timer
 * of "any source", which toin_excl has lowered.
 */
static bool is_forgetting(const struct interop *run, int channel)
{
	uint64_t now_ns = capture_now_ns();
	for (guint i = 0; i < run->zaps->len; i++) {
		const struct zap *zap = &g_array_index(run->zaps, struct zap, i);
		if (zap->from == channel &&
			(!zap->done || now_ns < zap->report_ns +
							receiver_rejoin_ms(run->receiver) * MS_NS))
			return true;
	}
	return false;
}

/* ---- a zap ---- */

/* Whether it has understood the leave: tables may be right for another reason, too. */
static void expect_query(struct interop *run, const struct zap *zap)
{
	uint32_t group = lab_group(zap->from);
	/* The bridge begins to ask for a single source only with the second query. */
	uint64_t limit_ns = zap->report_ns +
			    (receiver_query_interval_ms(run->receiver) + QUERY_LIMIT_MS) * MS_NS;
	struct captured query;
	size_t index = 0;
	if (run->receiver->last_member != LAST_MEMBER_NOT_ASKED &&
		!capture_await(
			run->stage->capture, &index, limit_ns, capture_is_query, &group, &query))
		fail_msg("%s: nobody asked for channel %d when it was left", run->receiver->name,
			zap->from);
}

static void zap_once(struct interop *run, int from, int to)
{
	struct zap zap = {.from = from, .to = to};
	struct captured report, first;
	uint32_t group = lab_group(to);
	size_t index = 0;
	uint64_t sent_ns;
	capture_clear(run->stage->capture);
	player_tune(run->stage->player, to, &sent_ns);
	if (!capture_await(run->stage->capture, &index, sent_ns + JOIN_LIMIT_MS * MS_NS,
		    capture_is_join, &group, &report))
		fail_msg("%s: channel %d was not joined", run->receiver->name, to);
	zap.report_ns = run->looked_ns = report.at_ns;
	g_array_append_val(run->zaps, zap);
	while (!look(run) && !run->receiver->overlap)
		g_usleep(LOOK_US);
	if (!capture_await(run->stage->capture, &index, report.at_ns + STREAM_LIMIT_MS * MS_NS,
		    capture_is_data, &group, &first))
		fail_msg("%s: nothing of channel %d came within %d ms", run->receiver->name, to,
			STREAM_LIMIT_MS);
	figure_add(&run->figures[INTEROP_STREAM], capture_ms_between(report.at_ns, first.at_ns));
	expect_query(run, &zap);
}

/* The first channel: waits until the table holds it, and where zaps do not overlap it alone. */
static void begin(struct interop *run)
{
	uint64_t deadline_ns = lab_now_ns() + READY_LIMIT_MS * MS_NS;
	int channel = receiver_channel(run->receiver, 0);
	struct zap zap = {
		.from = receiver_start_channel(run->receiver), .to = channel, .done = true};
	uint32_t held;
	player_tune(run->stage->player, channel, &zap.report_ns);
	g_array_append_val(run->zaps, zap);
	do {
		held = table_look(run->table);
		if (lab_now_ns() > deadline_ns)
			fail_msg("%s: long after it was tuned to channel %d the table holds %x",
				run->receiver->name, channel, held);
		g_usleep(LOOK_US);
	} while (run->receiver->overlap ? !(held & bit(channel)) : held != bit(channel));
}

/* Until the next key. Where a picture is waited for, the change is repeated meanwhile. */
static void dwell(struct interop *run, unsigned n, int channel)
{
	uint64_t deadline_ns = lab_now_ns() + OVERLAP_MS * MS_NS;
	if (n % PICTURE_EVERY == PICTURE_EVERY - 2)
		stage_await_whole(run->stage, channel, NULL, PICTURE_LIMIT_MS);
	if (!run->receiver->overlap) {
		expect_only(run, channel, "before the next zap");
		return;
	}
	while (lab_now_ns() < deadline_ns) {
		look(run);
		g_usleep(LOOK_US);
	}
}

void interop_zap(struct interop *run)
{
	unsigned count = receiver_zap_count(run->receiver);
	begin(run);
	for (unsigned n = 0; n < count; n++) {
		int to = receiver_channel(run->receiver, n + 1);
		while (is_forgetting(run, to)) {
			look(run);
			g_usleep(LOOK_US);
		}
		zap_once(run, receiver_channel(run->receiver, n), to);
		dwell(run, n, to);
	}
}

/* ---- all of them ---- */

struct interop interop_open(struct stage *stage, const struct receiver *receiver)
{
	struct interop run = {.stage = stage, .receiver = receiver};
	static const char *const names[INTEROP_FIGURES] = {
		"the table holds the new group only", "first packet", "looked that long before"};
	for (int i = 0; i < INTEROP_FIGURES; i++)
		run.figures[i] = figure_new(names[i], 0);
	run.zaps = g_array_new(FALSE, FALSE, sizeof(struct zap));
	run.table = table_open(&stage->lab, receiver->table);
	return run;
}

void interop_await_rest(struct interop *run)
{
	while (!look(run))
		g_usleep(LOOK_US);
}

void interop_await_last(struct interop *run)
{
	int last = receiver_channel(run->receiver, receiver_zap_count(run->receiver));
	uint64_t deadline_ns = lab_now_ns() + receiver_limit_ms(run->receiver) * MS_NS;
	while (table_look(run->table) != bit(last) && lab_now_ns() < deadline_ns)
		g_usleep(LOOK_US);
	expect_only(run, last, "at the end");
}

void interop_close(struct interop *run)
{
	g_autofree char *title =
		g_strdup_printf("%s: zaps, times since the report", run->receiver->name);
	g_autofree char *file = g_strdup_printf("interop-%s.txt", run->receiver->name);
	figures_print(title, run->figures, INTEROP_FIGURES, g_strdelimit(file, ", ", '-'));
	assert_int_equal(run->figures[INTEROP_TABLE].ms->len, receiver_zap_count(run->receiver));
	assert_int_equal(run->figures[INTEROP_STREAM].ms->len, receiver_zap_count(run->receiver));
	table_close(run->table);
	g_array_unref(run->zaps);
	for (int i = 0; i < INTEROP_FIGURES; i++)
		figure_clear(&run->figures[i]);
}
