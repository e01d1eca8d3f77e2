#include "client/app/writer_state.h"

/* A mark, with its number (of marks_put). */
struct recent_mark {
	uint64_t n;
	struct viewer_mark mark;
};

static void free_page(gpointer page)
{
	guide_page_free(page);
}

static void on_closed(uv_handle_t *handle)
{
	struct writer *w = handle->data;
	g_thread_join(w->thread);
	writer_batch_free(&w->todo);
	writer_batch_free(&w->pending);
	g_ptr_array_unref(w->pages);
	g_ptr_array_unref(w->pending_pages);
	guide_page_free(w->asked);
	guide_page_free(w->answer);
	channel_list_free(w->fresh);
	g_array_unref(w->memories);
	g_array_unref(w->steps);
	g_array_unref(w->moods);
	g_cond_clear(&w->changed);
	g_mutex_clear(&w->lock);
	g_ptr_array_unref(w->troubles);
	g_array_unref(w->marks);
	g_free(w->why);
	g_free(w->path);
	g_free(w);
}

/* After writer_close() there is nobody to take it. */
static void hand_out(struct writer *w)
{
	if (w->closing)
		return;
	g_mutex_lock(&w->lock);
	struct channel_list *fresh = g_steal_pointer(&w->fresh);
	struct guide_page *page = g_steal_pointer(&w->answer);
	if (fresh)
		w->marks_seen = w->fresh_marks;
	bool is_foreign = fresh && fresh->file != w->known_file;
	g_mutex_unlock(&w->lock);
	if (is_foreign) /* these are by the ids of the file before */
		g_array_set_size(w->marks, 0);
	if (page)
		w->options.guide(w->options.ctx, page);
	if (fresh)
		w->options.lineup(w->options.ctx, fresh);
}

static void on_woken(uv_async_t *async)
{
	struct writer *w = async->data;
	g_mutex_lock(&w->lock);
	bool tell_loaded = w->is_loaded && !w->is_told && !w->closing, ended = w->is_ended;
	w->is_told |= tell_loaded;
	char *why = tell_loaded ? g_steal_pointer(&w->why) : NULL;
	GPtrArray *troubles = w->troubles;
	w->troubles = g_ptr_array_new_with_free_func(g_free);
	g_mutex_unlock(&w->lock);
	const struct writer_loaded loaded = {w->memories, w->steps, w->moods, why};
	if (tell_loaded)
		w->options.loaded(w->options.ctx, &loaded);
	g_free(why);
	for (guint i = 0; i < troubles->len; i++)
		w->options.log(w->options.log_ctx, g_ptr_array_index(troubles, i));
	g_ptr_array_unref(troubles);
	hand_out(w);
	if (ended && !uv_is_closing((uv_handle_t *)&w->woken))
		uv_close((uv_handle_t *)&w->woken, on_closed);
}

int writer_open(uv_loop_t *loop, const struct writer_options *options, struct writer **ret)
{
	struct writer *w = g_new0(struct writer, 1);
	int error = uv_async_init(loop, &w->woken, on_woken);
	if (error) {
		g_free(w);
		return error;
	}
	w->options = *options;
	w->path = g_strdup(options->path);
	w->known_file = options->channels ? options->channels->file : 0;
	w->woken.data = w;
	w->todo = writer_batch_new();
	w->pending = writer_batch_new();
	w->pages = g_ptr_array_new_with_free_func(free_page);
	w->pending_pages = g_ptr_array_new_with_free_func(free_page);
	w->troubles = g_ptr_array_new_with_free_func(g_free);
	w->marks = g_array_new(FALSE, FALSE, sizeof(struct recent_mark));
	w->memories = writer_memories_new();
	w->steps = g_array_new(FALSE, FALSE, sizeof(struct viewer_step));
	w->moods = g_array_new(FALSE, FALSE, sizeof(struct viewer_mood));
	g_mutex_init(&w->lock);
	g_cond_init(&w->changed);
	w->thread = g_thread_new("writer", writer_thread, w);
	*ret = w;
	return 0;
}

