/* zapper bench: its command line. */
#include "client/cmd_bench.h"
#include "client/commands.h"
#include "client/options.h"

/* A number that was not given. */
#define UNSET G_MININT64
#define DEFAULT_ZAPS 100

/* ---- what goes together ---- */

struct option {
	const char *name;
	bool given;
};

static const char *first_given(const struct option *options, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (options[i].given)
			return options[i].name;
	return NULL;
}

/* An option that says how a run is to be made; NULL: none was given. */
static const char *run_option(const struct bench_args *args)
{
	const struct option options[] = {
		{"--db", args->db},
		{"--iface", args->iface},
		{"--membership", args->membership},
		{"--zaps", args->zaps != UNSET},
		{"--pattern", args->pattern},
		{"--keys", args->keys},
		{"--seed", args->seed != UNSET},
		{"--dwell", args->dwell_ms != UNSET},
		{"--gop", args->gop_ms != UNSET},
		{"--prejoin", args->prejoin},
		{"--cold-only", args->cold_only},
		{"--warm-only", args->warm_only},
		{"--learn", args->learn != UNSET},
		{"--remember", args->remember},
		{"--storm", args->storm_per_s != UNSET},
		{"--storm-length", args->storm_ms != UNSET},
		{"--limit", args->limit_ms != UNSET},
		{"--video-sink", args->video_sink},
		{"--audio-sink", args->audio_sink},
		{"--option", args->assignments},
	};
	return first_given(options, G_N_ELEMENTS(options));
}

static const char *report_option(const struct bench_args *args, bool html_too)
{
	const struct option options[] = {
		{"--json", args->json}, {"--csv", args->csv}, {"--html", html_too && args->html}};
	return first_given(options, G_N_ELEMENTS(options));
}

static int refuse_beside(const char *mode, const char *option)
{
	return bench_refuse(g_strdup_printf("%s is of no use with %s", option, mode));
}

/* What would be ignored is refused: who gives it believes that it does something. */
static int check_mode(const struct bench_args *args)
{
	const struct option modes[] = {{"--compare", args->compare}, {"--read", args->read},
		{"--self-test", args->self_test}, {"--dry-run", args->dry_run}};
	for (size_t i = 0; i < G_N_ELEMENTS(modes); i++) {
		if (!modes[i].given)
			continue;
		const char *other = first_given(modes + i + 1, G_N_ELEMENTS(modes) - i - 1);
		if (!other && !args->dry_run)
			other = run_option(args);
		if (!other && !args->read)
			other = report_option(args, !args->compare);
		return other ? refuse_beside(modes[i].name, other) : EXIT_OK;
	}
	if (args->storm_ms != UNSET && args->storm_per_s == UNSET)
		return bench_refuse(g_strdup("--storm-length is of no use without --storm"));
	return EXIT_OK;
}

/* ---- numbers ---- */

