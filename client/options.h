/* client/options: what the sub-commands share in reading their arguments. */
#pragma once

#include <glib.h>

/*
 * Parses argv with GOption (g_option_context). `--help` prints to standard output and exits 0. On a
 * usage error prints "zapper COMMAND: what" on standard error and returns EXIT_USAGE, else 0.
 * `summary` stands below the usage line; `args` names the positional arguments ("SOURCE...", may be
 * "").
 */
int options_parse(const GOptionEntry *entries, const char *args, const char *summary, int *argc,
	char ***argv);

/* Prints "zapper COMMAND: what (see 'zapper COMMAND --help')" and returns EXIT_USAGE. */
int options_usage_error(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* --db's value, or $XDG_DATA_HOME/zapper/lineup.db. Freed with g_free(). */
char *options_db_path(const char *db);

/*
 * --control's value, or $XDG_RUNTIME_DIR/zapper.sock, or for root without one /run/zapper.sock.
 * Freed with g_free().
 */
char *options_control_path(const char *control);
