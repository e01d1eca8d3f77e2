#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "channels/import.h"
#include "channels/parser.h"
#include "client/cmd_lineup.h"
#include "client/options.h"

struct import_options {
	char *db;
	char *format;
	gboolean dry_run;
	gboolean replace;
	gboolean merge;
};

static void print_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	fprintf(stderr, "%s:%u: %s: %s\n", diagnostic->file, diagnostic->line,
		diagnostic->error ? "error" : "warning", diagnostic->text);
}

static int parse_options(int *argc, char ***argv, struct import_options *ret)
{
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &ret->db, "The line-up's file", "FILE"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &ret->format,
			"What the lists are: auto (the default) or m3u", "FORMAT"},
		{"dry-run", 0, 0, G_OPTION_ARG_NONE, &ret->dry_run,
			"Say what would be done and write nothing", NULL},
		{"replace", 0, 0, G_OPTION_ARG_NONE, &ret->replace,
			"The line-up becomes what the lists say (the default)", NULL},
		{"merge", 0, 0, G_OPTION_ARG_NONE, &ret->merge,
			"Add the lists to the line-up; nothing is removed", NULL},
		{0},
	};
	return options_parse(entries, "SOURCE...",
		"Reads channel lists into the line-up. A SOURCE is a file, or '-' for standard "
		"input.",
		argc, argv);
}

static int usage_error(const char *format, const char *value)
{
	fprintf(stderr, "%s: ", g_get_prgname());
	fprintf(stderr, format, value);
	fprintf(stderr, " (see '%s --help')\n", g_get_prgname());
	return EXIT_USAGE;
}

static int read_format(const struct import_options *options, enum channel_format *ret)
{
	*ret = CHANNEL_FORMAT_AUTO;
	if (!options->format || !strcmp(options->format, "auto"))
		return EXIT_OK;
	const struct channel_parser_class *class = channel_parser_named(options->format);
	if (!class)
		return usage_error("there is no format '%s'", options->format);
	*ret = class->format;
	return EXIT_OK;
}

/* Feeds a whole file. Returns 0 or negative errno of the reading. */
static int read_bytes(int fd, struct import *import)
{
	static const size_t piece_bytes = 65536;
	char *piece = g_malloc(piece_bytes);
	ssize_t got;
	while ((got = read(fd, piece, piece_bytes)) > 0 || (got < 0 && errno == EINTR))
		if (got > 0)
			import_bytes(import, piece, (size_t)got);
	int result = got < 0 ? -errno : 0;
	g_free(piece);
	return result;
}

static enum exit_code read_source(
	struct import *import, const char *source, enum channel_format format)
{
	bool standard_input = !strcmp(source, "-");
	const char *name = standard_input ? "<stdin>" : source;
	int fd = standard_input ? STDIN_FILENO : open(source, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -errno : 0;
	if (!result) {
		import_begin(import, name, format);
		result = read_bytes(fd, import);
	}
	if (fd >= 0 && !standard_input)
		close(fd);
	if (result) {
		fprintf(stderr, "%s: error: cannot be read: %s\n", name, g_strerror(-result));
		/* Whatever the reason, a file that is not to be had is no input. */
		return exit_code_of(result) == EXIT_NO_PERMISSION ? EXIT_NO_PERMISSION
								  : EXIT_NO_INPUT;
	}
	return exit_code_of(import_end(import));
}

static void print_summary(const struct import_summary *summary, bool dry_run)
{
	printf("%zu channels, %zu alternates, %zu renumbered, %zu ignored; "
	       "%s: %zu added, %zu changed, %zu removed\n",
		summary->channels, summary->alternates, summary->renumbered, summary->ignored,
		dry_run ? "would be (nothing is written)" : "line-up", summary->added,
		summary->changed, summary->removed);
}

static enum exit_code write_lineup(struct import *import, const struct import_options *options)
{
	struct lineup *lineup = NULL;
	struct import_summary summary;
	char *path = options_db_path(options->db);
	enum exit_code code = EXIT_OK;
	/* A dry run on a line-up that is not there yet has nothing to compare with. */
	if (!options->dry_run || g_file_test(path, G_FILE_TEST_EXISTS))
		code = command_open_lineup(
			path, options->dry_run ? LINEUP_READ : LINEUP_WRITE, &lineup);
	if (code == EXIT_OK) {
		int result = import_write(
			import, lineup, options->merge ? IMPORT_MERGE : IMPORT_REPLACE, &summary);
		if (result)
			fprintf(stderr, "%s: %s: %s; the line-up is as it was\n", g_get_prgname(),
				path, g_strerror(-result));
		else
			print_summary(&summary, options->dry_run);
		code = exit_code_of(result);
	}
	lineup_close(lineup);
	g_free(path);
	return code;
}

/* Every list is read before anything is written: the line-up gets all of them or none. */
static enum exit_code run_import(
	const struct import_options *options, enum channel_format format, char **sources)
{
	struct channel_report report = {.diagnostic = print_diagnostic};
	struct import *import = import_create(&report);
	enum exit_code code = EXIT_OK;
	for (; *sources; sources++) {
		enum exit_code this_code = read_source(import, *sources, format);
		if (code == EXIT_OK)
			code = this_code;
	}
	if (code == EXIT_OK)
		code = write_lineup(import, options);
	else
		fprintf(stderr, "%s: nothing was imported\n", g_get_prgname());
	import_destroy(import);
	return code;
}

int command_import(int argc, char **argv)
{
	struct import_options options = {0};
	enum channel_format format;
	int code = parse_options(&argc, &argv, &options);
	if (code == EXIT_OK)
		code = read_format(&options, &format);
	if (code == EXIT_OK && options.replace && options.merge)
		code = usage_error("%s and --merge exclude each other", "--replace");
	if (code == EXIT_OK && argc < 2)
		code = usage_error("there is no %s", "SOURCE");
	if (code == EXIT_OK)
		code = (int)run_import(&options, format, argv + 1);
	g_free(options.db);
	g_free(options.format);
	return code;
}
