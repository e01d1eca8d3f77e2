#include "igmp/iface_track.h"

#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

void igmp_iface_track_init(struct igmp_iface_track *track, const struct igmp_iface *iface)
{
	*track = (struct igmp_iface_track){.now = *iface, .told = *iface};
}

/* The first attribute of this type with at least so many bytes, or NULL. */
static const struct nlattr *find_attribute(
	const struct nlmsghdr *message, size_t header_bytes, uint16_t type, size_t min_bytes)
{
	const struct nlattr *attribute;
	mnl_attr_for_each(attribute, message, header_bytes)
	{
		if (mnl_attr_get_type(attribute) == type &&
			mnl_attr_get_payload_len(attribute) >= min_bytes)
			return attribute;
	}
	return NULL;
}

static const struct nlattr *find_in_link(
	const struct nlmsghdr *message, uint16_t type, size_t min_bytes)
{
	return find_attribute(message, sizeof(struct ifinfomsg), type, min_bytes);
}

static bool has_name(const struct nlmsghdr *message, const char *name)
{
	const struct nlattr *attribute = find_in_link(message, IFLA_IFNAME, 1);
	size_t len = strlen(name) + 1;
	return attribute && mnl_attr_get_payload_len(attribute) >= len &&
	       memcmp(mnl_attr_get_payload(attribute), name, len) == 0;
}

void igmp_iface_track_gone(struct igmp_iface_track *track)
{
	struct igmp_iface *now = &track->now;
	track->went_away = track->went_away || now->index != 0;
	now->index = 0;
	now->up = now->speaks = false;
	now->address.s_addr = 0;
	track->wants_addresses = false;
	track->counts_times_up = false;
}

/*
 * A carrier that was gone for a moment may be told of once, when it is back: its counter gives it
 * away.
 */
static bool came_up_again(struct igmp_iface_track *track, const struct nlmsghdr *message)
{
	const struct nlattr *attribute =
		find_in_link(message, IFLA_CARRIER_UP_COUNT, sizeof(uint32_t));
	if (!attribute)
		return false;
	uint32_t times_up = mnl_attr_get_u32(attribute);
	bool again = track->counts_times_up && times_up != track->times_up;
	track->counts_times_up = true;
	track->times_up = times_up;
	return again;
}

static void follow(struct igmp_iface_track *track, const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	const struct nlattr *mtu = find_in_link(message, IFLA_MTU, sizeof(uint32_t));
	struct igmp_iface *now = &track->now;
	bool was_up = now->up;
	now->up = (link->ifi_flags & IFF_UP) && (link->ifi_flags & IFF_RUNNING);
	now->speaks = (link->ifi_flags & IFF_MULTICAST) && !(link->ifi_flags & IFF_LOOPBACK);
	if (mtu)
		now->mtu_bytes = mnl_attr_get_u32(mtu);
	bool again = came_up_again(track, message);
	track->went_down = track->went_down || (was_up && (!now->up || again));
}

void igmp_iface_track_link(struct igmp_iface_track *track, const struct nlmsghdr *message)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	struct igmp_iface *now = &track->now;
	/* A bridge tells of its ports in the same words, but of its own family. */
	if (mnl_nlmsg_get_payload_len(message) < sizeof *link || link->ifi_family != AF_UNSPEC)
		return;
	bool is_ours = now->index != 0 && link->ifi_index == now->index;
	bool is_named = has_name(message, now->name);
	if (message->nlmsg_type == RTM_DELLINK || !is_named) {
		if (is_ours)
			igmp_iface_track_gone(track);
		return;
	}
	if (!is_ours) {
		igmp_iface_track_gone(track);
		now->index = link->ifi_index;
		track->wants_addresses = true;
	}
	follow(track, message);
}

static bool is_of_ours(const struct igmp_iface_track *track, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *address = mnl_nlmsg_get_payload(message);
	return mnl_nlmsg_get_payload_len(message) >= sizeof *address &&
	       address->ifa_family == AF_INET && track->now.index != 0 &&
	       (int)address->ifa_index == track->now.index;
}

void igmp_iface_track_address(struct igmp_iface_track *track, const struct nlmsghdr *message)
{
	if (is_of_ours(track, message))
		track->wants_addresses = true;
}

void igmp_iface_track_addresses_asked(struct igmp_iface_track *track)
{
	track->wants_addresses = false;
	track->found_address = false;
	track->found.s_addr = 0;
}

/* They come in the order of their use; secondary ones are nobody's source address. */
void igmp_iface_track_answer(struct igmp_iface_track *track, const struct nlmsghdr *message)
{
	const struct ifaddrmsg *address = mnl_nlmsg_get_payload(message);
	if (track->found_address || !is_of_ours(track, message) ||
		address->ifa_flags & IFA_F_SECONDARY)
		return;
	const struct nlattr *local =
		find_attribute(message, sizeof *address, IFA_LOCAL, sizeof track->found);
	if (!local)
		return;
	memcpy(&track->found, mnl_attr_get_payload(local), sizeof track->found);
	track->found_address = true;
}

void igmp_iface_track_addresses_end(struct igmp_iface_track *track)
{
	if (track->now.index != 0)
		track->now.address = track->found;
}

static bool is_same(const struct igmp_iface *a, const struct igmp_iface *b)
{
	return a->index == b->index && a->up == b->up && a->speaks == b->speaks &&
	       a->mtu_bytes == b->mtu_bytes && a->address.s_addr == b->address.s_addr;
}

bool igmp_iface_track_next(struct igmp_iface_track *track, struct igmp_iface *ret)
{
	struct igmp_iface next = track->now;
	bool was_away = track->went_away && track->told.index != 0 && next.index != 0;
	bool was_down = track->went_down && track->told.up && next.up;
	if (was_away) {
		next = track->told;
		next.index = 0;
		next.up = next.speaks = false;
		next.address.s_addr = 0;
	} else if (was_down) {
		next = track->told;
		next.up = false;
	}
	track->went_away = track->went_down = false;
	if (is_same(&next, &track->told))
		return false;
	track->told = *ret = next;
	return true;
}
