/* app/wishes: what the viewer asks for is carried out, each in its room. */
#include <glib.h>

#include "client/app/state.h"
#include "client/app/track_names.h"
#include "client/commands.h"

#define NOTICE_NS (3 * UINT64_C(1000000000)) /* how long a passing word stays */

static void say(struct app *app, const char *text)
{
	ui_model_notice(desk_model(app->desk), text, NOTICE_NS, uv_hrtime());
}

static enum zap_way way_of(enum ui_tune how)
{
	switch (how) {
	case UI_TUNE_UP:
		return ZAP_BY_UP;
	case UI_TUNE_DOWN:
		return ZAP_BY_DOWN;
	case UI_TUNE_LAST:
		return ZAP_BY_LAST;
	case UI_TUNE_LIST:
		return ZAP_BY_LIST;
	default:
		return ZAP_BY_NUMBER;
	}
}

static void tune(struct app *app, const struct ui_effect *wish)
{
	uint64_t n = zap_number(app->zap);
	struct zap_event event = {.type = ZAP_EVENT_TUNE,
		.channel = wish->channel,
		.way = way_of(wish->how),
		.at_ns = wish->at_ns};
	app_event(app, &event);
	if (zap_number(app->zap) != n)
		return;
	/* It is received already, and nothing new will be said of it. */
	app_tell_state(app);
	app_tell_tracks(app);
	app_tell_picture(app);
}

static void stop(struct app *app, uint64_t at_ns)
{
	struct zap_event event = {.type = ZAP_EVENT_STOP, .at_ns = at_ns};
	app_event(app, &event);
	play_blank(player_play(app->player));
}

/* Nothing is joined and nothing decoded; the remote and the requests stay. */
static void set_standby(struct app *app, const struct ui_effect *wish)
{
	app_log(wish->on ? "standby" : "out of standby");
	if (wish->on)
		stop(app, wish->at_ns);
	play_rest(player_play(app->player), wish->on);
	window_keep_awake(app->window, !wish->on);
	control_publish(
		app->control, json_pack("{s:s, s:b}", "event", "standby", "standby", wish->on));
	if (!wish->on && app->driver->lineup_changed)
		app->driver->lineup_changed(app);
}

static void put_mark(struct app *app, enum writer_mark mark, const struct ui_effect *wish)
{
	writer_put_mark(remember_writer(app->remember), mark,
		app->channels->channels[wish->channel].id, wish->on);
}

static void set_volume(struct app *app)
{
	play_set_volume(player_play(app->player), app->volume_percent, app->is_muted);
	writer_put_volume(remember_writer(app->remember), app->volume_percent, app->is_muted);
}

static void choose_track(struct app *app, const struct ui_effect *wish)
{
	struct stream *stream = net_stream(app->net, wish->channel);
	struct track_names names;
	if (!stream)
		return;
	track_names_make(&names, stream_programme(stream), wish->kind);
	const struct stream_track *track =
		wish->track >= 0 && (size_t)wish->track < names.tracks.count ? names.of[wish->track]
									     : NULL;
	if (wish->kind != UI_TRACK_AUDIO)
		stream_choose_subtitle(stream, track ? track->pid : 0, track ? track->page : 0);
	else if (track)
		stream_choose_audio(stream, track->pid);
	if (wish->kind != UI_TRACK_AUDIO && track)
		say(app, "This box cannot show subtitles or teletext yet");
	track_names_clear(&names);
	app_tell_tracks(app);
}

static void change_aspect(struct app *app)
{
	static const char *const names[] = {[PLAY_ASPECT_AUTO] = "Picture as it is sent",
		[PLAY_ASPECT_FILL] = "Picture fills the screen",
		[PLAY_ASPECT_ZOOM] = "Picture zoomed",
		[PLAY_ASPECT_4_3] = "Picture 4:3",
		[PLAY_ASPECT_16_9] = "Picture 16:9"};
	app->aspect = (enum play_aspect)((app->aspect + 1) % PLAY_ASPECTS);
	play_set_aspect(player_play(app->player), app->aspect);
	say(app, names[app->aspect]);
}

static void change_full_screen(struct app *app)
{
	app->is_full_screen = !app->is_full_screen;
	window_full_screen(app->window, app->is_full_screen);
}

void app_carry_out_wish(void *ctx, const struct ui_effect *wish)
{
	struct app *app = ctx;
	if (app->closed)
		return;
	switch (wish->type) {
	case UI_EFFECT_TUNE:
		tune(app, wish);
		break;
	case UI_EFFECT_BLOCK:
		stop(app, wish->at_ns);
		break;
	case UI_EFFECT_FAVOURITE:
		put_mark(app, WRITER_FAVOURITE, wish);
		break;
	case UI_EFFECT_LOCK:
		put_mark(app, WRITER_LOCKED, wish);
		break;
	case UI_EFFECT_VOLUME:
		app->volume_percent = wish->volume_percent;
		set_volume(app);
		break;
	case UI_EFFECT_MUTE:
		app->is_muted = wish->on;
		set_volume(app);
		break;
	case UI_EFFECT_TRACK:
		choose_track(app, wish);
		break;
	case UI_EFFECT_STANDBY:
		set_standby(app, wish);
		break;
	case UI_EFFECT_ASPECT:
		change_aspect(app);
		break;
	case UI_EFFECT_FULL_SCREEN:
		change_full_screen(app);
		break;
	case UI_EFFECT_QUIT:
		app_quit(app, EXIT_OK);
		break;
	case UI_EFFECT_UNLOCK: /* what is to be done about it comes with the next one */
	case UI_EFFECT_SLEEP:  /* the model's own timer */
		break;
	}
}
