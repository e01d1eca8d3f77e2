/*
 * client/import_progress: how far an import is, as the last line of a terminal; nothing is shown
 * elsewhere.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "channels/import.h"

struct import_progress {
	const struct import *import;
	bool shown_here; /* standard error is a terminal */
	gint64 begun_us, shown_us;
};

void import_progress_init(struct import_progress *progress, const struct import *import);

/* As struct import_source wants it; ctx is the struct import_progress. */
void import_progress_bytes(void *ctx, const char *name, uint64_t read_bytes, uint64_t total_bytes);
/* Of discovery: so many sessions or segments are known, and so long it may go on. */
void import_progress_heard(void *ctx, const char *name, size_t heard, uint64_t left_ns);

/* "list.m3u: 12.3 of 45.6 MB, 1200 channels, 50000 events"; freed with g_free(). */
char *import_progress_text(const char *name, uint64_t read_bytes, uint64_t total_bytes,
	size_t channels, size_t events);
