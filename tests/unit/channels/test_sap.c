#include "channels/sap.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <zlib.h>

#include "tests/support/test.h"

#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1
#define HEAD "\x20\x00\x12\x34\x0a\x00\x00\x01"
#define SDP "v=0\r\no=- 7 1 IN IP4 10.0.0.1\r\ns=One\r\n"

static void expect_parsed(const uint8_t *bytes, size_t size, bool deletion, const char *description)
{
	struct sap_packet packet;
	const char *why = NULL;
	/* Not a byte behind the packet may be read. */
	uint8_t *copy = g_memdup2(bytes, size);
	assert_int_equal(sap_parse(copy, size, &packet, &why), 0);
	assert_int_equal(packet.deletion, deletion);
	assert_int_equal(packet.description_bytes, strlen(description));
	assert_memory_equal(packet.description, description, packet.description_bytes);
	g_free(copy);
}

static void test_packets(void **state)
{
	(void)state;
	struct sap_packet packet;
	const char *why;
	assert_int_equal(sap_parse(BYTES(HEAD SDP), &packet, &why), 0);
	assert_int_equal(packet.hash, 0x1234);
	assert_int_equal(packet.announcer_bytes, 4);
	assert_memory_equal(packet.announcer, "\x0a\0\0\x01", 4);
	expect_parsed(BYTES(HEAD SDP), false, SDP);
	expect_parsed(BYTES(HEAD "application/sdp\0" SDP), false, SDP);
	expect_parsed(BYTES(HEAD "Application/SDP\0"), false, "");
	expect_parsed(BYTES("\x24\0\0\x01\x0a\0\0\x01o=- 7 1 IN IP4 10.0.0.1\n"), true,
		"o=- 7 1 IN IP4 10.0.0.1\n");
	/* Authentication is skipped; version 0; an announcer in IPv6. */
	expect_parsed(BYTES("\x20\x02\0\x01\x0a\0\0\x01"
			    "01234567" SDP),
		false, SDP);
	expect_parsed(BYTES("\0\0\0\x01\x0a\0\0\x01" SDP), false, SDP);
	expect_parsed(BYTES("\x30\0\0\x01"
			    "0123456789abcdef" SDP),
		false, SDP);
}

static void test_what_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t size;
		int error;
		const char *why;
	} cases[] = {
		{"", 0, -EINVAL, "it is too short"},
		{HEAD, 7, -EINVAL, "it is too short"},
		{"\x20\x01\0\0\x0a\0\0\x01v=0", 11, -EINVAL, "it is too short"},
		{"\x30\0\0\0\x0a\0\0\x01v=0", 11, -EINVAL, "it is too short"},
		{HEAD, 8, -EINVAL, "its payload's type does not end"},
		{HEAD "application/sdp", 23, -EINVAL, "its payload's type does not end"},
		{HEAD "text/plain\0v=0", 22, -EPROTONOSUPPORT, "it carries no session description"},
		{"\x22\0\0\0\x0a\0\0\x01v=0", 11, -EPROTONOSUPPORT, "it is encrypted"},
		{"\x21\0\0\0\x0a\0\0\x01v=0", 11, -EPROTONOSUPPORT, "it is compressed"},
		{"\x40\0\0\0\x0a\0\0\x01v=0", 11, -EPROTONOSUPPORT,
			"it is of a version that is not known"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct sap_packet packet = {.hash = 42};
		const char *why = NULL;
		uint8_t *copy = g_memdup2(cases[i].bytes, cases[i].size);
		assert_int_equal(sap_parse(copy, cases[i].size, &packet, &why), cases[i].error);
		assert_string_equal(why, cases[i].why);
		assert_int_equal(packet.hash, 42);
		g_free(copy);
	}
}

static enum sap_change take(
	struct sap_sessions *sessions, bool deletion, uint16_t hash, const char *description)
{
	const struct sap_packet packet = {.deletion = deletion,
		.hash = hash,
		.announcer = (const uint8_t *)"\x0a\0\0\x01",
		.announcer_bytes = 4,
		.description = description,
		.description_bytes = strlen(description)};
	return sap_sessions_take(sessions, &packet);
}

static void note(void *ctx, const char *description, size_t size)
{
	g_string_append_len(ctx, description, (gssize)size);
	g_string_append_c(ctx, '|');
}

static void expect_held(struct sap_sessions *sessions, const char *expected)
{
	GString *out = g_string_new(NULL);
	sap_sessions_each(sessions, note, out);
	assert_string_equal(out->str, expected);
	g_string_free(out, TRUE);
}

#define ONE "v=0\no=a 1 1 IN IP4 h\ns=One\n"
#define ONE_AGAIN "v=0\no=a 1 2 IN IP4 h\ns=Another\n"
#define TWO "v=0\no=a 2 1 IN IP4 h\ns=Two\n"

static void test_sessions(void **state)
{
	(void)state;
	struct sap_sessions *sessions = sap_sessions_create();
	assert_int_equal(take(sessions, false, 1, ONE), SAP_NEW);
	assert_int_equal(take(sessions, false, 2, TWO), SAP_NEW);
	/* Repeated, also by somebody else. */
	assert_int_equal(take(sessions, false, 1, ONE), SAP_NOTHING);
	assert_int_equal(take(sessions, false, 9, ONE), SAP_NOTHING);
	expect_held(sessions, ONE "|" TWO "|");
	assert_int_equal(take(sessions, false, 3, ONE_AGAIN), SAP_CHANGED);
	expect_held(sessions, ONE_AGAIN "|" TWO "|");
	/* Deletions hold as little as the origin. */
	assert_int_equal(take(sessions, true, 3, "o=a 1 2 IN IP4 h\r\n"), SAP_DELETED);
	assert_int_equal(take(sessions, true, 3, "o=a 1 2 IN IP4 h"), SAP_NOTHING);
	expect_held(sessions, TWO "|");
	sap_sessions_destroy(sessions);
	sap_sessions_destroy(NULL);
}

