/* RFC 9776 section 4: what is read, and every cause to drop a packet. */
#include <string.h>

#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

static enum igmp_verdict parse(const struct query *query, struct igmp_message *ret)
{
	static uint8_t packet[1500]; /* ret looks into it */
	return igmp_parse(packet, query_build(query, packet), ret);
}

static enum igmp_verdict verdict_of(const struct query *query)
{
	struct igmp_message message;
	return parse(query, &message);
}

/* Section 4.1: all fields of a v3 general query. */
static void reads_a_general_query(void **state)
{
	(void)state;
	struct igmp_message m;
	struct query query = query_defaults();
	query.flags = 8 | 3; /* S, QRV 3 */
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_int_equal(m.type, IGMP_TYPE_QUERY);
	assert_int_equal(m.version, 3);
	assert_int_equal(m.source.s_addr, ip("10.0.0.254").s_addr);
	assert_int_equal(m.destination.s_addr, ip("224.0.0.1").s_addr);
	assert_int_equal(m.group.s_addr, 0);
	assert_true(m.max_response_ns == 10 * SECOND);
	assert_true(m.suppress_router);
	assert_int_equal(m.robustness, 3);
	assert_true(m.query_interval_ns == 125 * SECOND);
	assert_int_equal(m.source_count, 0);
	assert_true(m.router_alert);
}

/* Section 4.1.9-10: a group-and-source-specific query. */
static void reads_the_sources_of_a_query(void **state)
{
	(void)state;
	struct igmp_message m;
	struct query query = query_defaults();
	query.group = query.destination = "232.1.1.1";
	query.sources = "10.0.0.1 10.0.0.2";
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_int_equal(m.group.s_addr, ip("232.1.1.1").s_addr);
	assert_int_equal(m.source_count, 2);
	assert_int_equal(igmp_source(m.sources, 1).s_addr, ip("10.0.0.2").s_addr);
}

/* Section 7.1: 8 octets and code 0 are v1, else v2, 12 and more v3; 9 to 11 are ignored. */
static void tells_the_versions_apart(void **state)
{
	(void)state;
	struct igmp_message m;
	struct query query = query_defaults();
	query.igmp_bytes = 8;
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_int_equal(m.version, 2);
	query.code = 255; /* linear in version 2 */
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_true(m.max_response_ns == 25500 * MS);
	query.code = 0;
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_int_equal(m.version, 1);
	assert_true(m.max_response_ns == 10 * SECOND);
	for (query.igmp_bytes = 9; query.igmp_bytes < 12; query.igmp_bytes++)
		assert_int_equal(parse(&query, &m), IGMP_MALFORMED_QUERY);
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_int_equal(m.version, 3);
}

/* Sections 4.1.1 and 4.1.7: literal below 128, else (mantissa | 0x10) << (exponent + 3). */
static void decodes_float_codes(void **state)
{
	(void)state;
	assert_int_equal(igmp_decode_code(0), 0);
	assert_int_equal(igmp_decode_code(127), 127);
	assert_int_equal(igmp_decode_code(0x80), 128);
	assert_int_equal(igmp_decode_code(0x8f), 248);
	assert_int_equal(igmp_decode_code(0x90), 256);
	assert_int_equal(igmp_decode_code(0xff), 31744);
}

/* Section 4.1.8: 12 + 4N octets have to be there; section 4.1.10: more are ignored. */
static void bounds_the_number_of_sources(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	query.group = "232.1.1.1";
	query.sources = "10.0.0.1";
	size_t len = query_build(&query, packet);
	packet[24 + 11] = 2;
	packet_seal(packet);
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_MALFORMED_QUERY);
	packet[24 + 10] = 0xff; /* 65282 */
	packet_seal(packet);
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_MALFORMED_QUERY);
	query.igmp_bytes = 24;
	assert_int_equal(parse(&query, &m), IGMP_VALID);
	assert_int_equal(m.source_count, 1);
}

static void drops_a_general_query_with_sources(void **state)
{
	(void)state;
	struct query query = query_defaults();
	query.sources = "10.0.0.1";
	assert_int_equal(verdict_of(&query), IGMP_MALFORMED_QUERY);
}

