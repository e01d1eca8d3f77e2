#include "client/bench/result.h"

static const char *const check_names[BENCH_CHECKS] = {
	[BENCH_UNCHECKED] = "unchecked",
	[BENCH_GOOD] = "good",
	[BENCH_WHOLE] = "whole",
	[BENCH_DAMAGED] = "damaged",
	[BENCH_WRONG] = "wrong",
};

static const char *const cut_names[BENCH_CUTS] = {
	[BENCH_CUT_NONE] = "none",
	[BENCH_CUT_KEY] = "key",
	[BENCH_CUT_RUN] = "run",
};

static const char *const end_names[BENCH_ENDS] = {
	[BENCH_END_DONE] = "done",
	[BENCH_END_INTERRUPTED] = "interrupted",
	[BENCH_END_FAILED] = "failed",
};

static const char *const result_names[] = {
	[ZAP_OK] = "ok",
	[ZAP_TIMEOUT] = "timeout",
	[ZAP_ERROR] = "error",
};

static void free_channel(gpointer data)
{
	struct bench_channel *channel = data;
	g_free(channel->number);
	g_free(channel->name);
	g_free(channel);
}

static void free_note(gpointer data)
{
	struct bench_note *note = data;
	g_free(note->key);
	g_free(note->value);
	g_free(note);
}

struct bench_run *bench_run_new(void)
{
	struct bench_run *run = g_new0(struct bench_run, 1);
	run->zaps = g_array_new(FALSE, FALSE, sizeof(struct bench_zap));
	run->channels = g_ptr_array_new_with_free_func(free_channel);
	run->host = g_ptr_array_new_with_free_func(free_note);
	run->scenario = g_ptr_array_new_with_free_func(free_note);
	return run;
}

void bench_run_free(struct bench_run *run)
{
	if (!run)
		return;
	g_array_free(run->zaps, TRUE);
	g_ptr_array_free(run->channels, TRUE);
	g_ptr_array_free(run->host, TRUE);
	g_ptr_array_free(run->scenario, TRUE);
	g_free(run->end_why);
	g_free(run->started);
	g_free(run);
}

void bench_run_add_zap(struct bench_run *run, const struct bench_zap *zap)
{
	g_array_append_val(run->zaps, *zap);
}

void bench_run_add_channel(struct bench_run *run, const char *number, const char *name)
{
	struct bench_channel *channel = g_new(struct bench_channel, 1);
	channel->number = g_utf8_make_valid(number, -1);
	channel->name = g_utf8_make_valid(name, -1);
	g_ptr_array_add(run->channels, channel);
}

static void add_note(GPtrArray *notes, const char *key, const char *value)
{
	struct bench_note *note = g_new(struct bench_note, 1);
	note->key = g_utf8_make_valid(key, -1);
	note->value = g_utf8_make_valid(value, -1);
	g_ptr_array_add(notes, note);
}

void bench_run_add_host(struct bench_run *run, const char *key, const char *value)
{
	add_note(run->host, key, value);
}

void bench_run_add_scenario(struct bench_run *run, const char *key, const char *value)
{
	add_note(run->scenario, key, value);
}

/* Is `channel` of the line-up? One that is not is of no zap that could be heard again. */
static bool is_listed(const struct bench_run *run, int channel)
{
	return channel >= 0 && (guint)channel < run->channels->len;
}

static void find_sound(struct bench_run *run)
{
	bool *heard = g_new0(bool, run->channels->len + 1);
	for (guint i = 0; i < run->zaps->len; i++) {
		const struct zap_record *record = &bench_run_zap(run, i)->record;
		if (is_listed(run, record->to))
			heard[record->to] |= record->at_ns[ZAP_AUDIO] != 0;
	}
	for (guint i = 0; i < run->zaps->len; i++) {
		struct bench_zap *zap = &g_array_index(run->zaps, struct bench_zap, i);
		zap->has_sound = is_listed(run, zap->record.to) && heard[zap->record.to];
	}
	g_free(heard);
}

void bench_run_end(struct bench_run *run, enum bench_end end, const char *why)
{
	g_free(run->end_why);
	run->end = end;
	find_sound(run);
	run->end_why = why ? g_utf8_make_valid(why, -1) : NULL;
}

size_t bench_run_count(const struct bench_run *run)
{
	return run->zaps->len;
}

const struct bench_zap *bench_run_zap(const struct bench_run *run, size_t index)
{
	return &g_array_index(run->zaps, struct bench_zap, index);
}

const char *bench_run_number(const struct bench_run *run, int channel)
{
	if (!is_listed(run, channel))
		return "-";
	const struct bench_channel *found = g_ptr_array_index(run->channels, (guint)channel);
	return found->number;
}

const char *bench_check_name(enum bench_check check)
{
	return check_names[check];
}

const char *bench_cut_name(enum bench_cut cut)
{
	return cut_names[cut];
}

const char *bench_end_name(enum bench_end end)
{
	return end_names[end];
}

const char *bench_result_name(enum zap_result result)
{
	return result_names[result];
}
