#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "channels/errors.h"
#include "channels/search.h"
#include "client/cmd_lineup.h"
#include "client/guide_time.h"
#include "client/guide_view.h"
#include "client/options.h"
#include "client/output.h"

struct guide_options {
	char *db;
	char *at;
	char *format;
	gboolean day;
};

/* What was asked for. */
struct question {
	const char *const *words; /* that name the channel, NULL-terminated */
	int64_t at_utc_s;
	GTimeZone *zone;
	bool day;
	bool json;
};

static int parse_options(int *argc, char ***argv, struct guide_options *ret)
{
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &ret->db,
			"The line-up's file; the guide is beside it", "FILE"},
		{"at", 0, 0, G_OPTION_ARG_STRING, &ret->at,
			"Instead of now: 20:15, +2h, '2026-11-22 20:15'", "TIME"},
		{"day", 0, 0, G_OPTION_ARG_NONE, &ret->day, "The whole day", NULL},
		{"format", 0, 0, G_OPTION_ARG_STRING, &ret->format, "table (the default), json",
			"FORMAT"},
		{0},
	};
	return options_parse(entries, "[CHANNEL]",
		"Says what is on now and next, on all channels or on CHANNEL: a number, a name,\n"
		"or words of name and bouquets.",
		argc, argv);
}

static int read_question(const struct guide_options *options, struct question *ret)
{
	int64_t now_utc_s = g_get_real_time() / G_USEC_PER_SEC;
	const char *format = options->format ? options->format : "table";
	ret->day = options->day;
	ret->json = !strcmp(format, "json");
	if (!ret->json && strcmp(format, "table") != 0)
		return options_usage_error("there is no format '%s'", format);
	const char *at = options->at ? options->at : "now";
	if (guide_time_parse(at, now_utc_s, ret->zone, &ret->at_utc_s))
		return options_usage_error("'%s' is no time such as 20:15, +2h, 2026-11-22 or "
					   "'2026-11-22 20:15'",
			at);
	return EXIT_OK;
}

/* All events from midnight to midnight, each once: where one starts, it is on. */
static int look_at_day(struct guide *guide, int64_t channel, struct guide_view *view)
{
	struct guide_now found;
	gint64 at, to;
	guide_time_day(view->at_utc_s, view->zone, &at, &to);
	int result;
	while (!(result = guide_now_next(guide, channel, at, &found))) {
		if (found.now.known)
			guide_view_event(view, &found.now);
		if (!found.next.known || found.next.start_utc_s >= to)
			break;
		at = found.next.start_utc_s;
	}
	return result;
}

static int look_now(struct guide *guide, int64_t channel, struct guide_view *view)
{
	struct guide_now found;
	int result = guide_now_next(guide, channel, view->at_utc_s, &found);
	if (result)
		return result;
	guide_view_event(view, &found.now);
	guide_view_event(view, &found.next);
	return 0;
}

static int look_up(struct guide *guide, const struct channel *channel, struct guide_view *view)
{
	const struct guide_subject subject = {
		channel->guide_id, channel->guide_name, channel->name};
	int64_t id;
	int result = guide_find(guide, &subject, &id);
	guide_view_channel(view, channel, !result);
	if (result)
		return result == -ENOENT ? 0 : result;
	return (view->day ? look_at_day : look_now)(guide, id, view);
}

/* By none of what the line-up knows it by. */
static void say_not_in_guide(const struct channel *channel)
{
	bool alike = !*channel->guide_name || !strcmp(channel->guide_name, channel->name);
	char *names =
		alike ? g_strdup_printf("\"%s\"", channel->name)
		      : g_strdup_printf("\"%s\" or \"%s\"", channel->guide_name, channel->name);
	if (*channel->guide_id)
		fprintf(stderr, "%s: the guide has neither the guide id \"%s\" nor the name %s\n",
			g_get_prgname(), channel->guide_id, names);
	else
		fprintf(stderr, "%s: the guide has no channel named %s\n", g_get_prgname(), names);
	g_free(names);
}

