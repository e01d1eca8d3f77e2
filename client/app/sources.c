/* app/sources: has net receive what failover says, and tells it what comes. */
#include <glib.h>

#include "client/app/members.h"
#include "client/app/record.h"
#include "client/app/state.h"

#define MS_NS UINT64_C(1000000)

/* One that igmp would never join is not worth the wait for it. */
size_t app_choose_source(void *ctx, int channel)
{
	const struct app *app = ctx;
	const struct channel *of = &app->channels->channels[channel];
	size_t first = failover_first(app->failover, channel, uv_hrtime());
	for (size_t i = 0; i < of->source_count; i++) {
		size_t source = (first + i) % of->source_count;
		if (members_can_join(&of->sources[source].address))
			return source;
	}
	return first;
}

json_t *app_source_json(const struct app *app, int channel)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	size_t source = net_source(app->net, channel);
	size_t count = app->channels->channels[channel].source_count;
	return json_pack("{s:s, s:o, s:I}", "uri",
		channel_address_format(net_address(app->net, channel), uri), "number",
		source < count ? json_integer((json_int_t)source + 1) : json_null(), "count",
		(json_int_t)count);
}

/* In the log, and to those who subscribed. */
static void say(struct app *app, int channel, const struct channel_address *before, size_t source)
{
	const struct channel *of = &app->channels->channels[channel];
	char number[CHANNEL_NUMBER_BYTES];
	char silent[CHANNEL_ADDRESS_BYTES], next[CHANNEL_ADDRESS_BYTES];
	channel_address_format(before, silent);
	channel_address_format(&of->sources[source].address, next);
	app_log("channel %s: nothing comes from %s, trying %s (source %zu of %zu)",
		channel_number_format(of, number), silent, next, source + 1, of->source_count);
	json_t *event = json_pack("{s:s, s:I, s:o, s:s, s:o}", "event", "source", "zap",
		(json_int_t)zap_number(app->zap), "channel", record_channel(app->channels, channel),
		"silent", silent, "source", app_source_json(app, channel));
	control_publish(app->control, event);
}

/* What was received is of no use: the other source begins anew, under the same zap. */
static void begin_anew(struct app *app, int channel)
{
	enum ring_state state;
	uint64_t n = zap_number(app->zap);
	int error = net_receive(app->net, n, channel, uv_hrtime(), &state);
	if (error < 0)
		app_log("error: its packets cannot be received: %s", g_strerror(-error));
	player_flush(app->player, n);
	app_expect(app);
	net_deliver(app->net);
}

static void change_source(struct app *app, int channel, size_t source)
{
	struct channel_address before = *net_address(app->net, channel);
	uint64_t sent_ns;
	int error = net_switch(app->net, source, &sent_ns);
	say(app, channel, &before, source);
	if (error < 0)
		app_log("error: its group cannot be joined: %s", g_strerror(-error));
	begin_anew(app, channel);
}

static void on_timer(uv_timer_t *timer);

static void arm(struct app *app)
{
	uint64_t deadline_ns = failover_deadline(app->failover), now_ns = uv_hrtime();
	if (deadline_ns == FAILOVER_NEVER)
		uv_timer_stop(&app->source_timer);
	else
		uv_timer_start(&app->source_timer, on_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / MS_NS + 1 : 0, 0);
}

/* Packets move the deadline without the timer: it may be too early. */
static void on_timer(uv_timer_t *timer)
{
	struct app *app = timer->data;
	net_read(app->net);
	size_t source;
	uint64_t now_ns = uv_hrtime();
	char *trouble = app_line_trouble(app);
	if (trouble)
		failover_excuse(app->failover, now_ns);
	else if (failover_advance(app->failover, now_ns, &source))
		change_source(app, zap_channel(app->zap), source);
	g_free(trouble);
	arm(app);
}

void app_watch_source(struct app *app, int channel, uint64_t at_ns)
{
	if (channel == ZAP_NO_CHANNEL)
		failover_watch(app->failover, -1, 0, 0, 0, at_ns);
	else
		failover_watch(app->failover, channel, net_source(app->net, channel),
			app->channels->channels[channel].source_count, zap_gop(app->zap, channel),
			at_ns);
	arm(app);
}

void app_heard(struct app *app, uint64_t at_ns)
{
	int channel = zap_channel(app->zap);
	if (channel != ZAP_NO_CHANNEL)
		failover_heard(app->failover, net_source(app->net, channel), at_ns);
}
