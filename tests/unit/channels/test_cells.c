#include "channels/cells.h"

#include <string.h>

#include "tests/support/test.h"

static const struct cells_column columns[] = {
	{.heading = "No.", .align = CELLS_POINT, .whole = true},
	{.heading = "Name"},
	{.heading = "%", .align = CELLS_RIGHT, .optional = true},
	{.heading = "What"},
};

#define COUNT G_N_ELEMENTS(columns)

static void check(
	const char *const rows[][COUNT], size_t count, size_t terminal, const char *expected)
{
	struct cells *cells = cells_create(columns, COUNT);
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < count; i++)
		cells_add(cells, rows[i]);
	cells_write(cells, terminal, out);
	assert_string_equal(out->str, expected);
	g_string_free(out, TRUE);
	cells_destroy(cells);
}

/* Wide, combining and plain letters take 2, 0 and 1 columns. */
static void test_columns_are_aligned(void **state)
{
	(void)state;
	const char *const rows[][COUNT] = {
		{"1", "One", "7", "a"},
		{"5.12", "高清 e\u0301é", "", ""},
		{"1000", "", "100", "b"},
	};
	check(rows, 3, 0,
		" No.     Name       %  What\n"
		"   1     One        7  a\n"
		"   5.12  高清 e\u0301é\n"
		"1000              100  b\n");
}

static void test_what_nobody_has_is_left_out(void **state)
{
	(void)state;
	const char *const rows[][COUNT] = {{"1", "One", "", "a"}};
	check(rows, 1, 0, "No.  Name  What\n  1  One   a\n");
	check(rows, 0, 0, "No.  Name  What\n");
}

/* Every line fits; what is widest is cut first, and a wide letter not in half. Columns for which
 * there is no room at all leave an ellipsis. */
static void test_cut_to_a_terminal(void **state)
{
	(void)state;
	const char *const rows[][COUNT] = {
		{"12345", "一二三四五六七八九十", "", "rtp://10.0.0.1@232.1.1.1:5004"},
		{"2", "Short", "", "b"},
	};
	check(rows, 2, 41,
		"  No.  Name              What\n"
		"12345  一二三四五六七…   rtp://10.0.0.1@…\n"
		"    2  Short             b\n");
	check(rows, 2, 80,
		"  No.  Name                  What\n"
		"12345  一二三四五六七八九十  rtp://10.0.0.1@232.1.1.1:5004\n"
		"    2  Short                 b\n");
	check(rows, 2, 12, "  No.  Name…\n12345  一二…\n    2  Shor…\n");
}

/* A file or a pipe gets it all, and the other rows are not as wide as the widest. */
static void test_nothing_is_cut_elsewhere(void **state)
{
	(void)state;
	char *name = g_strnfill(100, 'x');
	const char *const rows[][COUNT] = {{"1", name, "", "a"}, {"2", "Short", "", "b"}};
	char *expected = g_strdup_printf(
		"No.  %-40s  What\n  1  %s  a\n  2  %-40s  b\n", "Name", name, "Short");
	check(rows, 2, 0, expected);
	g_free(expected);
	g_free(name);
}

static void test_controls_do_not_reach_the_terminal(void **state)
{
	(void)state;
	const char *const rows[][COUNT] = {{"1", "a\x1b[31mb\n", "",
		"c\xc2\x9b\u202e\u2066\u200f\u2028"
		"d"}};
	check(rows, 1, 0, "No.  Name      What\n  1  a [31mb   c  d\n");
}

/* Digits behind letters from the right would stand on their left. */
static void test_text_from_the_right(void **state)
{
	(void)state;
	const char *const rows[][COUNT] = {{"1", "ערוץ", "12", "x"}, {"2", "One", "", ""}};
	check(rows, 2, 80, "No.  Name   %  What\n  1  ערוץ\u200e  12  x\n  2  One\n");
	check(rows, 2, 0, "No.  Name   %  What\n  1  ערוץ  12  x\n  2  One\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_columns_are_aligned),
		cmocka_unit_test(test_what_nobody_has_is_left_out),
		cmocka_unit_test(test_cut_to_a_terminal),
		cmocka_unit_test(test_nothing_is_cut_elsewhere),
		cmocka_unit_test(test_controls_do_not_reach_the_terminal),
		cmocka_unit_test(test_text_from_the_right),
	};
	return cmocka_run_group_tests_name("channels_cells", tests, NULL, NULL);
}
