/* app/writer_thread: what the writer does where it may wait for the disk. */
#include <errno.h>

#include "client/app/writer_state.h"

/* So long is waited for another program that writes: at the end no more than twice. */
#define PATIENCE_MS 1000
/* The file is looked at so often. */
#define LOOK_US G_USEC_PER_SEC
/* More channels' pages do not wait: somebody has been writing into the guide for very long. */
#define PAGES_MAX 256

/* Takes the sentence over. */
static void tell(struct writer *w, char *trouble)
{
	g_mutex_lock(&w->lock);
	g_ptr_array_add(w->troubles, trouble);
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
}

static void take_memory(void *ctx, const struct channel_memory *memory)
{
	struct channel_memory copy = channel_memory_copy(memory);
	g_array_append_val((GArray *)ctx, copy);
}

static void take_step(void *ctx, const struct viewer_step *step)
{
	struct viewer_step copy = *step;
	copy.action = g_intern_string(step->action);
	g_array_append_val((GArray *)ctx, copy);
}

static void take_mood(void *ctx, const struct viewer_mood *mood)
{
	struct viewer_mood copy = *mood;
	copy.context = g_intern_string(mood->context);
	copy.action = g_intern_string(mood->action);
	g_array_append_val((GArray *)ctx, copy);
}

static int load(struct writer *w, struct lineup *lineup)
{
	int error = lineup_each_memory(lineup, take_memory, w->memories);
	if (!error)
		error = lineup_each_step(lineup, take_step, w->steps);
	if (!error)
		error = lineup_each_mood(lineup, take_mood, w->moods);
	return error;
}

/* Where it may only be read, it can still be looked at. NULL where it cannot be read. */
static struct lineup *open_lineup(struct writer *w, char **ret_why)
{
	struct lineup *reader = NULL, *lineup = NULL;
	int error = lineup_open(w->path, LINEUP_READ, &reader, ret_why);
	if (error == -ENOENT)
		g_clear_pointer(ret_why, g_free);
	w->given_up = error && error != -ENOENT;
	w->refused = lineup_file_at(w->path);
	if (error)
		return NULL;
	error = lineup_open(w->path, LINEUP_WRITE, &lineup, ret_why);
	w->is_writable = !error;
	if (error)
		return reader;
	lineup_close(reader);
	return lineup;
}

/* Nothing is to be replaced of what cannot be read. */
static void load_once(struct writer *w, char **why)
{
	int error = w->is_writable && !w->has_memories ? load(w, w->lineup) : 0;
	if (error) {
		*why = g_strdup_printf("%s cannot be read: %s.", w->path, g_strerror(-error));
		w->is_writable = false;
		g_array_set_size(w->memories, 0);
		g_array_set_size(w->steps, 0);
		g_array_set_size(w->moods, 0);
	}
	w->has_memories |= w->is_writable;
}

/* Of a file that comes later only what goes wrong, or that it goes well at last. */
static void tell_loaded(struct writer *w, bool is_news, char *why)
{
	g_mutex_lock(&w->lock);
	bool first = !w->is_loaded;
	w->file = w->lineup ? lineup_file(w->lineup) : 0;
	w->is_foreign = w->file && w->known_file && w->file != w->known_file;
	if (first || is_news) {
		g_free(w->why);
		w->why = why;
		w->is_loaded = true;
		w->is_told = false;
	}
	g_mutex_unlock(&w->lock);
	if (first || is_news)
		uv_async_send(&w->woken);
	else if (why)
		tell(w, why);
}

static void open_and_load(struct writer *w)
{
	char *why = NULL;
	bool had_memories = w->has_memories;
	w->lineup = open_lineup(w, &why);
	if (!w->lineup && !why)
		return;
	load_once(w, &why);
	if (w->lineup)
		lineup_set_patience(w->lineup, PATIENCE_MS);
	tell_loaded(w, w->has_memories && !had_memories, why);
}

/* What waits is by the ids of the file before. */
static void let_go(struct writer *w)
{
	g_mutex_lock(&w->lock);
	bool waits = !writer_batch_is_empty(&w->pending) || !writer_batch_is_empty(&w->todo);
	w->is_foreign = true;
	writer_batch_empty(&w->pending);
	g_mutex_unlock(&w->lock);
	writer_batch_empty(&w->todo);
	g_clear_pointer(&w->lineup, lineup_close);
	w->is_writable = false;
	tell(w, g_strdup_printf("%s is another file by now; its channels are taken over%s.",
			w->path,
			waits ? ", and what waited to be written into the one before is dropped"
			      : ""));
}

/* One that is being written to is looked at again the next time; of one that is broken it is said
 * once. */
static void look_for_another(struct writer *w)
{
	struct channel_list *list = NULL;
	int error = lineup_watch_look(w->watch, w->lineup, &list);
	bool is_blind = error && error != -EBUSY;
	if (is_blind && !w->is_blind)
		tell(w, g_strdup_printf("%s has changed and cannot be read: %s; the line-up stays "
					"as it is.",
				w->path, g_strerror(-error)));
	w->is_blind = is_blind;
	if (!list)
		return;
	g_mutex_lock(&w->lock);
	channel_list_free(w->fresh);
	w->fresh = list;
	w->fresh_marks = w->marks_written;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
}

