#include "channels/viewer_news.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "channels/database.h"
#include "channels/viewer.h"

/* In the box: "35", or "35 muted". */
#define VOLUME "volume"
#define MUTED "muted"

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

static int write_volume(struct lineup *lineup, const struct viewer_news *news)
{
	char value[32];
	snprintf(value, sizeof value, "%u%s", news->volume_percent, news->muted ? " " MUTED : "");
	return lineup_set_box(lineup, VOLUME, value);
}

bool lineup_get_volume(struct lineup *lineup, uint16_t *ret_percent, bool *ret_muted)
{
	char *value = NULL;
	unsigned int percent;
	char muted[sizeof MUTED] = "";
	if (lineup_get_box(lineup, VOLUME, &value))
		return false;
	int read = sscanf(value, "%3u %5s", &percent, muted);
	g_free(value);
	if (read < 1 || percent > 100)
		return false;
	*ret_percent = (uint16_t)percent;
	*ret_muted = !strcmp(muted, MUTED);
	return true;
}

int viewer_news_write(struct lineup *lineup, const struct viewer_news *news)
{
	int result = 0;
	for (size_t i = 0; !result && i < news->n_marks; i++)
		result = write_mark(lineup, &news->marks[i]);
	for (size_t i = 0; !result && i < news->n_visits; i++)
		result = write_visit(lineup, &news->visits[i]);
	if (!result && news->has_volume)
		result = write_volume(lineup, news);
	return result;
}
