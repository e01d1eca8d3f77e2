/*
 * Single packets that a neighbour on the line may send to harm us, against the whole client: while
 * a picture is shown, each attack is counted by its cause, the next zap says what it has to at
 * once, and the new channel's pictures are whole.
 */
#include <string.h>

#include <glib.h>

#include "igmp/build.h"
#include "tests/system/support/attack.h"
#include "tests/unit/igmp/packets.h"

enum { FEW = 50 /* packets that every queue holds */ };

/* ---- packets that are no queries ---- */

static struct query forged_query(void)
{
	struct query query = query_defaults();
	query.source = ATTACK_STRANGER_TEXT;
	return query;
}

/* FEW of a packet move a counter by as many. */
static void expect_counted(struct stage *stage, const uint8_t *packet, size_t len, const char *name)
{
	int64_t before = attack_counter(stage, name);
	for (int i = 0; i < FEW; i++)
		forge_send(stage->forge, packet, len);
	attack_await_counter(stage, name, before + FEW);
	assert_int_equal(attack_counter(stage, name), before + FEW);
}

static void expect_query_counted(struct stage *stage, const struct query *query, const char *name)
{
	uint8_t packet[FORGE_MAX_BYTES];
	size_t len = query_build(query, packet);
	expect_counted(stage, packet, len, name);
}

static void queries_with_bad_checksums_are_dropped(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	uint8_t packet[FORGE_MAX_BYTES];
	size_t len = query_build(&query, packet);
	packet[24 + 2] ^= 0x10;
	expect_counted(stage, packet, len, "dropped_checksum");
	attack_expect_next_zap(stage);
}

static void queries_from_beyond_the_line_are_dropped(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	query.ttl = 2;
	expect_query_counted(stage, &query, "dropped_ttl");
	attack_expect_next_zap(stage);
}

static void queries_of_9_to_11_octets_are_dropped(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	for (query.igmp_bytes = 9; query.igmp_bytes <= 11; query.igmp_bytes++)
		expect_query_counted(stage, &query, "dropped_malformed_query");
	attack_expect_next_zap(stage);
}

static void queries_to_a_wrong_destination_are_dropped(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	query.destination = "224.0.0.22";
	expect_query_counted(stage, &query, "dropped_destination");
	query.destination = "255.255.255.255";
	expect_query_counted(stage, &query, "dropped_destination");
	attack_expect_next_zap(stage);
}

/* Our own address as the source, and one that no host has. */
static void queries_from_nobody_are_dropped(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	query.source = "10.0.2.100";
	expect_query_counted(stage, &query, "dropped_source");
	query.source = "224.0.0.1";
	expect_query_counted(stage, &query, "dropped_source");
	attack_expect_next_zap(stage);
}

static void counts_beyond_the_packet_are_dropped(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	uint8_t packet[FORGE_MAX_BYTES];
	query.group = query.destination = "239.1.1.1";
	query.sources = "10.0.1.10";
	size_t len = query_build(&query, packet);
	memset(packet + 24 + 10, 0xff, 2); /* 65535 sources */
	packet_seal(packet);
	expect_counted(stage, packet, len, "dropped_malformed_query");
	packet[2] = 0xff; /* nor does IP's total length end in the frame */
	expect_counted(stage, packet, len, "dropped_truncated");
	attack_expect_next_zap(stage);
}

/* ---- queries at the edge of what is allowed ---- */

static int64_t robustness(struct stage *stage)
{
	return attack_number(stage, "igmp", "querier", "robustness");
}

/* Code 0 leaves nothing to draw from, QRV 1 would end the repeats. */
static void code_0_and_qrv_1_change_nothing(void **state)
{
	take_stage(stage, state);
	struct query query = forged_query();
	struct captured packet;
	uint8_t bytes[FORGE_MAX_BYTES];
	query.code = 0;
	query.flags = 1;
	query.qqic = 0;
	int64_t before = attack_counter(stage, "v3_queries_received");
	size_t len = query_build(&query, bytes);
	for (int i = 0; i < FEW; i++)
		forge_send(stage->forge, bytes, len);
	attack_await_counter(stage, "v3_queries_received", before + FEW);
	assert_int_equal(robustness(stage), 2);
	attack_expect_next_zap(stage);
	/* Its repeat has come, or comes. */
	size_t index = 0;
	for (int i = 0; i < 2; i++)
		assert_true(capture_await(stage->capture, &index, capture_now_ns() + 1200 * MS,
			capture_is_change, NULL, &packet));
}

