/* zapper doctor in the lab: a healthy box, and boxes that each lack one thing. */
#include <string.h>

#include <glib.h>

#include "tests/system/support/doctor.h"

/* A box where nothing is wrong, but perhaps its receive buffers and its decoders. */
static void a_healthy_box_may_zap_and_hears_nothing_of_the_doctor(void **state)
{
	take_stage(stage, state);
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 0);
	said_expect(&said, "ok", "eth0 is up, with the address 10.0.2.100");
	said_expect(&said, "ok", "raw: reports leave eth0 at once");
	said_expect(&said, "ok", "no other program of this box holds a channel");
	said_expect(&said, "ok", "8 channels in ");
	said_expect(&said, "ok", "nobody listened for queries");
	said_clear(&said);
	/* Nothing of the line has changed: it asks for nothing, and leaves nothing. */
	size_t index = 0;
	struct captured report;
	assert_false(capture_await(
		stage->capture, &index, capture_now_ns(), capture_is_igmp_of_box, NULL, &report));
}

static void channels_that_another_program_holds_are_named(void **state)
{
	take_stage(stage, state);
	pid_t holder = doctor_hold_groups(stage);
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	doctor_release_groups(holder);
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", "holds 239.1.1.3, channel 3 (Ostsee 24, Hafen und Meer)");
	said_expect(&said, "warning", "holds 232.1.1.4 from 10.0.1.10, channel 4 (Sport Arena)");
	said_clear(&said);
}

/* A veth pair merges nothing unless it is told to. */
static void set_merging(
	struct stage *stage, const char *gro, const char *forwarding, const char *list)
{
	lab_do(&stage->lab, "box", "ethtool", "-K", "eth0", "gro", gro, "rx-udp-gro-forwarding",
		forwarding, "rx-gro-list", list);
}

static void expect_merging(struct stage *stage, const char *features)
{
	g_autofree char *sentence =
		g_strdup_printf("eth0 merges UDP packets on their way in (%s)", features);
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	set_merging(stage, "off", "off", "off");
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", sentence);
	said_clear(&said);
}

static void what_merges_packets_is_named(void **state)
{
	take_stage(stage, state);
	set_merging(stage, "on", "on", "off");
	expect_merging(stage, "rx-udp-gro-forwarding");
	set_merging(stage, "on", "off", "on");
	expect_merging(stage, "rx-gro-list");
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	assert_null(said_level(&said, "merges UDP packets"));
	said_clear(&said);
}

static void expect_unusable(struct stage *stage, const char *sentence)
{
	struct said said =
		doctor_run(stage, NULL, (const char *const[]){"--iface", "idle0", NULL}, NULL);
	assert_int_equal(said.code, 1);
	said_expect(&said, "error", sentence);
	said_clear(&said);
}

static void an_interface_that_cannot_receive_is_an_error(void **state)
{
	take_stage(stage, state);
	lab_do(&stage->lab, "box", "ip", "link", "add", "idle0", "type", "veth", "peer", "name",
		"idle1");
	expect_unusable(stage, "idle0 is down");
	lab_do(&stage->lab, "box", "ip", "link", "set", "idle0", "up");
	expect_unusable(stage, "idle0 has no carrier");
	lab_do(&stage->lab, "box", "ip", "link", "set", "idle1", "up");
	struct said said =
		doctor_run(stage, NULL, (const char *const[]){"--iface", "idle0", NULL}, NULL);
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", "idle0 has no IPv4 address");
	said_clear(&said);
	lab_do(&stage->lab, "box", "ip", "link", "del", "idle0");
	expect_unusable(stage, "there is no interface called idle0");
}

static void without_cap_net_raw_the_kernel_is_said_to_be_slower(void **state)
{
	take_stage(stage, state);
	struct said said = doctor_run(
		stage, doctor_no_net_raw, (const char *const[]){"--wait", "1", NULL}, NULL);
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", "kernel: CAP_NET_RAW is missing");
	said_expect(&said, "warning", "listening for queries is not possible");
	said_clear(&said);
	said = doctor_run(stage, doctor_no_net_raw,
		(const char *const[]){"-o", "net.membership=raw", NULL}, NULL);
	assert_int_equal(said.code, 1);
	said_expect(&said, "error", "no membership can be had on eth0 (net.membership=raw)");
	said_clear(&said);
}

