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

#define SELF_TEST_DELAYS 200
/* Where nothing but the self-test is wanted. */
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

static void run_self_test(struct bench_run *run)
{
	char *why = NULL;
	if (self_test_run(SELF_TEST_DELAYS, &run->self_test, &why) < 0)
		bench_say(g_strdup_printf("warning: %s", why));
	g_free(why);
}

static int self_test_alone(void)
{
	struct bench_self_test test;
	char *why = NULL;
	if (self_test_run(SELF_TEST_DELAYS_ALONE, &test, &why) < 0) {
		bench_say(why);
		return EXIT_FAILED;
	}
	printf("the tool's own error over %u known delays of %.0f ms: p50 %.3f, p95 %.3f, p99 "
	       "%.3f, max %.3f ms\n",
		test.count, test.delay_ms, test.p50_ms, test.p95_ms, test.p99_ms, test.max_ms);
	return EXIT_OK;
}

/* ---- the run ---- */

/* What is at work while the zaps are made. */
struct session {
	struct bench_run *run;
	struct bench_reports *reports;
	bool ended;
	int code; /* of writing the reports */
};

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

static void on_ended(void *ctx)
{
	struct session *session = ctx;
	const char *json = session->reports->paths[BENCH_REPORT_JSON];
	session->ended = true;
	session->code = bench_reports_write(
		session->reports, session->run, json ? json : "this run", NULL, NULL);
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

/* All of them without a picture: most likely a mistake, which the table would not name. */
static void say_if_nothing_came(const struct bench_run *run)
{
	size_t failed = 0;
	for (size_t i = 0; i < bench_run_count(run); i++)
		failed += bench_failed(bench_run_zap(run, i));
	if (failed && failed == bench_run_count(run))
		bench_say(g_strdup("no zap has shown a picture: does this line-up come to this "
				   "interface? ('zapper doctor' looks further)"));
}

static int make_zaps(const struct bench_args *args, const struct settings *settings,
	const struct channel_list *channels, const struct bench_schedule *schedule,
	struct session *session)
{
	char *db = args->remember ? options_db_path(args->db) : NULL;
	struct app_options options = {.settings = settings,
		.channels = channels,
		.db = db,
		.iface = settings_text(settings, "net.iface"),
		.headless = true,
		.patience_ns = (uint64_t)args->limit_ms * NS_PER_MS};
	struct app_bench_options bench = {.plan = schedule->plan,
		.habits = schedule->habits,
		.run = session->run,
		.progress = isatty(STDERR_FILENO),
		.ended = on_ended,
		.ctx = session};
	int code = app_bench(&options, &bench);
	g_free(db);
	return code;
}

static int run(const struct bench_args *args, const struct settings *settings,
	const struct channel_list *channels, const struct bench_schedule *schedule)
{
	struct bench_reports reports;
	hold_signals(true);
	int code = bench_reports_open(args, &reports);
	if (code != EXIT_OK)
		return code;
	struct session session = {
		.run = describe_run(args, settings, channels, schedule), .reports = &reports};
	run_self_test(session.run);
	code = make_zaps(args, settings, channels, schedule, &session);
	bench_reports_discard(&reports);
	hold_signals(false);
	if (session.ended) {
		int printed = bench_print(session.run);
		code = code == EXIT_OK ? printed : code;
		say_if_nothing_came(session.run);
	}
	bench_run_free(session.run);
	return code == EXIT_OK ? session.code : code;
}

/* ---- the command line ---- */

static int check_numbers(const struct bench_args *args)
{
	const struct {
		const char *name;
		gint64 value, min, max;
	} numbers[] = {
		{"--zaps", args->zaps, -1, 1000000},
		{"--seed", args->seed, 0, UINT32_MAX},
		{"--dwell", args->dwell_ms, 0, 86400000},
		{"--gop", args->gop_ms, 0, 60000},
		{"--learn", args->learn, 0, 1000000},
		{"--storm", args->storm_per_s, 0, 1000},
		{"--storm-length", args->storm_ms, 1, 600000},
		{"--limit", args->limit_ms, 100, 600000},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		if (numbers[i].value < numbers[i].min || numbers[i].value > numbers[i].max)
			return bench_refuse(g_strdup_printf("%s takes %" G_GINT64_FORMAT
							    " to %" G_GINT64_FORMAT,
				numbers[i].name, numbers[i].min, numbers[i].max));
	return EXIT_OK;
}

static int check(const struct bench_args *args, int argc, char **argv)
{
	if (args->compare && argc != 3)
		return bench_refuse(g_strdup("--compare takes two reports that --json wrote"));
	if (args->compare && (args->json || args->csv || args->read))
		return bench_refuse(g_strdup("of --compare there is a table and --html"));
	if (!args->compare && argc > 1)
		return bench_refuse(g_strdup_printf("unexpected argument '%s'", argv[1]));
	return check_numbers(args);
}

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

static int dispatch(const struct bench_args *args, int argc, char **argv)
{
	int code = check(args, argc, argv);
	if (code != EXIT_OK)
		return code;
	if (args->compare)
		return bench_compare_files(args, argv[1], argv[2]);
	if (args->read)
		return bench_read_again(args);
	if (args->self_test)
		return self_test_alone();
	struct settings *settings = settings_new();
	code = read_settings(settings, args);
	if (code == EXIT_OK)
		code = bench_lineup(args, settings);
	settings_free(settings);
	return code;
}

static void args_clear(struct bench_args *args)
{
	char *texts[] = {args->db, args->iface, args->membership, args->prejoin, args->video_sink,
		args->audio_sink, args->pattern, args->keys, args->json, args->csv, args->html,
		args->read};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_strfreev(args->assignments);
}

int command_bench(int argc, char **argv)
{
	struct bench_args args = {.zaps = -1,
		.seed = 1,
		.gop_ms = BENCH_GOP_MS_DEFAULT,
		.storm_ms = 1000,
		.limit_ms = 5000};
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &args.db, "The line-up's database", "F"},
		{"iface", 0, 0, G_OPTION_ARG_STRING, &args.iface, "Network interface", "IF"},
		{"membership", 0, 0, G_OPTION_ARG_STRING, &args.membership,
			"Who speaks IGMP: zapper (raw) or the kernel", "auto|raw|kernel"},
		{"zaps", 0, 0, G_OPTION_ARG_INT64, &args.zaps, "How many (100; all of a file)",
			"N"},
		{"pattern", 0, 0, G_OPTION_ARG_STRING, &args.pattern,
			"up, down, random (the default), last, number or mix", "P"},
		{"keys", 0, 0, G_OPTION_ARG_FILENAME, &args.keys,
			"Press what a file says instead: lines of \"seconds key\"", "FILE"},
		{"seed", 0, 0, G_OPTION_ARG_INT64, &args.seed,
			"The same seed gives the same zaps (1)", "N"},
		{"dwell", 0, 0, G_OPTION_ARG_INT64, &args.dwell_ms,
			"Stay so long after each zap (0)", "MS"},
		{"gop", 0, 0, G_OPTION_ARG_INT64, &args.gop_ms,
			"and by chance up to so long more (2000)", "MS"},
		{"prejoin", 0, 0, G_OPTION_ARG_STRING, &args.prejoin,
			"Receive so many channels ahead (0)", "auto|all|N"},
		{"cold-only", 0, 0, G_OPTION_ARG_NONE, &args.cold_only, "Receive nothing ahead",
			NULL},
		{"warm-only", 0, 0, G_OPTION_ARG_NONE, &args.warm_only,
			"Only to channels that are received ahead, and when they are warm", NULL},
		{"learn", 0, 0, G_OPTION_ARG_INT64, &args.learn,
			"Know the viewer's habits from so many presses before (0)", "N"},
		{"remember", 0, 0, G_OPTION_ARG_NONE, &args.remember,
			"Remember channels and habits in the line-up's database, as play does",
			NULL},
		{"storm", 0, 0, G_OPTION_ARG_INT64, &args.storm_per_s,
			"Instead of one key, so many a second", "N"},
		{"storm-length", 0, 0, G_OPTION_ARG_INT64, &args.storm_ms, "for so long (1000)",
			"MS"},
		{"limit", 0, 0, G_OPTION_ARG_INT64, &args.limit_ms,
			"Wait so long for a picture, at least (5000)", "MS"},
		{"json", 0, 0, G_OPTION_ARG_FILENAME, &args.json, "Write all of it as JSON", "F"},
		{"csv", 0, 0, G_OPTION_ARG_FILENAME, &args.csv, "Write a row for each zap", "F"},
		{"html", 0, 0, G_OPTION_ARG_FILENAME, &args.html, "Write a page that shows it",
			"F"},
		{"video-sink", 0, 0, G_OPTION_ARG_STRING, &args.video_sink,
			"As of play; none (the default)", "S"},
		{"audio-sink", 0, 0, G_OPTION_ARG_STRING, &args.audio_sink,
			"As of play; none (the default)", "S"},
		{"dry-run", 0, 0, G_OPTION_ARG_NONE, &args.dry_run,
			"Only print what would be pressed", NULL},
		{"self-test", 0, 0, G_OPTION_ARG_NONE, &args.self_test,
			"Only measure the tool's own error", NULL},
		{"read", 0, 0, G_OPTION_ARG_FILENAME, &args.read,
			"Report of this JSON again, instead of a run", "F"},
		{"compare", 0, 0, G_OPTION_ARG_NONE, &args.compare,
			"Compare the run B with A: --compare A B", NULL},
		{"option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &args.assignments,
			"Set what zapper.conf(5) describes", "SECTION.KEY=VALUE"},
		G_OPTION_ENTRY_NULL,
	};
	int code = options_parse(entries, "[A B]",
		"Measures how long channel changes take, from the key to the moving picture.\n"
		"Ctrl-C ends a run early; its reports are complete.",
		&argc, &argv);
	if (code == EXIT_OK)
		code = dispatch(&args, argc, argv);
	args_clear(&args);
	return code;
}
