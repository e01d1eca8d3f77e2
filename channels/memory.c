#include "channels/memory.h"

#include <string.h>

#include "channels/database.h"

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
	int more;
	while ((more = database_next_row(row)) > 0) {
		struct channel_memory memory = {
			.channel = sqlite3_column_int64(row, 0),
			.psi = sqlite3_column_blob(row, 1),
			.psi_bytes = (size_t)sqlite3_column_bytes(row, 1),
			.video_pid = (uint16_t)sqlite3_column_int(row, 2),
			.audio_pid = (uint16_t)sqlite3_column_int(row, 3),
			.pcr_pid = (uint16_t)sqlite3_column_int(row, 4),
			.video_codec = database_text(row, 5),
			.audio_codec = database_text(row, 6),
			.gop_ns = count_at(row, 7),
			.rap_bytes = count_at(row, 8),
			.video_slack_ns = slack_at(row, 9),
			.audio_slack_ns = slack_at(row, 10),
			.line_bps = count_at(row, 11),
			.video_sets = sqlite3_column_blob(row, 12),
			.video_sets_bytes = (size_t)sqlite3_column_bytes(row, 12),
		};
		fn(ctx, &memory);
	}
	sqlite3_reset(row);
	return more;
}

static void bind_slack(sqlite3_stmt *statement, int index, int64_t slack_ns)
{
	if (slack_ns == INT64_MAX)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_int64(statement, index, slack_ns);
}

static void bind_bytes(sqlite3_stmt *statement, int index, const uint8_t *bytes, size_t n)
{
	sqlite3_bind_blob(statement, index, bytes ? bytes : (const void *)"", (int)n, NULL);
}

static int put_memory(sqlite3_stmt *put, const struct channel_memory *memory)
{
	sqlite3_bind_int64(put, 1, memory->channel);
	bind_bytes(put, 2, memory->psi, memory->psi_bytes);
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
	bind_bytes(put, 13, memory->video_sets, memory->video_sets_bytes);
	int result = database_run(put);
	sqlite3_clear_bindings(put);
	return result;
}

int lineup_each_step(struct lineup *lineup, viewer_step_fn fn, void *ctx)
{
	sqlite3_stmt *row = lineup->statements.steps;
	int more;
	while ((more = database_next_row(row)) > 0) {
		struct viewer_step step = {.from = sqlite3_column_int64(row, 0),
			.to = sqlite3_column_int64(row, 1),
			.action = database_text(row, 2),
			.weight = sqlite3_column_double(row, 3)};
		fn(ctx, &step);
	}
	sqlite3_reset(row);
	return more;
}

static int insert_step(sqlite3_stmt *insert, const struct viewer_step *step)
{
	sqlite3_bind_int64(insert, 1, step->from);
	sqlite3_bind_int64(insert, 2, step->to);
	sqlite3_bind_text(insert, 3, step->action, -1, NULL);
	sqlite3_bind_double(insert, 4, step->weight);
	int result = database_run(insert);
	sqlite3_clear_bindings(insert);
	return result;
}

int lineup_each_mood(struct lineup *lineup, viewer_mood_fn fn, void *ctx)
{
	sqlite3_stmt *row = lineup->statements.moods;
	int more;
	while ((more = database_next_row(row)) > 0) {
		struct viewer_mood mood = {.context = database_text(row, 0),
			.action = database_text(row, 1),
			.weight = sqlite3_column_double(row, 2)};
		fn(ctx, &mood);
	}
	sqlite3_reset(row);
	return more;
}

static int insert_mood(sqlite3_stmt *insert, const struct viewer_mood *mood)
{
	sqlite3_bind_text(insert, 1, mood->context, -1, NULL);
	sqlite3_bind_text(insert, 2, mood->action, -1, NULL);
	sqlite3_bind_double(insert, 3, mood->weight);
	int result = database_run(insert);
	sqlite3_clear_bindings(insert);
	return result;
}

static int replace_ways(
	const struct lineup_statements *statements, const struct lineup_memory *memory)
{
	int result = database_run(statements->delete_steps);
	for (size_t i = 0; !result && i < memory->n_steps; i++)
		result = insert_step(statements->insert_step, &memory->steps[i]);
	if (!result)
		result = database_run(statements->delete_moods);
	for (size_t i = 0; !result && i < memory->n_moods; i++)
		result = insert_mood(statements->insert_mood, &memory->moods[i]);
	return result;
}

int lineup_remember(struct lineup *lineup, const struct lineup_memory *memory)
{
	int result = lineup_begin(lineup);
	if (result)
		return result;
	for (size_t i = 0; !result && i < memory->n_channels; i++)
		result = put_memory(lineup->statements.put_memory, &memory->channels[i]);
	if (!result && memory->has_ways)
		result = replace_ways(&lineup->statements, memory);
	if (!result)
		result = viewer_news_write(lineup, &memory->viewer);
	return lineup_end(lineup, result);
}

struct channel_memory channel_memory_copy(const struct channel_memory *memory)
{
	struct channel_memory copy = *memory;
	copy.psi = g_memdup2(memory->psi, memory->psi_bytes);
	copy.video_sets = g_memdup2(memory->video_sets, memory->video_sets_bytes);
	copy.video_codec = g_strdup(memory->video_codec);
	copy.audio_codec = g_strdup(memory->audio_codec);
	return copy;
}

void channel_memory_clear(struct channel_memory *memory)
{
	g_free((void *)memory->psi);
	g_free((void *)memory->video_sets);
	g_free((void *)memory->video_codec);
	g_free((void *)memory->audio_codec);
	*memory = (struct channel_memory){0};
}
