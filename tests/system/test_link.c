/* The line goes down, the address changes, the interface vanishes and comes back while a channel
 * plays: the picture returns without a key, and routers hear of it once. */
#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

#include <glib.h>

#include "tests/system/support/stage.h"

enum {
	PICTURE_LIMIT_MS = 6000,
	NOTICE_LIMIT_MS = 5000,
	SIGNAL_LIMIT_MS = 3000,
};
#define MS_NS UINT64_C(1000000)
#define CHANNEL 1
#define RAW "raw"
#define KERNEL "kernel"

static json_t *ask_igmp(struct stage *stage)
{
	json_t *answer = player_ask(stage->player, "igmp", NULL);
	assert_true(json_is_true(json_object_get(answer, "ok")));
	return answer;
}

/* The notices' types, oldest first, each with a blank behind it. Free with g_free. */
static char *notices(struct stage *stage)
{
	json_t *answer = ask_igmp(stage), *notice;
	GString *types = g_string_new(NULL);
	size_t i;
	json_array_foreach(json_object_get(answer, "notices"), i, notice) g_string_append_printf(
		types, "%s ", json_string_value(json_object_get(notice, "type")));
	json_decref(answer);
	return g_string_free(types, FALSE);
}

/* Waits until these are the last that were noticed; an interface that is taken away goes down
 * first. */
static void await_notices(struct stage *stage, const char *wanted)
{
	uint64_t deadline_ns = lab_now_ns() + NOTICE_LIMIT_MS * MS_NS;
	g_autofree char *seen = notices(stage);
	while (!g_str_has_suffix(seen, wanted)) {
		if (lab_now_ns() > deadline_ns)
			fail_msg("noticed \"%s\" instead of \"%s\"", seen, wanted);
		g_usleep(5000);
		g_free(seen);
		seen = notices(stage);
	}
}

/* Our own host says when it has repeated everything. */
static void await_repeats(struct stage *stage)
{
	uint64_t deadline_ns = lab_now_ns() + NOTICE_LIMIT_MS * MS_NS;
	json_int_t pending = 1;
	while (pending > 0) {
		json_t *answer = ask_igmp(stage), *group;
		size_t i;
		pending = 0;
		json_array_foreach(json_object_get(answer, "groups"), i, group) pending +=
			json_integer_value(json_object_get(group, "pending"));
		json_decref(answer);
		assert_true(lab_now_ns() < deadline_ns);
		g_usleep(5000);
	}
}

/*
 * What the box said since `index`: the change that joins the channel, one repeat of it (robustness
 * 2), and no other change.
 */
static void expect_one_announcement(struct stage *stage, size_t index, const char *from)
{
	g_autofree char *join = g_strdup_printf(
		lab_is_ssm(CHANNEL) ? "ALLOW 232.1.1.%d 10.0.1.10" : "TO_EX 239.1.1.%d", CHANNEL);
	uint64_t limit_ns = capture_now_ns() + NOTICE_LIMIT_MS * MS_NS;
	struct captured captured;
	await_repeats(stage);
	for (int i = 0; i < 2; i++) {
		if (!capture_await(
			    stage->capture, &index, limit_ns, capture_is_change, NULL, &captured))
			fail_msg("announcement %d has not come", i);
		g_autofree char *said = capture_describe(&captured);
		assert_string_equal(said, join);
		struct in_addr source = capture_message(&captured).source;
		assert_string_equal(inet_ntoa(source), from);
	}
	assert_false(capture_await(
		stage->capture, &index, capture_now_ns(), capture_is_change, NULL, &captured));
}

static void start(struct stage *stage, const char *iface, const char *membership)
{
	const char *const more[] = {"--membership", membership, "--iface", iface, NULL};
	const struct player_options options = {.more = more};
	size_t index = 0;
	stage_play_with(stage, CHANNEL, &options);
	stage_await_whole(stage, CHANNEL, &index, PICTURE_LIMIT_MS);
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	await_repeats(stage);
}

/* No key has been pressed. */
static void expect_picture_back(struct stage *stage)
{
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	stage_await_whole(stage, CHANNEL, NULL, PICTURE_LIMIT_MS);
}

/* ---- the box's line as tests/lab/holder makes it ---- */

