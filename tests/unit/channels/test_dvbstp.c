#include "channels/dvbstp.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "tests/support/test.h"

/* A packet as a head-end would send it; what is 0 has its usual value. */
struct sent {
	uint8_t first; /* version, encryption, CRC flag */
	unsigned total;
	uint8_t payload, version;
	unsigned segment, number, last;
	uint8_t eleventh; /* compression, provider flag, length of the private header */
	const char *rest; /* of `rest_bytes`, strlen() of it if that is 0 */
	size_t rest_bytes;
};

static int take(struct dvbstp *dvbstp, const struct sent *sent, struct dvbstp_segment *ret)
{
	const uint8_t header[] = {sent->first, (uint8_t)(sent->total >> 16),
		(uint8_t)(sent->total >> 8), (uint8_t)sent->total, sent->payload,
		(uint8_t)(sent->segment >> 8), (uint8_t)sent->segment, sent->version,
		(uint8_t)(sent->number >> 4), (uint8_t)(sent->number << 4 | sent->last >> 8),
		(uint8_t)sent->last, sent->eleventh};
	GByteArray *packet = g_byte_array_new();
	size_t rest_bytes = sent->rest_bytes ? sent->rest_bytes : strlen(sent->rest);
	g_byte_array_append(packet, header, sizeof header);
	g_byte_array_append(packet, (const uint8_t *)sent->rest, (guint)rest_bytes);
	/* Its own memory: not a byte behind it may be read. */
	uint8_t *copy = g_memdup2(packet->data, packet->len);
	int result = dvbstp_take(dvbstp, copy, packet->len, ret);
	g_free(copy);
	g_byte_array_unref(packet);
	return result;
}

static void expect_segment(const struct dvbstp_segment *segment, const char *expected)
{
	assert_int_equal(segment->size, strlen(expected));
	assert_memory_equal(segment->bytes, expected, segment->size);
}

static void test_one_section(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {
		.total = 4, .payload = 2, .segment = 0x1234, .version = 7, .rest = "<a/>"};
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	expect_segment(&segment, "<a/>");
	assert_int_equal(segment.payload, DVBSTP_BROADCAST);
	assert_int_equal(segment.id, 0x1234);
	assert_int_equal(segment.version, 7);
	assert_int_equal(segment.provider, 0);
	/* Once for each version. */
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.version = 8;
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	sent.segment = 1;
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	dvbstp_destroy(dvbstp);
	dvbstp_destroy(NULL);
}

static void test_sections_in_any_order(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {.total = 6, .payload = 5, .last = 2};
	const struct {
		unsigned number;
		const char *text;
		int result;
	} sections[] = {{2, "e", 0}, {0, "abc", 0}, {2, "e", 0}, {0, "abc", 0}};
	sent.total = 6;
	for (size_t i = 0; i < G_N_ELEMENTS(sections); i++) {
		sent.number = sections[i].number;
		sent.rest = sections[i].text;
		assert_int_equal(take(dvbstp, &sent, &segment), sections[i].result);
	}
	sent.number = 1;
	sent.rest = "xd";
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	expect_segment(&segment, "abcxde");
	dvbstp_destroy(dvbstp);
}

/* A provider's address, a private header and a CRC, which is of the last section only. */
static void test_what_headers_may_hold(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {.first = 1,
		.total = 9,
		.payload = 1,
		.last = 1,
		.eleventh = 0x12,
		.rest = "\x0a\0\0\x01PRIVATE!12345",
		.rest_bytes = 17};
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.number = 1;
	/* CRC-32/MPEG-2 of "123456789" */
	sent.rest = "\x0a\0\0\x01PRIVATE!6789\x03\x76\xe6\xe7";
	sent.rest_bytes = 20;
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	expect_segment(&segment, "123456789");
	assert_int_equal(segment.provider, 0x0a000001);
	dvbstp_destroy(dvbstp);
}

static void test_a_wrong_crc(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {
		.first = 1, .total = 9, .payload = 1, .rest = "123456780\x03\x76\xe6\xe7"};
	assert_int_equal(take(dvbstp, &sent, &segment), -EBADMSG);
	/* The next round may do better. */
	sent.rest = "123456789\x03\x76\xe6\xe7";
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	dvbstp_destroy(dvbstp);
}

static void test_a_new_version_takes_over(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {.total = 4, .payload = 2, .version = 1, .last = 1, .rest = "ab"};
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.version = 2;
	sent.number = 1;
	sent.rest = "CD";
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.number = 0;
	sent.rest = "AB";
	assert_int_equal(take(dvbstp, &sent, &segment), 1);
	expect_segment(&segment, "ABCD");
	dvbstp_destroy(dvbstp);
}

