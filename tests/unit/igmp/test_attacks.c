/*
 * What a neighbour may send to harm us: after each attack the viewer still zaps with one report at
 * once, and the counter that names the attack has moved (RFC 9776 section 9).
 */
#include <string.h>

#include "igmp/build.h"
#include "igmp/host.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/heap.h"
#include "tests/unit/igmp/packets.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define SSM "232.1.1.1"

static struct igmp_host *open_joined(struct igmp_host_settings settings)
{
	settings.seed = 8;
	struct igmp_host *host = open_host(&settings);
	set_user(host, 0, A, exclude(""), 0);
	set_user(host, 0, SSM, include("10.0.0.1"), 0);
	reports(host);
	for (uint64_t now = 0; now < 5 * SECOND;) {
		now = igmp_host_deadline(host) < 5 * SECOND ? igmp_host_deadline(host) : 5 * SECOND;
		igmp_host_advance(host, now);
		actions(host);
	}
	return host;
}

static void assert_zaps(struct igmp_host *host, const char *expected, uint64_t now)
{
	const struct igmp_change zap[] = {{ip(B), exclude(""), 0}, {ip(A), include(""), 0}};
	assert_int_equal(igmp_host_listen(host, zap, 2, now), 0);
	const char *said = reports(host);
	assert_memory_equal(said, expected, strlen(expected));
	igmp_host_free(host);
}

#define PAIR "[TO_IN " A "; TO_EX " B "]"

/* Packets that answers made within some time. */
static unsigned packets_within(struct igmp_host *host, uint64_t until)
{
	struct igmp_action action;
	unsigned packets = 0;
	while (igmp_host_deadline(host) <= until) {
		igmp_host_advance(host, igmp_host_deadline(host));
		while (igmp_host_next_action(host, &action))
			packets += action.type == IGMP_ACTION_SEND;
	}
	return packets;
}

/* Eight octets end source filters for minutes, where the setting lets them. */
static void a_forged_older_query(void **state)
{
	(void)state;
	struct igmp_host *host = open_joined((struct igmp_host_settings){.no_fallback = true});
	hear_version(host, 1, 10 * SECOND);
	assert_string_equal(notices(host), "V1_QUERY");
	assert_int_equal(counters_of(host).older_queries_refused, 1);
	assert_int_equal(version_of(host), 3);
	assert_zaps(host, PAIR, 10 * SECOND);
	host = open_joined((struct igmp_host_settings){0});
	hear_version(host, 1, 10 * SECOND);
	assert_string_equal(notices(host), "V1_QUERY VERSION_CHANGED SSM_UNREPORTED");
	assert_int_equal(counters_of(host).version_changes, 1);
	assert_zaps(host, "(V1 " B ")", 10 * SECOND);
}

/*
 * However many queries with however little time: one answer is pending, and the token bucket says
 * how many leave in a second, 250 and as many at once.
 */
static void a_flood_of_hurried_queries(void **state)
{
	(void)state;
	struct query query = query_defaults();
	struct igmp_host *host = open_joined((struct igmp_host_settings){0});
	query.code = 1;
	unsigned packets = 0;
	for (unsigned i = 0; i < 10000; i++) {
		hear(host, &query, 10 * SECOND + i * MS / 10);
		packets += packets_within(host, 10 * SECOND + i * MS / 10);
	}
	assert_in_range(packets, 5, 500);
	assert_int_equal(counters_of(host).queries_received, 10000);
	assert_zaps(host, PAIR, 11 * SECOND);
}

/* Where each group is asked for by itself, the token bucket bounds what all answers make. */
static void a_flood_over_many_groups(void **state)
{
	(void)state;
	struct igmp_host *host = open_joined(
		(struct igmp_host_settings){.answers_per_second = 10, .answer_burst = 5});
	static char groups[200][INET_ADDRSTRLEN];
	unsigned packets = 0;
	for (unsigned i = 0; i < 200; i++) {
		snprintf(groups[i], sizeof groups[i], "239.7.0.%u", i);
		set_user(host, 0, groups[i], exclude(""), 6 * SECOND);
	}
	reports(host);
	packets_within(host, 10 * SECOND);
	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < 200; i++) {
			struct query query = query_defaults();
			query.code = 1;
			query.group = query.destination = groups[i];
			hear(host, &query, (100 + round * 5) * SECOND / 10);
		}
		packets += packets_within(host, (100 + round * 5 + 5) * SECOND / 10);
	}
	assert_in_range(packets, 10, 10 * 10 + 5); /* in 10 s */
	assert_true(counters_of(host).answers_delayed > 10);
	assert_zaps(host, PAIR, 20 * SECOND);
}

/* Source lists do not eat memory: beyond the cap the answer is for the whole group. */
static void source_lists_without_end(void **state)
{
	(void)state;
	struct igmp_host *host = open_joined((struct igmp_host_settings){0});
	struct in_addr sources[60];
	uint8_t packet[600];
	struct igmp_query query = {
		.version = 3,
		.source = ip("10.0.0.254"),
		.destination = ip(SSM),
		.group = ip(SSM),
		.max_response_ds = 200,
		.robustness = 2,
		.query_interval_s = 125,
		.sources = sources,
		.source_count = 60,
	};
	size_t before = heap_bytes();
	for (uint32_t i = 0; i < 100; i++) {
		for (uint32_t s = 0; s < 60; s++)
			sources[s].s_addr = htonl(0x14000001 + 60 * i + s);
		int len = igmp_build_query(packet, sizeof packet, &query);
		igmp_host_receive(host, packet, (size_t)len, IGMP_FRAME_MULTICAST, 10 * SECOND);
	}
	assert_int_equal(heap_bytes(), before);
	assert_true(counters_of(host).source_list_overflows >= 1);
	igmp_host_advance(host, 30 * SECOND);
	assert_non_null(strstr(reports(host), "[IS_IN " SSM " 10.0.0.1]"));
	assert_zaps(host, PAIR, 30 * SECOND);
}

