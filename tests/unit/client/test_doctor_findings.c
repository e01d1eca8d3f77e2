/* doctor/findings, from a healthy box, of the interface, of the back end and of the kernel. */
#include <arpa/inet.h>

#include "tests/unit/client/findings.h"

static void a_healthy_box_has_nothing_to_complain_of(void **state)
{
	struct doctor_facts *facts = *state;
	expect(facts, DOCTOR_OK, "eth0 is up, with the address 10.0.2.100", NULL);
	expect(facts, DOCTOR_OK, "2 channels in /l.db: 1 any-source, 1 source-specific", NULL);
	expect(facts, DOCTOR_OK, "nobody listened for queries", "--wait 130");
	expect(facts, DOCTOR_OK, "no other program of this box holds a channel", NULL);
	expect(facts, DOCTOR_OK, "pictures go to xvimagesink", NULL);
	facts->iface.vlan = 100;
	g_strlcpy(facts->iface.parent, "lan", IF_NAMESIZE);
	expect(facts, DOCTOR_OK, "it is VLAN 100 of lan", NULL);
}

static void an_interface_that_cannot_receive_stops_zapping(void **state)
{
	struct doctor_facts *facts = *state;
	const struct doctor_iface good = facts->iface;
	facts->iface.multicast = false;
	expect(facts, DOCTOR_ERROR, "eth0 does not take part in multicast", "multicast on");
	facts->iface = good;
	facts->iface.carrier = false;
	expect(facts, DOCTOR_ERROR, "eth0 has no carrier", "cable");
	facts->iface.up = false;
	expect(facts, DOCTOR_ERROR, "eth0 is down", "ip link set eth0 up");
	facts->iface.exists = false;
	expect(facts, DOCTOR_ERROR, "there is no interface called eth0", "ip -brief link");
	expect_silence(facts, "raw: at once");
	facts->iface.name[0] = '\0';
	expect(facts, DOCTOR_ERROR, "no network interface is up", "--iface");
}

static void without_an_address_only_raw_goes_on(void **state)
{
	struct doctor_facts *facts = *state;
	facts->iface.address.s_addr = 0;
	expect(facts, DOCTOR_WARNING, "source 0.0.0.0", "dhclient eth0");
	facts->backend.raw = false;
	expect(facts, DOCTOR_ERROR, "eth0 has no IPv4 address", NULL);
}

static void merged_packets_are_lost_to_raw_alone(void **state)
{
	struct doctor_facts *facts = *state;
	struct doctor_merging *merging = &facts->iface.merging;
	g_strlcpy(merging->name, "lan", IF_NAMESIZE);
	merging->gro = true;
	expect_silence(facts, "merges UDP packets");
	merging->udp_forwarding = true;
	expect(facts, DOCTOR_WARNING,
		"lan merges UDP packets on their way in (rx-udp-gro-forwarding):",
		"ethtool -K lan rx-udp-gro-forwarding off rx-gro-list off");
	merging->list = true;
	expect(facts, DOCTOR_WARNING, "(rx-udp-gro-forwarding, rx-gro-list)", NULL);
	merging->udp_forwarding = false;
	expect(facts, DOCTOR_WARNING, "(rx-gro-list)", NULL);
	merging->gro = false;
	expect_silence(facts, "merges UDP packets");
	merging->gro = true;
	facts->backend.raw = false;
	expect_silence(facts, "merges UDP packets");
}

static void loopback_is_no_network(void **state)
{
	struct doctor_facts *facts = *state;
	facts->iface.loopback = true;
	facts->iface.multicast = facts->backend.raw = false;
	expect(facts, DOCTOR_WARNING, "eth0 is the loopback", "--iface");
}

static void the_back_end_that_runs_is_named_and_the_better_one(void **state)
{
	struct doctor_facts *facts = *state;
	struct doctor_backend *backend = &facts->backend;
	expect(facts, DOCTOR_OK, "raw: at once", NULL);
	g_free(backend->why);
	backend->why = g_strdup("kernel: later");
	backend->raw = backend->raw_opens = false;
	expect(facts, DOCTOR_WARNING, "kernel: later", "setcap cap_net_raw+ep");
	backend->wanted = "kernel";
	backend->raw_opens = true;
	expect(facts, DOCTOR_WARNING, "kernel: later", "--membership auto");
	backend->wanted = "raw";
	backend->opened = false;
	expect(facts, DOCTOR_ERROR, "(net.membership=raw): kernel: later", "--membership auto");
}

