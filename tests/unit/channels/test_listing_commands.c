/* `zapper channels` and `zapper guide` as a shell sees them. */
#include <glib.h>
#include <jansson.h>
#include <locale.h>
#include <string.h>

#include "channels/cells.h"
#include "channels/guide.h"
#include "client/commands.h"
#include "tests/support/test.h"
#include "tests/unit/channels/running.h"

static const char lineup[] =
	"#EXTM3U\n"
	"#EXTINF:-1 tvg-chno=\"7\" group-title=\"Radio\" radio=\"true\",Bayern 3\n"
	"udp://239.1.1.7:5004\n"
	"#EXTINF:-1 tvg-chno=\"5.1\" tvg-id=\"five\" group-title=\"Öffentlich;HD\",Télé \"5\", das "
	"andere Fernsehen mit einem langen Namen\n"
	"rtp://10.0.0.1@232.1.1.5:5004\n"
	"#EXTINF:-1 tvg-chno=\"1\" group-title=\"HD;Radio\",Das Erste\n"
	"rtp://10.0.0.1@232.1.1.1:5004\n"
	"#EXTINF:-1,Das Erste\nrtp://10.0.0.2@232.1.1.1:5004\n";

static int setup(void **state)
{
	g_setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", TRUE);
	setlocale(LC_ALL, "C.UTF-8");
	return scratch_setup(state);
}

static void check_out(
	struct scratch *scratch, command_fn command, const char *line, const char *expected)
{
	struct run run = run_command(scratch, command, line);
	assert_string_equal(run.err, "");
	assert_int_equal(run.code, EXIT_OK);
	assert_string_equal(run.out, expected);
	run_clear(&run);
}

static void test_usage(void **state)
{
	struct scratch *scratch = *state;
	check_command(scratch, command_channels, "channels --format nonsense", EXIT_USAGE,
		"zapper channels: there is no format 'nonsense' (see 'zapper channels --help')");
	check_command(scratch, command_channels, "channels --format sdp", EXIT_USAGE, "'sdp'");
	check_command(scratch, command_channels, "channels --columns number,nonsense", EXIT_USAGE,
		"there is no column 'nonsense'");
	check_command(scratch, command_channels, "channels --columns=", EXIT_USAGE,
		"--columns names no column");
	check_command(scratch, command_channels, "channels --columns=,,", EXIT_USAGE,
		"--columns names no column");
	check_command(scratch, command_channels, "channels --columns name,bouquet_places",
		EXIT_USAGE, "a table has no column 'bouquet_places'");
	check_command(scratch, command_channels, "channels --format csv --columns locked",
		EXIT_USAGE, "a csv has no column 'locked'");
	check_command(scratch, command_channels, "channels --format m3u --columns name", EXIT_USAGE,
		"--columns is for table and csv, not for m3u");
	check_command(scratch, command_channels, "channels --nonsense", EXIT_USAGE, "--nonsense");
	check_command(scratch, command_guide, "guide --format csv", EXIT_USAGE,
		"zapper guide: there is no format 'csv' (see 'zapper guide --help')");
	check_command(scratch, command_guide, "guide --at 25:00", EXIT_USAGE, "'25:00' is no time");
	check_command(scratch, command_guide, "guide --nonsense", EXIT_USAGE, "--nonsense");
}

