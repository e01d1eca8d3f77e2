#include "client/app/guide_store.h"

#include "client/app/guide_day.h"

#define DAY_S GUIDE_DAY_S
/* So many days of channels are kept; a page of the guide looks at some 20. */
#define DAYS_MAX 1024
/* What is asked for beyond that is asked for again when it is looked at. */
#define ASKED_MAX 64
/* Read in one go. */
#define BATCH_MAX 32
/* On either side in the line-up: where the viewer goes next. */
#define NEIGHBOURS 8
#define MS_NS UINT64_C(1000000)

/* Which day of which channel. */
struct key {
	int64_t channel; /* struct channel's id */
	int64_t day;	 /* since 1970 */
};

/* A day that is known, or asked for. */
struct entry {
	struct key key;
	struct guide_day *day; /* NULL: not read yet */
	uint64_t read_ns, used_ns;
	bool is_asked;
};

struct guide_store {
	uv_loop_t *loop;
	struct guide_store_options options;
	char *path;
	GHashTable *entries; /* by key */
	GQueue asked;	     /* struct guide_day, to be read; the newest first */
	bool closing;

	uv_work_t work;
	bool reads;
	GPtrArray *batch; /* the worker's: struct guide_day */
	struct guide_desk *desk;
};

static guint hash_key(gconstpointer data)
{
	const struct key *key = data;
	return g_int64_hash(&key->channel) * 31 + (guint)key->day;
}

static gboolean same_key(gconstpointer a, gconstpointer b)
{
	const struct key *left = a, *right = b;
	return left->channel == right->channel && left->day == right->day;
}

static void free_day(gpointer day)
{
	guide_day_free(day);
}

static void free_entry(gpointer data)
{
	struct entry *entry = data;
	guide_day_free(entry->day);
	g_free(entry);
}

/* ---- reading ---- */

static void read_batch(uv_work_t *work)
{
	struct guide_store *store = work->data;
	if (!store->desk)
		store->desk = guide_desk_new(store->path);
	for (guint i = 0; i < store->batch->len; i++)
		guide_day_read(g_ptr_array_index(store->batch, i), store->desk);
}

static void store_free(struct guide_store *store)
{
	g_queue_clear_full(&store->asked, free_day);
	g_hash_table_unref(store->entries);
	g_ptr_array_unref(store->batch);
	guide_desk_free(store->desk);
	g_free(store->path);
	g_free(store);
}

static void on_read(uv_work_t *work, int status);

static void go_on(struct guide_store *store)
{
	if (store->reads || !store->asked.length)
		return;
	while (store->asked.length && store->batch->len < BATCH_MAX)
		g_ptr_array_add(store->batch, g_queue_pop_head(&store->asked));
	store->reads = true;
	uv_queue_work(store->loop, &store->work, read_batch, on_read);
}

/* One that was dropped meanwhile is looked at by nobody. */
static void take_day(struct guide_store *store, struct guide_day *day)
{
	const struct key key = {day->channel, day->day};
	struct entry *entry = g_hash_table_lookup(store->entries, &key);
	if (!entry) {
		guide_day_free(day);
		return;
	}
	guide_day_free(entry->day);
	entry->day = day;
	entry->is_asked = false;
	entry->read_ns = uv_hrtime();
}

static void on_read(uv_work_t *work, int status)
{
	struct guide_store *store = work->data;
	(void)status;
	store->reads = false;
	if (store->closing) {
		store_free(store);
		return;
	}
	while (store->batch->len)
		take_day(store, g_ptr_array_steal_index(store->batch, store->batch->len - 1));
	go_on(store);
	store->options.ready(store->options.ctx);
}

/* ---- asking ---- */

