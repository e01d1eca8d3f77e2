#include <string.h>

#include "channels/columns.h"
#include "channels/csv.h"

static enum channel_column column_at(const struct channel_writing *writing, guint index)
{
	if (!writing->columns)
		return index;
	return g_array_index(writing->columns, enum channel_column, index);
}

static guint column_count(const struct channel_writing *writing)
{
	return writing->columns ? writing->columns->len : CSV_COLUMNS;
}

/* In quotation marks where it must be (RFC 4180, 2). */
static void append_field(GString *out, const char *text)
{
	if (!strpbrk(text, "\",;\t\r\n")) {
		channel_writing_text(out, text);
		return;
	}
	gsize start = out->len;
	channel_writing_text(out, text);
	GString *quoted = g_string_new(out->str + start);
	g_string_replace(quoted, "\"", "\"\"", 0);
	g_string_truncate(out, start);
	g_string_append_printf(out, "\"%s\"", quoted->str);
	g_string_free(quoted, TRUE);
}

static void append_escaped(GString *out, const char *bouquet)
{
	for (; *bouquet; bouquet++) {
		if (*bouquet == ';' || *bouquet == '\\')
			g_string_append_c(out, '\\');
		g_string_append_c(out, *bouquet);
	}
}

static void append_bouquets(GString *out, const struct channel *channel)
{
	GString *text = g_string_new(NULL);
	for (const char *const *bouquet = channel->bouquets; *bouquet; bouquet++) {
		if (text->len)
			g_string_append_c(text, ';');
		append_escaped(text, *bouquet);
	}
	append_field(out, text->str);
	g_string_free(text, TRUE);
}

static void append_places(
	const struct channel_writing *writing, GString *out, const char *const *bouquets)
{
	for (const char *const *bouquet = bouquets; *bouquet; bouquet++)
		g_string_append_printf(out, "%s%u", bouquet > bouquets ? ";" : "",
			channel_writing_place(writing, *bouquet));
}

static void append_row(const struct channel_writing *writing, const struct channel *channel,
	const struct channel_source *source, GString *out)
{
	GString *scratch = g_string_new(NULL);
	for (guint i = 0; i < column_count(writing); i++) {
		enum channel_column column = column_at(writing, i);
		if (i)
			g_string_append_c(out, ',');
		if (column == COLUMN_BOUQUETS)
			append_bouquets(out, channel);
		else if (column == COLUMN_BOUQUET_PLACES)
			append_places(writing, out, channel->bouquets);
		else
			append_field(out, channel_column_text(channel, source, column, scratch));
	}
	g_string_append_c(out, '\n');
	g_string_free(scratch, TRUE);
}

static void begin(const struct channel_writing *writing, GString *out)
{
	for (guint i = 0; i < column_count(writing); i++)
		g_string_append_printf(
			out, "%s%s", i ? "," : "", channel_column_name(column_at(writing, i)));
	g_string_append_c(out, '\n');
}

/* A row for each source. */
static void append_channel(const struct channel_writing *writing, size_t index, GString *out)
{
	const struct channel *channel = &writing->list->channels[index];
	for (size_t i = 0; i < channel->source_count; i++)
		append_row(writing, channel, &channel->sources[i], out);
}

const struct channel_writer_class csv_writer_class = {
	.format = CHANNEL_FORMAT_CSV,
	.name = "csv",
	.begin = begin,
	.channel = append_channel,
};
