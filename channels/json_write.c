#include <arpa/inet.h>
#include <jansson.h>

#include "channels/columns.h"
#include "channels/json_list.h"

/* JSON could say control characters; a line-up has none, and a terminal must not see them. */
static json_t *write_text(const char *text)
{
	GString *cleaned = g_string_new(NULL);
	channel_writing_text(cleaned, text);
	json_t *string = json_stringn(cleaned->str, cleaned->len);
	g_string_free(cleaned, TRUE);
	return string;
}

static json_t *write_source(const struct channel_source *source)
{
	const struct channel_address *address = &source->address;
	char uri[CHANNEL_ADDRESS_BYTES], group[INET_ADDRSTRLEN], from[INET_ADDRSTRLEN];
	bool any = address->source.s_addr == htonl(INADDR_ANY);
	inet_ntop(AF_INET, &address->group, group, sizeof group);
	inet_ntop(AF_INET, &address->source, from, sizeof from);
	/* "s?": null for any source */
	json_t *object =
		json_pack("{s:s, s:s, s:s?, s:i, s:s}", "uri", channel_address_format(address, uri),
			"group", group, "source", any ? NULL : from, "port", (int)address->port,
			"transport", channel_transport_name(address->transport));
	if (address->programme)
		json_object_set_new(object, source_field_name(SOURCE_PROGRAMME),
			json_integer(address->programme));
	for (int field = SOURCE_PROGRAMME + 1; field < SOURCE_FIELDS; field++) {
		char buf[SOURCE_FIELD_BYTES];
		const char *text = source_field_write(source, field, buf);
		if (*text)
			json_object_set_new(object, source_field_name(field), write_text(text));
	}
	return object;
}

static json_t *write_sources(const struct channel *channel)
{
	json_t *sources = json_array();
	for (size_t i = 0; i < channel->source_count; i++)
		json_array_append_new(sources, write_source(&channel->sources[i]));
	return sources;
}

static json_t *write_bouquets(const struct channel *channel)
{
	json_t *bouquets = json_array();
	for (const char *const *bouquet = channel->bouquets; *bouquet; bouquet++)
		json_array_append_new(bouquets, write_text(*bouquet));
	return bouquets;
}

static json_t *write_places(const struct channel_writing *writing, const char *const *bouquets)
{
	json_t *places = json_array();
	for (; *bouquets; bouquets++)
		json_array_append_new(
			places, json_integer(channel_writing_place(writing, *bouquets)));
	return places;
}

static json_t *write_channel(const struct channel_writing *writing, const struct channel *channel)
{
	char number[CHANNEL_NUMBER_BYTES];
	return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:o}", "number",
		channel_number_format(channel, number), "name", write_text(channel->name), "kind",
		channel_kind_name(channel->kind), "language", write_text(channel->language),
		"bouquets", write_bouquets(channel), "bouquet_places",
		write_places(writing, channel->bouquets), "guide_id", write_text(channel->guide_id),
		"guide_name", write_text(channel->guide_name), "logo", write_text(channel->logo),
		"favourite", channel->favourite, "locked", channel->locked, "sources",
		write_sources(channel));
}

static void begin(const struct channel_writing *writing, GString *out)
{
	(void)writing;
	g_string_append(out, "[");
}

/* One channel a line, for grep. */
static void append_channel(const struct channel_writing *writing, size_t index, GString *out)
{
	json_t *object = write_channel(writing, &writing->list->channels[index]);
	char *text = json_dumps(object, JSON_COMPACT);
	g_string_append(out, index ? ",\n" : "\n");
	g_string_append(out, text);
	free(text);
	json_decref(object);
}

static void end(const struct channel_writing *writing, GString *out)
{
	(void)writing;
	g_string_append(out, "\n]\n");
}

const struct channel_writer_class json_writer_class = {
	.format = CHANNEL_FORMAT_JSON,
	.name = "json",
	.begin = begin,
	.channel = append_channel,
	.end = end,
};
