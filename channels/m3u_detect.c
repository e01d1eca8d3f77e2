#include <string.h>

#include "channels/lines.h"
#include "channels/m3u.h"

/* "rtp://...": lists without a single directive are M3U too. */
static bool is_uri(const struct line_span *line)
{
	struct line_span rest = *line;
	while (rest.start < rest.end &&
		(g_ascii_isalnum(*rest.start) || strchr("+-.", *rest.start)))
		rest.start++;
	return rest.start > line->start && line_has_prefix(&rest, "://");
}

bool m3u_detect(const char *head, size_t size)
{
	const char *end = head + size;
	struct line_span line;
	if (memchr(head, '\0', size))
		return false;
	while (lines_next(&head, end, &line))
		if (line_has_prefix(&line, "#EXTM3U") || line_has_prefix(&line, "#EXTINF") ||
			is_uri(&line))
			return true;
	return false;
}
