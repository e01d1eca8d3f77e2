/*
 * Floods on the line: while they last a zap is heard, and its report leaves, at once; memory is
 * what it was, answers are few, and afterwards a zap is what it always was.
 */
#include <math.h>

#include <glib.h>

#include "igmp/build.h"
#include "tests/system/support/attack.h"
#include "tests/unit/igmp/packets.h"

enum {
	FLOOD_ZAPS = 5,
	FLOOD_PER_S = 50000,
	FLOOD_PACKETS = 17000, /* between two zaps: ATTACK_GROWTH_MAX_KIB wants that many */
	ROUTERS_OWN = 100,     /* queries of the router, while the flood lasts */
	FEW_PER_S = 10,	       /* fewer than a flood would make without a bound */
	LIST_RESPONSE_S = 20,
	CHANNELS = 8,
	DATA_PORT = 5004,
};

/* A flood of packets, and the counter that they are known by. */
struct flood {
	const char *what, *counter;
	forge_make *make;
	void *ctx;
	/* The most answers within so many seconds, to `counted` of them and to the router's. */
	double (*most_answers)(double counted, double routers, double seconds);
};

/* What was on the line while it lasted. */
struct flood_seen {
	unsigned answers; /* IGMP packets of the box that no zap of ours explains */
	unsigned routers; /* general queries of the router; the flood itself is not captured */
	double slowest_ms;
};

static void look(struct stage *stage, struct flood_seen *seen)
{
	static const uint32_t all = 0;
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		seen->answers +=
			capture_is_igmp_of_box(&packet, NULL) && !capture_is_change(&packet, NULL);
		seen->routers += capture_is_query(&packet, &all);
	}
}

/*
 * Zaps in the midst of it: the loop hears the request, and its report leaves. Returns the last
 * one's channel; *ret_shown pictures were there before it.
 */
static int zap_through(
	struct stage *stage, const char *counter, struct flood_seen *ret_seen, size_t *ret_shown)
{
	int channel = attack_channel(stage);
	for (int i = 0; i < FLOOD_ZAPS; i++) {
		attack_await_counter(
			stage, counter, attack_counter(stage, counter) + FLOOD_PACKETS);
		look(stage, ret_seen);
		channel = channel % CHANNELS + 1;
		*ret_shown = screen_count(stage->screen);
		double report_ms = attack_expect_report(stage, channel);
		ret_seen->slowest_ms = MAX(ret_seen->slowest_ms, report_ms);
	}
	return channel;
}

/* Afterwards the memory is what it was, and the last channel is shown. */
static void expect_to_stand_flood(struct stage *stage, const struct flood *flood)
{
	attack_expect_next_zap(stage); /* with the first one a player's pools of pictures grow */
	long before_kib = attack_resident_kib(stage);
	int64_t counted = attack_counter(stage, flood->counter);
	struct flood_seen seen = {0};
	size_t shown;
	capture_clear(stage->capture);
	uint64_t start_ns = lab_now_ns();
	forge_flood(stage->forge, FLOOD_PER_S, flood->make, flood->ctx);
	int channel = zap_through(stage, flood->counter, &seen, &shown);
	double seconds = (double)(lab_now_ns() - start_ns) / 1e9;
	uint64_t sent = forge_stop(stage->forge);
	counted = attack_counter(stage, flood->counter) - counted;
	long grown_kib = attack_resident_kib(stage) - before_kib;
	double most = flood->most_answers((double)counted, seen.routers, seconds);
	print_message("%s: %u packets in %.1f s, %d counted, %u answers of at most %.0f, slowest "
		      "report after %.2f ms, %ld KiB more\n",
		flood->what, (unsigned)sent, seconds, (int)counted, seen.answers, most,
		seen.slowest_ms, grown_kib);
	assert_true((uint64_t)counted <= sent + ROUTERS_OWN);
	assert_true(seen.answers <= most);
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

/* So many a second, and as many at once. */
static double by_the_setting(double counted, double routers, double seconds)
{
	(void)counted;
	(void)routers;
	return FEW_PER_S * (1 + seconds);
}

/* Where a setting says so, hardly any are answered. */
static void a_flood_of_hurried_queries(void **state)
{
	take_stage(stage, state);
	attack_play(stage, (const char *const[]){"-o", "igmp.answers_per_second=10", "-o",
				   "igmp.answer_burst=10", NULL});
	expect_to_stand_flood(stage, &(struct flood){"hurried queries", "v3_queries_received",
					     make_hurried_query, NULL, by_the_setting});
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
		.max_response_ds = LIST_RESPONSE_S * 10,
		.robustness = 2,
		.query_interval_s = 125,
		.sources = sources,
		.source_count = SOURCES};
	return (size_t)igmp_build_query(packet, FORGE_MAX_BYTES, &query);
}

/* One for each of its queries, and one that waited already. */
static double to_router_alone(double counted, double routers, double seconds)
{
	(void)counted;
	(void)seconds;
	return routers + 1;
}

/*
 * A group has one answer pending (RFC 9776 section 5.2), and each query may bring it forward to a
 * time drawn from all of T: with q of them a second the earliest is due after sqrt(pi T / 2q) on
 * average. One group of eight is joined. Twice that is beyond all chance.
 */
static double one_pending_at_a_time(double counted, double routers, double seconds)
{
	double q_per_s = counted / CHANNELS / seconds;
	return to_router_alone(counted, routers, seconds) +
	       2 * seconds * sqrt(2 * q_per_s / (G_PI * LIST_RESPONSE_S));
}

static void source_lists_without_end(void **state)
{
	take_stage(stage, state);
	int64_t before = attack_counter(stage, "source_list_overflows");
	expect_to_stand_flood(stage, &(struct flood){"source lists", "specific_queries_received",
					     make_source_list, NULL, one_pending_at_a_time});
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
	expect_to_stand_flood(stage,
		&(struct flood){"noise", "dropped_checksum", make_noise, random, to_router_alone});
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
	forge_await(stage->forge, FLOOD_PACKETS);
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
