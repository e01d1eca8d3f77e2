#include "client/bench/html.h"
#include "client/bench/report_html.h"

static const char *host_name(const struct bench_run *run)
{
	for (guint i = 0; i < run->host->len; i++) {
		const struct bench_note *note = g_ptr_array_index(run->host, i);
		if (g_strcmp0(note->key, "host") == 0)
			return note->value;
	}
	return NULL;
}

static void append_duration(GString *out, uint64_t duration_ns)
{
	uint64_t seconds = duration_ns / 1000000000;
	if (seconds < 120)
		g_string_append_printf(out, "%u seconds", (unsigned)seconds);
	else
		g_string_append_printf(out, "%u minutes", (unsigned)((seconds + 30) / 60));
}

/* "1 000 zaps on settop, pattern mix, in 67 minutes, started ..." */
static void append_lead(GString *out, const struct bench_run *run)
{
	const char *host = host_name(run);
	g_string_append(out, "<p class=\"lead\">");
	html_count(out, bench_run_count(run));
	g_string_append(out, bench_run_count(run) == 1 ? " zap" : " zaps");
	if (host) {
		g_string_append(out, " on <bdi>");
		html_text(out, host);
		g_string_append(out, "</bdi>");
	}
	g_string_append_printf(
		out, ", pattern \u201c%s\u201d", bench_pattern_name(run->settings.pattern));
	if (run->duration_ns) {
		g_string_append(out, ", in ");
		append_duration(out, run->duration_ns);
	}
	if (run->started) {
		g_string_append(out, ", started ");
		html_text(out, run->started);
	}
	g_string_append(out, ".</p>\n");
}

static void append_state(GString *out, const struct bench_run *run)
{
	if (run->end != BENCH_END_DONE) {
		g_string_append(out, run->end == BENCH_END_INTERRUPTED
					     ? "<p class=\"state\">This run was interrupted"
					     : "<p class=\"state\">This run failed");
		if (run->end_why) {
			g_string_append(out, ": ");
			html_text(out, run->end_why);
		}
		g_string_append(out, ". What was measured until then is here.</p>\n");
	}
	if (run->idle_presses) {
		g_string_append(out, "<p class=\"state\">");
		html_count(out, run->idle_presses);
		g_string_append(out, run->idle_presses == 1 ? " press led to no zap.</p>\n"
							    : " presses led to no zap.</p>\n");
	}
}

static void append_head(GString *out, const struct html_page *page)
{
	g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
			     "<meta name=\"viewport\" content=\"width=device-width, "
			     "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
			     "dark\">\n<title>zapper bench: ");
	html_text(out, page->name);
	g_string_append_printf(
		out, "</title>\n<style>\n%s</style></head>\n<body><header>\n", html_style);
	g_string_append(out, "<p class=\"over\">zapper bench</p><h1>Channel-change "
			     "latency</h1>\n");
	append_lead(out, page->run);
	append_state(out, page->run);
	g_string_append(out, "</header><main>\n");
}

static void append_sections(GString *out, const struct html_page *page)
{
	html_comparison(out, page);
	html_headline(out, page);
	html_distributions(out, page);
	html_stages(out, page);
	html_shares(out, page);
	html_worst(out, page);
	html_channels(out, page);
	html_environment(out, page);
}

void bench_report_html(const struct bench_run *run, const char *name,
	const struct bench_run *before, const char *before_name, GString *out)
{
	char *valid = g_utf8_make_valid(name, -1);
	char *before_valid = g_utf8_make_valid(before ? before_name : "", -1);
	struct bench_statistics *statistics = bench_statistics_new(run);
	struct bench_statistics *before_statistics = before ? bench_statistics_new(before) : NULL;
	const struct html_page page = {.run = run,
		.statistics = statistics,
		.name = valid,
		.before = before,
		.before_statistics = before_statistics,
		.before_name = before_valid};
	append_head(out, &page);
	append_sections(out, &page);
	g_string_append(out, "</main></body></html>\n");
	bench_statistics_free(statistics);
	bench_statistics_free(before_statistics);
	g_free(valid);
	g_free(before_valid);
}
