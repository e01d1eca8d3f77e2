/* app/effects: hands events to zap and carries its effects out, each to its room. */
#include <errno.h>
#include <glib.h>

#include "client/app/output.h"
#include "client/app/record.h"
#include "client/app/state.h"

#define MS_NS UINT64_C(1000000)

void app_log(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *text = g_strdup_vprintf(format, args);
	va_end(args);
	output_line(OUTPUT_LOG, g_strconcat("zapper: ", text, NULL));
	g_free(text);
}

static const struct channel *channel_at(const struct app *app, int index)
{
	return index == ZAP_NO_CHANNEL ? NULL : &app->channels->channels[index];
}

void app_fail_zap(struct app *app, uint64_t n, enum ui_signal trouble, const char *why)
{
	if (n != zap_number(app->zap) || zap_state(app->zap) == ZAP_STATE_ERROR)
		return;
	app_log("zap %" G_GUINT64_FORMAT ": error: %s", n, why);
	g_free(app->error);
	app->error = g_strdup(why);
	app->trouble = trouble;
	struct zap_event event = {.type = ZAP_EVENT_ERROR, .n = n, .at_ns = uv_hrtime()};
	app_event(app, &event);
}

static void publish(struct app *app, json_t *event, const struct zap_effect *effect)
{
	json_object_set_new(event, "zap", json_integer((json_int_t)effect->n));
	json_object_set_new(event, "channel", record_channel(app->channels, effect->to));
	control_publish(app->control, event);
}

/* RFC 4607 section 4.1: in 232/8 there is no "any source". */
static const char *join_sentence(int error)
{
	return error == -EINVAL ? "a group in 232.0.0.0/8 needs the address of its source"
				: g_strerror(-error);
}

static void fail_join(struct app *app, const struct zap_effect *effect, int error)
{
	char *why = g_strdup_printf("the group cannot be joined: %s", join_sentence(error));
	app_fail_zap(app, effect->n, UI_SIGNAL_ERROR, why);
	g_free(why);
}

static enum history_action action_of(enum zap_way way)
{
	static const enum history_action actions[] = {[ZAP_BY_NUMBER] = HISTORY_NUMBER,
		[ZAP_BY_UP] = HISTORY_UP,
		[ZAP_BY_DOWN] = HISTORY_DOWN,
		[ZAP_BY_LAST] = HISTORY_LAST,
		[ZAP_BY_LIST] = HISTORY_LIST};
	return actions[way];
}

static void change_membership(struct app *app, const struct zap_effect *effect)
{
	uint64_t sent_ns;
	size_t n;
	const int *kept = ahead_keep(app->ahead, effect->to, effect->pressed_ns, &n);
	int error = net_change(app->net, effect->to, kept, n, &sent_ns);
	ahead_tuned(app->ahead, effect->to, ui_model_last(desk_model(app->desk)),
		action_of(effect->way), effect->pressed_ns);
	app_watch_source(app, effect->to, effect->pressed_ns);
	app_lineup_left(app);
	const struct channel *channel = channel_at(app, effect->to);
	if (channel)
		publish(app, json_pack("{s:s, s:s}", "event", "tuned", "name", channel->name),
			effect);
	if (error < 0) {
		fail_join(app, effect, error);
	} else if (!app_fail_unreported(app, effect->to, effect->n) && sent_ns) {
		struct zap_event event = {.type = ZAP_EVENT_MILESTONE,
			.n = effect->n,
			.milestone = ZAP_REPORT,
			.at_ns = sent_ns};
		app_event(app, &event);
	}
}

static void receive(struct app *app, const struct zap_effect *effect)
{
	enum ring_state state;
	int error = net_receive(app->net, effect->n, effect->to, effect->pressed_ns, &state);
	if (error < 0) {
		char *why =
			g_strdup_printf("its packets cannot be received: %s", g_strerror(-error));
		app_fail_zap(app, effect->n, UI_SIGNAL_ERROR, why);
		g_free(why);
	}
	if (state == RING_COLD)
		return;
	struct zap_event event = {.type = ZAP_EVENT_RECEIVED,
		.n = effect->n,
		.kind = state == RING_WARM ? ZAP_WARM : ZAP_PARTIAL,
		.at_ns = effect->pressed_ns};
	app_event(app, &event);
}

/* A burst of what was received ahead must not wait for the banner. */
static void play_from_here(struct app *app, const struct zap_effect *effect)
{
	player_flush(app->player, effect->n);
	app_expect(app);
	net_deliver(app->net);
}

char *app_line_trouble(const struct app *app)
{
	const struct igmp_iface *iface = igmp_membership_iface(net_membership(app->net));
	if (iface->index == 0)
		return g_strdup_printf("%s is gone", iface->name);
	return iface->up ? NULL : g_strdup_printf("the line of %s is down", iface->name);
}

