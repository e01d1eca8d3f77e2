#include "client/app/app.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "client/iface.h"
#include "client/igmp_settings.h"
#include "client/app/output.h"
#include "client/app/state.h"
#include "client/app/tracks.h"
#include "client/commands.h"

static void on_zap_event(void *ctx, const struct zap_event *event)
{
	struct app *app = ctx;
	struct zap_event told = *event;
	told.radio |= app->is_only_heard;
	if (event->type == ZAP_EVENT_PACKETS)
		app_heard(app, event->at_ns);
	app_event(app, &told);
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	struct app *app = ctx;
	app->driver->stamped(app, wire_ns);
}

static void on_unit(void *ctx, uint64_t n, const struct stream_unit *unit)
{
	struct app *app = ctx;
	if (unit->kind == STREAM_VIDEO && unit->key)
		app->driver->key_unit(app, n, unit->damaged, unit->expected_sets);
	player_unit(app->player, n, unit);
}

static void on_codecs(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio)
{
	struct app *app = ctx;
	const char *trouble = tracks_trouble(video, audio);
	const struct player_expected expected = {video, audio, PLAY_NO_SLACK, PLAY_NO_SLACK};
	if (trouble)
		app_fail_zap(app, n, UI_SIGNAL_WRONG_CODEC, trouble);
	else
		player_expect(app->player, n, &expected);
	app_tell_tracks(app);
}

static void on_misled(void *ctx, uint64_t n)
{
	struct app *app = ctx;
	app->driver->damaged(app, n);
	app_log("zap %" G_GUINT64_FORMAT ": warning: the parameter sets that were remembered of "
		"its channel were wrong; the stream's own have replaced them",
		n);
}

static void on_scrambled(void *ctx, uint64_t n, bool scrambled)
{
	app_scrambled(ctx, n, scrambled);
}

static void on_no_programme(void *ctx, uint64_t n, uint16_t number)
{
	char *why = g_strdup_printf("its stream has no programme %u", number);
	app_fail_zap(ctx, n, UI_SIGNAL_ERROR, why);
	g_free(why);
}

/* A decoder warns of each damaged unit: the first one of a zap says it. */
static void warn_once(struct app *app, const struct play_fact *fact)
{
	if (app->warned_n == fact->n)
		return;
	app->warned_n = fact->n;
	app_log("zap %" G_GUINT64_FORMAT ": warning: %s", fact->n, fact->text);
}

static void warn_without_display(struct app *app)
{
	const char *wanted = settings_text(app->options->settings, "play.video_sink");
	if (!app->options->headless && !strcmp(wanted, "auto") &&
		!strcmp(play_video_sink(player_play(app->player)), "fakesink"))
		app_log("warning: no display answers here, so nothing will be seen (--headless "
			"says that this is wanted)");
}

static void on_opened(struct app *app, const struct play_fact *fact)
{
	app->is_open = true;
	if (*fact->text)
		app_log("%s", fact->text);
	warn_without_display(app);
}

static void on_fact(void *ctx, const struct play_fact *fact)
{
	struct app *app = ctx;
	if (app->closed)
		return;
	switch (fact->type) {
	case PLAY_FACT_OPENED:
		on_opened(app, fact);
		break;
	case PLAY_FACT_FAILED:
		/* Who comes out of standby to a display that is off may try again. */
		app_log("error: %s", fact->text);
		if (!app->is_open)
			app_quit(app, EXIT_FAILED);
		break;
	case PLAY_FACT_SIZE:
		app->picture_width = fact->width;
		app->picture_height = fact->height;
		app_place_panels(app);
		break;
	case PLAY_FACT_PLACED:
		window_placed(app->window);
		break;
	case PLAY_FACT_SNAPSHOT:
		app_snapshot_done(app, fact->request, fact->text);
		break;
	case PLAY_FACT_ERROR:
		app_fail_zap(app, fact->n, fact->no_codec ? UI_SIGNAL_WRONG_CODEC : UI_SIGNAL_ERROR,
			fact->text);
		break;
	case PLAY_FACT_WARNING:
		warn_once(app, fact);
		break;
	case PLAY_FACT_DAMAGED:
		app->driver->damaged(app, fact->n);
		break;
	default:
		break;
	}
}

