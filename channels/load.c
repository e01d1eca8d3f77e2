#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "channels/database.h"

/* Channels point into the three flat arrays behind them. */
struct loaded {
	struct channel_list list; /* first: what callers hold */
	GArray *channels;
	GArray *sources;
	GPtrArray *bouquets; /* the line-up's and NULL, then each channel's and NULL */
	GStringChunk *strings;
};

void channel_list_free(struct channel_list *list)
{
	struct loaded *loaded = (struct loaded *)list;
	if (!loaded)
		return;
	g_array_unref(loaded->channels);
	g_array_unref(loaded->sources);
	g_ptr_array_unref(loaded->bouquets);
	g_string_chunk_free(loaded->strings);
	g_free(loaded);
}

static struct loaded *create_loaded(void)
{
	struct loaded *loaded = g_new0(struct loaded, 1);
	loaded->channels = g_array_new(FALSE, FALSE, sizeof(struct channel));
	loaded->sources = g_array_new(FALSE, FALSE, sizeof(struct channel_source));
	loaded->bouquets = g_ptr_array_new();
	loaded->strings = g_string_chunk_new(4096);
	return loaded;
}

static const char *keep(struct loaded *loaded, sqlite3_stmt *row, int column)
{
	return database_keep_text(row, column, loaded->strings);
}

static int load_channels(struct loaded *loaded, sqlite3_stmt *row)
{
	int more;
	while ((more = database_next_row(row)) > 0) {
		struct channel channel = {
			.id = sqlite3_column_int64(row, 0),
			.number = (uint32_t)sqlite3_column_int64(row, 1),
			.subnumber = (uint32_t)sqlite3_column_int64(row, 2),
			.name = keep(loaded, row, 3),
			.kind = strcmp(database_text(row, 4), "radio") ? CHANNEL_TV : CHANNEL_RADIO,
			.guide_id = keep(loaded, row, 5),
			.logo = keep(loaded, row, 6),
			.language = keep(loaded, row, 7),
			.favourite = sqlite3_column_int(row, 8),
			.locked = sqlite3_column_int(row, 9),
			.guide_name = keep(loaded, row, 10),
		};
		g_array_append_val(loaded->channels, channel);
	}
	return more;
}

static int read_address(sqlite3_stmt *row, struct channel_address *ret)
{
	int port = sqlite3_column_int(row, 4);
	*ret = (struct channel_address){
		.transport = strcmp(database_text(row, 1), "rtp") ? CHANNEL_UDP : CHANNEL_RTP,
		.port = (uint16_t)port,
		.programme = (uint16_t)sqlite3_column_int(row, 5),
	};
	if (inet_pton(AF_INET, database_text(row, 2), &ret->group) != 1)
		return -EILSEQ;
	if (sqlite3_column_type(row, 3) != SQLITE_NULL &&
		inet_pton(AF_INET, database_text(row, 3), &ret->source) != 1)
		return -EILSEQ;
	return 0;
}

static int read_endpoint(sqlite3_stmt *row, int column, struct channel_endpoint *ret)
{
	const char *text = database_text(row, column);
	*ret = (struct channel_endpoint){0};
	return *text && channel_endpoint_parse(text, ret) ? -EILSEQ : 0;
}

static int read_source(struct loaded *loaded, sqlite3_stmt *row, struct channel_source *ret)
{
	struct channel_address address;
	if (read_address(row, &address))
		return -EILSEQ;
	*ret = channel_source_of(&address);
	if (read_endpoint(row, 7, &ret->fec) || read_endpoint(row, 8, &ret->fcc) ||
		read_endpoint(row, 10, &ret->retransmission))
		return -EILSEQ;
	ret->iface = keep(loaded, row, 6);
	ret->fcc_type = keep(loaded, row, 9);
	ret->http = keep(loaded, row, 11);
	ret->label = keep(loaded, row, 12);
	return 0;
}