static void configure_box(struct stage *stage)
{
	const struct lab *lab = &stage->lab;
	lab_do(lab, "box", "ip", "address", "flush", "dev", "eth0");
	lab_do(lab, "box", "ip", "address", "add", "10.0.2.100/24", "dev", "eth0");
	lab_do(lab, "box", "ip", "link", "set", "eth0", "up");
	lab_do(lab, "box", "ip", "route", "replace", "default", "via", "10.0.2.1");
	lab_do(lab, "box", "ip", "route", "replace", "224.0.0.0/4", "dev", "eth0");
}

/* Another pair under the old names; the box's end is not up yet. */
static void make_line_again(struct stage *stage)
{
	const struct lab *lab = &stage->lab;
	g_autofree char *box = g_strdup_printf("%s/ns/box", lab->dir);
	lab_do(lab, "bridge", "ip", "link", "add", "eth0", "netns", box, "type", "veth", "peer",
		"name", "box");
	lab_do(lab, "bridge", "ip", "link", "set", "box", "master", "br0");
	lab_do(lab, "bridge", "ip", "link", "set", "box", "type", "bridge_slave", "fastleave",
		"on");
	lab_do(lab, "bridge", "ip", "link", "set", "box", "up");
	lab_do(lab, "box", "ethtool", "-K", "eth0", "tx", "off");
	capture_close(stage->capture);
	stage->capture = capture_open("box");
	assert_non_null(stage->capture);
}

/* Also after a test that failed half-way. */
static int end(void **state)
{
	struct stage *stage = *state;
	stage_end(state);
	if (stage->missing)
		return 0;
	if (if_nametoindex("box") == 0)
		make_line_again(stage);
	configure_box(stage);
	return 0;
}

/* ---- the line goes down, and up again ---- */

static void take_the_line_down_and_up(struct stage *stage, const char *membership)
{
	start(stage, "eth0", membership);
	size_t index = capture_count(stage->capture);
	lab_do(&stage->lab, "box", "ip", "link", "set", "eth0", "down");
	await_notices(stage, "link-down ");
	player_await_state(stage->player, "no-signal", SIGNAL_LIMIT_MS);
	lab_do(&stage->lab, "box", "ip", "link", "set", "eth0", "up");
	expect_picture_back(stage);
	await_notices(stage, "link-down link-up ");
	if (!strcmp(membership, RAW))
		expect_one_announcement(stage, index, "10.0.2.100");
	stage_quit(stage);
}

static void raw_plays_on_after_the_line_was_down(void **state)
{
	take_stage(stage, state);
	take_the_line_down_and_up(stage, RAW);
}

static void kernel_plays_on_after_the_line_was_down(void **state)
{
	take_stage(stage, state);
	take_the_line_down_and_up(stage, KERNEL);
}

/* ---- the address changes ---- */

/* The new one is there before the old one goes: the picture does not even stop. */
static void change_the_address(struct stage *stage, const char *membership)
{
	start(stage, "eth0", membership);
	size_t index = capture_count(stage->capture);
	size_t picture = screen_count(stage->screen);
	lab_do(&stage->lab, "box", "ip", "address", "add", "10.0.2.101/25", "dev", "eth0");
	lab_do(&stage->lab, "box", "ip", "address", "del", "10.0.2.100/24", "dev", "eth0");
	await_notices(stage, "address-changed ");
	if (!strcmp(membership, RAW))
		expect_one_announcement(stage, index, "10.0.2.101");
	stage_await_whole(stage, CHANNEL, NULL, PICTURE_LIMIT_MS);
	assert_true(stage_expect_undamaged(stage, picture) > 0);
	stage_quit(stage);
}

static void raw_plays_on_when_the_address_changes(void **state)
{
	take_stage(stage, state);
	change_the_address(stage, RAW);
}

static void kernel_plays_on_when_the_address_changes(void **state)
{
	take_stage(stage, state);
	change_the_address(stage, KERNEL);
}

/* ---- the interface vanishes, and another one comes under its name ---- */

