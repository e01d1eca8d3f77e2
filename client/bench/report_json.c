#include <jansson.h>
#include <math.h>
#include <string.h>

#include "client/bench/report_json.h"

/* Nanoseconds survive in the milliseconds of a run of months. */
#define JSON_FLAGS (JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15))

static json_t *time_json(double ms)
{
	if (isnan(ms))
		return json_null();
	return isinf(ms) ? json_string(BENCH_BEYOND_LIMIT) : json_real(ms);
}

/* Like everywhere in zapper: 5, or "5.1" where there is a sub-channel; null for none. */
static json_t *channel_json(const struct bench_run *run, int channel)
{
	const char *number = bench_run_number(run, channel);
	if (strcmp(number, "-") == 0)
		return json_null();
	bool whole = number[strspn(number, "0123456789")] == '\0' && strlen(number) <= 15;
	return whole && *number ? json_integer(g_ascii_strtoll(number, NULL, 10))
				: json_string(number);
}

static json_t *notes_json(const GPtrArray *notes)
{
	json_t *object = json_object();
	for (guint i = 0; i < notes->len; i++) {
		const struct bench_note *note = g_ptr_array_index(notes, i);
		json_object_set_new(object, note->key, json_string(note->value));
	}
	return object;
}

/* A number where it is one, else "auto" or "all". */
static json_t *prejoin_json(uint32_t prejoin)
{
	char text[BENCH_PREJOIN_BYTES];
	bool word = prejoin == BENCH_PREJOIN_ALL || prejoin == BENCH_PREJOIN_AUTO;
	return word ? json_string(bench_prejoin_name(text, prejoin)) : json_integer(prejoin);
}

static json_t *scenario_json(const struct bench_run *run)
{
	const struct bench_settings *settings = &run->settings;
	json_t *limit = run->limit_ms ? json_integer(run->limit_ms) : json_null();
	return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:o, s:s?, s:f, s:o}",
		"pattern", bench_pattern_name(settings->pattern), "only",
		bench_wish_name(settings->wish), "seed", (json_int_t)settings->seed, "zaps",
		(json_int_t)settings->zaps, "dwell_ms", (json_int_t)settings->dwell_ms, "gop_ms",
		(json_int_t)settings->gop_ms, "prejoin", prejoin_json(settings->prejoin), "learned",
		(json_int_t)settings->learned, "storm_per_s", (json_int_t)settings->storm_per_s,
		"storm_ms", (json_int_t)settings->storm_ms, "limit_ms", limit, "started",
		run->started, "duration_ms", (double)run->duration_ns / 1e6, "notes",
		notes_json(run->scenario));
}

static json_t *self_test_json(const struct bench_self_test *test)
{
	if (!test->count)
		return json_null();
	return json_pack("{s:I, s:f, s:{s:f, s:f, s:f, s:f}}", "count", (json_int_t)test->count,
		"delay_ms", test->delay_ms, "error_ms", "p50", test->p50_ms, "p95", test->p95_ms,
		"p99", test->p99_ms, "max", test->max_ms);
}

static json_t *channels_json(const struct bench_run *run)
{
	json_t *channels = json_array();
	for (guint i = 0; i < run->channels->len; i++) {
		const struct bench_channel *channel = g_ptr_array_index(run->channels, i);
		json_array_append_new(
			channels, json_pack("{s:o, s:s}", "number", channel_json(run, (int)i),
					  "name", channel->name));
	}
	return channels;
}

/* What was reached; the zap's result says of the rest whether it was ever to come. */
static json_t *milestone_json(const struct bench_zap *zap, enum zap_milestone milestone)
{
	uint64_t at_ns = zap->record.at_ns[milestone];
	if (milestone == ZAP_REPORT && zap->wire_ns)
		at_ns = zap->wire_ns;
	if (!at_ns)
		return json_null();
	return json_real(at_ns > zap->scheduled_ns ? (double)(at_ns - zap->scheduled_ns) / 1e6 : 0);
}

static json_t *ahead_json(const struct bench_ahead *ahead)
{
	return json_pack("{s:I, s:I, s:f}", "streams", (json_int_t)ahead->streams, "whole",
		(json_int_t)ahead->whole, "mbps", ahead->kbps / 1e3);
}

