/*
 * Keys that are held down, and a viewer who never stops: what comes of it is the channel of the
 * last key, and what the player is made of stays as it was.
 */
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "tests/system/support/stage.h"

enum {
	CHANNELS = 8,
	PICTURE_LIMIT_MS = 9000,
	RECORD_LIMIT_MS = 10000,
	PRESSES = 203,
	GAP_MS = 50, /* 20 presses a second, as keyboards repeat */
	REST_MS = 4000,
	ZAPS = 200, /* the short form; ZAPPER_ZAPS=10000 makes it a campaign */
	FILLED = 4, /* one in so many zaps comes before the first measurement */
	ZAP_GAP_MS = 25,
	PICTURE_EACH = 25, /* zaps: this one is watched until its picture comes */
	/* Pools of pictures (1.4 MiB each) grow to what they once needed, which takes some hundred
	 * zaps. What keeps a picture or a GOP of each zap is found by the short form. */
	GROWTH_MAX_KIB = 40960,
};
#define MS_NS UINT64_C(1000000)
#define SEED 0x5eed
#define AHEAD 2

/* GStreamer writes down each element that it makes. */
static void start(struct stage *stage)
{
	g_autofree char *log = lab_path(&stage->lab, "elements");
	g_autofree char *file = g_strconcat("GST_DEBUG_FILE=", log, NULL);
	const char *const before[] = {
		"env", "GST_DEBUG=GST_ELEMENT_FACTORY:4", "GST_DEBUG_NO_COLOR=1", file, NULL};
	const struct player_options options = {.prejoin = G_STRINGIFY(AHEAD), .before = before};
	stage_play_with(stage, 1, &options);
	stage_await_whole(stage, 1, NULL, PICTURE_LIMIT_MS);
}

static unsigned count_elements(struct stage *stage)
{
	g_autofree char *log = lab_path(&stage->lab, "elements");
	g_autofree char *text = lab_read(log);
	unsigned n = 0;
	for (const char *at = text; (at = strstr(at, "creating element")); at++)
		n++;
	assert_true(n > 0);
	return n;
}

static void await_ahead(struct stage *stage)
{
	uint64_t deadline_ns = lab_now_ns() + RECORD_LIMIT_MS * MS_NS;
	size_t held;
	do {
		json_t *status = player_ask(stage->player, "status", NULL);
		held = json_array_size(json_object_get(status, "ahead"));
		json_decref(status);
		if (lab_now_ns() > deadline_ns)
			fail_msg("%zu channels are held ahead", held);
		g_usleep(20000);
	} while (held != AHEAD);
}

static void sleep_until(uint64_t due_ns)
{
	uint64_t now_ns = lab_now_ns();
	if (now_ns < due_ns)
		g_usleep((gulong)(due_ns - now_ns) / 1000);
}

/* ---- a held key ---- */

struct press {
	uint64_t zap;
	int channel;
};

static struct press press_up(struct stage *stage)
{
	struct press press;
	json_t *answer = player_ask(stage->player, "up", NULL);
	press.zap = (uint64_t)json_integer_value(json_object_get(answer, "zap"));
	press.channel = (int)json_integer_value(json_object_get(answer, "channel"));
	json_decref(answer);
	return press;
}

/* Returns the last press. */
static struct press hold_up(struct stage *stage)
{
	struct press press = {0};
	uint64_t began_ns = lab_now_ns();
	for (int i = 0; i < PRESSES; i++) {
		sleep_until(began_ns + (uint64_t)i * GAP_MS * MS_NS);
		press = press_up(stage);
	}
	return press;
}

/* For each press one that leaves and joins, and its repeat, at most. */
static void expect_few_reports(struct stage *stage)
{
	struct captured report;
	size_t index = 0, n = 0;
	while (capture_await(
		stage->capture, &index, capture_now_ns(), capture_is_change, NULL, &report))
		n++;
	print_message("%d presses, %zu reports\n", PRESSES, n);
	assert_true(n <= 2 * PRESSES);
}

static size_t count_superseded(struct stage *stage)
{
	json_t *answer = player_ask(stage->player, "zaps", NULL), *record;
	size_t i, n = 0;
	json_array_foreach(json_object_get(answer, "zaps"), i, record) n +=
		!strcmp(json_string_value(json_object_get(record, "kind")), "superseded");
	json_decref(answer);
	return n;
}

static void expect_only(struct stage *stage, size_t index, int channel)
{
	for (size_t i = index, n = screen_count(stage->screen); i < n; i++)
		assert_int_equal(screen_at(stage->screen, i).seen.mark.channel, channel);
}

/* The bridge lets through the watched channel and those ahead, and nothing that was passed by. */
static void expect_bridge(struct stage *stage, int channel)
{
	g_autofree char *group =
		g_strdup_printf("%s.1.1.%d", lab_is_ssm(channel) ? "232" : "239", channel);
	g_autofree char *held = lab_bridge_groups(&stage->lab);
	g_auto(GStrv) groups = g_strsplit(held, " ", -1);
	if (!strstr(held, group) || g_strv_length(groups) != 1 + AHEAD)
		fail_msg("the bridge holds '%s', not %d groups with %s", held, 1 + AHEAD, group);
}

