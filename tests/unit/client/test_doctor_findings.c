/* doctor/findings: from a healthy box, one fact at a time changed: what is said, and how bad it is.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "client/doctor/findings.h"
#include "tests/support/test.h"

static void add_channel(
	struct doctor_facts *facts, const char *number, const char *group, const char *source)
{
	struct doctor_source channel = {.name = g_strdup_printf("Name %s", number),
		.group.s_addr = inet_addr(group),
		.source.s_addr = source ? inet_addr(source) : 0};
	g_strlcpy(channel.number, number, sizeof channel.number);
	g_array_append_val(facts->lineup.sources, channel);
	facts->lineup.channels++;
}

static const struct doctor_format formats[] = {
	{"H.264", false, true, "gstreamer1.0-libav", true, true},
	{"AAC", true, true, "gstreamer1.0-libav", true, true},
};

static int setup(void **state)
{
	struct doctor_facts *facts = g_new(struct doctor_facts, 1);
	doctor_facts_init(facts);
	g_free(facts->iface.name);
	facts->iface = (struct doctor_iface){.name = g_strdup("eth0"),
		.exists = true,
		.up = true,
		.carrier = true,
		.multicast = true,
		.address.s_addr = inet_addr("10.0.2.100"),
		.index = 2};
	facts->backend = (struct doctor_backend){.wanted = "auto",
		.opened = true,
		.raw = true,
		.why = g_strdup("raw: at once"),
		.raw_opens = true};
	facts->kernel.igmp.version = 3;
	facts->kernel.max_memberships = 20;
	facts->kernel.max_sources = 10;
	facts->kernel.rp_filter = 2;
	facts->kernel.receive_buffer_bytes = 8 << 20;
	facts->lineup.path = g_strdup("/l.db");
	add_channel(facts, "1", "239.1.1.1", NULL);
	add_channel(facts, "2", "232.1.1.2", "10.0.1.10");
	facts->media.formats = formats;
	facts->media.format_count = G_N_ELEMENTS(formats);
	facts->media.video_sink = g_strdup("xvimagesink");
	facts->media.audio_sink = g_strdup("alsasink");
	facts->media.display = "x11";
	*state = facts;
	return 0;
}

static int teardown(void **state)
{
	doctor_facts_clear(*state);
	g_free(*state);
	return 0;
}

static const struct doctor_finding *find(GPtrArray *findings, const char *part)
{
	for (guint i = 0; i < findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(findings, i);
		if (strstr(finding->sentence, part))
			return finding;
	}
	return NULL;
}

static void print_all(GPtrArray *findings)
{
	for (guint i = 0; i < findings->len; i++) {
		const struct doctor_finding *finding = g_ptr_array_index(findings, i);
		print_message("%s %s\n", doctor_level_name(finding->level), finding->sentence);
	}
}

/* Something with `part` is said, at that level, and nothing worse; a remedy with `remedy`. */
static void expect(const struct doctor_facts *facts, enum doctor_level level, const char *part,
	const char *remedy)
{
	GPtrArray *findings = doctor_findings(facts);
	const struct doctor_finding *finding = find(findings, part);
	if (!finding || finding->level != level || doctor_worst(findings) != level) {
		print_all(findings);
		fail_msg("not said at level %s, or not the worst: %s", doctor_level_name(level),
			part);
	}
	if (remedy && (!finding->remedy || !strstr(finding->remedy, remedy)))
		fail_msg("the remedy is \"%s\", without \"%s\"", finding->remedy, remedy);
	g_ptr_array_unref(findings);
}

static void expect_silence(const struct doctor_facts *facts, const char *part)
{
	GPtrArray *findings = doctor_findings(facts);
	const struct doctor_finding *finding = find(findings, part);
	if (finding)
		fail_msg("said: %s", finding->sentence);
	g_ptr_array_unref(findings);
}

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