/* Rows come in the order of the channels, so each channel's are next to each other. */
static int load_sources(struct loaded *loaded, sqlite3_stmt *row)
{
	int more = database_next_row(row);
	for (guint i = 0; i < loaded->channels->len; i++) {
		struct channel *channel = &g_array_index(loaded->channels, struct channel, i);
		for (; more > 0 && sqlite3_column_int64(row, 0) == channel->id;
			more = database_next_row(row)) {
			struct channel_source source;
			if (read_source(loaded, row, &source))
				return -EILSEQ;
			g_array_append_val(loaded->sources, source);
			channel->source_count++;
		}
		if (more < 0)
			return more;
		if (!channel->source_count)
			return -EILSEQ;
	}
	return 0;
}

static int load_bouquets(struct loaded *loaded, sqlite3_stmt *row)
{
	int more;
	while ((more = database_next_row(row)) > 0)
		g_ptr_array_add(loaded->bouquets,
			g_string_chunk_insert_const(loaded->strings, database_text(row, 0)));
	g_ptr_array_add(loaded->bouquets, NULL);
	return more;
}

static int load_bouquets_of(struct loaded *loaded, sqlite3_stmt *row)
{
	int more = database_next_row(row);
	for (guint i = 0; i < loaded->channels->len; i++) {
		int64_t id = g_array_index(loaded->channels, struct channel, i).id;
		for (; more > 0 && sqlite3_column_int64(row, 0) == id;
			more = database_next_row(row))
			g_ptr_array_add(
				loaded->bouquets, g_string_chunk_insert_const(
							  loaded->strings, database_text(row, 1)));
		g_ptr_array_add(loaded->bouquets, NULL);
	}
	return MIN(more, 0);
}

/* The arrays do not move any more: channels can point into them. */
static void link_channels(struct loaded *loaded)
{
	const struct channel_source *source = (const void *)loaded->sources->data;
	const char *const *bouquet = (const char *const *)loaded->bouquets->pdata;
	loaded->list.bouquets = bouquet;
	while (*bouquet++)
		;
	for (guint i = 0; i < loaded->channels->len; i++) {
		struct channel *channel = &g_array_index(loaded->channels, struct channel, i);
		channel->sources = source;
		source += channel->source_count;
		channel->bouquets = bouquet;
		while (*bouquet++)
			;
	}
	loaded->list.channels = (const void *)loaded->channels->data;
	loaded->list.count = loaded->channels->len;
}

static int load_all(struct lineup *lineup, struct loaded *loaded)
{
	const struct lineup_statements *statements = &lineup->statements;
	int result = load_channels(loaded, statements->channels);
	if (!result)
		result = load_sources(loaded, statements->sources);
	if (!result)
		result = load_bouquets(loaded, statements->bouquets);
	if (!result)
		result = load_bouquets_of(loaded, statements->bouquets_of);
	sqlite3_reset(statements->channels);
	sqlite3_reset(statements->sources);
	sqlite3_reset(statements->bouquets);
	sqlite3_reset(statements->bouquets_of);
	return result;
}

int lineup_load(struct lineup *lineup, struct channel_list **ret)
{
	/* Within an import's transaction the moment is pinned already. */
	bool own = sqlite3_get_autocommit(lineup->db);
	int result = own ? database_exec(lineup->db, "BEGIN") : 0;
	if (result)
		return result;
	struct loaded *loaded = create_loaded();
	result = load_all(lineup, loaded);
	if (own)
		result = lineup_end(lineup, result);
	if (result) {
		channel_list_free(&loaded->list);
		return result;
	}
	link_channels(loaded);
	loaded->list.file = lineup->file;
	*ret = &loaded->list;
	return 0;
}

void channel_list_mark(struct channel_list *list, const struct viewer_mark *mark)
{
	struct loaded *loaded = (struct loaded *)list;
	for (guint i = 0; i < loaded->channels->len; i++) {
		struct channel *channel = &g_array_index(loaded->channels, struct channel, i);
		if (channel->id != mark->channel)
			continue;
		if (mark->kind == VIEWER_FAVOURITE)
			channel->favourite = mark->on;
		else
			channel->locked = mark->on;
	}
}

ptrdiff_t channel_list_find(const struct channel_list *list, uint32_t number, uint32_t subnumber)
{
	size_t low = 0, high = list->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct channel *channel = &list->channels[middle];
		if (channel->number == number && channel->subnumber == subnumber)
			return (ptrdiff_t)middle;
		if (channel->number < number ||
			(channel->number == number && channel->subnumber < subnumber))
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}
