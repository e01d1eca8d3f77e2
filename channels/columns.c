#include "channels/columns.h"

static const struct {
	const char *name;
	const char *heading;
} columns[CHANNEL_COLUMNS] = {
	[COLUMN_NUMBER] = {"number", "No."},
	[COLUMN_NAME] = {"name", "Name"},
	[COLUMN_KIND] = {"kind", "Kind"},
	[COLUMN_LANGUAGE] = {"language", "Language"},
	[COLUMN_GUIDE_ID] = {"guide_id", "Guide id"},
	[COLUMN_LOGO] = {"logo", "Logo"},
	[COLUMN_BOUQUETS] = {"bouquets", "Bouquets"},
	[COLUMN_URI] = {"uri", "URI"},
	[COLUMN_OF_SOURCE + SOURCE_PROGRAMME] = {NULL, "Programme"},
	[COLUMN_OF_SOURCE + SOURCE_IFACE] = {NULL, "Interface"},
	[COLUMN_OF_SOURCE + SOURCE_FEC] = {NULL, "FEC"},
	[COLUMN_OF_SOURCE + SOURCE_FCC] = {NULL, "FCC"},
	[COLUMN_OF_SOURCE + SOURCE_FCC_TYPE] = {NULL, "FCC type"},
	[COLUMN_OF_SOURCE + SOURCE_RET] = {NULL, "Retransmission"},
	[COLUMN_OF_SOURCE + SOURCE_HTTP] = {NULL, "HTTP"},
	[COLUMN_OF_SOURCE + SOURCE_LABEL] = {NULL, "Label"},
	[COLUMN_BOUQUET_PLACES] = {"bouquet_places", NULL},
	[COLUMN_GUIDE_NAME] = {"guide_name", "Guide name"},
	[COLUMN_ADDRESS] = {"address", "Address"},
	[COLUMN_ALTERNATES] = {"alternates", "Alternates"},
	[COLUMN_FAVOURITE] = {"favourite", "Favourite"},
	[COLUMN_LOCKED] = {"locked", "Locked"},
};

const char *channel_column_name(enum channel_column column)
{
	const char *name = columns[column].name;
	return name ? name : source_field_name(column - COLUMN_OF_SOURCE);
}

const char *channel_column_heading(enum channel_column column)
{
	return columns[column].heading;
}

enum channel_column channel_column_named(const char *name)
{
	int column = 0;
	while (column < CHANNEL_COLUMNS && g_ascii_strcasecmp(name, channel_column_name(column)))
		column++;
	return column;
}

GArray *channel_columns_parse(const char *names, char **ret_unknown)
{
	GArray *found = g_array_new(FALSE, FALSE, sizeof(enum channel_column));
	char **list = g_strsplit(names, ",", -1);
	for (char **name = list; *name && found; name++) {
		enum channel_column column = channel_column_named(g_strstrip(*name));
		if (column < CHANNEL_COLUMNS)
			g_array_append_val(found, column);
		if (column < CHANNEL_COLUMNS || !**name)
			continue;
		*ret_unknown = g_strdup(*name);
		g_array_unref(found);
		found = NULL;
	}
	g_strfreev(list);
	return found;
}

const char *channel_kind_name(enum channel_kind kind)
{
	return kind == CHANNEL_RADIO ? "radio" : "tv";
}

static const char *number_text(const struct channel *channel, GString *scratch)
{
	g_string_set_size(scratch, CHANNEL_NUMBER_BYTES);
	return channel_number_format(channel, scratch->str);
}

static const char *uri_text(const struct channel_source *source, GString *scratch)
{
	g_string_set_size(scratch, CHANNEL_ADDRESS_BYTES);
	return channel_address_format(&source->address, scratch->str);
}

static const char *field_text(
	const struct channel_source *source, enum source_field field, GString *scratch)
{
	g_string_set_size(scratch, SOURCE_FIELD_BYTES);
	return source_field_write(source, field, scratch->str);
}

const char *channel_column_text(const struct channel *channel, const struct channel_source *source,
	enum channel_column column, GString *scratch)
{
	switch (column) {
	case COLUMN_NUMBER:
		return number_text(channel, scratch);
	case COLUMN_NAME:
		return channel->name;
	case COLUMN_KIND:
		return channel_kind_name(channel->kind);
	case COLUMN_LANGUAGE:
		return channel->language;
	case COLUMN_GUIDE_ID:
		return channel->guide_id;
	case COLUMN_GUIDE_NAME:
		return channel->guide_name;
	case COLUMN_LOGO:
		return channel->logo;
	case COLUMN_URI:
		return uri_text(source, scratch);
	default:
		return field_text(source, column - COLUMN_OF_SOURCE, scratch);
	}
}
