/*
 * system/support/interop: zaps before a receiver, and how long it takes after each until the
 * receiver's table holds the new group only and the stream is there. What is too late, or wrong,
 * fails the test.
 */
#pragma once

#include "tests/system/support/figures.h"
#include "tests/system/support/receiver.h"

enum interop_figure { INTEROP_TABLE, INTEROP_STREAM, INTEROP_LOOKS_APART, INTEROP_FIGURES };

/* One receiver's zaps. */
struct interop {
	struct stage *stage;
	const struct receiver *receiver;
	struct table *table;
	struct figure figures[INTEROP_FIGURES];
	GArray *zaps;	    /* inner */
	uint64_t looked_ns; /* CLOCK_REALTIME, the last time */
};

/* The receiver has been put up. */
struct interop interop_open(struct stage *stage, const struct receiver *receiver);
/* Prints the times, which are of all zaps then, and frees what open has made. */
void interop_close(struct interop *run);

/* Zaps through the receiver's channels, as often as it is due. Where zaps overlap, some of them
 * are not forgotten when it returns. */
void interop_zap(struct interop *run);
/* Waits until they are. */
void interop_await_rest(struct interop *run);
/* Waits until the table holds the last zap's channel alone. */
void interop_await_last(struct interop *run);
