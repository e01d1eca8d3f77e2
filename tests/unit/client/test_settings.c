/* settings: what a user may write into zapper.conf and after -o. */
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
	assert_refused(*state, "screen.banner_s=5s", "from 0 to 15");
	assert_refused(*state, "screen.banner_s", "section.key=value");
	assert_refused(*state, "no.such=1", "no setting \"no.such\"");
	assert_refused(*state, "", "section.key=value");
	assert_string_equal(settings_text(*state, "net.membership"), "auto");
	assert_int_equal(settings_ns(*state, "screen.banner_s"), 5000000000);
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

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_defaults_are_those_of_the_manual),
		TEST(test_assignments_count_from_then_on),
		TEST(test_bad_assignments_say_why_and_change_nothing),
		TEST(test_a_file_is_read_and_its_errors_are_told),
		TEST(test_a_file_that_is_none_is_told_and_ignored),
	};
	return cmocka_run_group_tests_name("client_settings", tests, NULL, NULL);
}
