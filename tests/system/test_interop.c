/*
 * Zapping before routers and switches of the field: after each change of channel the receiver's
 * table holds the new group only, within its last-member time, and the stream arrives. Each test is
 * one receiver with the settings that suit it. ZAPPER_ZAPS=100 makes the campaign of it: that many
 * zaps, and FRR and bridge take the time that they take by default.
 */
#include <stdlib.h>

#include <glib.h>

#include "tests/system/support/figures.h"
#include "tests/system/support/stage.h"
#include "tests/system/support/table.h"

enum {
	CHANNELS = 8,
	SETTINGS_MAX = 3,
	ZAPS = CHANNELS,
	PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	PICTURE_EVERY = 4,	 /* zaps: most tables are right long before there is one */
	HEARD_LIMIT_MS = 5000,
	STREAM_LIMIT_MS = 1000,
	QUERY_LIMIT_MS = 500,
	COMMAND_LIMIT_MS = 30000,
	READY_LIMIT_MS = 60000, /* pimd takes its time to know the rendezvous point */
	REPEAT_MS = 1000,	/* URI: the repeat comes within it (RFC 9776 section 6.1) */
	SLACK_MS = 500,		/* beyond the last-member time */
	FAST_LEAVE_MS = 100,	/* where nobody is asked */
	LOOK_US = 1000,
	OVERLAP_MS = 300,
	NOT_INSTALLED = 69, /* `lab receiver` has not found the program */
};
#define MS_NS UINT64_C(1000000)

/*
 * igmpproxy asks every 10 s and gives a group up in the second round; where a repeat of the join
 * came since the last one, it takes that for an answer, and a round more (internAgeRoute of its
 * rttable.c). It counts in whole seconds, so that each round may be one longer.
 */
#define IGMPPROXY_MS (3 * 11000)
/* pimd waits for three times its interval of 1 s (accept_leave_message of its igmp_proto.c), with
 * timers that are up to two whole seconds late. */
#define PIMD_MS (3000 + 2000)

/* How long a receiver asks for other members of a group that was left. */
enum last_member {
	LAST_MEMBER_NOT_ASKED,	 /* fast leave */
	LAST_MEMBER_TWO_QUERIES, /* of the interval that `lab receiver` and `lab bridge` set */
	LAST_MEMBER_FROM_REPEAT, /* the same, but begun anew by the leave's repeat */
	LAST_MEMBER_OWN,	 /* own_ms */
};

struct receiver {
	const char *name;
	const char *router;	     /* as `lab receiver` calls it */
	const char *version, *leave; /* as `lab bridge` does */
	const char *querier;	     /* "querier" where it is the bridge that asks; or NULL */
	enum table_kind table;
	const char *settings[SETTINGS_MAX];
	/* What the router asks in, and what the box then speaks. */
	int querier_version, host_version;
	enum last_member last_member;
	unsigned own_ms;
	/* Zaps go on while the table still forgets: waiting for each takes too long for every day.
	 */
	bool overlap;
	/* Channels by turns; the first is the first one's successor, too. 0: no more. */
	int channels[CHANNELS];
};

/* All four kinds of change, from and to any source and a single one. */
#define BOTH_KINDS                                                                                 \
	{                                                                                          \
		1, 3, 2, 4, 5, 6, 8, 7                                                             \
	}
#define ANY_SOURCE_ONLY                                                                            \
	{                                                                                          \
		1, 3, 5, 7                                                                         \
	}
#define SINGLE_SOURCE_ONLY                                                                         \
	{                                                                                          \
		2, 4, 6, 8                                                                         \
	}

struct zap {
	int from, to;
	uint64_t report_ns;
	bool done;
};

enum { TABLE_RIGHT, STREAM, LOOKS_APART, FIGURES };

/* One receiver's zaps. */
struct run {
	struct stage *stage;
	const struct receiver *receiver;
	struct table *table;
	struct figure figures[FIGURES];
	GArray *zaps; /* struct zap */
	unsigned limit_ms;
	uint64_t looked_ns; /* when it looked last */
};