static void drop_oldest(struct guide_store *store)
{
	GHashTableIter i;
	gpointer value;
	const struct entry *oldest = NULL;
	g_hash_table_iter_init(&i, store->entries);
	while (g_hash_table_iter_next(&i, NULL, &value)) {
		const struct entry *entry = value;
		if (!oldest || entry->used_ns < oldest->used_ns)
			oldest = entry;
	}
	if (oldest)
		g_hash_table_remove(store->entries, &oldest->key);
}

static void forget_asked(struct guide_store *store)
{
	struct guide_day *day = g_queue_pop_tail(&store->asked);
	const struct key key = {day->channel, day->day};
	struct entry *entry = g_hash_table_lookup(store->entries, &key);
	if (entry)
		entry->is_asked = false;
	guide_day_free(day);
}

static struct entry *entry_of(struct guide_store *store, const struct key *key)
{
	struct entry *entry = g_hash_table_lookup(store->entries, key);
	if (!entry) {
		if (g_hash_table_size(store->entries) >= DAYS_MAX)
			drop_oldest(store);
		entry = g_new0(struct entry, 1);
		entry->key = *key;
		g_hash_table_insert(store->entries, &entry->key, entry);
	}
	entry->used_ns = uv_hrtime();
	return entry;
}

/* Has it read, where it is not fresh. Whether it has to be. */
static bool want(struct guide_store *store, const struct channel *channel, int64_t day)
{
	const struct key key = {channel->id, day};
	struct entry *entry = entry_of(store, &key);
	uint64_t again_ns = entry->read_ns + store->options.again_ms * MS_NS;
	bool is_fresh = entry->day && uv_hrtime() < again_ns;
	if (is_fresh || entry->is_asked)
		return false;
	if (store->asked.length >= ASKED_MAX)
		forget_asked(store);
	entry->is_asked = true;
	g_queue_push_head(&store->asked, guide_day_new(channel, day));
	return true;
}

static void want_neighbours(
	struct guide_store *store, const struct channel_list *channels, size_t channel, int64_t day)
{
	for (size_t i = 1; i <= NEIGHBOURS; i++) {
		if (channel + i < channels->count)
			want(store, &channels->channels[channel + i], day);
		if (channel >= i)
			want(store, &channels->channels[channel - i], day);
	}
}

static const struct guide_day *look(
	struct guide_store *store, const struct channel_list *channels, size_t channel, int64_t day)
{
	const struct key key = {channels->channels[channel].id, day};
	if (want(store, &channels->channels[channel], day)) {
		want_neighbours(store, channels, channel, day);
		go_on(store);
	}
	const struct entry *entry = g_hash_table_lookup(store->entries, &key);
	return entry ? entry->day : NULL;
}

const struct guide_event *guide_store_find(struct guide_store *store,
	const struct channel_list *channels, size_t channel, int64_t time_s)
{
	int64_t first = time_s / DAY_S;
	for (int64_t day = first; day <= first + 1; day++) {
		const struct guide_day *known = look(store, channels, channel, day);
		const struct guide_event *event = known ? guide_day_find(known, time_s) : NULL;
		if (event || !known)
			return event;
	}
	return NULL;
}

/* What is being read comes still, but whoever looked meanwhile has asked anew behind it. */
void guide_store_forget(struct guide_store *store)
{
	g_queue_clear_full(&store->asked, free_day);
	g_hash_table_remove_all(store->entries);
}

/* ---- opening and closing ---- */

struct guide_store *guide_store_open(uv_loop_t *loop, const struct guide_store_options *options)
{
	struct guide_store *store = g_new0(struct guide_store, 1);
	store->loop = loop;
	store->options = *options;
	store->path = g_strdup(options->lineup_path);
	store->entries = g_hash_table_new_full(hash_key, same_key, NULL, free_entry);
	store->batch = g_ptr_array_new_with_free_func(free_day);
	store->work.data = store;
	g_queue_init(&store->asked);
	return store;
}

void guide_store_close(struct guide_store *store)
{
	if (!store)
		return;
	store->closing = true;
	if (!store->reads)
		store_free(store);
}