static void test_help_fits(void **state)
{
	const struct {
		command_fn command;
		const char *line, *option;
	} commands[] = {
		{command_channels, "channels --help", "--columns"},
		{command_guide, "guide --help", "--at"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
		struct run run = run_command(*state, commands[i].command, commands[i].line);
		assert_int_equal(run.code, EXIT_OK);
		assert_non_null(strstr(run.out, commands[i].option));
		char **lines = g_strsplit(run.out, "\n", -1);
		for (char **line = lines; *line; line++)
			assert_in_range(cells_width(*line), 0, 80);
		g_strfreev(lines);
		run_clear(&run);
	}
}

static void test_no_input(void **state)
{
	struct scratch *scratch = *state;
	check_command(scratch, command_channels, "channels --db $D", EXIT_NO_INPUT,
		"There is no line-up");
	check_command(
		scratch, command_guide, "guide --db $D", EXIT_NO_INPUT, "There is no line-up");
	assert_int_equal(scratch_import(scratch, lineup, IMPORT_REPLACE), 0);
	check_command(scratch, command_guide, "guide --db $D", EXIT_NO_INPUT,
		"zapper guide: There is no guide in ");
	check_command(scratch, command_guide, "guide --db $D nonsense", EXIT_NO_INPUT,
		"there is no channel \"nonsense\"");
	check_command(scratch, command_guide, "guide --db $D Das Zweite", EXIT_NO_INPUT,
		"there is no channel \"Das Zweite\"");
}

static void test_search_and_columns(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, lineup, IMPORT_REPLACE), 0);
	check_out(scratch, command_channels, "channels --db $D --columns number,name ERSTE",
		"No.  Name\n  1  Das Erste\n");
	check_out(scratch, command_channels,
		"channels --db $D --columns number,alternates hd radio",
		"No.  Alternates\n  1           1\n");
	check_out(scratch, command_channels, "channels --db $D --columns number,kind 7",
		"No.  Kind\n  7  radio\n");
	check_out(scratch, command_channels,
		"channels --db $D --format csv --columns number,name,bouquets tele",
		"number,name,bouquets\n"
		"5.1,\"Télé \"\"5\"\", das andere Fernsehen mit einem langen Namen\","
		"\"Öffentlich;HD\"\n");
	check_out(scratch, command_channels, "channels --db $D --format txt bayern",
		"Radio,#genre#\nBayern 3,udp://239.1.1.7:5004\n");
}

/* Scripts get a list in either case, and people a sentence. */
static void test_nothing_is_found(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, lineup, IMPORT_REPLACE), 0);
	struct run run = run_command(scratch, command_channels, "channels --db $D no such");
	assert_int_equal(run.code, EXIT_OK);
	assert_string_equal(run.out, "");
	assert_non_null(strstr(run.err, "no channel has \"no such\""));
	run_clear(&run);
	run = run_command(scratch, command_channels, "channels --db $D --format json nonsense");
	assert_int_equal(run.code, EXIT_OK);
	assert_string_equal(run.out, "[\n]\n");
	run_clear(&run);
	scratch_sql(scratch, "DELETE FROM channel");
	check_command(scratch, command_channels, "channels --db $D", EXIT_OK,
		"the line-up has no channels");
}

static void test_terminal(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, lineup, IMPORT_REPLACE), 0);
	struct run run = run_on_terminal(scratch, command_channels, "channels --db $D", 60);
	assert_int_equal(run.code, EXIT_OK);
	assert_string_equal(run.out,
		"No.    Name               Bouquets        Address\n"
		"  1    Das Erste          Radio, HD       rtp://10.0.0.1@23…\n"
		"  5.1  Télé \"5\", das an…  Öffentlich, HD  rtp://10.0.0.1@23…\n"
		"  7    Bayern 3           Radio           udp://239.1.1.7:5…\n");
	run_clear(&run);
}

/* The order in which the list named them, which is not that of the channels' numbers. */
static void check_same_again(struct scratch *scratch, const char *format)
{
	char *line = g_strdup_printf("channels --db $D --format %s", format);
	struct run before = run_command(scratch, command_channels, line);
	scratch_sql(scratch, "DELETE FROM channel; DELETE FROM bouquet");
	assert_int_equal(scratch_import(scratch, before.out, IMPORT_REPLACE), 0);
	assert_string_equal(scratch->diagnostics->str, "");
	struct run after = run_command(scratch, command_channels, line);
	assert_string_equal(after.out, before.out);
	run_clear(&before);
	run_clear(&after);
	g_free(line);
}

