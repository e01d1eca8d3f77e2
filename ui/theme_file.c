/* GKeyFile tells no lines and takes nothing after a first error, so its format is read here. */
#include <errno.h>
#include <math.h>
#include <pango/pango.h>
#include <stdbool.h>
#include <string.h>

#include "ui/theme.h"

/* A file that is no theme at all must not fill a log. */
#define COMPLAINTS_MAX 20

enum kind { KIND_COLOUR, KIND_SHARE, KIND_FONTS };

struct entry {
	const char *group, *key;
	enum kind kind;
	size_t offset;
	double min, max; /* of a colour's alpha */
};

#define COLOUR(key, member, min)                                                                   \
	{                                                                                          \
		"colours", key, KIND_COLOUR, offsetof(struct ui_theme, member), min, 1             \
	}
#define SIZE(key, member, max)                                                                     \
	{                                                                                          \
		"sizes", key, KIND_SHARE, offsetof(struct ui_theme, member), UI_TEXT_MIN, max      \
	}
#define SHAPE(key, member, max)                                                                    \
	{                                                                                          \
		"shape", key, KIND_SHARE, offsetof(struct ui_theme, member), 0, max                \
	}

/* Text is opaque, and the grounds that it stands on are so far that a bright picture is no harm. */
static const struct entry entries[] = {
	COLOUR("panel", panel, 0.8),
	COLOUR("panel-low", panel_low, 0.8),
	COLOUR("backdrop", backdrop, 0.8),
	COLOUR("shadow", shadow, 0),
	COLOUR("edge", edge, 0),
	COLOUR("tile", tile, 0),
	COLOUR("track", track, 0),
	COLOUR("text", text, 1),
	COLOUR("dim", dim, 1),
	COLOUR("accent", accent, 1),
	COLOUR("warning", warning, 1),
	COLOUR("focus", focus, 0.8),
	COLOUR("focus-text", focus_text, 1),
	COLOUR("focus-dim", focus_dim, 1),
	COLOUR("focus-accent", focus_accent, 1),
	SIZE("small", small, 0.05),
	SIZE("text", text_size, 0.055),
	SIZE("title", title, 0.065),
	SIZE("headline", headline, 0.08),
	SIZE("number", number, 0.11),
	SHAPE("radius", radius, 0.05),
	SHAPE("spacing", spacing, 0.05),
	SHAPE("shadow", shadow_size, 0.05),
	{"fonts", "text", KIND_FONTS, offsetof(struct ui_theme, fonts), 0, 0},
	{"fonts", "heading", KIND_FONTS, offsetof(struct ui_theme, heading_fonts), 0, 0},
};

struct reader {
	struct ui_theme *theme;
	const char *name; /* the file's */
	unsigned line;
	unsigned lines[G_N_ELEMENTS(entries)]; /* where each key stood last; 0: nowhere */
	char *group;			       /* NULL before the first one */
	unsigned complaints;
	ui_theme_say_fn say;
	void *ctx;
};

static void G_GNUC_PRINTF(2, 3) complain(struct reader *reader, const char *format, ...)
{
	va_list args;

	if (++reader->complaints > COMPLAINTS_MAX || !reader->say)
		return;
	va_start(args, format);
	char *what = g_strdup_vprintf(format, args);
	va_end(args);
	char *sentence = g_strdup_printf("%s:%u: warning: %s", reader->name, reader->line, what);
	reader->say(reader->ctx, sentence);
	g_free(sentence);
	g_free(what);
}

/* Within the entry's bounds; says so when that changes the value. */
static double bounded(struct reader *reader, const struct entry *entry, double value)
{
	double kept = fmin(fmax(value, entry->min), entry->max);

	if (kept != value)
		complain(reader, "%s: %g is beyond %g to %g: %g is used", entry->key, value,
			entry->min, entry->max, kept);
	return kept;
}

static void take_colour(struct reader *reader, const struct entry *entry, const char *value)
{
	struct ui_colour *colour = (void *)((char *)reader->theme + entry->offset);
	PangoColor rgb;
	guint16 alpha;

	if (!pango_color_parse_with_alpha(&rgb, &alpha, value)) {
		complain(reader, "%s: \"%s\" is no colour like #RRGGBB or #RRGGBBAA: ignored",
			entry->key, value);
		return;
	}
	*colour = (struct ui_colour){rgb.red / 65535.0, rgb.green / 65535.0, rgb.blue / 65535.0,
		bounded(reader, entry, round(alpha / 65535.0 * 1000) / 1000)};
}

static void take_number(struct reader *reader, const struct entry *entry, const char *value)
{
	double *share = (void *)((char *)reader->theme + entry->offset);
	char *end;
	double number = g_ascii_strtod(value, &end);

	if (end == value || *end || !isfinite(number)) {
		complain(reader, "%s: \"%s\" is no number: ignored", entry->key, value);
		return;
	}
	*share = bounded(reader, entry, number);
}

static void take_fonts(struct reader *reader, const struct entry *entry, const char *value)
{
	if (!*value || strlen(value) >= UI_FONTS_BYTES)
		complain(reader, "%s: names of 1 to %d bytes are expected: ignored", entry->key,
			UI_FONTS_BYTES - 1);
	else
		g_strlcpy((char *)reader->theme + entry->offset, value, UI_FONTS_BYTES);
}

