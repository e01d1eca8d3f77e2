#include <errno.h>
#include <string.h>

#include "channels/database.h"
#include "channels/guide_database.h"

char *guide_fold(const char *text)
{
	char *normal = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
	char *folded = g_utf8_casefold(normal ? normal : text, -1), *to = folded;
	for (const char *from = folded; *from; from++) {
		char c = *from == '_' ? ' ' : *from;
		if (c != ' ' || (to > folded && to[-1] != ' '))
			*to++ = c;
	}
	*to = '\0';
	g_free(normal);
	return g_strchomp(folded);
}

char *guide_streamed_id(const struct guide_subject *subject)
{
	return g_strconcat("stream:", *subject->guide_id ? subject->guide_id : subject->name, NULL);
}

/* -ENOENT behind the last row. */
static int step(sqlite3_stmt *statement)
{
	int more = database_next_row(statement);
	return more ? MIN(more, 0) : -ENOENT;
}

static int find(sqlite3_stmt *statement, const char *text, int64_t *ret)
{
	sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
	int result = step(statement);
	if (!result)
		*ret = sqlite3_column_int64(statement, 0);
	sqlite3_reset(statement);
	return result;
}

int guide_find(struct guide *guide, const struct guide_subject *subject, int64_t *ret)
{
	const struct guide_statements *statements = &guide->statements;
	char *folded_id = guide_fold(subject->guide_id);
	char *folded_guide_name = guide_fold(subject->guide_name);
	char *folded_name = guide_fold(subject->name);
	char *streamed_id = guide_streamed_id(subject);
	const struct {
		sqlite3_stmt *statement;
		const char *text;
	} ways[] = {
		{statements->find_id, subject->guide_id},
		{statements->find_folded, folded_id},
		{statements->find_name, folded_guide_name},
		{statements->find_name, folded_id},
		{statements->find_name, folded_name},
		{statements->find_id, streamed_id},
	};
	int result = -ENOENT;
	for (size_t i = 0; i < G_N_ELEMENTS(ways) && result == -ENOENT; i++)
		if (*ways[i].text)
			result = find(ways[i].statement, ways[i].text, ret);
	g_free(folded_id);
	g_free(folded_guide_name);
	g_free(folded_name);
	g_free(streamed_id);
	return result;
}

static struct guide_event event_at(struct guide *guide, sqlite3_stmt *row)
{
	return (struct guide_event){.known = true,
		.start_utc_s = sqlite3_column_int64(row, 0),
		.stop_utc_s = sqlite3_column_int64(row, 1),
		.title = database_keep_text(row, 2, guide->texts),
		.subtitle = database_keep_text(row, 3, guide->texts),
		.description = database_keep_text(row, 4, guide->texts),
		.category = database_keep_text(row, 5, guide->texts),
		.episode = database_keep_text(row, 6, guide->texts),
		.rating = database_keep_text(row, 7, guide->texts)};
}

static void ask(sqlite3_stmt *statement, int64_t channel, int64_t at_utc_s)
{
	sqlite3_bind_int64(statement, 1, channel);
	sqlite3_bind_int64(statement, 2, at_utc_s);
}

/* Of one whose stop the guide does not have; the next one starts then, 0: there is none. */
static void limit(struct guide_event *event, int64_t next_start_utc_s)
{
	int64_t latest = event->start_utc_s + GUIDE_LASTS_S;
	if (!event->stop_utc_s)
		event->stop_utc_s = next_start_utc_s ? MIN(next_start_utc_s, latest) : latest;
}

static int find_next(struct guide *guide, struct guide_event *ret)
{
	sqlite3_stmt *row = guide->statements.next;
	int result = step(row);
	if (result)
		return result;
	*ret = event_at(guide, row);
	if (ret->stop_utc_s)
		return 0;
	result = step(row);
	limit(ret, result ? 0 : sqlite3_column_int64(row, 0));
	return result;
}

static int find_now(
	struct guide *guide, int64_t at_utc_s, int64_t next_start_utc_s, struct guide_event *ret)
{
	sqlite3_stmt *row = guide->statements.now;
	int result;
	while (!(result = step(row))) {
		struct guide_event event = event_at(guide, row);
		limit(&event, next_start_utc_s);
		next_start_utc_s = event.start_utc_s;
		if (event.stop_utc_s <= at_utc_s)
			continue;
		*ret = event;
		return 0;
	}
	return result;
}

int guide_now_next(struct guide *guide, int64_t channel, int64_t at_utc_s, struct guide_now *ret)
{
	static const struct guide_event unknown = {.title = "",
		.subtitle = "",
		.description = "",
		.category = "",
		.episode = "",
		.rating = ""};
	*ret = (struct guide_now){unknown, unknown};
	g_string_chunk_clear(guide->texts);
	ask(guide->statements.next, channel, at_utc_s);
	ask(guide->statements.now, channel, at_utc_s);
	int result = find_next(guide, &ret->next);
	if (!result || result == -ENOENT)
		result = find_now(guide, at_utc_s, ret->next.start_utc_s, &ret->now);
	/* A statement that stands at a row holds on to the guide as it is now. */
	sqlite3_reset(guide->statements.next);
	sqlite3_reset(guide->statements.now);
	return result == -ENOENT ? 0 : result;
}