/* Reports of others mean nothing in version 3, however they are framed. */
static void reports_of_others_suppress_nothing(void **state)
{
	take_stage(stage, state);
	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	const struct in_addr source = ip(ATTACK_STRANGER_TEXT), group = ip("239.1.1.1");
	int64_t before = attack_counter(stage, "ignored_type");
	for (int i = 0; i < FEW; i++) {
		igmp_build_older(
			packet, i % 2 ? IGMP_TYPE_V1_REPORT : IGMP_TYPE_V2_REPORT, source, group);
		forge_send_to_box(stage->forge, packet, sizeof packet);
	}
	attack_await_counter(stage, "ignored_type", before + FEW);
	assert_int_equal(attack_counter(stage, "ignored_type"), before + FEW);
	attack_expect_next_zap(stage);
}

static void after_all_that_it_ends_well(void **state)
{
	take_stage(stage, state);
	attack_expect_next_zap(stage);
	stage_quit(stage);
}

/* Before an older querier: other messages, from an any-source channel to another. */
static void expect_older_report(struct stage *stage, int to, const enum igmp_type *types, size_t n)
{
	size_t index = 0;
	uint64_t sent_ns;
	capture_clear(stage->capture);
	player_tune(stage->player, to, &sent_ns);
	for (size_t i = 0; i < n; i++) {
		struct captured packet;
		assert_true(
			capture_await(stage->capture, &index, sent_ns + ATTACK_REPORT_MAX_MS * MS,
				attack_is_message_since, &sent_ns, &packet));
		assert_int_equal(capture_message(&packet).type, types[i]);
	}
}

static void expect_v2_zap(struct stage *stage, int to)
{
	static const enum igmp_type pair[] = {IGMP_TYPE_V2_LEAVE, IGMP_TYPE_V2_REPORT};
	size_t index = screen_count(stage->screen);
	expect_older_report(stage, to, pair, G_N_ELEMENTS(pair));
	stage_await_whole(stage, to, &index, ATTACK_PICTURE_LIMIT_MS);
	stage_expect_undamaged(stage, index);
}

/* ---- queriers of another age ---- */

static void forge_older_query(struct stage *stage, unsigned version)
{
	uint8_t packet[FORGE_MAX_BYTES];
	struct query query = forged_query();
	query.igmp_bytes = version == 3 ? 0 : 8;
	query.code = version == 1 ? 0 : 10;
	size_t len = query_build(&query, packet);
	forge_send(stage->forge, packet, len);
}

static void expect_version(struct stage *stage, int64_t version)
{
	assert_int_equal(attack_number(stage, "igmp", "querier", "host_version"), version);
}

/* Where no router is older, a setting says so: eight octets end nothing then. */
static void a_forged_older_query_is_refused_without_fallback(void **state)
{
	take_stage(stage, state);
	attack_play(stage, (const char *const[]){"-o", "igmp.fallback=no", NULL});
	forge_older_query(stage, 1);
	forge_older_query(stage, 2);
	attack_await_counter(stage, "older_queries_refused", 2);
	assert_int_equal(attack_counter(stage, "version_changes"), 0);
	expect_version(stage, 3);
	player_await_error(stage->player, ATTACK_STRANGER_TEXT);
	attack_expect_zap(stage, 2);
	attack_expect_zap(stage, 3);
	stage_quit(stage);
}

/*
 * With the fallback that the standard asks for, the viewer still zaps, in the older version; and
 * another host's report does not keep us silent unless everybody could hear it (CVE-2002-2185).
 */
