#include "client/app/app.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "client/app/iface.h"
#include "client/app/record.h"
#include "client/app/state.h"
#include "client/commands.h"
#include "ui/keys.h"

#define MS_NS UINT64_C(1000000)
#define NOTICE_NS (3000 * MS_NS) /* how long a passing message stays */

void app_log(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);
	va_end(args);
	fprintf(stderr, "zapper: %s\n", text);
	g_free(text);
}

static const struct channel *channel_at(const struct app *app, int index)
{
	return index == ZAP_NO_CHANNEL ? NULL : &app->options->channels->channels[index];
}

static const struct channel_address *address_at(const struct app *app, int index)
{
	const struct channel *channel = channel_at(app, index);
	return channel ? &channel->sources[0] : NULL;
}

/* ---- zap's effects, each carried to its room ---- */

static void fail_zap(struct app *app, uint64_t n, const char *why)
{
	g_free(app->error);
	app->error = g_strdup(why);
	struct zap_event event = {.type = ZAP_EVENT_ERROR, .n = n, .at_ns = uv_hrtime()};
	app_event(app, &event);
}

static void change_membership(struct app *app, const struct zap_effect *effect)
{
	uint64_t sent_ns = 0;
	int error = net_change(
		app->net, address_at(app, effect->from), address_at(app, effect->to), &sent_ns);
	g_clear_pointer(&app->error, g_free);
	if (error < 0) {
		char *why = g_strdup_printf("the group cannot be joined: %s", g_strerror(-error));
		app_log("zap %" G_GUINT64_FORMAT ": error: %s", effect->n, why);
		fail_zap(app, effect->n, why);
		g_free(why);
	} else if (sent_ns) {
		struct zap_event event = {.type = ZAP_EVENT_MILESTONE,
			.n = effect->n,
			.milestone = ZAP_REPORT,
			.at_ns = sent_ns};
		app_event(app, &event);
	}
}

static void receive(struct app *app, const struct zap_effect *effect)
{
	int error = net_receive(app->net, effect->n, address_at(app, effect->to));
	if (error < 0)
		app_log("zap %" G_GUINT64_FORMAT ": error: its packets cannot be received: %s",
			effect->n, g_strerror(-error));
}

static void publish(struct app *app, json_t *event, const struct zap_effect *effect)
{
	json_object_set_new(event, "zap", json_integer((json_int_t)effect->n));
	json_object_set_new(event, "channel", record_channel(app->options->channels, effect->to));
	control_publish(app->control, event);
}

static void show_banner(struct app *app, const struct zap_effect *effect)
{
	const struct channel *channel = channel_at(app, effect->to);
	char number[CHANNEL_NUMBER_BYTES];
	screen_banner(app->screen, channel_number_format(channel, number), channel->name);
	publish(app, json_pack("{s:s, s:s}", "event", "tuned", "name", channel->name), effect);
}

/* The sentence that stands on the screen while there is no picture, NULL where there is none. */
static char *state_sentence(const struct app *app, const struct zap_effect *effect)
{
	const struct channel *channel = channel_at(app, effect->to);
	char number[CHANNEL_NUMBER_BYTES];
	if (!channel)
		return NULL;
	channel_number_format(channel, number);
	if (effect->state == ZAP_STATE_NO_SIGNAL && effect->packets)
		return g_strdup_printf("No picture in what channel %s sends.", number);
	if (effect->state == ZAP_STATE_NO_SIGNAL)
		return g_strdup_printf("No signal on channel %s.", number);
	if (effect->state == ZAP_STATE_ERROR)
		return g_strdup_printf("Channel %s cannot be played: %s.", number,
			app->error ? app->error : "unknown error");
	return NULL;
}

static void show_state(struct app *app, const struct zap_effect *effect)
{
	/* An effect carried out before this one may have failed, which is a later state. */
	if (effect->state != zap_state(app->zap))
		return;
	char *sentence = state_sentence(app, effect);
	screen_message(app->screen, sentence, UINT64_MAX);
	if (sentence)
		app_log("%s", sentence);
	g_free(sentence);
	publish(app,
		json_pack(
			"{s:s, s:s}", "event", "state", "state", record_state_name(effect->state)),
		effect);
}

