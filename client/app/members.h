/*
 * app/members: which channels' groups are joined. Each channel is a user of its group (its index is
 * the user's), so that two channels on one group do not get into each other's way.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channels/lineup.h"
#include "igmp/membership.h"

struct members;

/* Both outlive it. members_free() leaves nothing: igmp_membership_close() does. */
struct members *members_new(
	struct igmp_membership *membership, const struct channel_list *channels);
void members_free(struct members *m); /* accepts NULL */

/* Whether igmp would join it at all: whatever the network says, it is no matter of its state. */
bool members_can_have(const struct channel *channel);
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
