#include "channels/extinf.h"

#include <glib.h>
#include <string.h>

static bool is_key(char c)
{
	return g_ascii_isalnum(c) || c == '-' || c == '_';
}

static char *skip(char *text, const char *accept)
{
	return text + strspn(text, accept);
}

/* Where the duration and well-formed k="v" pairs end. */
static char *skip_attributes(char *text)
{
	char *end = skip(skip(skip(text, " "), "-+.0123456789"), " ");
	for (;;) {
		char *c = end;
		while (is_key(*c))
			c++;
		if (c == end || c[0] != '=' || c[1] != '"')
			return end;
		c = strchr(c + 2, '"');
		if (!c)
			return end;
		end = skip(c + 1, " ");
	}
}

static char *find_name_comma(char *text)
{
	char *end = skip_attributes(text);
	if (*end == ',' && !strstr(end, "=\""))
		return end;
	char *quote = strrchr(text, '"');
	if (quote && *skip(quote + 1, " ") == ',')
		return skip(quote + 1, " ");
	return strrchr(text, ',');
}

static void set_first(const char **field, const char *value)
{
	if (!**field)
		*field = value;
}

static bool is_true(const char *value)
{
	return !g_ascii_strcasecmp(value, "true") || !g_ascii_strcasecmp(value, "yes") ||
	       !strcmp(value, "1");
}

/* False where zapper has no use for it. */
static bool set_attribute(struct extinf *info, const char *key, const char *value)
{
	const struct {
		const char *key;
		const char **field;
	} fields[] = {
		{"tvg-name", &info->tvg_name},
		{"tvg-id", &info->guide_id},
		{"tvg-logo", &info->logo},
		{"tvg-chno", &info->number},
		{"ch-number", &info->number},
		{"channel-number", &info->number},
		{"tvh-chnum", &info->number},
		{"group-title", &info->group},
		{"tvg-language", &info->language},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (g_ascii_strcasecmp(key, fields[i].key))
			continue;
		set_first(fields[i].field, value);
		return true;
	}
	bool radio = !g_ascii_strcasecmp(key, "radio");
	if (radio)
		info->radio = is_true(value);
	return radio;
}

/* Cuts the value that starts at `*text` out and moves on behind it. */
static char *cut_value(char **text)
{
	char *value = *text, *end;
	if (*value == '"' || *value == '\'') {
		end = strchr(value + 1, *value);
		value++;
	} else {
		end = value + strcspn(value, " ");
	}
	if (!end)
		end = value + strlen(value);
	*text = *end ? end + 1 : end;
	*end = '\0';
	return g_strstrip(value);
}

void extinf_parse(char *text, struct extinf *ret, extinf_unused_fn unused, void *ctx)
{
	*ret = (struct extinf){.name = "",
		.tvg_name = "",
		.guide_id = "",
		.logo = "",
		.number = "",
		.group = "",
		.language = ""};
	char *comma = find_name_comma(text);
	if (comma) {
		*comma = '\0';
		ret->name = g_strstrip(comma + 1);
	}
	while (*text) {
		char *key = text;
		while (is_key(*text))
			text++;
		if (text == key || *text != '=') {
			text += text == key;
			continue;
		}
		*text++ = '\0';
		const char *value = cut_value(&text);
		if (!set_attribute(ret, key, value) && *value)
			unused(ctx, key);
	}
}
