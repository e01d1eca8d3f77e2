/*
 * bench/script: a file of keys with times, one "seconds key" a line, seconds counted from the start
 * of the run. Keys are up, down, last and channel numbers; "#" starts a comment.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum bench_action {
	BENCH_PRESS_UP,
	BENCH_PRESS_DOWN,
	BENCH_PRESS_LAST,
	BENCH_PRESS_CHANNEL, /* the channel is asked for directly */
	BENCH_PRESS_NUMBER,  /* its number is typed */
	BENCH_ACTIONS,
};

struct bench_key {
	uint64_t at_ns;
	enum bench_action action;
	int channel; /* index, for BENCH_PRESS_NUMBER */
};

struct bench_script {
	size_t count;
	struct bench_key *keys; /* in the order of time */
};

/* What the reader of a file asks of its surroundings. */
struct bench_script_reader {
	const char *name; /* of the file, for diagnostics */
	/* Index of the channel with this number ("5", "5.1"), or -1. */
	int (*find)(void *ctx, const char *number);
	/* "file:line: error: what, and what was done about it" */
	void (*report)(void *ctx, const char *diagnostic);
	void *ctx;
};

/*
 * Reads `size` bytes of text. A line that cannot be read is reported and left out. -ENODATA where
 * no key is left, which is reported too.
 */
int bench_script_parse(const struct bench_script_reader *reader, const char *text, size_t size,
	struct bench_script **ret);
void bench_script_free(struct bench_script *script); /* accepts NULL */

const char *bench_action_name(enum bench_action action); /* "up", ..., "channel", "number" */
