/* tests/unit/channels/scratch: a folder that lasts for one test, and imports into a line-up in it.
 */
#pragma once

#include <glib.h>

#include "channels/import.h"

struct scratch {
	char *folder;
	const char *db;	      /* "lineup.db" inside; not there yet. A test may put another here */
	GString *diagnostics; /* a line each: "file:line: warning: text" */
	/* Of the last import: what it counted, and each change: "renumbered 5 A: number 5 -> 7". */
	struct import_summary summary;
	GString *changes;
};

/* cmocka's setup and teardown: *state is a struct scratch. */
int scratch_setup(void **state);
int scratch_teardown(void **state);

/* A path inside the folder, living as long as it. */
const char *scratch_path(const struct scratch *scratch, const char *name);

/* Imports an M3U from memory as "list"; returns the first error. Asserts nothing: it runs in
 * children, too. */
int scratch_import(struct scratch *scratch, const char *m3u, enum import_mode mode);

/* Runs statements on the database, or asks one for a number. Either asserts that it can. */
void scratch_sql(struct scratch *scratch, const char *sql);
int scratch_get_int(struct scratch *scratch, const char *sql);

/* Without root's way around permissions, for a while; false where that cannot be. */
bool scratch_become_nobody(void);
void scratch_become_root_again(void);

/* A list of so many channels in five bouquets, of that name and a number each. */
void scratch_fill(GString *m3u, int count, const char *name);

/*
 * The line-up, a line per channel: "id number name kind guide_id logo [bouquet,...] address ...",
 * behind an address what is said of it in parentheses, and at the end, where they are not empty or
 * false, "language=", "guide-name=", "favourite" and "locked".
 */
char *scratch_dump(struct scratch *scratch);

/* scratch_dump() without row ids. */
char *scratch_dump_content(struct scratch *scratch);
