#include "client/app/logos.h"

#include <errno.h>
#include <string.h>

#include "channels/text.h"

#define MS_NS UINT64_C(1000000)
/* In memory: the rows of some pages of a list. */
#define HELD_MAX 256
#define HELD_BYTES ((size_t)32 << 20)
/* More do not wait: what was asked for longest ago is not looked at any more. */
#define ASKED_MAX 64
/* While many come one after the other it is told so often that some are there. */
#define TELL_NS (100 * MS_NS)

/* A logo at a size. */
struct wish {
	int64_t id;
	int width, height;
};

struct held {
	struct wish wish;
	struct ui_logo logo; /* with a reference to its pixels */
};

/* As a line-up names it. */
struct name {
	int64_t id;
	unsigned round; /* in which it was asked for last */
	char *text;
};

struct logos {
	uv_loop_t *loop;
	struct logos_options options;
	char *folder;
	GHashTable *names; /* id -> struct name */
	GHashTable *ids;   /* text -> the same struct name */
	int64_t last_id;
	unsigned round;
	uv_async_t asked_for;
	bool closing, is_async_closed;

	GMutex lock;	  /* of what follows, up to the worker's */
	GHashTable *held; /* struct held's wish -> the same struct held */
	GQueue order;	  /* of struct held, the oldest first */
	size_t held_bytes;
	GQueue asked;	 /* struct wish, the newest first */
	GHashTable *bad; /* id -> until when it is not tried again, in ns */

	uv_work_t work;
	bool loads;
	struct wish wish; /* the worker's */
	char *loading;	  /* its name */
	gint cancelled;
	int error;
	struct ui_logo loaded;
	char *why;
	uint64_t told_ns;
	bool is_news;
};

/* ---- a table of logos at their sizes ---- */

static guint hash_wish(gconstpointer key)
{
	const struct wish *wish = key;
	return g_int64_hash(&wish->id) * 31 + (guint)wish->width * 7 + (guint)wish->height;
}

static gboolean same_wish(gconstpointer a, gconstpointer b)
{
	const struct wish *left = a, *right = b;
	return left->id == right->id && left->width == right->width &&
	       left->height == right->height;
}

static size_t bytes_of(const struct held *held)
{
	return g_bytes_get_size(held->logo.pixels);
}

static void drop_oldest(struct logos *l)
{
	struct held *held = g_queue_pop_head(&l->order);
	l->held_bytes -= bytes_of(held);
	g_hash_table_remove(l->held, &held->wish);
	g_bytes_unref(held->logo.pixels);
	g_free(held);
}

/* Takes the picture over. */
static void hold(struct logos *l, const struct wish *wish, const struct ui_logo *logo)
{
	struct held *held = g_new(struct held, 1);
	*held = (struct held){*wish, *logo};
	while (l->order.length &&
		(l->order.length >= HELD_MAX || l->held_bytes + bytes_of(held) > HELD_BYTES))
		drop_oldest(l);
	g_queue_push_tail(&l->order, held);
	g_hash_table_insert(l->held, &held->wish, held);
	l->held_bytes += bytes_of(held);
}

/* ---- whoever paints ---- */

static bool is_bad(const struct logos *l, int64_t id)
{
	const uint64_t *until_ns = g_hash_table_lookup(l->bad, &id);
	return until_ns && uv_hrtime() < *until_ns;
}

static gint compare_wishes(gconstpointer a, gconstpointer b)
{
	return !same_wish(a, b);
}

/* What is looked at now comes first. */
static void ask(struct logos *l, const struct wish *wish)
{
	GList *link = g_queue_find_custom(&l->asked, wish, compare_wishes);
	if (link) {
		g_queue_unlink(&l->asked, link);
		g_queue_push_head_link(&l->asked, link);
		return;
	}
	if (l->asked.length == ASKED_MAX)
		g_free(g_queue_pop_tail(&l->asked));
	g_queue_push_head(&l->asked, g_memdup2(wish, sizeof *wish));
	uv_async_send(&l->asked_for);
}

enum ui_logo_state logos_get(void *ctx, int64_t id, int width, int height, struct ui_logo *ret)
{
	struct logos *l = ctx;
	const struct wish wish = {id, width, height};
	enum ui_logo_state state = UI_LOGO_LATER;
	if (id == 0 || width < 1 || height < 1)
		return UI_LOGO_NONE;
	g_mutex_lock(&l->lock);
	const struct held *held = g_hash_table_lookup(l->held, &wish);
	if (held) {
		*ret = held->logo;
		g_bytes_ref(ret->pixels);
		state = UI_LOGO_READY;
	} else if (is_bad(l, id)) {
		state = UI_LOGO_NONE;
	} else {
		ask(l, &wish);
	}
	g_mutex_unlock(&l->lock);
	return state;
}

/* ---- the worker ---- */

static void load(uv_work_t *work)
{
	struct logos *l = work->data;
	const struct logo_request request = {.logo = l->loading,
		.folder = l->folder,
		.may_fetch = l->options.may_fetch,
		.width = l->wish.width,
		.height = l->wish.height,
		.cancelled = &l->cancelled};
	l->error = logo_load(&request, &l->loaded, &l->why);
}

static const char *sentence_of(int error)
{
	switch (error) {
	case -EFBIG:
		return "it is too large";
	case -EBADMSG:
		return "it is no picture that can be read here";
	case -EPROTONOSUPPORT:
		return "its address is of no kind that is known here";
	default:
		return g_strerror(-error);
	}
}

