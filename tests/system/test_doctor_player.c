/* zapper doctor beside a player, which it asks: that one's back end, settings and querier count. */
#include <string.h>

#include <glib.h>

#include "tests/system/support/attack.h"
#include "tests/system/support/doctor.h"
#include "tests/unit/igmp/packets.h"

static void ask_in_version_2(struct stage *stage)
{
	doctor_ask(stage, "10.0.2.66", 2);
}

/* No operations where the option was. */
static void ask_without_router_alert(struct stage *stage)
{
	enum { IP_BYTES = 20, OPTION_BYTES = 4, NOP = 1 };
	uint8_t packet[FORGE_MAX_BYTES];
	struct query query = query_defaults();
	query.source = "10.0.2.66";
	size_t len = query_build(&query, packet);
	memset(packet + IP_BYTES, NOP, OPTION_BYTES);
	packet_seal(packet);
	forge_send(stage->forge, packet, len);
}

/* What it has joined through the kernel is not another program's. */
static void a_running_player_is_asked(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.channel = "1", .more = (const char *const[]){"--membership", "kernel", NULL}};
	stage->player = player_start(&stage->lab, &options);
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 0);
	said_expect(&said, "ok", "a player runs on eth0 through kernel");
	said_expect(&said, "ok", "no other program of this box holds a channel");
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
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 1);
	said_expect(&said, "ok", "a player runs on eth0 through raw");
	said_expect(&said, "error", "10.0.2.66 asks in IGMP version 2");
	said_expect(&said, "warning",
		"s ago: 10.0.2.66 asks in IGMP version 2, which knows no sources");
	said_clear(&said);
	stage_quit(stage);
}

/* What the doctor may do itself, and how it is set, is another matter. */
static void a_raw_player_counts_for_a_doctor_without_privilege(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {.channel = "1"};
	stage->player = player_start(&stage->lab, &options);
	pid_t holder = doctor_hold_groups(stage);
	ask_in_version_2(stage);
	attack_await_counter(stage, "v2_queries_received", 1);
	struct said said = doctor_run(stage, doctor_no_net_raw,
		(const char *const[]){"-o", "igmp.fallback=no", "-o", "igmp.v2_ssm=yes", NULL},
		NULL);
	doctor_release_groups(holder);
	assert_int_equal(said.code, 1);
	said_expect(&said, "ok", "raw: reports leave eth0 at once");
	said_expect(&said, "error",
		"10.0.2.66 asks in IGMP version 2, which knows no sources: 4 channels");
	said_expect(&said, "warning", "channel 4 (Sport Arena): when zapper leaves it");
	said_clear(&said);
	stage_quit(stage);
}

static void a_kernel_player_counts_for_a_doctor_of_root(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.channel = "1", .more = (const char *const[]){"--membership", "kernel", NULL}};
	stage->player = player_start(&stage->lab, &options);
	ask_in_version_2(stage);
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", "kernel: asked for");
	said_expect(&said, "warning",
		"the kernel has lately heard a querier on eth0 in IGMP version 2");
	said_clear(&said);
	stage_quit(stage);
}

static void a_players_settings_count_not_the_doctors(void **state)
{
	take_stage(stage, state);
	const struct player_options options = {
		.channel = "1", .more = (const char *const[]){"-o", "igmp.fallback=no", NULL}};
	stage->player = player_start(&stage->lab, &options);
	ask_in_version_2(stage);
	attack_await_counter(stage, "v2_queries_received", 1);
	struct said said = doctor_run(stage, NULL, NULL, NULL);
	assert_int_equal(said.code, 0);
	said_expect(&said, "ok", "10.0.2.66 asks in IGMP version 2, and is answered in version 3");
	said_clear(&said);
	said = doctor_run(stage, NULL,
		(const char *const[]){"--wait", "1", "-o", "igmp.require_router_alert=yes", NULL},
		ask_without_router_alert);
	assert_int_equal(said.code, 0);
	said_expect(&said, "warning", "came without Router Alert, against RFC 9776");
	assert_null(said_level(&said, "were not answered"));
	said_clear(&said);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_running_player_is_asked),
		/* From here on the kernel has heard a querier of version 2. */
		STAGE_TEST(what_a_running_player_noticed_is_told),
		STAGE_TEST(a_raw_player_counts_for_a_doctor_without_privilege),
		STAGE_TEST(a_kernel_player_counts_for_a_doctor_of_root),
		STAGE_TEST(a_players_settings_count_not_the_doctors),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_doctor_player", tests, stage_open, stage_close);
}