static void drops_a_query_for_a_unicast_address(void **state)
{
	(void)state;
	struct query query = query_defaults();
	query.group = "10.0.0.5";
	assert_int_equal(verdict_of(&query), IGMP_MALFORMED_QUERY);
}

/* Sections 4.1.12 and 9.1. */
static void accepts_a_query_only_where_it_belongs(void **state)
{
	(void)state;
	struct query query = query_defaults();
	query.destination = "239.9.9.9"; /* general, to a group: forged */
	assert_int_equal(verdict_of(&query), IGMP_BAD_DESTINATION);
	query.destination = "255.255.255.255";
	assert_int_equal(verdict_of(&query), IGMP_BAD_DESTINATION);
	query.destination = "10.0.0.1"; /* to an address of the interface */
	assert_int_equal(verdict_of(&query), IGMP_VALID);
	query.group = "239.1.1.1";
	query.destination = "239.1.1.2";
	assert_int_equal(verdict_of(&query), IGMP_BAD_DESTINATION);
	query.destination = "239.1.1.1";
	assert_int_equal(verdict_of(&query), IGMP_VALID);
}

/* Section 4: TTL 1, and nothing else. */
static void drops_other_ttls(void **state)
{
	(void)state;
	struct query query = query_defaults();
	query.ttl = 2;
	assert_int_equal(verdict_of(&query), IGMP_BAD_TTL);
	query.ttl = 0;
	assert_int_equal(verdict_of(&query), IGMP_BAD_TTL);
}

/* Section 9.1 wants no subnet test: a snooping switch asks from 0.0.0.0. */
static void drops_sources_that_are_no_host(void **state)
{
	(void)state;
	struct query query = query_defaults();
	query.source = "0.0.0.0";
	assert_int_equal(verdict_of(&query), IGMP_VALID);
	query.source = "192.0.2.7";
	assert_int_equal(verdict_of(&query), IGMP_VALID);
	query.source = "224.0.0.5";
	assert_int_equal(verdict_of(&query), IGMP_BAD_SOURCE);
	query.source = "255.255.255.255";
	assert_int_equal(verdict_of(&query), IGMP_BAD_SOURCE);
}

/* Section 4.1.2: over all of the IP payload, beyond the sources too; and the header's own. */
static void verifies_both_checksums(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	query.igmp_bytes = 20;
	size_t len = query_build(&query, packet);
	packet[len - 1] ^= 1;
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_BAD_CHECKSUM);
	packet[len - 1] ^= 1;
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_VALID);
	packet[15] ^= 1;
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_BAD_CHECKSUM);
	query.igmp_bytes = 13; /* RFC 1071: an odd octet counts, as the high one */
	len = query_build(&query, packet);
	packet[len - 1] ^= 1;
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_BAD_CHECKSUM);
	static const uint8_t odd[] = {0x12, 0x34, 0x56};
	assert_int_equal(igmp_checksum(odd, sizeof odd), htons(0xffff - 0x1234 - 0x5600));
	/* The carry of a carry. */
	static const uint8_t full[] = {0xff, 0xff, 0xff, 0xff, 0, 1};
	assert_int_equal(igmp_checksum(full, sizeof full), htons(0xfffe));
}

/* A sender on this machine may have left it to a card. The header's own is always there. */
static void finishes_a_checksum(void **state)
{
	(void)state;
	uint8_t packet[1500], whole[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	size_t len = query_build(&query, whole);
	memcpy(packet, whole, len);
	packet[26] = packet[27] = 0x55;
	packet[len] = 0x99; /* padding */
	igmp_finish_checksum(packet, len + 1);
	assert_memory_equal(packet, whole, len);
	packet[12] ^= 1;
	igmp_finish_checksum(packet, len);
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_BAD_CHECKSUM);
	/* Lengths that cannot be: nothing is written. */
	memcpy(packet, whole, len);
	packet[26] = 0x55;
	for (size_t cut = 0; cut < len; cut++) {
		igmp_finish_checksum(packet, cut);
		assert_int_equal(packet[26], 0x55);
	}
}

