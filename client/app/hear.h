/*
 * app/hear: listens to groups for a while, through memberships of our own (either back end), on a
 * loop that lasts as long: for what a network announces of itself.
 */
#pragma once

#include <stdbool.h>

#include "channels/address.h"
#include "client/receive/socket.h"
#include "igmp/membership.h"

struct hear;

struct hear_options {
	const char *iface;
	enum igmp_backend backend;
	struct igmp_host_settings host;
	uint64_t listen_ns;
	receive_datagram_fn datagram;
	/* Each HEAR_TICK_MS, with how long it goes on at most. False: that was enough. */
	bool (*tick)(void *ctx, uint64_t left_ns);
	igmp_log_fn log;
	void *ctx; /* of all three */
};

#define HEAR_TICK_MS 100

/* Errors as igmp_membership_open(). Closed with hear_close(), which leaves all groups. */
int hear_open(const struct hear_options *options, struct hear **ret);
void hear_close(struct hear *hear); /* accepts NULL */

/*
 * Joins a further group, of any source or of one; `transport` and `programme` say nothing. May be
 * called from within the callbacks. Errors as igmp_membership_listen().
 */
int hear_join(struct hear *hear, const struct channel_address *address);

/* Returns when the time is over or tick said so; -EINTR where a signal wants the program to end. */
int hear_run(struct hear *hear);
