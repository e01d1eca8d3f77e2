#include "client/settings.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

struct key {
	const char *name;
	const char *fallback;
	/* Texts: the values allowed, separated by '|', or NULL for any. Numbers: NULL, and max > 0.
	 */
	const char *choices;
	double min, max;
};

static const struct key keys[] = {
	{.name = "net.iface", .fallback = ""},
	{.name = "net.membership", .fallback = "auto", .choices = "auto|raw|kernel"},
	{.name = "play.video_sink", .fallback = "auto"},
	{.name = "play.audio_sink", .fallback = "auto"},
	{.name = "play.margin_ms", .fallback = "40", .max = 2000},
	{.name = "screen.banner_s", .fallback = "5", .max = 15},
	{.name = "keys.entry_s", .fallback = "2", .min = 0.5, .max = 10},
	{.name = "zap.watched_s", .fallback = "5", .max = 3600},
	{.name = "zap.signal_timeout_ms", .fallback = "1000", .min = 100, .max = 60000},
	{.name = "zap.rap_timeout_ms", .fallback = "5000", .min = 500, .max = 60000},
};

#define KEY_COUNT (sizeof keys / sizeof *keys)

struct settings {
	char *values[KEY_COUNT];
};

struct settings *settings_new(void)
{
	struct settings *settings = g_new(struct settings, 1);
	for (size_t i = 0; i < KEY_COUNT; i++)
		settings->values[i] = g_strdup(keys[i].fallback);
	return settings;
}

void settings_free(struct settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < KEY_COUNT; i++)
		g_free(settings->values[i]);
	g_free(settings);
}

static const struct key *find(const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

static bool is_choice(const char *choices, const char *value)
{
	char **list = g_strsplit(choices, "|", -1);
	bool found = g_strv_contains((const char *const *)list, value);
	g_strfreev(list);
	return found;
}

static bool is_number(const struct key *key, const char *value)
{
	char *end;
	double number = g_ascii_strtod(value, &end);
	return end != value && !*end && number >= key->min && number <= key->max;
}

/* Why `value` is none of the key's, or NULL. */
static char *objection(const struct key *key, const char *value)
{
	if (key->choices && !is_choice(key->choices, value))
		return g_strdup_printf(
			"%s is one of %s, not \"%s\"", key->name, key->choices, value);
	if (key->max > 0 && !is_number(key, value))
		return g_strdup_printf("%s is a number from %g to %g, not \"%s\"", key->name,
			key->min, key->max, value);
	return NULL;
}

int settings_set(struct settings *settings, const char *name, const char *value, char **ret_why)
{
	const struct key *key = find(name);
	*ret_why =
		key ? objection(key, value) : g_strdup_printf("there is no setting \"%s\"", name);
	if (*ret_why)
		return -EINVAL;
	size_t index = (size_t)(key - keys);
	g_free(settings->values[index]);
	settings->values[index] = g_strdup(value);
	return 0;
}

int settings_assign(struct settings *settings, const char *assignment, char **ret_why)
{
	char **sides = g_strsplit(assignment, "=", 2);
	int result;
	if (sides[0] && sides[1]) {
		result =
			settings_set(settings, g_strstrip(sides[0]), g_strstrip(sides[1]), ret_why);
	} else {
		*ret_why = g_strdup_printf("\"%s\" is not section.key=value", assignment);
		result = -EINVAL;
	}
	g_strfreev(sides);
	return result;
}

static void take_group(struct settings *settings, GKeyFile *file, const char *group,
	const char *path, settings_warn_fn warn, void *ctx)
{
	char **names = g_key_file_get_keys(file, group, NULL, NULL);
	for (char **name = names; name && *name; name++) {
		char *full = g_strdup_printf("%s.%s", group, *name);
		char *value = g_key_file_get_string(file, group, *name, NULL);
		char *why = NULL;
		if (settings_set(settings, full, value ? value : "", &why) < 0) {
			char *sentence = g_strdup_printf("%s: warning: %s, ignoring it", path, why);
			warn(ctx, sentence);
			g_free(sentence);
		}
		g_free(why);
		g_free(value);
		g_free(full);
	}
	g_strfreev(names);
}

int settings_read_file(
	struct settings *settings, const char *path, settings_warn_fn warn, void *ctx)
{
	GKeyFile *file = g_key_file_new();
	GError *error = NULL;
	int result = 0;
	if (!g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, &error)) {
		result = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? -ENOENT
										  : -EINVAL;
		if (result != -ENOENT) {
			char *sentence = g_strdup_printf(
				"%s: error: %s, ignoring the file", path, error->message);
			warn(ctx, sentence);
			g_free(sentence);
		}
		g_error_free(error);
	} else {
		char **groups = g_key_file_get_groups(file, NULL);
		for (char **group = groups; *group; group++)
			take_group(settings, file, *group, path, warn, ctx);
		g_strfreev(groups);
	}
	g_key_file_free(file);
	return result;
}

void settings_read_files(struct settings *settings, settings_warn_fn warn, void *ctx)
{
	char *own = g_build_filename(g_get_user_config_dir(), "zapper", "zapper.conf", NULL);
	if (settings_read_file(settings, own, warn, ctx) == -ENOENT)
		settings_read_file(settings, "/etc/zapper.conf", warn, ctx);
	g_free(own);
}

const char *settings_text(const struct settings *settings, const char *name)
{
	const struct key *key = find(name);
	g_assert(key);
	return settings->values[key - keys];
}

double settings_number(const struct settings *settings, const char *name)
{
	return g_ascii_strtod(settings_text(settings, name), NULL);
}

uint64_t settings_ns(const struct settings *settings, const char *name)
{
	double unit_ns = g_str_has_suffix(name, "_ms") ? 1e6 : 1e9;
	return (uint64_t)(settings_number(settings, name) * unit_ns);
}
