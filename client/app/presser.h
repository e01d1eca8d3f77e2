/*
 * app/presser: wakes the loop at an exact time. libuv's timers count whole milliseconds; a timerfd
 * is a descriptor that becomes readable at its nanosecond, like that of a remote control whose key
 * is pressed then.
 */
#pragma once

#include <stdint.h>
#include <uv.h>

struct presser;

/* The time `at_ns` (CLOCK_MONOTONIC) has come; how late it is, is the callee's to see. */
typedef void (*presser_fn)(void *ctx, uint64_t at_ns);

/* -errno. Closed with presser_close(). */
int presser_open(uv_loop_t *loop, presser_fn on_time, void *ctx, struct presser **ret);
/* One time at once: this takes the place of one that was set before. */
void presser_set(struct presser *presser, uint64_t at_ns);
void presser_close(struct presser *presser); /* memory is freed from the loop; accepts NULL */
