/* zapper bench: reports are opened before a run, written after it, and read again. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/app/bench_notes.h"
#include "client/bench/compare.h"
#include "client/bench/report_csv.h"
#include "client/bench/report_html.h"
#include "client/bench/report_json.h"
#include "client/bench/report_text.h"
#include "client/cmd_bench.h"
#include "client/cmd_lineup.h"
#include "client/commands.h"

/* ---- writing ---- */

/* The second of two reports in one file, or in one with what is read, would replace the first. */
static int refuse_same(const struct bench_reports *reports, const char *const *inputs)
{
	for (int i = 0; i < BENCH_REPORTS; i++) {
		const char *path = reports->paths[i];
		for (int j = 0; path && j < i; j++)
			if (reports->paths[j] && bench_file_is_same(path, reports->paths[j]))
				return bench_refuse(g_strdup_printf(
					"two reports cannot go to one file: %s", path));
		for (const char *const *input = inputs; path && *input; input++)
			if (bench_file_is_same(path, *input))
				return bench_refuse(g_strdup_printf(
					"a report cannot take the place of what is read: %s",
					path));
	}
	return EXIT_OK;
}

int bench_reports_open(
	const struct bench_args *args, const char *const *inputs, struct bench_reports *ret)
{
	*ret = (struct bench_reports){.paths = {args->json, args->csv, args->html}};
	int code = refuse_same(ret, inputs);
	for (int i = 0; i < BENCH_REPORTS && code == EXIT_OK; i++) {
		char *why = NULL;
		int error =
			ret->paths[i] ? bench_file_open(ret->paths[i], &ret->files[i], &why) : 0;
		if (!error) {
			ret->take_output |= ret->files[i] && bench_file_is_output(ret->files[i]);
			continue;
		}
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

/* A full disk must not cost a run that took hours: all other reports can be made of its JSON. */
static void keep_elsewhere(const GString *json)
{
	char *path = NULL;
	int fd = g_file_open_tmp("zapper-bench-XXXXXX.json", &path, NULL);
	if (fd < 0)
		return;
	close(fd);
	if (g_file_set_contents(path, json->str, (gssize)json->len, NULL))
		bench_say(g_strdup_printf("the JSON is in %s instead", path));
	else
		unlink(path);
	g_free(path);
}

/* Takes the file; an exit code. */
static int commit(struct bench_file **file, const GString *text, bool is_json)
{
	char *why = NULL;
	int error = bench_file_commit(*file, text->str, text->len, &why);
	*file = NULL;
	if (!error)
		return EXIT_OK;
	bench_say(why);
	if (is_json)
		keep_elsewhere(text);
	return EXIT_FAILED;
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
		int committed = commit(&reports->files[i], text, i == BENCH_REPORT_JSON);
		code = code == EXIT_OK ? committed : code;
	}
	g_string_free(text, TRUE);
	bench_statistics_free(statistics);
	return code;
}

/* Takes the text, which goes to standard output unless a report does. */
static int print_text(const struct bench_reports *reports, GString *text)
{
	FILE *out = reports->take_output ? stderr : stdout;
	fputs(text->str, out);
	g_string_free(text, TRUE);
	if (!fflush(out) && !ferror(out))
		return EXIT_OK;
	bench_say(g_strdup("the output cannot be written"));
	return EXIT_FAILED;
}

/* It is in every figure, so it stands beside them. */
static void append_lateness(const struct bench_run *run, GString *out)
{
	for (guint i = 0; i < run->scenario->len; i++) {
		const struct bench_note *note = g_ptr_array_index(run->scenario, i);
		if (!strcmp(note->key, BENCH_NOTE_LATE))
			g_string_append_printf(out, "%s %s\n", note->key, note->value);
	}
}

int bench_print(const struct bench_reports *reports, const struct bench_run *run)
{
	struct bench_statistics *statistics = bench_statistics_new(run);
	GString *text = g_string_new(NULL);
	bench_report_text(run, statistics, text);
	append_lateness(run, text);
	bench_statistics_free(statistics);
	return print_text(reports, text);
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

int bench_read_again(const struct bench_args *args)
{
	const char *const inputs[] = {args->read, NULL};
	struct bench_reports reports = {0};
	struct bench_run *run = NULL;
	int code = read_run(args->read, &run);
	if (code == EXIT_OK)
		code = bench_reports_open(args, inputs, &reports);
	if (code == EXIT_OK)
		code = bench_reports_write(&reports, run, args->read, NULL, NULL);
	if (code == EXIT_OK)
		code = bench_print(&reports, run);
	bench_run_free(run);
	return code;
}

static int print_comparison(const struct bench_reports *reports, const struct bench_run *before,
	const struct bench_run *run, const char *a, const char *b)
{
	struct bench_comparison *comparison = bench_compare(before, run);
	char *caveat = bench_compare_caveat(before, run);
	GString *text = g_string_new(NULL);
	bench_comparison_text(comparison, a, b, text);
	if (caveat)
		bench_say(g_strdup_printf("warning: the runs were made differently: %s", caveat));
	g_free(caveat);
	bench_comparison_free(comparison);
	return print_text(reports, text);
}

int bench_compare_files(const struct bench_args *args, const char *a, const char *b)
{
	const char *const inputs[] = {a, b, NULL};
	struct bench_reports reports = {0};
	struct bench_run *before = NULL, *run = NULL;
	int code = read_run(a, &before);
	if (code == EXIT_OK)
		code = read_run(b, &run);
	if (code == EXIT_OK)
		code = bench_reports_open(args, inputs, &reports);
	if (code == EXIT_OK)
		code = bench_reports_write(&reports, run, b, before, a);
	if (code == EXIT_OK)
		code = print_comparison(&reports, before, run, a, b);
	bench_run_free(before);
	bench_run_free(run);
	return code;
}
