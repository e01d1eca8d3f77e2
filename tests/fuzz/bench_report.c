/*
 * Reports that are read back: whatever they hold, all reports can be made of what came out, and the
 * one in JSON reads as the same run.
 */
#include <stdlib.h>
#include <string.h>

#include "client/bench/report_csv.h"
#include "client/bench/report_html.h"
#include "client/bench/report_json.h"
#include "client/bench/report_text.h"

static GString *json_of(const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_json(run, statistics, text);
	bench_statistics_free(statistics);
	return text;
}

static void make_others(const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_csv(run, text);
	bench_report_text(run, statistics, text);
	bench_report_html(run, "one", run, "other", text);
	if (!g_utf8_validate(text->str, (gssize)text->len, NULL))
		abort();
	g_string_free(text, TRUE);
	bench_statistics_free(statistics);
}

static void check_again(const struct bench_run *run)
{
	GString *once = json_of(run);
	struct bench_run *again;
	char *why;
	if (bench_report_read(once->str, once->len, &again, &why) < 0)
		abort();
	GString *twice = json_of(again);
	if (!g_string_equal(once, twice))
		abort();
	g_string_free(once, TRUE);
	g_string_free(twice, TRUE);
	bench_run_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bench_run *run;
	char *why;
	if (bench_report_read((const char *)data, size, &run, &why) < 0) {
		g_free(why);
		return 0;
	}
	make_others(run);
	check_again(run);
	bench_run_free(run);
	return 0;
}
