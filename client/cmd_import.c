/* zapper import: lists and guides into the line-up. */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "channels/difference_table.h"
#include "channels/errors.h"
#include "channels/import.h"
#include "channels/parser.h"
#include "channels/text.h"
#include "client/app/output.h"
#include "client/cmd_lineup.h"
#include "client/import_discover.h"
#include "client/import_progress.h"
#include "client/import_source.h"
#include "client/options.h"
#include "client/output.h"
#include "client/settings.h"

/* What is over for so long goes from the guide. */
#define GUIDE_KEEP_S (24 * 3600)
#define LISTEN_MAX_S 86400

struct import_args {
	char *db;
	char *format;
	char *charset;
	char *iface;
	char *membership;
	char **assignments;
	double listen_s;
	gboolean dry_run;
	gboolean replace;
	gboolean merge;
};

/* All that the parts of one run share. */
struct run {
	const struct import_args *args;
	struct settings *settings;
	enum channel_format format;
	char *path; /* of the line-up */
	char **languages;
	struct import *import;
	struct import_progress progress;
};

/* Names of files may come out of an archive, and hold what names of channels hold. */
static void print_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	char *line = g_strdup_printf("%s:%u: %s: %s", diagnostic->file, diagnostic->line,
		diagnostic->error ? "error" : "warning", diagnostic->text);
	output_line(OUTPUT_LOG, text_tame(line));
	g_free(line);
}

static void warn(void *ctx, const char *sentence)
{
	(void)ctx;
	output_line(OUTPUT_LOG, g_strdup(sentence));
}

/* ---- what was asked for ---- */

/* Files first, then -o, then the options that name a setting of their own. */
static int read_settings(const struct import_args *args, struct settings *settings)
{
	const struct {
		const char *key, *value;
	} own[] = {{"net.iface", args->iface}, {"net.membership", args->membership}};
	char *why = NULL;
	int result = 0;
	settings_read_files(settings, warn, NULL);
	for (char **item = args->assignments; !result && item && *item; item++)
		result = settings_assign(settings, *item, &why);
	for (size_t i = 0; !result && i < G_N_ELEMENTS(own); i++)
		if (own[i].value)
			result = settings_set(settings, own[i].key, own[i].value, &why);
	if (result)
		options_usage_error("%s", why);
	g_free(why);
	return result ? EXIT_USAGE : EXIT_OK;
}

static int check(struct run *run, int argc)
{
	const struct import_args *args = run->args;
	if (args->format && !channel_format_named(args->format, &run->format))
		return options_usage_error("there is no format '%s'", args->format);
	if (args->charset && import_set_charset(run->import, args->charset))
		return options_usage_error("there is no character set '%s'", args->charset);
	if (args->replace && args->merge)
		return options_usage_error("--replace and --merge exclude each other");
	if (args->listen_s < 0 || args->listen_s > LISTEN_MAX_S)
		return options_usage_error("--listen takes up to %d seconds", LISTEN_MAX_S);
	if (argc < 2)
		return options_usage_error("there is no SOURCE");
	return read_settings(args, run->settings);
}

/* ---- what is written ---- */

static int open_guide(void *ctx, struct guide **ret)
{
	const struct run *run = ctx;
	char *path = guide_path_beside(run->path), *folder = g_path_get_dirname(path), *why = NULL;
	int result = g_mkdir_with_parents(folder, 0755) ? -errno : 0;
	if (!result)
		result = guide_open(path, GUIDE_WRITE, ret, &why);
	if (why)
		output_line(OUTPUT_LOG, g_strdup_printf("%s: %s", g_get_prgname(), why));
	g_free(why);
	g_free(folder);
	g_free(path);
	return result;
}

static void print_differences(const struct import *import)
{
	GString *table = g_string_new(NULL);
	difference_table_write(import, output_terminal_columns(), table);
	if (table->len) {
		/* The line's own end is put behind it. */
		g_string_truncate(table, table->len - 1);
		output_line(OUTPUT_RESULTS, g_string_free(table, FALSE));
	} else {
		g_string_free(table, TRUE);
	}
}

static void print_summary(const struct import_summary *summary, bool dry_run)
{
	if (summary->channels)
		output_line(OUTPUT_RESULTS,
			g_strdup_printf(
				"%zu channels, %zu alternates, %zu renumbered, %zu ignored; "
				"%s: %zu added, %zu changed, %zu removed",
				summary->channels, summary->alternates, summary->renumbered,
				summary->ignored,
				dry_run ? "would be (nothing is written)" : "line-up",
				summary->added, summary->changed, summary->removed));
	if (summary->guide_events)
		output_line(
			OUTPUT_RESULTS, g_strdup_printf("guide%s: %zu channels, %zu events",
						dry_run ? " (nothing is written)" : "",
						summary->guide_channels, summary->guide_events));
}

static enum exit_code open_lineup(const struct run *run, struct lineup **ret)
{
	bool dry_run = run->args->dry_run;
	size_t channels, events;
	char *why = NULL;
	import_count(run->import, &channels, &events);
	if (!channels)
		return EXIT_OK;
	int result = lineup_open(run->path, dry_run ? LINEUP_READ : LINEUP_WRITE, ret, &why);
	/* A dry run on a line-up that is not there yet has nothing to compare with. */
	if (dry_run && result == -ENOENT)
		result = 0;
	if (result)
		output_line(OUTPUT_LOG, g_strdup_printf("%s: %s", g_get_prgname(), why));
	g_free(why);
	return exit_code_of(result);
}

