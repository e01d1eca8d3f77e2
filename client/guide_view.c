#include "client/guide_view.h"

#include <jansson.h>

#include "channels/cells.h"
#include "client/guide_time.h"

static void clear_shown(gpointer data)
{
	g_array_unref(((struct guide_shown *)data)->events);
}

void guide_view_init(struct guide_view *view, int64_t at_utc_s, GTimeZone *zone, bool day)
{
	*view = (struct guide_view){.at_utc_s = at_utc_s,
		.zone = zone,
		.day = day,
		.channels = g_array_new(FALSE, FALSE, sizeof(struct guide_shown)),
		.strings = g_string_chunk_new(4096)};
	g_array_set_clear_func(view->channels, clear_shown);
}

void guide_view_clear(struct guide_view *view)
{
	g_array_unref(view->channels);
	g_string_chunk_free(view->strings);
	*view = (struct guide_view){0};
}

void guide_view_channel(struct guide_view *view, const struct channel *channel, bool in_guide)
{
	const struct guide_shown shown = {
		channel, in_guide, g_array_new(FALSE, FALSE, sizeof(struct guide_event))};
	g_array_append_val(view->channels, shown);
}

static const struct guide_shown *shown_at(const struct guide_view *view, guint index)
{
	return &g_array_index(view->channels, struct guide_shown, index);
}

static const struct guide_event *event_at(const struct guide_shown *shown, guint index)
{
	return &g_array_index(shown->events, struct guide_event, index);
}

static const char *keep(struct guide_view *view, const char *text)
{
	return *text ? g_string_chunk_insert(view->strings, text) : "";
}

void guide_view_event(struct guide_view *view, const struct guide_event *event)
{
	struct guide_event kept = *event;
	kept.title = keep(view, event->title);
	kept.subtitle = keep(view, event->subtitle);
	kept.description = keep(view, event->description);
	kept.category = keep(view, event->category);
	kept.episode = keep(view, event->episode);
	kept.rating = keep(view, event->rating);
	g_array_append_val(shown_at(view, view->channels->len - 1)->events, kept);
}

static bool is_known(const struct guide_shown *shown)
{
	for (guint i = 0; i < shown->events->len; i++)
		if (event_at(shown, i)->known)
			return true;
	return false;
}

size_t guide_view_unknown(const struct guide_view *view)
{
	size_t count = 0;
	for (guint i = 0; i < view->channels->len; i++)
		count += !is_known(shown_at(view, i));
	return count;
}

static bool is_on(const struct guide_view *view, const struct guide_event *event)
{
	return event->known && event->start_utc_s <= view->at_utc_s &&
	       view->at_utc_s < event->stop_utc_s;
}

static double progress_of(const struct guide_view *view, const struct guide_event *event)
{
	return (double)(view->at_utc_s - event->start_utc_s) /
	       (double)(event->stop_utc_s - event->start_utc_s);
}

/* "20:15", and the day of the week in front where it is not the day that was asked for. */
static char *clock_text(const struct guide_view *view, int64_t time_utc_s)
{
	int64_t from, to;
	guide_time_day(view->at_utc_s, view->zone, &from, &to);
	bool same_day = time_utc_s >= from && time_utc_s < to;
	return guide_time_format(time_utc_s, view->zone, same_day ? "%H:%M" : "%a %H:%M");
}

static char *title_text(const struct guide_event *event)
{
	if (!*event->title || !*event->subtitle)
		return g_strdup(*event->title ? event->title : event->subtitle);
	return g_strdup_printf("%s – %s", event->title, event->subtitle);
}

static char *progress_text(const struct guide_view *view, const struct guide_event *event)
{
	if (!is_on(view, event))
		return g_strdup("");
	return g_strdup_printf("%d %%", (int)(progress_of(view, event) * 100));
}

static const struct cells_column columns_now[] = {
	{.heading = "No.", .align = CELLS_POINT, .whole = true},
	{.heading = "Channel"},
	{.heading = "Since", .align = CELLS_RIGHT, .whole = true},
	{.heading = "Until", .align = CELLS_RIGHT, .whole = true},
	{.heading = "", .align = CELLS_RIGHT, .whole = true},
	{.heading = "Now"},
	{.heading = "From", .align = CELLS_RIGHT, .whole = true},
	{.heading = "Next"},
};

static const struct cells_column columns_day[] = {
	{.heading = "No.", .align = CELLS_POINT, .whole = true},
	{.heading = "Channel"},
	{.heading = "From", .align = CELLS_RIGHT, .whole = true},
	{.heading = "Until", .align = CELLS_RIGHT, .whole = true},
	{.heading = "", .align = CELLS_RIGHT, .whole = true, .optional = true},
	{.heading = "Title"},
	{.heading = "Category", .optional = true},
};