static char *silence_sentence(const struct app *app, const char *number)
{
	char *trouble = app_line_trouble(app);
	char *sentence = trouble ? g_strdup_printf("No signal on channel %s: %s.", number, trouble)
				 : g_strdup_printf("No signal on channel %s.", number);
	g_free(trouble);
	return sentence;
}

void app_show_silence(struct app *app)
{
	if (app->is_silent)
		app_tell_state(app);
}

/* What the log says where there is no picture; NULL where there is one, or where it may come. */
static char *state_sentence(const struct app *app, const struct zap_effect *effect)
{
	const struct channel *channel = channel_at(app, effect->to);
	char number[CHANNEL_NUMBER_BYTES];
	if (!channel)
		return NULL;
	channel_number_format(channel, number);
	if (effect->state == ZAP_STATE_NO_SIGNAL && app->scrambled_n == effect->n)
		return g_strdup_printf("Channel %s is scrambled.", number);
	if (effect->state == ZAP_STATE_NO_SIGNAL && effect->packets)
		return g_strdup_printf("No %s in what channel %s sends.",
			effect->radio ? "sound" : "picture", number);
	if (effect->state == ZAP_STATE_NO_SIGNAL)
		return silence_sentence(app, number);
	if (effect->state == ZAP_STATE_ERROR)
		return g_strdup_printf("Channel %s cannot be played: %s.", number,
			app->error ? app->error : "unknown error");
	return NULL;
}

/* What stands there is another channel's, and a picture of this one is not awaited any more. */
static bool shows_another(const struct app *app, const struct zap_effect *effect)
{
	bool has_picture = app->record.n == effect->n && app->record.at_ns[ZAP_PICTURE];
	bool is_awaited = effect->state == ZAP_STATE_TUNING || effect->state == ZAP_STATE_IDLE;
	return !has_picture && !is_awaited;
}

static void show_state(struct app *app, const struct zap_effect *effect)
{
	/* An effect carried out before this one may have failed, which is a later state. */
	if (effect->state != zap_state(app->zap))
		return;
	/* Silence has a better reason where nobody could ask for the channel. */
	if (effect->state == ZAP_STATE_NO_SIGNAL && app_fail_unreported(app, effect->to, effect->n))
		return;
	if (effect->state != ZAP_STATE_ERROR)
		g_clear_pointer(&app->error, g_free);
	app->is_silent = effect->state == ZAP_STATE_NO_SIGNAL && !effect->packets;
	app->is_radio = effect->radio;
	/* Once for each silence: a router or switch on the way may have forgotten what was joined.
	 */
	if (app->is_silent)
		net_announce(app->net);
	if (shows_another(app, effect))
		play_hide(player_play(app->player), effect->n);
	app_tell_state(app);
	char *sentence = state_sentence(app, effect);
	if (sentence)
		app_log("%s", sentence);
	g_free(sentence);
	publish(app,
		json_pack(
			"{s:s, s:s}", "event", "state", "state", record_state_name(effect->state)),
		effect);
}

void app_scrambled(struct app *app, uint64_t n, bool scrambled)
{
	struct zap_effect effect = {.n = n, .to = zap_channel(app->zap)};
	char number[CHANNEL_NUMBER_BYTES];
	if (n != zap_number(app->zap) || effect.to == ZAP_NO_CHANNEL)
		return;
	app->scrambled_n = scrambled ? n : 0;
	channel_number_format(channel_at(app, effect.to), number);
	app_tell_state(app);
	if (scrambled)
		app_log("Channel %s is scrambled.", number);
	publish(app, json_pack("{s:s, s:b}", "event", "scrambled", "scrambled", scrambled),
		&effect);
}

static void publish_milestone(struct app *app, const struct zap_effect *effect)
{
	publish(app,
		json_pack("{s:s, s:f}", "event", record_milestone_name(effect->milestone), "ms",
			record_ms(&effect->record, effect->milestone)),
		effect);
}

static void on_reached(struct app *app, const struct zap_effect *effect)
{
	app->record = effect->record;
	publish_milestone(app, effect);
	if (effect->milestone == ZAP_PICTURE)
		app_tell_picture(app);
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
		play_from_here(app, effect);
		break;
	case ZAP_EFFECT_BANNER:
		desk_changed(app->desk);
		break;
	case ZAP_EFFECT_STATE:
		show_state(app, effect);
		break;
	case ZAP_EFFECT_REACHED:
		on_reached(app, effect);
		break;
	case ZAP_EFFECT_RECORD:
		app->driver->recorded(app, &effect->record);
		break;
	}
}

static void on_zap_timer(uv_timer_t *timer)
{
	struct app *app = timer->data;
	net_read(app->net);
	struct zap_event event = {.type = ZAP_EVENT_TIMER, .at_ns = uv_hrtime()};
	app_event(app, &event);
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
	if (app->closed)
		return;
	zap_handle(app->zap, event, &effects);
	for (size_t i = 0; i < effects.count; i++)
		carry_out(app, &effects.list[i]);
	arm_zap_timer(app);
}