static json_t *zap_json(const struct bench_run *run, const struct bench_zap *zap)
{
	const struct zap_record *record = &zap->record;
	json_t *ms = json_object();
	for (enum zap_milestone i = 0; i < ZAP_MILESTONES; i++)
		json_object_set_new(
			ms, bench_figure_name((enum bench_figure)i), milestone_json(zap, i));
	double at_ms = ((double)zap->scheduled_ns - (double)run->start_ns) / 1e6;
	return json_pack("{s:I, s:o, s:o, s:s, s:s, s:s, s:f, s:s, s:s, s:s, s:o, s:f, s:o}", "n",
		(json_int_t)record->n, "from", channel_json(run, record->from), "to",
		channel_json(run, record->to), "kind",
		bench_class_name((enum bench_class)record->kind), "result",
		bench_result_name(record->result), "cut_off", bench_cut_name(zap->cut), "at_ms",
		at_ms, "press", bench_action_name(zap->action), "check",
		bench_check_name(zap->check), "report_stamp", zap->wire_ns ? "wire" : "program",
		"ahead", ahead_json(&zap->ahead), "waited_ms", (double)zap->waited_ns / 1e6, "ms",
		ms);
}

static json_t *percentiles_json(const struct bench_sample *sample)
{
	if (!sample->count)
		return json_null();
	return json_pack("{s:I, s:o, s:o, s:o, s:o}", "n", (json_int_t)sample->count, "p50",
		time_json(bench_percentile(sample, 50)), "p95",
		time_json(bench_percentile(sample, 95)), "p99",
		time_json(bench_percentile(sample, 99)), "max",
		time_json(bench_percentile(sample, 100)));
}

static json_t *summary_json(const struct bench_statistics *statistics)
{
	json_t *summary = json_object();
	for (enum bench_class kind = 0; kind < BENCH_CLASSES; kind++) {
		if (!statistics->zaps[kind]) {
			json_object_set_new(summary, bench_class_name(kind), json_null());
			continue;
		}
		json_t *figures = json_pack("{s:I, s:I, s:I, s:I, s:I}", "zaps",
			(json_int_t)statistics->zaps[kind], "failed",
			(json_int_t)statistics->failed[kind], "never_moved",
			(json_int_t)statistics->still[kind], "never_heard",
			(json_int_t)statistics->unheard[kind], "cut_off",
			(json_int_t)statistics->cut[kind]);
		for (enum bench_figure figure = 0; figure < BENCH_FIGURES; figure++)
			json_object_set_new(figures, bench_figure_name(figure),
				percentiles_json(&statistics->samples[kind][figure]));
		json_object_set_new(summary, bench_class_name(kind), figures);
	}
	return summary;
}

/* Appends `"name":value` with what separates it from the member before; takes the value over. */
static void append_member(GString *out, const char *name, json_t *value)
{
	char *text = json_dumps(value, JSON_FLAGS);
	g_string_append_printf(out, ",\n\"%s\":%s", name, text);
	free(text);
	json_decref(value);
}

static void append_zaps(GString *out, const struct bench_run *run)
{
	g_string_append(out, ",\n\"zaps\":[");
	for (size_t i = 0; i < bench_run_count(run); i++) {
		json_t *zap = zap_json(run, bench_run_zap(run, i));
		char *text = json_dumps(zap, JSON_FLAGS);
		g_string_append_printf(out, "%s\n%s", i ? "," : "", text);
		free(text);
		json_decref(zap);
	}
	g_string_append(out, "]");
}

void bench_report_json(
	const struct bench_run *run, const struct bench_statistics *statistics, GString *out)
{
	g_string_append_printf(out, "{\"version\":%d", BENCH_VERSION);
	append_member(out, "host", notes_json(run->host));
	append_member(out, "scenario", scenario_json(run));
	append_member(out, "self_test", self_test_json(&run->self_test));
	append_member(out, "end",
		json_pack("{s:s, s:s?}", "reason", bench_end_name(run->end), "why", run->end_why));
	append_member(out, "idle_presses", json_integer(run->idle_presses));
	append_member(out, "channels", channels_json(run));
	append_zaps(out, run);
	append_member(out, "summary", summary_json(statistics));
	g_string_append(out, "}\n");
}
