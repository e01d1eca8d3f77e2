/*
 * app/output: lines for standard output and standard error. They are written by a thread of their
 * own, because whoever reads them may stop reading (a full pipe, a stopped terminal) and the loop
 * must not wait for him; what does not fit any more is dropped, and how much is told.
 */
#pragma once

enum output {
	OUTPUT_RESULTS,	 /* standard output */
	OUTPUT_LOG,	 /* standard error */
	OUTPUT_PROGRESS, /* a terminal's last line on standard error; the next line replaces it */
};

/* The program's one output: until it is opened, and after it is closed, lines are written at once.
 */
void output_open(void);
/* Writes what is queued, but waits a second at most for a reader. */
void output_close(void);

/* Takes the line over (freed with g_free()); it has no newline. */
void output_line(enum output where, char *line);
