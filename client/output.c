#include "client/output.h"

#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define USUAL_COLUMNS 80

size_t output_terminal_columns(void)
{
	struct winsize size;
	if (!isatty(STDOUT_FILENO))
		return 0;
	if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) && size.ws_col)
		return size.ws_col;
	guint64 columns = 0;
	const char *text = g_getenv("COLUMNS");
	if (text && g_ascii_string_to_unsigned(text, 10, 1, G_MAXUINT16, &columns, NULL))
		return columns;
	return USUAL_COLUMNS;
}

void output_text(const GString *text)
{
	fwrite(text->str, 1, text->len, stdout);
}

enum exit_code output_finish(void)
{
	if (!ferror(stdout) && !fflush(stdout))
		return EXIT_OK;
	fprintf(stderr, "%s: the output cannot be written\n", g_get_prgname());
	return EXIT_FAILED;
}
