/* app/facts: what the model of the screen is told of the world, and what is kept of the viewer. */
#include <glib.h>
#include <string.h>

#include "client/app/figures.h"
#include "client/app/guide_day.h"
#include "client/app/remember.h"
#include "client/app/state.h"
#include "client/app/track_names.h"
#include "client/app/zone.h"

enum { SECOND_MS = 1000, HD_LINES = 720 };
#define MS_NS INT64_C(1000000)
/* The wall's time is told anew where it is off by more. */
#define CLOCK_OFF_MS 500

/* ---- the line-up and its guide ---- */

static int64_t logo_id(void *ctx, const char *logo)
{
	return logos_id(ctx, logo);
}

void app_tell_lineup(struct app *app, const int *to)
{
	const struct roster_options options = {
		.has_viewer = app->driver->has_viewer, .logo = logo_id, .ctx = app->logos};
	if (!app->desk)
		return;
	if (to && app->guide)
		guide_store_forget(app->guide);
	struct roster *before = app->roster;
	app->roster = roster_new(app->channels, &options);
	logos_forget_others(app->logos);
	desk_take(app->desk, roster_lineup(app->roster), to);
	roster_free(before);
}

/* What the guide says goes before what the channel's stream says. */
bool app_find_event(void *ctx, uint32_t channel, int64_t time_s, struct ui_guide_event *ret)
{
	const struct app *app = ctx;
	const struct guide_event *found =
		app->guide ? guide_store_find(app->guide, app->channels, channel, time_s) : NULL;
	struct guide_now said =
		on_air_now(app->on_air, app->channels->channels[channel].id, time_s);
	found = guide_sooner(found, &said.now, time_s);
	found = guide_sooner(found, &said.next, time_s);
	if (!found)
		return false;
	*ret = (struct ui_guide_event){.start_s = found->start_utc_s,
		.end_s = found->stop_utc_s,
		.title = found->title,
		.description = *found->description ? found->description : found->subtitle};
	return true;
}

/* ---- the channel that is watched ---- */

static enum ui_signal signal_of(const struct app *app)
{
	if (app->scrambled_n && app->scrambled_n == zap_number(app->zap))
		return UI_SIGNAL_WRONG_CODEC;
	switch (zap_state(app->zap)) {
	case ZAP_STATE_PLAYING:
		return UI_SIGNAL_PLAYING;
	case ZAP_STATE_NO_SIGNAL:
		return UI_SIGNAL_NONE;
	case ZAP_STATE_ERROR:
		return app->trouble;
	default:
		return UI_SIGNAL_TUNING;
	}
}

char *app_reason(const struct app *app)
{
	if (app->scrambled_n && app->scrambled_n == zap_number(app->zap))
		return g_strdup("it is scrambled");
	if (zap_state(app->zap) == ZAP_STATE_ERROR)
		return g_strdup(app->error);
	if (zap_state(app->zap) != ZAP_STATE_NO_SIGNAL)
		return NULL;
	if (app->is_silent)
		return app_line_trouble(app);
	return g_strdup_printf(
		"there is no %s in what it sends", app->is_radio ? "sound" : "picture");
}

void app_tell_state(struct app *app)
{
	int channel = zap_channel(app->zap);
	enum ui_signal signal = signal_of(app);
	char *why = app_reason(app);
	struct ui_model *model = desk_model(app->desk);
	ui_model_set_signal(model, channel, signal, why);
	/* Others may get better by themselves, and up and down find that out. */
	if (channel != ZAP_NO_CHANNEL && app->driver->has_viewer) {
		if (zap_state(app->zap) == ZAP_STATE_ERROR && signal == UI_SIGNAL_WRONG_CODEC)
			ui_model_set_unplayable(model, channel, true);
		else if (signal == UI_SIGNAL_PLAYING)
			ui_model_set_unplayable(model, channel, false);
	}
	desk_changed(app->desk);
	g_free(why);
}

void app_tell_tracks(struct app *app)
{
	struct stream *stream = net_stream(app->net, zap_channel(app->zap));
	for (int kind = 0; kind < UI_TRACK_KINDS; kind++) {
		struct track_names names;
		track_names_make(
			&names, stream ? stream_programme(stream) : NULL, (enum ui_track_kind)kind);
		ui_model_set_tracks(desk_model(app->desk), (enum ui_track_kind)kind, &names.tracks);
		track_names_clear(&names);
	}
	desk_changed(app->desk);
}

