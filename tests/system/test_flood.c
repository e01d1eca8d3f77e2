/*
 * Floods on the line: while they last a zap is heard, and its report leaves, at once; memory is
 * what it was, answers are few, and afterwards a zap is what it always was.
 */
#include <glib.h>

#include "igmp/build.h"
#include "tests/system/support/attack.h"
#include "tests/unit/igmp/packets.h"

enum {
	FLOOD_ZAPS = 5,
	FLOOD_LOOK_MS = 300,
	FLOOD_PER_S = 50000,
	FLOOD_PACKETS = 1000, /* or it was none */
	ROUTERS_OWN = 100,    /* queries of the router, while the flood lasts */
	ANSWERS_PER_S = 250,  /* igmp/host.h: and as many at once */
	FEW_PER_S = 10,	      /* fewer than a flood would make without a bound */
	DATA_PORT = 5004,
};

/* IGMP packets of the box that no zap of ours explains. */
static unsigned count_answers(struct stage *stage)
{
	unsigned answers = 0;
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		answers +=
			capture_is_igmp_of_box(&packet, NULL) && !capture_is_change(&packet, NULL);
	}
	return answers;
}

/*
 * Zaps in the midst of it: the loop hears the request, and its report leaves. Then the flood is
 * over, the memory is what it was, and the last channel is shown. Answers were at most bound_per_s,
 * and as many at once.
 */
static void expect_to_stand_flood(struct stage *stage, const char *what, forge_make *make,
	void *ctx, const char *name, unsigned bound_per_s)
{
	long before_kib = attack_resident_kib(stage);
	int64_t counted = attack_counter(stage, name);
	uint64_t start_ns = lab_now_ns();
	unsigned answers = 0;
	double slowest_ms = 0;
	int channel = attack_channel(stage);
	size_t shown = 0;
	forge_flood(stage->forge, FLOOD_PER_S, make, ctx);
	for (int i = 0; i < FLOOD_ZAPS; i++) {
		g_usleep(FLOOD_LOOK_MS * 1000);
		answers += count_answers(stage);
		channel = channel % 8 + 1;
		shown = screen_count(stage->screen);
		double report_ms = attack_expect_report(stage, channel);
		slowest_ms = MAX(slowest_ms, report_ms);
	}
	double seconds = (double)(lab_now_ns() - start_ns) / 1e9;
	uint64_t sent = forge_stop(stage->forge);
	counted = attack_counter(stage, name) - counted;
	long grown_kib = attack_resident_kib(stage) - before_kib;
	print_message("%s: %u packets in %.1f s, %d counted, %u answers, slowest report after %.2f "
		      "ms, %ld KiB more\n",
		what, (unsigned)sent, seconds, (int)counted, answers, slowest_ms, grown_kib);
	assert_true(sent > FLOOD_PACKETS);
	assert_true(counted > FLOOD_PACKETS && (uint64_t)counted <= sent + ROUTERS_OWN);
	assert_true(answers <= bound_per_s * (1 + seconds));
	assert_true(grown_kib < ATTACK_GROWTH_MAX_KIB);
	stage_await_whole(stage, channel, &shown, ATTACK_PICTURE_LIMIT_MS);
	attack_expect_next_zap(stage);
}

/* General queries that want an answer within 0.1 s, and by turns such for a channel's group. */
static size_t make_hurried_query(void *ctx, uint64_t i, uint8_t packet[FORGE_MAX_BYTES])
{
	struct in_addr group = {i % 2 ? htonl(lab_group((int)(i / 2 % 8) + 1)) : 0};
	const struct igmp_query query = {.version = 3,
		.source.s_addr = htonl(ATTACK_STRANGER),
		.destination.s_addr = i % 2 ? group.s_addr : htonl(INADDR_ALLHOSTS_GROUP),
		.group = group,
		.max_response_ds = 1,
		.robustness = 2,
		.query_interval_s = 125};
	(void)ctx;
	return (size_t)igmp_build_query(packet, FORGE_MAX_BYTES, &query);
}

/* Where a setting says so, hardly any are answered. */
static void a_flood_of_hurried_queries(void **state)
{
	take_stage(stage, state);
	attack_play(stage, (const char *const[]){"-o", "igmp.answers_per_second=10", "-o",
				   "igmp.answer_burst=10", NULL});
	expect_to_stand_flood(stage, "hurried queries", make_hurried_query, NULL,
		"v3_queries_received", FEW_PER_S);
	assert_true(attack_counter(stage, "answers_delayed") > 0);
	stage_quit(stage);
}

/* As many sources as a packet holds, others each time, of all the channels' groups. */
static size_t make_source_list(void *ctx, uint64_t i, uint8_t packet[FORGE_MAX_BYTES])
{
	enum { SOURCES = 360 };
	struct in_addr sources[SOURCES];
	(void)ctx;
	for (uint32_t s = 0; s < SOURCES; s++)
		sources[s].s_addr = htonl(0x14000001 + (uint32_t)i * SOURCES + s);
	struct in_addr group = {htonl(lab_group((int)(i % 8) + 1))};
	const struct igmp_query query = {.version = 3,
		.source.s_addr = htonl(ATTACK_STRANGER),
		.destination = group,
		.group = group,
		.max_response_ds = 200,
		.robustness = 2,
		.query_interval_s = 125,
		.sources = sources,
		.source_count = SOURCES};
	return (size_t)igmp_build_query(packet, FORGE_MAX_BYTES, &query);
}

