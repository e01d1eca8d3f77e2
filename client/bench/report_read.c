#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "client/bench/report_json.h"

#define NS_PER_MS 1e6
/* Times are counted from here, so that none of them is 0, which means "not reached". */
#define START_NS UINT64_C(1000000000)
/* Longer than any run, and far from the end of 64 bits of nanoseconds. */
#define MS_MAX 1e10

/* The first thing that was found wrong; nothing is looked at after it. */
struct reader {
	struct bench_run *run;
	GHashTable *channels; /* number -> index + 1, of the first one with that number */
	char *why;
};

static void fail(struct reader *reader, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void fail(struct reader *reader, const char *format, ...)
{
	if (reader->why)
		return;
	va_list arguments;
	va_start(arguments, format);
	reader->why = g_strdup_vprintf(format, arguments);
	va_end(arguments);
}

/* A whole number that may be missing. */
static uint32_t read_count(struct reader *reader, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	if (!value || json_is_null(value))
		return 0;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
		json_integer_value(value) > UINT32_MAX) {
		fail(reader, "\"%s\" is no count", name);
		return 0;
	}
	return (uint32_t)json_integer_value(value);
}

/* Milliseconds that may be missing: NAN. */
static double read_ms(struct reader *reader, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	if (!value || json_is_null(value))
		return NAN;
	double ms = json_number_value(value);
	if (json_is_number(value) && ms >= 0 && ms <= MS_MAX)
		return ms;
	fail(reader, "\"%s\" is no number of milliseconds", name);
	return NAN;
}

static double read_ms_or_0(struct reader *reader, const json_t *object, const char *name)
{
	double ms = read_ms(reader, object, name);
	return isnan(ms) ? 0 : ms;
}

typedef const char *(*name_function)(int value);

static const char *kind_name(int value)
{
	return bench_class_name((enum bench_class)value);
}

static const char *result_name(int value)
{
	return bench_result_name((enum zap_result)value);
}

static const char *check_name(int value)
{
	return bench_check_name((enum bench_check)value);
}

static const char *cut_name(int value)
{
	return bench_cut_name((enum bench_cut)value);
}

static const char *action_name(int value)
{
	return bench_action_name((enum bench_action)value);
}

static const char *end_name(int value)
{
	return bench_end_name((enum bench_end)value);
}

static const char *pattern_name(int value)
{
	return bench_pattern_name((enum bench_pattern)value);
}

static const char *wish_name(int value)
{
	return bench_wish_name((enum bench_wish)value);
}

/* One of `count` names; 0 where it is missing and may be. */
static int read_name(struct reader *reader, const json_t *object, const char *member,
	name_function name_of, int count, bool optional)
{
	const json_t *value = json_object_get(object, member);
	const char *text = json_string_value(value);
	for (int i = 0; text && i < count; i++)
		if (strcmp(name_of(i), text) == 0)
			return i;
	if (value || !optional)
		fail(reader, "\"%s\" is none of the words that it can be", member);
	return 0;
}

static void read_notes(const json_t *object, struct bench_run *run,
	void (*add)(struct bench_run *run, const char *key, const char *value))
{
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		char *text = json_is_string(value) ? NULL : json_dumps(value, JSON_ENCODE_ANY);
		add(run, key, text ? text : json_string_value(value));
		free(text);
	}
}

/* A channel's number as text, NULL for none; freed with g_free(). */
static char *read_number(struct reader *reader, const json_t *value)
{
	if (json_is_integer(value))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (!json_is_string(value) && !json_is_null(value))
		fail(reader, "a channel has no number");
	return g_strdup(json_string_value(value));
}

static int add_channel(struct reader *reader, const char *number, const char *name)
{
	int index = (int)reader->run->channels->len;
	bench_run_add_channel(reader->run, number, name);
	if (!g_hash_table_contains(reader->channels, number))
		g_hash_table_insert(reader->channels, g_strdup(number), GINT_TO_POINTER(index + 1));
	return index;
}

/* The index of a channel; one that the report does not list is added without a name. */
static int read_channel(struct reader *reader, const json_t *zap, const char *member)
{
	char *number = read_number(reader, json_object_get(zap, member));
	if (!number)
		return ZAP_NO_CHANNEL;
	int found = GPOINTER_TO_INT(g_hash_table_lookup(reader->channels, number)) - 1;
	if (found < 0)
		found = add_channel(reader, number, "");
	g_free(number);
	return found;
}

