#include "client/settings.h"

#include <errno.h>
#include <glib.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

struct key {
	const char *name;
	const char *fallback;
	/*
	 * Texts: the values allowed, separated by '|', or NULL for any; "gap:MS" stands for "gap:"
	 * and a number from min to max, "N" for the number alone. Numbers: NULL, and max > 0.
	 */
	const char *choices;
	double min, max;
	bool whole;
	/* A secret of min to max digits, or empty; no sentence repeats it. */
	bool is_pin;
};

/* A section "igmp:eth0" may give those of this section their value for one interface. */
#define PER_INTERFACE "igmp"

static const struct key keys[] = {
	{.name = "net.iface", .fallback = ""},
	{.name = "net.membership", .fallback = "auto", .choices = "auto|raw|kernel"},
	{.name = "igmp.pair",
		.fallback = "one",
		.choices = "one|two|gap:MS",
		.min = 1,
		.max = 5000},
	{.name = "igmp.ssm_leave", .fallback = "block", .choices = "block|to_in|both"},
	{.name = "igmp.fallback", .fallback = "yes", .choices = "yes|no"},
	{.name = "igmp.v2_ssm", .fallback = "no", .choices = "yes|no"},
	{.name = "igmp.require_router_alert", .fallback = "no", .choices = "yes|no"},
	{.name = "igmp.report_link_local", .fallback = "yes", .choices = "yes|no"},
	{.name = "igmp.watch", .fallback = "yes", .choices = "yes|no"},
	{.name = "igmp.robustness", .fallback = "2", .min = 2, .max = 7, .whole = true},
	{.name = "igmp.unsolicited_interval_ms", .fallback = "1000", .min = 10, .max = 60000},
	{.name = "igmp.older_unsolicited_interval_ms",
		.fallback = "10000",
		.min = 10,
		.max = 60000},
	{.name = "igmp.query_interval_s", .fallback = "125", .min = 1, .max = 31744},
	{.name = "igmp.query_response_interval_ms",
		.fallback = "10000",
		.min = 100,
		.max = 3174400},
	{.name = "igmp.answers_per_second",
		.fallback = "250",
		.min = 1,
		.max = 100000,
		.whole = true},
	{.name = "igmp.answer_burst", .fallback = "250", .min = 1, .max = 100000, .whole = true},
	{.name = "igmp.max_groups", .fallback = "16384", .min = 16, .max = 1000000, .whole = true},
	{.name = "play.video_sink", .fallback = "auto"},
	{.name = "play.audio_sink", .fallback = "auto"},
	{.name = "play.margin_ms", .fallback = "40", .max = 2000},
	{.name = "play.languages", .fallback = ""},
	{.name = "play.warm", .fallback = "stay", .choices = "stay|live"},
	{.name = "play.pictures", .fallback = "yes", .choices = "yes|no"},
	{.name = "play.deinterlace", .fallback = "auto", .choices = "auto|no"},
	{.name = "play.aspect", .fallback = "auto", .choices = "auto|fill|zoom|4:3|16:9"},
	{.name = "play.full_screen", .fallback = "no", .choices = "yes|no"},
	{.name = "play.volume", .fallback = "100", .max = 100, .whole = true},
	{.name = "screen.panels", .fallback = "yes", .choices = "yes|no"},
	{.name = "screen.banner_s", .fallback = "5", .max = 15},
	{.name = "screen.theme", .fallback = ""},
	{.name = "screen.pin", .fallback = "", .min = 4, .max = 8, .is_pin = true},
	{.name = "screen.logos", .fallback = ""},
	{.name = "screen.fetch_logos", .fallback = "no", .choices = "yes|no"},
	{.name = "remote.devices", .fallback = "auto"},
	{.name = "remote.grab", .fallback = "yes", .choices = "yes|no"},
	{.name = "keys.map", .fallback = ""},
	{.name = "keys.entry_s", .fallback = "2", .min = 0.5, .max = 10},
	{.name = "keys.long_ms", .fallback = "500", .min = 200, .max = 3000},
	{.name = "zap.between", .fallback = "hold", .choices = "hold|black"},
	{.name = "zap.watched_s", .fallback = "5", .max = 3600},
	{.name = "zap.signal_timeout_ms", .fallback = "1000", .min = 100, .max = 60000},
	{.name = "zap.rap_timeout_ms", .fallback = "5000", .min = 500, .max = 60000},
	{.name = "zap.prejoin",
		.fallback = "auto",
		.choices = "auto|all|N",
		.max = 10000,
		.whole = true},
	{.name = "zap.prejoin_mbps", .fallback = "0", .max = 100000},
	{.name = "zap.prejoin_mib", .fallback = "256", .min = 1, .max = 65536},
	{.name = "zap.line_mbps", .fallback = "0", .max = 100000},
};

#define KEY_COUNT (sizeof keys / sizeof *keys)

struct settings {
	char *values[KEY_COUNT];
	GHashTable *of_interfaces; /* "igmp:eth0.pair" -> its value there */
};

struct settings *settings_new(void)
{
	struct settings *settings = g_new(struct settings, 1);
	for (size_t i = 0; i < KEY_COUNT; i++)
		settings->values[i] = g_strdup(keys[i].fallback);
	settings->of_interfaces = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return settings;
}

void settings_free(struct settings *settings)
{
	if (!settings)
		return;
	for (size_t i = 0; i < KEY_COUNT; i++)
		g_free(settings->values[i]);
	g_hash_table_unref(settings->of_interfaces);
	g_free(settings);
}

