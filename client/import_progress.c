#include "client/import_progress.h"

#include <unistd.h>

#include "client/app/output.h"

/* What is done sooner needs no progress, and eyes need no more of it. */
#define BEGIN_US 500000
#define EVERY_US 100000

void import_progress_init(struct import_progress *progress, const struct import *import)
{
	*progress = (struct import_progress){.import = import,
		.shown_here = isatty(STDERR_FILENO),
		.begun_us = g_get_monotonic_time()};
}

static bool is_due(struct import_progress *progress)
{
	gint64 now_us = progress->shown_here ? g_get_monotonic_time() : 0;
	if (!progress->shown_here || now_us < progress->begun_us + BEGIN_US ||
		now_us < progress->shown_us + EVERY_US)
		return false;
	progress->shown_us = now_us;
	return true;
}

static double megabytes(uint64_t bytes)
{
	return (double)bytes / 1e6;
}

char *import_progress_text(
	const char *name, uint64_t read_bytes, uint64_t total_bytes, size_t channels, size_t events)
{
	GString *text = g_string_new(name);
	g_string_append_printf(text, ": %.1f", megabytes(read_bytes));
	if (total_bytes)
		g_string_append_printf(text, " of %.1f", megabytes(total_bytes));
	g_string_append_printf(text, " MB, %zu channels", channels);
	if (events)
		g_string_append_printf(text, ", %zu events", events);
	return g_string_free(text, FALSE);
}

void import_progress_bytes(void *ctx, const char *name, uint64_t read_bytes, uint64_t total_bytes)
{
	struct import_progress *progress = ctx;
	size_t channels, events;
	if (!is_due(progress))
		return;
	import_count(progress->import, &channels, &events);
	output_line(OUTPUT_PROGRESS,
		import_progress_text(name, read_bytes, total_bytes, channels, events));
}

void import_progress_heard(void *ctx, const char *name, size_t heard, uint64_t left_ns)
{
	if (is_due(ctx))
		output_line(
			OUTPUT_PROGRESS, g_strdup_printf("%s: %zu heard, listening for %.0f s more",
						 name, heard, (double)left_ns / 1e9));
}
