#include <string.h>

#include "channels/txt.h"

/* What would be a comment, a group, the beginning of an address or a byte order mark (in whose
 * place Unicode has the word joiner for texts) is written a little otherwise. */
static void append_text(GString *out, const char *text)
{
	static const char mark[] = "\xef\xbb\xbf", joiner[] = "\xe2\x81\xa0";
	GString *cleaned = g_string_new(NULL);
	channel_writing_text(cleaned, text);
	const char *start = cleaned->str + strspn(cleaned->str, " ");
	bool marked = g_str_has_prefix(start, mark);
	g_string_append(out, marked ? joiner : "");
	for (const char *c = start + (marked ? strlen(mark) : 0); *c; c++) {
		bool group = !g_ascii_strncasecmp(c, "#genre#", strlen("#genre#"));
		bool slashes = c[0] == '/' && c[1] == '/' && (c == start || c[-1] == ':');
		if (*c == '#' && (c == start || group))
			g_string_append(out, "\xef\xbc\x83"); /* the wide '#' of East Asia */
		else if (slashes)
			g_string_append(out, "/ ");
		else
			g_string_append_c(out, *c);
	}
	g_string_free(cleaned, TRUE);
}

static const char *group_of(const struct channel *channel)
{
	return *channel->bouquets ? *channel->bouquets : "";
}

/* A group goes on until the next one begins, which may be that of none. */
static void append_group(const struct channel_writing *writing, size_t index, GString *out)
{
	const char *group = group_of(&writing->list->channels[index]);
	const char *before = index ? group_of(&writing->list->channels[index - 1]) : "";
	if (!strcmp(group, before))
		return;
	append_text(out, group);
	g_string_append(out, ",#genre#\n");
}

/* A channel without a name of its own is called by its address, which would not do as a name. */
static bool is_nameless(const struct channel *channel)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	return channel->source_count == 1 &&
	       !strcmp(channel->name, channel_address_format(&channel->sources[0].address, uri));
}

static void append_channel(const struct channel_writing *writing, size_t index, GString *out)
{
	const struct channel *channel = &writing->list->channels[index];
	const char *name = is_nameless(channel) ? "" : channel->name;
	append_group(writing, index, out);
	for (size_t i = 0; i < channel->source_count; i++) {
		char uri[CHANNEL_ADDRESS_BYTES];
		append_text(out, name);
		g_string_append_printf(
			out, ",%s\n", channel_address_format(&channel->sources[i].address, uri));
	}
}

const struct channel_writer_class txt_writer_class = {
	.format = CHANNEL_FORMAT_TXT,
	.name = "txt",
	.channel = append_channel,
};
