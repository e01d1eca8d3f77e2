#include "channels/text.h"

#include <stdbool.h>

#define QUOTE_CHARACTERS 100

static void blank_controls(GString *line)
{
	for (gsize i = 0; i < line->len; i++) {
		guchar c = (guchar)line->str[i];
		if (c < 0x20 || c == 0x7f)
			line->str[i] = ' ';
	}
}

/* U+0080 to U+009F steer some terminals too; in UTF-8 they are 0xc2 and their own value. */
static void blank_c1_controls(GString *line)
{
	for (gsize i = 0; i + 1 < line->len; i++) {
		if ((guchar)line->str[i] == 0xc2 && (guchar)line->str[i + 1] < 0xa0)
			line->str[i] = line->str[i + 1] = ' ';
	}
}

static void append_byte(GString *text, guchar byte)
{
	if (byte >= 0xa0)
		g_string_append_unichar(text, byte);
	else
		g_string_append_printf(text, "\\x%02x", byte);
}

gssize text_clean(GString *line)
{
	blank_controls(line);
	const char *bad;
	if (g_utf8_validate_len(line->str, line->len, &bad)) {
		blank_c1_controls(line);
		return -1;
	}

	gssize first = bad - line->str;
	char *bytes = g_memdup2(line->str, line->len + 1);
	const char *from = bytes, *end = bytes + line->len;
	g_string_truncate(line, 0);
	while (!g_utf8_validate_len(from, (gsize)(end - from), &bad)) {
		g_string_append_len(line, from, bad - from);
		append_byte(line, (guchar)*bad);
		from = bad + 1;
	}
	g_string_append_len(line, from, end - from);
	g_free(bytes);
	blank_c1_controls(line);
	return first;
}

/* Marks, embeddings, overrides and isolates of UAX 9. */
static bool turns_text(gunichar c)
{
	return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

char *text_tame(const char *text)
{
	GString *tame = g_string_new(NULL);
	char *valid = g_utf8_make_valid(text, -1);
	for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
		gunichar c = g_utf8_get_char(at);
		if (g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029)
			g_string_append_c(tame, ' ');
		else if (!turns_text(c))
			g_string_append_unichar(tame, c);
	}
	g_free(valid);
	return g_string_free(tame, FALSE);
}

char *text_quote(const char *text)
{
	if (g_utf8_strlen(text, -1) <= QUOTE_CHARACTERS)
		return g_strdup_printf("\"%s\"", text);
	char *start = g_utf8_substring(text, 0, QUOTE_CHARACTERS);
	char *quoted = g_strdup_printf("\"%s...\"", start);
	g_free(start);
	return quoted;
}