static void a_forged_older_query_leaves_older_zaps(void **state)
{
	take_stage(stage, state);
	attack_play(stage, (const char *const[]){"-o", "igmp.fallback=yes", NULL});
	forge_older_query(stage, 2);
	attack_await_counter(stage, "version_changes", 1);
	expect_version(stage, 2);
	player_await_error(stage->player, ATTACK_STRANGER_TEXT);
	expect_v2_zap(stage, 3);

	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	struct captured answer;
	size_t index = 0;
	igmp_build_older(packet, IGMP_TYPE_V2_REPORT, ip(ATTACK_STRANGER_TEXT), ip("239.1.1.3"));
	capture_clear(stage->capture);
	uint64_t asked_ns = capture_now_ns();
	forge_older_query(stage, 2);
	for (int i = 0; i < FEW; i++)
		forge_send_to_box(stage->forge, packet, sizeof packet);
	attack_await_counter(stage, "dropped_unicast_frame", FEW);
	assert_int_equal(attack_counter(stage, "answers_suppressed"), 0);
	assert_true(capture_await(stage->capture, &index, asked_ns + 1200 * MS,
		capture_is_igmp_of_box, NULL, &answer));
	assert_int_equal(capture_message(&answer).type, IGMP_TYPE_V2_REPORT);
	expect_v2_zap(stage, 5);
	stage_quit(stage);
}

static unsigned lines_said(struct stage *stage)
{
	g_autofree char *errors = player_errors(stage->player);
	unsigned lines = 0;
	for (const char *at = errors; (at = strchr(at, '\n')); at++)
		lines++;
	return lines;
}

/*
 * Versions that change by the packet: what is told of it stays little, and a zap is still said.
 * (Nothing comes of a report of version 1 here: the lab's router keeps no membership for it.)
 */
static void versions_that_flap(void **state)
{
	take_stage(stage, state);
	enum { ROUNDS = 100, LINES_MAX = 30 };
	static const enum igmp_type report[] = {IGMP_TYPE_V1_REPORT};
	attack_play(stage, (const char *const[]){"-o", "igmp.fallback=yes", NULL});
	attack_expect_zap(stage, 5); /* with the first one a player's pools of pictures grow */
	long before_kib = attack_resident_kib(stage);
	for (int i = 1; i <= ROUNDS; i++) {
		forge_older_query(stage, 2);
		forge_older_query(stage, 3);
		attack_await_counter(stage, "v2_queries_received", i);
	}
	expect_version(stage, 2);
	expect_v2_zap(stage, 3);
	for (int i = 1; i <= ROUNDS; i++) {
		forge_older_query(stage, 1 + (unsigned)i % 3);
		forge_older_query(stage, 1);
		attack_await_counter(stage, "v1_queries_received", i);
	}
	expect_version(stage, 1);
	assert_int_equal(
		attack_counter(stage, "version_changes"), 2); /* 3 to 2 to 1, for minutes */
	assert_true(attack_counter(stage, "notices_suppressed") > 2 * ROUNDS);
	assert_true(attack_resident_kib(stage) - before_kib < ATTACK_GROWTH_MAX_KIB);
	assert_true(lines_said(stage) < LINES_MAX);
	expect_older_report(stage, 5, report, G_N_ELEMENTS(report));
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ATTACK_SHARED_TEST(queries_with_bad_checksums_are_dropped),
		ATTACK_SHARED_TEST(queries_from_beyond_the_line_are_dropped),
		ATTACK_SHARED_TEST(queries_of_9_to_11_octets_are_dropped),
		ATTACK_SHARED_TEST(queries_to_a_wrong_destination_are_dropped),
		ATTACK_SHARED_TEST(queries_from_nobody_are_dropped),
		ATTACK_SHARED_TEST(counts_beyond_the_packet_are_dropped),
		ATTACK_SHARED_TEST(code_0_and_qrv_1_change_nothing),
		ATTACK_SHARED_TEST(reports_of_others_suppress_nothing),
		ATTACK_LAST_TEST(after_all_that_it_ends_well),
		ATTACK_OWN_TEST(a_forged_older_query_is_refused_without_fallback),
		ATTACK_OWN_TEST(a_forged_older_query_leaves_older_zaps),
		ATTACK_OWN_TEST(versions_that_flap),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_attack", tests, stage_open, stage_close);
}
