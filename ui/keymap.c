#include "ui/keymap.h"

#include <glib.h>
#include <string.h>

#include "ui/key_names.h"
#include "ui/text.h"

/* A file that is no keymap at all must not fill a log. */
#define DIAGNOSTICS_MAX 20

/* Rows of digits, in the order of their values. */
static const uint16_t digits[][10] = {
	{KEY_0, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9},
	{KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4, KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9},
	{KEY_NUMERIC_0, KEY_NUMERIC_1, KEY_NUMERIC_2, KEY_NUMERIC_3, KEY_NUMERIC_4, KEY_NUMERIC_5,
		KEY_NUMERIC_6, KEY_NUMERIC_7, KEY_NUMERIC_8, KEY_NUMERIC_9},
};

/* clang-format off */
static const struct {
	uint16_t code;
	uint8_t command;
} defaults[] = {
	{KEY_DOT, UI_COMMAND_DOT}, {KEY_KPDOT, UI_COMMAND_DOT}, {KEY_COMMA, UI_COMMAND_DOT},
	{KEY_KPCOMMA, UI_COMMAND_DOT}, {KEY_NUMERIC_STAR, UI_COMMAND_DOT},
	{KEY_UP, UI_COMMAND_UP},
	{KEY_DOWN, UI_COMMAND_DOWN},
	{KEY_LEFT, UI_COMMAND_LEFT},
	{KEY_RIGHT, UI_COMMAND_RIGHT},
	{KEY_CHANNELUP, UI_COMMAND_CHANNEL_UP},
	{KEY_CHANNELDOWN, UI_COMMAND_CHANNEL_DOWN},
	{KEY_PAGEUP, UI_COMMAND_PAGE_UP},
	{KEY_PAGEDOWN, UI_COMMAND_PAGE_DOWN},
	{KEY_LAST, UI_COMMAND_LAST}, {KEY_PREVIOUS, UI_COMMAND_LAST}, {KEY_L, UI_COMMAND_LAST},
	{KEY_OK, UI_COMMAND_OK}, {KEY_ENTER, UI_COMMAND_OK}, {KEY_SELECT, UI_COMMAND_OK},
	{KEY_KPENTER, UI_COMMAND_OK},
	{KEY_BACK, UI_COMMAND_BACK}, {KEY_ESC, UI_COMMAND_BACK}, {KEY_BACKSPACE, UI_COMMAND_BACK},
	{KEY_CLEAR, UI_COMMAND_BACK}, {KEY_CANCEL, UI_COMMAND_BACK},
	{KEY_EXIT, UI_COMMAND_EXIT},
	{KEY_INFO, UI_COMMAND_INFO}, {KEY_I, UI_COMMAND_INFO},
	{KEY_EPG, UI_COMMAND_GUIDE}, {KEY_PROGRAM, UI_COMMAND_GUIDE}, {KEY_G, UI_COMMAND_GUIDE},
	{KEY_LIST, UI_COMMAND_LIST},
	{KEY_FAVORITES, UI_COMMAND_FAVOURITES}, {KEY_CHANNEL, UI_COMMAND_FAVOURITES},
	{KEY_BOOKMARKS, UI_COMMAND_FAVOURITES},
	{KEY_H, UI_COMMAND_HISTORY},
	{KEY_MENU, UI_COMMAND_MENU}, {KEY_SETUP, UI_COMMAND_MENU}, {KEY_OPTION, UI_COMMAND_MENU},
	{KEY_CONTEXT_MENU, UI_COMMAND_MENU}, {KEY_ROOT_MENU, UI_COMMAND_MENU},
	{KEY_COMPOSE, UI_COMMAND_MENU},
	{KEY_AUDIO, UI_COMMAND_AUDIO}, {KEY_LANGUAGE, UI_COMMAND_AUDIO},
	{KEY_AUDIO_DESC, UI_COMMAND_AUDIO}, {KEY_A, UI_COMMAND_AUDIO},
	{KEY_SUBTITLE, UI_COMMAND_SUBTITLE}, {KEY_S, UI_COMMAND_SUBTITLE},
	{KEY_TEXT, UI_COMMAND_TEXT}, {KEY_T, UI_COMMAND_TEXT},
	{KEY_VOLUMEUP, UI_COMMAND_VOLUME_UP},
	{KEY_VOLUMEDOWN, UI_COMMAND_VOLUME_DOWN},
	{KEY_KPPLUS, UI_COMMAND_VOLUME_UP},
	{KEY_KPMINUS, UI_COMMAND_VOLUME_DOWN},
	{KEY_EQUAL, UI_COMMAND_VOLUME_UP},
	{KEY_MINUS, UI_COMMAND_VOLUME_DOWN},
	{KEY_MUTE, UI_COMMAND_MUTE}, {KEY_M, UI_COMMAND_MUTE},
	{KEY_SLEEP, UI_COMMAND_SLEEP}, {KEY_Z, UI_COMMAND_SLEEP},
	{KEY_ASPECT_RATIO, UI_COMMAND_ASPECT}, {KEY_W, UI_COMMAND_ASPECT},
	{KEY_FULL_SCREEN, UI_COMMAND_FULL_SCREEN}, {KEY_F11, UI_COMMAND_FULL_SCREEN},
	{KEY_F, UI_COMMAND_FULL_SCREEN},
	{KEY_POWER, UI_COMMAND_STANDBY}, {KEY_POWER2, UI_COMMAND_STANDBY},
	{KEY_Q, UI_COMMAND_QUIT},
	{KEY_RED, UI_COMMAND_RED},
	{KEY_GREEN, UI_COMMAND_GREEN},
	{KEY_YELLOW, UI_COMMAND_YELLOW},
	{KEY_BLUE, UI_COMMAND_BLUE},
	{KEY_F1, UI_COMMAND_RED},
	{KEY_F2, UI_COMMAND_GREEN},
	{KEY_F3, UI_COMMAND_YELLOW},
	{KEY_F4, UI_COMMAND_BLUE},
};
/* clang-format on */

