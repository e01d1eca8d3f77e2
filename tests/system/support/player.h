/*
 * system/support/player: a `zapper play` in the box: started, asked and listened to through its
 * control socket, and ended.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

#include "tests/system/support/lab.h"

struct player_options {
	const char *zapper;	   /* another program than the lab's; NULL: that one */
	const char *channel;	   /* NULL: the line-up's first */
	const char *sink;	   /* --video-sink; NULL: none */
	const char *prejoin;	   /* --prejoin; NULL: 0, every zap is cold */
	const char *const *before; /* what the command line begins with, such as setpriv; or NULL */
	const char *const *more;   /* further arguments of zapper; or NULL */
};

struct player;

/*
 * Starts it and waits until it takes commands. Fails the test where it ends before that. Its
 * outputs are in files, see player_errors.
 */
struct player *player_start(const struct lab *lab, const struct player_options *options);
/* Starts one that is to end by itself; returns its exit code, and what it said on standard error.
 */
int player_fails(const struct lab *lab, const struct player_options *options, char **ret_errors);

pid_t player_pid(const struct player *player);
const char *player_socket(const struct player *player);
/* What it has said so far on standard error; free with g_free. */
char *player_errors(const struct player *player);
/* Waits until it has said that on standard error (its log is written by a thread of its own). */
void player_await_error(const struct player *player, const char *part);

/* The answer to {"cmd":cmd, ...}; `more` (a reference that is taken over) may be NULL. */
json_t *player_ask(struct player *player, const char *cmd, json_t *more);
/* The same, and the answer must be ok. */
void player_do(struct player *player, const char *cmd, json_t *more);
/* Tunes and returns the zap's number. *ret_sent_ns, unless NULL: CLOCK_REALTIME, when the request
 * was written. */
uint64_t player_tune(struct player *player, int channel, uint64_t *ret_sent_ns);
/* A member of the status that is a text; free with g_free. */
char *player_status(struct player *player, const char *member);

/*
 * The next event, of those not yet looked at, in which each member of `wanted` (taken over) is
 * equal; NULL when it has not come within limit_ms. Those before it are dropped.
 */
json_t *player_event(struct player *player, json_t *wanted, unsigned limit_ms);
/* Waits for a state; fails the test when it does not come. Returns CLOCK_MONOTONIC, when it was
 * read. */
uint64_t player_await_state(struct player *player, const char *state, unsigned limit_ms);

/* Waits for its end and returns the exit code as lab_wait does. */
int player_wait(struct player *player, unsigned limit_ms);
/* Whether it still runs. */
bool player_lives(struct player *player);
/* Kills what still runs, and frees. Accepts NULL. */
void player_free(struct player *player);

/* A connection to a player's control socket, -1 where nobody listens. */
int player_connect(const char *path);
/* Reads a line within limit_ms; NULL when none came. Free with g_free. */
char *player_read_line(int fd, unsigned limit_ms);