static void write_record(struct app *app, const struct zap_effect *effect)
{
	char *line = record_line(&effect->record, app->options->channels);
	printf("%s\n", line);
	fflush(stdout);
	g_free(line);
	if (app->records->len == APP_RECORDS_MAX)
		g_array_remove_index(app->records, 0);
	g_array_append_val(app->records, effect->record);
	json_t *event = record_json(&effect->record, app->options->channels);
	json_object_set_new(event, "event", json_string("zap"));
	control_publish(app->control, event);
}

static void carry_out(struct app *app, const struct zap_effect *effect)
{
	switch (effect->type) {
	case ZAP_EFFECT_MEMBERSHIP:
		change_membership(app, effect);
		break;
	case ZAP_EFFECT_RECEIVE:
		receive(app, effect);
		break;
	case ZAP_EFFECT_FLUSH:
		player_flush(app->player, effect->n);
		break;
	case ZAP_EFFECT_BANNER:
		show_banner(app, effect);
		break;
	case ZAP_EFFECT_STATE:
		show_state(app, effect);
		break;
	case ZAP_EFFECT_RECORD:
		write_record(app, effect);
		break;
	}
}

/* ---- events for zap ---- */

static void on_zap_timer(uv_timer_t *timer)
{
	struct zap_event event = {.type = ZAP_EVENT_TIMER, .at_ns = uv_hrtime()};
	app_event(timer->data, &event);
}

static void arm_zap_timer(struct app *app)
{
	uint64_t deadline_ns = zap_deadline(app->zap), now_ns = uv_hrtime();
	if (deadline_ns == ZAP_NEVER)
		uv_timer_stop(&app->zap_timer);
	else
		uv_timer_start(&app->zap_timer, on_zap_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / MS_NS + 1 : 0, 0);
}

void app_event(struct app *app, const struct zap_event *event)
{
	struct zap_effects effects;
	zap_handle(app->zap, event, &effects);
	for (size_t i = 0; i < effects.count; i++)
		carry_out(app, &effects.list[i]);
	if (!app->stopping)
		arm_zap_timer(app);
}

static void on_zap_event(void *ctx, const struct zap_event *event)
{
	app_event(ctx, event);
}

static void on_unit(void *ctx, uint64_t n, const struct stream_unit *unit)
{
	struct app *app = ctx;
	player_unit(app->player, n, unit);
}

static void on_codecs(void *ctx, uint64_t n, enum stream_codec video, enum stream_codec audio)
{
	struct app *app = ctx;
	if (video != STREAM_CODEC_OTHER)
		return;
	(void)audio; /* a picture without sound is better than none */
	app_log("zap %" G_GUINT64_FORMAT ": error: the video is not H.264", n);
	fail_zap(app, n, "its video is not H.264");
}

static void on_fact(void *ctx, const struct play_fact *fact)
{
	struct app *app = ctx;
	switch (fact->type) {
	case PLAY_FACT_FAILED:
		app_log("error: %s", fact->text);
		app_quit(app, EXIT_FAILED);
		break;
	case PLAY_FACT_SIZE:
		screen_resize(app->screen, fact->width, fact->height);
		break;
	case PLAY_FACT_PLACED:
		window_placed(app->window);
		break;
	case PLAY_FACT_SNAPSHOT:
		app_snapshot_done(app, fact->request, fact->text);
		break;
	case PLAY_FACT_ERROR:
		app_log("zap %" G_GUINT64_FORMAT ": error: %s", fact->n, fact->text);
		if (fact->n == zap_number(app->zap))
			fail_zap(app, fact->n, fact->text);
		break;
	case PLAY_FACT_WARNING:
		app_log("zap %" G_GUINT64_FORMAT ": warning: %s", fact->n, fact->text);
		break;
	default:
		break;
	}
}

/* ---- keys ---- */

