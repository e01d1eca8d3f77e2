#include <string.h>

#include "channels/xml.h"

static const char *skip_past(const char *at, const char *end, const char *what)
{
	const char *found = memmem(at, (size_t)(end - at), what, strlen(what));
	return found ? found + strlen(what) : NULL;
}

static bool begins(const char *at, const char *end, const char *what)
{
	return (size_t)(end - at) >= strlen(what) && !memcmp(at, what, strlen(what));
}

/* Behind a declaration, comment or processing instruction, or NULL if it does not end. */
static const char *skip_markup(const char *at, const char *end)
{
	if (begins(at, end, "<!--"))
		return skip_past(at, end, "-->");
	if (begins(at, end, "<?"))
		return skip_past(at, end, "?>");
	const char *close = memchr(at, '>', (size_t)(end - at));
	const char *subset = memchr(at, '[', (size_t)(end - at));
	if (subset && close && subset < close)
		return skip_past(subset, end, "]>");
	return close ? close + 1 : NULL;
}

bool xml_root_is(const char *head, size_t size, const char *name)
{
	const char *at = head, *end = head + size;
	if (begins(at, end, "\xef\xbb\xbf"))
		at += 3;
	while (at) {
		while (at < end && g_ascii_isspace(*at))
			at++;
		if (end - at < 2 || *at != '<')
			return false;
		if (at[1] != '?' && at[1] != '!')
			break;
		at = skip_markup(at, end);
	}
	if (!at)
		return false;
	const char *start = ++at;
	while (at < end && !g_ascii_isspace(*at) && !strchr("/>", *at)) {
		if (*at++ == ':')
			start = at;
	}
	return at < end && (size_t)(at - start) == strlen(name) &&
	       !memcmp(start, name, strlen(name));
}
