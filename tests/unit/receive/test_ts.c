#include "tests/support/test.h"

#include "client/receive/ts.h"

#include <errno.h>
#include <string.h>

static void make(uint8_t ts[TS_PACKET_BYTES], uint8_t control)
{
	memset(ts, 0xff, TS_PACKET_BYTES);
	ts[0] = 0x47;
	ts[1] = 0x41;
	ts[2] = 0x23;
	ts[3] = (uint8_t)(control << 4 | 9);
}

static void a_packet_without_adaptation_is_read(void **state)
{
	(void)state;
	uint8_t ts[TS_PACKET_BYTES];
	struct ts_packet packet;
	make(ts, 1);
	assert_int_equal(ts_parse(ts, &packet), 0);
	assert_int_equal(packet.pid, 0x123);
	assert_int_equal(packet.counter, 9);
	assert_true(packet.unit_start);
	assert_true(packet.has_payload);
	assert_int_equal(packet.len, 184);
	assert_false(packet.stuffed || packet.has_pcr || packet.random_access);
}

static void a_pcr_is_read(void **state)
{
	(void)state;
	uint8_t ts[TS_PACKET_BYTES];
	struct ts_packet packet;
	make(ts, 3);
	/* Length 7; discontinuity, random access, PCR; base 2^33 - 1, extension 299. */
	static const uint8_t af[] = {7, 0xd0, 0xff, 0xff, 0xff, 0xff, 0xff, 0x2b};
	memcpy(ts + 4, af, sizeof(af));
	assert_int_equal(ts_parse(ts, &packet), 0);
	assert_true(packet.has_pcr && packet.discontinuity && packet.random_access);
	assert_true(packet.pcr_27mhz == ((UINT64_C(1) << 33) - 1) * 300 + 299);
	assert_int_equal(packet.len, 176);
	assert_false(packet.stuffed);
	ts[4] = 6; /* too short for the PCR that it announces */
	assert_int_equal(ts_parse(ts, &packet), 0);
	assert_false(packet.has_pcr);
}

static void expect_stuffed(const uint8_t *af, size_t n, bool stuffed)
{
	uint8_t ts[TS_PACKET_BYTES];
	struct ts_packet packet;
	make(ts, 3);
	memcpy(ts + 4, af, n);
	assert_int_equal(ts_parse(ts, &packet), 0);
	assert_int_equal(packet.stuffed, stuffed);
}

static void stuffing_is_what_no_field_explains(void **state)
{
	(void)state;
	expect_stuffed((uint8_t[]){0}, 1, true);
	expect_stuffed((uint8_t[]){1, 0}, 2, true);
	expect_stuffed((uint8_t[]){1, 0x40}, 2, false);
	expect_stuffed((uint8_t[]){2, 0x40}, 2, true);
	expect_stuffed((uint8_t[]){7, 0x10}, 2, false);
	expect_stuffed((uint8_t[]){8, 0x10}, 2, true);
	expect_stuffed((uint8_t[]){13, 0x18}, 2, false);   /* with OPCR */
	expect_stuffed((uint8_t[]){2, 0x04}, 2, false);	   /* splice countdown */
	expect_stuffed((uint8_t[]){5, 0x02, 3}, 3, false); /* private data */
	expect_stuffed((uint8_t[]){6, 0x02, 3}, 3, true);
	expect_stuffed((uint8_t[]){4, 0x01, 2}, 3, false); /* extension */
	expect_stuffed((uint8_t[]){5, 0x01, 2}, 3, true);
	expect_stuffed((uint8_t[]){1, 0x03}, 2, false); /* lengths beyond the field */
}

static void what_cannot_be_is_refused(void **state)
{
	(void)state;
	uint8_t ts[TS_PACKET_BYTES];
	struct ts_packet packet;
	make(ts, 3);
	ts[4] = 184;
	assert_int_equal(ts_parse(ts, &packet), -EBADMSG);
	ts[4] = 183;
	assert_int_equal(ts_parse(ts, &packet), 0);
	assert_int_equal(packet.len, 0);
	make(ts, 1);
	ts[1] |= 0x80; /* transport_error_indicator */
	assert_int_equal(ts_parse(ts, &packet), -EBADMSG);
	make(ts, 1);
	ts[0] = 0x48;
	assert_int_equal(ts_parse(ts, &packet), -EBADMSG);
}

static void sync_is_found_where_packets_follow_each_other(void **state)
{
	(void)state;
	uint8_t data[3 * TS_PACKET_BYTES] = {0};
	assert_int_equal(ts_find_sync(data, sizeof(data)), sizeof(data));
	data[10] = 0x47; /* alone */
	data[50] = 0x47;
	data[50 + TS_PACKET_BYTES] = 0x47;
	assert_int_equal(ts_find_sync(data, sizeof(data)), 50);
	assert_int_equal(ts_find_sync(data, 10 + TS_PACKET_BYTES), 10); /* the last of all */
	assert_int_equal(ts_find_sync(data, 0), 0);
}

static enum ts_order check(struct ts_continuity *c, uint8_t counter)
{
	return ts_continuity_check(c, &(struct ts_packet){.counter = counter});
}

static void counters_are_followed(void **state)
{
	(void)state;
	struct ts_continuity c = {0};
	assert_int_equal(check(&c, 14), TS_ORDER_NEXT);
	assert_int_equal(check(&c, 15), TS_ORDER_NEXT);
	assert_int_equal(check(&c, 0), TS_ORDER_NEXT);
	assert_int_equal(check(&c, 0), TS_ORDER_DUPLICATE);
	assert_int_equal(check(&c, 1), TS_ORDER_NEXT);
	assert_int_equal(check(&c, 3), TS_ORDER_GAP);
	assert_int_equal(check(&c, 4), TS_ORDER_NEXT);
	/* Two may be the same, not three: sixteen are missing. */
	assert_int_equal(check(&c, 4), TS_ORDER_DUPLICATE);
	assert_int_equal(check(&c, 4), TS_ORDER_GAP);
}

static void a_known_loss_makes_a_matching_counter_doubtful(void **state)
{
	(void)state;
	struct ts_continuity c = {0};
	ts_continuity_doubt(&c);
	assert_int_equal(check(&c, 5), TS_ORDER_NEXT); /* nothing was there to lose */
	ts_continuity_doubt(&c);
	assert_int_equal(check(&c, 6), TS_ORDER_GAP);
	assert_int_equal(check(&c, 7), TS_ORDER_NEXT);
	ts_continuity_doubt(&c);
	assert_int_equal(check(&c, 7), TS_ORDER_GAP); /* no duplicate */
}

static void an_announced_jump_is_none_to_complain_about(void **state)
{
	(void)state;
	struct ts_continuity c = {0};
	check(&c, 5);
	struct ts_packet packet = {.counter = 11, .discontinuity = true};
	assert_int_equal(ts_continuity_check(&c, &packet), TS_ORDER_JUMP);
	assert_int_equal(check(&c, 12), TS_ORDER_NEXT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_packet_without_adaptation_is_read),
		cmocka_unit_test(a_pcr_is_read),
		cmocka_unit_test(stuffing_is_what_no_field_explains),
		cmocka_unit_test(what_cannot_be_is_refused),
		cmocka_unit_test(sync_is_found_where_packets_follow_each_other),
		cmocka_unit_test(counters_are_followed),
		cmocka_unit_test(a_known_loss_makes_a_matching_counter_doubtful),
		cmocka_unit_test(an_announced_jump_is_none_to_complain_about),
	};
	return cmocka_run_group_tests_name("receive_ts", tests, NULL, NULL);
}
