#include "channels/lines.h"

#include <string.h>

#include "channels/text.h"

void line_count(struct line_count *count, const char *text, size_t size)
{
	for (const char *c = text; c < text + size; c++) {
		count->line += *c == '\r' || (*c == '\n' && !count->after_cr);
		count->after_cr = *c == '\r';
	}
}

void lines_init(struct lines *lines, lines_fn take, void *ctx)
{
	*lines = (struct lines){.take = take, .ctx = ctx, .line = g_string_new(NULL)};
}

void lines_clear(struct lines *lines)
{
	g_string_free(lines->line, TRUE);
	*lines = (struct lines){0};
}

static const char bom[] = "\xef\xbb\xbf";

static void end_line(struct lines *lines)
{
	GString *line = lines->line;
	lines->number++;
	if (lines->number == 1 && g_str_has_prefix(line->str, bom))
		g_string_erase(line, 0, 3);
	struct text_line found = {.number = lines->number, .overlong = lines->overlong};
	found.bad = text_clean(line);
	found.text = g_strstrip(line->str);
	lines->take(lines->ctx, &found);
	lines->overlong = false;
	g_string_truncate(line, 0);
}

static void append(struct lines *lines, const char *bytes, size_t size)
{
	size_t room = LINES_BYTES - lines->line->len;
	if (size > room) {
		lines->overlong = true;
		size = room;
	}
	g_string_append_len(lines->line, bytes, (gssize)size);
}

void lines_feed(struct lines *lines, const char *bytes, size_t size)
{
	const char *end = bytes + size;
	while (bytes < end) {
		/* The LF of CR LF may come with the next piece. */
		if (lines->after_cr && *bytes == '\n')
			bytes++;
		lines->after_cr = false;
		const char *stop = bytes;
		while (stop < end && *stop != '\n' && *stop != '\r')
			stop++;
		append(lines, bytes, (size_t)(stop - bytes));
		if (stop == end)
			return;
		end_line(lines);
		lines->after_cr = *stop == '\r';
		bytes = stop + 1;
	}
}

void lines_finish(struct lines *lines)
{
	if (lines->line->len || lines->overlong)
		end_line(lines);
}

bool lines_next(const char **at, const char *end, struct line_span *ret)
{
	const char *c = *at;
	if ((size_t)(end - c) >= strlen(bom) && !memcmp(c, bom, strlen(bom)))
		c += strlen(bom);
	while (c < end && g_ascii_isspace(*c))
		c++;
	if (c == end)
		return false;
	ret->start = c;
	while (c < end && *c != '\n' && *c != '\r')
		c++;
	*at = ret->end = c;
	while (g_ascii_isspace(ret->end[-1]))
		ret->end--;
	return true;
}

bool line_has_prefix(const struct line_span *line, const char *prefix)
{
	size_t length = strlen(prefix);
	return (size_t)(line->end - line->start) >= length &&
	       !g_ascii_strncasecmp(line->start, prefix, length);
}
