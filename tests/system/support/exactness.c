#include "tests/system/support/exactness.h"

#include <arpa/inet.h>
#include <math.h>
#include <string.h>

#include "tests/system/support/rapscan.h"

enum { UDP_HEADER_BYTES = 8 };
/* Nothing of the reference scenario takes so long after a press. */
#define ZAP_MAX_NS INT64_C(8000000000)
#define CLOCK_STEP_NS 50000

/* What was seen of one zap from outside, CLOCK_MONOTONIC; 0: not seen. */
struct seen {
	uint64_t at_ns[EXACTNESS_STAGES];
};

struct outside {
	struct stage *stage;
	struct shutter *shutter;
	int64_t offset_ns;
};

int64_t exactness_clock_offset_ns(void)
{
	int64_t before_ns, realtime_ns, after_ns;
	do {
		before_ns = (int64_t)lab_now_ns();
		realtime_ns = (int64_t)capture_now_ns();
		after_ns = (int64_t)lab_now_ns();
	} while (after_ns - before_ns > 5000);
	return realtime_ns - before_ns - (after_ns - before_ns) / 2;
}

/* The change that joins this group: its repeats come later. */
static bool joins(const struct captured *packet, const char *group)
{
	if (!capture_is_change(packet, NULL))
		return false;
	g_autofree char *text = capture_describe(packet);
	const char *found = strstr(text, group);
	return found && (g_str_has_prefix(text, "TO_EX") || strstr(text, "TO_EX ") ||
				strstr(text, "ALLOW "));
}

static void scan(struct rapscan *rap, const struct captured *packet, uint64_t at_ns)
{
	size_t header = 4u * (packet->packet[0] & 0xf) + UDP_HEADER_BYTES;
	if (!rap->rap_complete_ns)
		rapscan_take(rap, packet->packet + header, packet->len - header, at_ns);
}

static struct seen look(const struct outside *outside, int channel, uint64_t pressed_ns)
{
	struct seen seen = {0};
	struct rapscan rap = {0};
	uint32_t group = lab_group(channel);
	struct in_addr address = {htonl(group)};
	char text[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &address, text, sizeof text);
	for (size_t i = 0, n = capture_count(outside->stage->capture); i < n; i++) {
		struct captured packet = capture_at(outside->stage->capture, i);
		uint64_t at_ns = packet.at_ns - (uint64_t)outside->offset_ns;
		if (at_ns < pressed_ns || (int64_t)(at_ns - pressed_ns) > ZAP_MAX_NS)
			continue;
		if (!seen.at_ns[EXACTNESS_REPORT] && joins(&packet, text))
			seen.at_ns[EXACTNESS_REPORT] = at_ns;
		else if (seen.at_ns[EXACTNESS_REPORT] && capture_is_data(&packet, &group))
			scan(&rap, &packet, at_ns);
	}
	seen.at_ns[EXACTNESS_FIRST_PACKET] = rap.first_ns;
	seen.at_ns[EXACTNESS_RAP] = rap.rap_ns;
	seen.at_ns[EXACTNESS_RAP_COMPLETE] = rap.rap_complete_ns;
	seen.at_ns[EXACTNESS_PICTURE] = shutter_find(outside->shutter, channel, pressed_ns);
	return seen;
}

/* Nanoseconds of CLOCK_MONOTONIC: "5123.123456789 s of ...". */
static uint64_t start_ns(const json_t *report)
{
	const json_t *notes = json_object_get(json_object_get(report, "scenario"), "notes");
	const char *text = json_string_value(json_object_get(notes, "clock at the start"));
	assert_non_null(text);
	char *end;
	uint64_t seconds = g_ascii_strtoull(text, &end, 10);
	assert_int_equal(*end, '.');
	return seconds * 1000000000 + g_ascii_strtoull(end + 1, NULL, 10);
}

static void add_error(struct figure *figure, const json_t *ms, const char *name,
	uint64_t pressed_ns, uint64_t seen_ns)
{
	const json_t *value = json_object_get(ms, name);
	if (!json_is_number(value) || !seen_ns)
		return;
	double seen_ms = (double)(int64_t)(seen_ns - pressed_ns) / 1e6;
	double error_ms = fabs(json_number_value(value) - seen_ms);
	figure_add(figure, error_ms);
	/* Worth a look, when the table's maxima raise the question which zap it was. */
	if (error_ms > 1)
		print_message("%s: %.3f ms by zapper, %.3f ms from outside\n", name,
			json_number_value(value), seen_ms);
}

bool exactness_compare(struct stage *stage, struct shutter *shutter, const json_t *report,
	int64_t offset_ns, struct figure figures[EXACTNESS_STAGES])
{
	static const char *const names[EXACTNESS_STAGES] = {
		"report", "first_packet", "rap", "rap_complete", "picture"};
	struct outside outside = {stage, shutter, offset_ns};
	uint64_t run_ns = start_ns(report);
	const json_t *zap;
	size_t i;
	for (int stage_no = 0; stage_no < EXACTNESS_STAGES; stage_no++)
		figures[stage_no] = figure_new(names[stage_no], 0);
	json_array_foreach(json_object_get(report, "zaps"), i, zap)
	{
		uint64_t pressed_ns =
			run_ns +
			(uint64_t)llround(json_number_value(json_object_get(zap, "at_ms")) * 1e6);
		int channel = (int)json_integer_value(json_object_get(zap, "to"));
		struct seen seen = look(&outside, channel, pressed_ns);
		for (int k = 0; k < EXACTNESS_STAGES; k++)
			add_error(&figures[k], json_object_get(zap, "ms"), names[k], pressed_ns,
				seen.at_ns[k]);
	}
	return llabs(exactness_clock_offset_ns() - offset_ns) < CLOCK_STEP_NS;
}
