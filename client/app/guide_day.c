#include "client/app/guide_day.h"

struct guide_day *guide_day_new(const struct channel *channel, int64_t day)
{
	struct guide_day *made = g_new0(struct guide_day, 1);
	made->channel = channel->id;
	made->day = day;
	made->guide_id = g_strdup(channel->guide_id);
	made->guide_name = g_strdup(channel->guide_name);
	made->name = g_strdup(channel->name);
	made->events = g_array_new(FALSE, FALSE, sizeof(struct guide_event));
	made->texts = g_string_chunk_new(4096);
	return made;
}

void guide_day_free(struct guide_day *day)
{
	if (!day)
		return;
	g_array_unref(day->events);
	g_string_chunk_free(day->texts);
	g_free(day->guide_id);
	g_free(day->guide_name);
	g_free(day->name);
	g_free(day);
}

static const char *keep(struct guide_day *day, const char *text)
{
	return *text ? g_string_chunk_insert(day->texts, text) : "";
}

/* Of it only what is shown. False: it does not go on from here. */
static bool take_event(void *ctx, const struct guide_event *event)
{
	struct guide_day *day = ctx;
	struct guide_event kept = {.known = true,
		.start_utc_s = event->start_utc_s,
		.stop_utc_s = event->stop_utc_s,
		.title = keep(day, event->title),
		.subtitle = keep(day, event->subtitle),
		.description = keep(day, event->description),
		.category = "",
		.episode = "",
		.rating = ""};
	g_array_append_val(day->events, kept);
	return day->events->len < GUIDE_DAY_EVENTS;
}

void guide_day_read(struct guide_day *day, struct guide_desk *desk)
{
	int64_t from_s = day->day * GUIDE_DAY_S;
	const struct guide_span span = {.subject = {day->guide_id, day->guide_name, day->name},
		.from_utc_s = from_s,
		.to_utc_s = from_s + GUIDE_DAY_S};
	guide_desk_read_span(desk, &span, take_event, day);
}

const struct guide_event *guide_day_find(const struct guide_day *day, int64_t time_s)
{
	for (guint i = 0; i < day->events->len; i++) {
		const struct guide_event *event =
			&g_array_index(day->events, struct guide_event, i);
		if (event->stop_utc_s > time_s)
			return event;
	}
	return NULL;
}

static bool is_on(const struct guide_event *event, int64_t time_s)
{
	return event->start_utc_s <= time_s && time_s < event->stop_utc_s;
}

static bool is_left(const struct guide_event *event, int64_t time_s)
{
	return event && event->known && event->stop_utc_s > time_s;
}

const struct guide_event *guide_sooner(
	const struct guide_event *a, const struct guide_event *b, int64_t time_s)
{
	if (!is_left(a, time_s))
		return is_left(b, time_s) ? b : NULL;
	if (!is_left(b, time_s) || is_on(a, time_s))
		return a;
	return is_on(b, time_s) || b->start_utc_s < a->start_utc_s ? b : a;
}