/* Section 4.1.11: the IP total length counts, not the frame's, which Ethernet pads. */
static void believes_the_total_length(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	query.igmp_bytes = 8;
	size_t len = query_build(&query, packet);
	memset(packet + len, 0xee, 46 - len);
	assert_int_equal(igmp_parse(packet, 46, &m), IGMP_VALID);
	assert_int_equal(m.version, 2);
	packet[3] = 24 + 7; /* a message shorter than any */
	packet_seal(packet);
	assert_int_equal(igmp_parse(packet, 46, &m), IGMP_TRUNCATED);
}

/* Each prefix of a good packet, copied to its exact size for a sanitizer to watch. */
static void drops_every_truncation(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	query.group = "232.1.1.1";
	query.sources = "10.0.0.1 10.0.0.2";
	size_t len = query_build(&query, packet);
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);
		memcpy(copy, packet, cut);
		assert_int_equal(igmp_parse(copy, cut, &m), IGMP_TRUNCATED);
		free(copy);
	}
}

static enum igmp_verdict verdict_with(size_t at, uint8_t value)
{
	uint8_t packet[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	size_t len = query_build(&query, packet);
	packet[at] = value;
	if (at != 0 && at != 3)
		packet_seal(packet);
	return igmp_parse(packet, len, &m);
}

static void drops_broken_ip_headers(void **state)
{
	(void)state;
	assert_int_equal(verdict_with(0, 0x66), IGMP_TRUNCATED); /* version 6 */
	assert_int_equal(verdict_with(0, 0x44), IGMP_TRUNCATED); /* header of 16 bytes */
	assert_int_equal(verdict_with(0, 0x4f), IGMP_TRUNCATED); /* header beyond the packet */
	assert_int_equal(verdict_with(3, 20), IGMP_TRUNCATED);	 /* total below the header */
	assert_int_equal(verdict_with(9, 17), IGMP_TRUNCATED);	 /* UDP */
	assert_int_equal(verdict_with(6, 0x20), IGMP_TRUNCATED); /* more fragments */
	assert_int_equal(verdict_with(7, 1), IGMP_TRUNCATED);	 /* fragment offset */
	assert_int_equal(verdict_with(6, 0x40), IGMP_VALID);	 /* DF */
}

static void reads_router_alert_among_other_options(void **state)
{
	(void)state;
	static const struct {
		uint8_t options[4];
		int alert;
	} cases[] = {
		{{0x94, 4, 0, 0}, 1},
		{{1, 1, 1, 1}, 0},
		{{1, 1, 0x94, 4}, 1}, /* after two times nothing */
		{{0, 0x94, 4, 0}, 0}, /* after the end of options */
		{{0, 2, 0x94, 4}, 0},
		{{7, 0, 0x94, 4}, 0}, /* a length that leads nowhere */
		{{7, 1, 0x94, 4}, 0}, /* one without room for itself */
		{{7, 2, 0x94, 4}, 1},
	};
	uint8_t packet[1500];
	struct igmp_message m;
	struct query query = query_defaults();
	size_t len = query_build(&query, packet);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		memcpy(packet + 20, cases[i].options, 4);
		packet_seal(packet);
		assert_int_equal(igmp_parse(packet, len, &m), IGMP_VALID);
		assert_int_equal(m.router_alert, cases[i].alert);
	}
}

/* Section 4: other types are ignored. */
static void names_other_types(void **state)
{
	(void)state;
	struct igmp_message m;
	assert_int_equal(verdict_with(24, 0x13), IGMP_UNKNOWN_TYPE); /* DVMRP */
	assert_int_equal(verdict_with(24, 0x12), IGMP_VALID);
	assert_int_equal(verdict_with(24, 0x17), IGMP_VALID);
	uint8_t packet[1500];
	struct query query = query_defaults();
	query.group = "239.1.1.1";
	size_t len = query_build(&query, packet);
	packet[24] = 0x16;
	packet_seal(packet);
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_VALID);
	assert_int_equal(m.type, IGMP_TYPE_V2_REPORT);
	assert_int_equal(m.group.s_addr, ip("239.1.1.1").s_addr);
}

