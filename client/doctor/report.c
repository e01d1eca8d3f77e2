#include "client/doctor/report.h"

#define LEVEL_COLUMNS 9
#define REMEDY_INDENT (LEVEL_COLUMNS + 2)

static size_t columns_of(const char *word)
{
	size_t columns = 0;
	for (; *word; word = g_utf8_next_char(word)) {
		gunichar c = g_utf8_get_char(word);
		columns += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
	}
	return columns;
}

static void indent(GString *out, size_t columns)
{
	for (; columns; columns--)
		g_string_append_c(out, ' ');
}

/* Names come from lists and other programs: nothing of them may steer a terminal. */
static char *printable(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1);
	GString *out = g_string_new(NULL);
	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		g_string_append_unichar(out, g_unichar_iscntrl(c) ? ' ' : c);
	}
	g_free(valid);
	return g_string_free(out, FALSE);
}

/* Appends the words; the cursor stands at `start`, where later lines begin too. */
static void append_wrapped(GString *out, const char *text, size_t start)
{
	char *clean = printable(text);
	char **words = g_strsplit(clean, " ", -1);
	size_t column = start;
	for (char **word = words; *word; word++) {
		size_t width = columns_of(*word);
		if (!width)
			continue;
		if (column > start && column + 1 + width > DOCTOR_REPORT_COLUMNS) {
			g_string_append_c(out, '\n');
			indent(out, start);
			column = start;
		}
		if (column > start) {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append(out, *word);
		column += width;
	}
	g_string_append_c(out, '\n');
	g_strfreev(words);
	g_free(clean);
}

static void append_finding(GString *out, const struct doctor_finding *finding)
{
	g_string_append_printf(out, "%-*s", LEVEL_COLUMNS, doctor_level_name(finding->level));
	append_wrapped(out, finding->sentence, LEVEL_COLUMNS);
	if (!finding->remedy)
		return;
	indent(out, LEVEL_COLUMNS);
	g_string_append(out, "> ");
	append_wrapped(out, finding->remedy, REMEDY_INDENT);
}

static unsigned count(const GPtrArray *findings, enum doctor_level level)
{
	unsigned number = 0;
	for (guint i = 0; i < findings->len; i++)
		number += ((const struct doctor_finding *)g_ptr_array_index(findings, i))->level ==
			  level;
	return number;
}

char *doctor_table(const GPtrArray *findings)
{
	GString *out = g_string_new(NULL);
	unsigned errors = count(findings, DOCTOR_ERROR), warnings = count(findings, DOCTOR_WARNING);
	for (guint i = 0; i < findings->len; i++)
		append_finding(out, g_ptr_array_index(findings, i));
	g_string_append_printf(out, "\n%u error%s, %u warning%s: %s\n", errors,
		errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s",
		errors	   ? "zapping does not work here"
		: warnings ? "zapping works, but not as well as it could"
			   : "nothing is in the way of zapping");
	return g_string_free(out, FALSE);
}

static json_t *text_json(const char *text)
{
	char *valid = g_utf8_make_valid(text, -1); /* JSON takes nothing else */
	json_t *json = json_string(valid);
	g_free(valid);
	return json;
}

json_t *doctor_json(const GPtrArray *findings, const char *iface)
{
	json_t *list = json_array();
	for (guint i = 0; i < findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(findings, i);
		json_array_append_new(
			list, json_pack("{s:s, s:s, s:o, s:o}", "level",
				      doctor_level_name(finding->level), "topic", finding->topic,
				      "sentence", text_json(finding->sentence), "remedy",
				      finding->remedy ? text_json(finding->remedy) : json_null()));
	}
	return json_pack("{s:o, s:s, s:o}", "iface", text_json(iface), "level",
		doctor_level_name(doctor_worst(findings)), "findings", list);
}
