/* zapper play: watch, and take commands. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "channels/lineup.h"
#include "channels/viewer_news.h"
#include "client/app/app.h"
#include "client/cmd_lineup.h"
#include "client/cmd_play_history.h"
#include "client/commands.h"
#include "client/options.h"
#include "client/settings.h"

struct play_args {
	char *db, *iface, *control;
	char *membership, *prejoin, *video_sink, *audio_sink;
	char **assignments, **remotes;
	gboolean headless;
};

static void warn(void *ctx, const char *sentence)
{
	(void)ctx;
	fprintf(stderr, "%s\n", sentence);
}

static int refuse(char *why)
{
	fprintf(stderr, "zapper play: %s\n", why);
	g_free(why);
	return EXIT_USAGE;
}

/* Files first, then -o, then the options that name a setting of their own. */
static int read_settings(struct settings *settings, const struct play_args *args)
{
	g_autofree char *remotes = args->remotes ? g_strjoinv(";", args->remotes) : NULL;
	const struct {
		const char *key, *value;
	} own[] = {{"net.iface", args->iface}, {"net.membership", args->membership},
		{"zap.prejoin", args->prejoin}, {"play.video_sink", args->video_sink},
		{"play.audio_sink", args->audio_sink}, {"remote.devices", remotes}};
	char *why = NULL;
	settings_read_files(settings, warn, NULL);
	for (char **item = args->assignments; item && *item; item++)
		if (settings_assign(settings, *item, &why) < 0)
			return refuse(why);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (own[i].value && settings_set(settings, own[i].key, own[i].value, &why) < 0)
			return refuse(why);
	return EXIT_OK;
}

/* Where the viewer was when he left. What cannot be read of that is no reason not to begin. */
static void load_viewer(
	struct lineup *lineup, const struct channel_list *channels, struct app_options *options)
{
	options->history_count =
		last_watched(lineup, channels, options->history, G_N_ELEMENTS(options->history));
	if (options->history_count)
		options->channel = options->history[0];
	lineup_get_volume(lineup, &options->volume_percent, &options->muted);
}

/* A line-up that is not there yet has no channels: they are waited for. */
static int load_lineup(const char *db, struct channel_list **ret, struct app_options *options)
{
	struct lineup *lineup = NULL;
	char *path = options_db_path(db), *why = NULL;
	int result = lineup_open(path, LINEUP_READ, &lineup, &why);
	g_free(path);
	if (!result)
		result = lineup_load(lineup, ret);
	if (!result)
		load_viewer(lineup, *ret, options);
	lineup_close(lineup);
	if (result && result != -ENOENT)
		fprintf(stderr, "zapper play: %s\n", why ? why : "the line-up is damaged");
	g_free(why);
	return result == -ENOENT ? EXIT_OK : (int)exit_code_of(result);
}

/* Where to begin: the channel of this number, else where the viewer was, or the first. */
static int find_channel(
	const struct channel_list *channels, const char *wanted, struct app_options *options)
{
	if (!wanted)
		return EXIT_OK;
	if (channel_number_parse(wanted, &options->number, &options->subnumber) < 0)
		return refuse(g_strdup_printf("\"%s\" is no channel number and no rtp:// or udp:// "
					      "address",
			wanted));
	options->wanted = wanted;
	if (!channels->count)
		return EXIT_OK;
	ptrdiff_t index = channel_list_find(channels, options->number, options->subnumber);
	if (index < 0) {
		fprintf(stderr, "zapper play: there is no channel %s\n", wanted);
		return EXIT_FAILED;
	}
	options->channel = (int)index;
	return EXIT_OK;
}

static uint16_t start_volume(const struct settings *settings)
{
	return (uint16_t)settings_number(settings, "play.volume");
}

static int run(const struct play_args *args, struct app_options *options)
{
	char *control = options_control_path(args->control);
	options->iface = settings_text(options->settings, "net.iface");
	options->control_path = control;
	options->headless = args->headless;
	int code = app_run(options);
	g_free(control);
	return code;
}

