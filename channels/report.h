/* channels/report: what an import has to say about its input. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Printed as "file:line: error|warning: text". The text says what is wrong and what was done. */
struct channel_diagnostic {
	const char *file;
	unsigned line;	  /* from 1 */
	bool error;	  /* nothing of this file is used; else a warning */
	bool ignored;	  /* an address of the list did not become a source */
	const char *text; /* UTF-8 without control characters, valid during the call */
};

struct channel_report {
	void (*diagnostic)(void *user, const struct channel_diagnostic *diagnostic);
	void *user;
};

enum channel_loss { CHANNEL_KEPT, CHANNEL_IGNORED };

/* An error: nothing of the file is used. */
void channel_fail(const struct channel_report *report, const char *file, unsigned line,
	const char *format, ...) G_GNUC_PRINTF(4, 5);
void channel_warn(const struct channel_report *report, const char *file, unsigned line,
	enum channel_loss loss, const char *format, ...) G_GNUC_PRINTF(5, 6);
