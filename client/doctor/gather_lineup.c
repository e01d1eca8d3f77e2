/* What the room channels says of the line-up. */
#include <errno.h>
#include <string.h>

#include "channels/lineup.h"
#include "client/doctor/gather.h"
#include "client/options.h"

static void add_channel(GArray *sources, const struct channel *channel)
{
	for (size_t i = 0; i < channel->source_count; i++) {
		struct doctor_source source = {.name = g_strdup(channel->name),
			.group = channel->sources[i].address.group,
			.source = channel->sources[i].address.source,
			.alternate = i > 0,
			.radio = channel->kind == CHANNEL_RADIO};
		G_STATIC_ASSERT(sizeof source.number >= CHANNEL_NUMBER_BYTES);
		channel_number_format(channel, source.number);
		g_array_append_val(sources, source);
	}
}

/* "There is none." becomes "there is none"; a path stays as it is. */
static void make_clause(char *sentence)
{
	size_t len = strlen(sentence);
	if (len && sentence[len - 1] == '.')
		sentence[len - 1] = '\0';
	if (g_ascii_isupper(sentence[0]) && g_ascii_islower(sentence[1]))
		sentence[0] = g_ascii_tolower(sentence[0]);
}

void gather_lineup(const char *db, struct doctor_lineup *ret)
{
	struct lineup *lineup = NULL;
	struct channel_list *list = NULL;
	ret->path = options_db_path(db);
	ret->error = lineup_open(ret->path, LINEUP_READ, &lineup, &ret->why);
	if (!ret->error) {
		ret->error = lineup_load(lineup, &list);
		if (ret->error)
			ret->why = g_strdup_printf("%s: %s", ret->path,
				ret->error == -EILSEQ ? "the line-up is damaged"
						      : g_strerror(-ret->error));
	}
	if (ret->why)
		make_clause(ret->why);
	for (size_t i = 0; list && i < list->count; i++)
		add_channel(ret->sources, &list->channels[i]);
	ret->channels = list ? list->count : 0;
	channel_list_free(list);
	lineup_close(lineup);
}
