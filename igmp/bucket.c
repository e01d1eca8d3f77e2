#include "igmp/bucket.h"

#define NS_PER_S UINT64_C(1000000000)

void igmp_bucket_init(struct igmp_bucket *bucket, unsigned per_second, unsigned burst)
{
	uint64_t token_ns = NS_PER_S / per_second;
	*bucket = (struct igmp_bucket){
		.token_ns = token_ns ? token_ns : 1,
		.full_ns = burst * (token_ns ? token_ns : 1),
	};
	bucket->saved_ns = bucket->full_ns;
}

static void fill(struct igmp_bucket *bucket, uint64_t now_ns)
{
	uint64_t room_ns = bucket->full_ns - bucket->saved_ns;
	uint64_t passed_ns = now_ns > bucket->filled_at_ns ? now_ns - bucket->filled_at_ns : 0;
	bucket->saved_ns += passed_ns < room_ns ? passed_ns : room_ns;
	bucket->filled_at_ns += passed_ns;
}

bool igmp_bucket_take(struct igmp_bucket *bucket, uint64_t now_ns)
{
	fill(bucket, now_ns);
	if (bucket->saved_ns < bucket->token_ns)
		return false;
	bucket->saved_ns -= bucket->token_ns;
	return true;
}

uint64_t igmp_bucket_ready_ns(struct igmp_bucket *bucket, uint64_t now_ns)
{
	fill(bucket, now_ns);
	if (bucket->saved_ns >= bucket->token_ns)
		return now_ns;
	return now_ns + bucket->token_ns - bucket->saved_ns;
}