/* ---- how long it takes ---- */

static bool is_campaign(void)
{
	return g_getenv("ZAPPER_ZAPS") != NULL;
}

static unsigned channel_count(const struct receiver *receiver)
{
	unsigned count = 0;
	while (count < CHANNELS && receiver->channels[count])
		count++;
	return count;
}

/* A group that is still to be forgotten is not joined again: overlapping zaps end before. */
static unsigned zap_count(const struct receiver *receiver)
{
	if (is_campaign())
		return (unsigned)atoi(g_getenv("ZAPPER_ZAPS"));
	return receiver->overlap ? channel_count(receiver) - 1 : ZAPS;
}

static unsigned query_interval_ms(const struct receiver *receiver)
{
	return is_campaign() && receiver->last_member != LAST_MEMBER_NOT_ASKED ? 1000 : 100;
}

/* The longest that any of them goes on asking, but for those whose zaps overlap. */
static unsigned rejoin_ms(const struct receiver *receiver)
{
	return REPEAT_MS + 2 * query_interval_ms(receiver) + SLACK_MS;
}

static unsigned limit_ms(const struct receiver *receiver)
{
	switch (receiver->last_member) {
	case LAST_MEMBER_NOT_ASKED:
		return FAST_LEAVE_MS;
	case LAST_MEMBER_TWO_QUERIES:
		return 2 * query_interval_ms(receiver) + SLACK_MS;
	case LAST_MEMBER_FROM_REPEAT:
		return REPEAT_MS + 2 * query_interval_ms(receiver) + SLACK_MS;
	case LAST_MEMBER_OWN:
		return receiver->own_ms + SLACK_MS;
	}
	return 0;
}

/* ---- the table ---- */

static int nth_channel(const struct receiver *receiver, unsigned n)
{
	return receiver->channels[n % channel_count(receiver)];
}

/* Overlapping zaps must not come to a group that is just being left. */
static int start_channel(const struct receiver *receiver)
{
	unsigned n = 0;
	int channel = CHANNELS;
	if (!receiver->overlap)
		return nth_channel(receiver, channel_count(receiver) - 1);
	while (n < channel_count(receiver)) {
		bool is_used = receiver->channels[n] == channel;
		channel = is_used ? channel - 1 : channel;
		n = is_used ? 0 : n + 1;
	}
	return channel;
}

static uint32_t bit(int channel)
{
	return UINT32_C(1) << channel;
}

static bool is_right(const struct run *run, const struct zap *zap, uint32_t held)
{
	return run->receiver->overlap ? !(held & bit(zap->from)) : held == bit(zap->to);
}

/* Looks once; true when nothing is left to wait for. */
static bool look(struct run *run)
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
		if (ms > run->limit_ms)
			fail_msg("%s: zap %u from %d to %d: the table is %s after %.1f ms: %x",
				run->receiver->name, i, zap->from, zap->to,
				zap->done ? "right" : "wrong", ms, held);
		if (!zap->done)
			continue;
		figure_add(&run->figures[TABLE_RIGHT], ms);
		figure_add(&run->figures[LOOKS_APART], capture_ms_between(run->looked_ns, now_ns));
	}
	run->looked_ns = now_ns;
	return all_done;
}

static void expect_only(struct run *run, int channel, const char *when)
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
static bool is_forgetting(const struct run *run, int channel)
{
	uint64_t now_ns = capture_now_ns();
	for (guint i = 0; i < run->zaps->len; i++) {
		const struct zap *zap = &g_array_index(run->zaps, struct zap, i);
		if (zap->from == channel &&
			(!zap->done || now_ns < zap->report_ns + rejoin_ms(run->receiver) * MS_NS))
			return true;
	}
	return false;
}

/* ---- a zap ---- */

/* What says that the group *(const uint32_t *)ctx is joined, in any version. */
static bool is_join(const struct captured *captured, const void *ctx)
{
	uint32_t group = htonl(*(const uint32_t *)ctx);
	if (!capture_is_igmp_of_box(captured, NULL))
		return false;
	struct igmp_message message = capture_message(captured);
	if (message.type != IGMP_TYPE_V3_REPORT)
		return message.type != IGMP_TYPE_V2_LEAVE && message.group.s_addr == group;
	struct igmp_record_reader reader = igmp_records(&message);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record))
		if (record.group.s_addr == group)
			return true;
	return false;
}

