/* zapper doctor in the lab: a healthy box, and boxes that each lack one thing. */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tests/system/support/stage.h"
#include "tests/unit/igmp/packets.h"

enum { DOCTOR_LIMIT_MS = 20000, HOLD_LIMIT_MS = 5000 };

/* What one run has said. */
struct said {
	int code;
	json_t *json;
	char *errors;
};

static void said_clear(struct said *said)
{
	json_decref(said->json);
	g_free(said->errors);
}

/* Between two looks whether it has ended. */
typedef void meanwhile_fn(struct stage *stage);

/* `before` and `more` go before and after the arguments; they may be NULL. */
static struct said run(struct stage *stage, const char *const *before, const char *const *more,
	meanwhile_fn *meanwhile)
{
	const struct lab *lab = &stage->lab;
	g_autofree char *out = lab_path(lab, "doctor.out"), *err = lab_path(lab, "doctor.err");
	g_autofree char *nobody = lab_path(lab, "nobody.sock");
	const char *const usual[] = {lab->zapper, "doctor", "--format", "json", "--db", lab->db,
		"--iface", "eth0", "--control",
		stage->player ? player_socket(stage->player) : nobody, "-o", "play.video_sink=none",
		"-o", "play.audio_sink=none", NULL};
	const char *const *const parts[] = {before, usual, more};
	g_autoptr(GPtrArray) argv = g_ptr_array_new();
	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		for (const char *const *word = parts[i]; word && *word; word++)
			g_ptr_array_add(argv, (char *)*word);
	g_ptr_array_add(argv, NULL);
	unlink(out);
	unlink(err);
	pid_t pid = lab_spawn(lab, "box", (const char *const *)argv->pdata, out, err);
	struct said said = {.code = -1};
	for (unsigned ms = 0; said.code < 0 && ms < DOCTOR_LIMIT_MS; ms += 100) {
		if (meanwhile)
			meanwhile(stage);
		said.code = lab_wait(pid, 100);
	}
	said.errors = lab_read(err);
	g_autofree char *text = lab_read(out);
	said.json = json_loads(text, 0, NULL);
	return said;
}

/* The level of the finding whose sentence has this part; NULL where there is none. */
static const char *level_of(const struct said *said, const char *part)
{
	const json_t *finding;
	size_t i;
	json_array_foreach(json_object_get(said->json, "findings"), i, finding)
	{
		const char *sentence = json_string_value(json_object_get(finding, "sentence"));
		if (sentence && strstr(sentence, part))
			return json_string_value(json_object_get(finding, "level"));
	}
	return NULL;
}

static void expect(const struct said *said, const char *level, const char *part)
{
	const char *found = level_of(said, part);
	if (!g_strcmp0(found, level))
		return;
	g_autofree char *all = said->json ? json_dumps(said->json, JSON_INDENT(1)) : NULL;
	fail_msg("\"%s\" is said at level %s, not %s: %s%s", part, found ? found : "(not at all)",
		level, all ? all : "no JSON ", said->errors);
}

/* A box where nothing is wrong, but perhaps its receive buffers and its decoders. */
static void a_healthy_box_may_zap_and_hears_nothing_of_the_doctor(void **state)
{
	take_stage(stage, state);
	struct said said = run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 0);
	expect(&said, "ok", "eth0 is up, with the address 10.0.2.100");
	expect(&said, "ok", "raw: reports leave eth0 at once");
	expect(&said, "ok", "no other program of this box holds a channel");
	expect(&said, "ok", "8 channels in ");
	expect(&said, "ok", "nobody listened for queries");
	said_clear(&said);
	/* Nothing of the line has changed: it asks for nothing, and leaves nothing. */
	size_t index = 0;
	struct captured report;
	assert_false(capture_await(
		stage->capture, &index, capture_now_ns(), capture_is_igmp_of_box, NULL, &report));
}

