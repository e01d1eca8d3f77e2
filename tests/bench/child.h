/* tests/bench/child: work in a process of its own, whose memory is that of the work alone. */
#pragma once

#include <stddef.h>

/* What the work found out; it leaves with exit() where it fails. */
typedef void (*child_fn)(void *ctx, double *figures);

/* Fills `figures` and returns the peak of the resident memory, KiB. Exits where the work fails. */
long child_run(child_fn fn, void *ctx, double *figures, size_t count);

/* Says what failed, with negative errno, and exits; 0 is no failure. */
void child_check(int result, const char *what);

/* CLOCK_MONOTONIC. */
double child_now_s(void);
