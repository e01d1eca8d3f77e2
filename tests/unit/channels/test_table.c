#include "channels/table.h"

#include <arpa/inet.h>

#include "channels/columns.h"
#include "tests/support/test.h"

static const char *const none[] = {NULL};
static const char *const two[] = {"News", "Sport", NULL};

static void check(const struct channel *channels, size_t count, const char *names, size_t terminal,
	const char *expected)
{
	const struct channel_list list = {.channels = channels, .count = count};
	char *unknown = NULL;
	GArray *columns = names ? channel_columns_parse(names, &unknown) : NULL;
	GString *out = g_string_new(NULL);
	assert_null(unknown);
	channel_table_write(&list, columns, terminal, out);
	assert_string_equal(out->str, expected);
	g_string_free(out, TRUE);
	if (columns)
		g_array_unref(columns);
}

static struct channel_source source_of(
	enum channel_transport transport, uint32_t group, uint32_t source, uint16_t programme)
{
	const struct channel_address address = {
		transport, {htonl(group)}, {htonl(source)}, 5004, programme};
	return channel_source_of(&address);
}

static struct channel channel_of(uint32_t number, const char *name,
	const struct channel_source *sources, size_t source_count)
{
	return (struct channel){.number = number,
		.name = name,
		.language = "de",
		.guide_id = "id",
		.guide_name = "",
		.logo = "",
		.bouquets = none,
		.sources = sources,
		.source_count = source_count};
}

static void test_usual_columns(void **state)
{
	(void)state;
	const struct channel_source sources[] = {
		source_of(CHANNEL_RTP, 0xe8010101, 0x0a000001, 0),
		source_of(CHANNEL_UDP, 0xef010101, 0, 0),
		source_of(CHANNEL_UDP, 0xef010101, 0, 12),
	};
	struct channel channels[] = {
		channel_of(1, "One", sources, 2),
		channel_of(5, "高清 e\u0301é", sources + 1, 1),
		channel_of(1000, "Radio", sources + 2, 1),
	};
	channels[0].bouquets = two;
	channels[1].subnumber = 12;
	channels[2].kind = CHANNEL_RADIO;
	check(channels, 3, NULL, 0,
		" No.     Name     Bouquets     Address\n"
		"   1     One      News, Sport  rtp://10.0.0.1@232.1.1.1:5004 +1\n"
		"   5.12  高清 e\u0301é               udp://239.1.1.1:5004\n"
		"1000     Radio                 udp://239.1.1.1:5004 programme 12 (radio)\n");
	check(channels + 2, 1, NULL, 0,
		" No.  Name   Address\n1000  Radio  udp://239.1.1.1:5004 programme 12 (radio)\n");
	check(NULL, 0, NULL, 0, "No.  Name  Address\n");
}

static void test_chosen_columns(void **state)
{
	(void)state;
	struct channel_source sources[] = {source_of(CHANNEL_RTP, 0xe8010101, 0x0a000001, 3),
		source_of(CHANNEL_UDP, 0xef010101, 0, 0)};
	sources[0].fec = (struct channel_endpoint){.port = 5006};
	struct channel channel = channel_of(7, "One", sources, 2);
	channel.locked = true;
	check(&channel, 1, "name, NUMBER,uri,programme,fec,kind,language", 0,
		"Name  No.  URI                            Programme  FEC   Kind  Language\n"
		"One     7  rtp://10.0.0.1@232.1.1.1:5004  3          5006  tv    de\n");
	check(&channel, 1, "alternates,favourite,locked,bouquets", 0,
		"Alternates  Favourite  Locked  Bouquets\n         1             yes\n");
	channel.favourite = true;
	check(&channel, 1, "favourite,name", 0, "Favourite  Name\nyes        One\n");
}

static void test_fits_a_terminal(void **state)
{
	(void)state;
	const struct channel_source source = source_of(CHANNEL_UDP, 0xef010101, 0, 0);
	const struct channel channel =
		channel_of(1, "一二三四五六七八九十一二三四五六七八九十一", &source, 1);
	check(&channel, 1, NULL, 50,
		"No.  Name                     Address\n"
		"  1  一二三四五六七八九十一…  udp://239.1.1.1:5004\n");
}

static void test_unknown_columns(void **state)
{
	(void)state;
	static const char *const wrong[] = {"name,nonsense", "nonsense", "nonsense,name"};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		char *unknown = NULL;
		assert_null(channel_columns_parse(wrong[i], &unknown));
		assert_string_equal(unknown, "nonsense");
		g_free(unknown);
	}
	char *unknown = NULL;
	GArray *columns = channel_columns_parse(" name,,number,", &unknown);
	assert_non_null(columns);
	assert_int_equal(columns->len, 2);
	g_array_unref(columns);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usual_columns),
		cmocka_unit_test(test_chosen_columns),
		cmocka_unit_test(test_fits_a_terminal),
		cmocka_unit_test(test_unknown_columns),
	};
	return cmocka_run_group_tests_name("channels_table", tests, NULL, NULL);
}
