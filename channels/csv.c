#include "channels/csv.h"

#include <string.h>

#include "channels/columns.h"
#include "channels/csv_rows.h"
#include "channels/listing.h"

struct csv_parser {
	struct listing listing;
	struct csv_rows rows;
	bool has_header;
	size_t columns;		   /* of the header */
	size_t where[CSV_COLUMNS]; /* a column's place in a row, from 1; 0: there is none */
};

/* Lives until the entry is emitted or dropped. */
static const char *field_at(struct listing *listing, const struct csv_row *row, size_t index)
{
	size_t start = row->starts[index];
	return listing_keep(listing, row->text + start, row->starts[index + 1] - start);
}

static const char *field_of(
	struct csv_parser *parser, const struct csv_row *row, enum channel_column column)
{
	size_t where = parser->where[column];
	return where && where <= row->count ? field_at(&parser->listing, row, where - 1) : "";
}

static void take_header(struct csv_parser *parser, const struct csv_row *row)
{
	parser->has_header = true;
	parser->columns = row->count;
	for (size_t i = 0; i < row->count; i++) {
		const char *name = field_at(&parser->listing, row, i);
		enum channel_column column = channel_column_named(name);
		if (column >= CSV_COLUMNS)
			listing_warn_of(&parser->listing, row->line, CHANNEL_KEPT, name,
				"is no column that zapper knows; it is ignored");
		else if (parser->where[column])
			listing_warn_of(&parser->listing, row->line, CHANNEL_KEPT, name,
				"is there already; the second column of that name is ignored");
		else
			parser->where[column] = i + 1;
	}
	if (!parser->where[COLUMN_URI])
		listing_warn(&parser->listing, row->line, CHANNEL_KEPT,
			"the first row names no column \"uri\"; the list has no addresses");
	listing_drop(&parser->listing);
}

/* "3;5": cuts the first one off the front; 0 where there is none. */
static unsigned cut_place(const char **places)
{
	char *end;
	guint64 place = g_ascii_strtoull(*places, &end, 10);
	*places = *end == ';' ? end + 1 : end;
	return (unsigned)MIN(place, G_MAXINT);
}

/* "a;b\;c" is "a" and "b;c". */
static void read_bouquets(
	struct csv_parser *parser, unsigned line, const char *text, const char *places)
{
	GString *name = g_string_new(NULL);
	for (; *text; text++) {
		if (*text == ';') {
			listing_add_bouquet(&parser->listing, line, name->str, cut_place(&places));
			g_string_truncate(name, 0);
			continue;
		}
		if (*text == '\\' && text[1])
			text++;
		g_string_append_c(name, *text);
	}
	listing_add_bouquet(&parser->listing, line, name->str, cut_place(&places));
	g_string_free(name, TRUE);
}

static void emit(
	struct csv_parser *parser, const struct csv_row *row, const struct channel_source *source)
{
	struct channel_entry entry = {.line = row->line,
		.name = field_of(parser, row, COLUMN_NAME),
		.kind = listing_read_kind(
			&parser->listing, row->line, field_of(parser, row, COLUMN_KIND)),
		.language = field_of(parser, row, COLUMN_LANGUAGE),
		.guide_id = field_of(parser, row, COLUMN_GUIDE_ID),
		.guide_name = field_of(parser, row, COLUMN_GUIDE_NAME),
		.logo = field_of(parser, row, COLUMN_LOGO),
		.source = *source};
	for (int field = 0; field < SOURCE_FIELDS; field++)
		source_field_read(&parser->listing, row->line, field,
			field_of(parser, row, COLUMN_OF_SOURCE + field), &entry.source);
	read_bouquets(parser, row->line, field_of(parser, row, COLUMN_BOUQUETS),
		field_of(parser, row, COLUMN_BOUQUET_PLACES));
	listing_read_number(
		&parser->listing, row->line, field_of(parser, row, COLUMN_NUMBER), &entry);
	listing_emit(&parser->listing, &entry);
}

static void check_text(struct csv_parser *parser, const struct csv_row *row)
{
	const char *bad;
	if (!g_utf8_validate_len(row->text, row->starts[row->count], &bad))
		listing_warn_bad(&parser->listing, row->line, bad - row->text);
	if (row->count != parser->columns)
		listing_warn(&parser->listing, row->line, CHANNEL_KEPT,
			"the row has %zu fields and the first one %zu; what is missing is taken "
			"for empty, what is too much is ignored",
			row->count, parser->columns);
}

static void take_row(void *ctx, const struct csv_row *row)
{
	struct csv_parser *parser = ctx;
	struct channel_source source;
	if (row->cut) {
		listing_warn(&parser->listing, row->line, CHANNEL_IGNORED,
			"the row is too long, or a quotation mark is not closed; it is ignored, up "
			"to line %u",
			row->last_line);
		return;
	}
	if (!parser->has_header) {
		take_header(parser, row);
		return;
	}
	check_text(parser, row);
	const char *uri = field_of(parser, row, COLUMN_URI);
	if (!*uri)
		listing_warn_lost(&parser->listing, row->line, field_of(parser, row, COLUMN_NAME));
	else if (listing_read_source(&parser->listing, row->line, uri, &source))
		emit(parser, row, &source);
	listing_drop(&parser->listing);
}

static void *csv_create(const char *file, const struct channel_sink *sink)
{
	struct csv_parser *parser = g_new0(struct csv_parser, 1);
	listing_init(&parser->listing, file, sink);
	csv_rows_init(&parser->rows, take_row, parser);
	return parser;
}

static void csv_feed(void *parser, const char *bytes, size_t size)
{
	csv_rows_feed(&((struct csv_parser *)parser)->rows, bytes, size);
}

static void csv_finish(void *parser)
{
	csv_rows_finish(&((struct csv_parser *)parser)->rows);
}

static void csv_destroy(void *data)
{
	struct csv_parser *parser = data;
	if (!parser)
		return;
	csv_rows_clear(&parser->rows);
	listing_clear(&parser->listing);
	g_free(parser);
}

struct header {
	bool seen;
	bool has_uri;
	size_t known;
};

static void look_at_header(void *ctx, const struct csv_row *row)
{
	struct header *header = ctx;
	for (size_t i = 0; i < row->count && !header->seen; i++) {
		size_t start = row->starts[i];
		char *name = g_strndup(row->text + start, row->starts[i + 1] - start);
		enum channel_column column = channel_column_named(g_strstrip(name));
		header->has_uri |= column == COLUMN_URI;
		header->known += column < CSV_COLUMNS;
		g_free(name);
	}
	header->seen = true;
}

/* A first row that has the address's column and another one of ours. */
static bool csv_detect(const char *head, size_t size)
{
	struct header header = {0};
	struct csv_rows rows;
	csv_rows_init(&rows, look_at_header, &header);
	csv_rows_feed(&rows, head, size);
	csv_rows_finish(&rows);
	csv_rows_clear(&rows);
	return header.has_uri && header.known > 1;
}

const struct channel_parser_class csv_parser_class = {
	.format = CHANNEL_FORMAT_CSV,
	.name = "csv",
	.detect = csv_detect,
	.create = csv_create,
	.feed = csv_feed,
	.finish = csv_finish,
	.destroy = csv_destroy,
};
