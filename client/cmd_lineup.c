#include "client/cmd_lineup.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>

#include "channels/errors.h"
#include "client/options.h"

enum exit_code exit_code_of(int error)
{
	switch (error) {
	case 0:
		return EXIT_OK;
	case -EILSEQ:
	case -EPROTONOSUPPORT:
		return EXIT_BAD_DATA;
	case -ENOENT:
	case -ENOTDIR:
	case -EISDIR:
		return EXIT_NO_INPUT;
	case -EACCES:
	case -EPERM:
	case -EROFS:
		return EXIT_NO_PERMISSION;
	default:
		return EXIT_FAILED;
	}
}

enum exit_code command_open_lineup(const char *db, enum lineup_mode mode, struct lineup **ret)
{
	char *path = options_db_path(db);
	char *why = NULL;
	int result = lineup_open(path, mode, ret, &why);
	if (result)
		fprintf(stderr, "%s: %s\n", g_get_prgname(), why);
	g_free(why);
	g_free(path);
	return exit_code_of(result);
}

enum exit_code command_load_lineup(const char *db, struct channel_list **ret)
{
	struct lineup *lineup = NULL;
	enum exit_code code = command_open_lineup(db, LINEUP_READ, &lineup);
	if (code != EXIT_OK)
		return code;
	int result = lineup_load(lineup, ret);
	lineup_close(lineup);
	if (result)
		fprintf(stderr, "%s: the line-up cannot be read: %s\n", g_get_prgname(),
			channel_error_text(result));
	return exit_code_of(result);
}
