#include "channels/memory.h"

#include <string.h>

#include "channels/database.h"

static const char *text_at(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return text ? text : "";
}

/* Ends the reading of rows. */
static int finish(sqlite3_stmt *statement, int code)
{
	int result = code == SQLITE_DONE ? 0 : database_error(sqlite3_db_handle(statement));
	sqlite3_reset(statement);
	return result;
}

static uint64_t count_at(sqlite3_stmt *row, int column)
{
	int64_t value = sqlite3_column_int64(row, column);
	return value > 0 ? (uint64_t)value : 0;
}

static int64_t slack_at(sqlite3_stmt *row, int column)
{
	return sqlite3_column_type(row, column) == SQLITE_NULL ? INT64_MAX
							       : sqlite3_column_int64(row, column);
}

int lineup_each_memory(struct lineup *lineup, channel_memory_fn fn, void *ctx)
{
	sqlite3_stmt *row = lineup->statements.memories;
	int code;
	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		struct channel_memory memory = {
			.channel = sqlite3_column_int64(row, 0),
			.psi = sqlite3_column_blob(row, 1),
			.psi_bytes = (size_t)sqlite3_column_bytes(row, 1),
			.video_pid = (uint16_t)sqlite3_column_int(row, 2),
			.audio_pid = (uint16_t)sqlite3_column_int(row, 3),
			.pcr_pid = (uint16_t)sqlite3_column_int(row, 4),
			.video_codec = text_at(row, 5),
			.audio_codec = text_at(row, 6),
			.gop_ns = count_at(row, 7),
			.rap_bytes = count_at(row, 8),
			.video_slack_ns = slack_at(row, 9),
			.audio_slack_ns = slack_at(row, 10),
			.line_bps = count_at(row, 11),
		};
		fn(ctx, &memory);
	}
	return finish(row, code);
}

static void bind_slack(sqlite3_stmt *statement, int index, int64_t slack_ns)
{
	if (slack_ns == INT64_MAX)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_int64(statement, index, slack_ns);
}

int lineup_put_memory(struct lineup *lineup, const struct channel_memory *memory)
{
	sqlite3_stmt *put = lineup->statements.put_memory;
	sqlite3_bind_int64(put, 1, memory->channel);
	sqlite3_bind_blob(
		put, 2, memory->psi ? memory->psi : (const void *)"", (int)memory->psi_bytes, NULL);
	sqlite3_bind_int(put, 3, memory->video_pid);
	sqlite3_bind_int(put, 4, memory->audio_pid);
	sqlite3_bind_int(put, 5, memory->pcr_pid);
	sqlite3_bind_text(put, 6, memory->video_codec, -1, NULL);
	sqlite3_bind_text(put, 7, memory->audio_codec, -1, NULL);
	sqlite3_bind_int64(put, 8, (int64_t)memory->gop_ns);
	sqlite3_bind_int64(put, 9, (int64_t)memory->rap_bytes);
	bind_slack(put, 10, memory->video_slack_ns);
	bind_slack(put, 11, memory->audio_slack_ns);
	sqlite3_bind_int64(put, 12, (int64_t)memory->line_bps);
	int result = database_run(put);
	sqlite3_clear_bindings(put);
	return result;
}

int lineup_each_step(struct lineup *lineup, channel_step_fn fn, void *ctx)
{
	sqlite3_stmt *row = lineup->statements.steps;
	int code;
	while ((code = sqlite3_step(row)) == SQLITE_ROW) {
		struct channel_step step = {.from = sqlite3_column_int64(row, 0),
			.to = sqlite3_column_int64(row, 1),
			.action = text_at(row, 2),
			.weight = sqlite3_column_double(row, 3)};
		fn(ctx, &step);
	}
	return finish(row, code);
}

static int insert_step(sqlite3_stmt *insert, const struct channel_step *step)
{
	sqlite3_bind_int64(insert, 1, step->from);
	sqlite3_bind_int64(insert, 2, step->to);
	sqlite3_bind_text(insert, 3, step->action, -1, NULL);
	sqlite3_bind_double(insert, 4, step->weight);
	int result = database_run(insert);
	sqlite3_clear_bindings(insert);
	return result;
}

int lineup_replace_steps(struct lineup *lineup, const struct channel_step *steps, size_t n)
{
	int result = lineup_begin(lineup);
	if (result)
		return result;
	result = database_run(lineup->statements.delete_steps);
	for (size_t i = 0; !result && i < n; i++)
		result = insert_step(lineup->statements.insert_step, &steps[i]);
	return lineup_end(lineup, result);
}