static void ask_in_version_2(struct stage *stage)
{
	doctor_ask(stage, "10.0.2.66", 2);
}

static void ask_by_turns(struct stage *stage)
{
	doctor_ask(stage, "10.0.2.66", 3);
	doctor_ask(stage, "10.0.2.67", 3);
}

static const char *const wait_1_s[] = {"--wait", "1", NULL};

static void a_querier_of_version_2_stops_source_specific_channels(void **state)
{
	take_stage(stage, state);
	struct said said = doctor_run(stage, NULL, wait_1_s, ask_in_version_2);
	assert_int_equal(said.code, 1);
	said_expect(&said, "error",
		"10.0.2.66 asks in IGMP version 2, which knows no sources: 4 channels");
	said_clear(&said);
	said = doctor_run(stage, NULL,
		(const char *const[]){
			"--wait", "1", "-o", "igmp.v2_ssm=no", "-o", "igmp:eth0.v2_ssm=yes", NULL},
		ask_in_version_2);
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", "10.0.2.66 asks in IGMP version 2");
	said_clear(&said);
}

static void several_queriers_are_told(void **state)
{
	take_stage(stage, state);
	struct said said = doctor_run(stage, NULL, wait_1_s, ask_by_turns);
	said_expect(&said, "ok", "asks in IGMP version 3, every 125 s");
	/* Whichever it heard first. */
	bool in_order = said_level(&said, "10.0.2.66 and 10.0.2.67");
	said_expect(&said, "warning",
		in_order ? "10.0.2.66 and 10.0.2.67 ask for memberships by turns"
			 : "10.0.2.67 and 10.0.2.66 ask for memberships by turns");
	said_clear(&said);
}

static void a_lineup_that_cannot_be_had_has_its_exit_code(void **state)
{
	take_stage(stage, state);
	g_autofree char *none = lab_path(&stage->lab, "none.db"),
			*bad = lab_path(&stage->lab, "bad.db");
	assert_true(g_file_set_contents(bad, "this is no line-up at all", -1, NULL));
	struct said said = doctor_run(stage, NULL, (const char *const[]){"--db", none, NULL}, NULL);
	assert_int_equal(said.code, 66);
	said_expect(&said, "error", "there is no line-up in ");
	said_clear(&said);
	said = doctor_run(stage, NULL, (const char *const[]){"--db", bad, NULL}, NULL);
	assert_int_equal(said.code, 65);
	said_expect(&said, "error", "is not a line-up");
	said_clear(&said);
}

static void a_wrong_command_line_is_refused(void **state)
{
	take_stage(stage, state);
	static const struct {
		const char *more[3], *saying;
	} cases[] = {
		{{"--wait", "-1"}, "--wait takes 0 to 3600 seconds"},
		{{"--wait", "soon"}, "soon"},
		{{"--format", "xml"}, "there is no format 'xml'"},
		{{"-o", "igmp.pair=three"}, "igmp.pair is one of one|two|gap:MS"},
		{{"eth0"}, "unexpected argument 'eth0'"},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct said said = doctor_run(stage, NULL, cases[i].more, NULL);
		assert_int_equal(said.code, 64);
		assert_null(said.json);
		assert_non_null(strstr(said.errors, cases[i].saying));
		said_clear(&said);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_healthy_box_may_zap_and_hears_nothing_of_the_doctor),
		STAGE_TEST(channels_that_another_program_holds_are_named),
		STAGE_TEST(what_merges_packets_is_named),
		STAGE_TEST(an_interface_that_cannot_receive_is_an_error),
		STAGE_TEST(without_cap_net_raw_the_kernel_is_said_to_be_slower),
		STAGE_TEST(a_lineup_that_cannot_be_had_has_its_exit_code),
		STAGE_TEST(a_wrong_command_line_is_refused),
		STAGE_TEST(several_queriers_are_told),
		/* From here on the kernel has heard a querier of version 2. */
		STAGE_TEST(a_querier_of_version_2_stops_source_specific_channels),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_doctor", tests, stage_open, stage_close);
}