static void read_channels(struct reader *reader, const json_t *channels)
{
	size_t i;
	json_t *channel;
	json_array_foreach(channels, i, channel)
	{
		char *number = read_number(reader, json_object_get(channel, "number"));
		const char *name = json_string_value(json_object_get(channel, "name"));
		add_channel(reader, number ? number : "-", name ? name : "");
		g_free(number);
	}
}

static uint32_t read_prejoin(struct reader *reader, const json_t *scenario)
{
	const json_t *value = json_object_get(scenario, "prejoin");
	uint32_t prejoin = 0;
	if (!json_is_string(value))
		return read_count(reader, scenario, "prejoin");
	if (!bench_prejoin_find(json_string_value(value), &prejoin))
		fail(reader, "\"prejoin\" is neither a number nor \"auto\" nor \"all\"");
	return prejoin;
}

static void read_scenario(struct reader *reader, const json_t *scenario)
{
	struct bench_run *run = reader->run;
	const char *started = json_string_value(json_object_get(scenario, "started"));
	run->settings = (struct bench_settings){
		.pattern = (enum bench_pattern)read_name(
			reader, scenario, "pattern", pattern_name, BENCH_PATTERNS, true),
		.wish = (enum bench_wish)read_name(
			reader, scenario, "only", wish_name, BENCH_WISHES, true),
		.seed = read_count(reader, scenario, "seed"),
		.zaps = read_count(reader, scenario, "zaps"),
		.dwell_ms = read_count(reader, scenario, "dwell_ms"),
		.gop_ms = read_count(reader, scenario, "gop_ms"),
		.prejoin = read_prejoin(reader, scenario),
		.learned = read_count(reader, scenario, "learned"),
		.storm_per_s = read_count(reader, scenario, "storm_per_s"),
		.storm_ms = read_count(reader, scenario, "storm_ms"),
	};
	run->limit_ms = read_count(reader, scenario, "limit_ms");
	run->duration_ns =
		(uint64_t)llround(read_ms_or_0(reader, scenario, "duration_ms") * NS_PER_MS);
	run->started = g_strdup(started);
	read_notes(json_object_get(scenario, "notes"), run, bench_run_add_scenario);
}

static void read_self_test(struct reader *reader, const json_t *test)
{
	const json_t *error = json_object_get(test, "error_ms");
	reader->run->self_test = (struct bench_self_test){
		.count = read_count(reader, test, "count"),
		.delay_ms = read_ms_or_0(reader, test, "delay_ms"),
		.p50_ms = read_ms_or_0(reader, error, "p50"),
		.p95_ms = read_ms_or_0(reader, error, "p95"),
		.p99_ms = read_ms_or_0(reader, error, "p99"),
		.max_ms = read_ms_or_0(reader, error, "max"),
	};
}

static void read_end(struct reader *reader, const json_t *end)
{
	bench_run_end(reader->run,
		(enum bench_end)read_name(reader, end, "reason", end_name, BENCH_ENDS, true),
		json_string_value(json_object_get(end, "why")));
}

static void read_milestones(struct reader *reader, const json_t *ms, struct bench_zap *zap)
{
	if (!json_is_object(ms))
		fail(reader, "it has no \"ms\"");
	for (enum zap_milestone i = 0; i < ZAP_MILESTONES; i++) {
		double at_ms = read_ms(reader, ms, bench_figure_name((enum bench_figure)i));
		if (!isnan(at_ms))
			zap->record.at_ns[i] =
				zap->scheduled_ns + (uint64_t)llround(at_ms * NS_PER_MS);
	}
	/* Others are stamped by several clocks, or are not of one way: PSI that was kept, sound. */
	uint64_t picture_ns = zap->record.at_ns[ZAP_PICTURE];
	uint64_t motion_ns = zap->record.at_ns[ZAP_MOTION];
	if (motion_ns && (!picture_ns || motion_ns < picture_ns))
		fail(reader, "\"motion\" comes before \"picture\"");
}