/* Of one channel says why there is nothing, of several only of how many. */
static void say_unknown(const struct guide_view *view)
{
	size_t unknown = guide_view_unknown(view);
	if (!unknown)
		return;
	const struct guide_shown *first = &g_array_index(view->channels, struct guide_shown, 0);
	char *when = guide_time_format(
		view->at_utc_s, view->zone, view->day ? "on %Y-%m-%d" : "at %Y-%m-%d %H:%M");
	if (view->channels->len > 1)
		fprintf(stderr, "%s: the guide knows nothing of %zu of %u channels %s\n",
			g_get_prgname(), unknown, view->channels->len, when);
	else if (first->in_guide)
		fprintf(stderr, "%s: the guide knows nothing of \"%s\" %s\n", g_get_prgname(),
			first->channel->name, when);
	else
		say_not_in_guide(first->channel);
	g_free(when);
}

static void print_table(const struct guide_view *view, GString *text)
{
	if (guide_view_unknown(view) == view->channels->len)
		return;
	char *when = guide_time_format(
		view->at_utc_s, view->zone, view->day ? "%Y-%m-%d (%Z)" : "%Y-%m-%d %H:%M (%Z)");
	g_string_append_printf(text, "%s\n", when);
	guide_view_table(view, output_terminal_columns(), text);
	g_free(when);
}

static enum exit_code print_view(const struct guide_view *view, bool json)
{
	GString *text = g_string_new(NULL);
	if (json)
		guide_view_json(view, text);
	else
		print_table(view, text);
	output_text(text);
	g_string_free(text, TRUE);
	enum exit_code code = output_finish();
	if (!json)
		say_unknown(view);
	return code;
}

static enum exit_code show(
	struct guide *guide, const struct channel_list *list, const struct question *question)
{
	struct guide_view view;
	int result = 0;
	guide_view_init(&view, question->at_utc_s, question->zone, question->day);
	for (size_t i = 0; i < list->count && !result; i++)
		result = look_up(guide, &list->channels[i], &view);
	enum exit_code code = exit_code_of(result);
	if (result)
		fprintf(stderr, "%s: the guide cannot be read: %s\n", g_get_prgname(),
			channel_error_text(result));
	else
		code = print_view(&view, question->json);
	guide_view_clear(&view);
	return code;
}

static enum exit_code open_and_show(
	const char *lineup_path, const struct channel_list *list, const struct question *question)
{
	char *path = guide_path_beside(lineup_path), *why = NULL;
	struct guide *guide = NULL;
	int result = guide_open(path, GUIDE_READ, &guide, &why);
	enum exit_code code = exit_code_of(result);
	if (result)
		fprintf(stderr, "%s: %s\n", g_get_prgname(), why);
	else
		code = show(guide, list, question);
	guide_close(guide);
	g_free(why);
	g_free(path);
	return code;
}

static enum exit_code answer(
	const char *path, const struct channel_list *list, const struct question *question)
{
	if (!*question->words)
		return open_and_show(path, list, question);
	struct channel_list found = channel_pick(list, question->words);
	enum exit_code code = EXIT_NO_INPUT;
	if (found.count) {
		code = open_and_show(path, &found, question);
	} else {
		char *words = g_strjoinv(" ", (char **)question->words);
		fprintf(stderr, "%s: there is no channel \"%s\"\n", g_get_prgname(), words);
		g_free(words);
	}
	g_free((gpointer)found.channels);
	return code;
}

int command_guide(int argc, char **argv)
{
	struct guide_options options = {0};
	struct question question = {.zone = g_time_zone_new_local()};
	struct channel_list *list = NULL;
	int code = parse_options(&argc, &argv, &options);
	if (code == EXIT_OK)
		code = read_question(&options, &question);
	question.words = (const char *const *)argv + 1;
	char *path = options_db_path(options.db);
	if (code == EXIT_OK)
		code = (int)command_load_lineup(path, &list);
	if (code == EXIT_OK)
		code = (int)answer(path, list, &question);
	channel_list_free(list);
	g_time_zone_unref(question.zone);
	g_free(path);
	g_free(options.db);
	g_free(options.at);
	g_free(options.format);
	return code;
}
