#include "channels/csv_rows.h"

enum state {
	FIELD_START,
	PLAIN,
	QUOTED,
	QUOTE_IN_QUOTED, /* the end of the field, or one half of a doubled mark */
	SKIPPING,	 /* the rest of a line of a row that is cut */
};

void csv_rows_init(struct csv_rows *rows, csv_row_fn take, void *ctx)
{
	*rows = (struct csv_rows){.take = take,
		.ctx = ctx,
		.line = 1,
		.first_line = 1,
		.text = g_string_new(NULL),
		.starts = g_array_new(FALSE, FALSE, sizeof(size_t))};
	size_t start = 0;
	g_array_append_val(rows->starts, start);
}

void csv_rows_clear(struct csv_rows *rows)
{
	g_string_free(rows->text, TRUE);
	g_array_unref(rows->starts);
	*rows = (struct csv_rows){0};
}

static void end_field(struct csv_rows *rows)
{
	size_t start = rows->text->len;
	if (rows->starts->len > CSV_ROW_FIELDS)
		rows->cut = true;
	else
		g_array_append_val(rows->starts, start);
	rows->state = FIELD_START;
}

/* `line` is the one that ends with it. */
static void end_row(struct csv_rows *rows)
{
	bool open = rows->state == QUOTED;
	end_field(rows);
	const struct csv_row row = {.line = rows->first_line,
		.last_line = rows->line,
		.cut = rows->cut || open,
		.count = rows->starts->len - 1,
		.text = rows->text->str,
		.starts = (const size_t *)rows->starts->data};
	if (row.count > 1 || rows->text->len || rows->quoted || row.cut)
		rows->take(rows->ctx, &row);
	rows->cut = rows->quoted = false;
	g_string_truncate(rows->text, 0);
	g_array_set_size(rows->starts, 1);
}

static void append(struct csv_rows *rows, char byte)
{
	if (rows->text->len < CSV_ROW_BYTES) {
		g_string_append_c(rows->text, byte ? byte : ' ');
		return;
	}
	rows->cut = true;
	rows->state = SKIPPING;
}

static bool is_separator(struct csv_rows *rows, char byte)
{
	bool one = byte == ',' || byte == ';' || byte == '\t';
	if (one && !rows->separator)
		rows->separator = byte;
	return one && byte == rows->separator;
}

static void take_byte(struct csv_rows *rows, char byte)
{
	switch ((enum state)rows->state) {
	case FIELD_START:
	case PLAIN:
		if (is_separator(rows, byte)) {
			end_field(rows);
		} else if (byte == '"' && rows->state == FIELD_START) {
			rows->state = QUOTED;
			rows->quoted = true;
		} else if (byte != ' ' || rows->state == PLAIN) {
			/* Spaces in front are nobody's, and may hide a quotation mark. */
			rows->state = PLAIN;
			append(rows, byte);
		}
		break;
	case QUOTED:
		if (byte == '"')
			rows->state = QUOTE_IN_QUOTED;
		else
			append(rows, byte);
		break;
	case QUOTE_IN_QUOTED:
		rows->state = byte == '"' ? QUOTED : PLAIN;
		if (is_separator(rows, byte))
			end_field(rows);
		else
			append(rows, byte);
		break;
	case SKIPPING:
		break;
	}
}

/* Within quotation marks the line ends, but not the row. */
static void take_line_end(struct csv_rows *rows, char byte)
{
	bool second = rows->after_cr && byte == '\n';
	rows->after_cr = byte == '\r';
	if (second)
		return;
	if (rows->state == QUOTED)
		append(rows, ' ');
	else
		end_row(rows);
	rows->line++;
	if (rows->state == FIELD_START && rows->starts->len == 1)
		rows->first_line = rows->line;
}

void csv_rows_feed(struct csv_rows *rows, const char *bytes, size_t size)
{
	static const char bom[] = "\xef\xbb\xbf";
	for (const char *c = bytes; c < bytes + size; c++) {
		if (rows->marks < 3 && *c == bom[rows->marks]) {
			rows->marks++;
			continue;
		}
		rows->marks = 3;
		if (*c == '\n' || *c == '\r') {
			take_line_end(rows, *c);
			continue;
		}
		rows->after_cr = false;
		take_byte(rows, *c);
	}
}

void csv_rows_finish(struct csv_rows *rows)
{
	if (rows->text->len || rows->starts->len > 1 || rows->state != FIELD_START)
		end_row(rows);
}
