#include "channels/viewer_news.h"

#include <errno.h>

#include "channels/database.h"
#include "channels/viewer.h"

static int write_mark(struct lineup *lineup, const struct viewer_mark *mark)
{
	int result = mark->kind == VIEWER_FAVOURITE
			     ? lineup_set_favourite(lineup, mark->channel, mark->on)
			     : lineup_set_locked(lineup, mark->channel, mark->on);
	return result == -ENOENT ? 0 : result;
}

static int write_visit(struct lineup *lineup, const struct viewer_visit *visit)
{
	int result = viewer_insert_visit(lineup, visit->channel, visit->at_utc_s);
	return result == -ENOENT ? 0 : result;
}

int viewer_news_write(struct lineup *lineup, const struct viewer_news *news)
{
	int result = 0;
	for (size_t i = 0; !result && i < news->n_marks; i++)
		result = write_mark(lineup, &news->marks[i]);
	for (size_t i = 0; !result && i < news->n_visits; i++)
		result = write_visit(lineup, &news->visits[i]);
	return result;
}
