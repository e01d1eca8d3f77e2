#include <errno.h>
#include <glib.h>
#include <string.h>

#include "client/bench/mix.h"
#include "client/bench/plan.h"
#include "client/zap.h"

#define NS_PER_MS UINT64_C(1000000)
/*
 * Taken for a zap's length while none was measured: half a GOP, if it is not warm, and a second to
 * see it move.
 */
#define MOTION_MS 1000

struct bench_plan {
	struct bench_settings settings;
	const struct bench_script *script;
	int channels;
	size_t done, total;
	uint32_t burst; /* presses of a storm, 1 where there is none */
	struct bench_random random;
	/* Drawn for the press that came last from bench_plan_next(). */
	enum bench_action mixed;
	uint64_t pick;
	int *ranks; /* BENCH_MIX: how dear each channel is to the viewer, from 0; NULL: all alike */
};

static const char *const pattern_names[BENCH_PATTERNS] = {
	[BENCH_UP] = "up",
	[BENCH_DOWN] = "down",
	[BENCH_RANDOM] = "random",
	[BENCH_LAST] = "last",
	[BENCH_NUMBER] = "number",
	[BENCH_MIX] = "mix",
	[BENCH_FILE] = "file",
};

static const char *const wish_names[BENCH_WISHES] = {
	[BENCH_ANY] = "any",
	[BENCH_COLD_ONLY] = "cold",
	[BENCH_WARM_ONLY] = "warm",
};

static bool find_name(const char *const *names, int count, const char *name, int *ret)
{
	for (int i = 0; i < count; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		*ret = i;
		return true;
	}
	return false;
}

const char *bench_pattern_name(enum bench_pattern pattern)
{
	return pattern_names[pattern];
}

bool bench_pattern_find(const char *name, enum bench_pattern *ret)
{
	int found;
	bool known = find_name(pattern_names, BENCH_PATTERNS, name, &found);
	if (known)
		*ret = (enum bench_pattern)found;
	return known;
}

const char *bench_wish_name(enum bench_wish wish)
{
	return wish_names[wish];
}

bool bench_wish_find(const char *name, enum bench_wish *ret)
{
	int found;
	bool known = find_name(wish_names, BENCH_WISHES, name, &found);
	if (known)
		*ret = (enum bench_wish)found;
	return known;
}

const char *bench_prejoin_name(char *buf, uint32_t prejoin)
{
	if (prejoin == BENCH_PREJOIN_ALL)
		return "all";
	if (prejoin == BENCH_PREJOIN_AUTO)
		return "auto";
	g_snprintf(buf, BENCH_PREJOIN_BYTES, "%u", prejoin);
	return buf;
}

bool bench_prejoin_find(const char *name, uint32_t *ret)
{
	guint64 streams = 0;
	if (strcmp(name, "all") == 0)
		streams = BENCH_PREJOIN_ALL;
	else if (strcmp(name, "auto") == 0)
		streams = BENCH_PREJOIN_AUTO;
	else if (!g_ascii_string_to_unsigned(name, 10, 0, BENCH_PREJOIN_AUTO - 1, &streams, NULL))
		return false;
	*ret = (uint32_t)streams;
	return true;
}

/* Why these settings can give no zap, NULL where they can. */
static const char *objection(
	const struct bench_settings *settings, size_t channels, const struct bench_script *script)
{
	if (channels == 0)
		return "the line-up is empty: there is nothing to zap to";
	if (channels == 1)
		return "the line-up has one channel: every key leads back to it, and there is "
		       "nothing to measure";
	if (settings->pattern == BENCH_FILE && (!script || !script->count))
		return "the pattern \"file\" wants a file of keys";
	if (settings->pattern != BENCH_FILE && !settings->zaps)
		return "a run of no zaps measures nothing";
	if (settings->pattern == BENCH_FILE && settings->wish != BENCH_ANY)
		return "a file of keys says itself what is pressed: it cannot be kept to cold or "
		       "to warm zaps";
	if (settings->storm_per_s && settings->pattern == BENCH_FILE)
		return "a file of keys has times of its own: no storm can be made of it";
	if (settings->storm_per_s && settings->wish == BENCH_WARM_ONLY)
		return "a storm waits for nothing: it cannot be kept to warm zaps";
	return NULL;
}

