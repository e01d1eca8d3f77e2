#include "channels/table.h"

#include <arpa/inet.h>

#include "tests/support/test.h"

static const char *const none[] = {NULL};
static const char *const two[] = {"News", "Sport", NULL};

static void check(const struct channel *channels, size_t count, const char *expected)
{
	const struct channel_list list = {.channels = channels, .count = count};
	GString *out = g_string_new(NULL);
	channel_table_write(&list, out);
	assert_string_equal(out->str, expected);
	g_string_free(out, TRUE);
}

static void test_columns(void **state)
{
	(void)state;
	const struct channel_source sources[] = {
		{.address = {CHANNEL_RTP, {htonl(0xe8010101)}, {htonl(0x0a000001)}, 5004, 0}},
		{.address = {CHANNEL_UDP, {htonl(0xef010101)}, {0}, 1234, 0}},
		{.address = {CHANNEL_UDP, {htonl(0xef010101)}, {0}, 1234, 12}},
	};
	const struct channel channels[] = {
		{.number = 1,
			.name = "One",
			.bouquets = two,
			.sources = sources,
			.source_count = 2},
		/* wide, combining and plain letters take 2, 0 and 1 columns */
		{.number = 5,
			.subnumber = 12,
			.name = "高清 e\u0301é",
			.bouquets = none,
			.sources = sources + 1,
			.source_count = 1},
		{.number = 1000,
			.name = "Radio",
			.kind = CHANNEL_RADIO,
			.bouquets = none,
			.sources = sources + 2,
			.source_count = 1},
	};
	check(channels, 3,
		" No.     Name     Bouquets     Address\n"
		"   1     One      News, Sport  rtp://10.0.0.1@232.1.1.1:5004 +1\n"
		"   5.12  高清 e\u0301é               udp://239.1.1.1:1234\n"
		"1000     Radio                 udp://239.1.1.1:1234 programme 12 (radio)\n");
	check(channels + 2, 1,
		" No.  Name   Address\n1000  Radio  udp://239.1.1.1:1234 programme 12 (radio)\n");
	check(NULL, 0, "No.  Name  Address\n");
}

static void test_long_names_are_cut(void **state)
{
	(void)state;
	const struct channel_source source = {
		.address = {CHANNEL_UDP, {htonl(0xef010101)}, {0}, 1, 0}};
	const struct channel channel = {.number = 1,
		.name = "一二三四五六七八九十一二三四五六七八九十一",
		.bouquets = none,
		.sources = &source,
		.source_count = 1};
	/* 19 wide characters and the ellipsis are 39 columns: one is filled up. */
	check(&channel, 1,
		"No.  Name                                      Address\n"
		"  1  一二三四五六七八九十一二三四五六七八九…   udp://239.1.1.1:1\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_long_names_are_cut),
	};
	return cmocka_run_group_tests_name("channels_table", tests, NULL, NULL);
}
