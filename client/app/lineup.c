/*
 * app/lineup: the line-up was changed while it is in use: what points into the old one is moved
 * over to the new one, between two zaps and without leaving the channel.
 */
#include <glib.h>

#include "client/app/record.h"
#include "client/app/state.h"

/* A zap is waited for, and looked at again so often. */
enum { TRY_MS = 100 };

/* What is remembered of a channel's sources is by their places in the list. */
static void forget_choices(struct app *app, const struct takeover *t)
{
	for (size_t i = 0; i < app->channels->count; i++) {
		if (t->to[i] < 0)
			continue;
		const struct channel *before = &app->channels->channels[i];
		const struct channel *after = &t->list.channels[t->to[i]];
		bool same = before->source_count == after->source_count;
		for (size_t j = 0; same && j < after->source_count; j++)
			same = channel_source_equal(&before->sources[j], &after->sources[j]);
		if (!same)
			failover_forget(app->failover, t->to[i]);
	}
}

/*
 * All who know channels by their indexes. What is held ahead comes behind all whom it asks about
 * channels of the new line-up, and what the viewer sees last: a lock that is gone lets him in.
 */
static void move_all(struct app *app, const struct takeover *t)
{
	if (!zap_move(app->zap, t->to, t->list.count))
		g_error("no memory for another line-up"); /* as where GLib has none */
	net_take(app->net, &t->list, t->to);
	failover_move(app->failover, t->to, t->list.count);
	forget_choices(app, t);
	remember_take(app->remember, &t->list, t->to);
	app->channels = &t->list;
	ahead_take(app->ahead, &t->list, t->to);
	app_tell_lineup(app, t->to);
}

static void say(struct app *app, const struct takeover *t)
{
	app_log("the line-up has changed: %zu channels, %zu of them new, %zu are gone",
		t->loaded->count, t->added, t->removed);
	json_t *event = json_pack("{s:s, s:I, s:I, s:I, s:o}", "event", "lineup", "channels",
		(json_int_t)t->loaded->count, "added", (json_int_t)t->added, "removed",
		(json_int_t)t->removed, "channel",
		record_channel(app->channels, zap_channel(app->zap)));
	control_publish(app->control, event);
}

/* Another file knows nothing of what was put into the one before, or was dropped meanwhile. */
static void keep_viewer(struct app *app)
{
	app->watched_id = 0; /* with the next view */
	writer_put_volume(remember_writer(app->remember), app->volume_percent, app->is_muted);
}

static void take(struct app *app, struct channel_list *loaded)
{
	int stayed = app->takeover ? app->takeover->stays : TAKEOVER_NONE;
	struct takeover *t = takeover_new(app->channels, loaded, zap_channel(app->zap), stayed);
	struct writer *writer = remember_writer(app->remember);
	bool is_other_file = t->list.file != app->channels->file;
	if (is_other_file)
		on_air_forget(app->on_air);
	move_all(app, t);
	if (writer)
		writer_taken(writer, t->list.file);
	if (is_other_file)
		keep_viewer(app);
	struct takeover *before = app->takeover;
	app->takeover = t;
	takeover_free(before);
	app_watch_source(app, zap_channel(app->zap), uv_hrtime());
}

static void take_fresh(struct app *app)
{
	writer_refresh_marks(remember_writer(app->remember), app->fresh);
	take(app, g_steal_pointer(&app->fresh));
	say(app, app->takeover);
	app->driver->lineup_changed(app);
}

/* The one that only stayed because it was watched has been left. */
static bool may_drop(const struct app *app)
{
	const struct takeover *t = app->takeover;
	return t && t->stays != TAKEOVER_NONE && zap_channel(app->zap) != t->stays;
}

static void on_timer(uv_timer_t *timer)
{
	struct app *app = timer->data;
	if (zap_state(app->zap) == ZAP_STATE_TUNING)
		return;
	uv_timer_stop(timer);
	if (app->fresh)
		take_fresh(app);
	else if (may_drop(app))
		take(app, g_steal_pointer(&app->takeover->loaded));
}

static void take_soon(struct app *app)
{
	uv_timer_start(&app->lineup_timer, on_timer, 0, TRY_MS);
}

void app_lineup_loaded(void *ctx, struct channel_list *list)
{
	struct app *app = ctx;
	channel_list_free(app->fresh);
	app->fresh = list;
	take_soon(app);
}

void app_lineup_left(struct app *app)
{
	if (may_drop(app))
		take_soon(app);
}

ptrdiff_t app_find_channel(const struct app *app, uint32_t number, uint32_t subnumber)
{
	int stays = app->takeover ? app->takeover->stays : TAKEOVER_NONE;
	return takeover_find(app->channels, stays, number, subnumber);
}

void app_lineup_clear(struct app *app)
{
	channel_list_free(app->fresh);
	takeover_free(app->takeover);
}
