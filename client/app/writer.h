/*
 * app/writer: the thread that reads and writes what is remembered in the line-up's file, through a
 * connection of its own: the loop never waits for the disk. What waits to be written is written in
 * one transaction; what cannot be (a full disk, an import that takes long) waits for the next one.
 */
#pragma once

#include <glib.h>
#include <uv.h>

#include "channels/memory.h"

struct writer;

/* What is in the file: of struct channel_memory, viewer_step and viewer_mood. */
struct writer_loaded {
	const GArray *memories, *steps, *moods;
	const char *why; /* a sentence why nothing is, or will be, remembered; else NULL */
};

struct writer_options {
	const char *path;
	/* Once, on the loop; *loaded is good until it returns. */
	void (*loaded)(void *ctx, const struct writer_loaded *loaded);
	void *ctx;
	/* On the loop, also after writer_close(): that something could not be written, and why. */
	void (*log)(void *ctx, const char *sentence);
	void *log_ctx;
};

/* -errno of libuv. Closed with writer_close(). */
int writer_open(uv_loop_t *loop, const struct writer_options *options, struct writer **ret);

/*
 * To be written soon: as lineup_remember(). Copied, but for the names of contexts and actions,
 * which are the caller's for good.
 */
void writer_put(struct writer *writer, const struct lineup_memory *memory);

/*
 * What waits is still written, unless the file is in use for longer than some two seconds; the loop
 * ends, and memory is freed, after that. Nothing is `loaded` any more. Accepts NULL.
 */
void writer_close(struct writer *writer);
