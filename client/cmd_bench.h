/* client/cmd_bench: what the files of `zapper bench` share. */
#pragma once

#include <glib.h>

#include "channels/lineup.h"
#include "client/bench/file.h"
#include "client/bench/plan.h"
#include "client/bench/result.h"

/* The command line. */
struct bench_args {
	char *db, *iface, *membership, *video_sink, *audio_sink;
	char *pattern, *keys;
	char *json, *csv, *html;
	char *read;
	char **assignments;
	char *prejoin;
	gboolean cold_only, warm_only, remember, compare, dry_run, self_test;
	gint64 zaps, seed, dwell_ms, gop_ms, learn, storm_per_s, storm_ms, limit_ms;
};

/* A sentence about the command line (taken over); returns EXIT_USAGE. */
int bench_refuse(char *why);
/* A sentence on standard error (taken over). */
void bench_say(char *sentence);

/* ---- cmd_bench_args.c ---- */

/*
 * An exit code; EXIT_OK also where only help was asked for, see options_parse(). Cleared with
 * bench_args_clear() either way.
 */
int bench_args_parse(struct bench_args *args, int *argc, char **argv);
void bench_args_clear(struct bench_args *args);

/* ---- cmd_bench_plan.c ---- */

/* What to press. */
struct bench_schedule {
	struct bench_settings settings;
	struct bench_script *script;
	struct bench_plan *plan;
	struct bench_plan
		*habits; /* what the viewer pressed before, to be learned; NULL: nothing */
};

/*
 * `prejoin` is what the settings say of it. An exit code; what is wrong has been said. Cleared with
 * bench_schedule_clear() either way.
 */
int bench_schedule_make(const struct bench_args *args, const char *prejoin,
	const struct channel_list *channels, struct bench_schedule *ret);
void bench_schedule_clear(struct bench_schedule *schedule);
/* Prints the presses, as a client makes them that starts on the line-up's first channel. */
void bench_schedule_print(
	const struct bench_schedule *schedule, const struct channel_list *channels);

/* ---- cmd_bench_reports.c ---- */

enum { BENCH_REPORT_JSON, BENCH_REPORT_CSV, BENCH_REPORT_HTML, BENCH_REPORTS };

struct bench_reports {
	const char *paths[BENCH_REPORTS]; /* NULL: not wanted */
	struct bench_file *files[BENCH_REPORTS];
	bool take_output; /* standard output is one of them, so that the table goes elsewhere */
};

/*
 * Opens the files of the reports that are wanted, none of which may be one of `inputs`
 * (NULL-terminated); an exit code, and unless that is EXIT_OK none is left open.
 */
int bench_reports_open(
	const struct bench_args *args, const char *const *inputs, struct bench_reports *ret);
/*
 * Writes all, puts them into place and closes them; an exit code. JSON that cannot be written goes
 * to a temporary file, whose name is said. `before` may be NULL.
 */
int bench_reports_write(struct bench_reports *reports, const struct bench_run *run,
	const char *name, const struct bench_run *before, const char *before_name);
void bench_reports_discard(struct bench_reports *reports);

/* The table, on standard output unless that is a report; an exit code. */
int bench_print(const struct bench_reports *reports, const struct bench_run *run);
/* bench --read and bench --compare; exit codes. */
int bench_read_again(const struct bench_args *args);
int bench_compare_files(const struct bench_args *args, const char *a, const char *b);

/* ---- cmd_bench_host.c ---- */

/* Notes about the machine and the program. */
void bench_note_host(struct bench_run *run);
/* What was set by a file, and by -o (NULL-terminated, or NULL). */
void bench_note_settings(struct bench_run *run, char *const *assignments);
/* How busy the machine is, "before" or "after". */
void bench_note_load(struct bench_run *run, const char *when);
