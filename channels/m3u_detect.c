#include "channels/m3u.h"

#include <string.h>

static bool has_prefix(const char *line, const char *end, const char *prefix)
{
	size_t length = strlen(prefix);
	return (size_t)(end - line) >= length && !g_ascii_strncasecmp(line, prefix, length);
}

/* "rtp://...": lists without a single directive are M3U too. */
static bool is_uri(const char *line, const char *end)
{
	const char *c = line;
	while (c < end && (g_ascii_isalnum(*c) || *c == '+' || *c == '-' || *c == '.'))
		c++;
	return c > line && has_prefix(c, end, "://");
}

static bool is_m3u_line(const char *line, const char *end)
{
	return has_prefix(line, end, "#EXTM3U") || has_prefix(line, end, "#EXTINF") ||
	       is_uri(line, end);
}

bool m3u_detect(const char *head, size_t size)
{
	const char *end = head + size;
	if (memchr(head, '\0', size))
		return false;
	if (has_prefix(head, end, "\xef\xbb\xbf"))
		head += 3;
	for (const char *line = head; line < end; line++) {
		while (line < end && g_ascii_isspace(*line))
			line++;
		if (is_m3u_line(line, end))
			return true;
		while (line < end && *line != '\n' && *line != '\r')
			line++;
	}
	return false;
}