static void a_held_key_leaves_one_channel_the_right_one(void **state)
{
	take_stage(stage, state);
	const int channel = PRESSES % CHANNELS + 1;
	start(stage);
	await_ahead(stage);
	unsigned elements = count_elements(stage);
	capture_clear(stage->capture);
	struct press last = hold_up(stage);
	assert_int_equal(last.channel, channel);
	size_t shown = screen_count(stage->screen);
	expect_few_reports(stage);
	stage_await_whole(stage, channel, &shown, PICTURE_LIMIT_MS);
	json_t *record = player_event(stage->player,
		json_pack("{s:s, s:I}", "event", "zap", "n", (json_int_t)last.zap),
		RECORD_LIMIT_MS);
	assert_non_null(record);
	assert_int_equal(json_integer_value(json_object_get(record, "to")), channel);
	assert_string_equal(json_string_value(json_object_get(record, "result")), "ok");
	json_decref(record);
	await_ahead(stage);
	assert_true(count_superseded(stage) > PRESSES / 2);
	expect_only(stage, shown, channel);
	expect_bridge(stage, channel);
	stage_expect_undamaged(stage, 0);
	assert_int_equal(count_elements(stage), elements);
	stage_quit(stage);
}

/* ---- a viewer who never stops ---- */

struct footprint {
	long resident_kib, threads;
	unsigned descriptors;
};

static long status_number(const char *status, const char *name)
{
	const char *line = strstr(status, name);
	assert_non_null(line);
	return strtol(line + strlen(name), NULL, 10);
}

static struct footprint measure(struct stage *stage)
{
	struct footprint found = {0};
	int pid = player_pid(stage->player);
	g_autofree char *path = g_strdup_printf("/proc/%d/status", pid);
	g_autofree char *folder = g_strdup_printf("/proc/%d/fd", pid);
	g_autofree char *status = lab_read(path);
	GDir *dir = g_dir_open(folder, 0, NULL);
	assert_non_null(dir);
	while (g_dir_read_name(dir))
		found.descriptors++;
	g_dir_close(dir);
	found.resident_kib = status_number(status, "VmRSS:");
	found.threads = status_number(status, "Threads:");
	return found;
}

/* While one channel is watched, and the set ahead has followed: the least within two GOPs. */
static struct footprint measure_at_rest(struct stage *stage, int channel)
{
	size_t index = screen_count(stage->screen);
	player_tune(stage->player, channel, NULL);
	stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
	await_ahead(stage);
	struct footprint least = measure(stage);
	for (uint64_t end_ns = lab_now_ns() + REST_MS * MS_NS; lab_now_ns() < end_ns;) {
		g_usleep(50000);
		struct footprint now = measure(stage);
		least.resident_kib = MIN(least.resident_kib, now.resident_kib);
		least.threads = MIN(least.threads, now.threads);
		least.descriptors = MIN(least.descriptors, now.descriptors);
	}
	print_message("%ld KiB, %ld threads, %u descriptors\n", least.resident_kib, least.threads,
		least.descriptors);
	return least;
}

/* What was said on the line since the last picture, and who took it for what. */
static void print_line(struct stage *stage)
{
	g_autofree char *bridge = lab_bridge_groups(&stage->lab);
	g_autofree char *router = lab_router_groups(&stage->lab);
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		bool is_query = packet.to_box && packet.packet[9] == IPPROTO_IGMP;
		if (!is_query && !capture_is_igmp_of_box(&packet, NULL))
			continue;
		g_autofree char *text = is_query ? g_strdup("query") : capture_describe(&packet);
		print_message("%.1f ms: %s\n",
			capture_ms_between(capture_at(stage->capture, 0).at_ns, packet.at_ns),
			text);
	}
	print_message("the bridge holds %s, the router %s\n", bridge, router);
}

static void await_picture(struct stage *stage, int channel, size_t *index)
{
	struct screen_picture picture;
	if (!screen_await(
		    stage->screen, index, PICTURE_LIMIT_MS, screen_is_whole, &channel, &picture)) {
		print_line(stage);
		fail_msg("no picture of channel %d", channel);
	}
	capture_clear(stage->capture);
}

static void zap_about(struct stage *stage, GRand *random, unsigned zaps)
{
	for (unsigned i = 1; i <= zaps; i++) {
		int channel = g_rand_int_range(random, 1, CHANNELS + 1);
		size_t index = screen_count(stage->screen);
		player_tune(stage->player, channel, NULL);
		if (i % PICTURE_EACH == 0)
			await_picture(stage, channel, &index);
		else
			g_usleep(ZAP_GAP_MS * 1000);
	}
}

static unsigned zap_count(void)
{
	const char *text = g_getenv("ZAPPER_ZAPS");
	return text ? (unsigned)strtoul(text, NULL, 10) : ZAPS;
}

static void zaps_without_end_take_nothing(void **state)
{
	take_stage(stage, state);
	unsigned zaps = zap_count();
	GRand *random = g_rand_new_with_seed(SEED);
	start(stage);
	unsigned elements = count_elements(stage);
	zap_about(stage, random, zaps / FILLED);
	struct footprint before = measure_at_rest(stage, 1);
	struct footprint after = before;
	for (unsigned i = 1; i < FILLED; i++) {
		zap_about(stage, random, zaps / FILLED);
		after = measure_at_rest(stage, 1);
	}
	g_rand_free(random);
	assert_true(after.resident_kib - before.resident_kib < GROWTH_MAX_KIB);
	assert_int_equal(after.threads, before.threads);
	assert_true(after.descriptors <= before.descriptors);
	assert_int_equal(count_elements(stage), elements);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_held_key_leaves_one_channel_the_right_one),
		STAGE_TEST(zaps_without_end_take_nothing),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_storm", tests, stage_open, stage_close);
}
