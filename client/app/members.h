/*
 * app/members: which channels' groups are joined. Each channel is a user of its group, so that two
 * channels on one group do not get into each other's way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channels/lineup.h"
#include "client/app/addresses.h"
#include "igmp/membership.h"

struct members;

/*
 * Both outlive it; an address changes by members_switch() only while its channel is joined.
 * members_free() leaves nothing: igmp_membership_close() does.
 */
struct members *members_new(
	struct igmp_membership *membership, struct addresses *addresses, size_t channels);
void members_free(struct members *m); /* accepts NULL */

/*
 * Whether igmp would join any of its sources: whatever the network says, it is no matter of its
 * state.
 */
bool members_can_have(const struct channel *channel);
bool members_can_join(const struct channel_address *address);
bool members_has(const struct members *m, int channel);
/* The joined ones, as many as *ret_count. Valid until the next members_set(). */
const int *members_list(const struct members *m, size_t *ret_count);
/* Whether these, each named once, are the joined ones: members_set() would say nothing. */
bool members_are(const struct members *m, const int *channels, size_t n);

/*
 * Joins these channels and leaves all others, in one report. *ret_sent_ns (may be NULL) and errors
 * as igmp_membership_listen(); 0 where nothing had to be said; with an error nothing has changed.
 */
int members_set(struct members *m, const int *channels, size_t n, uint64_t *ret_sent_ns);
/*
 * Leaves a joined channel's address and joins that of another of its sources, in one report. Errors
 * as members_set().
 */
int members_switch(struct members *m, int channel, size_t source, uint64_t *ret_sent_ns);

/*
 * Channel i is to[i] from now on, of `count` channels, with these addresses, which are the same for
 * those that are joined. What is gone (negative) is left in one report; where that cannot be said,
 * nobody knows of it here any more all the same.
 */
void members_move(struct members *m, const int *to, size_t count, struct addresses *addresses);