/* Response time 0 leaves nothing to draw from; QRV 1 would end the repeats. */
static void values_at_their_edges(void **state)
{
	(void)state;
	struct query query = query_defaults();
	struct igmp_querier querier;
	struct igmp_host *host = open_joined((struct igmp_host_settings){0});
	query.code = 0;
	query.flags = 1;
	query.qqic = 0;
	hear(host, &query, 10 * SECOND);
	assert_in_range(igmp_host_deadline(host), 10 * SECOND + 1, 10 * SECOND + 100 * MS);
	igmp_host_querier(host, &querier);
	assert_int_equal(querier.robustness, 2);
	assert_true(querier.query_interval_ns == 125 * SECOND);
	assert_int_equal(counters_of(host).v3_queries_received, 1);
	assert_zaps(host, PAIR, 10 * SECOND);
}

/* CVE-2002-2185: a report framed for us alone would keep us silent without anybody seeing it. */
static void a_report_in_a_unicast_frame(void **state)
{
	(void)state;
	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	uint64_t now = 0;
	struct igmp_host *host = open_joined((struct igmp_host_settings){.no_watch = true});
	hear_version(host, 2, 10 * SECOND);
	igmp_build_older(packet, IGMP_TYPE_V2_REPORT, ip("10.0.0.66"), ip(A));
	igmp_host_receive(host, packet, sizeof packet, IGMP_FRAME_UNICAST, 10 * SECOND);
	assert_int_equal(counters_of(host).dropped_unicast_frame, 1);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	/* Nor one whose IP destination is not the group that it speaks of. */
	hear_version(host, 2, 30 * SECOND);
	const struct in_addr us = ip("10.0.0.2");
	memcpy(packet + 16, &us, 4);
	packet_seal(packet);
	igmp_host_receive(host, packet, sizeof packet, IGMP_FRAME_MULTICAST, 30 * SECOND);
	assert_int_equal(counters_of(host).dropped_destination, 1);
	assert_string_equal(next_reports(host, &now), "(V2 " A ")");
	assert_zaps(host, "(LEAVE " A ") (V2 " B ")", 50 * SECOND);
}

/* Counts beyond the packet are seen before anything is read by them. */
static void counts_beyond_the_packet(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct query query = query_defaults();
	struct igmp_host *host = open_joined((struct igmp_host_settings){.no_watch = true});
	query.group = query.destination = SSM;
	query.sources = "10.0.0.1";
	size_t len = query_build(&query, packet);
	memset(packet + 24 + 10, 0xff, 2);
	packet_seal(packet);
	uint8_t *exact = malloc(len); /* for a sanitizer to watch */
	memcpy(exact, packet, len);
	igmp_host_receive(host, exact, len, IGMP_FRAME_MULTICAST, 10 * SECOND);
	free(exact);
	assert_int_equal(counters_of(host).dropped_malformed_query, 1);
	assert_true(igmp_host_deadline(host) == UINT64_MAX);
	assert_zaps(host, PAIR, 10 * SECOND);
}

/* Replies are of our own state alone: nothing that a query names comes back unless we want it. */
static void queries_put_no_words_into_our_mouth(void **state)
{
	(void)state;
	struct query query = query_defaults();
	struct igmp_host *host = open_joined((struct igmp_host_settings){.no_watch = true});
	query.group = query.destination = SSM;
	query.sources = "10.6.6.6";
	hear(host, &query, 10 * SECOND);
	query.group = query.destination = "239.6.6.6";
	hear(host, &query, 10 * SECOND);
	igmp_host_advance(host, 30 * SECOND);
	assert_string_equal(reports(host), "");
	assert_int_equal(counters_of(host).specific_queries_received, 2);
	assert_zaps(host, PAIR, 30 * SECOND);
}

/* Versions that change by the packet: nothing piles up, and each zap is still said at once. */
static void versions_that_flap(void **state)
{
	(void)state;
	struct igmp_host *host = open_joined((struct igmp_host_settings){0});
	reports(host);
	size_t before = heap_bytes();
	for (unsigned i = 0; i < 1000; i++) {
		hear_version(host, 1 + i % 3, 10 * SECOND + i * MS);
		notices(host);
	}
	assert_int_equal(heap_bytes(), before);
	assert_true(counters_of(host).notices_suppressed > 600);
	assert_zaps(host, "(V1 " B ")", 12 * SECOND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_forged_older_query),
		cmocka_unit_test(a_flood_of_hurried_queries),
		cmocka_unit_test(a_flood_over_many_groups),
		cmocka_unit_test(source_lists_without_end),
		cmocka_unit_test(values_at_their_edges),
		cmocka_unit_test(a_report_in_a_unicast_frame),
		cmocka_unit_test(counts_beyond_the_packet),
		cmocka_unit_test(queries_put_no_words_into_our_mouth),
		cmocka_unit_test(versions_that_flap),
	};
	return cmocka_run_group_tests_name("igmp_attacks", tests, NULL, NULL);
}
