/* channels/csv_rows: the rows of comma-separated values (RFC 4180) that come in pieces. Pure. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A row that has more than this is cut; rows do not fill memory, nor does a mark that is not
 * closed. */
#define CSV_ROW_BYTES 65536
#define CSV_ROW_FIELDS 64

struct csv_row {
	unsigned line;	    /* that it begins on, from 1 */
	unsigned last_line; /* that it ends on */
	bool cut;	    /* at a limit, or in quotation marks by the end of the input */
	size_t count;
	const char *text;     /* of all fields, without quotation marks around them */
	const size_t *starts; /* of each field in `text`, and of the end: count + 1 of them */
};

typedef void (*csv_row_fn)(void *ctx, const struct csv_row *row);

struct csv_rows {
	csv_row_fn take;
	void *ctx;
	char separator; /* 0 until the first row shows it: ',', ';' or a tab */
	unsigned state;
	unsigned line, first_line;
	size_t marks; /* bytes of a byte order mark at the beginning */
	bool after_cr, cut, quoted;
	GString *text;
	GArray *starts;
};

/* Hands each row that is not blank to `take`. Freed with csv_rows_clear(). */
void csv_rows_init(struct csv_rows *rows, csv_row_fn take, void *ctx);
void csv_rows_clear(struct csv_rows *rows);
void csv_rows_feed(struct csv_rows *rows, const char *bytes, size_t size);
void csv_rows_finish(struct csv_rows *rows);
