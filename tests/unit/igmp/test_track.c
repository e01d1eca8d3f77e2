/* What rtnetlink's messages make of an interface, without a kernel that sends them. */
#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>

#include "igmp/iface_track.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define UP (IFF_UP | IFF_RUNNING | IFF_MULTICAST)
#define DOWN IFF_MULTICAST

struct link {
	const char *name;
	int index;
	unsigned flags;
	uint32_t mtu, times_up; /* 0: not said */
	uint8_t family;
};

static struct igmp_iface_track begin(void)
{
	struct igmp_iface_track track;
	const struct igmp_iface box = {
		.name = "box", .index = 3, .up = true, .speaks = true, .mtu_bytes = 1500};
	igmp_iface_track_init(&track, &box);
	return track;
}

static void hear_link(struct igmp_iface_track *track, uint16_t type, struct link link)
{
	_Alignas(struct nlmsghdr) char buffer[512];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = type;
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(message, sizeof *info);
	info->ifi_family = link.family;
	info->ifi_index = link.index;
	info->ifi_flags = link.flags;
	mnl_attr_put_strz(message, IFLA_IFNAME, link.name);
	if (link.mtu)
		mnl_attr_put_u32(message, IFLA_MTU, link.mtu);
	if (link.times_up)
		mnl_attr_put_u32(message, IFLA_CARRIER_UP_COUNT, link.times_up);
	igmp_iface_track_link(track, message);
}

static void hear_address(
	struct igmp_iface_track *track, bool answer, int index, const char *address, uint8_t flags)
{
	_Alignas(struct nlmsghdr) char buffer[512];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_NEWADDR;
	struct ifaddrmsg *info = mnl_nlmsg_put_extra_header(message, sizeof *info);
	info->ifa_family = AF_INET;
	info->ifa_flags = flags;
	info->ifa_index = (unsigned)index;
	mnl_attr_put_u32(message, IFA_LOCAL, ip(address).s_addr);
	if (answer)
		igmp_iface_track_answer(track, message);
	else
		igmp_iface_track_address(track, message);
}

/* "gone", or the index, "up" or "down", what else is not as begin() has it; one after the other. */
static const char *told(struct igmp_iface_track *track)
{
	static char text[512];
	struct igmp_iface now;
	char address[INET_ADDRSTRLEN];
	text[0] = '\0';
	while (igmp_iface_track_next(track, &now)) {
		char *end = text + strlen(text);
		if (now.index == 0) {
			assert_false(now.up || now.speaks || now.address.s_addr);
			strcpy(end, "gone; ");
			continue;
		}
		end += sprintf(end, "%d %s", now.index, now.up ? "up" : "down");
		if (now.mtu_bytes != 1500)
			end += sprintf(end, " mtu %zu", now.mtu_bytes);
		if (!now.speaks)
			end += sprintf(end, " silent");
		if (now.address.s_addr)
			end += sprintf(end, " %s",
				inet_ntop(AF_INET, &now.address, address, sizeof address));
		strcpy(end, "; ");
	}
	return text;
}

static void down_and_up_are_told(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, UP, 1500, 7, 0});
	assert_string_equal(told(&track), ""); /* as it was known */
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, DOWN, 1500, 7, 0});
	assert_string_equal(told(&track), "3 down; ");
	/* Without a carrier yet. */
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, DOWN | IFF_UP, 1500, 7, 0});
	assert_string_equal(told(&track), "");
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, UP, 1500, 8, 0});
	assert_string_equal(told(&track), "3 up; ");
}

/* Both messages are read in one turn of the loop. */
static void what_was_down_and_is_up_again_is_told_as_both(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, DOWN, 1500, 0, 0});
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, UP, 1500, 0, 0});
	assert_string_equal(told(&track), "3 down; 3 up; ");
}

/* The kernel tells of a carrier that was gone for a moment only when it is back. */
static void a_carrier_that_was_gone_is_known_by_its_counter(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, UP, 1500, 7, 0});
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, UP, 1500, 8, 0});
	assert_string_equal(told(&track), "3 down; 3 up; ");
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, UP, 1400, 8, 0});
	assert_string_equal(told(&track), "3 up mtu 1400; ");
}