static void hold(struct doctor_facts *facts, const char *group)
{
	const struct proc_group held = {{inet_addr(group)}, 1};
	g_array_append_val(facts->kernel.igmp.groups, held);
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
	facts->player.runs = true;
	facts->player.backend = g_strdup("kernel");
	facts->player.iface = g_strdup("eth0");
	facts->player.state = g_strdup("playing");
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
	facts->v2_ssm = true;
	expect(facts, DOCTOR_WARNING, "asked for from any source", "version 3");
	facts->v2_ssm = false;
	facts->fallback = false;
	expect(facts, DOCTOR_OK, "answered in version 3", NULL);
	facts->fallback = true;
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

static void settings_that_are_ignored_are_named(void **state)
{
	struct doctor_facts *facts = *state;
	expect(facts, DOCTOR_OK, "no settings file", NULL);
	facts->settings_path = g_strdup("/etc/zapper.conf");
	expect(facts, DOCTOR_OK, "/etc/zapper.conf is read", NULL);
	g_ptr_array_add(facts->settings_bad, g_strdup("/etc/zapper.conf: warning: no such"));
	expect(facts, DOCTOR_WARNING, "warning: no such", "zapper.conf(5)");
}

static void a_lineup_that_cannot_be_had_stops_zapping(void **state)
{
	struct doctor_facts *facts = *state;
	facts->lineup.channels = 0;
	g_array_set_size(facts->lineup.sources, 0);
	expect(facts, DOCTOR_ERROR, "the line-up in /l.db is empty", "zapper import");
	facts->lineup.why = g_strdup("/l.db is no line-up");
	facts->lineup.error = -EILSEQ;
	expect(facts, DOCTOR_ERROR, "/l.db is no line-up", "new file");
	facts->lineup.error = -EACCES;
	expect(facts, DOCTOR_ERROR, "/l.db is no line-up", "readable");
}

static void channels_that_cannot_be_played_are_named(void **state)
{
	struct doctor_facts *facts = *state;
	add_channel(facts, "3", "232.1.1.3", NULL);
	expect(facts, DOCTOR_WARNING, "channel 3 (Name 3) cannot be joined", "rtp://SOURCE@");
	add_channel(facts, "4", "232.1.1.4", NULL);
	add_channel(facts, "5", "232.1.1.5", NULL);
	add_channel(facts, "6.1", "232.1.1.6", NULL);
	add_channel(facts, "7", "224.0.0.99", NULL);
	expect(facts, DOCTOR_WARNING,
		"channels 3 (Name 3), 4 (Name 4), 5 (Name 5) and 1 more cannot be joined", NULL);
	add_channel(facts, "8", "224.0.1.99", NULL); /* not on its link alone */
	expect(facts, DOCTOR_WARNING, "channel 7 (Name 7): no router forwards", NULL);
}

static void an_address_that_is_not_played_makes_no_trouble(void **state)
{
	struct doctor_facts *facts = *state;
	add_channel(facts, "1", "232.1.1.3", NULL);
	facts->lineup.channels--;
	g_array_index(facts->lineup.sources, struct doctor_source, 2).alternate = true;
	expect(facts, DOCTOR_OK, "2 channels in /l.db: 1 any-source, 1 source-specific", NULL);
	/* But it may be held by others. */
	hold(facts, "232.1.1.3");
	expect(facts, DOCTOR_WARNING, "holds 232.1.1.3, channel 1", NULL);
}

static void what_gstreamer_lacks_is_named_with_its_package(void **state)
{
	struct doctor_facts *facts = *state;
	struct doctor_format some[] = {
		formats[0], formats[1], {"H.265", false, false, "package-of-h265", true, false}};
	facts->media.formats = some;
	facts->media.format_count = G_N_ELEMENTS(some);
	expect(facts, DOCTOR_WARNING, "no decoder for H.265 that opens here",
		"apt install package-of-h265");
	some[1].parser = false;
	expect(facts, DOCTOR_WARNING, "no parser for AAC", "apt install");
	some[0].decoder = some[0].parser = false;
	expect(facts, DOCTOR_ERROR, "no parser and no decoder for H.264", "apt install");
}

static void sinks_that_do_not_open_are_said(void **state)
{
	struct doctor_facts *facts = *state;
	struct doctor_media *media = &facts->media;
	g_free(media->audio_sink);
	media->audio_sink = g_strdup("fakesink");
	expect(facts, DOCTOR_WARNING, "nothing will be heard", "alsa");
	g_free(media->video_sink);
	media->video_sink = g_strdup("fakesink");
	media->display = NULL;
	media->display_why = g_strdup("DISPLAY is not set");
	expect(facts, DOCTOR_WARNING, "nothing will be seen: DISPLAY is not set", NULL);
	media->video_off = media->audio_off = true;
	expect(facts, DOCTOR_OK, "no pictures are wanted", NULL);
	expect(facts, DOCTOR_OK, "no sound is wanted", NULL);
	media->video_off = false;
	g_clear_pointer(&media->video_sink, g_free);
	media->video_why = g_strdup("no kms video sink opens here");
	expect(facts, DOCTOR_ERROR, "no kms video sink opens here", "--video-sink");
}

static void run_player(struct doctor_facts *facts)
{
	facts->player.runs = true;
	facts->player.backend = g_strdup("raw");
	facts->player.iface = g_strdup("eth0");
	facts->player.state = g_strdup("playing");
	facts->player.host_version = 3;
}

static void a_players_querier_is_judged(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	expect(facts, DOCTOR_OK, "a player runs on eth0 through raw, its state is playing", NULL);
	expect(facts, DOCTOR_OK, "no router has asked it", NULL);
	expect_silence(facts, "nobody listened");
	facts->player.querier = (struct doctor_querier){.address.s_addr = inet_addr("10.0.2.1"),
		.version = 3,
		.robustness = 2,
		.interval_s = 125,
		.age_s = 12};
	expect(facts, DOCTOR_OK, "10.0.2.1 asks in IGMP version 3, every 125 s", NULL);
	facts->player.without_router_alert = 3;
	expect(facts, DOCTOR_WARNING, "3 queries came without Router Alert", NULL);
	facts->player.querier.version = 2;
	expect(facts, DOCTOR_ERROR, "10.0.2.1 asks in IGMP version 2", NULL);
	facts->player.v2_ssm = true;
	expect(facts, DOCTOR_WARNING, "10.0.2.1 asks in IGMP version 2", NULL);
	facts->player.iface[3] = '7';
	expect(facts, DOCTOR_WARNING, "a player runs on eth7", "--iface eth7");
}

static void add_notice(struct doctor_facts *facts, const char *type, const char *sentence)
{
	const struct doctor_notice notice = {g_strdup(type), g_strdup(sentence), 61.4};
	g_array_append_val(facts->player.notices, notice);
}

static void what_a_player_noticed_is_said_once(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	add_notice(facts, "querier-back", "it asks again");
	add_notice(facts, "version-changed", "speaking 3");
	add_notice(facts, "link-up", "the line is up");
	expect(facts, DOCTOR_OK, "it noticed 61 s ago: it asks again", NULL);
	add_notice(facts, "no-querier", "no router asks");
	add_notice(facts, "no-querier", "no router asks");
	expect(facts, DOCTOR_WARNING, "it noticed 61 s ago: no router asks", NULL);
	GPtrArray *findings = doctor_findings(facts);
	unsigned count = 0;
	for (guint i = 0; i < findings->len; i++)
		count += strstr(((struct doctor_finding *)g_ptr_array_index(findings, i))->sentence,
				 "no router asks") != NULL;
	assert_int_equal(count, 1);
	g_ptr_array_unref(findings);
	facts->player.host_version = 2;
	expect(facts, DOCTOR_WARNING, "speaking 3", NULL);
}

static void what_a_player_dropped_is_counted(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	struct doctor_counter counter = {g_strdup("ttl"), 4};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "dropped packets, by cause: 4 ttl", "zapper ctl igmp");
	counter = (struct doctor_counter){g_strdup("kernel"), 9};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "4 ttl, 9 kernel", "rmem_max");
	expect(facts, DOCTOR_WARNING, "4 ttl, 9 kernel", "its receive buffer full");
	counter = (struct doctor_counter){g_strdup("merged"), 2};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "9 kernel, 2 merged",
		"several in one: ethtool -K eth0 rx-udp-gro-forwarding off rx-gro-list off");
	g_strlcpy(facts->iface.merging.name, "lan", IF_NAMESIZE);
	expect(facts, DOCTOR_WARNING, "2 merged", "ethtool -K lan ");
	facts->player.reason = g_strdup("its video is not H.264");
	expect(facts, DOCTOR_WARNING, "it says: its video is not H.264", NULL);
}

