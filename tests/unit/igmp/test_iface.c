/* An interface that changes under a membership: what routers hear, what is said, what is received.
 */
#include <errno.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/igmp/edge.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

#define GROUPS 100

static const uint8_t all_hosts_mac[] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01};

/* The line goes down, a zap meanwhile, and it comes back. */
static void raw_says_everything_anew_when_the_line_is_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link set box down"));
	wait_until_said(e, "link-down");
	assert_int_equal(zap(e, A, B, exclude("")), 0);
	assert_true(line_up());
	expect_announcement(e, "TO_IN " A "; TO_EX " B);
	assert_string_equal(e->all_said, "link-down link-up ");
	assert_int_equal(e->warnings, 1); /* that it is down, and no failing report */
}

/* Not down while it is looked at, but from the beginning on: said once, and awaited. */
static void raw_waits_for_a_line_that_was_down_at_the_start(void **state)
{
	struct edge *e = edge_or_skip(state);
	assert_true(run_ip("link set box down"));
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_string_equal(e->all_said, "link-down ");
	assert_int_equal(e->warnings, 1);
	assert_true(set(e, A, exclude("")) == 0);
	assert_true(line_up());
	expect_announcement(e, "TO_EX " A);
	assert_string_equal(e->all_said, "link-down link-up ");
	assert_int_equal(e->warnings, 1);
}

/* Quicker than the loop turns: a switch may have forgotten us all the same. */
static void raw_says_it_anew_after_a_flap(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link set box down"));
	assert_true(line_up());
	expect_announcement(e, "TO_EX " A);
	assert_string_equal(e->all_said, "link-down link-up ");
}

/* Only the other end was down: no one sets our interface down, but its carrier goes. */
static void raw_follows_the_carrier(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link set net down"));
	wait_until_said(e, "link-down");
	assert_true(run_ip("link set net up") && line_up());
	expect_announcement(e, "TO_EX " A);
	assert_string_equal(e->all_said, "link-down link-up ");
}

static void expect_source(struct edge *e, const char *address)
{
	expect_announcement(e, "TO_EX " A);
	assert_int_equal(e->seen_from.s_addr, ip(address).s_addr);
}

static void raw_reports_from_the_address_of_the_moment(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("addr add 10.9.0.3/24 dev box")); /* a second one changes nothing */
	assert_true(run_ip("addr add 10.9.1.2/24 dev box"));
	assert_true(run_ip("addr del 10.9.0.3/24 dev box"));
	assert_true(run_ip("addr del 10.9.0.2/24 dev box"));
	expect_source(e, "10.9.1.2");
	assert_true(run_ip("addr flush dev box"));
	expect_source(e, "0.0.0.0");
	assert_int_equal(igmp_membership_iface(e->m)->address.s_addr, 0);
	assert_true(run_ip("addr add 10.9.0.2/24 dev box"));
	expect_source(e, "10.9.0.2");
	assert_string_equal(e->all_said, "address-changed address-changed address-changed ");
}

/* The pair of interfaces anew: other indices, the same names. */
static void make_box_again(struct edge *e)
{
	assert_true(
		run_ip("link add name other type veth peer name spare")); /* takes the indices */
	assert_true(run_ip("link add name box type veth peer name net"));
	assert_true(run_ip("link del other"));
	reopen_capture(e);
	assert_true(run_ip("addr add 10.9.0.2/24 dev box"));
	assert_true(run_ip("link set net up"));
	assert_true(line_up());
}

static void raw_waits_for_an_interface_that_is_gone(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	join(e, "239.129.2.3");
	int index = igmp_membership_iface(e->m)->index;
	assert_true(run_ip("link del box"));
	wait_until_said(e, "interface-gone");
	assert_int_equal(igmp_membership_iface(e->m)->index, 0);
	assert_int_equal(zap(e, A, B, exclude("")), 0);
	assert_int_equal(set(e, SSM, include(SOURCE)), 0); /* nothing is sent */
	assert_int_equal(e->warnings, 1);
	make_box_again(e);
	expect_announcement(
		e, "TO_IN " A "; TO_EX 239.129.2.3; TO_EX " B "; ALLOW " SSM " " SOURCE);
	assert_int_not_equal(igmp_membership_iface(e->m)->index, index);
	assert_int_equal(e->seen_from.s_addr, ip("10.9.0.2").s_addr);
	assert_string_equal(e->all_said, "interface-gone interface-back link-up ");
	assert_true(box_receives_mac("01005e010203")); /* the MAC filter of the new one */
	assert_int_equal(e->warnings, 1);
}

