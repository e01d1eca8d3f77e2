/*
 * igmp/bucket: a token bucket over virtual time. It bounds how many packets per second others can
 * make this host send, by asking. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct igmp_bucket {
	uint64_t token_ns; /* the time that one token takes */
	uint64_t full_ns;  /* the time that fills the bucket */
	uint64_t saved_ns; /* what it holds, as time */
	uint64_t filled_at_ns;
};

/* Full. per_second and burst are at least 1. */
void igmp_bucket_init(struct igmp_bucket *bucket, unsigned per_second, unsigned burst);

/* Takes a token; false where there is none. */
bool igmp_bucket_take(struct igmp_bucket *bucket, uint64_t now_ns);

/* When there is a token again: now_ns where there is one. */
uint64_t igmp_bucket_ready_ns(struct igmp_bucket *bucket, uint64_t now_ns);
