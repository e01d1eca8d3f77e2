#include <math.h>
#include <string.h>

#include "client/bench/report_csv.h"
#include "client/bench/report_json.h"

/* A field is quoted where it holds what separates fields (RFC 4180, section 2, rules 5 to 7). */
static void append_text(GString *out, const char *text)
{
	if (!text[strcspn(text, ",\"\r\n")]) {
		g_string_append(out, text);
		return;
	}
	g_string_append_c(out, '"');
	for (; *text; text++) {
		if (*text == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *text);
	}
	g_string_append_c(out, '"');
}

/* Always with a point, whatever the locale says. */
static void append_number(GString *out, const char *format, double number)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE];
	g_string_append(out, g_ascii_formatd(text, sizeof text, format, number));
}

static void append_ms(GString *out, double ms)
{
	if (isinf(ms))
		g_string_append(out, BENCH_BEYOND_LIMIT);
	else if (!isnan(ms))
		append_number(out, "%.6f", ms);
}

static const char *name_of(const struct bench_run *run, int channel)
{
	if (channel < 0 || (guint)channel >= run->channels->len)
		return "";
	const struct bench_channel *found = g_ptr_array_index(run->channels, (guint)channel);
	return found->name;
}

static void append_zap(GString *out, const struct bench_run *run, const struct bench_zap *zap)
{
	const struct zap_record *record = &zap->record;
	g_string_append_printf(out, "%" G_GUINT64_FORMAT ",", record->n);
	append_ms(out, ((double)zap->scheduled_ns - (double)run->start_ns) / 1e6);
	g_string_append_printf(out, ",%s,", bench_action_name(zap->action));
	append_text(out, bench_run_number(run, record->from));
	g_string_append_c(out, ',');
	append_text(out, bench_run_number(run, record->to));
	g_string_append_c(out, ',');
	append_text(out, name_of(run, record->to));
	g_string_append_printf(out, ",%s,%s,%s", bench_class_name((enum bench_class)record->kind),
		bench_result_name(record->result), bench_check_name(zap->check));
	for (enum bench_figure figure = 0; figure < BENCH_FIGURES; figure++) {
		g_string_append_c(out, ',');
		append_ms(out, bench_figure(zap, figure));
	}
	g_string_append_printf(out, ",%u,%u,", zap->ahead.streams, zap->ahead.whole);
	append_number(out, "%.3f", zap->ahead.kbps / 1e3);
	g_string_append_c(out, ',');
	append_ms(out, (double)zap->waited_ns / 1e6);
	g_string_append_printf(out, ",%s\r\n", bench_cut_name(zap->cut));
}

void bench_report_csv(const struct bench_run *run, GString *out)
{
	g_string_append(out, "n,at_ms,press,from,to,to_name,kind,result,check");
	for (enum bench_figure figure = 0; figure < BENCH_FIGURES; figure++)
		g_string_append_printf(out, ",%s_ms", bench_figure_name(figure));
	g_string_append(out, ",ahead,ahead_whole,ahead_mbps,waited_ms,cut_off\r\n");
	for (size_t i = 0; i < bench_run_count(run); i++)
		append_zap(out, run, bench_run_zap(run, i));
}