/* A query for the group *(const uint32_t *)ctx, or for sources of it. */
static bool is_query(const struct captured *captured, const void *ctx)
{
	uint32_t group = htonl(*(const uint32_t *)ctx);
	if (!captured->to_box || captured->packet[9] != IPPROTO_IGMP)
		return false;
	struct igmp_message message = capture_message(captured);
	return message.type == IGMP_TYPE_QUERY && message.group.s_addr == group;
}

/* Whether it has understood the leave: tables may be right for another reason, too. */
static void expect_query(struct run *run, const struct zap *zap)
{
	uint32_t group = lab_group(zap->from);
	/* The bridge begins to ask for a single source only with the second query. */
	uint64_t limit_ns =
		zap->report_ns + (query_interval_ms(run->receiver) + QUERY_LIMIT_MS) * MS_NS;
	struct captured query;
	size_t index = 0;
	if (run->receiver->last_member != LAST_MEMBER_NOT_ASKED &&
		!capture_await(run->stage->capture, &index, limit_ns, is_query, &group, &query))
		fail_msg("%s: nobody asked for channel %d when it was left", run->receiver->name,
			zap->from);
}

static void zap_once(struct run *run, int from, int to)
{
	struct zap zap = {.from = from, .to = to};
	struct captured report, first;
	uint32_t group = lab_group(to);
	size_t index = 0;
	uint64_t sent_ns;
	capture_clear(run->stage->capture);
	player_tune(run->stage->player, to, &sent_ns);
	if (!capture_await(
		    run->stage->capture, &index, sent_ns + 1000 * MS_NS, is_join, &group, &report))
		fail_msg("%s: channel %d was not joined", run->receiver->name, to);
	zap.report_ns = run->looked_ns = report.at_ns;
	g_array_append_val(run->zaps, zap);
	while (!look(run) && !run->receiver->overlap)
		g_usleep(LOOK_US);
	if (!capture_await(run->stage->capture, &index, report.at_ns + STREAM_LIMIT_MS * MS_NS,
		    capture_is_data, &group, &first))
		fail_msg("%s: nothing of channel %d came within %d ms", run->receiver->name, to,
			STREAM_LIMIT_MS);
	figure_add(&run->figures[STREAM], capture_ms_between(report.at_ns, first.at_ns));
	expect_query(run, &zap);
}

