#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include "client/bench/script.h"

/* A run of more than a month is a mistake, and nanoseconds would not hold every number. */
#define SECONDS_MAX 3e6

static const char *const action_names[BENCH_ACTIONS] = {
	[BENCH_PRESS_UP] = "up",
	[BENCH_PRESS_DOWN] = "down",
	[BENCH_PRESS_LAST] = "last",
	[BENCH_PRESS_CHANNEL] = "channel",
	[BENCH_PRESS_NUMBER] = "number",
};

const char *bench_action_name(enum bench_action action)
{
	return action_names[action];
}

static void report(const struct bench_script_reader *reader, size_t line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static void report(const struct bench_script_reader *reader, size_t line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	char *text = g_strdup_printf("%s:%zu: %s", reader->name, line, what);
	reader->report(reader->ctx, text);
	g_free(text);
	g_free(what);
}

/* Digits and a point: g_ascii_strtod() would take hexadecimal numbers and infinity too. */
static bool parse_seconds(const char *word, uint64_t *ret_ns)
{
	if (word[strspn(word, "0123456789.")] || !strpbrk(word, "0123456789"))
		return false;
	char *end;
	double seconds = g_ascii_strtod(word, &end);
	if (*end || seconds > SECONDS_MAX)
		return false;
	*ret_ns = (uint64_t)(seconds * 1e9 + 0.5);
	return true;
}

static bool parse_key(
	const struct bench_script_reader *reader, const char *word, struct bench_key *ret)
{
	for (enum bench_action action = BENCH_PRESS_UP; action <= BENCH_PRESS_LAST; action++) {
		if (g_ascii_strcasecmp(word, action_names[action]) != 0)
			continue;
		ret->action = action;
		return true;
	}
	ret->action = BENCH_PRESS_NUMBER;
	ret->channel = reader->find(reader->ctx, word);
	return ret->channel >= 0;
}

/* A word as it can be shown in a diagnostic, whatever the file holds. */
static char *printable(const char *word)
{
	char *valid = g_utf8_make_valid(word, (gssize)strnlen(word, 40));
	for (char *c = valid; *c; c++)
		if (g_ascii_iscntrl(*c))
			*c = '?';
	return valid;
}

static void report_word(const struct bench_script_reader *reader, size_t number, const char *format,
	const char *word)
{
	char *shown = printable(word);
	report(reader, number, format, shown);
	g_free(shown);
}

/* The words of a line, NULL-terminated, without its comment; freed with g_strfreev(). */
static char **split_line(const char *line, size_t size)
{
	char *copy = g_strndup(line, size);
	copy[strcspn(copy, "#")] = '\0';
	char **all = g_strsplit_set(copy, " \t\r\v\f", -1);
	GPtrArray *words = g_ptr_array_new();
	for (char **word = all; *word; word++)
		if (**word)
			g_ptr_array_add(words, g_strdup(*word));
	g_ptr_array_add(words, NULL);
	g_strfreev(all);
	g_free(copy);
	return (char **)g_ptr_array_free(words, FALSE);
}

static void parse_words(
	const struct bench_script_reader *reader, size_t number, char **words, GArray *keys)
{
	struct bench_key key = {.channel = -1};
	if (g_strv_length(words) != 2)
		report(reader, number, "error: a line is \"seconds key\", line left out");
	else if (!parse_seconds(words[0], &key.at_ns))
		report_word(reader, number, "error: \"%s\" is no number of seconds, line left out",
			words[0]);
	else if (!parse_key(reader, words[1], &key))
		report_word(reader, number,
			"error: \"%s\" is neither up, down, last nor the number of a channel, "
			"line left out",
			words[1]);
	else if (keys->len &&
		 g_array_index(keys, struct bench_key, keys->len - 1).at_ns > key.at_ns)
		report(reader, number,
			"error: the time is before that of the key above, line left out");
	else
		g_array_append_val(keys, key);
}

static GArray *parse_lines(const struct bench_script_reader *reader, const char *text, size_t size)
{
	GArray *keys = g_array_new(FALSE, FALSE, sizeof(struct bench_key));
	const char *end = text + size;
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark */
		text += 3;
	for (size_t number = 1; text < end; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);
		char **words = split_line(text, length);
		if (*words)
			parse_words(reader, number, words, keys);
		g_strfreev(words);
		text = newline ? newline + 1 : end;
	}
	return keys;
}

int bench_script_parse(const struct bench_script_reader *reader, const char *text, size_t size,
	struct bench_script **ret)
{
	GArray *keys = parse_lines(reader, text, size);
	if (!keys->len) {
		g_array_free(keys, TRUE);
		report(reader, 1, "error: no key to press in this file, nothing done");
		return -ENODATA;
	}
	*ret = g_new(struct bench_script, 1);
	(*ret)->count = keys->len;
	(*ret)->keys = (struct bench_key *)(void *)g_array_free(keys, FALSE);
	return 0;
}

void bench_script_free(struct bench_script *script)
{
	if (!script)
		return;
	g_free(script->keys);
	g_free(script);
}