static void source_lists_without_end(void **state)
{
	take_stage(stage, state);
	int64_t before = attack_counter(stage, "source_list_overflows");
	expect_to_stand_flood(stage, "source lists", make_source_list, NULL,
		"specific_queries_received", ANSWERS_PER_S);
	assert_true(attack_counter(stage, "source_list_overflows") > before);
}

/* IGMP packets that hold anything; half of them with good checksums. */
static size_t make_noise(void *ctx, uint64_t i, uint8_t packet[FORGE_MAX_BYTES])
{
	GRand *random = ctx;
	size_t bytes = (size_t)g_rand_int_range(random, 8, 256);
	igmp_build_ip_header(packet, IGMP_IP_HEADER_BYTES + bytes,
		(struct in_addr){htonl(ATTACK_STRANGER)},
		(struct in_addr){htonl(INADDR_ALLHOSTS_GROUP)});
	for (size_t at = 0; at < bytes; at += 4) {
		guint32 word = g_rand_int(random);
		memcpy(packet + IGMP_IP_HEADER_BYTES + at, &word, sizeof word);
	}
	/* Not an older query: those do what they are there for. */
	packet[IGMP_IP_HEADER_BYTES] |= 0x80;
	if (i % 2)
		packet_seal(packet);
	return IGMP_IP_HEADER_BYTES + bytes;
}

static void a_flood_of_noise(void **state)
{
	take_stage(stage, state);
	GRand *random = g_rand_new_with_seed(1);
	int64_t before = attack_counter(stage, "ignored_type");
	expect_to_stand_flood(
		stage, "noise", make_noise, random, "dropped_checksum", ANSWERS_PER_S);
	assert_true(attack_counter(stage, "ignored_type") > before + FLOOD_PACKETS);
	g_rand_free(random);
}

/* RTP as the channels', of another sender, to every source-specific group; all at the data's port.
 */
static size_t make_data(void *ctx, uint64_t i, uint8_t packet[FORGE_MAX_BYTES])
{
	uint8_t rtp[12 + 7 * 188] = {
		0x80, 33, (uint8_t)(i >> 8), (uint8_t)i, [11] = 0x66, [12] = 0x47};
	(void)ctx;
	return forge_datagram(packet, ATTACK_STRANGER, lab_group(2 + 2 * (int)(i % 4)), DATA_PORT,
		rtp, sizeof rtp);
}

/* The filter lets none of it in: nothing but the channel's own is received, or even looked at. */
static void a_flood_of_data_from_a_wrong_source(void **state)
{
	take_stage(stage, state);
	enum { RATE_MAX_PER_S = 600 };
	if (!lab_is_ssm(attack_channel(stage)))
		attack_expect_next_zap(stage);
	int channel = attack_channel(stage), next = (channel + 1) % 8 + 1;
	long before_kib = attack_resident_kib(stage);
	int64_t datagrams = attack_number(stage, "stats", "socket", "datagrams");
	int64_t dropped = attack_number(stage, "stats", "socket", "dropped_flow");
	uint64_t start_ns = lab_now_ns();
	forge_flood(stage->forge, FLOOD_PER_S, make_data, NULL);
	g_usleep(FLOOD_LOOK_MS * 1000);
	stage_await_whole(stage, channel, NULL, ATTACK_PICTURE_LIMIT_MS);
	double seconds = (double)(lab_now_ns() - start_ns) / 1e9;
	datagrams = attack_number(stage, "stats", "socket", "datagrams") - datagrams;
	assert_int_equal(attack_number(stage, "stats", "socket", "dropped_flow"), dropped);
	long grown_kib = attack_resident_kib(stage) - before_kib;
	size_t shown = screen_count(stage->screen);
	double report_ms = attack_expect_report(stage, next);
	uint64_t sent = forge_stop(stage->forge);
	print_message("data: %u packets in %.1f s, %d received, report after %.2f ms, %ld KiB "
		      "more\n",
		(unsigned)sent, seconds, (int)datagrams, report_ms, grown_kib);
	assert_true(sent > FLOOD_PACKETS);
	assert_true((double)datagrams < RATE_MAX_PER_S * (seconds + 0.1));
	assert_true(grown_kib < ATTACK_GROWTH_MAX_KIB);
	stage_await_whole(stage, next, &shown, ATTACK_PICTURE_LIMIT_MS);
	attack_expect_next_zap(stage);
}

static void after_all_that_it_ends_well(void **state)
{
	take_stage(stage, state);
	attack_expect_next_zap(stage);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ATTACK_OWN_TEST(a_flood_of_hurried_queries),
		ATTACK_SHARED_TEST(source_lists_without_end),
		ATTACK_SHARED_TEST(a_flood_of_noise),
		ATTACK_SHARED_TEST(a_flood_of_data_from_a_wrong_source),
		ATTACK_LAST_TEST(after_all_that_it_ends_well),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_flood", tests, stage_open, stage_close);
}
