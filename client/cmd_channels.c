#include <arpa/inet.h>
#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "channels/m3u.h"
#include "channels/table.h"
#include "client/cmd_lineup.h"
#include "client/options.h"

static json_t *source_json(const struct channel_address *source)
{
	char uri[CHANNEL_ADDRESS_BYTES], group[INET_ADDRSTRLEN], from[INET_ADDRSTRLEN];
	bool any = source->source.s_addr == htonl(INADDR_ANY);
	inet_ntop(AF_INET, &source->group, group, sizeof group);
	inet_ntop(AF_INET, &source->source, from, sizeof from);
	/* "s?": null for any source */
	json_t *item = json_pack("{s:s, s:s, s:s?, s:i, s:s}", "uri",
		channel_address_format(source, uri), "group", group, "source", any ? NULL : from,
		"port", (int)source->port, "transport", channel_transport_name(source->transport));
	if (source->programme)
		json_object_set_new(item, "programme", json_integer(source->programme));
	return item;
}

static json_t *channel_json(const struct channel *channel)
{
	char number[CHANNEL_NUMBER_BYTES];
	json_t *bouquets = json_array(), *sources = json_array();
	for (const char *const *bouquet = channel->bouquets; *bouquet; bouquet++)
		json_array_append_new(bouquets, json_string(*bouquet));
	for (size_t i = 0; i < channel->source_count; i++)
		json_array_append_new(sources, source_json(&channel->sources[i].address));
	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:o}", "number",
		channel_number_format(channel, number), "name", channel->name, "kind",
		channel->kind == CHANNEL_RADIO ? "radio" : "tv", "bouquets", bouquets, "guide_id",
		channel->guide_id, "logo", channel->logo, "sources", sources);
}

/* One channel a line, so that a long line-up neither fills memory nor defeats grep. */
static void print_json(const struct channel_list *list)
{
	fputs("[", stdout);
	for (size_t i = 0; i < list->count; i++) {
		json_t *channel = channel_json(&list->channels[i]);
		fputs(i ? ",\n" : "\n", stdout);
		json_dumpf(channel, stdout, JSON_COMPACT);
		json_decref(channel);
	}
	fputs("\n]\n", stdout);
}

static void print_m3u(const struct channel_list *list)
{
	GString *text = g_string_new(NULL);
	m3u_write(list, text);
	fwrite(text->str, 1, text->len, stdout);
	g_string_free(text, TRUE);
}

static void print_table(const struct channel_list *list)
{
	GString *text = g_string_new(NULL);
	channel_table_write(list, text);
	fwrite(text->str, 1, text->len, stdout);
	g_string_free(text, TRUE);
}

static const struct list_format {
	const char *name;
	void (*print)(const struct channel_list *list);
} formats[] = {
	{"table", print_table},
	{"json", print_json},
	{"m3u", print_m3u},
};

static const struct list_format *find_format(const char *name)
{
	if (!name)
		return &formats[0];
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (!strcmp(name, formats[i].name))
			return &formats[i];
	fprintf(stderr, "%s: there is no format '%s' (see '%s --help')\n", g_get_prgname(), name,
		g_get_prgname());
	return NULL;
}

static enum exit_code print_lineup(const char *db, const struct list_format *format)
{
	struct channel_list *list;
	enum exit_code code = command_load_lineup(db, &list);
	if (code != EXIT_OK)
		return code;
	format->print(list);
	channel_list_free(list);
	if (!ferror(stdout) && !fflush(stdout))
		return EXIT_OK;
	fprintf(stderr, "%s: the output cannot be written\n", g_get_prgname());
	return EXIT_FAILED;
}

int command_channels(int argc, char **argv)
{
	char *db = NULL, *format_name = NULL;
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &db, "The line-up's file", "FILE"},
		{"format", 0, 0, G_OPTION_ARG_STRING, &format_name,
			"table (the default), json or m3u", "FORMAT"},
		{0},
	};
	int code = options_parse(
		entries, "", "Lists the channels in the order of their numbers.", &argc, &argv);
	if (code == EXIT_OK && argc > 1) {
		fprintf(stderr, "%s: unexpected argument '%s' (see '%s --help')\n", g_get_prgname(),
			argv[1], g_get_prgname());
		code = EXIT_USAGE;
	}
	const struct list_format *format = code == EXIT_OK ? find_format(format_name) : NULL;
	if (code == EXIT_OK)
		code = format ? (int)print_lineup(db, format) : EXIT_USAGE;
	g_free(db);
	g_free(format_name);
	return code;
}
