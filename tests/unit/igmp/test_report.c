/* RFC 9776 section 4.2: reports octet by octet, and their splitting at the MTU (section 4.2.17). */
#include <errno.h>
#include <string.h>

#include "igmp/report.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

/* A zap between two any-source groups, as it is to be seen on the wire. */
static void asm_pair_octet_by_octet(void **state)
{
	(void)state;
	/* clang-format off */
	static const uint8_t expected[] = {
		0x46, 0xc0, 0x00, 0x30, /* version 4, 24 bytes of header; TOS 0xc0; 48 bytes */
		0x00, 0x00, 0x40, 0x00, /* identification 0, DF */
		0x01, 0x02, 0xf9, 0xef, /* TTL 1, IGMP, checksum */
		10, 0, 0, 2,            /* the interface's address */
		224, 0, 0, 22,          /* all IGMPv3 routers */
		0x94, 0x04, 0x00, 0x00, /* Router Alert */
		0x22, 0x00, 0xf6, 0xf6, /* v3 report, checksum */
		0x00, 0x00, 0x00, 0x02, /* reserved, two records */
		0x03, 0x00, 0x00, 0x00, 239, 1, 1, 1, /* TO_IN{}: leave */
		0x04, 0x00, 0x00, 0x00, 239, 1, 1, 2, /* TO_EX{}: join */
	};
	/* clang-format on */
	uint8_t packet[IGMP_PACKET_MAX_BYTES];
	struct igmp_report report;
	igmp_report_begin(&report, packet, 1500);
	assert_int_equal(igmp_report_add(&report, IGMP_TO_IN, ip("239.1.1.1"), NULL, 0), 0);
	assert_int_equal(igmp_report_add(&report, IGMP_TO_EX, ip("239.1.1.2"), NULL, 0), 0);
	size_t len = igmp_report_finish(&report, ip("10.0.0.2"));
	assert_int_equal(len, sizeof expected);
	assert_memory_equal(packet, expected, sizeof expected);
}

/* The same between two channels of source-specific multicast. */
static void ssm_pair_octet_by_octet(void **state)
{
	(void)state;
	/* clang-format off */
	static const uint8_t expected[] = {
		0x46, 0xc0, 0x00, 0x38, 0x00, 0x00, 0x40, 0x00, 0x01, 0x02, 0xf9, 0xe7,
		10, 0, 0, 2, 224, 0, 0, 22, 0x94, 0x04, 0x00, 0x00,
		0x22, 0x00, 0xec, 0xf2, 0x00, 0x00, 0x00, 0x02,
		0x06, 0x00, 0x00, 0x01, 232, 1, 1, 1, 10, 0, 0, 1, /* BLOCK(10.0.0.1) */
		0x05, 0x00, 0x00, 0x01, 232, 1, 1, 2, 10, 0, 0, 1, /* ALLOW(10.0.0.1) */
	};
	/* clang-format on */
	const struct in_addr source = ip("10.0.0.1");
	uint8_t packet[IGMP_PACKET_MAX_BYTES];
	struct igmp_report report;
	igmp_report_begin(&report, packet, 1500);
	assert_int_equal(igmp_report_add(&report, IGMP_BLOCK, ip("232.1.1.1"), &source, 1), 1);
	assert_int_equal(igmp_report_add(&report, IGMP_ALLOW, ip("232.1.1.2"), &source, 1), 1);
	assert_int_equal(igmp_report_finish(&report, ip("10.0.0.2")), sizeof expected);
	assert_memory_equal(packet, expected, sizeof expected);
}

/* A record that would fit a packet of its own waits for the next one. */
static void does_not_split_what_fits_alone(void **state)
{
	(void)state;
	struct in_addr sources[7] = {{1}, {2}, {3}, {4}, {5}, {6}, {7}};
	uint8_t packet[IGMP_MTU_MIN_BYTES];
	struct igmp_report report;
	igmp_report_begin(&report, packet, sizeof packet);
	assert_int_equal(igmp_report_add(&report, IGMP_TO_EX, ip("239.1.1.1"), NULL, 0), 0);
	assert_int_equal(
		igmp_report_add(&report, IGMP_ALLOW, ip("239.1.1.2"), sources, 7), -ENOSPC);
	assert_int_equal(igmp_report_add(&report, IGMP_ALLOW, ip("239.1.1.2"), sources, 5), 5);
	assert_int_equal(igmp_report_add(&report, IGMP_TO_EX, ip("239.1.1.3"), NULL, 0), -ENOSPC);
	assert_int_equal(igmp_report_finish(&report, ip("10.0.0.2")), IGMP_MTU_MIN_BYTES);
	igmp_report_begin(&report, packet, sizeof packet);
	assert_int_equal(igmp_report_add(&report, IGMP_ALLOW, ip("239.1.1.2"), sources, 7), 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(asm_pair_octet_by_octet),
		cmocka_unit_test(ssm_pair_octet_by_octet),
		cmocka_unit_test(does_not_split_what_fits_alone),
	};
	return cmocka_run_group_tests_name("igmp_report", tests, NULL, NULL);
}
