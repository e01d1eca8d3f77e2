/*
 * igmp/iface_track: what rtnetlink(7) says about one interface, followed by its name. Pure:
 * messages go in, the interface's state comes out. igmp/iface_watch has the socket.
 */
#pragma once

#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#include "igmp/iface.h"

struct igmp_iface_track {
	struct igmp_iface now;
	/* Since the last igmp_iface_track_next(); by now it may be as it was before. */
	bool went_down, went_away;
	/* Its addresses have to be asked for; igmp_iface_track_addresses_asked() says they were. */
	bool wants_addresses;

	struct igmp_iface told;
	uint32_t times_up; /* how often its carrier came, where the kernel counts */
	bool counts_times_up;
	bool found_address; /* in the answer that is being read */
	struct in_addr found;
};

/* As igmp_iface_lookup() found it. */
void igmp_iface_track_init(struct igmp_iface_track *track, const struct igmp_iface *iface);

/* RTM_NEWLINK, RTM_DELLINK: an event, or an answer. */
void igmp_iface_track_link(struct igmp_iface_track *track, const struct nlmsghdr *message);
/* There is no interface of this name. */
void igmp_iface_track_gone(struct igmp_iface_track *track);

/*
 * RTM_NEWADDR, RTM_DELADDR as an event. It says which address came or went, not which one is the
 * first now: that has to be asked.
 */
void igmp_iface_track_address(struct igmp_iface_track *track, const struct nlmsghdr *message);
/* The answer: begun when it is asked for, each RTM_NEWADDR of it, its end. */
void igmp_iface_track_addresses_asked(struct igmp_iface_track *track);
void igmp_iface_track_answer(struct igmp_iface_track *track, const struct nlmsghdr *message);
void igmp_iface_track_addresses_end(struct igmp_iface_track *track);

/*
 * The next state to be told of, false when there is none. An interface that went away or down and
 * is back already comes out as that first: whoever is at the other end of the line has forgotten
 * us.
 */
bool igmp_iface_track_next(struct igmp_iface_track *track, struct igmp_iface *ret);
