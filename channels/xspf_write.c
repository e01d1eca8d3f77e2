#include <string.h>

#include "channels/xspf.h"

/* XML has no way to say U+FFFE and U+FFFF (XML 1.0, 2.2). */
static void replace_nonsense(GString *text)
{
	g_string_replace(text, "\xef\xbf\xbe", "\xef\xbf\xbd", 0);
	g_string_replace(text, "\xef\xbf\xbf", "\xef\xbf\xbd", 0);
}

static void append_escaped(GString *out, const char *text)
{
	GString *cleaned = g_string_new(NULL);
	channel_writing_text(cleaned, text);
	replace_nonsense(cleaned);
	char *escaped = g_markup_escape_text(cleaned->str, (gssize)cleaned->len);
	g_string_append(out, escaped);
	g_free(escaped);
	g_string_free(cleaned, TRUE);
}

static void append_element(GString *out, const char *name, const char *text)
{
	if (!*text)
		return;
	g_string_append_printf(out, "<%s>", name);
	append_escaped(out, text);
	g_string_append_printf(out, "</%s>", name);
}

static void append_meta(GString *out, const char *rel, const char *text)
{
	if (!*text)
		return;
	g_string_append_printf(out, "<meta rel=\"%s\">", rel);
	append_escaped(out, text);
	g_string_append(out, "</meta>");
}

static void append_details(GString *out, const struct channel *channel)
{
	char number[CHANNEL_NUMBER_BYTES];
	GString *bouquets = g_string_new(NULL);
	channel_number_format(channel, number);
	channel_writing_bouquets(bouquets, channel);
	append_element(out, "title", channel->name);
	append_element(out, "image", channel->logo);
	/* The number of a track is a whole one. */
	if (!channel->subnumber)
		append_element(out, "trackNum", number);
	append_meta(out, "tvg-chno", number);
	append_meta(out, "tvg-id", channel->guide_id);
	append_meta(out, "tvg-name", channel->guide_name);
	append_meta(out, "tvg-language", channel->language);
	append_meta(out, "group-title", bouquets->str);
	append_meta(out, "radio", channel->kind == CHANNEL_RADIO ? "true" : "");
	g_string_free(bouquets, TRUE);
}

static void append_programme(GString *out, unsigned programme)
{
	if (programme)
		g_string_append_printf(out,
			"<extension application=\"http://www.videolan.org/vlc/playlist/0\">"
			"<vlc:option>program=%u</vlc:option></extension>",
			programme);
}

/* One track has all addresses from there on that hold the same programme. Returns how many. */
static size_t append_track(GString *out, const struct channel *channel, size_t first)
{
	unsigned programme = channel->sources[first].address.programme;
	size_t i = first;
	g_string_append(out, "<track>");
	for (; i < channel->source_count && channel->sources[i].address.programme == programme;
		i++) {
		char uri[CHANNEL_ADDRESS_BYTES];
		append_element(
			out, "location", channel_address_format(&channel->sources[i].address, uri));
	}
	append_details(out, channel);
	append_programme(out, programme);
	g_string_append(out, "</track>\n");
	return i - first;
}

static void begin(const struct channel_writing *writing, GString *out)
{
	(void)writing;
	g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			     "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\" "
			     "xmlns:vlc=\"http://www.videolan.org/vlc/playlist/ns/0/\">\n"
			     "<trackList>\n");
}

static void append_channel(const struct channel_writing *writing, size_t index, GString *out)
{
	const struct channel *channel = &writing->list->channels[index];
	for (size_t i = 0; i < channel->source_count;)
		i += append_track(out, channel, i);
}

static void end(const struct channel_writing *writing, GString *out)
{
	(void)writing;
	g_string_append(out, "</trackList>\n</playlist>\n");
}

const struct channel_writer_class xspf_writer_class = {
	.format = CHANNEL_FORMAT_XSPF,
	.name = "xspf",
	.begin = begin,
	.channel = append_channel,
	.end = end,
};
