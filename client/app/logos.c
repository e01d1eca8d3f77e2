#include "client/app/logos.h"

#include <errno.h>
#include <string.h>

#include "channels/text.h"

/* In memory: some MiB. */
#define HELD_MAX 64

struct logos {
	uv_loop_t *loop;
	struct logos_options options;
	char *folder;
	GHashTable *held; /* logo -> struct ui_logo */
	GQueue order;	  /* of its keys, the oldest first */
	GHashTable
		*bad; /* logos that cannot be had -> until when they are not tried again, in ms */
	char *wanted; /* for the banner at hand, and not there yet; or NULL */
	bool closing;

	uv_work_t work;
	char *loading; /* NULL: the worker does nothing */
	gint cancelled;
	int error;
	struct ui_logo *loaded;
	char *why;
};

static void unref(gpointer logo)
{
	logo_unref(logo);
}

struct logos *logos_open(uv_loop_t *loop, const struct logos_options *options)
{
	struct logos *l = g_new0(struct logos, 1);
	l->loop = loop;
	l->options = *options;
	l->folder = g_strdup(options->folder);
	l->held = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, unref);
	l->bad = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	l->work.data = l;
	g_queue_init(&l->order);
	return l;
}

static void logos_free(struct logos *l)
{
	g_queue_clear(&l->order);
	g_hash_table_unref(l->held);
	g_hash_table_unref(l->bad);
	g_free(l->wanted);
	g_free(l->folder);
	g_free(l);
}

static void load(uv_work_t *work)
{
	struct logos *l = work->data;
	const struct logo_request request = {.logo = l->loading,
		.folder = l->folder,
		.may_fetch = l->options.may_fetch,
		.cancelled = &l->cancelled};
	l->error = logo_load(&request, &l->loaded, &l->why);
}

static void on_loaded(uv_work_t *work, int status);

static void begin(struct logos *l, char *logo)
{
	l->loading = logo;
	l->loaded = NULL;
	uv_queue_work(l->loop, &l->work, load, on_loaded);
}

/* Takes the picture over. */
static void hold(struct logos *l, const char *logo, struct ui_logo *picture)
{
	char *key = g_strdup(logo);
	if (l->order.length == HELD_MAX)
		g_hash_table_remove(l->held, g_queue_pop_head(&l->order));
	g_queue_push_tail(&l->order, key);
	g_hash_table_insert(l->held, key, picture);
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
static void give_up(struct logos *l, const char *logo)
{
	uint64_t until_ms = uv_now(l->loop) + l->options.again_ms;
	bool is_said = g_hash_table_contains(l->bad, logo);
	g_hash_table_insert(l->bad, g_strdup(logo), g_memdup2(&until_ms, sizeof until_ms));
	if (!g_strcmp0(l->wanted, logo))
		g_clear_pointer(&l->wanted, g_free);
	if (l->closing || is_said || l->error == -EOPNOTSUPP)
		return;
	char *quoted = text_quote(logo);
	char *sentence = g_strdup_printf(
		"the logo %s is not shown: %s", quoted, l->why ? l->why : sentence_of(l->error));
	l->options.log(l->options.ctx, sentence);
	g_free(sentence);
	g_free(quoted);
}

/* Where it is the one that is wanted still, it is shown; the one that is comes next. */
static void go_on(struct logos *l)
{
	if (l->wanted) {
		char *wanted = g_steal_pointer(&l->wanted);
		logos_want(l, wanted);
		g_free(wanted);
	}
}

static void on_loaded(uv_work_t *work, int status)
{
	struct logos *l = work->data;
	char *logo = g_steal_pointer(&l->loading);
	(void)status;
	if (l->error)
		give_up(l, logo);
	else
		hold(l, logo, l->loaded);
	g_clear_pointer(&l->why, g_free);
	g_free(logo);
	if (l->closing)
		logos_free(l);
	else
		go_on(l);
}

static bool is_bad(const struct logos *l, const char *logo)
{
	const uint64_t *until_ms = g_hash_table_lookup(l->bad, logo);
	return until_ms && uv_now(l->loop) < *until_ms;
}

void logos_want(struct logos *l, const char *logo)
{
	g_clear_pointer(&l->wanted, g_free);
	if (!*logo || is_bad(l, logo))
		return;
	struct ui_logo *held = g_hash_table_lookup(l->held, logo);
	if (held) {
		l->options.ready(l->options.ctx, held);
		return;
	}
	l->wanted = g_strdup(logo);
	if (!l->loading)
		begin(l, g_strdup(logo));
}

void logos_close(struct logos *l)
{
	if (!l)
		return;
	l->closing = true;
	g_atomic_int_set(&l->cancelled, 1);
	if (!l->loading)
		logos_free(l);
}
