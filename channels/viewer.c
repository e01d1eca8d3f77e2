#include "channels/viewer.h"

#include <errno.h>

#include "channels/database.h"

/* What refers to a channel that is not there breaks a foreign key. */
static int run_on_channel(sqlite3_stmt *statement, int64_t channel)
{
	sqlite3_bind_int64(statement, 1, channel);
	int result = database_run(statement);
	if (result && sqlite3_extended_errcode(sqlite3_db_handle(statement)) ==
			      SQLITE_CONSTRAINT_FOREIGNKEY)
		result = -ENOENT;
	return result;
}

int lineup_set_favourite(struct lineup *lineup, int64_t channel, bool favourite)
{
	const struct lineup_statements *statements = &lineup->statements;
	return run_on_channel(
		favourite ? statements->set_favourite : statements->unset_favourite, channel);
}

int lineup_set_locked(struct lineup *lineup, int64_t channel, bool locked)
{
	const struct lineup_statements *statements = &lineup->statements;
	return run_on_channel(locked ? statements->set_lock : statements->unset_lock, channel);
}

int viewer_insert_visit(struct lineup *lineup, int64_t channel, int64_t at_utc_s)
{
	sqlite3_stmt *insert = lineup->statements.insert_history;
	sqlite3_stmt *trim = lineup->statements.trim_history;
	sqlite3_bind_int64(insert, 2, at_utc_s);
	int result = run_on_channel(insert, channel);
	if (!result) {
		sqlite3_bind_int(trim, 1, VIEWER_HISTORY);
		result = database_run(trim);
	}
	return result;
}

int lineup_add_history(struct lineup *lineup, int64_t channel, int64_t at_utc_s)
{
	int result = lineup_begin(lineup);
	if (!result)
		result = lineup_end(lineup, viewer_insert_visit(lineup, channel, at_utc_s));
	return result;
}

int lineup_each_history(struct lineup *lineup, size_t limit, viewer_history_fn fn, void *ctx)
{
	sqlite3_stmt *row = lineup->statements.history;
	int more;
	/* An older line-up that is only read has none. */
	if (!row)
		return 0;
	sqlite3_bind_int64(row, 1, (sqlite3_int64)MIN(limit, VIEWER_HISTORY));
	while ((more = database_next_row(row)) > 0)
		fn(ctx, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1));
	sqlite3_reset(row);
	return more;
}

int lineup_set_box(struct lineup *lineup, const char *name, const char *value)
{
	sqlite3_stmt *set = lineup->statements.set_box;
	sqlite3_bind_text(set, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_text(set, 2, value, -1, SQLITE_STATIC);
	int result = database_run(set);
	sqlite3_clear_bindings(set);
	return result;
}

int lineup_get_box(struct lineup *lineup, const char *name, char **ret_value)
{
	sqlite3_stmt *row = lineup->statements.get_box;
	/* An older line-up that is only read has none. */
	if (!row)
		return -ENOENT;
	sqlite3_bind_text(row, 1, name, -1, SQLITE_STATIC);
	int more = database_next_row(row);
	if (more > 0)
		*ret_value = g_strdup((const char *)sqlite3_column_text(row, 0));
	sqlite3_reset(row);
	sqlite3_clear_bindings(row);
	return more ? MIN(more, 0) : -ENOENT;
}
