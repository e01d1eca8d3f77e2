#include <errno.h>

#include "channels/database.h"
#include "channels/guide_database.h"

/* A guide that was imported goes before one that is made of streams. */
static int channel_of(struct guide *guide, const struct guide_subject *subject, int64_t *ret)
{
	int result = guide_find(guide, subject, ret);
	if (result != -ENOENT)
		return result;
	char *id = guide_streamed_id(subject);
	result = guide_put_row(guide, id, "", ret);
	g_free(id);
	return result;
}

static void bind_span(sqlite3_stmt *statement, int64_t channel, const struct guide_event *event)
{
	sqlite3_bind_int64(statement, 1, channel);
	sqlite3_bind_int64(statement, 2, event->start_utc_s);
	sqlite3_bind_int64(statement, 3, event->stop_utc_s);
	sqlite3_bind_int64(statement, 4, GUIDE_LASTS_S);
}

/* 1: an import has something at that time, 0: it has nothing, else negative errno. */
static int is_known(struct guide *guide, int64_t channel, const struct guide_event *event)
{
	sqlite3_stmt *statement = guide->statements.overlaps;
	bind_span(statement, channel, event);
	int result = database_next_row(statement);
	sqlite3_reset(statement);
	return result;
}

static int put_event(struct guide *guide, int64_t channel, const struct guide_event *event)
{
	sqlite3_stmt *statement = guide->statements.put_streamed;
	const char *const texts[] = {event->title, event->subtitle, event->description,
		event->category, event->episode, event->rating};
	sqlite3_bind_int64(statement, 1, channel);
	sqlite3_bind_int64(statement, 2, event->start_utc_s);
	sqlite3_bind_int64(statement, 3, event->stop_utc_s);
	int result = guide_bind_texts(statement, 4, texts, G_N_ELEMENTS(texts));
	return result ? result : database_run(statement);
}

static int delete_streamed(struct guide *guide, int64_t channel, const struct guide_event *event)
{
	bind_span(guide->statements.delete_streamed, channel, event);
	return database_run(guide->statements.delete_streamed);
}

/* Does so with all that says something, and of which an import says nothing. */
static int each_unknown(struct guide *guide, int64_t channel, const struct guide_event *events,
	size_t count,
	int (*act)(struct guide *guide, int64_t channel, const struct guide_event *event))
{
	int result = 0;
	for (size_t i = 0; !result && i < count; i++) {
		if (!events[i].known || events[i].stop_utc_s <= events[i].start_utc_s)
			continue;
		int known = is_known(guide, channel, &events[i]);
		result = known ? MIN(known, 0) : act(guide, channel, &events[i]);
	}
	return result;
}

/*
 * What was said before of their time goes first, and then all come: streams round durations, so
 * that an event may begin before the one before it has ended.
 */
static int complete(struct guide *guide, int64_t channel, const struct guide_event *events,
	size_t count, int64_t keep_from_utc_s)
{
	sqlite3_stmt *past = guide->statements.delete_past_streamed;
	int result = each_unknown(guide, channel, events, count, delete_streamed);
	if (!result)
		result = each_unknown(guide, channel, events, count, put_event);
	if (result)
		return result;
	sqlite3_bind_int64(past, 1, channel);
	sqlite3_bind_int64(past, 2, keep_from_utc_s);
	return database_run(past);
}

int guide_complete(struct guide *guide, const struct guide_subject *subject,
	const struct guide_event *events, size_t count, int64_t keep_from_utc_s)
{
	int64_t channel;
	int result = database_exec(guide->db, "BEGIN IMMEDIATE");
	if (result)
		return result;
	result = channel_of(guide, subject, &channel);
	if (!result)
		result = complete(guide, channel, events, count, keep_from_utc_s);
	if (!result)
		result = database_exec(guide->db, "COMMIT");
	if (result)
		sqlite3_exec(guide->db, "ROLLBACK", NULL, NULL, NULL);
	return result;
}
