/*
 * client/settings: what can be set, with defaults, from zapper.conf and from `-o
 * section.key=value`. Every key is listed once, in settings.c, and described in zapper.conf(5).
 * Keys of the section "igmp" can be set for one interface too: "igmp:eth0.pair".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct settings;

/* All defaults. Freed with settings_free(), which accepts NULL. */
struct settings *settings_new(void);
void settings_free(struct settings *settings);

/* A sentence for the user, without a newline. */
typedef void (*settings_warn_fn)(void *ctx, const char *sentence);

/*
 * Reads $XDG_CONFIG_HOME/zapper/zapper.conf, or /etc/zapper.conf where that is not there; neither
 * there is fine. What cannot be used is told and ignored.
 */
void settings_read_files(struct settings *settings, settings_warn_fn warn, void *ctx);
/* The file that it would read, NULL where there is none. Freed with g_free(). */
char *settings_find_file(void);
/* The same for one file. -errno where it cannot be read; -EINVAL where it is no key file. */
int settings_read_file(
	struct settings *settings, const char *path, settings_warn_fn warn, void *ctx);

/*
 * Takes "section.key=value". -EINVAL with *ret_why (freed with g_free()) where there is no such key
 * or the value is none of its values; the setting is unchanged then.
 */
int settings_assign(struct settings *settings, const char *assignment, char **ret_why);
/* The same with key and value apart. */
int settings_set(struct settings *settings, const char *key, const char *value, char **ret_why);

/* The value in force. Asking for a key that does not exist ends the program: it is a typing error.
 */
const char *settings_text(const struct settings *settings, const char *key);
/*
 * The same on one interface, for the keys that a section "igmp:eth0" can set for it alone: that
 * section's value, or where it has none that of "igmp".
 */
const char *settings_text_on(const struct settings *settings, const char *iface, const char *key);
/* What stands between semicolons, without blanks around it; NULL-terminated, freed with
 * g_strfreev(). */
char **settings_list(const struct settings *settings, const char *key);
double settings_number(const struct settings *settings, const char *key);
/* A number of seconds or milliseconds (by the key's suffix _s or _ms) as nanoseconds. */
uint64_t settings_ns(const struct settings *settings, const char *key);
