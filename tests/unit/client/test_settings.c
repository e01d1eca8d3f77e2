/* settings: what a user may write into zapper.conf and after -o. */
#include <errno.h>

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "client/settings.h"
#include "tests/support/test.h"

/* The sentences told so far, one a line. */
static void collect(void *ctx, const char *sentence)
{
	g_string_append_printf(ctx, "%s\n", sentence);
}

static int setup(void **state)
{
	*state = settings_new();
	return 0;
}

static int teardown(void **state)
{
	settings_free(*state);
	return 0;
}

static void assert_refused(struct settings *settings, const char *assignment, const char *saying)
{
	char *why = NULL;
	assert_true(settings_assign(settings, assignment, &why) < 0);
	assert_non_null(strstr(why, saying));
	g_free(why);
}

static void test_defaults_are_those_of_the_manual(void **state)
{
	assert_string_equal(settings_text(*state, "net.membership"), "auto");
	assert_string_equal(settings_text(*state, "net.iface"), "");
	assert_int_equal(settings_ns(*state, "screen.banner_s"), 5000000000);
	assert_int_equal(settings_ns(*state, "play.margin_ms"), 40000000);
	assert_int_equal(settings_ns(*state, "zap.signal_timeout_ms"), 1000000000);
}

static void test_how_many_channels_ahead_is_a_number_or_a_word(void **state)
{
	char *why = NULL;
	assert_string_equal(settings_text(*state, "zap.prejoin"), "auto");
	assert_int_equal(settings_assign(*state, "zap.prejoin=all", &why), 0);
	assert_int_equal(settings_assign(*state, "zap.prejoin=0", &why), 0);
	assert_int_equal(settings_assign(*state, "zap.prejoin=12", &why), 0);
	assert_true(settings_number(*state, "zap.prejoin") == 12);
	assert_refused(*state, "zap.prejoin=1.5", "auto|all|N with N from 0 to 10000");
	assert_refused(*state, "zap.prejoin=-1", "auto|all|N");
	assert_refused(*state, "zap.prejoin=N", "auto|all|N");
	assert_refused(*state, "zap.prejoin=", "auto|all|N");
}

static void test_assignments_count_from_then_on(void **state)
{
	char *why = NULL;
	assert_int_equal(settings_assign(*state, "screen.banner_s=2.5", &why), 0);
	assert_int_equal(settings_ns(*state, "screen.banner_s"), 2500000000);
	assert_int_equal(settings_assign(*state, " play.video_sink = a ! b=c ", &why), 0);
	assert_string_equal(settings_text(*state, "play.video_sink"), "a ! b=c");
}

static void test_bad_assignments_say_why_and_change_nothing(void **state)
{
	assert_refused(*state, "net.membership=maybe", "auto|raw|kernel");
	assert_refused(*state, "net.membership=", "auto|raw|kernel");
	assert_refused(*state, "screen.banner_s=16", "from 0 to 15");
	assert_refused(*state, "screen.banner_s=-1", "from 0 to 15");
	assert_refused(*state, "screen.banner_s=nan", "from 0 to 15");
	assert_refused(*state, "screen.banner_s=0x5", "from 0 to 15");
	assert_refused(*state, "screen.banner_s=.", "from 0 to 15");
	assert_refused(*state, "screen.banner_s=5s", "from 0 to 15");
	assert_refused(*state, "screen.banner_s", "section.key=value");
	assert_refused(*state, "no.such=1", "no setting \"no.such\"");
	assert_refused(*state, "", "section.key=value");
	assert_string_equal(settings_text(*state, "net.membership"), "auto");
	assert_int_equal(settings_ns(*state, "screen.banner_s"), 5000000000);
}