static void a_channel_that_another_program_holds_is_named(void **state)
{
	struct doctor_facts *facts = *state;
	hold(facts, "224.0.0.251");
	expect(facts, DOCTOR_OK, "others hold 224.0.0.251", NULL);
	hold(facts, "232.1.1.2");
	const struct proc_filter filter = {
		{inet_addr("232.1.1.2")}, {inet_addr("10.0.1.10")}, 1, 0};
	g_array_append_val(facts->kernel.filters, filter);
	expect(facts, DOCTOR_WARNING,
		"holds 232.1.1.2 from 10.0.1.10, channel 2 (Name 2): when zapper leaves it",
		"--membership kernel");
	facts->backend.raw = false;
	facts->backend.raw_opens = true;
	facts->iface.loopback = true; /* where the kernel back end is as it should be */
	expect(facts, DOCTOR_WARNING, "eth0 is the loopback", NULL);
	expect_silence(facts, "when zapper leaves it"); /* the kernel keeps it for both */
}

static void what_the_player_holds_itself_is_nobody_elses(void **state)
{
	struct doctor_facts *facts = *state;
	const struct in_addr group = {inet_addr("239.1.1.1")};
	hold(facts, "239.1.1.1");
	run_kernel_player(facts);
	g_array_append_val(facts->player.groups, group);
	expect_silence(facts, "another program");
	facts->player.iface[3] = '1';
	expect(facts, DOCTOR_WARNING, "another program of this box holds 239.1.1.1", NULL);
}

static void an_older_version_stops_source_specific_channels(void **state)
{
	struct doctor_facts *facts = *state;
	facts->kernel.igmp.version = 2;
	expect(facts, DOCTOR_ERROR,
		"a querier on eth0 in IGMP version 2, which knows no sources: 1 channel of "
		"source-specific multicast cannot be played",
		"igmp.v2_ssm=yes");
	facts->rules.v2_ssm = true;
	expect(facts, DOCTOR_WARNING, "asked for from any source", "version 3");
	facts->rules.v2_ssm = false;
	facts->rules.fallback = false;
	expect(facts, DOCTOR_OK, "answered in version 3", NULL);
	facts->rules.fallback = true;
	g_array_set_size(facts->lineup.sources, 1); /* none of 232/8 is left */
	expect(facts, DOCTOR_WARNING, "takes two packets", "version 3");
	/* Who asks is known better: the kernel's word is not repeated. */
	facts->heard.wait_s = 5;
	facts->heard.v2 = 1;
	facts->heard.last.version = 2;
	expect_silence(facts, "the kernel has lately heard a querier");
}

static void a_forced_version_matters_to_the_kernel_alone(void **state)
{
	struct doctor_facts *facts = *state;
	facts->kernel.force_igmp_version = 2;
	expect_silence(facts, "force_igmp_version");
	facts->backend.raw = false;
	expect(facts, DOCTOR_WARNING, "force_igmp_version", NULL);
}

static void the_kernels_limits_matter_to_its_back_end_alone(void **state)
{
	struct doctor_facts *facts = *state;
	facts->kernel.max_memberships = facts->kernel.max_sources = 0;
	facts->kernel.rp_filter = 1;
	expect_silence(facts, "igmp_max");
	expect_silence(facts, "rp_filter");
	facts->backend.raw = false;
	expect(facts, DOCTOR_ERROR, "igmp_max_memberships is 0", "sysctl");
	expect(facts, DOCTOR_ERROR, "igmp_max_msf is 0", "sysctl");
	facts->kernel.max_memberships = facts->kernel.max_sources = -1;
	expect(facts, DOCTOR_WARNING, "rp_filter is strict", "net.ipv4.conf.eth0.rp_filter=2");
}

static void a_small_receive_buffer_loses_packets(void **state)
{
	struct doctor_facts *facts = *state;
	facts->kernel.receive_buffer_bytes = 212992;
	facts->kernel.rmem_max = 212992;
	expect(facts, DOCTOR_WARNING,
		"cut to 208 KiB (net.core.rmem_max is 212992), less than 213 ms", "rmem_max");
	facts->kernel.receive_buffer_bytes = -1;
	expect_silence(facts, "receive buffer");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		HEALTHY_TEST(a_healthy_box_has_nothing_to_complain_of),
		HEALTHY_TEST(an_interface_that_cannot_receive_stops_zapping),
		HEALTHY_TEST(without_an_address_only_raw_goes_on),
		HEALTHY_TEST(merged_packets_are_lost_to_raw_alone),
		HEALTHY_TEST(loopback_is_no_network),
		HEALTHY_TEST(the_back_end_that_runs_is_named_and_the_better_one),
		HEALTHY_TEST(a_channel_that_another_program_holds_is_named),
		HEALTHY_TEST(what_the_player_holds_itself_is_nobody_elses),
		HEALTHY_TEST(an_older_version_stops_source_specific_channels),
		HEALTHY_TEST(a_forced_version_matters_to_the_kernel_alone),
		HEALTHY_TEST(the_kernels_limits_matter_to_its_back_end_alone),
		HEALTHY_TEST(a_small_receive_buffer_loses_packets),
	};
	return cmocka_run_group_tests_name("client_doctor_findings", tests, NULL, NULL);
}
