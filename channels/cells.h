/*
 * channels/cells: text in columns for people, as a terminal shows it: wide letters take two columns
 * of it, combining ones none. Pure.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

enum cells_align {
	CELLS_LEFT,
	CELLS_RIGHT,
	CELLS_POINT, /* of numbers: at their point, or where it would be */
};

struct cells_column {
	const char *heading;
	enum cells_align align;
	bool whole;    /* is not cut as long as there is another column to cut */
	bool optional; /* is left out where all of its cells are empty */
};

struct cells;

/* The columns are copied, not their headings. Freed with cells_destroy(). */
struct cells *cells_create(const struct cells_column *columns, size_t count);
void cells_destroy(struct cells *cells); /* accepts NULL */

/* Adds a row: a text for each column, copied. Control characters become spaces, those that turn the
 * direction of text are left out. */
void cells_add(struct cells *cells, const char *const *texts);

/*
 * Appends the headings, and a line for each row. With `terminal` columns, all lines fit into them:
 * the widest cells are cut with an ellipsis. With 0 nothing is cut, and a row with a very long text
 * is not aligned behind it.
 */
void cells_write(const struct cells *cells, size_t terminal, GString *out);

/* The columns that a terminal takes to show the text. */
size_t cells_width(const char *text);
