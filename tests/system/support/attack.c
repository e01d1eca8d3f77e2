#include "tests/system/support/attack.h"

#include <string.h>

#include <glib.h>

enum {
	COUNTED_LIMIT_MS = 10000,
	CHANNELS = 8,
};
#define MS UINT64_C(1000000)

/* ---- the stage ---- */

int attack_begin_shared(void **state)
{
	struct stage *stage = *state;
	if (stage->missing)
		return 0;
	if (stage->player && player_lives(stage->player))
		return 0;
	stage_end(state);
	stage_begin(state);
	stage_play(stage, 1);
	stage_await_whole(stage, 1, NULL, ATTACK_PICTURE_LIMIT_MS);
	return 0;
}

int attack_begin_own(void **state)
{
	struct stage *stage = *state;
	if (!stage->missing)
		stage_end(state);
	return stage_begin(state);
}

int attack_end_shared(void **state)
{
	struct stage *stage = *state;
	if (stage->forge)
		forge_stop(stage->forge);
	return 0;
}

void attack_play(struct stage *stage, const char *const *more)
{
	const struct player_options options = {.more = more};
	stage_play_with(stage, 1, &options);
	stage_await_whole(stage, 1, NULL, ATTACK_PICTURE_LIMIT_MS);
}

/* ---- what the client says of itself ---- */

int64_t attack_number(struct stage *stage, const char *cmd, const char *part, const char *name)
{
	json_t *answer = player_ask(stage->player, cmd, NULL);
	json_t *number = json_object_get(json_object_get(answer, part), name);
	if (!json_is_integer(number))
		fail_msg("'%s' knows no %s.%s", cmd, part, name);
	int64_t value = json_integer_value(number);
	json_decref(answer);
	return value;
}

int64_t attack_counter(struct stage *stage, const char *name)
{
	return attack_number(stage, "igmp", "counters", name);
}

void attack_await_counter(struct stage *stage, const char *name, int64_t least)
{
	uint64_t deadline_ns = lab_now_ns() + COUNTED_LIMIT_MS * MS;
	int64_t value;
	while ((value = attack_counter(stage, name)) < least) {
		if (lab_now_ns() > deadline_ns)
			fail_msg("%s is %d, not %d", name, (int)value, (int)least);
		g_usleep(2000);
	}
}

int attack_channel(struct stage *stage)
{
	json_t *answer = player_ask(stage->player, "status", NULL);
	int channel = (int)json_integer_value(json_object_get(answer, "channel"));
	json_decref(answer);
	return channel;
}

/* VmRSS of the player. */
long attack_resident_kib(struct stage *stage)
{
	g_autofree char *path = g_strdup_printf("/proc/%d/status", (int)player_pid(stage->player));
	g_autofree char *text = lab_read(path);
	const char *line = strstr(text, "VmRSS:");
	assert_non_null(line);
	return strtol(line + strlen("VmRSS:"), NULL, 10);
}

/* ---- a zap ---- */

static void append_record(
	GString *text, const char *asm_record, const char *ssm_record, int channel)
{
	if (lab_is_ssm(channel))
		g_string_append_printf(text, "%s 232.1.1.%d 10.0.1.10", ssm_record, channel);
	else
		g_string_append_printf(text, "%s 239.1.1.%d", asm_record, channel);
}

bool attack_is_message_since(const struct captured *captured, const void *ctx)
{
	return captured->at_ns >= *(const uint64_t *)ctx && capture_is_igmp_of_box(captured, NULL);
}

struct expected_join {
	uint64_t since_ns;
	struct in_addr group;
};

/* Repeats of the zap before may lie between: they do not join the new group. */
static bool is_report_of_join(const struct captured *captured, const void *ctx)
{
	const struct expected_join *join = ctx;
	if (captured->at_ns < join->since_ns || !capture_is_change(captured, NULL))
		return false;
	struct igmp_message message = capture_message(captured);
	struct igmp_record_reader reader = igmp_records(&message);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record))
		if (record.group.s_addr == join->group.s_addr &&
			(record.type == IGMP_TO_EX || record.type == IGMP_ALLOW))
			return true;
	return false;
}

double attack_expect_report(struct stage *stage, int to)
{
	int from = attack_channel(stage);
	GString *records = g_string_new(NULL);
	append_record(records, "TO_IN", "BLOCK", from);
	g_string_append(records, " | ");
	append_record(records, "TO_EX", "ALLOW", to);
	struct captured report;
	struct expected_join join = {.group.s_addr = htonl(lab_group(to))};
	size_t index = 0;
	capture_clear(stage->capture);
	player_tune(stage->player, to, &join.since_ns);
	assert_true(capture_await(stage->capture, &index, join.since_ns + ATTACK_REPORT_MAX_MS * MS,
		is_report_of_join, &join, &report));
	g_autofree char *text = capture_describe(&report);
	assert_string_equal(text, records->str);
	g_string_free(records, TRUE);
	return capture_ms_between(join.since_ns, report.at_ns);
}

void attack_expect_zap(struct stage *stage, int to)
{
	size_t first = screen_count(stage->screen), index = first;
	attack_expect_report(stage, to);
	stage_await_whole(stage, to, &index, ATTACK_PICTURE_LIMIT_MS);
	stage_expect_undamaged(stage, index);
}

void attack_expect_next_zap(struct stage *stage)
{
	attack_expect_zap(stage, attack_channel(stage) % CHANNELS + 1);
}
