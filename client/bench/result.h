/*
 * bench/result: everything about one run, from which all reports are made. Whoever runs the zaps
 * fills it in; bench/report_read makes one from a JSON file.
 */
#pragma once

#include <glib.h>

#include "client/bench/plan.h"
#include "client/zap.h"

/* What is known of a zap's first picture: in a lab by its marks, elsewhere see bench/book.h. */
enum bench_check {
	BENCH_UNCHECKED,
	BENCH_GOOD,    /* by its marks */
	BENCH_WHOLE,   /* it came whole, and the decoder flags nothing; nobody has looked at it */
	BENCH_DAMAGED, /* not one of the pictures that the stream decodes to, or it came with gaps
			*/
	BENCH_WRONG,   /* of another channel */
	BENCH_CHECKS,
};

/* What ended a zap before all that was to come of it came, or could be given up. */
enum bench_cut {
	BENCH_CUT_NONE,
	BENCH_CUT_KEY, /* another key */
	BENCH_CUT_RUN, /* the end of the run */
	BENCH_CUTS,
};

/* What was received besides the watched channel when a key was pressed. */
struct bench_ahead {
	uint32_t streams;
	uint32_t whole; /* of these, so many had a whole random access point */
	uint32_t kbps;	/* what they took of the line, as far as that is known */
};

struct bench_zap {
	struct zap_record record; /* `from` and `to` are indices into bench_run.channels */
	uint64_t scheduled_ns;	  /* when the key had to be pressed: figures count from here */
	uint64_t wire_ns;	  /* transmit stamp of the report, 0 where there is none */
	uint64_t waited_ns; /* the key was due so much earlier, but its channel was not warm */
	enum bench_action action;
	enum bench_check check;
	enum bench_cut cut;
	bool has_sound; /* its channel was heard in this run, by whichever zap: bench_run_end() */
	struct bench_ahead ahead;
};

struct bench_channel {
	char *number; /* "5", "5.1" */
	char *name;
};

/* Something to be said about a run: "kernel", "6.1.0". */
struct bench_note {
	char *key;
	char *value;
};

/* How far the tool's own stamps were from known delays that were fed to it; count 0: not tried. */
struct bench_self_test {
	uint32_t count;
	double delay_ms;
	double p50_ms, p95_ms, p99_ms, max_ms; /* of the absolute error */
};

enum bench_end { BENCH_END_DONE, BENCH_END_INTERRUPTED, BENCH_END_FAILED, BENCH_ENDS };

struct bench_run {
	GArray *zaps;	     /* struct bench_zap, in the order of their presses */
	GPtrArray *channels; /* struct bench_channel, as in the line-up */
	GPtrArray *host;     /* struct bench_note: the machine and the program */
	GPtrArray *scenario; /* struct bench_note: what `settings` does not say: interface, ... */
	struct bench_settings settings;
	uint32_t limit_ms; /* so long a picture is waited for; 0: not known */
	struct bench_self_test self_test;
	enum bench_end end;
	char *end_why;	   /* a sentence, NULL for none; bench_run_end() sets both */
	char *started;	   /* "2024-05-01T12:00:00Z", NULL where not known */
	uint64_t start_ns; /* CLOCK_MONOTONIC; above 0 */
	uint64_t duration_ns;
	uint32_t idle_presses; /* led to no zap */
};

struct bench_run *bench_run_new(void);
void bench_run_free(struct bench_run *run); /* accepts NULL */

/* These copy what they are given; text that is not UTF-8 is made so. */
void bench_run_add_zap(struct bench_run *run, const struct bench_zap *zap);
void bench_run_add_channel(struct bench_run *run, const char *number, const char *name);
void bench_run_add_host(struct bench_run *run, const char *key, const char *value);
void bench_run_add_scenario(struct bench_run *run, const char *key, const char *value);

/* To be said when all zaps are there: only then it is known which channels have sound. */
void bench_run_end(struct bench_run *run, enum bench_end end, const char *why);

size_t bench_run_count(const struct bench_run *run);
const struct bench_zap *bench_run_zap(const struct bench_run *run, size_t index);
/* "-" for ZAP_NO_CHANNEL and for an index beyond the line-up. */
const char *bench_run_number(const struct bench_run *run, int channel);

const char *bench_check_name(enum bench_check check);  /* "unchecked", "good", ... */
const char *bench_cut_name(enum bench_cut cut);	       /* "none", "key", "run" */
const char *bench_end_name(enum bench_end end);	       /* "done", "interrupted", "failed" */
const char *bench_result_name(enum zap_result result); /* "ok", "timeout", "error" */