static enum exit_code write_lineup(const struct run *run)
{
	struct lineup *lineup = NULL;
	struct import_summary summary;
	bool dry_run = run->args->dry_run;
	enum exit_code code = open_lineup(run, &lineup);
	if (code != EXIT_OK)
		return code;
	int result = import_write(
		run->import, lineup, run->args->merge ? IMPORT_MERGE : IMPORT_REPLACE, &summary);
	if (result)
		output_line(OUTPUT_LOG,
			g_strdup_printf("%s: the line-up in %s is as it was: %s", g_get_prgname(),
				run->path, channel_error_text(result)));
	if (!result && dry_run)
		print_differences(run->import);
	if (!result)
		print_summary(&summary, dry_run);
	lineup_close(lineup);
	return result ? exit_code_of(result) : output_finish();
}

/* ---- the run ---- */

static enum exit_code read_source(struct run *run, const char *name)
{
	const struct import_discover discover = {.import = run->import,
		.settings = run->settings,
		.listen_s = run->args->listen_s,
		.report = {.diagnostic = print_diagnostic},
		.progress = import_progress_heard,
		.progress_ctx = &run->progress};
	struct import_source source = {.import = run->import,
		.format = run->format,
		.progress = import_progress_bytes,
		.progress_ctx = &run->progress};
	if (import_discover_is(name))
		return import_discover_read(&discover, name);
	import_set_beside(run->import, import_source_beside, &source);
	enum exit_code code = import_source_read(&source, name);
	import_set_beside(run->import, NULL, NULL);
	return code;
}

/* Every list is read before anything is written: the line-up gets all of them or none. */
static enum exit_code import_sources(struct run *run, char **sources)
{
	enum exit_code code = EXIT_OK;
	import_progress_init(&run->progress, run->import);
	import_set_languages(run->import, (const char *const *)run->languages);
	if (!run->args->dry_run)
		import_set_guide(run->import, open_guide, run, time(NULL) - GUIDE_KEEP_S);
	for (; *sources; sources++) {
		enum exit_code this_code = read_source(run, *sources);
		if (code == EXIT_OK)
			code = this_code;
	}
	if (code == EXIT_OK)
		return write_lineup(run);
	output_line(OUTPUT_LOG, g_strdup_printf("%s: nothing was imported", g_get_prgname()));
	return code;
}

static int run_import(const struct import_args *args, int argc, char **argv)
{
	struct channel_report report = {.diagnostic = print_diagnostic};
	struct run run = {.args = args,
		.settings = settings_new(),
		.path = options_db_path(args->db),
		.import = import_create(&report)};
	int code = check(&run, argc);
	if (code == EXIT_OK) {
		run.languages =
			g_strsplit_set(settings_text(run.settings, "play.languages"), ", ", -1);
		code = (int)import_sources(&run, argv + 1);
	}
	import_destroy(run.import);
	settings_free(run.settings);
	g_strfreev(run.languages);
	g_free(run.path);
	return code;
}

static void args_clear(struct import_args *args)
{
	g_free(args->db);
	g_free(args->format);
	g_free(args->charset);
	g_free(args->iface);
	g_free(args->membership);
	g_strfreev(args->assignments);
}

int command_import(int argc, char **argv)
{
	struct import_args args = {0};
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &args.db, "The line-up's file", "FILE"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &args.format,
			"What the lists are: auto (the default), m3u, xspf, sdp, sds, enigma2, "
			"txt, json, csv or xmltv",
			"FORMAT"},
		{"charset", 0, 0, G_OPTION_ARG_STRING, &args.charset,
			"Their character set, such as cp1251 or gbk, if they do not say it", "SET"},
		{"dry-run", 0, 0, G_OPTION_ARG_NONE, &args.dry_run,
			"Say what would be done and write nothing", NULL},
		{"replace", 0, 0, G_OPTION_ARG_NONE, &args.replace,
			"The line-up becomes what the lists say (the default)", NULL},
		{"merge", 0, 0, G_OPTION_ARG_NONE, &args.merge,
			"Add the lists to the line-up; nothing is removed", NULL},
		{"listen", 0, 0, G_OPTION_ARG_DOUBLE, &args.listen_s,
			"How long to listen to a network", "SECONDS"},
		{"iface", 0, 0, G_OPTION_ARG_STRING, &args.iface, "Network interface", "IF"},
		{"membership", 0, 0, G_OPTION_ARG_STRING, &args.membership,
			"Who speaks IGMP: zapper (raw) or the kernel", "auto|raw|kernel"},
		{"option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &args.assignments,
			"Set what zapper.conf(5) describes", "SECTION.KEY=VALUE"},
		G_OPTION_ENTRY_NULL,
	};
	int code = options_parse(entries, "SOURCE...",
		"Reads channel lists and guides into the line-up. A SOURCE is a file (also a\n"
		"compressed one or an archive), '-' for standard input, a folder of Enigma2's\n"
		"bouquets, or a network: sap:[GROUP] or sds:[GROUP:PORT].",
		&argc, &argv);
	if (code == EXIT_OK)
		code = run_import(&args, argc, argv);
	args_clear(&args);
	return code;
}