static void ask(void)
{
	uint8_t packet[1500];
	struct query query = query_defaults();
	query.code = 1; /* a tenth of a second */
	inject(all_hosts_mac, packet, query_build(&query, packet));
}

static void raw_hears_queries_on_the_new_interface(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link del box"));
	make_box_again(e); /* before the loop has turned */
	expect_announcement(e, "TO_EX " A);
	ask();
	wait_for(e, "IS_EX " A);
	assert_string_equal(e->all_said, "interface-gone interface-back link-up ");
}

static void raw_follows_the_name(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link set box down") && run_ip("link set box name away"));
	wait_until_said(e, "interface-gone");
	assert_true(run_ip("link set away up"));
	assert_int_equal(set(e, B, exclude("")), 0); /* not on an interface of another name */
	assert_true(run_ip("link set away down") && run_ip("link set away name box"));
	assert_true(line_up());
	expect_announcement(e, "TO_EX " A "; TO_EX " B);
}

/* RFC 9776 section 5: no IGMP where there is no multicast. */
static void raw_is_silent_where_multicast_ends(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	assert_true(run_ip("link set box multicast off"));
	for (int i = 0; i < 50; i++) {
		uv_run(&e->loop, UV_RUN_NOWAIT);
		assert_string_equal(seen_within(e, 1), "");
	}
	assert_false(igmp_membership_iface(e->m)->speaks);
	assert_int_equal(set(e, B, exclude("")), 0);
	assert_true(run_ip("link set box multicast on"));
	expect_announcement(e, "TO_EX " A "; TO_EX " B);
	assert_string_equal(e->all_said, "multicast-off multicast-on ");
	assert_int_equal(e->warnings, 1); /* that it is off */
}

static void a_port_that_leaves_a_bridge_is_still_there(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	if (!run_ip("link add br9 type bridge"))
		skip_because("no bridge can be made here");
	assert_true(run_ip("link set box master br9") && run_ip("link set box nomaster"));
	assert_true(run_ip("link del br9"));
	/* What comes after it has been seen when all of it has. */
	assert_true(run_ip("link set box mtu 1400"));
	wait_until_said(e, "mtu-changed");
	assert_string_equal(e->all_said, "mtu-changed ");
	assert_true(run_ip("link set box mtu 1500"));
}

static void raw_splits_reports_at_the_mtu_of_the_moment(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_listen requests[GROUPS] = {0};
	struct igmp_counters counters;
	open_on_box(e, IGMP_BACKEND_RAW);
	assert_true(run_ip("link set box mtu 576"));
	wait_until_said(e, "mtu-changed");
	for (unsigned i = 0; i < GROUPS; i++) {
		requests[i].group.s_addr = htonl(0xef010200 + i);
		requests[i].filter.mode = IGMP_EXCLUDE;
	}
	assert_int_equal(igmp_membership_listen(e->m, requests, GROUPS, NULL), 0);
	igmp_membership_counters(e->m, &counters);
	assert_int_equal(counters.reports_sent, 2); /* (576 - 32) / 8 = 68 records in the first */
	assert_int_equal(e->warnings, 0);
	assert_true(run_ip("link set box mtu 1500"));
}

/* The netlink socket's buffer overflows: what was lost in it is asked for. */
static void what_netlink_lost_is_asked_for(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_joined(e);
	char *batch = calloc(1, 65536), *end = batch;
	assert_non_null(batch);
	for (int i = 0; i < 1000; i++)
		end += sprintf(end, "link set net txqueuelen %d\n", 100 + i);
	FILE *ip_batch = popen("ip -batch -", "w");
	assert_non_null(ip_batch);
	assert_true(fputs(batch, ip_batch) >= 0);
	free(batch);
	assert_int_equal(pclose(ip_batch), 0);
	assert_true(run_ip("addr flush dev box") && run_ip("addr add 10.9.5.2/24 dev box"));
	assert_true(run_ip("link set box down"));
	assert_true(line_up());
	expect_announcement(e, "TO_EX " A);
	assert_int_equal(e->seen_from.s_addr, ip("10.9.5.2").s_addr);
	assert_string_equal(e->all_said, "link-down link-up ");
	assert_true(run_ip("addr flush dev box") && run_ip("addr add 10.9.0.2/24 dev box"));
	/* And it goes on to listen. */
	wait_until_said(e, "address-changed");
	expect_announcement(e, "TO_EX " A);
}

