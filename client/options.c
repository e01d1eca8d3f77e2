#include "client/options.h"

#include <stdio.h>
#include <unistd.h>

#include "client/commands.h"

int options_parse(
	const GOptionEntry *entries, const char *args, const char *summary, int *argc, char ***argv)
{
	char *program = g_strdup_printf("zapper %s", (*argv)[0]);
	g_set_prgname(program);
	g_free(program);

	GOptionContext *context = g_option_context_new(args);
	g_option_context_set_summary(context, summary);
	g_option_context_add_main_entries(context, entries, NULL);
	GError *error = NULL;
	int result = 0;
	if (!g_option_context_parse(context, argc, argv, &error)) {
		fprintf(stderr, "%s: %s (see '%s --help')\n", g_get_prgname(), error->message,
			g_get_prgname());
		g_error_free(error);
		result = EXIT_USAGE;
	}
	g_option_context_free(context);
	return result;
}

int options_usage_error(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *what = g_strdup_vprintf(format, args);
	va_end(args);
	fprintf(stderr, "%s: %s (see '%s --help')\n", g_get_prgname(), what, g_get_prgname());
	g_free(what);
	return EXIT_USAGE;
}

char *options_db_path(const char *db)
{
	if (db)
		return g_strdup(db);
	return g_build_filename(g_get_user_data_dir(), "zapper", "lineup.db", NULL);
}

char *options_control_path(const char *control)
{
	if (control)
		return g_strdup(control);
	/* Who is root in a user namespace only may have no access there. */
	if (geteuid() == 0 && !g_getenv("XDG_RUNTIME_DIR") && !access("/run", W_OK))
		return g_strdup("/run/zapper.sock");
	return g_build_filename(g_get_user_runtime_dir(), "zapper.sock", NULL);
}
