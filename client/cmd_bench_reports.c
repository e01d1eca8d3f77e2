/* zapper bench: reports are opened before a run, written after it, and read again. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client/bench/compare.h"
#include "client/bench/report_csv.h"
#include "client/bench/report_html.h"
#include "client/bench/report_json.h"
#include "client/bench/report_text.h"
#include "client/cmd_bench.h"
#include "client/cmd_lineup.h"
#include "client/commands.h"

/* ---- writing ---- */

/* Where a path leads, as far as it is there already; freed with g_free(). */
static char *resolve(const char *path)
{
	char *found = realpath(path, NULL);
	char *resolved = found ? g_strdup(found) : g_canonicalize_filename(path, NULL);
	free(found);
	return resolved;
}

/* Two reports in one file: the second would take the place of the first. */
static bool share_a_file(const char *a, const char *b)
{
	if (!a || !b)
		return false;
	char *of_a = resolve(a), *of_b = resolve(b);
	bool same = !strcmp(of_a, of_b);
	g_free(of_a);
	g_free(of_b);
	return same;
}

static int refuse_same(const struct bench_reports *reports)
{
	for (int i = 0; i < BENCH_REPORTS; i++)
		for (int j = 0; j < i; j++)
			if (share_a_file(reports->paths[i], reports->paths[j]))
				return bench_refuse(
					g_strdup_printf("two reports cannot go to one file: %s",
						reports->paths[i]));
	return EXIT_OK;
}

int bench_reports_open(const struct bench_args *args, struct bench_reports *ret)
{
	*ret = (struct bench_reports){.paths = {args->json, args->csv, args->html}};
	int code = refuse_same(ret);
	for (int i = 0; i < BENCH_REPORTS && code == EXIT_OK; i++) {
		char *why = NULL;
		int error =
			ret->paths[i] ? bench_file_open(ret->paths[i], &ret->files[i], &why) : 0;
		if (!error)
			continue;
		bench_say(why);
		bool forbidden = error == -EACCES || error == -EPERM || error == -EROFS;
		code = forbidden ? EXIT_NO_PERMISSION : EXIT_FAILED;
	}
	if (code != EXIT_OK)
		bench_reports_discard(ret);
	return code;
}

void bench_reports_discard(struct bench_reports *reports)
{
	for (int i = 0; i < BENCH_REPORTS; i++)
		g_clear_pointer(&reports->files[i], bench_file_discard);
}

/* Takes the file; an exit code. */
static int commit(struct bench_file **file, const GString *text)
{
	char *why = NULL;
	int error = bench_file_commit(*file, text->str, text->len, &why);
	*file = NULL;
	if (error)
		bench_say(why);
	return error ? EXIT_FAILED : EXIT_OK;
}

int bench_reports_write(struct bench_reports *reports, const struct bench_run *run,
	const char *name, const struct bench_run *before, const char *before_name)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	int code = EXIT_OK;
	for (int i = 0; i < BENCH_REPORTS; i++) {
		if (!reports->files[i])
			continue;
		g_string_truncate(text, 0);
		if (i == BENCH_REPORT_JSON)
			bench_report_json(run, statistics, text);
		else if (i == BENCH_REPORT_CSV)
			bench_report_csv(run, text);
		else
			bench_report_html(run, name, before, before_name, text);
		int committed = commit(&reports->files[i], text);
		code = code == EXIT_OK ? committed : code;
	}
	g_string_free(text, TRUE);
	bench_statistics_free(statistics);
	return code;
}

/* Takes the text. */
static int print_text(GString *text)
{
	fputs(text->str, stdout);
	g_string_free(text, TRUE);
	if (!fflush(stdout) && !ferror(stdout))
		return EXIT_OK;
	bench_say(g_strdup("the output cannot be written"));
	return EXIT_FAILED;
}

int bench_print(const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_text(run, statistics, text);
	bench_statistics_free(statistics);
	return print_text(text);
}

/* ---- reading ---- */

static int read_run(const char *path, struct bench_run **ret)
{
	GError *error = NULL;
	char *text = NULL, *why = NULL;
	gsize size;
	if (!g_file_get_contents(path, &text, &size, &error)) {
		bench_say(g_strdup(error->message));
		bool forbidden = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
		g_error_free(error);
		return forbidden ? EXIT_NO_PERMISSION : EXIT_NO_INPUT;
	}
	int result = bench_report_read(text, size, ret, &why);
	if (result < 0)
		bench_say(g_strdup_printf("%s: %s", path, why));
	g_free(why);
	g_free(text);
	return exit_code_of(result);
}

/* Writes what is asked for of `run`. */
static int report_again(const struct bench_args *args, const struct bench_run *run,
	const char *name, const struct bench_run *before, const char *before_name)
{
	struct bench_reports reports;
	int code = bench_reports_open(args, &reports);
	return code == EXIT_OK ? bench_reports_write(&reports, run, name, before, before_name)
			       : code;
}

int bench_read_again(const struct bench_args *args)
{
	struct bench_run *run = NULL;
	int code = read_run(args->read, &run);
	if (code == EXIT_OK)
		code = report_again(args, run, args->read, NULL, NULL);
	if (code == EXIT_OK)
		code = bench_print(run);
	bench_run_free(run);
	return code;
}

static int print_comparison(
	const struct bench_run *before, const struct bench_run *run, const char *a, const char *b)
{
	struct bench_comparison *comparison = bench_compare(before, run);
	char *caveat = bench_compare_caveat(before, run);
	GString *text = g_string_new(NULL);
	bench_comparison_text(comparison, a, b, text);
	if (caveat)
		bench_say(g_strdup_printf("warning: the runs were made differently: %s", caveat));
	g_free(caveat);
	bench_comparison_free(comparison);
	return print_text(text);
}

int bench_compare_files(const struct bench_args *args, const char *a, const char *b)
{
	struct bench_run *before = NULL, *run = NULL;
	int code = read_run(a, &before);
	if (code == EXIT_OK)
		code = read_run(b, &run);
	if (code == EXIT_OK)
		code = report_again(args, run, b, before, a);
	if (code == EXIT_OK)
		code = print_comparison(before, run, a, b);
	bench_run_free(before);
	bench_run_free(run);
	return code;
}