static void test_json_and_csv_come_in_again(void **state)
{
	struct scratch *scratch = *state;
	assert_int_equal(scratch_import(scratch, lineup, IMPORT_REPLACE), 0);
	struct run run = run_command(scratch, command_channels, "channels --db $D --format json 7");
	assert_non_null(strstr(run.out, "\"bouquets\":[\"Radio\"],\"bouquet_places\":[1]"));
	run_clear(&run);
	check_same_again(scratch, "json");
	check_same_again(scratch, "csv");
	run = run_command(scratch, command_channels, "channels --db $D --format json 7");
	assert_non_null(strstr(run.out, "\"bouquets\":[\"Radio\"],\"bouquet_places\":[1]"));
	run_clear(&run);
}

/* Sunday, 22 November 2026, 20:00 CET */
#define EVENING 1795374000
#define MINUTE 60

static void put_event(struct guide *guide, const char *channel, int64_t start, int64_t stop,
	const char *title, const char *subtitle)
{
	const struct xmltv_event event = {.channel = channel,
		.start_utc_s = start,
		.stop_utc_s = stop,
		.title = title,
		.subtitle = subtitle,
		.description = "",
		.category = "",
		.episode = "",
		.rating = ""};
	assert_int_equal(guide_put_event(guide, &event), 0);
}

static void make_guide(struct scratch *scratch)
{
	static const char *const names[] = {"Das Erste", NULL};
	const struct xmltv_channel one = {.id = "one", .names = names, .icon = ""};
	char *path = guide_path_beside(scratch->db), *why = NULL;
	struct guide *guide;
	assert_int_equal(scratch_import(scratch, lineup, IMPORT_REPLACE), 0);
	assert_int_equal(guide_open(path, GUIDE_WRITE, &guide, &why), 0);
	assert_int_equal(guide_begin(guide), 0);
	assert_int_equal(guide_put_channel(guide, &one), 0);
	put_event(
		guide, "one", EVENING - 21 * 60 * MINUTE, EVENING - 15 * 60 * MINUTE, "Nacht", "");
	put_event(guide, "one", EVENING, EVENING + 15 * MINUTE, "Tagesschau", "");
	put_event(
		guide, "one", EVENING + 15 * MINUTE, EVENING + 105 * MINUTE, "Tatort", "Borowski");
	put_event(guide, "one", EVENING + 240 * MINUTE, EVENING + 300 * MINUTE, "Montag", "");
	put_event(guide, "five", EVENING + 30 * MINUTE, EVENING + 60 * MINUTE, "Cinq", "");
	assert_int_equal(guide_end(guide, 0, 0), 0);
	guide_close(guide);
	g_free(path);
}

static void test_guide_now(void **state)
{
	struct scratch *scratch = *state;
	make_guide(scratch);
	check_out(scratch, command_guide, "guide --db $D --at '2026-11-22 20:06' das erste",
		"2026-11-22 20:06 (CET)\n"
		"No.  Channel    Since  Until        Now          From  Next\n"
		"  1  Das Erste  20:00  20:15  40 %  Tagesschau  20:15  Tatort – Borowski\n");
	check_out(scratch, command_guide, "guide --db $D --at 2026-11-22T19:15:00Z 1",
		"2026-11-22 20:15 (CET)\n"
		"No.  Channel    Since  Until       Now                     From  Next\n"
		"  1  Das Erste  20:15  21:45  0 %  Tatort – Borowski  Mon 00:00  Montag\n");
	struct run run =
		run_command(scratch, command_guide, "guide --db $D --at '2026-11-22 20:06'");
	assert_int_equal(run.code, EXIT_OK);
	assert_non_null(strstr(run.out, "\n  5.1  Télé"));
	assert_null(strstr(run.out, "Bayern"));
	assert_string_equal(run.err,
		"zapper guide: the guide knows nothing of 1 of 3 channels at 2026-11-22 20:06\n");
	run_clear(&run);
}