/* An 802.1Q frame from "net", with a query in it. */
static void inject_tagged(uint16_t vlan)
{
	const struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_8021Q),
		.sll_ifindex = (int)if_nametoindex("net"),
	};
	uint8_t frame[1600] = {0};
	struct query query = query_defaults();
	query.code = 1;
	memcpy(frame, all_hosts_mac, 6);
	frame[6] = 2;
	frame[12] = 0x81;
	frame[14] = (uint8_t)(0xa0 | vlan >> 8); /* with a priority */
	frame[15] = (uint8_t)vlan;
	frame[16] = 0x08;
	size_t len = 18 + query_build(&query, frame + 18);
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		sendto(fd, frame, len, 0, (const struct sockaddr *)&to, sizeof to), (ssize_t)len);
	close(fd);
}

/* Tags of VLANs that no device has are another network's; VLAN 0 is a priority and no VLAN. */
static void raw_takes_untagged_and_priority_tagged_frames(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_counters counters;
	open_joined(e);
	inject_tagged(100);
	inject_tagged(0);
	wait_for(e, "IS_EX " A);
	ask();
	wait_for(e, "IS_EX " A);
	igmp_membership_counters(e->m, &counters);
	assert_int_equal(counters.queries_received, 2);
}

static void ask_in_a_unicast_frame(const char *iface)
{
	uint8_t packet[1500];
	struct query query = query_defaults();
	struct ifreq request = {0};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	strcpy(request.ifr_name, iface);
	assert_int_equal(ioctl(fd, SIOCGIFHWADDR, &request), 0);
	close(fd);
	inject((const uint8_t *)request.ifr_hwaddr.sa_data, packet, query_build(&query, packet));
}

static void on_upper_closed(void *ctx)
{
	*(bool *)ctx = true;
}

static uint64_t queries_of(const struct igmp_membership *m)
{
	struct igmp_counters counters;
	igmp_membership_counters(m, &counters);
	return counters.queries_received;
}

/* A query to the device on top of box, in this VLAN or to its address, is that device's alone. */
static void expect_frames_apart(struct edge *e, const char *upper_name, uint16_t vlan)
{
	bool closed = false;
	uint64_t until = uv_hrtime() + 5 * SECOND;
	open_joined(e);
	struct igmp_membership *lower = e->m;
	assert_int_equal(try_open(e, upper_name, IGMP_BACKEND_RAW), 0);
	struct igmp_membership *upper = e->m;
	e->m = lower;
	if (vlan)
		inject_tagged(vlan);
	else
		ask_in_a_unicast_frame(upper_name);
	while (queries_of(upper) == 0 && uv_hrtime() < until)
		uv_run(&e->loop, UV_RUN_NOWAIT);
	uint64_t of_upper = queries_of(upper), of_lower = queries_of(lower);
	/* Before anything can fail: the test's end waits for all that is on the loop. */
	igmp_membership_close(upper, on_upper_closed, &closed);
	while (!closed)
		uv_run(&e->loop, UV_RUN_ONCE);
	assert_int_equal(of_upper, 1);
	assert_int_equal(of_lower, 0);
	if (vlan) {
		ask();
		wait_for(e, "IS_EX " A);
	}
}

static void raw_leaves_a_vlans_frames_to_its_device(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!run_ip("link add link box name box.100 type vlan id 100"))
		skip_because("this kernel has no VLAN devices");
	assert_true(run_ip("link set box.100 up"));
	expect_frames_apart(e, "box.100", 100);
	assert_true(run_ip("link del box.100"));
}

/* The kernel takes what is sent to the address of such a device to it as it does a VLAN's. */
static void raw_leaves_frames_to_the_device_on_top(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!run_ip("link add link box name top type macvlan mode passthru"))
		skip_because("this kernel has no macvlan");
	assert_true(run_ip("link set top up"));
	expect_frames_apart(e, "top", 0);
	assert_true(run_ip("link del top"));
}

