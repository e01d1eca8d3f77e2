/* doctor/report: what an engineer reads in a terminal, and a script. */
#include <string.h>

#include "client/doctor/report.h"
#include "tests/support/test.h"

static void finding_free(gpointer data)
{
	struct doctor_finding *finding = data;
	g_free(finding->sentence);
	g_free(finding->remedy);
	g_free(finding);
}

static void add(
	GPtrArray *findings, enum doctor_level level, const char *sentence, const char *remedy)
{
	struct doctor_finding *finding = g_new(struct doctor_finding, 1);
	*finding = (struct doctor_finding){level, "topic", g_strdup(sentence), g_strdup(remedy)};
	g_ptr_array_add(findings, finding);
}

static int setup(void **state)
{
	*state = g_ptr_array_new_with_free_func(finding_free);
	return 0;
}

static int teardown(void **state)
{
	g_ptr_array_unref(*state);
	return 0;
}

static void expect_table(GPtrArray *findings, const char *expected)
{
	g_autofree char *table = doctor_table(findings);
	assert_string_equal(table, expected);
}

static void the_level_comes_first_and_the_remedy_below(void **state)
{
	add(*state, DOCTOR_OK, "all is well", NULL);
	add(*state, DOCTOR_ERROR, "eth0 is down", "ip link set eth0 up");
	expect_table(*state, "ok       all is well\n"
			     "error    eth0 is down\n"
			     "         > ip link set eth0 up\n"
			     "\n1 error, 0 warnings: zapping does not work here\n");
}

static void the_last_line_says_how_bad_it_is(void **state)
{
	expect_table(*state, "\n0 errors, 0 warnings: nothing is in the way of zapping\n");
	add(*state, DOCTOR_WARNING, "slow", NULL);
	expect_table(*state, "warning  slow\n"
			     "\n0 errors, 1 warning: zapping works, but not as well as it could\n");
}

static void lines_end_at_column_80_whatever_they_hold(void **state)
{
	GString *latin = g_string_new(NULL), *wide = g_string_new(NULL);
	for (int i = 0; i < 60; i++) {
		g_string_append(latin, "abcdé ");
		g_string_append(wide, "中国新 ");
	}
	add(*state, DOCTOR_WARNING, latin->str, wide->str);
	g_autofree char *table = doctor_table(*state);
	char **lines = g_strsplit(table, "\n", -1);
	size_t longest = 0;
	for (char **line = lines; *line; line++) {
		size_t columns = 0;
		for (const char *at = *line; *at; at = g_utf8_next_char(at))
			columns += g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
		longest = MAX(longest, columns);
		if (line > lines && **line == ' ')
			assert_true(g_str_has_prefix(*line, "         "));
	}
	assert_in_range(longest, 75, DOCTOR_REPORT_COLUMNS);
	g_strfreev(lines);
	g_string_free(latin, TRUE);
	g_string_free(wide, TRUE);
}

static void a_name_cannot_steer_the_terminal(void **state)
{
	add(*state, DOCTOR_OK, "channel \033[2JEvil\nerror    no\xff", NULL);
	g_autofree char *table = doctor_table(*state);
	assert_null(strchr(table, '\033'));
	assert_null(strstr(table, "\nerror "));
	assert_true(g_utf8_validate(table, -1, NULL));
}

static void json_has_every_finding(void **state)
{
	add(*state, DOCTOR_OK, "fine", NULL);
	add(*state, DOCTOR_WARNING, "not \xff UTF-8", "do");
	json_t *json = doctor_json(*state, "eth0");
	json_t *expected = json_loads("{\"iface\":\"eth0\",\"level\":\"warning\",\"findings\":["
				      "{\"level\":\"ok\",\"topic\":\"topic\",\"sentence\":\"fine\","
				      "\"remedy\":null},"
				      "{\"level\":\"warning\",\"topic\":\"topic\",\"sentence\":"
				      "\"not \\ufffd UTF-8\",\"remedy\":\"do\"}]}",
		0, NULL);
	assert_non_null(expected);
	assert_true(json_equal(json, expected));
	json_decref(json);
	json_decref(expected);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_level_comes_first_and_the_remedy_below),
		TEST(the_last_line_says_how_bad_it_is),
		TEST(lines_end_at_column_80_whatever_they_hold),
		TEST(a_name_cannot_steer_the_terminal),
		TEST(json_has_every_finding),
	};
	return cmocka_run_group_tests_name("client_doctor_report", tests, NULL, NULL);
}
