/*
 * channels/import: from the bytes of lists to the line-up, in one transaction: after a crash, a
 * full disk or a kill the old line-up is whole. What happens to channels and numbers that are
 * there: channels/reconcile.h and channels/numbering.h. Guides may be among the lists; they go into
 * the guide's file (channels/guide.h), in a transaction of its own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "channels/format.h"
#include "channels/guide.h"
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
	size_t guide_channels; /* in the guides */
	size_t guide_events;
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

/* All lists are of this character set, but where they say another themselves (channels/charset.h).
 * -EINVAL: there is none of that name. */
int import_set_charset(struct import *import, const char *name);
/* Which texts are taken from guides that have several, as xmltv_create(); borrowed. */
void import_set_languages(struct import *import, const char *const *languages);

/*
 * Opens the guide for writing, when the first event comes; the import closes it. -errno: the import
 * fails with that. Without such a function guides are read and counted, and nothing is kept.
 * Events that are over before keep_from_utc_s go.
 */
typedef int (*import_open_guide_fn)(void *ctx, struct guide **ret);
void import_set_guide(
	struct import *import, import_open_guide_fn open, void *ctx, int64_t keep_from_utc_s);

/*
 * Reads `file`, which the list `index` names and which lies beside it: from
 * import_begin_optional() to import_end(), whose result it returns, or -errno where there are no
 * bytes to be had.
 */
typedef int (*import_beside_fn)(void *ctx, const char *index, const char *file);
void import_set_beside(struct import *import, import_beside_fn read, void *ctx);

/* One list: begin, bytes in pieces of any size, end. `file` names it in diagnostics (copied). */
void import_begin(struct import *import, const char *file, enum channel_format format);
/* For a file that nobody says is a list: one of an archive, or one that an index names. */
void import_begin_optional(struct import *import, const char *file, enum channel_format format);
void import_bytes(struct import *import, const char *bytes, size_t size);
/* What comes next is another document of the same list, perhaps of another character set. */
void import_next_document(struct import *import);
/*
 * Errors, after which nothing of the import is to be written: -EILSEQ (and a diagnostic) where the
 * list is malformed, in no format that zapper knows, or has no channel; other -errno (and a
 * diagnostic) where the guide cannot be written. -ENODATA: an optional list was none, or had
 * nothing that can be received; that is no error.
 */
int import_end(struct import *import);

/*
 * Reads those lists that the ones before have named, and that were not read by that name yet, by
 * the function of import_set_beside(): after each list, or after all files of an archive. Where one
 * cannot be had or brings nothing, that is a warning. -EILSEQ (and a diagnostic) where lists were
 * named and no channel has come of any, or what import_end() said.
 */
int import_follow(struct import *import);

/* Whether a list of that name was begun. */
bool import_has_read(const struct import *import, const char *file);
/* What the lists have brought so far. */
void import_count(const struct import *import, size_t *ret_channels, size_t *ret_events);

/*
 * Reconciles the lists with the line-up and writes the result, and what guides have brought, once.
 * With `lineup` opened for reading, or NULL (an empty one), no line-up is written and the summary
 * says what would be. Where there were guides only, the line-up is left as it is. Errors (a
 * diagnostic says it where the guide is to blame):
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