/* On the bridge, not on its port: there the frames arrive. */
static void raw_works_on_a_bridge(void **state)
{
	struct edge *e = edge_or_skip(state);
	if (!run_ip("link add br9 type bridge mcast_snooping 0"))
		skip_because("no bridge can be made here");
	assert_true(run_ip("link set box master br9") && run_ip("link set br9 up"));
	assert_int_equal(try_open(e, "br9", IGMP_BACKEND_RAW), 0);
	wait_until_said(e, "link-up"); /* its carrier is its port's, a moment after */
	set(e, A, exclude(""));
	wait_for(e, "TO_EX " A);
	ask();
	wait_for(e, "IS_EX " A);
	close_membership(e);
	e->closed = false;
	assert_true(run_ip("link del br9"));
}

/* A query whose sender left the checksum to a card: the kernel says so. */
static void inject_unfinished(bool says_so)
{
	struct {
		struct virtio_net_hdr header;
		uint8_t frame[1514];
	} __attribute__((packed)) message = {0};
	const int on = 1;
	const struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex("net"),
	};
	struct query query = query_defaults();
	query.code = 1;
	memcpy(message.frame, all_hosts_mac, 6);
	message.frame[6] = 2;
	message.frame[12] = 0x08;
	size_t len =
		sizeof message.header + ETH_HLEN + query_build(&query, message.frame + ETH_HLEN);
	memset(message.frame + ETH_HLEN + 26, 0, 2);
	if (says_so)
		message.header = (struct virtio_net_hdr){.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM,
			.csum_start = ETH_HLEN + 24,
			.csum_offset = 2};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_VNET_HDR, &on, sizeof on), 0);
	assert_int_equal(sendto(fd, &message, len, 0, (const struct sockaddr *)&to, sizeof to),
		(ssize_t)len);
	close(fd);
}

/* RFC 9776 section 4.1.2: verified, unless the kernel says that it is not there yet. */
static void raw_verifies_the_checksums_that_are_there(void **state)
{
	struct edge *e = edge_or_skip(state);
	struct igmp_counters counters;
	open_joined(e);
	inject_unfinished(false);
	inject_unfinished(true);
	wait_for(e, "IS_EX " A);
	igmp_membership_counters(e->m, &counters);
	assert_int_equal(counters.queries_received, 1);
	assert_int_equal(counters.dropped_checksum, 1);
}

/* The same for the other back end, whose sockets outlive the interface. */
static void kernel_receives_again_when_the_interface_is_back(void **state)
{
	struct edge *e = edge_or_skip(state);
	open_on_box(e, IGMP_BACKEND_KERNEL);
	set(e, A, exclude(""));
	assert_true(run_ip("link del box"));
	wait_until_said(e, "interface-gone");
	make_box_again(e);
	wait_for(e, "TO_EX " A);
	wait_until_said(e, "link-up");
	inject_data(A, "10.9.0.7", PORT);
	assert_string_equal(data_on(igmp_membership_data_fd(e->m, ip(A), PORT)), "10.9.0.7");
	assert_string_equal(e->all_said, "interface-gone interface-back link-up ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST_EDGE(raw_says_everything_anew_when_the_line_is_back),
		TEST_EDGE(raw_waits_for_a_line_that_was_down_at_the_start),
		TEST_EDGE(raw_says_it_anew_after_a_flap),
		TEST_EDGE(raw_follows_the_carrier),
		TEST_EDGE(raw_reports_from_the_address_of_the_moment),
		TEST_EDGE(raw_waits_for_an_interface_that_is_gone),
		TEST_EDGE(raw_hears_queries_on_the_new_interface),
		TEST_EDGE(raw_follows_the_name),
		TEST_EDGE(raw_is_silent_where_multicast_ends),
		TEST_EDGE(a_port_that_leaves_a_bridge_is_still_there),
		TEST_EDGE(raw_splits_reports_at_the_mtu_of_the_moment),
		TEST_EDGE(what_netlink_lost_is_asked_for),
		TEST_EDGE(raw_takes_untagged_and_priority_tagged_frames),
		TEST_EDGE(raw_leaves_a_vlans_frames_to_its_device),
		TEST_EDGE(raw_leaves_frames_to_the_device_on_top),
		TEST_EDGE(raw_verifies_the_checksums_that_are_there),
		TEST_EDGE(raw_works_on_a_bridge),
		TEST_EDGE(kernel_receives_again_when_the_interface_is_back),
	};
	return cmocka_run_group_tests_name(
		"igmp_iface", tests, edge_group_setup, edge_group_teardown);
}
