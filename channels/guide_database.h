/* channels/guide_database: the guide's file as channels/guide_*.c see it. Not for others. */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "channels/guide.h"

#define GUIDE_APPLICATION_ID 0x7a617067 /* "zapg" */

struct guide_statements {
	sqlite3_stmt *find_id;
	sqlite3_stmt *find_folded;
	sqlite3_stmt *find_name;
	sqlite3_stmt *now;
	sqlite3_stmt *next;
	sqlite3_stmt *put_channel;
	sqlite3_stmt *claim_channel;
	sqlite3_stmt *delete_events;
	sqlite3_stmt *delete_names;
	sqlite3_stmt *put_name;
	sqlite3_stmt *put_event;
	sqlite3_stmt *overlaps;
	sqlite3_stmt *delete_streamed;
	sqlite3_stmt *put_streamed;
	sqlite3_stmt *delete_past_streamed;
	sqlite3_stmt *delete_past;
	sqlite3_stmt *delete_empty;
};

struct guide {
	sqlite3 *db;
	enum guide_mode mode;
	int patience_ms;
	char *path;
	uint64_t file; /* as lineup_file() */
	struct guide_statements statements;
	int generation;	      /* of the import that goes on */
	GStringChunk *texts;  /* of what was asked for last */
	GHashTable *channels; /* row ids by id, of those it has replaced; bounded */
};

/* As names and ids are compared: freed with g_free(). */
char *guide_fold(const char *text);

/*
 * The id of a channel that only its stream has told of; no import has such a one. Freed with
 * g_free().
 */
char *guide_streamed_id(const struct guide_subject *subject);

/* Makes the channel if there is none. */
int guide_put_row(struct guide *guide, const char *id, const char *icon, int64_t *ret);
int guide_bind_texts(sqlite3_stmt *statement, int first, const char *const *texts, size_t count);