/* The first channel: waits until the table holds it, and where zaps do not overlap it alone. */
static void begin(struct run *run)
{
	uint64_t deadline_ns = lab_now_ns() + READY_LIMIT_MS * MS_NS;
	int channel = nth_channel(run->receiver, 0);
	struct zap zap = {.from = start_channel(run->receiver), .to = channel, .done = true};
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
static void dwell(struct run *run, unsigned n, int channel)
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

static void zap_through(struct run *run)
{
	unsigned count = zap_count(run->receiver);
	begin(run);
	for (unsigned n = 0; n < count; n++) {
		int to = nth_channel(run->receiver, n + 1);
		while (is_forgetting(run, to)) {
			look(run);
			g_usleep(LOOK_US);
		}
		zap_once(run, nth_channel(run->receiver, n), to);
		dwell(run, n, to);
	}
}

/* ---- a receiver ---- */

/* The exit code of one of the lab's commands, whose last words may be NULL. */
static int use_lab(const struct stage *stage, const struct receiver *receiver, const char *verb,
	const char *what, const char *more, const char *most)
{
	g_autofree char *lab = g_build_filename(ZAPPER_SOURCE, "tests", "lab", "lab", NULL);
	g_autofree char *ms = g_strdup_printf("%u", query_interval_ms(receiver));
	const char *const argv[] = {lab, verb, "--last-member", ms, what, more, most, NULL};
	return lab_wait(lab_spawn(&stage->lab, "bridge", argv, NULL, NULL), COMMAND_LIMIT_MS);
}

static bool has_heard(struct stage *stage, const struct receiver *receiver)
{
	json_t *answer = player_ask(stage->player, "igmp", NULL);
	json_t *querier = json_object_get(answer, "querier");
	bool heard = json_integer_value(json_object_get(querier, "version")) ==
			     receiver->querier_version &&
		     json_integer_value(json_object_get(answer, "host_version")) ==
			     receiver->host_version;
	json_decref(answer);
	return heard;
}

static void await_query(struct stage *stage, const struct receiver *receiver)
{
	uint64_t deadline_ns = lab_now_ns() + HEARD_LIMIT_MS * MS_NS;
	while (!has_heard(stage, receiver)) {
		if (lab_now_ns() > deadline_ns)
			fail_msg("%s: no query of version %d, or the box does not speak %d",
				receiver->name, receiver->querier_version, receiver->host_version);
		g_usleep(LOOK_US);
	}
}

/* Also who has just begun knows then what the box receives. */
static void await_answer(struct stage *stage, const struct receiver *receiver, int channel)
{
	const uint32_t all = 0, group = lab_group(channel);
	uint64_t limit_ns = capture_now_ns() + HEARD_LIMIT_MS * MS_NS;
	struct captured packet;
	size_t index = 0;
	if (!capture_await(stage->capture, &index, limit_ns, is_query, &all, &packet) ||
		!capture_await(stage->capture, &index, limit_ns, is_join, &group, &packet))
		fail_msg("%s: its query was not answered", receiver->name);
}

static void play(struct stage *stage, const struct receiver *receiver, int channel)
{
	const char *more[2 * SETTINGS_MAX + 1] = {NULL};
	for (size_t i = 0; i < SETTINGS_MAX && receiver->settings[i]; i++) {
		more[2 * i] = "-o";
		more[2 * i + 1] = receiver->settings[i];
	}
	stage_play_with(stage, channel, &(struct player_options){.more = more});
}

/* Why it cannot be had, or NULL: it is then the router, and has asked the box, which plays. */
static const char *put_up(struct stage *stage, const struct receiver *receiver)
{
	play(stage, receiver, start_channel(receiver));
	capture_clear(stage->capture);
	assert_int_equal(use_lab(stage, receiver, "bridge", receiver->version, receiver->leave,
				 receiver->querier),
		0);
	int code = use_lab(stage, receiver, "receiver", receiver->router, NULL, NULL);
	if (code == NOT_INSTALLED)
		return "its program is not installed (./check fetches it where packages can be "
		       "had)";
	assert_int_equal(code, 0);
	await_query(stage, receiver);
	/* It takes half of 10 s, and overlapping zaps do not need it. */
	if (!receiver->overlap)
		await_answer(stage, receiver, start_channel(receiver));
	return NULL;
}

static struct run open_run(struct stage *stage, const struct receiver *receiver)
{
	struct run run = {.stage = stage, .receiver = receiver, .limit_ms = limit_ms(receiver)};
	static const char *const names[FIGURES] = {
		"the table holds the new group only", "first packet", "looked that long before"};
	for (int i = 0; i < FIGURES; i++)
		run.figures[i] = figure_new(names[i], 0);
	run.zaps = g_array_new(FALSE, FALSE, sizeof(struct zap));
	run.table = table_open(&stage->lab, receiver->table);
	return run;
}

static void await_rest(struct run *run)
{
	while (!look(run))
		g_usleep(LOOK_US);
}

static void await_only(struct run *run, int channel)
{
	uint64_t deadline_ns = lab_now_ns() + run->limit_ms * MS_NS;
	while (table_look(run->table) != bit(channel) && lab_now_ns() < deadline_ns)
		g_usleep(LOOK_US);
	expect_only(run, channel, "at the end");
}

/* Says how long it all took. */
static void close_run(struct run *run)
{
	g_autofree char *title =
		g_strdup_printf("%s: zaps, times since the report", run->receiver->name);
	g_autofree char *file = g_strdup_printf("interop-%s.txt", run->receiver->name);
	figures_print(title, run->figures, FIGURES, g_strdelimit(file, ", ", '-'));
	assert_int_equal(run->figures[TABLE_RIGHT].ms->len, zap_count(run->receiver));
	assert_int_equal(run->figures[STREAM].ms->len, zap_count(run->receiver));
	table_close(run->table);
	g_array_unref(run->zaps);
	for (int i = 0; i < FIGURES; i++)
		figure_clear(&run->figures[i]);
}

static void zap_before(struct stage *stage, const struct receiver *receiver)
{
	struct run run = open_run(stage, receiver);
	zap_through(&run);
	await_rest(&run);
	await_only(&run, nth_channel(receiver, zap_count(receiver)));
	close_run(&run);
	stage_quit(stage);
}

/* A macro, because a test that skips says so under its own name. */
#define take_receiver(ret, state, receiver)                                                        \
	take_stage(ret, state);                                                                    \
	const char *missing = put_up(ret, receiver);                                               \
	if (missing)                                                                               \
	skip_because(missing)

#define try_receiver(state, receiver)                                                              \
	take_receiver(stage, state, receiver);                                                     \
	zap_before(stage, receiver)

/* ---- the bridge, before FRR ---- */

static void bridge_in_version_3_forgets_at_once(void **state)
{
	static const struct receiver receiver = {.name = "bridge v3, fast leave",
		.router = "frr-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_NOT_ASKED,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void bridge_in_version_3_forgets_after_the_router_has_asked(void **state)
{
	static const struct receiver receiver = {.name = "bridge v3",
		.router = "frr-v3",
		.version = "v3",
		.leave = "nofastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void bridge_in_version_2_forgets_at_once(void **state)
{
	static const struct receiver receiver = {.name = "bridge v2, fast leave",
		.router = "frr-v3",
		.version = "v2",
		.leave = "fastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=to_in"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_NOT_ASKED,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

/*
 * It heeds the router's query for a group, but none for a group's sources, which is how FRR asks
 * after a single source was left, whatever the leave was: such a group stays until nobody answers
 * the general queries any more (260 s).
 */
static void bridge_in_version_2_forgets_after_the_router_has_asked(void **state)
{
	static const struct receiver receiver = {.name = "bridge v2",
		.router = "frr-v3",
		.version = "v2",
		.leave = "nofastleave",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=to_in"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = ANY_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

/* ---- the bridge that asks itself, with the head-end plugged in beside the box ---- */

static void bridge_that_asks_in_version_3_forgets(void **state)
{
	static const struct receiver receiver = {.name = "bridge v3, querier",
		.router = "forward",
		.version = "v3",
		.leave = "nofastleave",
		.querier = "querier",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void bridge_that_asks_in_version_2_forgets(void **state)
{
	static const struct receiver receiver = {.name = "bridge v2, querier",
		.router = "forward",
		.version = "v2",
		.leave = "nofastleave",
		.querier = "querier",
		.table = TABLE_BRIDGE,
		.settings = {"igmp.v2_ssm=yes"},
		.querier_version = 2,
		.host_version = 2,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

/* ---- routers, behind a bridge with fast leave ---- */

/* The repeat of the leave raises its timer again, where it has been lowered already. */
static void frr_in_version_3_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "FRR v3",
		.router = "frr-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_FRR,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_FROM_REPEAT,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

static void frr_forgets_in_time_where_repeats_come_early(void **state)
{
	static const struct receiver receiver = {.name = "FRR v3, early repeats",
		.router = "frr-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_FRR,
		.settings = {"igmp.ssm_leave=block", "igmp.unsolicited_interval_ms=400"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = BOTH_KINDS};
	try_receiver(state, &receiver);
}

/* It drops the version 2 report of a single-source group, and every report of version 3. */
static void frr_in_version_2_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "FRR v2",
		.router = "frr-v2",
		.version = "v2",
		.leave = "fastleave",
		.table = TABLE_FRR,
		.querier_version = 2,
		.host_version = 2,
		.last_member = LAST_MEMBER_TWO_QUERIES,
		.channels = ANY_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

/* It asks in version 2 and knows no sources: single-source channels come only with v2_ssm. */
static const struct receiver igmpproxy_v2 = {.name = "igmpproxy",
	.router = "igmpproxy",
	.version = "v2",
	.leave = "fastleave",
	.table = TABLE_ROUTES,
	.settings = {"igmp.v2_ssm=yes"},
	.querier_version = 2,
	.host_version = 2,
	.last_member = LAST_MEMBER_OWN,
	.own_ms = IGMPPROXY_MS,
	.overlap = true,
	.channels = {1, 3, 2, 4}};

/* It reads version 3, too, but takes BLOCK for nothing. */
static const struct receiver igmpproxy_v3 = {.name = "igmpproxy, told in version 3",
	.table = TABLE_ROUTES,
	.settings = {"igmp.fallback=no", "igmp.ssm_leave=to_in"},
	.last_member = LAST_MEMBER_OWN,
	.own_ms = IGMPPROXY_MS,
	.overlap = true,
	.channels = {5, 7, 6, 8}};

/* Both in one test, to wait but once for what it takes longest to forget. */
static void igmpproxy_forgets_after_asking_in_either_version(void **state)
{
	take_receiver(stage, state, &igmpproxy_v2);
	struct run older = open_run(stage, &igmpproxy_v2), newer = open_run(stage, &igmpproxy_v3);
	zap_through(&older);
	if (is_campaign())
		await_rest(&older);
	stage_quit(stage);
	stage_end(state);
	play(stage, &igmpproxy_v3, nth_channel(&igmpproxy_v3, 0));
	zap_through(&newer);
	await_rest(&older);
	await_rest(&newer);
	await_only(&newer, nth_channel(&igmpproxy_v3, zap_count(&igmpproxy_v3)));
	close_run(&older);
	close_run(&newer);
	stage_quit(stage);
}

static void pimd_in_version_3_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "pimd v3",
		.router = "pimd-v3",
		.version = "v3",
		.leave = "fastleave",
		.table = TABLE_ROUTES,
		.settings = {"igmp.ssm_leave=block"},
		.querier_version = 3,
		.host_version = 3,
		.last_member = LAST_MEMBER_OWN,
		.own_ms = PIMD_MS,
		.overlap = true,
		.channels = SINGLE_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

static void pimd_in_version_2_forgets_after_asking(void **state)
{
	static const struct receiver receiver = {.name = "pimd v2",
		.router = "pimd-v2",
		.version = "v2",
		.leave = "fastleave",
		.table = TABLE_ROUTES,
		.querier_version = 2,
		.host_version = 2,
		.last_member = LAST_MEMBER_OWN,
		.own_ms = PIMD_MS,
		.overlap = true,
		.channels = ANY_SOURCE_ONLY};
	try_receiver(state, &receiver);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(bridge_in_version_3_forgets_at_once),
		STAGE_TEST(bridge_in_version_3_forgets_after_the_router_has_asked),
		STAGE_TEST(bridge_in_version_2_forgets_at_once),
		STAGE_TEST(bridge_in_version_2_forgets_after_the_router_has_asked),
		STAGE_TEST(frr_in_version_3_forgets_after_asking),
		STAGE_TEST(frr_forgets_in_time_where_repeats_come_early),
		STAGE_TEST(frr_in_version_2_forgets_after_asking),
		STAGE_TEST(igmpproxy_forgets_after_asking_in_either_version),
		STAGE_TEST(pimd_in_version_3_forgets_after_asking),
		STAGE_TEST(bridge_that_asks_in_version_3_forgets),
		STAGE_TEST(bridge_that_asks_in_version_2_forgets),
		STAGE_TEST(pimd_in_version_2_forgets_after_asking),
	};
	/* The last one takes half a minute to be up. */
	size_t left_out = is_campaign() ? 0 : 1;
	stage_choose(argc, argv);
	return _cmocka_run_group_tests(
		"system_interop", tests, G_N_ELEMENTS(tests) - left_out, stage_open, stage_close);
}