void ui_keymap_init(struct ui_keymap *keymap)
{
	memset(keymap, UI_COMMAND_NONE, sizeof *keymap);
	for (size_t row = 0; row < G_N_ELEMENTS(digits); row++)
		for (int i = 0; i < 10; i++)
			keymap->commands[digits[row][i]] = (uint8_t)(UI_COMMAND_0 + i);
	for (size_t i = 0; i < G_N_ELEMENTS(defaults); i++)
		keymap->commands[defaults[i].code] = defaults[i].command;
}

enum ui_command ui_keymap_command(const struct ui_keymap *keymap, uint16_t code)
{
	return code < KEY_CNT ? keymap->commands[code] : UI_COMMAND_NONE;
}

struct reader {
	struct ui_keymap *keymap;
	const char *file;
	ui_keymap_report_fn report;
	void *ctx;
	unsigned line, reported;
	enum { SECTION_NONE, SECTION_OURS, SECTION_OTHER } section;
	unsigned set_in_line[KEY_CNT]; /* 0: not yet */
	size_t set;
};

/* `what` has one %s, for a name out of the file: it may hold anything. */
static void complain(struct reader *reader, const char *kind, const char *what, const char *name)
{
	char shown[64];

	if (++reader->reported > DIAGNOSTICS_MAX)
		return;
	ui_text_copy(shown, sizeof shown, name);
	char *sentence = g_strdup_printf(what, shown);
	char *diagnostic =
		g_strdup_printf("%s:%u: %s: %s", reader->file, reader->line, kind, sentence);
	reader->report(reader->ctx, diagnostic);
	g_free(diagnostic);
	g_free(sentence);
}

static void read_section(struct reader *reader, char *line)
{
	char *end = strchr(line, ']');

	reader->section = SECTION_OTHER;
	if (!end || end[1] != '\0') {
		complain(reader, "error", "'%s' is no section, what it holds is ignored", line);
		return;
	}
	*end = '\0';
	if (strcmp(line + 1, "keymap") == 0)
		reader->section = SECTION_OURS;
	else
		complain(reader, "warning", "there is no section '%s', what it holds is ignored",
			line + 1);
}

static void read_pair(struct reader *reader, char *name, const char *value)
{
	uint16_t code = ui_key_from_name(name);
	enum ui_command command;

	if (!code) {
		complain(reader, "error", "there is no key '%s', line ignored", name);
		return;
	}
	if (!ui_command_from_name(value, &command)) {
		complain(reader, "error", "there is no command '%s', the key stays as it was",
			value);
		return;
	}
	if (reader->set_in_line[code])
		complain(reader, "warning", "%s was set above, the later line counts", name);
	reader->set += !reader->set_in_line[code];
	reader->set_in_line[code] = reader->line;
	reader->keymap->commands[code] = (uint8_t)command;
}

static void read_line(struct reader *reader, char *line)
{
	g_strstrip(line);
	if (*line == '\0' || *line == '#')
		return;
	if (*line == '[') {
		read_section(reader, line);
		return;
	}
	char *equals = strchr(line, '=');
	if (reader->section == SECTION_OTHER)
		return; /* said once, at its head */
	if (!equals) {
		complain(reader, "error", "'%s' is not KEY=command, line ignored", line);
	} else if (reader->section == SECTION_NONE) {
		complain(reader, "error", "'%s' stands before [keymap], line ignored", line);
	} else {
		*equals = '\0';
		read_pair(reader, g_strchomp(line), g_strchug(equals + 1));
	}
}

size_t ui_keymap_read(struct ui_keymap *keymap, const char *file, const char *text,
	size_t len_bytes, ui_keymap_report_fn report, void *ctx)
{
	struct reader reader = {.keymap = keymap, .file = file, .report = report, .ctx = ctx};
	const char *end = text + len_bytes;

	if (len_bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		text += 3; /* some editors' byte order mark */
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t len = (size_t)((newline ? newline : end) - text);
		char *line = g_strndup(text, len);
		reader.line++;
		read_line(&reader, line);
		g_free(line);
		text += len + 1;
	}
	if (reader.reported > DIAGNOSTICS_MAX) {
		char *more = g_strdup_printf("%s: error: %u more lines like these, ignored", file,
			reader.reported - DIAGNOSTICS_MAX);
		report(ctx, more);
		g_free(more);
	}
	return reader.set;
}
