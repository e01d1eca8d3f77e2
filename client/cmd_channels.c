#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "channels/columns.h"
#include "channels/search.h"
#include "channels/table.h"
#include "channels/writer.h"
#include "client/cmd_lineup.h"
#include "client/options.h"
#include "client/output.h"

struct channels_options {
	char *db;
	char *format;
	char *columns;
};

/* What is printed, and how. */
struct listing_plan {
	const struct channel_writer_class *class; /* NULL: a table */
	GArray *columns;			  /* of enum channel_column; NULL: the usual ones */
	const char *const *words;		  /* NULL-terminated */
};

static int parse_options(int *argc, char ***argv, struct channels_options *ret)
{
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &ret->db, "The line-up's file", "FILE"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &ret->format,
			"table (the default), json, m3u, xspf, csv, txt", "FORMAT"},
		{"columns", 0, 0, G_OPTION_ARG_STRING, &ret->columns,
			"Which ones table and csv have: name,number,...", "LIST"},
		{0},
	};
	return options_parse(entries, "[WORD...]",
		"Lists the channels in the order of their numbers: all of them, or those that\n"
		"have each WORD in their name or bouquets, or for a number.",
		argc, argv);
}

static int read_format(const char *name, struct listing_plan *plan)
{
	if (!name || !strcmp(name, "table"))
		return EXIT_OK;
	plan->class = channel_writer_named(name);
	return plan->class ? EXIT_OK : options_usage_error("there is no format '%s'", name);
}

static bool has_column(const struct listing_plan *plan, enum channel_column column)
{
	return plan->class ? column < CSV_COLUMNS : channel_column_heading(column) != NULL;
}

static int read_columns(const char *names, struct listing_plan *plan)
{
	const char *format = plan->class ? plan->class->name : "table";
	if (!names)
		return EXIT_OK;
	if (plan->class && plan->class->format != CHANNEL_FORMAT_CSV)
		return options_usage_error("--columns is for table and csv, not for %s", format);
	char *unknown = NULL;
	plan->columns = channel_columns_parse(names, &unknown);
	int code = EXIT_OK;
	if (!plan->columns)
		code = options_usage_error("there is no column '%s'", unknown);
	else if (!plan->columns->len)
		code = options_usage_error("--columns names no column");
	for (guint i = 0; code == EXIT_OK && i < plan->columns->len; i++) {
		enum channel_column column = g_array_index(plan->columns, enum channel_column, i);
		if (!has_column(plan, column))
			code = options_usage_error(
				"a %s has no column '%s'", format, channel_column_name(column));
	}
	g_free(unknown);
	return code;
}

static bool print_piece(void *ctx, const char *bytes, size_t size)
{
	(void)ctx;
	return fwrite(bytes, 1, size, stdout) == size;
}

static void print_table(const struct listing_plan *plan, const struct channel_list *list)
{
	GString *text = g_string_new(NULL);
	channel_table_write(list, plan->columns, output_terminal_columns(), text);
	output_text(text);
	g_string_free(text, TRUE);
}

static void print_list(const struct listing_plan *plan, const struct channel_list *list)
{
	if (plan->class)
		channel_list_write(plan->class, list, plan->columns, print_piece, NULL);
	else if (list->count)
		print_table(plan, list);
	if (list->count)
		return;
	char *words = g_strjoinv(" ", (char **)plan->words);
	if (*words)
		fprintf(stderr,
			"%s: no channel has \"%s\" in its name or bouquets, or for a number\n",
			g_get_prgname(), words);
	else
		fprintf(stderr, "%s: the line-up has no channels\n", g_get_prgname());
	g_free(words);
}

static enum exit_code print_lineup(const char *db, const struct listing_plan *plan)
{
	struct channel_list *list;
	enum exit_code code = command_load_lineup(db, &list);
	if (code != EXIT_OK)
		return code;
	if (*plan->words) {
		struct channel_list found = channel_search(list, plan->words);
		print_list(plan, &found);
		g_free((gpointer)found.channels);
	} else {
		print_list(plan, list);
	}
	channel_list_free(list);
	return output_finish();
}

int command_channels(int argc, char **argv)
{
	struct channels_options options = {0};
	struct listing_plan plan = {0};
	int code = parse_options(&argc, &argv, &options);
	if (code == EXIT_OK)
		code = read_format(options.format, &plan);
	if (code == EXIT_OK)
		code = read_columns(options.columns, &plan);
	plan.words = (const char *const *)argv + 1;
	if (code == EXIT_OK)
		code = (int)print_lineup(options.db, &plan);
	if (plan.columns)
		g_array_unref(plan.columns);
	g_free(options.db);
	g_free(options.format);
	g_free(options.columns);
	return code;
}
