/*
 * bench/book: what is heard of each press, in whatever order, becomes its zap in the run. Pure.
 *
 * Of a zap's first picture it is known outside a lab whether all packets of the key unit that it is
 * decoded from came, by their counters, and whether the decoder flags it. Its parameter sets are
 * that stream's own, or it is unchecked, and its packets came from the channel's
 * group, source and port. So such a picture is whole and of the channel as far as the network goes;
 * what a head-end broke before it counted its packets stays unseen.
 */
#pragma once

#include "client/bench/result.h"

struct bench_book;
struct bench_book *bench_book_new(struct bench_run *run); /* which outlives it */
void bench_book_free(struct bench_book *book);		  /* accepts NULL */

/* A key, as it is pressed. */
struct bench_pressed {
	uint64_t n;	       /* of its zap */
	uint64_t scheduled_ns; /* the figures count from here */
	uint64_t waited_ns;    /* as bench_zap.waited_ns */
	enum bench_action action;
	struct bench_ahead ahead;
	int64_t clock_offset_ns; /* CLOCK_REALTIME less CLOCK_MONOTONIC */
};

/* What is heard from now on may be this zap's; of the one before the record may be to come. */
void bench_book_press(struct bench_book *book, const struct bench_pressed *pressed);
/* No: that press led to no zap. To be said before anything else. */
void bench_book_idle(struct bench_book *book);

/* A report was on the wire at wire_ns, while zap n was the current one. */
void bench_book_stamp(struct bench_book *book, uint64_t n, uint64_t wire_ns);
/*
 * A key unit of zap n's video came; packets of it are missing where it is damaged, and its
 * parameter sets may be wrong where they are only remembered.
 */
void bench_book_key_unit(struct bench_book *book, uint64_t n, bool damaged, bool remembered);
/* The decoder flags zap n's first picture, or it was decoded with wrong parameter sets. */
void bench_book_flagged(struct bench_book *book, uint64_t n);

/* The run ends now: zaps whose records are to come are cut off by that. */
void bench_book_end(struct bench_book *book);

/*
 * A zap is over: it is added to the run, and true, where it is one of the last two presses'.
 * *ret_pressed is that press.
 */
bool bench_book_record(struct bench_book *book, const struct zap_record *record,
	struct bench_pressed *ret_pressed);
