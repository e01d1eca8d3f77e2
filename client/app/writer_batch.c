#include "client/app/writer_batch.h"

#include "channels/viewer.h"

static void clear_memory(gpointer memory)
{
	channel_memory_clear(memory);
}

GArray *writer_memories_new(void)
{
	GArray *memories = g_array_new(FALSE, FALSE, sizeof(struct channel_memory));
	g_array_set_clear_func(memories, clear_memory);
	return memories;
}

struct writer_batch writer_batch_new(void)
{
	return (struct writer_batch){.memories = writer_memories_new(),
		.steps = g_array_new(FALSE, FALSE, sizeof(struct viewer_step)),
		.moods = g_array_new(FALSE, FALSE, sizeof(struct viewer_mood)),
		.marks = g_array_new(FALSE, FALSE, sizeof(struct viewer_mark)),
		.visits = g_array_new(FALSE, FALSE, sizeof(struct viewer_visit))};
}

void writer_batch_free(struct writer_batch *batch)
{
	g_array_unref(batch->memories);
	g_array_unref(batch->steps);
	g_array_unref(batch->moods);
	g_array_unref(batch->marks);
	g_array_unref(batch->visits);
}

bool writer_batch_is_empty(const struct writer_batch *batch)
{
	return !batch->memories->len && !batch->has_ways && !batch->marks->len &&
	       !batch->visits->len && !batch->has_volume;
}

void writer_batch_empty(struct writer_batch *batch)
{
	g_array_set_size(batch->memories, 0);
	g_array_set_size(batch->marks, 0);
	g_array_set_size(batch->visits, 0);
	batch->has_ways = batch->has_volume = false;
}

static struct viewer_news view_news(const struct writer_batch *batch)
{
	return (struct viewer_news){
		.marks = (const struct viewer_mark *)(const void *)batch->marks->data,
		.n_marks = batch->marks->len,
		.visits = (const struct viewer_visit *)(const void *)batch->visits->data,
		.n_visits = batch->visits->len,
		.has_volume = batch->has_volume,
		.volume_percent = batch->volume_percent,
		.muted = batch->muted};
}

struct lineup_memory writer_batch_view(const struct writer_batch *batch)
{
	return (struct lineup_memory){
		.channels = (const struct channel_memory *)(const void *)batch->memories->data,
		.n_channels = batch->memories->len,
		.has_ways = batch->has_ways,
		.steps = (const struct viewer_step *)(const void *)batch->steps->data,
		.n_steps = batch->steps->len,
		.moods = (const struct viewer_mood *)(const void *)batch->moods->data,
		.n_moods = batch->moods->len,
		.viewer = view_news(batch)};
}

static void add_memory(struct writer_batch *batch, const struct channel_memory *memory)
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

static void add_mark(struct writer_batch *batch, const struct viewer_mark *mark)
{
	for (guint i = 0; i < batch->marks->len; i++) {
		struct viewer_mark *old = &g_array_index(batch->marks, struct viewer_mark, i);
		if (old->kind == mark->kind && old->channel == mark->channel) {
			old->on = mark->on;
			return;
		}
	}
	g_array_append_val(batch->marks, *mark);
}

static void add_news(struct writer_batch *batch, const struct viewer_news *news)
{
	for (size_t i = 0; i < news->n_marks; i++)
		add_mark(batch, &news->marks[i]);
	g_array_append_vals(batch->visits, news->visits, (guint)news->n_visits);
	if (batch->visits->len > VIEWER_HISTORY)
		g_array_remove_range(batch->visits, 0, batch->visits->len - VIEWER_HISTORY);
	if (!news->has_volume)
		return;
	batch->has_volume = true;
	batch->volume_percent = news->volume_percent;
	batch->muted = news->muted;
}

void writer_batch_add(struct writer_batch *batch, const struct lineup_memory *newer)
{
	for (size_t i = 0; i < newer->n_channels; i++)
		add_memory(batch, &newer->channels[i]);
	add_news(batch, &newer->viewer);
	if (!newer->has_ways)
		return;
	batch->has_ways = true;
	g_array_set_size(batch->steps, 0);
	g_array_append_vals(batch->steps, newer->steps, (guint)newer->n_steps);
	g_array_set_size(batch->moods, 0);
	g_array_append_vals(batch->moods, newer->moods, (guint)newer->n_moods);
}