static void test_sessions_without_an_origin(void **state)
{
	(void)state;
	struct sap_sessions *sessions = sap_sessions_create();
	assert_int_equal(take(sessions, false, 1, "v=0\ns=One\n"), SAP_NEW);
	assert_int_equal(take(sessions, false, 2, "v=0\no=short\ns=Two\n"), SAP_NEW);
	assert_int_equal(take(sessions, false, 1, "v=0\ns=One\n"), SAP_NOTHING);
	assert_int_equal(take(sessions, true, 1, "v=0"), SAP_DELETED);
	expect_held(sessions, "v=0\no=short\ns=Two\n|");
	sap_sessions_destroy(sessions);
}

static void test_bounds(void **state)
{
	(void)state;
	struct sap_sessions *sessions = sap_sessions_create();
	char *large = g_strnfill(60000, 'x');
	unsigned held = 0;
	for (unsigned i = 0; i <= SAP_SESSIONS; i++) {
		char *description = g_strdup_printf("o=a %u 1 IN IP4 h\n", i);
		assert_int_equal(take(sessions, false, 1, description),
			i < SAP_SESSIONS ? SAP_NEW : SAP_FULL);
		assert_int_equal(take(sessions, true, 1, description),
			i < SAP_SESSIONS ? SAP_DELETED : SAP_NOTHING);
		if (i < SAP_SESSIONS)
			assert_int_equal(take(sessions, false, 1, description), SAP_NEW);
		g_free(description);
	}
	sap_sessions_destroy(sessions);
	sessions = sap_sessions_create();
	for (unsigned i = 0; i < SAP_SESSIONS; i++) {
		char *description = g_strdup_printf("o=a %u 1 IN IP4 h\n%s", i, large);
		held += take(sessions, false, 1, description) == SAP_NEW;
		g_free(description);
	}
	assert_int_equal(held, SAP_HELD_BYTES / 60020);
	assert_int_equal(take(sessions, true, 1, "o=a 0 1 IN IP4 h"), SAP_DELETED);
	char *another = g_strdup_printf("o=b 0 1 IN IP4 h\n%s", large);
	assert_int_equal(take(sessions, false, 1, another), SAP_NEW);
	g_free(another);
	g_free(large);
	sap_sessions_destroy(sessions);
}

/* Header and compressed payload; freed with g_free(). */
static uint8_t *pack(const uint8_t *packet, size_t size, size_t start, size_t *ret_size)
{
	uLongf room = compressBound((uLong)size);
	uint8_t *packed = g_malloc(start + room);
	memcpy(packed, packet, start);
	packed[0] |= 1;
	assert_int_equal(compress(packed + start, &room, packet + start, size - start), Z_OK);
	*ret_size = start + room;
	return packed;
}

static void check_unpacked(const uint8_t *packet, size_t size, size_t start)
{
	uint8_t *unpacked = g_malloc(SAP_UNPACKED_BYTES);
	size_t packed_size, unpacked_size = 0;
	const char *why;
	uint8_t *packed = pack(packet, size, start, &packed_size);
	assert_false(sap_is_packed(packet, size));
	assert_true(sap_is_packed(packed, packed_size));
	assert_int_equal(sap_unpack(packed, packed_size, unpacked, &unpacked_size, &why), 0);
	assert_int_equal(unpacked_size, size);
	assert_memory_equal(unpacked, packet, size);
	g_free(packed);
	g_free(unpacked);
}

static void test_compressed_payloads(void **state)
{
	(void)state;
	check_unpacked(BYTES(HEAD SDP), 8);
	check_unpacked(BYTES("\x20\x02\0\x01\x0a\0\0\x01"
			     "01234567" SDP),
		16);
	check_unpacked(BYTES("\x30\0\0\x01"
			     "0123456789abcdef" SDP),
		20);
}

static void expect_not_unpacked(const uint8_t *packet, size_t size, const char *expected)
{
	uint8_t *unpacked = g_malloc(SAP_UNPACKED_BYTES);
	uint8_t *copy = g_memdup2(packet, size);
	size_t unpacked_size;
	const char *why = "";
	assert_int_equal(sap_unpack(copy, size, unpacked, &unpacked_size, &why), -EINVAL);
	assert_string_equal(why, expected);
	g_free(copy);
	g_free(unpacked);
}

static void test_what_cannot_be_unpacked(void **state)
{
	(void)state;
	static const char large[] = "it is larger than 64 KiB when unpacked, or cut short";
	expect_not_unpacked(BYTES("\x21\0\0"), "it is too short");
	expect_not_unpacked(BYTES("\x21\x09\0\0\x0a\0\0\x01"), "it is too short");
	expect_not_unpacked(
		BYTES("\x21\0\0\0\x0a\0\0\x01v=0 not zlib"), "its compressed payload is damaged");
	size_t size = SAP_UNPACKED_BYTES + 1, packed_size;
	uint8_t *zeros = g_malloc0(size);
	uint8_t *packed = pack(zeros, size, 8, &packed_size);
	expect_not_unpacked(packed, packed_size, large);
	g_free(packed);
	g_free(zeros);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_what_is_refused),
		cmocka_unit_test(test_sessions),
		cmocka_unit_test(test_sessions_without_an_origin),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_compressed_payloads),
		cmocka_unit_test(test_what_cannot_be_unpacked),
	};
	return cmocka_run_group_tests_name("channels_sap", tests, NULL, NULL);
}
