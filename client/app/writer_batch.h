/* app/writer_batch: what waits to be written into the line-up's file. */
#pragma once

#include <glib.h>

#include "channels/memory.h"

struct writer_batch {
	GArray *memories; /* struct channel_memory, each channel once */
	bool has_ways;
	GArray *steps, *moods;
	GArray *marks;	/* struct viewer_mark, each channel's once of a kind */
	GArray *visits; /* struct viewer_visit, no more than a history keeps */
	bool has_volume;
	uint16_t volume_percent;
	bool muted;
};

struct writer_batch writer_batch_new(void);
void writer_batch_free(struct writer_batch *batch);

bool writer_batch_is_empty(const struct writer_batch *batch);
void writer_batch_empty(struct writer_batch *batch);
/* What is newer takes the place of what is there. */
void writer_batch_add(struct writer_batch *batch, const struct lineup_memory *newer);
/* Good until the batch changes. */
struct lineup_memory writer_batch_view(const struct writer_batch *batch);

/* Of struct channel_memory, which it clears. */
GArray *writer_memories_new(void);