static void a_flood_that_a_player_could_not_take_is_told(void **state)
{
	struct doctor_facts *facts = *state;
	run_player(facts);
	struct doctor_counter counter = {g_strdup("socket"), 7};
	g_array_append_val(facts->player.drops, counter);
	expect(facts, DOCTOR_WARNING, "by cause: 7 socket", "tcpdump -vni eth0 igmp");
}

static void who_does_not_answer_as_a_player_is_said(void **state)
{
	struct doctor_facts *facts = *state;
	facts->player.path = g_strdup("/run/zapper.sock");
	expect_silence(facts, "/run/zapper.sock");
	facts->player.error = -ETIMEDOUT;
	expect(facts, DOCTOR_WARNING, "/run/zapper.sock does not answer", "--control");
}

static void hear(struct doctor_facts *facts, const char *address)
{
	facts->heard.last = (struct doctor_querier){.address.s_addr = inet_addr(address),
		.version = 3,
		.robustness = 2,
		.interval_s = 125};
	facts->heard.v3++;
}

static void hear_notice(struct doctor_facts *facts, const char *type, const char *sentence)
{
	const struct doctor_notice notice = {g_strdup(type), g_strdup(sentence), 0};
	g_array_append_val(facts->heard.notices, notice);
}

static void what_was_heard_is_judged(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	expect(facts, DOCTOR_OK, "no router asked for memberships within 5 s", "--wait 130");
	facts->heard.wait_s = 130;
	expect(facts, DOCTOR_WARNING, "no router asked for memberships within 130 s", "querier");
	hear(facts, "10.0.2.1");
	expect(facts, DOCTOR_OK, "10.0.2.1 asks in IGMP version 3, every 125 s, with robustness 2",
		NULL);
	hear_notice(facts, "querier-changed", "10.0.2.7 asks now");
	hear_notice(facts, "version-changed", "speaking 2");
	expect(facts, DOCTOR_WARNING, "10.0.2.7 asks now", "the lowest address");
	expect_silence(facts, "speaking 2");
	hear_notice(facts, "several-queriers", "both ask by turns");
	expect(facts, DOCTOR_WARNING, "both ask by turns", "the lowest address");
	expect_silence(facts, "10.0.2.7 asks now");
	facts->heard.dropped = 2;
	expect(facts, DOCTOR_WARNING, "2 IGMP packets were malformed", "tcpdump");
	facts->heard.v2 = 1;
	expect(facts, DOCTOR_ERROR, "somebody else asks in IGMP version 2", NULL);
	facts->heard.last.version = 1;
	facts->heard.last.address.s_addr = 0;
	expect(facts, DOCTOR_ERROR, "a switch (0.0.0.0) asks in IGMP version 1", NULL);
}

