/*
 * lab/transmit: the head-end's edge: two UDP sockets, the control socket, the clock and the signals
 * around a sender. One thread.
 */
#pragma once

#include <netinet/in.h>
#include <stdint.h>

#include "tests/lab/feed.h"

struct transmit_options {
	struct in_addr source, other_source; /* addresses of this host */
	const char *control_path;
	struct feed *const *feeds; /* one for each channel */
	unsigned channels;
	uint64_t seed;
};

/* The group of a channel: 239.1.1.n when n is odd (ASM), 232.1.1.n when it is even (SSM). */
struct in_addr transmit_group(unsigned channel);

/*
 * Sends until SIGINT or SIGTERM. Calls ready once, when every channel is being sent. Says on
 * standard error what is wrong. 0 after a signal, otherwise a negative errno.
 */
int transmit_run(const struct transmit_options *options, void (*ready)(void));
