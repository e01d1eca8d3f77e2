/*
 * channels/columns: what is said of a channel in columns, of our own CSV (channels/csv.h) and of
 * tables (channels/table.h), each under the same name. Pure.
 */
#pragma once

#include <glib.h>

#include "channels/source_fields.h"

enum channel_column {
	COLUMN_NUMBER,
	COLUMN_NAME,
	COLUMN_KIND,
	COLUMN_LANGUAGE,
	COLUMN_GUIDE_ID,
	COLUMN_LOGO,
	COLUMN_BOUQUETS,
	COLUMN_URI,
	COLUMN_OF_SOURCE, /* and one for each field of a source */
	COLUMN_BOUQUET_PLACES = COLUMN_OF_SOURCE + SOURCE_FIELDS,
	COLUMN_GUIDE_NAME,
	CSV_COLUMNS, /* the others are of tables only: */
	COLUMN_ADDRESS = CSV_COLUMNS,
	COLUMN_ALTERNATES,
	COLUMN_FAVOURITE,
	COLUMN_LOCKED,
	CHANNEL_COLUMNS,
};

/* As users write it, such as "guide_id". */
const char *channel_column_name(enum channel_column column);
/* The heading in a table, NULL where the column is of CSV only. */
const char *channel_column_heading(enum channel_column column);
/* By its name in any case; CHANNEL_COLUMNS where there is no such one. */
enum channel_column channel_column_named(const char *name);

/*
 * Reads "number,name,...", with empty names left out: an array of enum channel_column. NULL where a
 * name is no column, which *ret_unknown then is (freed with g_free()).
 */
GArray *channel_columns_parse(const char *names, char **ret_unknown);

const char *channel_kind_name(enum channel_kind kind); /* "tv" or "radio" */

/*
 * A channel's text in a column, beside one of its sources; lives as long as these and `scratch`,
 * which it may overwrite. Not for bouquets and what is of tables only.
 */
const char *channel_column_text(const struct channel *channel, const struct channel_source *source,
	enum channel_column column, GString *scratch);
