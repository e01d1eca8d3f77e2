#include "client/app/output.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include "client/play/mailbox.h"

#define LINES_MAX 1024
#define PATIENCE_US G_USEC_PER_SEC
/* ECMA-48: to the beginning of the line, and erase to its end. */
#define ERASE_LINE "\r\033[K"

struct line {
	enum output where;
	char *text; /* NULL: the last one, end */
};

/* Logging is where a program may have a global. */
static struct {
	struct mailbox *lines;
	GThread *thread;
	gint dropped;
	GMutex lock;
	GCond ended;
	bool is_ended;
	bool progress; /* a line of progress stands there; the writing thread's own */
} output;

static void write_line(const struct line *line)
{
	FILE *file = line->where == OUTPUT_RESULTS ? stdout : stderr;
	int dropped = g_atomic_int_and((guint *)&output.dropped, 0);
	if (output.progress)
		fputs(ERASE_LINE, stderr);
	output.progress = line->where == OUTPUT_PROGRESS;
	if (dropped)
		fprintf(stderr, "zapper: %d lines were dropped: nobody read them\n", dropped);
	fprintf(file, output.progress ? "%s" : "%s\n", line->text);
	fflush(file);
	g_free(line->text);
}

static gpointer write_lines(gpointer data)
{
	(void)data;
	struct line line;
	for (;;) {
		mailbox_wait(output.lines, &line);
		if (!line.text)
			break;
		write_line(&line);
	}
	if (output.progress)
		fputs(ERASE_LINE, stderr);
	output.progress = false;
	g_mutex_lock(&output.lock);
	output.is_ended = true;
	g_cond_signal(&output.ended);
	g_mutex_unlock(&output.lock);
	return NULL;
}

void output_open(void)
{
	output.is_ended = false;
	output.lines = mailbox_new(LINES_MAX, sizeof(struct line), NULL, NULL);
	output.thread = g_thread_new("output", write_lines, NULL);
}

static bool await_end(void)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	bool woken = true;
	g_mutex_lock(&output.lock);
	while (!output.is_ended && woken)
		woken = g_cond_wait_until(&output.ended, &output.lock, deadline_us);
	bool ended = output.is_ended;
	g_mutex_unlock(&output.lock);
	return ended;
}

void output_close(void)
{
	struct line last = {OUTPUT_LOG, NULL};
	/* A thread that hangs in a write ends with the program. */
	if (!mailbox_put(output.lines, &last, 0) || !await_end())
		return;
	g_thread_join(output.thread);
	mailbox_free(output.lines);
	output.lines = NULL;
}

void output_line(enum output where, char *text)
{
	struct line line = {where, text};
	if (!output.lines) {
		write_line(&line);
	} else if (!mailbox_put(output.lines, &line, 1)) {
		g_atomic_int_inc(&output.dropped);
		g_free(text);
	}
}