static uint32_t burst_of(const struct bench_settings *settings)
{
	uint64_t presses = (uint64_t)settings->storm_per_s * settings->storm_ms / 1000;
	return (uint32_t)CLAMP(presses, 1, UINT32_MAX);
}

int bench_plan_new(const struct bench_settings *settings, size_t channels,
	const struct bench_script *script, struct bench_plan **ret, char **ret_why)
{
	const char *why = objection(settings, channels, script);
	if (why) {
		*ret_why = g_strdup(why);
		return -EINVAL;
	}
	struct bench_plan *plan = g_new0(struct bench_plan, 1);
	plan->settings = *settings;
	plan->channels = (int)channels;
	plan->burst = burst_of(settings);
	plan->total = settings->zaps;
	if (settings->pattern == BENCH_FILE) {
		plan->script = script;
		plan->total = settings->zaps ? MIN(settings->zaps, script->count) : script->count;
	}
	if (settings->pattern == BENCH_MIX)
		plan->ranks = bench_mix_ranks(plan->channels);
	bench_random_seed(&plan->random, settings->seed);
	*ret = plan;
	return 0;
}

void bench_plan_free(struct bench_plan *plan)
{
	if (!plan)
		return;
	g_free(plan->ranks);
	g_free(plan);
}

static bool is_ahead(const struct bench_view *view, int channel)
{
	return view->ahead && view->ahead[channel] && channel != view->current;
}

/* Is there a warm zap to be had? Else any will do, and the run says what came of it. */
static bool wants_ahead(const struct bench_plan *plan, const struct bench_view *view)
{
	if (plan->settings.wish != BENCH_WARM_ONLY)
		return false;
	for (int i = 0; i < plan->channels; i++)
		if (is_ahead(view, i))
			return true;
	return false;
}

static uint32_t weight_of(const struct bench_plan *plan, int channel)
{
	return plan->ranks ? bench_mix_weight(plan->ranks[channel]) : 1;
}

/* One of the others; of those that are received ahead, where only they are wanted. */
static int pick(const struct bench_plan *plan, const struct bench_view *view, bool ahead)
{
	uint32_t all = 0, at;
	int found = ZAP_NO_CHANNEL;
	for (int i = 0; i < plan->channels; i++)
		if (i != view->current && (!ahead || is_ahead(view, i)))
			all += weight_of(plan, i);
	at = bench_random_scale(plan->pick, all);
	for (int i = 0; i < plan->channels && found == ZAP_NO_CHANNEL; i++) {
		if (i == view->current || (ahead && !is_ahead(view, i)))
			continue;
		if (at < weight_of(plan, i))
			found = i;
		else
			at -= weight_of(plan, i);
	}
	return found;
}

static enum bench_action wanted_action(const struct bench_plan *plan)
{
	switch (plan->settings.pattern) {
	case BENCH_UP:
		return BENCH_PRESS_UP;
	case BENCH_DOWN:
		return BENCH_PRESS_DOWN;
	case BENCH_LAST:
		return BENCH_PRESS_LAST;
	case BENCH_NUMBER:
		return BENCH_PRESS_NUMBER;
	case BENCH_MIX:
		return plan->mixed;
	default:
		return BENCH_PRESS_CHANNEL;
	}
}

int bench_plan_target(const struct bench_plan *plan, const struct bench_view *view,
	const struct bench_press *press)
{
	int current = view->current == ZAP_NO_CHANNEL ? 0 : view->current;
	switch (press->action) {
	case BENCH_PRESS_UP:
		return (current + 1) % plan->channels;
	case BENCH_PRESS_DOWN:
		return (current + plan->channels - 1) % plan->channels;
	case BENCH_PRESS_LAST:
		return view->last;
	default:
		return press->channel;
	}
}