/* Joins 239.1.1.3, and then 232.1.1.4 from 10.0.1.10, and says so. */
static pid_t hold_groups(struct stage *stage)
{
	static const char script[] =
		"import socket, time\n"
		"at = socket.inet_aton\n"
		"s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
		"s.setsockopt(0, 35, at('239.1.1.3') + at('10.0.2.100'))\n"
		"s.setsockopt(0, 39, at('232.1.1.4') + at('10.0.2.100') + at('10.0.1.10'))\n"
		"print('held', flush=True)\n"
		"time.sleep(60)\n";
	const char *const argv[] = {"/usr/bin/python3", "-c", script, NULL};
	g_autofree char *out = lab_path(&stage->lab, "hold.out");
	unlink(out);
	pid_t pid = lab_spawn(&stage->lab, "box", argv, out, NULL);
	uint64_t deadline_ns = lab_now_ns() + HOLD_LIMIT_MS * UINT64_C(1000000);
	bool held = false;
	while (!held && lab_now_ns() < deadline_ns) {
		g_autofree char *text = lab_read(out);
		held = !strcmp(text, "held\n");
		g_usleep(2000);
	}
	assert_true(held);
	return pid;
}

static void channels_that_another_program_holds_are_named(void **state)
{
	take_stage(stage, state);
	pid_t holder = hold_groups(stage);
	struct said said = run(stage, NULL, NULL, NULL);
	kill(holder, SIGTERM);
	lab_wait(holder, HOLD_LIMIT_MS);
	assert_int_equal(said.code, 0);
	expect(&said, "warning", "holds 239.1.1.3, channel 3 (Ostsee 24, Hafen und Meer)");
	expect(&said, "warning", "holds 232.1.1.4 from 10.0.1.10, channel 4 (Sport Arena)");
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
	struct said said = run(stage, NULL, NULL, NULL);
	set_merging(stage, "off", "off", "off");
	assert_int_equal(said.code, 0);
	expect(&said, "warning", sentence);
	said_clear(&said);
}

static void what_merges_packets_is_named(void **state)
{
	take_stage(stage, state);
	set_merging(stage, "on", "on", "off");
	expect_merging(stage, "rx-udp-gro-forwarding");
	set_merging(stage, "on", "off", "on");
	expect_merging(stage, "rx-gro-list");
	struct said said = run(stage, NULL, NULL, NULL);
	assert_null(level_of(&said, "merges UDP packets"));
	said_clear(&said);
}

static void expect_unusable(struct stage *stage, const char *sentence)
{
	struct said said = run(stage, NULL, (const char *const[]){"--iface", "idle0", NULL}, NULL);
	assert_int_equal(said.code, 1);
	expect(&said, "error", sentence);
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
	struct said said = run(stage, NULL, (const char *const[]){"--iface", "idle0", NULL}, NULL);
	assert_int_equal(said.code, 0);
	expect(&said, "warning", "idle0 has no IPv4 address");
	said_clear(&said);
	lab_do(&stage->lab, "box", "ip", "link", "del", "idle0");
	expect_unusable(stage, "there is no interface called idle0");
}

static const char *const no_net_raw[] = {"setpriv", "--bounding-set", "-net_raw", NULL};

static void without_cap_net_raw_the_kernel_is_said_to_be_slower(void **state)
{
	take_stage(stage, state);
	struct said said = run(stage, no_net_raw, (const char *const[]){"--wait", "1", NULL}, NULL);
	assert_int_equal(said.code, 0);
	expect(&said, "warning", "kernel: CAP_NET_RAW is missing");
	expect(&said, "warning", "listening for queries is not possible");
	said_clear(&said);
	said = run(
		stage, no_net_raw, (const char *const[]){"-o", "net.membership=raw", NULL}, NULL);
	assert_int_equal(said.code, 1);
	expect(&said, "error", "no membership can be had on eth0 (net.membership=raw)");
	said_clear(&said);
}

static void ask(struct stage *stage, const char *source, unsigned version)
{
	uint8_t packet[FORGE_MAX_BYTES];
	struct query query = query_defaults();
	query.source = source;
	query.code = 1;
	query.igmp_bytes = version == 3 ? 12 : 8;
	forge_send(stage->forge, packet, query_build(&query, packet));
}

