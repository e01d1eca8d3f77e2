/* app/net_state: what net.c and net_hold.c share. Not for others. */
#pragma once

#include "client/app/addresses.h"
#include "client/app/members.h"
#include "client/app/net.h"
#include "client/app/net_socket.h"
#include "client/app/net_streams.h"

struct net {
	struct net_listener listener;
	igmp_log_fn log;
	void *log_ctx;
	const struct channel_list *channels;
	size_t (*choose)(void *ctx, int channel);
	void *choose_ctx;
	struct addresses *addresses;
	struct igmp_membership *membership;
	struct members *members;
	struct net_socket *socket;
	struct net_streams *streams;
	uv_prepare_t prepare;	  /* arms the timer once for all packets of a turn */
	uv_timer_t reorder_timer; /* when a gap in the RTP order is given up */

	uint64_t n;    /* of the zap that is received */
	bool zap_said; /* what was said last is the zap's report, not one of channels ahead */
};