static void on_key(void *ctx, const struct ui_key_event *event)
{
	struct app *app = ctx;
	if (app->keys)
		ui_sources_tell(app->keys, event);
}

static void on_window_resize(void *ctx, int width, int height)
{
	struct app *app = ctx;
	if (app->closed) /* the sink lets go of it */
		return;
	if (app->player)
		play_place(player_play(app->player), width, height);
	if (app->panels)
		app_place_panels(app);
}

static void on_window_close(void *ctx, int status)
{
	if (status < 0)
		app_log("error: the display is gone: %s", g_strerror(-status));
	app_quit(ctx, status < 0 ? EXIT_FAILED : EXIT_OK);
}

static void on_window_log(void *ctx, const char *sentence)
{
	(void)ctx;
	app_log("%s", sentence);
}

/* ---- opening, in order ---- */

static void on_igmp_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	(void)ctx;
	static const char *const names[] = {"error: ", "warning: ", "", ""};
	if (level != IGMP_LOG_DEBUG)
		app_log("%s%s", names[level], sentence);
}

static void on_ahead_log(void *ctx, const char *sentence)
{
	(void)ctx;
	app_log("warning: %s", sentence);
}

static int open_remember(struct app *app)
{
	struct remember_options options = {.path = app->options->db,
		.channels = app->channels,
		.net = app->net,
		.ahead = app->ahead,
		.zap = app->zap,
		.loaded = app_remembered,
		.lineup = app->driver->lineup_changed ? app_lineup_loaded : NULL,
		.guide = app_guide_answered,
		.log = on_ahead_log,
		.ctx = app};
	return options.path ? remember_open(&app->loop, &options, &app->remember) : 0;
}

static int open_net(struct app *app)
{
	static const struct {
		const char *name;
		enum igmp_backend backend;
	} backends[] = {{"auto", IGMP_BACKEND_AUTO}, {"raw", IGMP_BACKEND_RAW},
		{"kernel", IGMP_BACKEND_KERNEL}};
	const char *wanted = settings_text(app->options->settings, "net.membership");
	struct net_options options = {.iface = app->iface,
		.host = igmp_settings_on(app->options->settings, app->iface),
		.channels = app->channels,
		.languages = (const char *const *)app->languages,
		.recall = app_recall,
		.choose = app_choose_source,
		.recall_ctx = app,
		.log = on_igmp_log,
		.log_ctx = app};
	for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
		if (!strcmp(backends[i].name, wanted))
			options.backend = backends[i].backend;
	struct net_listener listener = {on_zap_event, on_unit, on_codecs, on_scrambled, on_misled,
		on_no_programme, app_noticed, on_stamped, app};
	int error = net_open(&app->loop, &options, &listener, &app->net);
	if (!error)
		error = ahead_open(&app->loop, app->options->settings, app->channels, app->net,
			on_ahead_log, app, &app->ahead);
	if (!error)
		error = open_remember(app);
	if (!error)
		return EXIT_OK;
	app_log("error: interface %s: %s", app->iface, iface_sentence(error));
	return error == -EPERM ? EXIT_NO_PERMISSION : EXIT_FAILED;
}

static int open_picture(struct app *app)
{
	const struct settings *settings = app->options->settings;
	const char *sink = settings_text(settings, "play.video_sink");
	if (app->options->headless && !strcmp(sink, "auto"))
		sink = "none";
	struct window_events events = {
		on_key, on_window_resize, on_window_close, on_window_log, app};
	int error = window_open(&app->loop, sink, &events, &app->window);
	if (error) {
		app_log("error: no window opens for the video sink \"%s\": %s", sink,
			g_strerror(-error));
		return EXIT_FAILED;
	}
	app->is_only_heard = !strcmp(settings_text(settings, "play.pictures"), "no");
	struct player_options options = {.video_sink = sink,
		.audio_sink = settings_text(settings, "play.audio_sink"),
		.window = window_for_play(app->window),
		.margin_ns = settings_ns(settings, "play.margin_ms"),
		.catch_up = !strcmp(settings_text(settings, "play.warm"), "live"),
		.no_pictures = app->is_only_heard,
		.no_deinterlace = !strcmp(settings_text(settings, "play.deinterlace"), "no"),
		.black_between = !strcmp(settings_text(settings, "zap.between"), "black")};
	struct player_listener listener = {on_zap_event, on_fact, app};
	error = player_open(&app->loop, &options, &listener, &app->player);
	if (!error)
		return EXIT_OK;
	app_log("error: %s", uv_strerror(error));
	return EXIT_FAILED;
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct app *app = signal->data;
	app->driver->signalled(app, number);
}