/* One that the viewer does not want to have fetched is no trouble; others are said once. */
static void give_up(struct logos *l)
{
	uint64_t until_ns = uv_hrtime() + l->options.again_ms * MS_NS;
	if (!g_hash_table_contains(l->names, &l->wish.id)) /* nobody asks for it any more */
		return;
	g_mutex_lock(&l->lock);
	bool is_said = g_hash_table_contains(l->bad, &l->wish.id);
	g_hash_table_insert(l->bad, g_memdup2(&l->wish.id, sizeof l->wish.id),
		g_memdup2(&until_ns, sizeof until_ns));
	g_mutex_unlock(&l->lock);
	if (l->closing || is_said || l->error == -EOPNOTSUPP)
		return;
	char *quoted = text_quote(l->loading);
	char *sentence = g_strdup_printf(
		"the logo %s is not shown: %s", quoted, l->why ? l->why : sentence_of(l->error));
	l->options.log(l->options.ctx, sentence);
	g_free(sentence);
	g_free(quoted);
}

static void take_loaded(struct logos *l)
{
	l->loads = false;
	if (l->error) {
		give_up(l);
	} else {
		g_mutex_lock(&l->lock);
		hold(l, &l->wish, &l->loaded);
		g_mutex_unlock(&l->lock);
		l->is_news = true;
	}
	g_clear_pointer(&l->why, g_free);
	g_clear_pointer(&l->loading, g_free);
}

/* Whether it can be had, and is not there by now. */
static bool is_to_load(const struct logos *l, const struct wish *wish)
{
	return g_hash_table_contains(l->names, &wish->id) && !is_bad(l, wish->id) &&
	       !g_hash_table_contains(l->held, wish);
}

/* False: there is none. */
static bool next_wish(struct logos *l)
{
	bool found = false;
	g_mutex_lock(&l->lock);
	while (!found && l->asked.length) {
		struct wish *wish = g_queue_pop_head(&l->asked);
		l->wish = *wish;
		g_free(wish);
		found = is_to_load(l, &l->wish);
	}
	g_mutex_unlock(&l->lock);
	return found;
}

static void tell(struct logos *l, bool is_last)
{
	uint64_t now_ns = uv_hrtime();
	if (!l->is_news || (!is_last && now_ns < l->told_ns + TELL_NS))
		return;
	l->is_news = false;
	l->told_ns = now_ns;
	l->options.ready(l->options.ctx);
}

static void on_loaded(uv_work_t *work, int status);

static void go_on(struct logos *l)
{
	if (l->loads || l->closing)
		return;
	bool is_more = next_wish(l);
	if (is_more) {
		const struct name *name = g_hash_table_lookup(l->names, &l->wish.id);
		l->loading = g_strdup(name->text);
		l->loads = true;
		uv_queue_work(l->loop, &l->work, load, on_loaded);
	}
	tell(l, !is_more);
}

/* ---- names ---- */

static void free_name(gpointer data)
{
	struct name *name = data;
	g_free(name->text);
	g_free(name);
}

int64_t logos_id(struct logos *l, const char *logo)
{
	if (!*logo)
		return 0;
	struct name *name = g_hash_table_lookup(l->ids, logo);
	if (!name) {
		name = g_new(struct name, 1);
		*name = (struct name){.id = ++l->last_id, .text = g_strdup(logo)};
		g_hash_table_insert(l->names, &name->id, name);
		g_hash_table_insert(l->ids, name->text, name);
	}
	name->round = l->round;
	return name->id;
}

void logos_forget_others(struct logos *l)
{
	GHashTableIter i;
	gpointer value;
	g_mutex_lock(&l->lock);
	g_hash_table_iter_init(&i, l->names);
	while (g_hash_table_iter_next(&i, NULL, &value)) {
		const struct name *name = value;
		if (name->round == l->round)
			continue;
		g_hash_table_remove(l->bad, &name->id);
		g_hash_table_remove(l->ids, name->text);
		g_hash_table_iter_remove(&i);
	}
	g_mutex_unlock(&l->lock);
	l->round++;
}

/* ---- opening and closing ---- */

static void free_if_done(struct logos *l)
{
	if (!l->is_async_closed || l->loads)
		return;
	while (l->order.length)
		drop_oldest(l);
	g_queue_clear_full(&l->asked, g_free);
	g_hash_table_unref(l->held);
	g_hash_table_unref(l->bad);
	g_hash_table_unref(l->ids);
	g_hash_table_unref(l->names);
	g_mutex_clear(&l->lock);
	g_free(l->folder);
	g_free(l);
}

static void on_loaded(uv_work_t *work, int status)
{
	struct logos *l = work->data;
	(void)status;
	take_loaded(l);
	go_on(l);
	if (l->closing)
		free_if_done(l);
}

static void on_asked(uv_async_t *async)
{
	go_on(async->data);
}

int logos_open(uv_loop_t *loop, const struct logos_options *options, struct logos **ret)
{
	struct logos *l = g_new0(struct logos, 1);
	int error = uv_async_init(loop, &l->asked_for, on_asked);
	if (error) {
		g_free(l);
		return error;
	}
	uv_unref((uv_handle_t *)&l->asked_for);
	l->loop = loop;
	l->options = *options;
	l->folder = g_strdup(options->folder);
	l->names = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_name);
	l->ids = g_hash_table_new(g_str_hash, g_str_equal);
	l->held = g_hash_table_new(hash_wish, same_wish);
	l->bad = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	l->work.data = l->asked_for.data = l;
	g_queue_init(&l->order);
	g_queue_init(&l->asked);
	g_mutex_init(&l->lock);
	*ret = l;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct logos *l = handle->data;
	l->is_async_closed = true;
	free_if_done(l);
}

void logos_close(struct logos *l)
{
	if (!l)
		return;
	l->closing = true;
	g_atomic_int_set(&l->cancelled, 1);
	uv_close((uv_handle_t *)&l->asked_for, on_closed);
}
