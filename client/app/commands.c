/* app/commands: what the control socket's requests mean. */
#include <glib.h>
#include <string.h>

#include "client/app/igmp_json.h"
#include "client/igmp_settings.h"
#include "client/app/record.h"
#include "client/app/state.h"
#include "client/app/stats.h"
#include "client/app/tracks.h"
#include "client/commands.h"
#include "ui/key_names.h"

/* One request, as each handler below gets it. */
struct call {
	uint64_t client;
	json_t *request;
	uint64_t at_ns;
};

static json_t *answer_zap(struct app *app)
{
	json_t *answer = control_ok();
	json_object_set_new(answer, "zap", json_integer((json_int_t)zap_number(app->zap)));
	json_object_set_new(
		answer, "channel", record_channel(app->channels, zap_channel(app->zap)));
	return answer;
}

/* One that is locked is not watched: the screen asks for its PIN. */
static json_t *answer_tuned(struct app *app)
{
	char number[CHANNEL_NUMBER_BYTES];
	int32_t wanted = ui_model_current(desk_model(app->desk));
	if (ui_model_in_standby(desk_model(app->desk)))
		return control_error("the box is in standby");
	if (wanted == UI_NO_CHANNEL || wanted == zap_channel(app->zap))
		return answer_zap(app);
	return control_error("channel %s is locked: the screen asks for its PIN",
		channel_number_format(&app->channels->channels[wanted], number));
}

/* Of a number or a string; NULL where it is neither. Freed with g_free(). */
static char *text_of(const json_t *member)
{
	return json_is_integer(member)
		       ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(member))
		       : g_strdup(json_string_value(member));
}

/* "number" is 5 or "5.1". */
static json_t *command_tune(struct app *app, const struct call *call)
{
	char *text = text_of(json_object_get(call->request, "number"));
	uint32_t number, subnumber;
	ptrdiff_t index = -1;
	json_t *answer;
	if (!text)
		answer = control_error("tune wants a \"number\", 5 or \"5.1\"");
	else if (channel_number_parse(text, &number, &subnumber) < 0)
		answer = control_error("\"%s\" is no channel number", text);
	else if ((index = app_find_channel(app, number, subnumber)) < 0)
		answer = control_error("there is no channel %s", text);
	else {
		desk_tune(app->desk, (int32_t)index, call->at_ns);
		answer = answer_tuned(app);
	}
	g_free(text);
	return answer;
}

static json_t *press(struct app *app, enum ui_command command, uint64_t at_ns)
{
	desk_press_alone(app->desk, command, at_ns);
	return answer_tuned(app);
}

static json_t *command_up(struct app *app, const struct call *call)
{
	return press(app, UI_COMMAND_CHANNEL_UP, call->at_ns);
}

static json_t *command_down(struct app *app, const struct call *call)
{
	return press(app, UI_COMMAND_CHANNEL_DOWN, call->at_ns);
}

static json_t *command_last(struct app *app, const struct call *call)
{
	return press(app, UI_COMMAND_LAST, call->at_ns);
}

/* "motion" is what is done with the key; without, it is tapped. */
static json_t *command_key(struct app *app, const struct call *call)
{
	const char *name = json_string_value(json_object_get(call->request, "key"));
	const json_t *motion = json_object_get(call->request, "motion");
	const char *how = motion ? json_string_value(motion) : "tap";
	uint16_t code = name ? ui_key_from_name(name) : 0;
	const struct ui_key_event tap = {code, UI_KEY_PRESS, UI_KEY_SOURCE_TAPS, call->at_ns};
	if (!code)
		return control_error("there is no key \"%s\"", name ? name : "");
	if (!g_strcmp0(how, "tap"))
		desk_key(app->desk, &tap);
	else if (!g_strcmp0(how, "press") || !g_strcmp0(how, "long"))
		desk_hold(app->desk, code, *how == 'l', call->at_ns);
	else if (!g_strcmp0(how, "release"))
		desk_let_go(app->desk, code, call->at_ns);
	else
		return control_error("a key's \"motion\" is \"press\", \"release\" or \"long\"");
	return control_ok();
}

/* What the viewer has made of the box, and what he sees of it. */
static void add_viewer(const struct app *app, json_t *answer)
{
	const struct ui_model *model = desk_model(app->desk);
	json_object_set_new(answer, "standby", json_boolean(ui_model_in_standby(model)));
	json_object_set_new(answer, "volume", json_integer(app->volume_percent));
	json_object_set_new(answer, "muted", json_boolean(app->is_muted));
}

