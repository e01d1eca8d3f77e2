#include <string.h>

#include "channels/m3u.h"

/* From there on M3U knows no escape for '"'. */
static void replace_quotes(GString *out, gsize from)
{
	for (char *c = out->str + from; *c; c++)
		if (*c == '"')
			*c = '\'';
}

static void append_attribute(GString *out, const char *key, const char *value)
{
	if (!*value)
		return;
	g_string_append_printf(out, " %s=\"", key);
	gsize start = out->len;
	channel_writing_text(out, value);
	replace_quotes(out, start);
	g_string_append_c(out, '"');
}

static void append_bouquets(GString *out, const struct channel *channel)
{
	GString *bouquets = g_string_new(NULL);
	channel_writing_bouquets(bouquets, channel);
	append_attribute(out, "group-title", bouquets->str);
	g_string_free(bouquets, TRUE);
}

/* A name may hold quotation marks, but not what looks like an attribute. */
static void append_name(GString *out, const char *name)
{
	gsize start = out->len;
	channel_writing_text(out, name);
	if (strstr(out->str + start, "=\""))
		replace_quotes(out, start);
}

static void append_details(GString *out, const struct channel *channel)
{
	char number[CHANNEL_NUMBER_BYTES];
	g_string_append(out, "#EXTINF:-1");
	append_attribute(out, "tvg-chno", channel_number_format(channel, number));
	append_attribute(out, "tvg-id", channel->guide_id);
	append_attribute(out, "tvg-name", channel->guide_name);
	append_attribute(out, "tvg-logo", channel->logo);
	append_attribute(out, "tvg-language", channel->language);
	append_bouquets(out, channel);
	if (channel->kind == CHANNEL_RADIO)
		append_attribute(out, "radio", "true");
	g_string_append_c(out, ',');
	append_name(out, channel->name);
	g_string_append_c(out, '\n');
}

static void begin(const struct channel_writing *writing, GString *out)
{
	(void)writing;
	g_string_append(out, "#EXTM3U\n");
}

/* Alternate sources repeat the channel's details. */
static void append_channel(const struct channel_writing *writing, size_t index, GString *out)
{
	const struct channel *channel = &writing->list->channels[index];
	char uri[CHANNEL_ADDRESS_BYTES];
	for (size_t i = 0; i < channel->source_count; i++) {
		const struct channel_address *address = &channel->sources[i].address;
		append_details(out, channel);
		if (address->programme)
			g_string_append_printf(out, "#EXTVLCOPT:program=%u\n", address->programme);
		g_string_append_printf(out, "%s\n", channel_address_format(address, uri));
	}
}

const struct channel_writer_class m3u_writer_class = {
	.format = CHANNEL_FORMAT_M3U,
	.name = "m3u",
	.begin = begin,
	.channel = append_channel,
};
