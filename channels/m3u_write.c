#include "channels/m3u.h"

/* M3U knows no escape for '"' inside an attribute. */
static void append_attribute(GString *out, const char *key, const char *value)
{
	if (!*value)
		return;
	g_string_append_printf(out, " %s=\"", key);
	for (; *value; value++)
		g_string_append_c(out, *value == '"' ? '\'' : *value);
	g_string_append_c(out, '"');
}

static void append_channel(GString *out, const struct channel *channel)
{
	char number[CHANNEL_NUMBER_BYTES];
	char *bouquets = g_strjoinv(";", (char **)channel->bouquets);
	g_string_append(out, "#EXTINF:-1");
	append_attribute(out, "tvg-chno", channel_number_format(channel, number));
	append_attribute(out, "tvg-id", channel->guide_id);
	append_attribute(out, "tvg-logo", channel->logo);
	append_attribute(out, "group-title", bouquets);
	if (channel->kind == CHANNEL_RADIO)
		append_attribute(out, "radio", "true");
	g_string_append_printf(out, ",%s\n", channel->name);
	g_free(bouquets);
}

void m3u_write(const struct channel_list *list, GString *out)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	g_string_append(out, "#EXTM3U\n");
	for (size_t i = 0; i < list->count; i++) {
		const struct channel *channel = &list->channels[i];
		for (size_t s = 0; s < channel->source_count; s++) {
			append_channel(out, channel);
			if (channel->sources[s].address.programme)
				g_string_append_printf(out, "#EXTVLCOPT:program=%u\n",
					channel->sources[s].address.programme);
			channel_address_format(&channel->sources[s].address, uri);
			g_string_append_printf(out, "%s\n", uri);
		}
	}
}
