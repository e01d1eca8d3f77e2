#include "client/app/lineup_watch.h"

#include <errno.h>
#include <string.h>

struct lineup_watch {
	int64_t version; /* of the file, as it was last read */
	bool is_read;
	char *digest;	      /* of the line-up that is known, but for the viewer's marks */
	GHashTable *marks[2]; /* ids of its channels, by enum viewer_mark_kind */
	uint64_t file;	      /* that it is of: lineup_file() */
};

/* With its end, so that two texts are no other two. */
static void add_text(GChecksum *sum, const char *text)
{
	g_checksum_update(sum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void add_number(GChecksum *sum, int64_t number)
{
	g_checksum_update(sum, (const guchar *)&number, sizeof number);
}

static void add_endpoint(GChecksum *sum, const struct channel_endpoint *endpoint)
{
	add_number(sum, endpoint->address.s_addr);
	add_number(sum, endpoint->port);
}

static void add_source(GChecksum *sum, const struct channel_source *source)
{
	const struct channel_address *address = &source->address;
	add_number(sum, address->transport);
	add_number(sum, address->group.s_addr);
	add_number(sum, address->source.s_addr);
	add_number(sum, address->port);
	add_number(sum, address->programme);
	add_endpoint(sum, &source->fec);
	add_endpoint(sum, &source->fcc);
	add_endpoint(sum, &source->retransmission);
	add_text(sum, source->iface);
	add_text(sum, source->fcc_type);
	add_text(sum, source->http);
	add_text(sum, source->label);
}

static void add_channel(GChecksum *sum, const struct channel *channel)
{
	const int64_t numbers[] = {channel->id, channel->number, channel->subnumber, channel->kind,
		(int64_t)channel->source_count};
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		add_number(sum, numbers[i]);
	add_text(sum, channel->name);
	add_text(sum, channel->language);
	add_text(sum, channel->guide_id);
	add_text(sum, channel->guide_name);
	add_text(sum, channel->logo);
	for (const char *const *name = channel->bouquets; *name; name++)
		add_text(sum, *name);
	add_text(sum, "");
	for (size_t i = 0; i < channel->source_count; i++)
		add_source(sum, &channel->sources[i]);
}

static char *digest_of(const struct channel_list *list)
{
	GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA1);
	for (const char *const *name = list->bouquets; name && *name; name++)
		add_text(sum, *name);
	for (size_t i = 0; i < list->count; i++)
		add_channel(sum, &list->channels[i]);
	char *digest = g_strdup(g_checksum_get_string(sum));
	g_checksum_free(sum);
	return digest;
}

static bool is_marked(const struct channel *channel, enum viewer_mark_kind kind)
{
	return kind == VIEWER_FAVOURITE ? channel->favourite : channel->locked;
}

static GHashTable *marks_of(const struct channel_list *list, enum viewer_mark_kind kind)
{
	GHashTable *marks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	for (size_t i = 0; i < list->count; i++)
		if (is_marked(&list->channels[i], kind))
			g_hash_table_add(marks, g_memdup2(&list->channels[i].id, sizeof(int64_t)));
	return marks;
}

static bool same_marks(GHashTable *a, GHashTable *b)
{
	GHashTableIter iter;
	gpointer id;
	if (g_hash_table_size(a) != g_hash_table_size(b))
		return false;
	g_hash_table_iter_init(&iter, a);
	while (g_hash_table_iter_next(&iter, &id, NULL))
		if (!g_hash_table_contains(b, id))
			return false;
	return true;
}

struct lineup_watch *lineup_watch_new(const struct channel_list *known)
{
	struct lineup_watch *watch = g_new0(struct lineup_watch, 1);
	watch->digest = digest_of(known);
	for (enum viewer_mark_kind kind = 0; kind < G_N_ELEMENTS(watch->marks); kind++)
		watch->marks[kind] = marks_of(known, kind);
	watch->file = known->file;
	return watch;
}

void lineup_watch_free(struct lineup_watch *watch)
{
	if (!watch)
		return;
	g_free(watch->digest);
	for (enum viewer_mark_kind kind = 0; kind < G_N_ELEMENTS(watch->marks); kind++)
		g_hash_table_unref(watch->marks[kind]);
	g_free(watch);
}

void lineup_watch_mark(struct lineup_watch *watch, const struct viewer_mark *mark)
{
	GHashTable *marks = watch->marks[mark->kind];
	if (mark->on)
		g_hash_table_add(marks, g_memdup2(&mark->channel, sizeof mark->channel));
	else
		g_hash_table_remove(marks, &mark->channel);
}

/* Who writes may also be one that remembers something, and leaves the channels as they are. */
static bool is_another(struct lineup_watch *watch, const struct channel_list *list)
{
	char *digest = digest_of(list);
	bool same = !strcmp(digest, watch->digest);
	g_free(watch->digest);
	watch->digest = digest;
	for (enum viewer_mark_kind kind = 0; kind < G_N_ELEMENTS(watch->marks); kind++) {
		GHashTable *marks = marks_of(list, kind);
		same = same && same_marks(marks, watch->marks[kind]);
		g_hash_table_unref(watch->marks[kind]);
		watch->marks[kind] = marks;
	}
	return !same;
}

int lineup_watch_look(struct lineup_watch *watch, struct lineup *lineup, struct channel_list **ret)
{
	struct channel_list *list;
	int64_t version;
	*ret = NULL;
	/* Before it is read: what is written from here on is seen the next time. */
	int error = lineup_data_version(lineup, &version);
	bool same_file = lineup_file(lineup) == watch->file;
	if (error || (same_file && watch->is_read && version == watch->version))
		return error;
	error = lineup_load(lineup, &list);
	if (error)
		return error;
	if (!same_file && !list->count) {
		channel_list_free(list);
		return -EBUSY; /* its channels come when it has been made */
	}
	watch->version = version;
	watch->is_read = true;
	watch->file = list->file;
	if (is_another(watch, list) || !same_file)
		*ret = list;
	else
		channel_list_free(list);
	return 0;
}