static void test_guide_day(void **state)
{
	struct scratch *scratch = *state;
	make_guide(scratch);
	check_out(scratch, command_guide, "guide --db $D --day --at '2026-11-22 20:06' 1",
		"2026-11-22 (CET)\n"
		"No.  Channel         From  Until        Title\n"
		"  1  Das Erste  Sat 23:00  05:00        Nacht\n"
		"  1  Das Erste      20:00  20:15  40 %  Tagesschau\n"
		"  1  Das Erste      20:15  21:45        Tatort – Borowski\n");
	check_out(scratch, command_guide, "guide --db $D --day --at 2026-11-23 1",
		"2026-11-23 (CET)\n"
		"No.  Channel     From  Until       Title\n"
		"  1  Das Erste  00:00  01:00  0 %  Montag\n");
}

static void test_guide_knows_nothing(void **state)
{
	struct scratch *scratch = *state;
	make_guide(scratch);
	check_command(scratch, command_guide, "guide --db $D --at 2027-01-01 1", EXIT_OK,
		"zapper guide: the guide knows nothing of \"Das Erste\" at 2027-01-01 00:00\n");
	check_command(scratch, command_guide, "guide --db $D --at 2027-01-01 --day 1", EXIT_OK,
		"nothing of \"Das Erste\" on 2027-01-01\n");
	check_command(scratch, command_guide, "guide --db $D bayern", EXIT_OK,
		"the guide has no channel named \"Bayern 3\"\n");
}

static void test_guide_json(void **state)
{
	struct scratch *scratch = *state;
	make_guide(scratch);
	struct run run = run_command(
		scratch, command_guide, "guide --db $D --format json --at '2026-11-22 20:06'");
	json_t *got = json_loads(run.out, 0, NULL), *first = json_array_get(got, 0);
	json_t *now = json_object_get(first, "now"), *next = json_object_get(first, "next");
	assert_string_equal(run.err, "");
	assert_int_equal(json_array_size(got), 3);
	assert_string_equal(json_string_value(json_object_get(first, "number")), "1");
	assert_string_equal(json_string_value(json_object_get(now, "title")), "Tagesschau");
	assert_string_equal(
		json_string_value(json_object_get(now, "start")), "2026-11-22T20:00:00+01:00");
	assert_int_equal(json_integer_value(json_object_get(now, "stop_utc_s")), EVENING + 900);
	assert_float_equal(json_real_value(json_object_get(now, "progress")), 0.4, 0.0001);
	assert_string_equal(json_string_value(json_object_get(next, "subtitle")), "Borowski");
	assert_null(json_object_get(next, "progress"));
	assert_true(json_is_null(json_object_get(json_array_get(got, 2), "now")));
	json_decref(got);
	run_clear(&run);
	run = run_command(
		scratch, command_guide, "guide --db $D --format json --day --at 2026-11-22 5.1");
	got = json_loads(run.out, 0, NULL);
	assert_int_equal(json_array_size(got), 1);
	json_t *events = json_object_get(json_array_get(got, 0), "events");
	assert_int_equal(json_array_size(events), 1);
	assert_string_equal(
		json_string_value(json_object_get(json_array_get(events, 0), "title")), "Cinq");
	json_decref(got);
	run_clear(&run);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_usage),
		TEST(test_help_fits),
		TEST(test_no_input),
		TEST(test_search_and_columns),
		TEST(test_nothing_is_found),
		TEST(test_terminal),
		TEST(test_json_and_csv_come_in_again),
		TEST(test_guide_now),
		TEST(test_guide_day),
		TEST(test_guide_knows_nothing),
		TEST(test_guide_json),
	};
	return cmocka_run_group_tests_name("channels_listing_commands", tests, NULL, NULL);
}