void writer_put(struct writer *w, const struct lineup_memory *memory)
{
	g_mutex_lock(&w->lock);
	if (!w->is_foreign)
		writer_batch_add(&w->pending, memory);
	g_cond_signal(&w->changed);
	g_mutex_unlock(&w->lock);
}

void writer_taken(struct writer *w, uint64_t file)
{
	g_mutex_lock(&w->lock);
	w->known_file = file;
	w->is_foreign = w->is_foreign && file != w->file;
	g_mutex_unlock(&w->lock);
}

/* Those that the line-up at hand has are of no use any more. */
static void forget_marks(struct writer *w)
{
	guint seen = 0;
	while (seen < w->marks->len &&
		g_array_index(w->marks, struct recent_mark, seen).n <= w->marks_seen)
		seen++;
	g_array_remove_range(w->marks, 0, seen);
}

/* The newest of its kind and channel counts. */
static void keep_mark(struct writer *w, const struct recent_mark *recent)
{
	for (guint i = 0; i < w->marks->len; i++) {
		const struct viewer_mark *old =
			&g_array_index(w->marks, struct recent_mark, i).mark;
		if (old->kind == recent->mark.kind && old->channel == recent->mark.channel) {
			g_array_remove_index(w->marks, i);
			break;
		}
	}
	g_array_append_val(w->marks, *recent);
}

void writer_put_mark(struct writer *w, enum writer_mark mark, int64_t channel_id, bool on)
{
	if (!w)
		return;
	struct recent_mark recent = {
		.mark = {.kind = mark == WRITER_FAVOURITE ? VIEWER_FAVOURITE : VIEWER_LOCKED,
			.channel = channel_id,
			.on = on}};
	const struct lineup_memory memory = {.viewer = {.marks = &recent.mark, .n_marks = 1}};
	g_mutex_lock(&w->lock);
	bool is_foreign = w->is_foreign;
	recent.n = ++w->marks_put;
	if (!is_foreign)
		writer_batch_add(&w->pending, &memory);
	g_cond_signal(&w->changed);
	g_mutex_unlock(&w->lock);
	if (!is_foreign)
		keep_mark(w, &recent);
}

void writer_refresh_marks(struct writer *w, struct channel_list *list)
{
	if (!w)
		return;
	forget_marks(w);
	for (guint i = 0; i < w->marks->len; i++)
		channel_list_mark(list, &g_array_index(w->marks, struct recent_mark, i).mark);
}

void writer_put_history(struct writer *w, int64_t channel_id, int64_t at_utc_s)
{
	const struct viewer_visit visit = {channel_id, at_utc_s};
	if (w)
		writer_put(w, &(struct lineup_memory){.viewer = {.visits = &visit, .n_visits = 1}});
}

void writer_put_volume(struct writer *w, uint16_t percent, bool muted)
{
	if (w)
		writer_put(w, &(struct lineup_memory){.viewer = {.has_volume = true,
							      .volume_percent = percent,
							      .muted = muted}});
}

void writer_put_guide(struct writer *w, struct guide_page *page)
{
	g_mutex_lock(&w->lock);
	writer_add_page(w->pending_pages, page);
	g_cond_signal(&w->changed);
	g_mutex_unlock(&w->lock);
}

void writer_ask_guide(struct writer *w, struct guide_page *page)
{
	g_mutex_lock(&w->lock);
	guide_page_free(w->asked);
	w->asked = page;
	g_cond_signal(&w->changed);
	g_mutex_unlock(&w->lock);
}

void writer_close(struct writer *w)
{
	if (!w)
		return;
	w->closing = true;
	g_mutex_lock(&w->lock);
	w->ending = true;
	g_cond_signal(&w->changed);
	g_mutex_unlock(&w->lock);
}
