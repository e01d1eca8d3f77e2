#include "client/bench/ahead.h"
#include "client/bench/html.h"

static void open_fact(GString *out, const char *key)
{
	g_string_append(out, "<dt>");
	html_text(out, key);
	g_string_append(out, "</dt><dd><bdi>");
}

static void close_fact(GString *out)
{
	g_string_append(out, "</bdi></dd>");
}

static void append_fact(GString *out, const char *key, const char *value)
{
	open_fact(out, key);
	html_text(out, value);
	close_fact(out);
}

static void append_number(GString *out, const char *key, uint32_t number, const char *unit)
{
	open_fact(out, key);
	html_count(out, number);
	g_string_append(out, unit);
	close_fact(out);
}

static void append_notes(GString *out, const GPtrArray *notes)
{
	for (guint i = 0; i < notes->len; i++) {
		const struct bench_note *note = g_ptr_array_index(notes, i);
		append_fact(out, note->key, note->value);
	}
}

static void append_storm(GString *out, const struct bench_settings *settings)
{
	if (!settings->storm_per_s)
		return;
	open_fact(out, "storm");
	g_string_append_printf(out, "%u presses a second for %u\u202fms", settings->storm_per_s,
		settings->storm_ms);
	close_fact(out);
}

static void append_ahead(GString *out, const struct bench_run *run)
{
	struct bench_ahead_summary ahead;
	char setting[BENCH_PREJOIN_BYTES];
	bench_ahead_summarize(run, &ahead);
	append_fact(
		out, "to be received ahead", bench_prejoin_name(setting, run->settings.prejoin));
	open_fact(out, "received ahead");
	g_string_append_printf(out,
		"%.0f streams (%.0f to %.0f), %.0f of them whole, %.1f\u202fMb/s", ahead.streams,
		ahead.streams_min, ahead.streams_max, ahead.whole, ahead.mbps);
	close_fact(out);
	if (run->settings.learned)
		append_number(out, "habits learned from", run->settings.learned, " presses");
	if (!ahead.waits)
		return;
	open_fact(out, "keys that waited for a warm channel");
	g_string_append_printf(out, "%zu, ", ahead.waits);
	html_ms(out, ahead.wait_max_ms, 0);
	g_string_append(out, "\u202fms at most");
	close_fact(out);
}

static void append_scenario(GString *out, const struct bench_run *run)
{
	const struct bench_settings *settings = &run->settings;
	g_string_append(out, "<div class=\"card\"><h3>Scenario</h3><dl class=\"facts\">");
	append_fact(out, "pattern", bench_pattern_name(settings->pattern));
	append_fact(out, "class wished", bench_wish_name(settings->wish));
	append_number(out, "seed", settings->seed, "");
	append_number(out, "zaps asked for", settings->zaps, "");
	append_number(out, "dwell", settings->dwell_ms, "\u202fms");
	append_number(out, "lengthened by up to", settings->gop_ms, "\u202fms");
	append_ahead(out, run);
	append_storm(out, settings);
	if (run->limit_ms)
		append_number(out, "limit", run->limit_ms, "\u202fms");
	append_number(out, "channels", run->channels->len, "");
	append_notes(out, run->scenario);
	g_string_append(out, "</dl></div>\n");
}

static void append_host(GString *out, const struct bench_run *run)
{
	g_string_append(out, "<div class=\"card\"><h3>Machine and program</h3>");
	if (run->host->len) {
		g_string_append(out, "<dl class=\"facts\">");
		append_notes(out, run->host);
		g_string_append(out, "</dl>");
	} else {
		g_string_append(out, "<p class=\"about\">Nothing is known of it.</p>");
	}
	g_string_append(out, "</div>\n");
}

static void append_error(GString *out, const char *key, double ms)
{
	open_fact(out, key);
	html_ms(out, ms, 0);
	g_string_append(out, "\u202fms");
	close_fact(out);
}

static void append_self_test(GString *out, const struct bench_run *run)
{
	const struct bench_self_test *test = &run->self_test;
	g_string_append(out, "<div class=\"card\"><h3>The tool\u2019s own error</h3>");
	if (!test->count) {
		g_string_append(out, "<p class=\"about\">It was not measured: no self-test in this "
				     "run.</p></div>\n");
		return;
	}
	g_string_append(out, "<dl class=\"facts\">");
	append_number(out, "known delays fed to it", test->count, "");
	append_error(out, "of", test->delay_ms);
	append_error(out, "error, p50", test->p50_ms);
	append_error(out, "p95", test->p95_ms);
	append_error(out, "p99", test->p99_ms);
	append_error(out, "max", test->max_ms);
	g_string_append(out, "</dl></div>\n");
}

void html_environment(GString *out, const struct html_page *page)
{
	g_string_append(out, "<section><h2>How it was measured</h2><p class=\"about\">Every figure "
			     "counts from the scheduled press. Percentiles are nearest-rank; a zap "
			     "that never got there stays in them as infinity, written as above the "
			     "limit or, where that was not what it was given, as never; one that "
			     "another key cut off does not. A p95 is given of 20 zaps, a p99 of "
			     "100. A picture that is damaged or of another channel does not "
			     "count. Moving is the first later picture that is followed by a "
			     "second without a gap.</p>\n<div class=\"grid wide\">\n");
	append_scenario(out, page->run);
	append_host(out, page->run);
	append_self_test(out, page->run);
	g_string_append(out, "</div></section>\n");
}