static void take(struct reader *reader, const struct entry *entry, const char *value)
{
	reader->lines[entry - entries] = reader->line;
	if (entry->kind == KIND_COLOUR)
		take_colour(reader, entry, value);
	else if (entry->kind == KIND_FONTS)
		take_fonts(reader, entry, value);
	else
		take_number(reader, entry, value);
}

static bool known_group(const char *group)
{
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (!strcmp(entries[i].group, group))
			return true;
	return false;
}

static void read_group(struct reader *reader, char *line)
{
	size_t length = strlen(line);

	g_free(reader->group);
	reader->group = NULL;
	if (line[length - 1] != ']') {
		complain(reader, "\"%s\" lacks its ]: what follows is ignored", line);
		return;
	}
	reader->group = g_strndup(line + 1, length - 2);
	if (!known_group(reader->group))
		complain(reader, "there is no group [%s]: ignored", reader->group);
}

static void read_key(struct reader *reader, char *line)
{
	char *equals = strchr(line, '=');

	if (!equals) {
		complain(reader, "\"%s\" is neither [group] nor key = value: ignored", line);
		return;
	}
	if (!reader->group) {
		complain(reader, "\"%s\" stands in no group: ignored", line);
		return;
	}
	*equals = 0;
	const char *key = g_strchomp(line), *value = g_strstrip(equals + 1);
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (!strcmp(entries[i].group, reader->group) && !strcmp(entries[i].key, key)) {
			take(reader, &entries[i], value);
			return;
		}
	if (known_group(reader->group))
		complain(reader, "[%s] has no key %s: ignored", reader->group, key);
}

static void read_line(struct reader *reader, char *line)
{
	g_strstrip(line);
	if (!*line || *line == '#')
		return;
	if (*line == '[')
		read_group(reader, line);
	else
		read_key(reader, line);
}

#define PAIR(text, ground)                                                                         \
	{                                                                                          \
		offsetof(struct ui_theme, text), offsetof(struct ui_theme, ground),                \
			#text " on " #ground                                                       \
	}

static const struct pair {
	size_t text, ground;
	const char *names;
} pairs[] = {
	PAIR(text, panel),
	PAIR(text, panel_low),
	PAIR(text, backdrop),
	PAIR(dim, panel),
	PAIR(dim, panel_low),
	PAIR(dim, backdrop),
	PAIR(warning, panel),
	PAIR(warning, panel_low),
	PAIR(accent, panel),
	PAIR(accent, panel_low),
	PAIR(accent, backdrop),
	PAIR(focus_text, focus),
	PAIR(focus_dim, focus),
	PAIR(focus_accent, focus),
};

static unsigned line_of(const struct reader *reader, size_t offset)
{
	for (size_t i = 0; i < G_N_ELEMENTS(entries); i++)
		if (entries[i].offset == offset)
			return reader->lines[i];
	return 0;
}

/* Both colours of a pair as they are built in; true when the pair is fine as it is. */
static bool check_pair(struct reader *reader, const struct pair *pair)
{
	struct ui_theme plain;
	struct ui_colour *text = (void *)((char *)reader->theme + pair->text);
	struct ui_colour *ground = (void *)((char *)reader->theme + pair->ground);
	double contrast = ui_theme_contrast(text, ground);

	if (contrast >= UI_THEME_CONTRAST_MIN)
		return true;
	reader->line = MAX(line_of(reader, pair->text), line_of(reader, pair->ground));
	complain(reader, "%s has a contrast of %.1f, less than %.1f: both are as built in",
		pair->names, contrast, UI_THEME_CONTRAST_MIN);
	ui_theme_init(&plain);
	*text = *(struct ui_colour *)((char *)&plain + pair->text);
	*ground = *(struct ui_colour *)((char *)&plain + pair->ground);
	return false;
}

/* What one pair gets back may be wrong for another; with those built in all are fine. */
static void keep_legible(struct reader *reader)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pairs);)
		i = check_pair(reader, &pairs[i]) ? i + 1 : 0;
}

static void end_complaints(const struct reader *reader)
{
	if (reader->complaints <= COMPLAINTS_MAX || !reader->say)
		return;
	char *sentence = g_strdup_printf("%s: warning: %u more lines like these, ignored",
		reader->name, reader->complaints - COMPLAINTS_MAX);
	reader->say(reader->ctx, sentence);
	g_free(sentence);
}

void ui_theme_parse(struct ui_theme *theme, const char *name, const char *data, size_t size_bytes,
	ui_theme_say_fn say, void *ctx)
{
	static const char mark[] = "\xef\xbb\xbf"; /* some editors' byte order mark */
	struct reader reader = {.theme = theme, .name = name, .say = say, .ctx = ctx};
	char *text = g_utf8_make_valid(data, (gssize)size_bytes);
	char *first = g_str_has_prefix(text, mark) ? text + strlen(mark) : text;

	for (char *line = first, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = 0;
		reader.line++;
		read_line(&reader, line);
	}
	keep_legible(&reader);
	end_complaints(&reader);
	g_free(reader.group);
	g_free(text);
}

int ui_theme_load(struct ui_theme *theme, const char *path, ui_theme_say_fn say, void *ctx)
{
	GError *error = NULL;
	char *data;
	gsize size_bytes;

	errno = 0;
	if (!g_file_get_contents(path, &data, &size_bytes, &error)) {
		int saved = errno;
		g_error_free(error);
		return saved ? -saved : -EIO;
	}
	ui_theme_parse(theme, path, data, size_bytes, say, ctx);
	g_free(data);
	return 0;
}
