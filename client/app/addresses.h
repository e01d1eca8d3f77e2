/*
 * app/addresses: of each channel the address that it is received from: that of one of its sources,
 * or, while it goes on over a change of the line-up, one that the line-up no longer names. Pure.
 */
#pragma once

#include "channels/lineup.h"

struct addresses;

/* Of each channel the first source counts. The list outlives it. */
struct addresses *addresses_new(const struct channel_list *channels);
void addresses_free(struct addresses *a); /* accepts NULL */

const struct channel_address *addresses_of(const struct addresses *a, int channel);
/* The source's index; as many as the channel has sources where it is none of them. */
size_t addresses_source(const struct addresses *a, int channel);

/* From now on this source counts; one that the channel does not have is its first. */
void addresses_choose(struct addresses *a, int channel, size_t source);
/* From now on this address counts (copied), be it one of the channel's or not. */
void addresses_keep(struct addresses *a, int channel, const struct channel_address *address);

/* The source of this address; as many as there are where none is. */
size_t addresses_find(const struct channel *channel, const struct channel_address *address);
