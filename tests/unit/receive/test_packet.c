#include "tests/support/test.h"

#include "client/receive/packet.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

/* 10.0.0.1 to 232.1.1.1, port 5004, payload "data". */
static const uint8_t PACKET[] = {0x45, 0, 0, 32, 0, 1, 0x40, 0, 5, 17, 0, 0, 10, 0, 0, 1, 232, 1, 1,
	1, 0x30, 0x39, 0x13, 0x8c, 0, 12, 0, 0, 'd', 'a', 't', 'a'};

/* Parses from memory of just this size, so that a sanitizer sees a read beyond it. */
static int parse(const uint8_t *data, size_t len, struct packet_udp *ret)
{
	uint8_t *copy = malloc(len + 1);
	memcpy(copy, data, len);
	copy = realloc(copy, len ? len : 1);
	int rc = packet_parse(copy, len, ret);
	if (rc == 0)
		ret->payload = data + (ret->payload - copy);
	free(copy);
	return rc;
}

static void payload_and_flow_come_out(void **state)
{
	(void)state;
	struct packet_udp udp;
	assert_int_equal(parse(PACKET, sizeof(PACKET), &udp), 0);
	assert_int_equal(udp.flow.group.s_addr, inet_addr("232.1.1.1"));
	assert_int_equal(udp.flow.source.s_addr, inet_addr("10.0.0.1"));
	assert_int_equal(udp.flow.port, 5004);
	assert_int_equal(udp.len, 4);
	assert_memory_equal(udp.payload, "data", 4);
}

static void ethernet_padding_is_left_out(void **state)
{
	(void)state;
	uint8_t padded[46] = {0};
	struct packet_udp udp;
	memcpy(padded, PACKET, sizeof(PACKET));
	assert_int_equal(parse(padded, sizeof(padded), &udp), 0);
	assert_int_equal(udp.len, 4);
}

static void options_are_stepped_over(void **state)
{
	(void)state;
	uint8_t packet[sizeof(PACKET) + 4];
	struct packet_udp udp;
	memcpy(packet, PACKET, 20);
	memset(packet + 20, 1, 4);
	memcpy(packet + 24, PACKET + 20, sizeof(PACKET) - 20);
	packet[0] = 0x46;
	packet[3] = sizeof(packet);
	assert_int_equal(parse(packet, sizeof(packet), &udp), 0);
	assert_int_equal(udp.flow.port, 5004);
	assert_memory_equal(udp.payload, "data", 4);
}

/* A change at one place, and what becomes of the packet. */
static void expect(size_t offset, uint8_t value, int result)
{
	uint8_t packet[sizeof(PACKET)];
	struct packet_udp udp = {.len = 77};
	memcpy(packet, PACKET, sizeof(PACKET));
	packet[offset] = value;
	assert_int_equal(parse(packet, sizeof(packet), &udp), result);
	if (result < 0)
		assert_int_equal(udp.len, 77);
}

static void lengths_and_kinds_are_checked(void **state)
{
	(void)state;
	expect(0, 0x65, -EBADMSG); /* version 6 */
	expect(0, 0x44, -EBADMSG); /* header of 16 bytes */
	expect(0, 0x4f, -EBADMSG); /* header longer than the packet */
	expect(3, 19, -EBADMSG);   /* total length less than the header */
	expect(3, 27, -EBADMSG);   /* no room for UDP */
	expect(3, 33, -EMSGSIZE);
	expect(2, 1, -EMSGSIZE);
	expect(9, 6, -EBADMSG);	  /* TCP */
	expect(25, 7, -EBADMSG);  /* UDP length less than its header */
	expect(25, 13, -EBADMSG); /* UDP length beyond the packet */
	expect(25, 8, 0);
}

static void fragments_are_told_apart(void **state)
{
	(void)state;
	expect(6, 0x20, -EPROTO); /* the first: more fragments */
	expect(6, 0x01, -EPROTO); /* offset, high byte */
	expect(7, 0xb9, -EPROTO); /* offset, low byte */
	expect(6, 0x40, 0);	  /* don't fragment */
}

static void each_truncation_is_refused(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof(PACKET); len++) {
		struct packet_udp udp;
		int rc = parse(PACKET, len, &udp);
		assert_true(rc == -EBADMSG || rc == -EMSGSIZE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(payload_and_flow_come_out),
		cmocka_unit_test(ethernet_padding_is_left_out),
		cmocka_unit_test(options_are_stepped_over),
		cmocka_unit_test(lengths_and_kinds_are_checked),
		cmocka_unit_test(fragments_are_told_apart),
		cmocka_unit_test(each_truncation_is_refused),
	};
	return cmocka_run_group_tests_name("receive_packet", tests, NULL, NULL);
}