static void tune_number(struct app *app, const struct ui_action *action)
{
	ptrdiff_t index =
		channel_list_find(app->options->channels, action->number, action->subnumber);
	if (index < 0) {
		char *text = g_strdup_printf("There is no channel %s.", action->entry);
		screen_message(app->screen, text, NOTICE_NS);
		app_log("%s", text);
		g_free(text);
		return;
	}
	struct zap_event event = {
		.type = ZAP_EVENT_TUNE, .channel = (int)index, .at_ns = action->pressed_ns};
	app_event(app, &event);
}

static void step(struct app *app, enum zap_event_type type, const struct ui_action *action)
{
	struct zap_event event = {.type = type, .at_ns = action->pressed_ns};
	app_event(app, &event);
}

static void show_current(struct app *app)
{
	int index = zap_channel(app->zap);
	struct zap_effect effect = {.n = zap_number(app->zap), .to = index};
	if (index != ZAP_NO_CHANNEL)
		show_banner(app, &effect);
}

static void on_action(void *ctx, const struct ui_action *action)
{
	struct app *app = ctx;
	switch (action->type) {
	case UI_ACTION_TUNE:
		tune_number(app, action);
		break;
	case UI_ACTION_UP:
		step(app, ZAP_EVENT_UP, action);
		break;
	case UI_ACTION_DOWN:
		step(app, ZAP_EVENT_DOWN, action);
		break;
	case UI_ACTION_LAST:
		step(app, ZAP_EVENT_LAST, action);
		break;
	case UI_ACTION_ENTRY:
		screen_banner(app->screen, action->entry, "");
		break;
	case UI_ACTION_ENTRY_CANCELLED:
	case UI_ACTION_INFO:
		show_current(app);
		break;
	case UI_ACTION_QUIT:
		app_quit(app, EXIT_OK);
		break;
	case UI_ACTION_NONE:
		break;
	}
}

static void on_key(void *ctx, uint16_t code, uint64_t pressed_ns)
{
	struct app *app = ctx;
	if (app->remote)
		remote_key(app->remote, code, pressed_ns);
}

static void on_window_resize(void *ctx, int width, int height)
{
	struct app *app = ctx;
	if (app->player)
		play_place(player_play(app->player), width, height);
}

static void on_window_close(void *ctx)
{
	app_quit(ctx, EXIT_OK);
}

/* ---- opening, in order ---- */

static void on_igmp_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	(void)ctx;
	static const char *const names[] = {"error: ", "warning: ", "", ""};
	if (level != IGMP_LOG_DEBUG)
		app_log("%s%s", names[level], sentence);
}

static int open_net(struct app *app)
{
	static const struct {
		const char *name;
		enum igmp_backend backend;
	} backends[] = {{"auto", IGMP_BACKEND_AUTO}, {"raw", IGMP_BACKEND_RAW},
		{"kernel", IGMP_BACKEND_KERNEL}};
	const char *wanted = settings_text(app->options->settings, "net.membership");
	struct net_options options = {.iface = app->iface, .log = on_igmp_log, .log_ctx = app};
	for (size_t i = 0; i < sizeof backends / sizeof *backends; i++)
		if (!strcmp(backends[i].name, wanted))
			options.backend = backends[i].backend;
	struct net_listener listener = {on_zap_event, on_unit, on_codecs, app};
	int error = net_open(&app->loop, &options, &listener, &app->net);
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
	struct window_events events = {on_key, on_window_resize, on_window_close, app};
	int error = window_open(&app->loop, sink, &events, &app->window);
	if (error) {
		app_log("error: no window opens for the video sink \"%s\": %s", sink,
			g_strerror(-error));
		return EXIT_FAILED;
	}
	struct player_options options = {.video_sink = sink,
		.audio_sink = settings_text(settings, "play.audio_sink"),
		.window = window_for_play(app->window),
		.margin_ns = settings_ns(settings, "play.margin_ms")};
	struct player_listener listener = {on_zap_event, on_fact, app};
	error = player_open(&app->loop, &options, &listener, &app->player);
	if (!error)
		error = screen_open(
			&app->loop, settings_ns(settings, "screen.banner_s"), &app->screen);
	if (error) {
		app_log("error: %s", uv_strerror(error));
		return EXIT_FAILED;
	}
	screen_attach(app->screen, player_play(app->player));
	return EXIT_OK;
}

