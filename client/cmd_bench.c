/* zapper bench: how long channel changes take, measured without a screen. */
#include "client/cmd_bench.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/app/bench.h"
#include "client/app/self_test.h"
#include "client/bench/report_text.h"
#include "client/bench/statistics.h"
#include "client/cmd_lineup.h"
#include "client/commands.h"
#include "client/options.h"
#include "client/settings.h"

#define SELF_TEST_DELAYS_ALONE 1000
#define NS_PER_MS UINT64_C(1000000)

void bench_say(char *sentence)
{
	fprintf(stderr, "zapper bench: %s\n", sentence);
	g_free(sentence);
}

int bench_refuse(char *why)
{
	fprintf(stderr, "zapper bench: %s (see 'zapper bench --help')\n", why);
	g_free(why);
	return EXIT_USAGE;
}

static void warn(void *ctx, const char *sentence)
{
	(void)ctx;
	fprintf(stderr, "%s\n", sentence);
}

/*
 * As of play, but for what would make runs differ: sinks and how many channels are received ahead
 * are what the command line says, and the key "last" always leads to the channel before.
 */
static int read_settings(struct settings *settings, const struct bench_args *args)
{
	const struct {
		const char *key, *value;
	} first[] = {{"play.video_sink", "none"}, {"play.audio_sink", "none"}, {"zap.prejoin", "0"},
		{"zap.watched_s", "0"}},
	  own[] = {{"net.iface", args->iface}, {"net.membership", args->membership},
		  {"zap.prejoin", args->prejoin}, {"play.video_sink", args->video_sink},
		  {"play.audio_sink", args->audio_sink}};
	char *why = NULL;
	settings_read_files(settings, warn, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(first); i++)
		settings_set(settings, first[i].key, first[i].value, &why);
	for (char **item = args->assignments; item && *item; item++)
		if (settings_assign(settings, *item, &why) < 0)
			return bench_refuse(why);
	for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
		if (own[i].value && settings_set(settings, own[i].key, own[i].value, &why) < 0)
			return bench_refuse(why);
	return EXIT_OK;
}

static int load_lineup(const char *db, struct channel_list **ret)
{
	int code = command_load_lineup(db, ret);
	if (code == EXIT_OK && (*ret)->count)
		return EXIT_OK;
	if (code == EXIT_OK || code == EXIT_NO_INPUT) {
		bench_say(g_strdup_printf("%sread a channel list first: zapper import [--db F] "
					  "LIST.m3u",
			code == EXIT_OK ? "the line-up is empty; " : ""));
		code = EXIT_NO_INPUT;
	}
	return code;
}

/* ---- the self-test ---- */

static int self_test_alone(void)
{
	struct bench_self_test test;
	char *why = NULL;
	if (self_test_run(SELF_TEST_DELAYS_ALONE, &test, &why) < 0) {
		bench_say(why);
		return EXIT_FAILED;
	}
	printf("the tool's own error in stamps of arrival, over %u known delays of %.0f ms while "
	       "nothing plays: p50 %.3f, p95 %.3f, p99 %.3f, max %.3f ms\n",
		test.count, test.delay_ms, test.p50_ms, test.p95_ms, test.p99_ms, test.max_ms);
	if (test.p99_ms > SELF_TEST_P99_MAX_MS)
		bench_say(g_strdup_printf("warning: that is large, p99 should be below %.1f ms: is "
					  "the machine busy?",
			SELF_TEST_P99_MAX_MS));
	return EXIT_OK;
}

/* ---- the run ---- */

/* Until everything that Ctrl-C would leave behind is looked after. */
static void hold_signals(bool hold)
{
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGQUIT);
	pthread_sigmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &ends, NULL);
}

/* What else decides how many channels are received ahead. */
static void note_budget(struct bench_run *run, const struct settings *settings)
{
	static const char *const keys[] = {"zap.prejoin_mbps", "zap.line_mbps"};
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
		if (settings_number(settings, keys[i]) > 0)
			bench_run_add_scenario(run, keys[i], settings_text(settings, keys[i]));
}

static struct bench_run *describe_run(const struct bench_args *args,
	const struct settings *settings, const struct channel_list *channels,
	const struct bench_schedule *schedule)
{
	struct bench_run *run = bench_run_new();
	char number[CHANNEL_NUMBER_BYTES];
	for (size_t i = 0; i < channels->count; i++)
		bench_run_add_channel(run, channel_number_format(&channels->channels[i], number),
			channels->channels[i].name);
	run->settings = schedule->settings;
	run->limit_ms = (uint32_t)args->limit_ms;
	bench_note_host(run);
	bench_note_settings(run, args->assignments);
	bench_note_load(run, "before");
	bench_run_add_scenario(
		run, "pictures checked by", "the packets' counters and the decoder's flags");
	if (args->keys)
		bench_run_add_scenario(run, "keys", args->keys);
	if (args->remember)
		bench_run_add_scenario(
			run, "remembered", "channels and habits, in the line-up's database");
	note_budget(run, settings);
	return run;
}

