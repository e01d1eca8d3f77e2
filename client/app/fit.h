/*
 * app/fit: how many of some channels can be had, found by trying. Pure but for the tries: what
 * cannot be had by itself is left out, and what there is no room for is found by halving.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct fit_tries {
	/* Has these and no others; 0, or -errno and then what was had is had still. */
	int (*have)(void *ctx, const int *channels, size_t n);
	/* This one is left out, for `error` and not for want of room. */
	void (*refused)(void *ctx, int channel, int error);
	void *ctx;
};

/*
 * Has of the n `channels` as many from the front as can be: how many, and behind them those that
 * cannot be. The first `kept` of them are had before: the search begins there. *ret_error: 0, or
 * for what want of room there are no more.
 */
size_t fit_most(
	const struct fit_tries *tries, int *channels, size_t n, size_t kept, int *ret_error);