static int play_lineup(
	const struct play_args *args, const struct settings *settings, const char *wanted)
{
	static const char *const no_bouquets[] = {NULL};
	static const struct channel_list none = {.bouquets = no_bouquets};
	struct channel_list *loaded = NULL;
	char *db = options_db_path(args->db);
	struct app_options options = {
		.settings = settings, .db = db, .volume_percent = start_volume(settings)};
	int code = load_lineup(args->db, &loaded, &options);
	options.channels = loaded ? loaded : &none;
	if (code == EXIT_OK)
		code = find_channel(options.channels, wanted, &options);
	if (code == EXIT_OK)
		code = run(args, &options);
	g_free(db);
	channel_list_free(loaded);
	return code;
}

/* An address instead of a channel is a line-up of one. */
static int play_address(
	const struct play_args *args, const struct settings *settings, const char *uri)
{
	struct channel_source source;
	const char *why;
	static const char *const no_bouquets[] = {NULL};
	GStringChunk *strings = g_string_chunk_new(256);
	if (channel_source_parse(uri, strings, &source, &why) < 0) {
		g_string_chunk_free(strings);
		return refuse(g_strdup_printf("%s: %s", uri, why));
	}
	struct channel channel = {.number = 1,
		.name = uri,
		.language = "",
		.guide_id = "",
		.guide_name = "",
		.logo = "",
		.bouquets = no_bouquets,
		.sources = &source,
		.source_count = 1};
	struct channel_list channels = {.count = 1, .channels = &channel, .bouquets = no_bouquets};
	struct app_options options = {.settings = settings,
		.channels = &channels,
		.volume_percent = start_volume(settings)};
	int code = run(args, &options);
	g_string_chunk_free(strings);
	return code;
}

static void args_clear(struct play_args *args)
{
	g_free(args->db);
	g_free(args->iface);
	g_free(args->control);
	g_free(args->membership);
	g_free(args->prejoin);
	g_free(args->video_sink);
	g_free(args->audio_sink);
	g_strfreev(args->assignments);
	g_strfreev(args->remotes);
}

static int play_with(const struct play_args *args, int argc, char **argv)
{
	if (argc > 2)
		return refuse(
			g_strdup("one channel or address at most (see 'zapper play --help')"));
	struct settings *settings = settings_new();
	int code = read_settings(settings, args);
	if (code == EXIT_OK && argc == 2 && strstr(argv[1], "://"))
		code = play_address(args, settings, argv[1]);
	else if (code == EXIT_OK)
		code = play_lineup(args, settings, argv[1]);
	settings_free(settings);
	return code;
}

int command_play(int argc, char **argv)
{
	struct play_args args = {0};
	const GOptionEntry entries[] = {
		{"db", 0, 0, G_OPTION_ARG_FILENAME, &args.db, "The line-up's database", "F"},
		{"iface", 0, 0, G_OPTION_ARG_STRING, &args.iface, "Network interface", "IF"},
		{"membership", 0, 0, G_OPTION_ARG_STRING, &args.membership,
			"Who speaks IGMP: zapper (raw) or the kernel", "auto|raw|kernel"},
		{"prejoin", 0, 0, G_OPTION_ARG_STRING, &args.prejoin,
			"How many channels to receive ahead, besides the watched one",
			"auto|all|N"},
		{"headless", 0, 0, G_OPTION_ARG_NONE, &args.headless, "Open no window", NULL},
		{"video-sink", 0, 0, G_OPTION_ARG_STRING, &args.video_sink,
			"auto, none, x11, wayland, kms or a GStreamer description", "S"},
		{"audio-sink", 0, 0, G_OPTION_ARG_STRING, &args.audio_sink,
			"auto, none or a GStreamer description", "S"},
		{"remote", 0, 0, G_OPTION_ARG_STRING_ARRAY, &args.remotes,
			"auto, none, or a remote control by its name or path", "DEV"},
		{"control", 0, 0, G_OPTION_ARG_FILENAME, &args.control, "Control socket", "SOCKET"},
		{"option", 'o', 0, G_OPTION_ARG_STRING_ARRAY, &args.assignments,
			"Set what zapper.conf(5) describes", "SECTION.KEY=VALUE"},
		G_OPTION_ENTRY_NULL,
	};
	int code = options_parse(entries, "[CHANNEL | rtp://... | udp://...]",
		"Plays a channel and changes it by keys and by 'zapper ctl'.", &argc, &argv);
	if (!code)
		code = play_with(&args, argc, argv);
	args_clear(&args);
	return code;
}
