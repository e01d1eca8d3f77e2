#include <math.h>
#include <string.h>

#include "client/bench/html.h"
#include "client/bench/report_text.h"

#define NARROW_SPACE "\u202f"

static const char *escape_of(gunichar c)
{
	switch (c) {
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '&':
		return "&amp;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		/* HTML has no place for most control characters, escaped or not. */
		return g_unichar_iscntrl(c) ? "\ufffd" : NULL;
	}
}

void html_text(GString *out, const char *text)
{
	for (; *text; text = g_utf8_next_char(text)) {
		const char *escape = escape_of(g_utf8_get_char(text));
		if (escape)
			g_string_append(out, escape);
		else
			g_string_append_len(out, text, g_utf8_next_char(text) - text);
	}
}

/* Digits in groups of three before the point. */
static void append_grouped(GString *out, const char *number)
{
	size_t whole = strspn(number, "0123456789");
	for (size_t i = 0; i < whole; i++) {
		if (i && (whole - i) % 3 == 0)
			g_string_append(out, NARROW_SPACE);
		g_string_append_c(out, number[i]);
	}
	g_string_append(out, number + whole);
}

void html_ms(GString *out, double ms, uint32_t limit_ms)
{
	char text[BENCH_MS_BYTES];
	if (isnan(ms)) {
		g_string_append(out, "\u2014");
		return;
	}
	const char *number = bench_format_ms(text, ms, limit_ms);
	if (*number == '>')
		g_string_append(out, "&gt;");
	else if (*number == '-')
		g_string_append(out, "\u2212");
	append_grouped(out, number + (*number == '>' || *number == '-'));
}

void html_percentile(GString *out, const struct bench_sample *sample, unsigned percent)
{
	html_ms(out, bench_percentile_told(sample, percent), sample->limit_ms);
}

void html_count(GString *out, size_t count)
{
	char text[32];
	g_snprintf(text, sizeof text, "%zu", count);
	append_grouped(out, text);
}

void html_share(GString *out, size_t part, size_t whole)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	if (!whole) {
		g_string_append(out, "\u2014");
		return;
	}
	double percent = 100.0 * (double)part / (double)whole;
	g_ascii_formatd(text, sizeof text, part && part < whole ? "%.1f" : "%.0f", percent);
	g_string_append_printf(out, "%s" NARROW_SPACE "%%", text);
}

const char *html_class_title(enum bench_class kind)
{
	static const char *const titles[BENCH_CLASSES] = {
		[BENCH_COLD] = "Cold",
		[BENCH_PARTIAL] = "Partial",
		[BENCH_WARM] = "Warm",
		[BENCH_SUPERSEDED] = "Superseded",
		[BENCH_ALL] = "All",
	};
	return titles[kind];
}