static void test_sections_that_do_not_fit(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {.total = 4, .payload = 2, .last = 1, .rest = "ab"};
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.total = 5;
	assert_int_equal(take(dvbstp, &sent, &segment), -EBADMSG);
	sent.total = 4;
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.last = 2;
	assert_int_equal(take(dvbstp, &sent, &segment), -EBADMSG);
	sent.last = 1;
	assert_int_equal(take(dvbstp, &sent, &segment), 0);
	sent.number = 1;
	sent.rest = "c";
	assert_int_equal(take(dvbstp, &sent, &segment), -EBADMSG);
	dvbstp_destroy(dvbstp);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	const struct {
		struct sent sent;
		int error;
	} cases[] = {
		{{.first = 0x40, .total = 4, .rest = "<a/>"}, -EPROTONOSUPPORT},
		{{.first = 0x02, .total = 4, .rest = "<a/>"}, -EPROTONOSUPPORT},
		{{.total = 4, .eleventh = 0x20, .rest = "<a/>"}, -EPROTONOSUPPORT},
		{{.total = 4, .eleventh = 0x40, .rest = "<a/>"}, -EPROTONOSUPPORT},
		{{.total = 4, .eleventh = 0x10, .rest = "abc"}, -EINVAL},
		{{.total = 4, .eleventh = 0x01, .rest = "abc"}, -EINVAL},
		{{.first = 1, .total = 4, .rest = "abc"}, -EINVAL},
		{{.total = 4, .number = 1, .rest = "abc"}, -EINVAL},
		{{.total = 2, .rest = "abc"}, -EINVAL},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_int_equal(take(dvbstp, &cases[i].sent, &segment), cases[i].error);
	assert_int_equal(dvbstp_take(dvbstp, (const uint8_t *)"", 0, &segment), -EINVAL);
	dvbstp_destroy(dvbstp);
}

static void test_bounds(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	struct sent sent = {.total = 4, .payload = 2, .last = 1, .rest = "ab"};
	for (unsigned i = 0; i < DVBSTP_SEGMENTS; i++) {
		sent.segment = i;
		assert_int_equal(take(dvbstp, &sent, &segment), 0);
	}
	sent.segment = DVBSTP_SEGMENTS;
	assert_int_equal(take(dvbstp, &sent, &segment), -ENOSPC);
	dvbstp_destroy(dvbstp);

	dvbstp = dvbstp_create();
	char *large = g_strnfill(60000, 'x');
	sent = (struct sent){.total = 0xffffff, .payload = 2, .last = 4095, .rest = large};
	unsigned held = 0;
	for (sent.segment = 0; sent.segment < 3; sent.segment++)
		for (sent.number = 0; sent.number < 400; sent.number++)
			held += take(dvbstp, &sent, &segment) == 0;
	assert_in_range(held * 60000, DVBSTP_HELD_BYTES - 200000, DVBSTP_HELD_BYTES);
	g_free(large);
	dvbstp_destroy(dvbstp);
}

/* Whoever tunes in anywhere in the round knows all of it when it begins anew. */
static void test_a_round_that_is_complete(void **state)
{
	(void)state;
	struct dvbstp *dvbstp = dvbstp_create();
	struct dvbstp_segment segment;
	const struct sent a = {.total = 4, .payload = 2, .segment = 1, .rest = "<a/>"};
	const struct sent first = {.total = 4, .payload = 5, .last = 1, .rest = "<b"};
	const struct sent second = {.total = 4, .payload = 5, .number = 1, .last = 1, .rest = "/>"};
	struct sent newer = a;
	newer.version = 1;
	const struct {
		const struct sent *sent;
		int result;
		bool settled;
	} steps[] = {{&second, 0, false}, {&a, 1, false}, {&first, 1, false}, {&second, 0, false},
		{&a, 0, true}, {&newer, 1, false}, {&first, 0, false}, {&newer, 0, true}};
	assert_false(dvbstp_is_settled(dvbstp));
	for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
		assert_int_equal(take(dvbstp, steps[i].sent, &segment), steps[i].result);
		assert_int_equal(dvbstp_is_settled(dvbstp), steps[i].settled);
	}
	dvbstp_destroy(dvbstp);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_section),
		cmocka_unit_test(test_sections_in_any_order),
		cmocka_unit_test(test_what_headers_may_hold),
		cmocka_unit_test(test_a_wrong_crc),
		cmocka_unit_test(test_a_new_version_takes_over),
		cmocka_unit_test(test_sections_that_do_not_fit),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_a_round_that_is_complete),
	};
	return cmocka_run_group_tests_name("channels_dvbstp", tests, NULL, NULL);
}