void app_tell_picture(struct app *app)
{
	ui_model_set_hd(desk_model(app->desk), app->picture_height >= HD_LINES);
	desk_changed(app->desk);
}

/* ---- time and figures ---- */

static void tell_clock(struct app *app)
{
	struct on_air_clocks clocks = app_clocks();
	int64_t unix_ms = app_time_ms(app, &clocks);
	const struct ui_clock *told = &app->clock;
	int64_t passed_ms = (int64_t)(clocks.monotonic_ns - told->at_ns) / MS_NS;
	int64_t off_ms = unix_ms - (told->unix_ms + passed_ms);
	bool is_same_zone = !told->changes_at_s || unix_ms / 1000 < told->changes_at_s;
	if (told->at_ns && ABS(off_ms) < CLOCK_OFF_MS && is_same_zone)
		return;
	struct zone zone = zone_at(unix_ms / 1000);
	app->clock = (struct ui_clock){.at_ns = clocks.monotonic_ns,
		.unix_ms = unix_ms,
		.offset_s = zone.offset_s,
		.changes_at_s = zone.changes_at_s,
		.offset_after_s = zone.offset_after_s};
	ui_model_set_clock(desk_model(app->desk), &app->clock, clocks.monotonic_ns);
	desk_changed(app->desk);
}

static void tell_figures(struct app *app)
{
	struct figures figures = {0};
	struct stream *stream = net_stream(app->net, zap_channel(app->zap));
	struct play_counters play;
	figures_add_zap(&figures, &app->record);
	if (stream) {
		struct quality_report quality;
		struct stream_counters counters;
		stream_quality(stream, uv_hrtime(), &quality);
		stream_counters(stream, &counters);
		figures_add_stream(&figures, &quality, &counters);
	}
	play_counters(player_play(app->player), &play);
	figures_add_play(&figures, &play);
	ui_model_set_figures(desk_model(app->desk), "Zap and stream", figures.list, figures.count);
	desk_changed(app->desk);
}

static void on_second(uv_timer_t *timer)
{
	struct app *app = timer->data;
	tell_clock(app);
	if (ui_model_wants_figures(desk_model(app->desk)))
		tell_figures(app);
}

void app_keep_time(struct app *app)
{
	tell_clock(app);
	uv_timer_start(&app->second_timer, on_second, SECOND_MS, SECOND_MS);
}

/* ---- what the viewer did ---- */

static void follow_typed(struct app *app)
{
	const char *typed = ui_model_typed(desk_model(app->desk));
	if (!strcmp(typed, app->typed))
		return;
	g_strlcpy(app->typed, typed, sizeof app->typed);
	ahead_typed(app->ahead, typed);
}

static void keep_history(struct app *app)
{
	int32_t history[UI_HISTORY_MAX];
	size_t count = ui_model_history(desk_model(app->desk), history);
	int64_t id = count ? app->channels->channels[history[0]].id : 0;
	if (!count || id == app->watched_id)
		return;
	struct on_air_clocks clocks = app_clocks();
	app->watched_id = id;
	if (app->begun)
		writer_put_history(
			remember_writer(app->remember), id, app_time_ms(app, &clocks) / 1000);
}

/* They are there as soon as they are asked for. */
static void follow_figures(struct app *app)
{
	bool wants = ui_model_wants_figures(desk_model(app->desk)), wanted = app->has_figures;
	app->has_figures = wants;
	if (wants && !wanted)
		tell_figures(app);
}

/* Who has no screen reads it. */
static void log_unknown(struct app *app, const struct ui_banner_view *banner)
{
	bool is_unknown = banner->visible && banner->unknown;
	if (is_unknown && !app->is_unknown)
		app_log("%s.", banner->name);
	app->is_unknown = is_unknown;
}

void app_follow_viewer(struct app *app, const struct ui_view *view)
{
	follow_typed(app);
	log_unknown(app, &view->banner);
	keep_history(app);
	follow_figures(app);
}