static const struct key *find(const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

/* "igmp:eth0.100.pair": the key of igmp.pair. The name of an interface may hold dots. */
static const struct key *find_of_interface(const char *name)
{
	const char *last_dot = strrchr(name, '.');
	if (!g_str_has_prefix(name, PER_INTERFACE ":") || !last_dot)
		return NULL;
	const char *iface = name + strlen(PER_INTERFACE ":");
	if (last_dot <= iface || last_dot - iface >= IF_NAMESIZE)
		return NULL;
	char *general = g_strconcat(PER_INTERFACE, last_dot, NULL);
	const struct key *key = find(general);
	g_free(general);
	return key;
}

/* Digits and a point: strtod would take blanks, signs, hexadecimal and "infinity" too. */
static bool is_number(const struct key *key, const char *value)
{
	char *end;
	double number = g_ascii_strtod(value, &end);
	return end != value && !value[strspn(value, "0123456789.")] && !*end &&
	       number >= key->min && number <= key->max &&
	       (!key->whole || number == (double)(int64_t)number);
}

static bool is_choice(const struct key *key, const char *value)
{
	char **choices = g_strsplit(key->choices, "|", -1);
	bool found = false;
	for (char **choice = choices; *choice && !found; choice++) {
		size_t prefix = g_str_has_suffix(*choice, ":MS") ? strlen(*choice) - 2 : 0;
		if (!strcmp(*choice, "N"))
			found = is_number(key, value);
		else
			found = prefix ? !strncmp(*choice, value, prefix) &&
						 is_number(key, value + prefix)
				       : !strcmp(*choice, value);
	}
	g_strfreev(choices);
	return found;
}

static bool is_pin(const struct key *key, const char *value)
{
	size_t len = strlen(value);
	return !len || ((double)len >= key->min && (double)len <= key->max &&
			       strspn(value, "0123456789") == len);
}

/* Why `value` is none of the key's, or NULL. */
static char *objection(const struct key *key, const char *name, const char *value)
{
	if (key->is_pin)
		return is_pin(key, value)
			       ? NULL
			       : g_strdup_printf("%s is %g to %g digits, or empty; this is neither",
					 name, key->min, key->max);
	if (key->choices && is_choice(key, value))
		return NULL;
	if (key->choices && key->max > 0)
		return g_strdup_printf("%s is one of %s with %s from %g to %g, not \"%s\"", name,
			key->choices, g_str_has_suffix(key->choices, "|N") ? "N" : "MS", key->min,
			key->max, value);
	if (key->choices)
		return g_strdup_printf("%s is one of %s, not \"%s\"", name, key->choices, value);
	if (key->max > 0 && !is_number(key, value))
		return g_strdup_printf("%s is a %snumber from %.12g to %.12g, not \"%s\"", name,
			key->whole ? "whole " : "", key->min, key->max, value);
	return NULL;
}

int settings_set(struct settings *settings, const char *name, const char *value, char **ret_why)
{
	const struct key *key = find(name), *there = key ? NULL : find_of_interface(name);
	*ret_why = key || there ? objection(key ? key : there, name, value)
				: g_strdup_printf("there is no setting \"%s\"", name);
	if (*ret_why)
		return -EINVAL;
	if (there) {
		g_hash_table_insert(settings->of_interfaces, g_strdup(name), g_strdup(value));
		return 0;
	}
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

char *settings_find_file(void)
{
	static const char *const everybodys = "/etc/zapper.conf";
	char *own = g_build_filename(g_get_user_config_dir(), "zapper", "zapper.conf", NULL);
	/* ENOTDIR: the home is /dev/null, as services have it. */
	if (access(own, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR))
		return own;
	g_free(own);
	return g_file_test(everybodys, G_FILE_TEST_EXISTS) ? g_strdup(everybodys) : NULL;
}

void settings_read_files(struct settings *settings, settings_warn_fn warn, void *ctx)
{
	char *path = settings_find_file();
	if (path)
		settings_read_file(settings, path, warn, ctx);
	g_free(path);
}

const char *settings_text(const struct settings *settings, const char *name)
{
	const struct key *key = find(name);
	g_assert(key);
	return settings->values[key - keys];
}

const char *settings_text_on(const struct settings *settings, const char *iface, const char *name)
{
	g_assert(g_str_has_prefix(name, PER_INTERFACE "."));
	char *there = g_strdup_printf(PER_INTERFACE ":%s%s", iface, name + strlen(PER_INTERFACE));
	const char *value = g_hash_table_lookup(settings->of_interfaces, there);
	g_free(there);
	return value ? value : settings_text(settings, name);
}

double settings_number(const struct settings *settings, const char *name)
{
	return g_ascii_strtod(settings_text(settings, name), NULL);
}

char **settings_list(const struct settings *settings, const char *name)
{
	char **parts = g_strsplit(settings_text(settings, name), ";", -1);
	size_t kept = 0;
	for (size_t i = 0; parts[i]; i++) {
		if (*g_strstrip(parts[i]))
			parts[kept++] = parts[i];
		else
			g_free(parts[i]);
	}
	parts[kept] = NULL;
	return parts;
}

uint64_t settings_ns(const struct settings *settings, const char *name)
{
	double unit_ns = g_str_has_suffix(name, "_ms") ? 1e6 : 1e9;
	return (uint64_t)(settings_number(settings, name) * unit_ns);
}