static void replace_the_interface(struct stage *stage, const char *membership)
{
	start(stage, "eth0", membership);
	lab_do(&stage->lab, "box", "ip", "link", "del", "eth0");
	await_notices(stage, "interface-gone ");
	player_await_state(stage->player, "no-signal", SIGNAL_LIMIT_MS);
	make_line_again(stage);
	configure_box(stage);
	expect_picture_back(stage);
	await_notices(stage, "interface-gone interface-back link-up ");
	if (!strcmp(membership, RAW))
		expect_one_announcement(stage, 0, "10.0.2.100");
	/* And a key does what it did. */
	player_tune(stage->player, CHANNEL + 1, NULL);
	stage_await_whole(stage, CHANNEL + 1, NULL, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static void raw_plays_on_when_the_interface_is_back(void **state)
{
	take_stage(stage, state);
	replace_the_interface(stage, RAW);
}

static void kernel_plays_on_when_the_interface_is_back(void **state)
{
	take_stage(stage, state);
	replace_the_interface(stage, KERNEL);
}

/* ---- interfaces on top of another ---- */

/* Moves the box's address to this device on top of eth0, and plays there. */
static void play_on(struct stage *stage, const char *device)
{
	const struct lab *lab = &stage->lab;
	lab_do(lab, "box", "ip", "address", "flush", "dev", "eth0");
	lab_do(lab, "box", "ip", "address", "add", "10.0.2.100/24", "dev", device);
	lab_do(lab, "box", "ip", "link", "set", device, "up");
	start(stage, device, RAW);
	player_tune(stage->player, CHANNEL + 1, NULL);
	stage_await_whole(stage, CHANNEL + 1, NULL, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

static bool can_add(struct stage *stage, const char *const *argv)
{
	return lab_wait(lab_spawn(&stage->lab, argv[0], argv + 1, NULL, NULL), 5000) == 0;
}

/* The bridge's port is in the VLAN as well; eth0 itself carries nothing untagged then. */
static void raw_plays_in_a_vlan(void **state)
{
	take_stage(stage, state);
	const struct lab *lab = &stage->lab;
	const char *const of_box[] = {"box", "ip", "link", "add", "link", "eth0", "name",
		"eth0.100", "type", "vlan", "id", "100", NULL};
	if (!can_add(stage, of_box))
		skip_because("this kernel has no VLAN devices");
	lab_do(lab, "bridge", "ip", "link", "add", "link", "box", "name", "box.100", "type", "vlan",
		"id", "100");
	lab_do(lab, "bridge", "ip", "link", "set", "box", "nomaster");
	lab_do(lab, "bridge", "ip", "link", "set", "box.100", "master", "br0");
	lab_do(lab, "bridge", "ip", "link", "set", "box.100", "type", "bridge_slave", "fastleave",
		"on");
	lab_do(lab, "bridge", "ip", "link", "set", "box.100", "up");
	play_on(stage, "eth0.100");
	lab_do(lab, "box", "ip", "link", "del", "eth0.100");
	lab_do(lab, "bridge", "ip", "link", "del", "box.100");
	lab_do(lab, "bridge", "ip", "link", "set", "box", "master", "br0");
	lab_do(lab, "bridge", "ip", "link", "set", "box", "type", "bridge_slave", "fastleave",
		"on");
}

static void raw_plays_on_a_macvlan(void **state)
{
	take_stage(stage, state);
	const char *const of_box[] = {"box", "ip", "link", "add", "link", "eth0", "name", "top0",
		"type", "macvlan", "mode", "bridge", NULL};
	if (!can_add(stage, of_box))
		skip_because("this kernel has no macvlan");
	play_on(stage, "top0");
	lab_do(&stage->lab, "box", "ip", "link", "del", "top0");
}

int main(int argc, char **argv)
{
#define LINK_TEST(name) cmocka_unit_test_setup_teardown(name, stage_begin, end)
	const struct CMUnitTest tests[] = {
		LINK_TEST(raw_plays_on_after_the_line_was_down),
		LINK_TEST(kernel_plays_on_after_the_line_was_down),
		LINK_TEST(raw_plays_on_when_the_address_changes),
		LINK_TEST(kernel_plays_on_when_the_address_changes),
		LINK_TEST(raw_plays_on_when_the_interface_is_back),
		LINK_TEST(kernel_plays_on_when_the_interface_is_back),
		LINK_TEST(raw_plays_in_a_vlan),
		LINK_TEST(raw_plays_on_a_macvlan),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_link", tests, stage_open, stage_close);
}
