#include "channels/m3u_header.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

static bool is_url(const char *text)
{
	return !g_ascii_strncasecmp(text, "http://", 7) ||
	       !g_ascii_strncasecmp(text, "https://", 8);
}

/* Commas stand between URLs, and within them. */
static char *end_of_url(char *url)
{
	char *end = url + strcspn(url, "\"' ,");
	while (*end == ',' && !strchr("\"' ", end[1]) && !is_url(end + 1))
		end += 1 + strcspn(end + 1, "\"' ,");
	return end;
}

static size_t key_length(const char *text)
{
	size_t length = 0;
	while (g_ascii_isalnum(text[length]) || text[length] == '-' || text[length] == '_')
		length++;
	return text[length] == '=' ? length : 0;
}

static bool is_guide_key(const char *key)
{
	return !g_ascii_strcasecmp(key, "x-tvg-url") || !g_ascii_strcasecmp(key, "url-tvg") ||
	       !g_ascii_strcasecmp(key, "tvg-url");
}

/* Whether it is one of a guide. */
static bool take_key(const char *key, const struct m3u_header_sink *sink)
{
	bool guide = is_guide_key(key);
	/* The list's own name. */
	if (!guide && g_ascii_strcasecmp(key, "name"))
		sink->unused(sink->ctx, key);
	return guide;
}

void m3u_header_parse(char *text, const struct m3u_header_sink *sink)
{
	bool guide = false;
	while (*text) {
		size_t key = key_length(text);
		if (key) {
			text[key] = '\0';
			guide = take_key(text, sink);
			text += key + 1;
		} else if (is_url(text)) {
			char *end = end_of_url(text), after = *end;
			*end = '\0';
			if (guide)
				sink->guide(sink->ctx, text);
			text = end + (after != '\0');
		} else {
			/* The rest of a word, so that "aa=" is not read as "a=" as well. */
			text += MAX(strcspn(text, "\"' ,"), 1u);
		}
	}
}