static void test_each_key_of_igmp_refuses_what_it_cannot_use(void **state)
{
	static const struct {
		const char *key, *bad[6], *saying;
	} cases[] = {
		{"pair", {"", "both", "gap", "gap:", "gap:0.5", "gap:5001"},
			"is one of one|two|gap:MS with MS from 1 to 5000"},
		{"pair", {"gap:ten", "gap:5ms", "gap:nan", "one|two"}, "MS from 1 to 5000"},
		{"pair", {"gap:0x10", "gap: 7", "gap:+7"}, "MS from 1 to 5000"},
		{"ssm_leave", {"", "BLOCK", "to-in"}, "is one of block|to_in|both"},
		{"fallback", {"", "true", "1"}, "is one of yes|no"},
		{"v2_ssm", {"", "on"}, "is one of yes|no"},
		{"require_router_alert", {"maybe"}, "is one of yes|no"},
		{"report_link_local", {"maybe"}, "is one of yes|no"},
		{"watch", {"maybe"}, "is one of yes|no"},
		{"robustness", {"1", "8", "2.5", "0x3", "", "two"},
			"is a whole number from 2 to 7"},
		{"unsolicited_interval_ms", {"9", "60001", "1s"}, "is a number from 10 to 60000"},
		{"older_unsolicited_interval_ms", {"9", "60001"}, "is a number from 10 to 60000"},
		{"query_interval_s", {"0", "31745"}, "is a number from 1 to 31744"},
		{"query_response_interval_ms", {"99", "3174401"},
			"is a number from 100 to 3174400"},
		{"answers_per_second", {"0", "100001", "0.5"},
			"is a whole number from 1 to 100000"},
		{"answer_burst", {"0", "100001"}, "is a whole number from 1 to 100000"},
		{"max_groups", {"15", "1000001"}, "is a whole number from 16 to 1000000"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(cases[i].bad) && cases[i].bad[j]; j++) {
			g_autofree char *all =
				g_strdup_printf("igmp.%s=%s", cases[i].key, cases[i].bad[j]);
			g_autofree char *one =
				g_strdup_printf("igmp:eth0.%s=%s", cases[i].key, cases[i].bad[j]);
			assert_refused(*state, all, cases[i].saying);
			assert_refused(*state, one, cases[i].saying);
		}
}

static void test_a_sentence_names_the_section_it_is_about(void **state)
{
	assert_refused(*state, "igmp:eth0.100.pair=x", "igmp:eth0.100.pair is one of");
	assert_refused(*state, "igmp:eth0.robustness=9", "igmp:eth0.robustness is a whole number");
}

static void test_a_section_for_one_interface_counts_there_alone(void **state)
{
	char *why = NULL;
	static const char *const assignments[] = {"igmp:eth0.pair=two", "igmp.pair=gap:50",
		"igmp:eth0.100.pair=one", "igmp:br-lan.ssm_leave=to_in"};
	for (size_t i = 0; i < G_N_ELEMENTS(assignments); i++)
		assert_int_equal(settings_assign(*state, assignments[i], &why), 0);
	/* Not by what came last. */
	assert_string_equal(settings_text_on(*state, "eth0", "igmp.pair"), "two");
	assert_string_equal(settings_text_on(*state, "eth0.100", "igmp.pair"), "one");
	assert_string_equal(settings_text_on(*state, "eth0.10", "igmp.pair"), "gap:50");
	assert_string_equal(settings_text_on(*state, "eth", "igmp.pair"), "gap:50");
	assert_string_equal(settings_text_on(*state, "br-lan", "igmp.ssm_leave"), "to_in");
	assert_string_equal(settings_text_on(*state, "eth0", "igmp.ssm_leave"), "block");
	assert_int_equal(settings_assign(*state, "igmp:eth0.pair=gap:7.5", &why), 0);
	assert_string_equal(settings_text_on(*state, "eth0", "igmp.pair"), "gap:7.5");
}

static void test_only_igmp_has_sections_for_interfaces(void **state)
{
	assert_refused(*state, "screen:eth0.banner_s=3", "no setting \"screen:eth0.banner_s\"");
	assert_refused(*state, "igmp:.pair=two", "no setting \"igmp:.pair\"");
	assert_refused(*state, "igmp:pair=two", "no setting \"igmp:pair\"");
	assert_refused(*state, "igmp:eth0.pairs=two", "no setting \"igmp:eth0.pairs\"");
	assert_refused(*state, "igmp:sixteen-letters0.pair=two", "no setting"); /* IF_NAMESIZE */
	assert_refused(*state, "igmpx:eth0.pair=two", "no setting");
}

static void test_a_pin_is_digits_and_is_never_told(void **state)
{
	char *why = NULL;
	static const char *const bad[] = {"12x4", "123", "123456789", "12 34", "-123", "12.4"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		g_autofree char *assignment = g_strdup_printf("screen.pin=%s", bad[i]);
		assert_int_equal(settings_assign(*state, assignment, &why), -EINVAL);
		assert_non_null(strstr(why, "screen.pin is 4 to 8 digits, or empty"));
		assert_null(strstr(why, bad[i]));
		g_clear_pointer(&why, g_free);
	}
	assert_string_equal(settings_text(*state, "screen.pin"), "");
	assert_int_equal(settings_assign(*state, "screen.pin=0042", &why), 0);
	assert_string_equal(settings_text(*state, "screen.pin"), "0042");
	assert_int_equal(settings_assign(*state, "screen.pin=", &why), 0);
	assert_string_equal(settings_text(*state, "screen.pin"), "");
}

static void test_what_the_viewer_has_is_refused_where_it_is_none(void **state)
{
	static const struct {
		const char *assignment, *saying;
	} cases[] = {
		{"remote.grab=true", "is one of yes|no"},
		{"keys.long_ms=100", "is a number from 200 to 3000"},
		{"zap.between=white", "is one of hold|black"},
		{"play.aspect=16/9", "is one of auto|fill|zoom|4:3|16:9"},
		{"play.full_screen=on", "is one of yes|no"},
		{"play.volume=101", "is a whole number from 0 to 100"},
		{"play.volume=50.5", "is a whole number from 0 to 100"},
	};
	char *why = NULL;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		assert_refused(*state, cases[i].assignment, cases[i].saying);
	assert_int_equal(settings_assign(*state, "play.aspect=4:3", &why), 0);
	assert_string_equal(settings_text(*state, "play.aspect"), "4:3");
}

static void check_devices(
	struct settings *settings, const char *assignment, const char *const *expected)
{
	char *why = NULL;
	assert_int_equal(settings_assign(settings, assignment, &why), 0);
	char **devices = settings_list(settings, "remote.devices");
	assert_true(g_strv_equal((const char *const *)devices, expected));
	g_strfreev(devices);
}

static void test_a_list_is_what_stands_between_semicolons(void **state)
{
	static const char *const one[] = {"auto", NULL}, *const none[] = {NULL};
	static const char *const two[] = {"gpio ir, front", "/dev/input/by-id/*", NULL};
	check_devices(*state, "remote.devices=auto", one);
	check_devices(*state, "remote.devices= gpio ir, front ;; /dev/input/by-id/* ;", two);
	check_devices(*state, "remote.devices= ; ", none);
}

static int read_text(struct settings *settings, const char *text, GString *told)
{
	char *path = NULL;
	int fd = g_file_open_tmp("zapper-XXXXXX.conf", &path, NULL);
	assert_true(fd >= 0);
	g_close(fd, NULL);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	int result = settings_read_file(settings, path, collect, told);
	g_unlink(path);
	g_free(path);
	return result;
}

static void test_a_file_is_read_and_its_errors_are_told(void **state)
{
	GString *told = g_string_new(NULL);
	assert_int_equal(read_text(*state,
				 "# a comment\n[screen]\nbanner_s=3\nbaner_s=4\n"
				 "[net]\niface=eth7\nmembership=both\n",
				 told),
		0);
	assert_int_equal(settings_ns(*state, "screen.banner_s"), 3000000000);
	assert_string_equal(settings_text(*state, "net.iface"), "eth7");
	assert_string_equal(settings_text(*state, "net.membership"), "auto");
	assert_non_null(strstr(told->str, "\"screen.baner_s\""));
	assert_non_null(strstr(told->str, "net.membership is one of"));
	g_string_free(told, TRUE);
}

static void test_a_file_may_speak_of_one_interface(void **state)
{
	GString *told = g_string_new(NULL);
	assert_int_equal(read_text(*state,
				 "[igmp]\npair=two\nssm_leave=both\n"
				 "[igmp:eth0.7]\npair=gap:20\nrobustness=1\n",
				 told),
		0);
	assert_string_equal(settings_text_on(*state, "eth0.7", "igmp.pair"), "gap:20");
	assert_string_equal(settings_text_on(*state, "eth0.7", "igmp.ssm_leave"), "both");
	assert_string_equal(settings_text_on(*state, "eth0", "igmp.pair"), "two");
	assert_non_null(strstr(told->str,
		"warning: igmp:eth0.7.robustness is a whole number from 2 to 7, not \"1\", "
		"ignoring it"));
	g_string_free(told, TRUE);
}

static void test_a_file_that_is_none_is_told_and_ignored(void **state)
{
	GString *told = g_string_new(NULL);
	assert_true(read_text(*state, "what is this\n\x01\x02", told) < 0);
	assert_non_null(strstr(told->str, "error:"));
	g_string_set_size(told, 0);
	assert_true(settings_read_file(*state, "/nonexistent/zapper.conf", collect, told) < 0);
	assert_string_equal(told->str, ""); /* not being there is no error */
	g_string_free(told, TRUE);
}

/* HOME=/dev/null is usual for services. */
static void test_without_a_home_the_file_for_all_is_read(void **state)
{
	(void)state;
	g_autofree char *path = settings_find_file();
	if (path)
		assert_string_equal(path, "/etc/zapper.conf");
}

int main(void)
{
	g_setenv("XDG_CONFIG_HOME", "/dev/null", TRUE); /* GLib looks at it once */
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_defaults_are_those_of_the_manual),
		TEST(test_how_many_channels_ahead_is_a_number_or_a_word),
		TEST(test_assignments_count_from_then_on),
		TEST(test_bad_assignments_say_why_and_change_nothing),
		TEST(test_each_key_of_igmp_refuses_what_it_cannot_use),
		TEST(test_a_sentence_names_the_section_it_is_about),
		TEST(test_a_section_for_one_interface_counts_there_alone),
		TEST(test_only_igmp_has_sections_for_interfaces),
		TEST(test_a_file_may_speak_of_one_interface),
		TEST(test_a_pin_is_digits_and_is_never_told),
		TEST(test_what_the_viewer_has_is_refused_where_it_is_none),
		TEST(test_a_list_is_what_stands_between_semicolons),
		TEST(test_a_file_is_read_and_its_errors_are_told),
		TEST(test_a_file_that_is_none_is_told_and_ignored),
		TEST(test_without_a_home_the_file_for_all_is_read),
	};
	return cmocka_run_group_tests_name("client_settings", tests, NULL, NULL);
}