static void read_ahead(struct reader *reader, const json_t *ahead, struct bench_ahead *ret)
{
	*ret = (struct bench_ahead){
		.streams = read_count(reader, ahead, "streams"),
		.whole = read_count(reader, ahead, "whole"),
		.kbps = (uint32_t)fmin(
			round(read_ms_or_0(reader, ahead, "mbps") * 1e3), UINT32_MAX),
	};
}

static void read_zap(struct reader *reader, const json_t *value)
{
	struct bench_zap zap = {
		.action = (enum bench_action)read_name(
			reader, value, "press", action_name, BENCH_ACTIONS, true),
		.check = (enum bench_check)read_name(
			reader, value, "check", check_name, BENCH_CHECKS, true),
		.cut = (enum bench_cut)read_name(
			reader, value, "cut_off", cut_name, BENCH_CUTS, true),
	};
	zap.record = (struct zap_record){
		.n = read_count(reader, value, "n"),
		.from = read_channel(reader, value, "from"),
		.to = read_channel(reader, value, "to"),
		.kind = (enum zap_kind)read_name(
			reader, value, "kind", kind_name, BENCH_SUPERSEDED + 1, false),
		.result = (enum zap_result)read_name(
			reader, value, "result", result_name, ZAP_ERROR + 1, false),
	};
	zap.scheduled_ns =
		START_NS + (uint64_t)llround(read_ms_or_0(reader, value, "at_ms") * NS_PER_MS);
	zap.record.pressed_ns = zap.scheduled_ns;
	zap.waited_ns = (uint64_t)llround(read_ms_or_0(reader, value, "waited_ms") * NS_PER_MS);
	read_ahead(reader, json_object_get(value, "ahead"), &zap.ahead);
	read_milestones(reader, json_object_get(value, "ms"), &zap);
	const char *stamp = json_string_value(json_object_get(value, "report_stamp"));
	if (stamp && strcmp(stamp, "wire") == 0)
		zap.wire_ns = zap.record.at_ns[ZAP_REPORT];
	bench_run_add_zap(reader->run, &zap);
}

static void read_zaps(struct reader *reader, const json_t *zaps)
{
	size_t i;
	json_t *zap;
	if (!json_is_array(zaps))
		fail(reader, "it holds no \"zaps\"");
	json_array_foreach(zaps, i, zap)
	{
		read_zap(reader, zap);
		if (!reader->why)
			continue;
		char *why = reader->why;
		reader->why = g_strdup_printf("zap %zu: %s", i + 1, why);
		g_free(why);
		return;
	}
}

static void read_run(struct reader *reader, const json_t *root)
{
	reader->run->start_ns = START_NS;
	read_notes(json_object_get(root, "host"), reader->run, bench_run_add_host);
	read_scenario(reader, json_object_get(root, "scenario"));
	read_self_test(reader, json_object_get(root, "self_test"));
	reader->run->idle_presses = read_count(reader, root, "idle_presses");
	read_channels(reader, json_object_get(root, "channels"));
	read_zaps(reader, json_object_get(root, "zaps"));
	read_end(reader, json_object_get(root, "end"));
}

/* 0 where `root` is a report of this version. */
static int check_version(const json_t *root, char **ret_why)
{
	const json_t *version = json_object_get(root, "version");
	if (!json_is_integer(version) || !json_object_get(root, "zaps")) {
		*ret_why = g_strdup("it is no report of zapper bench");
		return -EILSEQ;
	}
	if (json_integer_value(version) == BENCH_VERSION)
		return 0;
	*ret_why = g_strdup_printf("it is of version %" JSON_INTEGER_FORMAT
				   ", and this zapper reads version %d only",
		json_integer_value(version), BENCH_VERSION);
	return -EPROTONOSUPPORT;
}

int bench_report_read(const char *text, size_t size, struct bench_run **ret, char **ret_why)
{
	json_error_t error;
	json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
	if (!root) {
		*ret_why = g_strdup_printf("it is no JSON: line %d: %s", error.line, error.text);
		return -EILSEQ;
	}
	int result = check_version(root, ret_why);
	if (result == 0) {
		struct reader reader = {.run = bench_run_new(),
			.channels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
		read_run(&reader, root);
		g_hash_table_destroy(reader.channels);
		if (reader.why) {
			bench_run_free(reader.run);
			*ret_why = reader.why;
			result = -EILSEQ;
		} else {
			*ret = reader.run;
		}
	}
	json_decref(root);
	return result;
}