void bench_plan_aim(
	const struct bench_plan *plan, const struct bench_view *view, struct bench_press *press)
{
	bool mixed = plan->settings.pattern == BENCH_MIX, ahead = wants_ahead(plan, view);
	if (plan->script)
		return;
	press->action = wanted_action(plan);
	press->channel = pick(plan, view, ahead);
	if (press->action == BENCH_PRESS_LAST && view->last == ZAP_NO_CHANNEL)
		press->action =
			mixed ? BENCH_PRESS_NUMBER : BENCH_PRESS_UP; /* to have a last one */
	if (press->action > BENCH_PRESS_LAST)
		return;
	int target = bench_plan_target(plan, view, press);
	if (mixed && ahead && !is_ahead(view, target))
		press->action = BENCH_PRESS_NUMBER;
	else
		press->channel = target;
}

/*
 * Every press takes the same count of random numbers, in this order, so that what one of them
 * needed does not change the ones after it.
 */
static void draw(struct bench_plan *plan, struct bench_press *ret)
{
	const struct bench_settings *settings = &plan->settings;
	plan->mixed = bench_mix_action(&plan->random);
	plan->pick = bench_random_next(&plan->random);
	uint32_t surf_ms = bench_mix_surf_ms(&plan->random);
	uint64_t phase_ns = bench_random_below(&plan->random, 1000000) *
			    (settings->gop_ms * NS_PER_MS) / 1000000;
	*ret = (struct bench_press){.from = BENCH_FROM_ZAP,
		.after_ns = settings->dwell_ms * NS_PER_MS + phase_ns,
		.phase_ns = phase_ns,
		.channel = ZAP_NO_CHANNEL};
	if (plan->done % plan->burst) {
		ret->from = BENCH_FROM_PRESS;
		ret->after_ns = UINT64_C(1000000000) / settings->storm_per_s;
	} else if (settings->pattern == BENCH_MIX && surf_ms) {
		/* Random on the scale of a GOP by itself. */
		ret->from = BENCH_FROM_PRESS;
		ret->after_ns = surf_ms * NS_PER_MS;
	}
}

static void take_key(const struct bench_plan *plan, struct bench_press *ret)
{
	const struct bench_key *key = &plan->script->keys[plan->done];
	uint64_t before_ns = plan->done ? key[-1].at_ns : 0;
	*ret = (struct bench_press){.from = BENCH_FROM_PRESS,
		.after_ns = key->at_ns - before_ns,
		.action = key->action,
		.channel = key->channel};
}

bool bench_plan_next(struct bench_plan *plan, struct bench_press *ret)
{
	if (plan->done == plan->total)
		return false;
	if (plan->script)
		take_key(plan, ret);
	else
		draw(plan, ret);
	plan->done++;
	return true;
}

size_t bench_plan_total(const struct bench_plan *plan)
{
	return plan->total;
}

size_t bench_plan_done(const struct bench_plan *plan)
{
	return plan->done;
}

static uint64_t script_left_ns(const struct bench_plan *plan)
{
	const struct bench_key *keys = plan->script->keys;
	return keys[plan->total - 1].at_ns - (plan->done ? keys[plan->done - 1].at_ns : 0);
}

/* Mean time between two presses. */
static uint64_t mean_ns(const struct bench_settings *settings, uint32_t burst, uint64_t zap_ns)
{
	uint64_t whole_ns = (settings->dwell_ms + settings->gop_ms / 2) * NS_PER_MS + zap_ns;
	if (burst > 1)
		return (whole_ns + (burst - 1) * (UINT64_C(1000000000) / settings->storm_per_s)) /
		       burst;
	if (settings->pattern != BENCH_MIX)
		return whole_ns;
	uint64_t surf_ns = (BENCH_SURF_MIN_MS + BENCH_SURF_MAX_MS) / 2 * NS_PER_MS;
	return (BENCH_SURF_PER_MILLE * surf_ns + (1000 - BENCH_SURF_PER_MILLE) * whole_ns) / 1000;
}

uint64_t bench_plan_left_ns(const struct bench_plan *plan, uint64_t zap_ns)
{
	const struct bench_settings *settings = &plan->settings;
	if (!zap_ns && settings->wish == BENCH_WARM_ONLY)
		zap_ns = MOTION_MS * NS_PER_MS;
	else if (!zap_ns)
		zap_ns = (settings->gop_ms / 2 + MOTION_MS) * NS_PER_MS;
	if (plan->script)
		return script_left_ns(plan) + zap_ns;
	return (plan->total - plan->done) * mean_ns(settings, plan->burst, zap_ns) + zap_ns;
}