/* Why there is no picture; NULL where there is none to be had. Freed with g_free(). */
static char *reason_of(const struct app *app, int watched)
{
	char number[CHANNEL_NUMBER_BYTES];
	int32_t wanted = ui_model_current(desk_model(app->desk));
	char *trouble = app_line_trouble(app);
	if (trouble)
		return trouble;
	if (!app->channels->count)
		return g_strdup("there are no channels yet");
	if (ui_model_in_standby(desk_model(app->desk)))
		return g_strdup("the box is in standby");
	if (wanted != UI_NO_CHANNEL && wanted != watched)
		return g_strdup_printf("channel %s is locked",
			channel_number_format(&app->channels->channels[wanted], number));
	char *why = app_reason(app);
	return why ? why : app_unreported(app, watched);
}

static json_t *command_status(struct app *app, const struct call *call)
{
	(void)call;
	const char *why;
	int index = zap_channel(app->zap);
	enum igmp_backend backend = igmp_membership_backend(net_membership(app->net), &why);
	const char *name = index == ZAP_NO_CHANNEL ? "" : app->channels->channels[index].name;
	json_t *answer = answer_zap(app);
	json_t *more = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "name", name, "state",
		record_state_name(zap_state(app->zap)), "membership",
		backend == IGMP_BACKEND_RAW ? "raw" : "kernel", "membership_why", why, "iface",
		app->iface, "sink", play_video_sink(player_play(app->player)), "audio_sink",
		play_audio_sink(player_play(app->player)));
	json_object_update(answer, more);
	json_decref(more);
	json_object_set_new(answer, "ahead", stats_ahead(app->net, app->channels, index));
	json_object_set_new(answer, "expected", stats_remembered(app->remember, index));
	if (index != ZAP_NO_CHANNEL)
		json_object_set_new(answer, "source", app_source_json(app, index));
	app_add_on_air(app, answer);
	json_object_set_new(answer, "clock", app_clock_json(app));
	json_object_set_new(answer, "scrambled",
		json_boolean(app->scrambled_n && app->scrambled_n == zap_number(app->zap)));
	add_viewer(app, answer);
	char *reason = reason_of(app, index);
	if (reason)
		json_object_set_new(answer, "reason", json_string(reason));
	g_free(reason);
	return answer;
}

static json_t *command_stats(struct app *app, const struct call *call)
{
	(void)call;
	int watched = zap_channel(app->zap);
	json_t *answer = control_ok();
	json_object_set_new(answer, "socket", stats_socket(app->net));
	json_object_set_new(answer, "stream", stats_stream(net_stream(app->net, watched)));
	struct play_counters play;
	play_counters(player_play(app->player), &play);
	json_object_set_new(answer, "play", stats_play(&play, player_refused(app->player)));
	json_object_set_new(answer, "clock", app_clock_json(app));
	json_object_set_new(answer, "channels",
		stats_channels(app->net, app->remember, app->channels, watched, uv_hrtime()));
	return answer;
}

static json_t *command_igmp(struct app *app, const struct call *call)
{
	(void)call;
	struct igmp_host_settings settings = igmp_settings_on(app->options->settings, app->iface);
	json_t *answer = control_ok();
	json_t *igmp = igmp_json(net_membership(app->net), &settings, uv_hrtime());
	json_object_update(answer, igmp);
	json_decref(igmp);
	json_object_set_new(
		answer, "ahead", stats_ahead(app->net, app->channels, zap_channel(app->zap)));
	return answer;
}

static json_t *answer_tracks(struct app *app)
{
	json_t *answer = control_ok();
	json_t *tracks = tracks_json(net_stream(app->net, zap_channel(app->zap)));
	json_object_update(answer, tracks);
	json_decref(tracks);
	return answer;
}

/* The screen says so, too. */
static json_t *answer_chosen(struct app *app)
{
	app_tell_tracks(app);
	return answer_tracks(app);
}

static json_t *command_tracks(struct app *app, const struct call *call)
{
	(void)call;
	return answer_tracks(app);
}

/* "audio" is a PID, a language or "auto". */
static json_t *command_audio(struct app *app, const struct call *call)
{
	char *wanted = text_of(json_object_get(call->request, "audio"));
	struct stream *stream = net_stream(app->net, zap_channel(app->zap));
	json_t *answer;
	if (!wanted)
		answer = control_error("audio wants a PID, a language or \"auto\"");
	else if (!stream ||
		 tracks_choose_audio(stream, wanted, (const char *const *)app->languages) < 0)
		answer = control_error("this channel has no sound \"%s\"", wanted);
	else
		answer = answer_chosen(app);
	g_free(wanted);
	return answer;
}