/* One that was not given gets `fallback`. */
static int take_number(const char *name, gint64 *number, gint64 fallback, gint64 min, gint64 max)
{
	if (*number == UNSET)
		*number = fallback;
	else if (*number < min || *number > max)
		return bench_refuse(g_strdup_printf(
			"%s takes %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, name, min, max));
	return EXIT_OK;
}

/* So many zaps that at least one storm is whole. */
static gint64 default_zaps(const struct bench_args *args)
{
	if (args->keys)
		return 0;
	return MAX(DEFAULT_ZAPS, args->storm_per_s * args->storm_ms / 1000);
}

static int take_numbers(struct bench_args *args)
{
	struct {
		const char *name;
		gint64 *number, fallback, min, max;
	} numbers[] = {
		{"--seed", &args->seed, 1, 0, UINT32_MAX},
		{"--dwell", &args->dwell_ms, 0, 0, 86400000},
		{"--gop", &args->gop_ms, BENCH_GOP_MS_DEFAULT, 0, 60000},
		{"--learn", &args->learn, 0, 0, 1000000},
		{"--storm", &args->storm_per_s, 0, 0, 1000},
		{"--storm-length", &args->storm_ms, 1000, 1, 600000},
		{"--limit", &args->limit_ms, 5000, 100, 600000},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
		int code = take_number(numbers[i].name, numbers[i].number, numbers[i].fallback,
			numbers[i].min, numbers[i].max);
		if (code != EXIT_OK)
			return code;
	}
	return take_number("--zaps", &args->zaps, default_zaps(args), 1, 1000000);
}

/* ---- the whole of it ---- */

static int check(struct bench_args *args, int argc, char **argv)
{
	if (args->compare && argc != 3)
		return bench_refuse(g_strdup("--compare takes two reports that --json wrote"));
	if (!args->compare && argc > 1)
		return bench_refuse(g_strdup_printf("unexpected argument '%s'", argv[1]));
	int code = check_mode(args);
	return code == EXIT_OK ? take_numbers(args) : code;
}

/* A line of it for each option, so it is as long as they are many. */
int bench_args_parse(struct bench_args *args, int *argc, char **argv)
{
	*args = (struct bench_args){.zaps = UNSET,
		.seed = UNSET,
		.dwell_ms = UNSET,
		.gop_ms = UNSET,
		.learn = UNSET,
		.storm_per_s = UNSET,
		.storm_ms = UNSET,
		.limit_ms = UNSET};
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &args->db, "The line-up's database", "F"},
		{"iface", 0, 0, G_OPTION_ARG_STRING, &args->iface, "Network interface", "IF"},
		{"membership", 0, 0, G_OPTION_ARG_STRING, &args->membership,
			"Who speaks IGMP: zapper (raw) or the kernel", "auto|raw|kernel"},
		{"zaps", 0, 0, G_OPTION_ARG_INT64, &args->zaps, "How many (100; all of a file)",
			"N"},
		{"pattern", 0, 0, G_OPTION_ARG_STRING, &args->pattern,
			"up, down, random (the default), last, number or mix", "P"},
		{"keys", 0, 0, G_OPTION_ARG_FILENAME, &args->keys,
			"Press what a file says instead: lines of \"seconds key\"", "FILE"},
		{"seed", 0, 0, G_OPTION_ARG_INT64, &args->seed,
			"The same seed gives the same zaps (1)", "N"},
		{"dwell", 0, 0, G_OPTION_ARG_INT64, &args->dwell_ms,
			"Stay so long after each zap (0)", "MS"},
		{"gop", 0, 0, G_OPTION_ARG_INT64, &args->gop_ms,
			"and by chance up to so long more (2000)", "MS"},
		{"prejoin", 0, 0, G_OPTION_ARG_STRING, &args->prejoin,
			"Receive so many channels ahead (0)", "auto|all|N"},
		{"cold-only", 0, 0, G_OPTION_ARG_NONE, &args->cold_only, "Receive nothing ahead",
			NULL},
		{"warm-only", 0, 0, G_OPTION_ARG_NONE, &args->warm_only,
			"Only to channels that are received ahead, and when they are warm", NULL},
		{"learn", 0, 0, G_OPTION_ARG_INT64, &args->learn,
			"Know the viewer's habits from so many presses before (0)", "N"},
		{"remember", 0, 0, G_OPTION_ARG_NONE, &args->remember,
			"Remember channels and habits in the line-up's database, as play does",
			NULL},
		{"storm", 0, 0, G_OPTION_ARG_INT64, &args->storm_per_s,
			"Instead of one key, so many a second", "N"},
		{"storm-length", 0, 0, G_OPTION_ARG_INT64, &args->storm_ms, "for so long (1000)",
			"MS"},
		{"limit", 0, 0, G_OPTION_ARG_INT64, &args->limit_ms,
			"Wait so long for a picture, at least (5000)", "MS"},
		{"json", 0, 0, G_OPTION_ARG_FILENAME, &args->json, "Write all of it as JSON", "F"},
		{"csv", 0, 0, G_OPTION_ARG_FILENAME, &args->csv, "Write a row for each zap", "F"},
		{"html", 0, 0, G_OPTION_ARG_FILENAME, &args->html, "Write a page that shows it",
			"F"},
		{"video-sink", 0, 0, G_OPTION_ARG_STRING, &args->video_sink,
			"As of play; none (the default)", "S"},
		{"audio-sink", 0, 0, G_OPTION_ARG_STRING, &args->audio_sink,
			"As of play; none (the default)", "S"},
		{"dry-run", 0, 0, G_OPTION_ARG_NONE, &args->dry_run,
			"Only print what would be pressed", NULL},
		{"self-test", 0, 0, G_OPTION_ARG_NONE, &args->self_test,
			"Only measure the tool's own error", NULL},
		{"read", 0, 0, G_OPTION_ARG_FILENAME, &args->read,
			"Report of this JSON again, instead of a run", "F"},
		{"compare", 0, 0, G_OPTION_ARG_NONE, &args->compare,
			"Compare the run B with A: --compare A B", NULL},
		{"option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &args->assignments,
			"Set what zapper.conf(5) describes", "SECTION.KEY=VALUE"},
		G_OPTION_ENTRY_NULL,
	};
	int code = options_parse(entries, "[A B]",
		"Measures how long channel changes take, from the key to the moving picture.\n"
		"Ctrl-C ends a run early; its reports are complete.",
		argc, &argv);
	return code == EXIT_OK ? check(args, *argc, argv) : code;
}

void bench_args_clear(struct bench_args *args)
{
	char *texts[] = {args->db, args->iface, args->membership, args->prejoin, args->video_sink,
		args->audio_sink, args->pattern, args->keys, args->json, args->csv, args->html,
		args->read};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_free(texts[i]);
	g_strfreev(args->assignments);
}
