#include "channels/cells.h"

#include <string.h>

#include "channels/text.h"

#define GAP 2
/* Columns are not cut to less. */
#define NARROW 6
/* Where nothing is cut, cells are filled up to this at most. */
#define WIDE 40

struct width {
	bool shown;
	size_t natural;	 /* of its widest cell */
	size_t fraction; /* of that, behind the point, with it */
	size_t now;
};

struct cells {
	struct cells_column *columns;
	struct width *widths;
	size_t count;
	GPtrArray *texts; /* of one row behind the other */
	GStringChunk *strings;
};

static size_t width_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

size_t cells_width(const char *text)
{
	size_t width = 0;
	for (; *text; text = g_utf8_next_char(text))
		width += width_of(g_utf8_get_char(text));
	return width;
}

struct cells *cells_create(const struct cells_column *columns, size_t count)
{
	struct cells *cells = g_new0(struct cells, 1);
	cells->columns = g_memdup2(columns, count * sizeof *columns);
	cells->widths = g_new0(struct width, count);
	cells->count = count;
	cells->texts = g_ptr_array_new();
	cells->strings = g_string_chunk_new(4096);
	for (size_t i = 0; i < count; i++)
		cells->widths[i].shown = !columns[i].optional;
	return cells;
}

void cells_destroy(struct cells *cells)
{
	if (!cells)
		return;
	g_free(cells->columns);
	g_free(cells->widths);
	g_ptr_array_unref(cells->texts);
	g_string_chunk_free(cells->strings);
	g_free(cells);
}

static const char *keep(struct cells *cells, const char *text)
{
	char *tame = text_tame(text);
	const char *kept = g_string_chunk_insert(cells->strings, tame);
	g_free(tame);
	return kept;
}

static size_t fraction_of(const char *number)
{
	const char *point = strchr(number, '.');
	return point && g_ascii_isdigit(point[1]) ? strlen(point) : 0;
}

static void measure(const struct cells_column *column, const char *text, struct width *width)
{
	size_t fraction = column->align == CELLS_POINT ? fraction_of(text) : 0;
	size_t whole = MAX(width->natural - width->fraction, cells_width(text) - fraction);
	width->fraction = MAX(width->fraction, fraction);
	width->natural = whole + width->fraction;
	width->shown |= *text != '\0';
}

void cells_add(struct cells *cells, const char *const *texts)
{
	for (size_t i = 0; i < cells->count; i++) {
		const char *text = keep(cells, texts[i]);
		g_ptr_array_add(cells->texts, (gpointer)text);
		measure(&cells->columns[i], text, &cells->widths[i]);
	}
}

/* The widest one that may become narrower, or NULL. */
static struct width *find_widest(struct width *widths, const struct cells *cells)
{
	struct width *widest = NULL;
	for (size_t i = 0; i < cells->count; i++)
		if (widths[i].shown && !cells->columns[i].whole && widths[i].now > NARROW &&
			(!widest || widths[i].now > widest->now))
			widest = &widths[i];
	return widest;
}

static void fit(struct width *widths, const struct cells *cells, size_t terminal)
{
	size_t total = 0;
	for (size_t i = 0; i < cells->count; i++)
		if (widths[i].shown)
			total += widths[i].now + (total ? GAP : 0);
	struct width *widest;
	for (; total > terminal && (widest = find_widest(widths, cells)); total--)
		widest->now--;
}

static struct width *lay_out(const struct cells *cells, size_t terminal)
{
	struct width *widths = g_memdup2(cells->widths, cells->count * sizeof *widths);
	for (size_t i = 0; i < cells->count; i++) {
		/* The heading of a number stands above its whole part, where that is wider. */
		size_t heading = cells_width(cells->columns[i].heading);
		widths[i].natural = MAX(widths[i].natural, heading + widths[i].fraction);
		widths[i].now = terminal ? widths[i].natural : MIN(widths[i].natural, WIDE);
	}
	if (terminal)
		fit(widths, cells, terminal);
	return widths;
}

static void pad(GString *out, size_t columns)
{
	while (columns--)
		g_string_append_c(out, ' ');
}

/* Appends the text in `width` columns at most. Returns how many. */
static size_t append_cut(GString *out, const char *text, size_t width)
{
	size_t used = cells_width(text);
	if (used <= width) {
		g_string_append(out, text);
		return used;
	}
	used = 1; /* the ellipsis */
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (used + width_of(c) > width)
			break;
		used += width_of(c);
		g_string_append_unichar(out, c);
	}
	g_string_append(out, "…");
	return used;
}

/* Of scripts that are written from the right. */
static bool is_from_right(gunichar c)
{
	return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) ||
	       (c >= 0xfe70 && c <= 0xfefe) || (c >= 0x10800 && c <= 0x10fff) ||
	       (c >= 0x1e800 && c <= 0x1efff);
}

static bool ends_from_right(const char *text)
{
	bool from_right = false;
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (g_unichar_isalpha(c))
			from_right = is_from_right(c);
	}
	return from_right;
}

/* How far a number is moved so that its point is below the others'. */
static size_t indent_of(
	const struct cells_column *column, const struct width *width, const char *text)
{
	size_t used = cells_width(text);
	size_t room = width->now > used ? width->now - used : 0;
	if (column->align == CELLS_LEFT || !room)
		return 0;
	size_t behind = column->align == CELLS_POINT ? width->fraction - fraction_of(text) : 0;
	return room > behind ? room - behind : 0;
}

static void append_cell(GString *out, const struct cells_column *column, const struct width *width,
	const char *text, bool cut)
{
	size_t indent = indent_of(column, width, text);
	pad(out, indent);
	size_t used = indent + append_cut(out, text, cut ? width->now : G_MAXSIZE);
	/* Digits behind it would join it, and stand on its left, but for this mark. */
	if (cut && ends_from_right(text))
		g_string_append(out, "\u200e");
	pad(out, width->now > used ? width->now - used : 0);
}

static void append_row(GString *out, const struct cells *cells, const struct width *widths,
	const char *const *texts, size_t terminal)
{
	GString *line = g_string_new(NULL);
	for (size_t i = 0; i < cells->count; i++) {
		if (!widths[i].shown)
			continue;
		if (line->len)
			pad(line, GAP);
		append_cell(line, &cells->columns[i], &widths[i], texts[i], terminal > 0);
	}
	g_strchomp(line->str);
	append_cut(out, line->str, terminal ? terminal : G_MAXSIZE);
	g_string_append_c(out, '\n');
	g_string_free(line, TRUE);
}

static void append_headings(
	GString *out, const struct cells *cells, const struct width *widths, size_t terminal)
{
	const char **headings = g_new(const char *, cells->count);
	for (size_t i = 0; i < cells->count; i++)
		headings[i] = cells->columns[i].heading;
	append_row(out, cells, widths, headings, terminal);
	g_free(headings);
}

void cells_write(const struct cells *cells, size_t terminal, GString *out)
{
	struct width *widths = lay_out(cells, terminal);
	append_headings(out, cells, widths, terminal);
	for (guint row = 0; row < cells->texts->len; row += cells->count)
		append_row(out, cells, widths, (const char *const *)&cells->texts->pdata[row],
			terminal);
	g_free(widths);
}