/* "subtitle" is a PID, a language or "off". What is chosen and not drawn is not passed over. */
static json_t *command_subtitle(struct app *app, const struct call *call)
{
	char *wanted = text_of(json_object_get(call->request, "subtitle"));
	struct stream *stream = net_stream(app->net, zap_channel(app->zap));
	bool drawn;
	json_t *answer;
	if (!wanted) {
		answer = control_error("subtitle wants a PID, a language or \"off\"");
	} else if (!stream || tracks_choose_subtitle(stream, wanted, &drawn) < 0) {
		answer = control_error("this channel has no subtitles \"%s\"", wanted);
	} else {
		answer = answer_chosen(app);
		json_object_set_new(answer, "drawn", json_boolean(drawn));
		if (!drawn)
			json_object_set_new(answer, "reason",
				json_string("they are chosen, but zapper cannot draw subtitles or "
					    "teletext: none will be seen"));
	}
	g_free(wanted);
	return answer;
}

static json_t *command_zaps(struct app *app, const struct call *call)
{
	(void)call;
	json_t *answer = control_ok();
	json_object_set_new(answer, "zaps", json_deep_copy(app->zaps));
	return answer;
}

/* As a viewer sees it, whoever puts the panels over the picture. */
static void take_snapshot(struct app *app, const char *path, uint64_t request)
{
	struct play_overlay images[UI_PANELS];
	struct play_screen screen = {.panels = images, .count = panels_images(app->panels, images)};
	window_panel_size(app->window, &screen.width, &screen.height);
	if (screen.width && screen.height)
		play_snapshot_screen(player_play(app->player), path, request, &screen);
	else
		play_snapshot(player_play(app->player), path, request);
}

static json_t *command_snapshot(struct app *app, const struct call *call)
{
	const char *path = json_string_value(json_object_get(call->request, "path"));
	if (!path || !g_path_is_absolute(path))
		return control_error("snapshot wants a \"path\" that begins with /");
	struct app_snapshot *snapshot = g_new(struct app_snapshot, 1);
	*snapshot = (struct app_snapshot){
		call->client, json_incref(json_object_get(call->request, "id"))};
	uint64_t *key = g_memdup2(&(uint64_t){++app->next_snapshot}, sizeof *key);
	g_hash_table_insert(app->snapshots, key, snapshot);
	take_snapshot(app, path, *key);
	return NULL;
}

void app_snapshot_done(struct app *app, uint64_t request, const char *error)
{
	struct app_snapshot *snapshot = g_hash_table_lookup(app->snapshots, &request);
	if (!snapshot)
		return;
	if (!app->stopping)
		control_answer(app->control, snapshot->client, snapshot->id,
			*error ? control_error("%s", error) : control_ok());
	g_hash_table_remove(app->snapshots, &request);
}

static json_t *command_subscribe(struct app *app, const struct call *call)
{
	control_subscribe(app->control, call->client);
	return control_ok();
}

static json_t *command_quit(struct app *app, const struct call *call)
{
	(void)call;
	/* The answer must be on its way before the socket is closed. */
	control_answer(
		app->control, call->client, json_object_get(call->request, "id"), control_ok());
	app_quit(app, EXIT_OK);
	return NULL;
}

static const struct {
	const char *name;
	json_t *(*run)(struct app *app, const struct call *call);
} commands[] = {
	{"tune", command_tune},
	{"up", command_up},
	{"down", command_down},
	{"last", command_last},
	{"key", command_key},
	{"status", command_status},
	{"stats", command_stats},
	{"igmp", command_igmp},
	{"tracks", command_tracks},
	{"audio", command_audio},
	{"subtitle", command_subtitle},
	{"zaps", command_zaps},
	{"snapshot", command_snapshot},
	{"subscribe", command_subscribe},
	{"quit", command_quit},
};

json_t *app_command(void *ctx, uint64_t client, json_t *request, uint64_t at_ns)
{
	struct app *app = ctx;
	const char *name = json_string_value(json_object_get(request, "cmd"));
	struct call call = {client, request, at_ns};
	if (!name)
		return control_error("a request names its \"cmd\"");
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		if (!strcmp(commands[i].name, name))
			return commands[i].run(app, &call);
	return control_error("there is no command \"%s\"", name);
}