static void gone_and_back_by_its_name(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_link(&track, RTM_DELLINK, (struct link){"box", 3, DOWN, 1500, 0, 0});
	assert_string_equal(told(&track), "gone; ");
	hear_link(&track, RTM_NEWLINK, (struct link){"other", 4, UP, 1500, 0, 0});
	hear_address(&track, false, 4, "10.0.0.9", 0);
	assert_string_equal(told(&track), "");
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 9, DOWN, 1500, 0, 0});
	assert_true(track.wants_addresses);
	assert_string_equal(told(&track), "9 down; ");
	/* The old one's index means nothing any more. */
	hear_link(&track, RTM_DELLINK, (struct link){"box", 3, DOWN, 1500, 0, 0});
	assert_string_equal(told(&track), "");
	/* Replaced within one turn, also under the same index. */
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 10, UP, 1500, 0, 0});
	assert_string_equal(told(&track), "gone; 10 up; ");
	hear_link(&track, RTM_DELLINK, (struct link){"box", 10, DOWN, 1500, 0, 0});
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 10, UP, 1500, 0, 0});
	assert_string_equal(told(&track), "gone; 10 up; ");
	igmp_iface_track_gone(&track);
	assert_string_equal(told(&track), "gone; ");
}

static void a_name_may_wander(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_link(&track, RTM_NEWLINK, (struct link){"box1", 3, UP, 1500, 0, 0});
	assert_string_equal(told(&track), "gone; ");
	hear_link(&track, RTM_NEWLINK,
		(struct link){"box", 4, IFF_UP | IFF_RUNNING | IFF_LOOPBACK, 1500, 0, 0});
	assert_string_equal(told(&track), "4 up silent; ");
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 4, UP & ~IFF_MULTICAST, 1500, 0, 0});
	assert_string_equal(told(&track), "");
}

/* A bridge says of a port that leaves it "deleted", which the interface is not. */
static void a_bridges_words_about_its_port_are_not_the_interfaces(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_link(&track, RTM_DELLINK, (struct link){"box", 3, UP, 1500, 0, AF_BRIDGE});
	hear_link(&track, RTM_NEWLINK, (struct link){"box", 3, DOWN, 1500, 0, AF_BRIDGE});
	assert_string_equal(told(&track), "");
}

static void the_first_primary_address_counts(void **state)
{
	(void)state;
	struct igmp_iface_track track = begin();
	hear_address(&track, false, 4, "10.9.0.4", 0);
	assert_false(track.wants_addresses); /* another interface's */
	hear_address(&track, false, 3, "10.9.0.4", 0);
	assert_true(track.wants_addresses);
	igmp_iface_track_addresses_asked(&track);
	assert_false(track.wants_addresses);
	hear_address(&track, true, 4, "10.9.0.4", 0);
	hear_address(&track, true, 3, "10.9.0.5", IFA_F_SECONDARY);
	hear_address(&track, true, 3, "10.9.0.6", 0);
	hear_address(&track, true, 3, "10.9.0.7", 0);
	assert_string_equal(told(&track), "");
	igmp_iface_track_addresses_end(&track);
	assert_string_equal(told(&track), "3 up 10.9.0.6; ");
	igmp_iface_track_addresses_asked(&track);
	igmp_iface_track_addresses_end(&track);
	assert_string_equal(told(&track), "3 up; ");
}

/* Cut short, or with attributes of other lengths: nothing is read beyond. */
static void short_messages_are_no_news(void **state)
{
	(void)state;
	_Alignas(struct nlmsghdr) char buffer[512];
	struct igmp_iface_track track = begin();
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = RTM_NEWLINK;
	igmp_iface_track_link(&track, message);
	igmp_iface_track_address(&track, message);
	igmp_iface_track_answer(&track, message);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(message, sizeof *info);
	info->ifi_index = 3;
	info->ifi_flags = UP;
	mnl_attr_put_strz(message, IFLA_IFNAME, "box");
	mnl_attr_put_u8(message, IFLA_MTU, 9);
	mnl_attr_put_u8(message, IFLA_CARRIER_UP_COUNT, 9);
	igmp_iface_track_link(&track, message);
	assert_string_equal(told(&track), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(down_and_up_are_told),
		cmocka_unit_test(what_was_down_and_is_up_again_is_told_as_both),
		cmocka_unit_test(a_carrier_that_was_gone_is_known_by_its_counter),
		cmocka_unit_test(gone_and_back_by_its_name),
		cmocka_unit_test(a_name_may_wander),
		cmocka_unit_test(a_bridges_words_about_its_port_are_not_the_interfaces),
		cmocka_unit_test(the_first_primary_address_counts),
		cmocka_unit_test(short_messages_are_no_news),
	};
	return cmocka_run_group_tests_name("igmp_track", tests, NULL, NULL);
}
