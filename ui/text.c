#include "ui/text.h"

#include <stdbool.h>
#include <string.h>

#define REPLACEMENT 0xfffd
#define ZERO_WIDTH_JOINER 0x200d
#define MARKS_MAX                                                                                  \
	8 /* on one character: more is no writing, and would be drawn over its neighbours */

struct copy {
	char *field;
	size_t size_bytes, len_bytes;
	size_t cluster_bytes; /* where the last character that is no mark begins */
	unsigned marks;
	bool space;  /* one is due before the next character */
	bool joined; /* the next character belongs to the last one */
};

static bool is_space(gunichar c)
{
	return c <= 0x20 || (c >= 0x7f && c <= 0xa0) || c == 0x2028 || c == 0x2029 ||
	       (c >= 0xe080 && c <= 0xe09f); /* DVB's control codes in UTF-8 */
}

static bool turns_direction(gunichar c, bool isolates_too)
{
	return (c >= 0x202a && c <= 0x202e) || (isolates_too && c >= 0x2066 && c <= 0x2069);
}

/* False where there is no room. */
static bool put(struct copy *copy, gunichar c)
{
	char bytes[6];
	size_t len = (size_t)g_unichar_to_utf8(c, bytes);
	size_t space = copy->space && copy->len_bytes > 0;
	bool part = copy->joined || c == ZERO_WIDTH_JOINER || (c >= 0x300 && g_unichar_ismark(c));

	if (copy->len_bytes + space + len >= copy->size_bytes) {
		if (part) /* half a character is another one */
			copy->len_bytes = copy->cluster_bytes;
		return false;
	}
	copy->marks = part ? copy->marks + 1 : 0;
	copy->joined = c == ZERO_WIDTH_JOINER;
	if (copy->marks > MARKS_MAX)
		return true;
	if (space)
		copy->field[copy->len_bytes++] = ' ';
	copy->space = false;
	if (!part)
		copy->cluster_bytes = copy->len_bytes;
	memcpy(copy->field + copy->len_bytes, bytes, len);
	copy->len_bytes += len;
	return true;
}

static void copy_clean(char *field, size_t size_bytes, const char *text, bool names_only)
{
	struct copy copy = {.field = field, .size_bytes = size_bytes};

	while (*text) {
		gunichar c = g_utf8_get_char_validated(text, -1);
		if (c == (gunichar)-1 || c == (gunichar)-2) {
			c = REPLACEMENT;
			text++;
		} else {
			text = g_utf8_next_char(text);
		}
		if (is_space(c))
			copy.space = true;
		else if (!turns_direction(c, names_only) && !put(&copy, c))
			break;
	}
	memset(field + copy.len_bytes, 0, size_bytes - copy.len_bytes);
}

void ui_text_copy(char *field, size_t size_bytes, const char *text)
{
	copy_clean(field, size_bytes, text ? text : "", true);
}

void ui_text_format(char *field, size_t size_bytes, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);
	va_end(args);
	copy_clean(field, size_bytes, text, false);
	g_free(text);
}