/* A report of three records: one with auxiliary data, one of an unknown type. */
/* clang-format off */
static const uint8_t three_records[] = {
	0x22, 0, 0, 0, 0, 0, 0, 3,
	4, 2, 0, 0, 239, 1, 1, 1, 9, 9, 9, 9, 9, 9, 9, 9,
	77, 0, 0, 0, 239, 1, 1, 2,
	5, 0, 0, 1, 232, 1, 1, 1, 10, 0, 0, 1,
};
/* clang-format on */

static size_t wrap_report(const uint8_t *igmp, size_t len, uint8_t *packet)
{
	struct query query = query_defaults();
	query.igmp_bytes = len;
	query.destination = "224.0.0.22";
	size_t total = query_build(&query, packet);
	memcpy(packet + 24, igmp, len);
	packet_seal(packet);
	return total;
}

/* Section 4.2.6: auxiliary data is skipped as 32-bit words; 4.2.13: unknown types are no error. */
static void iterates_over_records(void **state)
{
	(void)state;
	uint8_t packet[1500];
	struct igmp_message m;
	struct igmp_record r;
	size_t len = wrap_report(three_records, sizeof three_records, packet);
	assert_int_equal(igmp_parse(packet, len, &m), IGMP_VALID);
	struct igmp_record_reader reader = igmp_records(&m);
	assert_true(igmp_record_next(&reader, &r));
	assert_int_equal(r.type, IGMP_TO_EX);
	assert_true(igmp_record_next(&reader, &r));
	assert_int_equal(r.type, 77);
	assert_true(igmp_record_next(&reader, &r));
	assert_int_equal(r.type, IGMP_ALLOW);
	assert_int_equal(r.group.s_addr, ip("232.1.1.1").s_addr);
	assert_int_equal(igmp_source(r.sources, 0).s_addr, ip("10.0.0.1").s_addr);
	assert_false(igmp_record_next(&reader, &r));
	assert_int_equal(reader.left, 0);
}

/* The counts are checked before anything is read by them. */
static void stops_where_a_record_exceeds_the_packet(void **state)
{
	(void)state;
	static const size_t counts_at[] = {7, 8 + 1, 8 + 3, 8 + 2};
	uint8_t packet[1500], igmp[sizeof three_records];
	struct igmp_message m;
	struct igmp_record r;
	for (size_t i = 0; i < sizeof counts_at / sizeof counts_at[0]; i++) {
		memcpy(igmp, three_records, sizeof igmp);
		igmp[counts_at[i]] = 200;
		size_t len = wrap_report(igmp, sizeof igmp, packet);
		uint8_t *exact = malloc(len);
		memcpy(exact, packet, len);
		assert_int_equal(igmp_parse(exact, len, &m), IGMP_VALID);
		struct igmp_record_reader reader = igmp_records(&m);
		while (igmp_record_next(&reader, &r))
			continue;
		assert_int_not_equal(reader.left, 0);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_a_general_query),
		cmocka_unit_test(reads_the_sources_of_a_query),
		cmocka_unit_test(tells_the_versions_apart),
		cmocka_unit_test(decodes_float_codes),
		cmocka_unit_test(bounds_the_number_of_sources),
		cmocka_unit_test(drops_a_general_query_with_sources),
		cmocka_unit_test(drops_a_query_for_a_unicast_address),
		cmocka_unit_test(accepts_a_query_only_where_it_belongs),
		cmocka_unit_test(drops_other_ttls),
		cmocka_unit_test(drops_sources_that_are_no_host),
		cmocka_unit_test(verifies_both_checksums),
		cmocka_unit_test(finishes_a_checksum),
		cmocka_unit_test(believes_the_total_length),
		cmocka_unit_test(drops_every_truncation),
		cmocka_unit_test(drops_broken_ip_headers),
		cmocka_unit_test(reads_router_alert_among_other_options),
		cmocka_unit_test(names_other_types),
		cmocka_unit_test(iterates_over_records),
		cmocka_unit_test(stops_where_a_record_exceeds_the_packet),
	};
	return cmocka_run_group_tests_name("igmp_wire", tests, NULL, NULL);
}
