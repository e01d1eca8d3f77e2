/* zapper bench: from the command line to a plan, and that plan in print. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "client/cmd_bench.h"
#include "client/cmd_lineup.h"
#include "client/commands.h"
#include "client/zap.h"

static int find_channel(void *ctx, const char *text)
{
	uint32_t number, subnumber;
	if (channel_number_parse(text, &number, &subnumber) < 0)
		return -1;
	return (int)channel_list_find(ctx, number, subnumber);
}

static void report(void *ctx, const char *diagnostic)
{
	(void)ctx;
	fprintf(stderr, "%s\n", diagnostic);
}

static int read_script(
	const char *path, const struct channel_list *channels, struct bench_script **ret)
{
	const struct bench_script_reader reader = {
		.name = path, .find = find_channel, .report = report, .ctx = (void *)channels};
	GError *error = NULL;
	char *text = NULL;
	gsize size;
	if (!g_file_get_contents(path, &text, &size, &error)) {
		bench_say(g_strdup(error->message));
		bool forbidden = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_ACCES);
		g_error_free(error);
		return forbidden ? EXIT_NO_PERMISSION : EXIT_NO_INPUT;
	}
	int result = bench_script_parse(&reader, text, size, ret);
	g_free(text);
	return result < 0 ? EXIT_BAD_DATA : EXIT_OK;
}

static int settings_from(
	const struct bench_args *args, const char *prejoin, struct bench_settings *ret)
{
	*ret = (struct bench_settings){.pattern = args->keys ? BENCH_FILE : BENCH_RANDOM,
		.wish = args->cold_only	  ? BENCH_COLD_ONLY
			: args->warm_only ? BENCH_WARM_ONLY
					  : BENCH_ANY,
		.seed = (uint32_t)args->seed,
		.zaps = (uint32_t)args->zaps,
		.dwell_ms = (uint32_t)args->dwell_ms,
		.gop_ms = (uint32_t)args->gop_ms,
		.learned = (uint32_t)args->learn,
		.storm_per_s = (uint32_t)args->storm_per_s,
		.storm_ms = args->storm_per_s ? (uint32_t)args->storm_ms : 0};
	if (args->cold_only && args->warm_only)
		return bench_refuse(g_strdup("--cold-only and --warm-only exclude each other"));
	if (args->cold_only && strcmp(prejoin, "0") != 0)
		return bench_refuse(g_strdup_printf("--cold-only receives nothing ahead, and "
						    "excludes --prejoin %s",
			prejoin));
	if (args->warm_only && !strcmp(prejoin, "0"))
		return bench_refuse(g_strdup("--warm-only wants channels received ahead: say how "
					     "many with --prejoin N, auto or all"));
	if (args->learn && args->keys)
		return bench_refuse(g_strdup("of --keys there is nothing more to --learn"));
	bench_prejoin_find(prejoin, &ret->prejoin);
	if (args->pattern && args->keys)
		return bench_refuse(g_strdup("--keys is a pattern of its own"));
	if (args->pattern &&
		(!bench_pattern_find(args->pattern, &ret->pattern) || ret->pattern == BENCH_FILE))
		return bench_refuse(g_strdup_printf(
			"there is no pattern '%s': it is up, down, random, last, number or mix "
			"(or --keys FILE)",
			args->pattern));
	return EXIT_OK;
}

/* Of the same viewer at another time: his ways, but none of the presses that will be measured. */
static struct bench_plan *make_habits(
	const struct bench_settings *settings, const struct channel_list *channels)
{
	struct bench_settings before = *settings;
	struct bench_plan *habits = NULL;
	char *why = NULL;
	before.seed = ~settings->seed;
	before.zaps = settings->learned;
	before.wish = BENCH_ANY;
	before.storm_per_s = 0;
	if (before.zaps)
		bench_plan_new(&before, channels->count, NULL, &habits, &why);
	return habits;
}

int bench_schedule_make(const struct bench_args *args, const char *prejoin,
	const struct channel_list *channels, struct bench_schedule *ret)
{
	char *why = NULL;
	int code = settings_from(args, prejoin, &ret->settings);
	if (code == EXIT_OK && args->keys)
		code = read_script(args->keys, channels, &ret->script);
	if (code != EXIT_OK)
		return code;
	if (bench_plan_new(&ret->settings, channels->count, ret->script, &ret->plan, &why) < 0) {
		bench_say(why);
		return channels->count < 2 ? EXIT_NO_INPUT : EXIT_USAGE;
	}
	ret->habits = make_habits(&ret->settings, channels);
	return EXIT_OK;
}

void bench_schedule_clear(struct bench_schedule *schedule)
{
	bench_plan_free(schedule->plan);
	bench_plan_free(schedule->habits);
	bench_script_free(schedule->script);
}

/* ---- the plan in print ---- */

static void print_press(const struct bench_plan *plan, const struct bench_press *next,
	const struct channel_list *channels, int from, int to)
{
	char before[CHANNEL_NUMBER_BYTES], after[CHANNEL_NUMBER_BYTES];
	printf("%6zu  %9.3f ms after the %s  %-7s  %s -> %s\n", bench_plan_done(plan),
		(double)next->after_ns / 1e6,
		next->from == BENCH_FROM_ZAP ? "last zap  " : "last press",
		bench_action_name(next->action),
		channel_number_format(&channels->channels[from], before),
		channel_number_format(&channels->channels[to], after));
}

/* Each zap is taken to succeed, and each channel to count as watched. */
void bench_schedule_print(
	const struct bench_schedule *schedule, const struct channel_list *channels)
{
	struct bench_view view = {.current = 0, .last = ZAP_NO_CHANNEL};
	struct bench_press next;
	while (bench_plan_next(schedule->plan, &next)) {
		bench_plan_aim(schedule->plan, &view, &next);
		int from = view.current;
		int to = bench_plan_target(schedule->plan, &view, &next);
		if (to != from && to != ZAP_NO_CHANNEL)
			view = (struct bench_view){.current = to, .last = from};
		print_press(schedule->plan, &next, channels, from, view.current);
	}
}