/* Who was started by nohup(1), or by a shell in the background, is not to hear of some. */
static bool is_ignored(int number)
{
	struct sigaction now;
	return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

static void open_loop(struct app *app)
{
	static const int numbers[APP_SIGNALS] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT};
	uv_loop_init(&app->loop);
	uv_timer_init(&app->loop, &app->zap_timer);
	uv_timer_init(&app->loop, &app->unreported_timer);
	uv_timer_init(&app->loop, &app->faults_timer);
	uv_timer_init(&app->loop, &app->source_timer);
	uv_timer_init(&app->loop, &app->lineup_timer);
	uv_timer_init(&app->loop, &app->listen_timer);
	uv_timer_init(&app->loop, &app->second_timer);
	app->zap_timer.data = app->unreported_timer.data = app->faults_timer.data = app;
	app->source_timer.data = app->lineup_timer.data = app->listen_timer.data = app;
	app->second_timer.data = app;
	for (size_t i = 0; i < APP_SIGNALS; i++) {
		uv_signal_init(&app->loop, &app->signals[i]);
		app->signals[i].data = app;
		if (!is_ignored(numbers[i]))
			uv_signal_start(&app->signals[i], on_signal, numbers[i]);
	}
	signal(SIGPIPE, SIG_IGN); /* a reader of ours that goes away is no reason to end */
}

static int open_all(struct app *app)
{
	const struct settings *settings = app->options->settings;
	struct zap_settings zap = {
		.signal_timeout_ns = settings_ns(settings, "zap.signal_timeout_ms"),
		.rap_timeout_ns = settings_ns(settings, "zap.rap_timeout_ms"),
		.patience_ns = app->options->patience_ns,
	};
	app->zap = zap_new(app->channels->count, &zap);
	app->failover = failover_new(app->channels->count);
	app->on_air = on_air_new();
	app->languages = g_strsplit_set(settings_text(settings, "play.languages"), ", ", -1);
	app->iface = iface_choose(app->options->iface);
	if (!app->iface) {
		app_log("error: no network interface is up that can receive multicast");
		return EXIT_FAILED;
	}
	int code = open_net(app);
	if (code == EXIT_OK)
		code = open_picture(app);
	if (code == EXIT_OK)
		code = app_open_stage(app);
	return code == EXIT_OK ? app->driver->open(app) : code;
}

/* The house must be empty: a handle that is still there is a defect of ours. */
static void close_loop(struct app *app)
{
	uv_run(&app->loop, UV_RUN_DEFAULT);
	if (uv_loop_close(&app->loop)) {
		app_log("error: handles were left open");
		uv_print_all_handles(&app->loop, stderr);
		app->exit_code = EXIT_FAILED;
	}
}

static void app_clear(struct app *app)
{
	zap_free(app->zap);
	failover_free(app->failover);
	on_air_free(app->on_air);
	roster_free(app->roster);
	app_lineup_clear(app);
	json_decref(app->zaps);
	g_hash_table_unref(app->snapshots);
	g_strfreev(app->languages);
	g_free(app->iface);
	g_free(app->error);
}

static void snapshot_free_entry(gpointer data)
{
	struct app_snapshot *snapshot = data;
	json_decref(snapshot->id);
	g_free(snapshot);
}

int app_drive(const struct app_options *options, const struct app_driver *driver, void *driver_ctx)
{
	struct app app = {.options = options,
		.driver = driver,
		.driver_ctx = driver_ctx,
		.channels = options->channels};
	app.zaps = json_array();
	app.snapshots =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, snapshot_free_entry);
	output_open();
	open_loop(&app);
	int code = open_all(&app);
	if (code == EXIT_OK) {
		app.begun = true;
		app_watch_faults(&app);
		driver->begin(&app);
		uv_run(&app.loop, UV_RUN_DEFAULT);
	} else {
		app_quit(&app, code);
	}
	close_loop(&app);
	app_clear(&app);
	output_close();
	return app.exit_code;
}