static void queries_without_router_alert_matter_where_it_is_required(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	facts->heard.without_router_alert = 1;
	expect(facts, DOCTOR_WARNING, "1 query came without Router Alert", NULL);
	facts->require_router_alert = true;
	expect(facts, DOCTOR_ERROR, "1 query came without Router Alert",
		"igmp.require_router_alert=no");
}

static void who_may_not_listen_is_told(void **state)
{
	struct doctor_facts *facts = *state;
	facts->heard.wait_s = 5;
	facts->heard.why_not = g_strdup("CAP_NET_RAW");
	expect(facts, DOCTOR_WARNING, "listening for queries is not possible: CAP_NET_RAW", NULL);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_healthy_box_has_nothing_to_complain_of),
		TEST(an_interface_that_cannot_receive_stops_zapping),
		TEST(without_an_address_only_raw_goes_on),
		TEST(merged_packets_are_lost_to_raw_alone),
		TEST(loopback_is_no_network),
		TEST(the_back_end_that_runs_is_named_and_the_better_one),
		TEST(a_channel_that_another_program_holds_is_named),
		TEST(what_the_player_holds_itself_is_nobody_elses),
		TEST(an_older_version_stops_source_specific_channels),
		TEST(a_forced_version_matters_to_the_kernel_alone),
		TEST(the_kernels_limits_matter_to_its_back_end_alone),
		TEST(a_small_receive_buffer_loses_packets),
		TEST(settings_that_are_ignored_are_named),
		TEST(a_lineup_that_cannot_be_had_stops_zapping),
		TEST(channels_that_cannot_be_played_are_named),
		TEST(an_address_that_is_not_played_makes_no_trouble),
		TEST(what_gstreamer_lacks_is_named_with_its_package),
		TEST(sinks_that_do_not_open_are_said),
		TEST(a_players_querier_is_judged),
		TEST(what_a_player_noticed_is_said_once),
		TEST(what_a_player_dropped_is_counted),
		TEST(a_flood_that_a_player_could_not_take_is_told),
		TEST(who_does_not_answer_as_a_player_is_said),
		TEST(what_was_heard_is_judged),
		TEST(queries_without_router_alert_matter_where_it_is_required),
		TEST(who_may_not_listen_is_told),
	};
	return cmocka_run_group_tests_name("client_doctor_findings", tests, NULL, NULL);
}
