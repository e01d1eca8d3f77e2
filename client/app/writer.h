/*
 * app/writer: the thread that reads and writes what is remembered in the line-up's file, through a
 * connection of its own: the loop never waits for the disk. What does not fit its queue is dropped,
 * and comes again when it has changed.
 */
#pragma once

#include <glib.h>
#include <uv.h>

#include "channels/memory.h"

struct writer;

struct writer_listener {
	/*
	 * Once, on the loop: what is in the file (of struct channel_memory and struct
	 * channel_step), good until it returns. `why`: a sentence why nothing is remembered, else
	 * NULL.
	 */
	void (*loaded)(void *ctx, const GArray *memories, const GArray *steps, const char *why);
	void *ctx;
};

/* -errno of libuv. Closed with writer_close(). */
int writer_open(uv_loop_t *loop, const char *path, const struct writer_listener *listener,
	struct writer **ret);
/* Copied. */
void writer_put_memory(struct writer *writer, const struct channel_memory *memory);
/* The actions' names are the caller's for good; the array is copied. */
void writer_replace_steps(struct writer *writer, const struct channel_step *steps, size_t n);
/*
 * What is queued is still written; the loop ends, and memory is freed, after that. Nothing is told
 * any more. Accepts NULL.
 */
void writer_close(struct writer *writer);

/* A copy of its own, and its end. */
struct channel_memory writer_copy_memory(const struct channel_memory *memory);
void writer_clear_memory(struct channel_memory *memory);
