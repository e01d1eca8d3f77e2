/* RFC 9776 section 4, RFC 2236 and RFC 1112: every message of the three versions, octet by octet.
 */
#include <errno.h>
#include <string.h>

#include "igmp/build.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

/* The header that all packets share, but for its length, checksum and destination. */
static void assert_ip_header(const uint8_t *packet, size_t len, const char *destination)
{
	static const uint8_t alert[] = {0x94, 0x04, 0x00, 0x00};
	const struct in_addr to = ip(destination), from = ip("10.0.0.2");
	assert_int_equal(packet[0], 0x46); /* version 4, 6 words */
	assert_int_equal(packet[1], 0xc0);
	assert_int_equal(packet[2] << 8 | packet[3], len);
	assert_int_equal(packet[6] << 8 | packet[7], 0x4000); /* DF */
	assert_int_equal(packet[8], 1);			      /* TTL */
	assert_int_equal(packet[9], 2);			      /* IGMP */
	assert_memory_equal(packet + 12, &from, 4);
	assert_memory_equal(packet + 16, &to, 4);
	assert_memory_equal(packet + 20, alert, 4);
	assert_int_equal(igmp_checksum(packet, 24), 0);
	assert_int_equal(igmp_checksum(packet + 24, len - 24), 0);
}

/* RFC 2236 section 9: reports to the group, leaves to all routers. */
static void older_messages_octet_by_octet(void **state)
{
	(void)state;
	static const struct {
		enum igmp_type type;
		const char *destination;
		uint8_t igmp[8];
	} cases[] = {
		{IGMP_TYPE_V1_REPORT, "239.1.1.1", {0x12, 0, 0xfd, 0xfc, 239, 1, 1, 1}},
		{IGMP_TYPE_V2_REPORT, "239.1.1.1", {0x16, 0, 0xf9, 0xfc, 239, 1, 1, 1}},
		{IGMP_TYPE_V2_LEAVE, "224.0.0.2", {0x17, 0, 0xf8, 0xfc, 239, 1, 1, 1}},
	};
	uint8_t packet[IGMP_OLDER_PACKET_BYTES];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct in_addr to =
			igmp_build_older(packet, cases[i].type, ip("10.0.0.2"), ip("239.1.1.1"));
		assert_int_equal(to.s_addr, ip(cases[i].destination).s_addr);
		assert_ip_header(packet, sizeof packet, cases[i].destination);
		assert_memory_equal(packet + 24, cases[i].igmp, 8);
	}
}

static struct igmp_query general(unsigned version)
{
	return (struct igmp_query){
		.version = version,
		.source = ip("10.0.0.2"),
		.destination = ip("224.0.0.1"),
		.max_response_ds = 100,
		.robustness = 2,
		.query_interval_s = 125,
	};
}

static void queries_octet_by_octet(void **state)
{
	(void)state;
	static const uint8_t v1[] = {0x11, 0, 0xee, 0xff, 0, 0, 0, 0};
	static const uint8_t v2[] = {0x11, 100, 0xee, 0x9b, 0, 0, 0, 0};
	static const uint8_t v3[] = {0x11, 100, 0xec, 0x1e, 0, 0, 0, 0, 2, 125, 0, 0};
	static const struct {
		const uint8_t *igmp;
		size_t len;
	} expected[] = {{v1, sizeof v1}, {v2, sizeof v2}, {v3, sizeof v3}};
	uint8_t packet[64];
	for (unsigned version = 1; version <= 3; version++) {
		const struct igmp_query query = general(version);
		int len = igmp_build_query(packet, sizeof packet, &query);
		assert_int_equal(len, 24 + expected[version - 1].len);
		assert_ip_header(packet, (size_t)len, "224.0.0.1");
		assert_memory_equal(
			packet + 24, expected[version - 1].igmp, expected[version - 1].len);
	}
}

/* What is built is what is read: all fields of a query with sources. */
static void a_query_is_read_as_it_was_built(void **state)
{
	(void)state;
	const struct in_addr sources[] = {ip("10.0.0.1"), ip("10.0.0.9")};
	struct igmp_query query = general(3);
	struct igmp_message m;
	uint8_t packet[64];
	query.group = query.destination = ip("232.1.1.1");
	query.max_response_ds = 1024;
	query.query_interval_s = 31744;
	query.robustness = 7;
	query.suppress_router = true;
	query.sources = sources;
	query.source_count = 2;
	int len = igmp_build_query(packet, sizeof packet, &query);
	assert_int_equal(len, 24 + 12 + 8);
	assert_int_equal(igmp_parse(packet, (size_t)len, &m), IGMP_VALID);
	assert_int_equal(m.version, 3);
	assert_int_equal(m.group.s_addr, query.group.s_addr);
	assert_true(m.max_response_ns == 102400 * MS);
	assert_true(m.query_interval_ns == 31744 * SECOND);
	assert_int_equal(m.robustness, 7);
	assert_true(m.suppress_router);
	assert_true(m.router_alert);
	assert_int_equal(m.source_count, 2);
	assert_int_equal(igmp_source(m.sources, 1).s_addr, ip("10.0.0.9").s_addr);
	query.robustness = 8; /* section 4.1.6: does not fit, so it is not given */
	query.suppress_router = false;
	assert_int_equal(igmp_build_query(packet, (size_t)len, &query), len);
	igmp_parse(packet, (size_t)len, &m);
	assert_int_equal(m.robustness, 0);
	assert_false(m.suppress_router);
	assert_int_equal(igmp_build_query(packet, (size_t)len - 1, &query), -ENOSPC);
}

/* RFC 2236 section 2.2: code 0 would be version 1, 255 is the end of the line. */
static void v2_response_times_stay_within_one_octet(void **state)
{
	(void)state;
	uint8_t packet[64];
	struct igmp_query query = general(2);
	query.max_response_ds = 0;
	igmp_build_query(packet, sizeof packet, &query);
	assert_int_equal(packet[25], 1);
	query.max_response_ds = 256;
	igmp_build_query(packet, sizeof packet, &query);
	assert_int_equal(packet[25], 255);
	query.max_response_ds = 1000;
	igmp_build_query(packet, sizeof packet, &query);
	assert_int_equal(packet[25], 255);
}

/* Sections 4.1.1 and 4.1.7: each code is its own value's, and a value in between is rounded down.
 */
static void every_code_is_encoded(void **state)
{
	(void)state;
	for (unsigned code = 0; code < 256; code++) {
		unsigned value = igmp_decode_code((uint8_t)code);
		assert_int_equal(igmp_encode_code(value), code);
		if (code < 255 && igmp_decode_code((uint8_t)(code + 1)) > value + 1)
			assert_int_equal(igmp_encode_code(value + 1), code);
	}
	assert_int_equal(igmp_encode_code(1000000), 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(older_messages_octet_by_octet),
		cmocka_unit_test(queries_octet_by_octet),
		cmocka_unit_test(a_query_is_read_as_it_was_built),
		cmocka_unit_test(v2_response_times_stay_within_one_octet),
		cmocka_unit_test(every_code_is_encoded),
	};
	return cmocka_run_group_tests_name("igmp_build", tests, NULL, NULL);
}
