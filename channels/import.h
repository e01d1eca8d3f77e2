/*
 * channels/import: from the bytes of lists to the line-up, in one transaction: after a crash, a
 * full disk or a kill the old line-up is whole. What happens to channels and numbers that are
 * there: channels/reconcile.h and channels/numbering.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "channels/format.h"
#include "channels/lineup.h"
#include "channels/report.h"

enum import_mode {
	IMPORT_REPLACE, /* the line-up becomes what the lists say */
	IMPORT_MERGE,	/* the lists are added to the line-up */
};

struct import_summary {
	size_t channels;   /* in the lists */
	size_t alternates; /* further sources of these */
	size_t renumbered; /* did not get the number that the list asks for */
	size_t ignored;	   /* addresses that did not become a source */
	size_t added;	   /* to the line-up */
	size_t changed;
	size_t removed;
};

enum import_change {
	IMPORT_SAME,
	IMPORT_ADDED,
	IMPORT_CHANGED,	   /* not its number */
	IMPORT_RENUMBERED, /* and what else there is */
	IMPORT_REMOVED,
};

/* One channel of the line-up that is not what it was. */
struct import_difference {
	enum import_change change;
	const struct channel *before; /* NULL where it was added */
	const struct channel *after;  /* NULL where it was removed */
	const char *what; /* "number 5 -> 7, 2 addresses added"; "" for added and removed ones */
};

typedef void (*import_change_fn)(void *ctx, const struct import_difference *difference);

struct import;

/* Diagnostics go to `report` (copied) while bytes come in and at import_write(). */
struct import *import_create(const struct channel_report *report);
void import_destroy(struct import *import); /* accepts NULL */

/* One list: begin, bytes in pieces of any size, end. `file` names it in diagnostics (copied). */
void import_begin(struct import *import, const char *file, enum channel_format format);
void import_bytes(struct import *import, const char *bytes, size_t size);
/* -EILSEQ (and a diagnostic) where the list is in no format that zapper knows or has no channel. */
int import_end(struct import *import);

/*
 * Reconciles the lists with the line-up and writes the result, once. With `lineup` opened for
 * reading, or NULL (an empty one), nothing is written and the summary says what would be. Errors:
 * -EBUSY another program writes, -ENOSPC, -EILSEQ the database is broken, other -errno; the
 * line-up is then as before.
 */
int import_write(struct import *import, struct lineup *lineup, enum import_mode mode,
	struct import_summary *ret);

/*
 * After import_write() (until then there is none): each channel that is not IMPORT_SAME, in the
 * order of the numbers they have now, or had. Channels live as long as `import`, `what` as long as
 * the call of fn.
 */
void import_each_change(const struct import *import, import_change_fn fn, void *ctx);