/* Takes the texts but for those of the channel. */
static void add_texts(
	struct cells *cells, const struct channel *channel, char **texts, size_t count)
{
	char number[CHANNEL_NUMBER_BYTES];
	texts[0] = (char *)channel_number_format(channel, number);
	texts[1] = (char *)channel->name;
	cells_add(cells, (const char *const *)texts);
	for (size_t i = 2; i < count; i++)
		g_free(texts[i]);
}

static void add_now(
	struct cells *cells, const struct guide_view *view, const struct guide_shown *shown)
{
	const struct guide_event *now = event_at(shown, 0), *next = event_at(shown, 1);
	char *texts[G_N_ELEMENTS(columns_now)] = {NULL, NULL,
		now->known ? clock_text(view, now->start_utc_s) : g_strdup(""),
		now->known ? clock_text(view, now->stop_utc_s) : g_strdup(""),
		progress_text(view, now), now->known ? title_text(now) : g_strdup(""),
		next->known ? clock_text(view, next->start_utc_s) : g_strdup(""),
		next->known ? title_text(next) : g_strdup("")};
	add_texts(cells, shown->channel, texts, G_N_ELEMENTS(texts));
}

static void add_day(
	struct cells *cells, const struct guide_view *view, const struct guide_shown *shown)
{
	for (guint i = 0; i < shown->events->len; i++) {
		const struct guide_event *event = event_at(shown, i);
		char *texts[G_N_ELEMENTS(columns_day)] = {NULL, NULL,
			clock_text(view, event->start_utc_s), clock_text(view, event->stop_utc_s),
			progress_text(view, event), title_text(event), g_strdup(event->category)};
		add_texts(cells, shown->channel, texts, G_N_ELEMENTS(texts));
	}
}

void guide_view_table(const struct guide_view *view, size_t terminal, GString *out)
{
	struct cells *cells = view->day ? cells_create(columns_day, G_N_ELEMENTS(columns_day))
					: cells_create(columns_now, G_N_ELEMENTS(columns_now));
	for (guint i = 0; i < view->channels->len; i++) {
		const struct guide_shown *shown = shown_at(view, i);
		if (is_known(shown))
			(view->day ? add_day : add_now)(cells, view, shown);
	}
	cells_write(cells, terminal, out);
	cells_destroy(cells);
}

static json_t *time_json(const struct guide_view *view, int64_t time_utc_s)
{
	char *text = guide_time_format(time_utc_s, view->zone, "%Y-%m-%dT%H:%M:%S%:z");
	json_t *json = json_string(text);
	g_free(text);
	return json;
}

static json_t *event_json(const struct guide_view *view, const struct guide_event *event)
{
	if (!event->known)
		return json_null();
	json_t *json = json_pack("{s:o, s:o, s:I, s:I, s:s, s:s, s:s, s:s, s:s, s:s}", "start",
		time_json(view, event->start_utc_s), "stop", time_json(view, event->stop_utc_s),
		"start_utc_s", (json_int_t)event->start_utc_s, "stop_utc_s",
		(json_int_t)event->stop_utc_s, "title", event->title, "subtitle", event->subtitle,
		"description", event->description, "category", event->category, "episode",
		event->episode, "rating", event->rating);
	if (is_on(view, event))
		json_object_set_new(json, "progress", json_real(progress_of(view, event)));
	return json;
}

static json_t *channel_json(const struct guide_view *view, const struct guide_shown *shown)
{
	char number[CHANNEL_NUMBER_BYTES];
	json_t *json = json_pack("{s:s, s:s}", "number",
		channel_number_format(shown->channel, number), "name", shown->channel->name);
	json_t *events = json_array();
	for (guint i = 0; i < shown->events->len; i++)
		json_array_append_new(events, event_json(view, event_at(shown, i)));
	if (view->day) {
		json_object_set_new(json, "events", events);
		return json;
	}
	json_t *now = json_array_get(events, 0), *next = json_array_get(events, 1);
	json_object_set(json, "now", now ? now : json_null());
	json_object_set(json, "next", next ? next : json_null());
	json_decref(events);
	return json;
}

void guide_view_json(const struct guide_view *view, GString *out)
{
	g_string_append(out, "[");
	for (guint i = 0; i < view->channels->len; i++) {
		json_t *json = channel_json(view, shown_at(view, i));
		char *text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(3));
		g_string_append_printf(out, "%s\n%s", i ? "," : "", text);
		free(text);
		json_decref(json);
	}
	g_string_append(out, "\n]\n");
}