/* One that was only removed goes on. */
static bool is_replaced(const struct writer *w)
{
	uint64_t there = lineup_file_at(w->path);
	return w->watch && w->lineup && there && there != lineup_file(w->lineup);
}

/* What could not be had once may be another file by now. */
static bool may_open(const struct writer *w)
{
	return !w->lineup && (!w->given_up || lineup_file_at(w->path) != w->refused);
}

static void follow_file(struct writer *w)
{
	if (is_replaced(w))
		let_go(w);
	if (may_open(w))
		open_and_load(w);
	if (w->lineup && w->watch)
		look_for_another(w);
}

void writer_add_page(GPtrArray *pages, struct guide_page *page)
{
	for (guint i = 0; i < pages->len; i++) {
		const struct guide_page *older = g_ptr_array_index(pages, i);
		if (older->channel == page->channel) {
			g_ptr_array_remove_index(pages, i);
			break;
		}
	}
	if (pages->len == PAGES_MAX)
		g_ptr_array_remove_index(pages, 0);
	g_ptr_array_add(pages, page);
}

static bool is_idle(const struct writer *w)
{
	return writer_batch_is_empty(&w->pending) && !w->pending_pages->len && !w->asked &&
	       !w->ending;
}

/* Nobody wakes it when a file changes, nor when another program has written its last. */
static bool has_to_look(const struct writer *w)
{
	return !w->lineup || w->watch || w->pages->len ||
	       (w->is_writable && !writer_batch_is_empty(&w->todo));
}

/* Takes over what waits, as soon as something does; whether it was the last. */
static bool take_pending(struct writer *w)
{
	gint64 end_us = has_to_look(w) ? g_get_monotonic_time() + LOOK_US : G_MAXINT64;
	g_mutex_lock(&w->lock);
	while (is_idle(w) && g_cond_wait_until(&w->changed, &w->lock, end_us))
		;
	struct lineup_memory pending = writer_batch_view(&w->pending);
	writer_batch_add(&w->todo, &pending);
	writer_batch_empty(&w->pending);
	w->marks_todo = w->marks_put;
	while (w->pending_pages->len)
		writer_add_page(w->pages, g_ptr_array_steal_index(w->pending_pages, 0));
	w->question = g_steal_pointer(&w->asked);
	bool ending = w->ending;
	g_mutex_unlock(&w->lock);
	return ending;
}

/* The first time of several, and when no other will come. */
static void complain(struct writer *w, int error, bool ending)
{
	if (w->failing && !ending)
		return;
	tell(w, g_strdup_printf("%s cannot be written to: %s; what was learned %s.", w->path,
			g_strerror(-error), ending ? "last is lost" : "waits"));
}

static void note_marks(struct writer *w, const struct viewer_news *written)
{
	for (size_t i = 0; w->watch && i < written->n_marks; i++)
		lineup_watch_mark(w->watch, &written->marks[i]);
	w->marks_written = w->marks_todo;
}

static int write_all(struct writer *w)
{
	struct lineup_memory todo = writer_batch_view(&w->todo);
	int error = lineup_remember(w->lineup, &todo);
	if (!error)
		note_marks(w, &todo.viewer);
	return error;
}

static void write_todo(struct writer *w, bool ending)
{
	int error = w->is_writable && !writer_batch_is_empty(&w->todo) ? write_all(w) : 0;
	if (error)
		complain(w, error, ending);
	else
		writer_batch_empty(&w->todo);
	w->failing = error != 0;
}

static void write_pages(struct writer *w)
{
	while (w->pages->len) {
		char *why = NULL;
		int error = guide_desk_write(w->desk, g_ptr_array_index(w->pages, 0), &why);
		if (error == -EBUSY)
			return;
		if (why)
			tell(w, why);
		g_ptr_array_remove_index(w->pages, 0);
	}
}

static void answer(struct writer *w)
{
	if (!w->question)
		return;
	guide_desk_read(w->desk, w->question);
	g_mutex_lock(&w->lock);
	guide_page_free(w->answer);
	w->answer = g_steal_pointer(&w->question);
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
}

static void work(struct writer *w)
{
	bool ending = false;
	guide_desk_set_patience(w->desk, PATIENCE_MS);
	while (!ending) {
		follow_file(w);
		ending = take_pending(w);
		write_todo(w, ending);
		write_pages(w);
		answer(w);
	}
}

gpointer writer_thread(gpointer data)
{
	struct writer *w = data;
	w->watch = w->options.lineup ? lineup_watch_new(w->options.channels) : NULL;
	w->desk = guide_desk_new(w->path);
	work(w);
	guide_desk_free(w->desk);
	lineup_watch_free(w->watch);
	lineup_close(w->lineup);
	g_mutex_lock(&w->lock);
	w->is_ended = true;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
	return NULL;
}