/*
 * All of them without a picture: most likely a mistake, which the table would not name. An exit
 * code.
 */
static int expect_pictures(const struct bench_run *run)
{
	size_t failed = 0;
	for (size_t i = 0; i < bench_run_count(run); i++)
		failed += bench_failed(bench_run_zap(run, i));
	if (!failed || failed < bench_run_count(run))
		return EXIT_OK;
	bench_say(g_strdup("no zap has shown a picture: does this line-up come to this "
			   "interface? ('zapper doctor' looks further)"));
	return EXIT_FAILED;
}

/* An exit code; *ret_ended: there is something to report. */
static int make_zaps(const struct bench_args *args, const struct settings *settings,
	const struct channel_list *channels, const struct bench_schedule *schedule,
	struct bench_run *run, bool *ret_ended)
{
	char *db = args->remember ? options_db_path(args->db) : NULL;
	struct app_options options = {.settings = settings,
		.channels = channels,
		.db = db,
		.iface = settings_text(settings, "net.iface"),
		.headless = true,
		.volume_percent = 100,
		.patience_ns = (uint64_t)args->limit_ms * NS_PER_MS};
	struct app_bench_options bench = {.plan = schedule->plan,
		.habits = schedule->habits,
		.run = run,
		.progress = isatty(STDERR_FILENO)};
	int code = app_bench(&options, &bench, ret_ended);
	g_free(db);
	return code;
}

/* The first of two exit codes that is not EXIT_OK. */
static int worse(int code, int next)
{
	return code == EXIT_OK ? next : code;
}

static int report(
	const struct bench_args *args, const struct bench_run *run, struct bench_reports *reports)
{
	int code =
		bench_reports_write(reports, run, args->json ? args->json : "this run", NULL, NULL);
	code = worse(code, bench_print(reports, run));
	return worse(code, expect_pictures(run));
}

static int open_reports(const struct bench_args *args, struct bench_reports *ret)
{
	char *db = options_db_path(args->db);
	const char *const inputs[] = {db, args->keys, NULL};
	int code = bench_reports_open(args, inputs, ret);
	g_free(db);
	return code;
}

static int run(const struct bench_args *args, const struct settings *settings,
	const struct channel_list *channels, const struct bench_schedule *schedule)
{
	struct bench_reports reports;
	bool ended = false;
	int code = open_reports(args, &reports);
	if (code != EXIT_OK)
		return code;
	hold_signals(true);
	struct bench_run *run = describe_run(args, settings, channels, schedule);
	code = make_zaps(args, settings, channels, schedule, run, &ended);
	/* The group is left: from now on a signal ends the program, and no report is begun. */
	hold_signals(false);
	if (ended) {
		bench_note_load(run, "after");
		code = worse(code, report(args, run, &reports));
	}
	bench_reports_discard(&reports);
	bench_run_free(run);
	return code;
}

/* ---- what is asked for ---- */

static int bench_lineup(const struct bench_args *args, const struct settings *settings)
{
	struct channel_list *channels = NULL;
	struct bench_schedule schedule = {0};
	int code = load_lineup(args->db, &channels);
	if (code == EXIT_OK)
		code = bench_schedule_make(
			args, settings_text(settings, "zap.prejoin"), channels, &schedule);
	if (code == EXIT_OK && args->dry_run)
		bench_schedule_print(&schedule, channels);
	else if (code == EXIT_OK)
		code = run(args, settings, channels, &schedule);
	bench_schedule_clear(&schedule);
	channel_list_free(channels);
	return code;
}

static int dispatch(const struct bench_args *args, char **argv)
{
	if (args->compare)
		return bench_compare_files(args, argv[1], argv[2]);
	if (args->read)
		return bench_read_again(args);
	if (args->self_test)
		return self_test_alone();
	struct settings *settings = settings_new();
	int code = read_settings(settings, args);
	if (code == EXIT_OK)
		code = bench_lineup(args, settings);
	settings_free(settings);
	return code;
}

int command_bench(int argc, char **argv)
{
	struct bench_args args;
	int code = bench_args_parse(&args, &argc, argv);
	if (code == EXIT_OK)
		code = dispatch(&args, argv);
	bench_args_clear(&args);
	return code;
}
