/*
 * app/listen: each second, what the streams that are received say is on, and what time it is; the
 * writer keeps it in the guide, and answers what the guide says of the watched channel.
 */
#include <glib.h>
#include <time.h>

#include "client/app/on_air.h"
#include "client/app/state.h"
#include "client/receive/si.h"

enum { LOOK_MS = 1000 };

struct on_air_clocks app_clocks(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (struct on_air_clocks){.monotonic_ns = uv_hrtime(),
		.realtime_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec};
}

int64_t app_time_ms(const struct app *app, const struct on_air_clocks *clocks)
{
	return on_air_utc_ms(app->on_air, clocks);
}

static void put(struct guide_page *page, struct guide_event *into, const struct si *si,
	unsigned which, const char *const *languages)
{
	struct eit_event event;
	if (!si_event(si, which, languages, &event))
		return;
	const struct guide_event known = {.known = event.is_timed && event.duration_s,
		.start_utc_s = event.start_utc_s,
		.stop_utc_s = event.start_utc_s + event.duration_s,
		.title = event.title,
		.subtitle = event.subtitle,
		.description = event.description,
		.category = event.category,
		.rating = event.rating};
	if (known.known)
		guide_page_put(page, into, &known);
	eit_event_clear(&event);
}

static void listen_to(struct app *app, int index, int64_t now_utc_s)
{
	const struct channel *channel = &app->channels->channels[index];
	const char *const *languages = (const char *const *)app->languages;
	struct stream *stream = net_stream(app->net, index);
	const struct si *si = stream ? stream_si(stream) : NULL;
	int64_t utc_s;
	uint64_t arrival_ns;
	if (!si)
		return;
	if (si_time(si, &utc_s, &arrival_ns))
		on_air_told_time(app->on_air, utc_s, arrival_ns);
	if (!si_serial(si) || !on_air_has_to_hear(app->on_air, channel->id, si_serial(si)))
		return;
	struct guide_page *page = guide_page_new(channel, now_utc_s);
	put(page, &page->now, si, 0, languages);
	put(page, &page->next, si, 1, languages);
	struct writer *writer = remember_writer(app->remember);
	if (on_air_heard(app->on_air, page) && writer)
		writer_put_guide(writer, page);
	else
		guide_page_free(page);
}

static void ask(struct app *app, int64_t now_utc_s)
{
	int watched = zap_channel(app->zap);
	struct writer *writer = remember_writer(app->remember);
	if (watched == ZAP_NO_CHANNEL || !writer)
		return;
	const struct channel *channel = &app->channels->channels[watched];
	if (on_air_has_to_ask(app->on_air, channel->id, now_utc_s))
		writer_ask_guide(writer, guide_page_new(channel, now_utc_s));
}

static void forget_others(struct app *app, const int *received, size_t n)
{
	int64_t *ids = g_new(int64_t, n);
	for (size_t i = 0; i < n; i++)
		ids[i] = app->channels->channels[received[i]].id;
	on_air_receive_only(app->on_air, ids, n);
	g_free(ids);
}

static void on_timer(uv_timer_t *timer)
{
	struct app *app = timer->data;
	struct on_air_clocks clocks = app_clocks();
	int64_t now_utc_s = on_air_utc_s(app->on_air, &clocks);
	size_t n;
	const int *received = net_received(app->net, &n);
	forget_others(app, received, n);
	for (size_t i = 0; i < n; i++)
		listen_to(app, received[i], now_utc_s);
	ask(app, now_utc_s);
	desk_changed(app->desk);
}

void app_listen(struct app *app)
{
	uv_timer_start(&app->listen_timer, on_timer, LOOK_MS, LOOK_MS);
}

void app_guide_answered(void *ctx, struct guide_page *page)
{
	struct app *app = ctx;
	on_air_answered(app->on_air, page);
	desk_changed(app->desk);
}

static json_t *event_json(const struct guide_event *event)
{
	if (!event->known)
		return json_null();
	return json_pack("{s:I, s:I, s:s, s:s, s:s, s:s, s:s}", "start_utc_s",
		(json_int_t)event->start_utc_s, "stop_utc_s", (json_int_t)event->stop_utc_s,
		"title", event->title, "subtitle", event->subtitle, "description",
		event->description, "category", event->category, "rating", event->rating);
}

void app_add_on_air(const struct app *app, json_t *answer)
{
	int watched = zap_channel(app->zap);
	struct on_air_clocks clocks = app_clocks();
	struct guide_now found = {0};
	if (watched != ZAP_NO_CHANNEL)
		found = on_air_now(app->on_air, app->channels->channels[watched].id,
			on_air_utc_s(app->on_air, &clocks));
	json_object_set_new(answer, "now", event_json(&found.now));
	json_object_set_new(answer, "next", event_json(&found.next));
}

json_t *app_clock_json(const struct app *app)
{
	struct on_air_clocks clocks = app_clocks();
	int64_t offset_ns;
	if (!on_air_offset(app->on_air, &clocks, &offset_ns))
		return json_null();
	return json_pack("{s:f, s:b}", "offset_ms", (double)offset_ns / 1e6, "used",
		on_air_is_unset(&clocks));
}