static void ask_in_version_2(struct stage *stage)
{
	ask(stage, "10.0.2.66", 2);
}

static void ask_by_turns(struct stage *stage)
{
	ask(stage, "10.0.2.66", 3);
	ask(stage, "10.0.2.67", 3);
}

static const char *const wait_1_s[] = {"--wait", "1", NULL};

static void a_querier_of_version_2_stops_source_specific_channels(void **state)
{
	take_stage(stage, state);
	struct said said = run(stage, NULL, wait_1_s, ask_in_version_2);
	assert_int_equal(said.code, 1);
	expect(&said, "error",
		"10.0.2.66 asks in IGMP version 2, which knows no sources: 4 channels");
	said_clear(&said);
	said = run(stage, NULL,
		(const char *const[]){
			"--wait", "1", "-o", "igmp.v2_ssm=no", "-o", "igmp:eth0.v2_ssm=yes", NULL},
		ask_in_version_2);
	assert_int_equal(said.code, 0);
	expect(&said, "warning", "10.0.2.66 asks in IGMP version 2");
	said_clear(&said);
}

static void several_queriers_are_told(void **state)
{
	take_stage(stage, state);
	struct said said = run(stage, NULL, wait_1_s, ask_by_turns);
	expect(&said, "ok", "asks in IGMP version 3, every 125 s");
	expect(&said, "warning", "10.0.2.66 and 10.0.2.67 ask for memberships by turns");
	said_clear(&said);
}

/* What it has joined through the kernel is not another program's. */
static void a_running_player_is_asked(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.channel = "1", .more = (const char *const[]){"--membership", "kernel", NULL}};
	stage->player = player_start(&stage->lab, &options);
	struct said said = run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 0);
	expect(&said, "ok", "a player runs on eth0 through kernel");
	expect(&said, "ok", "no other program of this box holds a channel");
	said_clear(&said);
	stage_quit(stage);
}

static void what_a_running_player_noticed_is_told(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.channel = "1"};
	stage->player = player_start(&stage->lab, &options);
	ask_in_version_2(stage);
	json_t *event = player_event(stage->player,
		json_pack("{s:s, s:s}", "event", "notice", "type", "v2-query"), 2000);
	assert_non_null(event);
	json_decref(event);
	struct said said = run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 1);
	expect(&said, "ok", "a player runs on eth0 through raw");
	expect(&said, "error", "10.0.2.66 asks in IGMP version 2");
	expect(&said, "warning", "s ago: 10.0.2.66 asks in IGMP version 2, which knows no sources");
	said_clear(&said);
	stage_quit(stage);
}

static void a_lineup_that_cannot_be_had_has_its_exit_code(void **state)
{
	take_stage(stage, state);
	g_autofree char *none = lab_path(&stage->lab, "none.db"),
			*bad = lab_path(&stage->lab, "bad.db");
	assert_true(g_file_set_contents(bad, "this is no line-up at all", -1, NULL));
	struct said said = run(stage, NULL, (const char *const[]){"--db", none, NULL}, NULL);
	assert_int_equal(said.code, 66);
	expect(&said, "error", "there is no line-up in ");
	said_clear(&said);
	said = run(stage, NULL, (const char *const[]){"--db", bad, NULL}, NULL);
	assert_int_equal(said.code, 65);
	expect(&said, "error", "is not a line-up");
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
		struct said said = run(stage, NULL, cases[i].more, NULL);
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
		STAGE_TEST(a_running_player_is_asked),
		STAGE_TEST(a_lineup_that_cannot_be_had_has_its_exit_code),
		STAGE_TEST(a_wrong_command_line_is_refused),
		STAGE_TEST(several_queriers_are_told),
		/* From here on the kernel has heard a querier of version 2. */
		STAGE_TEST(a_querier_of_version_2_stops_source_specific_channels),
		STAGE_TEST(what_a_running_player_noticed_is_told),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_doctor", tests, stage_open, stage_close);
}