static int open_controls(struct app *app)
{
	const struct app_options *options = app->options;
	struct remote_options remote = {
		.entry_timeout_ns = settings_ns(options->settings, "keys.entry_s"),
		.channels = options->channels,
		.terminal = true};
	int error = remote_open(&app->loop, &remote, on_action, app, &app->remote);
	struct control_handler handler = {app_command, app};
	if (!error)
		error = control_open(&app->loop, options->control_path, &handler, &app->control);
	if (!error)
		return EXIT_OK;
	app_log("error: control socket %s: %s", options->control_path,
		error == -EADDRINUSE ? "another zapper listens there" : uv_strerror(error));
	return EXIT_FAILED;
}

static void on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	app_quit(signal->data, EXIT_OK);
}

static void open_loop(struct app *app)
{
	uv_loop_init(&app->loop);
	uv_timer_init(&app->loop, &app->zap_timer);
	uv_signal_init(&app->loop, &app->sigint);
	uv_signal_init(&app->loop, &app->sigterm);
	app->zap_timer.data = app->sigint.data = app->sigterm.data = app;
	uv_signal_start(&app->sigint, on_signal, SIGINT);
	uv_signal_start(&app->sigterm, on_signal, SIGTERM);
	signal(SIGPIPE, SIG_IGN); /* a reader of ours that goes away is no reason to end */
}

static int open_all(struct app *app)
{
	const struct settings *settings = app->options->settings;
	struct zap_settings zap = {
		.watched_ns = settings_ns(settings, "zap.watched_s"),
		.signal_timeout_ns = settings_ns(settings, "zap.signal_timeout_ms"),
		.rap_timeout_ns = settings_ns(settings, "zap.rap_timeout_ms"),
	};
	app->zap = zap_new(app->options->channels->count, &zap);
	app->iface = iface_choose(app->options->iface);
	if (!app->iface) {
		app_log("error: no network interface is up that can receive multicast");
		return EXIT_FAILED;
	}
	int code = open_net(app);
	if (code == EXIT_OK)
		code = open_picture(app);
	return code == EXIT_OK ? open_controls(app) : code;
}

/* ---- closing, in reverse ---- */

static void on_picture_closed(void *ctx)
{
	struct app *app = ctx;
	window_close(app->window); /* only now: the sink has drawn into it until here */
	app->window = NULL;
}

static void close_all(struct app *app)
{
	control_close(app->control);
	remote_close(app->remote);
	screen_close(app->screen);
	net_close(app->net);
	player_close(app->player, on_picture_closed, app);
	app->remote = NULL;
	uv_close((uv_handle_t *)&app->zap_timer, NULL);
	uv_close((uv_handle_t *)&app->sigint, NULL);
	uv_close((uv_handle_t *)&app->sigterm, NULL);
}

void app_quit(struct app *app, int exit_code)
{
	if (app->stopping)
		return;
	app->stopping = true;
	app->exit_code = exit_code;
	if (app->control) {
		struct zap_event event = {.type = ZAP_EVENT_STOP, .at_ns = uv_hrtime()};
		app_event(app, &event);
	}
	close_all(app);
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
	g_array_unref(app->records);
	g_hash_table_unref(app->snapshots);
	g_free(app->iface);
	g_free(app->error);
}

static void snapshot_free_entry(gpointer data)
{
	struct app_snapshot *snapshot = data;
	json_decref(snapshot->id);
	g_free(snapshot);
}

int app_run(const struct app_options *options)
{
	struct app app = {.options = options};
	app.records = g_array_new(FALSE, FALSE, sizeof(struct zap_record));
	app.snapshots =
		g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, snapshot_free_entry);
	open_loop(&app);
	int code = open_all(&app);
	if (code == EXIT_OK) {
		struct zap_event event = {
			.type = ZAP_EVENT_TUNE, .channel = options->channel, .at_ns = uv_hrtime()};
		app_event(&app, &event);
		uv_run(&app.loop, UV_RUN_DEFAULT);
	} else {
		app_quit(&app, code);
	}
	close_loop(&app);
	app_clear(&app);
	return app.exit_code;
}
