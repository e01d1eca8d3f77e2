#include "client/app/writer.h"

/* So long is waited for another program that writes: at the end no more than twice. */
#define PATIENCE_MS 1000

/* What waits to be written. */
struct batch {
	GArray *memories; /* struct channel_memory, each channel once */
	bool has_ways;
	GArray *steps, *moods;
};

struct writer {
	struct writer_options options;
	char *path;
	GThread *thread;
	uv_async_t woken; /* by the thread: it has loaded, failed or ended */
	bool closing;
	struct batch todo; /* the thread's own: what could not be written yet is in it, too */
	bool failing;	   /* the thread's own */

	GMutex lock; /* of what follows */
	GCond changed;
	struct batch pending;
	bool ending;
	bool is_loaded, is_told, is_ended;
	GArray *memories, *steps, *moods; /* as they were read */
	char *why;
	char *trouble; /* to be told */
};

/* ---- batches ---- */

static void clear_memory(gpointer memory)
{
	channel_memory_clear(memory);
}

static GArray *new_memories(void)
{
	GArray *memories = g_array_new(FALSE, FALSE, sizeof(struct channel_memory));
	g_array_set_clear_func(memories, clear_memory);
	return memories;
}

static struct batch new_batch(void)
{
	return (struct batch){.memories = new_memories(),
		.steps = g_array_new(FALSE, FALSE, sizeof(struct viewer_step)),
		.moods = g_array_new(FALSE, FALSE, sizeof(struct viewer_mood))};
}

static void free_batch(struct batch *batch)
{
	g_array_unref(batch->memories);
	g_array_unref(batch->steps);
	g_array_unref(batch->moods);
}

static bool is_empty(const struct batch *batch)
{
	return !batch->memories->len && !batch->has_ways;
}

static void empty(struct batch *batch)
{
	g_array_set_size(batch->memories, 0);
	batch->has_ways = false;
}

static struct lineup_memory view(const struct batch *batch)
{
	return (struct lineup_memory){
		.channels = (const struct channel_memory *)(const void *)batch->memories->data,
		.n_channels = batch->memories->len,
		.has_ways = batch->has_ways,
		.steps = (const struct viewer_step *)(const void *)batch->steps->data,
		.n_steps = batch->steps->len,
		.moods = (const struct viewer_mood *)(const void *)batch->moods->data,
		.n_moods = batch->moods->len};
}

static void add_memory(struct batch *batch, const struct channel_memory *memory)
{
	struct channel_memory copy = channel_memory_copy(memory);
	for (guint i = 0; i < batch->memories->len; i++) {
		struct channel_memory *old =
			&g_array_index(batch->memories, struct channel_memory, i);
		if (old->channel != memory->channel)
			continue;
		channel_memory_clear(old);
		*old = copy;
		return;
	}
	g_array_append_val(batch->memories, copy);
}

/* What is newer takes the place of what is there. */
static void add(struct batch *batch, const struct lineup_memory *newer)
{
	for (size_t i = 0; i < newer->n_channels; i++)
		add_memory(batch, &newer->channels[i]);
	if (!newer->has_ways)
		return;
	batch->has_ways = true;
	g_array_set_size(batch->steps, 0);
	g_array_append_vals(batch->steps, newer->steps, (guint)newer->n_steps);
	g_array_set_size(batch->moods, 0);
	g_array_append_vals(batch->moods, newer->moods, (guint)newer->n_moods);
}

/* ---- on the thread ---- */

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

/* NULL where it cannot be read: then nothing of it is to be replaced. */
static struct lineup *open_and_load(struct writer *w)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	int error = lineup_open(w->path, LINEUP_WRITE, &lineup, &why);
	if (!error)
		error = load(w, lineup);
	if (error && !why)
		why = g_strdup_printf("%s cannot be read: %s.", w->path, g_strerror(-error));
	if (error)
		g_clear_pointer(&lineup, lineup_close);
	else
		lineup_set_patience(lineup, PATIENCE_MS);
	g_mutex_lock(&w->lock);
	w->why = why;
	w->is_loaded = true;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
	return lineup;
}

/* Takes over what waits, as soon as something does; whether it was the last. */
static bool take_pending(struct writer *w)
{
	g_mutex_lock(&w->lock);
	while (is_empty(&w->pending) && !w->ending)
		g_cond_wait(&w->changed, &w->lock);
	struct lineup_memory pending = view(&w->pending);
	add(&w->todo, &pending);
	empty(&w->pending);
	bool ending = w->ending;
	g_mutex_unlock(&w->lock);
	return ending;
}

/* The first time of several, and when no other will come. */
static void complain(struct writer *w, int error, bool ending)
{
	if (w->failing && !ending)
		return;
	char *trouble = g_strdup_printf("%s cannot be written to: %s; what was learned %s.",
		w->path, g_strerror(-error), ending ? "last is lost" : "waits");
	g_mutex_lock(&w->lock);
	g_free(w->trouble);
	w->trouble = trouble;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
}

static void write_todo(struct writer *w, struct lineup *lineup, bool ending)
{
	struct lineup_memory todo = view(&w->todo);
	int error = lineup && !is_empty(&w->todo) ? lineup_remember(lineup, &todo) : 0;
	if (error)
		complain(w, error, ending);
	else
		empty(&w->todo);
	w->failing = error != 0;
}

static gpointer run(gpointer data)
{
	struct writer *w = data;
	struct lineup *lineup = open_and_load(w);
	bool ending = false;
	while (!ending) {
		ending = take_pending(w);
		write_todo(w, lineup, ending);
	}
	lineup_close(lineup);
	g_mutex_lock(&w->lock);
	w->is_ended = true;
	g_mutex_unlock(&w->lock);
	uv_async_send(&w->woken);
	return NULL;
}

/* ---- on the loop ---- */

static void on_closed(uv_handle_t *handle)
{
	struct writer *w = handle->data;
	g_thread_join(w->thread);
	free_batch(&w->todo);
	free_batch(&w->pending);
	g_array_unref(w->memories);
	g_array_unref(w->steps);
	g_array_unref(w->moods);
	g_cond_clear(&w->changed);
	g_mutex_clear(&w->lock);
	g_free(w->trouble);
	g_free(w->why);
	g_free(w->path);
	g_free(w);
}

static void on_woken(uv_async_t *async)
{
	struct writer *w = async->data;
	g_mutex_lock(&w->lock);
	bool tell = w->is_loaded && !w->is_told && !w->closing, ended = w->is_ended;
	w->is_told |= tell;
	char *trouble = g_steal_pointer(&w->trouble);
	g_mutex_unlock(&w->lock);
	const struct writer_loaded loaded = {w->memories, w->steps, w->moods, w->why};
	if (tell)
		w->options.loaded(w->options.ctx, &loaded);
	if (trouble)
		w->options.log(w->options.log_ctx, trouble);
	g_free(trouble);
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
	w->woken.data = w;
	w->todo = new_batch();
	w->pending = new_batch();
	w->memories = new_memories();
	w->steps = g_array_new(FALSE, FALSE, sizeof(struct viewer_step));
	w->moods = g_array_new(FALSE, FALSE, sizeof(struct viewer_mood));
	g_mutex_init(&w->lock);
	g_cond_init(&w->changed);
	w->thread = g_thread_new("writer", run, w);
	*ret = w;
	return 0;
}

void writer_put(struct writer *w, const struct lineup_memory *memory)
{
	g_mutex_lock(&w->lock);
	add(&w->pending, memory);
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
