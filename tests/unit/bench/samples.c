/*
 * samples: writes reports of synthetic runs into a folder, for tests that look at them from
 * outside: NAME.json and NAME.html of each, and compared.html.
 */
#include <stdio.h>
#include <string.h>

#include "client/bench/report_html.h"
#include "client/bench/report_json.h"
#include "tests/unit/bench/synthetic.h"

static const struct sample {
	const char *name;
	struct synthetic_shape shape;
	enum bench_end end;
	const char *why;
} samples[] = {
	{"ordinary",
		{.seed = 1,
			.cold = 400,
			.partial = 60,
			.warm = 500,
			.superseded = 40,
			.timeouts_per_mille = 8},
		BENCH_END_DONE, NULL},
	{"cold", {.seed = 2, .cold = 100}, BENCH_END_INTERRUPTED, NULL},
	{"empty", {0}, BENCH_END_FAILED, "the line-up <empty> & gone"},
	{"timeouts", {.seed = 3, .cold = 30, .timeouts_per_mille = 1000}, BENCH_END_DONE, NULL},
	{"one", {.seed = 4, .cold = 1}, BENCH_END_DONE, NULL},
	{"one_warm", {.seed = 5, .warm = 1}, BENCH_END_DONE, NULL},
	{"still",
		{.seed = 7,
			.cold = 150,
			.warm = 150,
			.superseded = 30,
			.still_per_mille = 20,
			.cut_per_mille = 100},
		BENCH_END_DONE, NULL},
	{"superseded", {.seed = 6, .superseded = 20}, BENCH_END_DONE, NULL},
};

static bool write_file(const char *folder, const char *name, const char *type, GString *text)
{
	char *path = g_strdup_printf("%s/%s.%s", folder, name, type);
	bool written = g_file_set_contents(path, text->str, (gssize)text->len, NULL);
	if (!written)
		fprintf(stderr, "%s cannot be written\n", path);
	g_free(path);
	g_string_free(text, TRUE);
	return written;
}

static struct bench_run *run_of(const struct sample *sample)
{
	struct bench_run *run = synthetic_run(&sample->shape);
	bench_run_end(run, sample->end, sample->why);
	return run;
}

static bool write_sample(const char *folder, const struct sample *sample)
{
	struct bench_run *run = run_of(sample);
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *json = g_string_new(NULL), *html = g_string_new(NULL);
	bench_report_json(run, statistics, json);
	bench_report_html(run, sample->name, NULL, NULL, html);
	bench_statistics_free(statistics);
	bench_run_free(run);
	bool written = write_file(folder, sample->name, "json", json);
	return write_file(folder, sample->name, "html", html) && written;
}

/* Ctrl-C while the last zap hung. */
static bool write_unfinished(const char *folder)
{
	const struct sample sample = {"unfinished", {.seed = 8, .cold = 3}, BENCH_END_INTERRUPTED,
		"no picture of the last zap had come for 7.2 s"};
	struct bench_run *run = run_of(&sample);
	struct bench_zap *last = &g_array_index(run->zaps, struct bench_zap, 2);
	memset(&last->record.at_ns[ZAP_FIRST_PACKET], 0,
		(ZAP_MILESTONES - ZAP_FIRST_PACKET) * sizeof last->record.at_ns[0]);
	last->record.kind = ZAP_SUPERSEDED;
	last->cut = BENCH_CUT_RUN;
	GString *html = g_string_new(NULL);
	bench_report_html(run, sample.name, NULL, NULL, html);
	bench_run_free(run);
	return write_file(folder, sample.name, "html", html);
}

static bool write_comparison(const char *folder)
{
	struct sample slower = samples[0];
	slower.shape.seed++;
	slower.shape.slower_ms = 3;
	struct bench_run *before = run_of(&samples[0]), *run = run_of(&slower);
	GString *html = g_string_new(NULL);
	bench_report_html(run, "after.json", before, "before <1>.json", html);
	bench_run_free(before);
	bench_run_free(run);
	return write_file(folder, "compared", "html", html);
}

/* What is unusual and can be written all the same: stamps of two clocks, channels without number.
 */
static bool write_odd(const char *folder)
{
	struct bench_run *run = run_of(&samples[0]);
	struct bench_zap *zap = &g_array_index(run->zaps, struct bench_zap, 0);
	zap->record.kind = ZAP_COLD;
	zap->record.at_ns[ZAP_PICTURE] = zap->scheduled_ns + 900000000;
	zap->record.at_ns[ZAP_MOTION] = zap->record.at_ns[ZAP_PICTURE];
	zap->record.at_ns[ZAP_RAP_COMPLETE] = zap->record.at_ns[ZAP_PICTURE] + 400000000;
	zap->record.at_ns[ZAP_FIRST_PACKET] = zap->record.at_ns[ZAP_RAP_COMPLETE] + 1000000;
	bench_run_add_channel(run, "-", "nobody's");
	struct bench_run *cold = synthetic_empty(), *runs[] = {run, cold};
	bench_run_add_zap(cold, zap);
	const char *const names[] = {"odd", "odd_one"};
	bool written = true;
	for (size_t i = 0; i < G_N_ELEMENTS(runs); i++) {
		struct bench_statistics *statistics = bench_statistics_new(runs[i]);
		GString *json = g_string_new(NULL);
		bench_report_json(runs[i], statistics, json);
		bench_statistics_free(statistics);
		bench_run_free(runs[i]);
		written = write_file(folder, names[i], "json", json) && written;
	}
	return written;
}

int main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: samples FOLDER\n");
		return 64;
	}
	bool written = write_comparison(argv[1]);
	written = write_odd(argv[1]) && written;
	written = write_unfinished(argv[1]) && written;
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
		written = write_sample(argv[1], &samples[i]) && written;
	return written ? 0 : 1;
}
