#include "ui/wall.h"

#include <glib.h>
#include <stdio.h>

#define NS_PER_MS UINT64_C(1000000)
#define FIRST_MS INT64_C(1704067200000) /* 2024-01-01: a clock before that was never set */
#define LAST_MS (UI_WALL_LAST_S * 1000)
#define DAY_S INT64_C(86400)
#define HALF_HOUR_S INT64_C(1800)
#define UNIX_EPOCH_JULIAN 719163 /* GDate's day number of 1 January 1970 */

static int64_t floor_to(int64_t value, int64_t step)
{
	int64_t rest = value % step;

	return value - (rest < 0 ? rest + step : rest);
}

/* Since the clock was read: full milliseconds, rounded down, and what is left of the next one. */
static int64_t since_ms(const struct ui_clock *clock, uint64_t now_ns, uint64_t *ret_rest_ns)
{
	bool before = now_ns < clock->at_ns;
	uint64_t apart_ns = before ? clock->at_ns - now_ns : now_ns - clock->at_ns;
	int64_t full_ms = (int64_t)(apart_ns / NS_PER_MS);
	uint64_t rest_ns = apart_ns % NS_PER_MS;

	*ret_rest_ns = before && rest_ns ? NS_PER_MS - rest_ns : rest_ns;
	return before ? -full_ms - (rest_ns > 0) : full_ms;
}

/* At `now`, or 0 outside of 2024 to 9999. */
static int64_t wall_ms(const struct ui_clock *clock, uint64_t now_ns, uint64_t *ret_rest_ns)
{
	if (clock->unix_ms < FIRST_MS || clock->unix_ms > LAST_MS)
		return 0;
	int64_t ms = clock->unix_ms + since_ms(clock, now_ns, ret_rest_ns);
	return ms >= FIRST_MS && ms <= LAST_MS ? ms : 0;
}

int64_t ui_wall_s(const struct ui_clock *clock, uint64_t now_ns)
{
	uint64_t rest_ns;

	return wall_ms(clock, now_ns, &rest_ns) / 1000;
}

uint64_t ui_wall_next_ns(const struct ui_clock *clock, uint64_t now_ns, int64_t step_s)
{
	uint64_t rest_ns;
	int64_t now_ms = wall_ms(clock, now_ns, &rest_ns);

	if (now_ms == 0)
		return UINT64_MAX;
	int64_t wait_ms = floor_to(now_ms, step_s * 1000) + step_s * 1000 - now_ms;
	uint64_t by_ns = (uint64_t)wait_ms * NS_PER_MS - rest_ns;
	return by_ns > UINT64_MAX - now_ns ? UINT64_MAX : now_ns + by_ns;
}

/* Seconds of the viewer's zone since 1970, for times from 1970 to 9999. */
static int64_t local_s(const struct ui_clock *clock, int64_t time_s)
{
	bool changed = clock->changes_at_s && time_s >= clock->changes_at_s;
	int32_t offset_s = changed ? clock->offset_after_s : clock->offset_s;

	return CLAMP(time_s, 0, UI_WALL_LAST_S) + CLAMP(offset_s, -DAY_S, DAY_S);
}

int64_t ui_wall_half_hour_s(const struct ui_clock *clock, int64_t time_s)
{
	int64_t here_s = local_s(clock, time_s);

	return time_s - (here_s - floor_to(here_s, HALF_HOUR_S));
}

void ui_wall_time(const struct ui_clock *clock, int64_t time_s, char text[UI_CLOCK_BYTES])
{
	int64_t here_s = local_s(clock, time_s);
	unsigned minute = (unsigned)((here_s - floor_to(here_s, DAY_S)) / 60);

	snprintf(text, UI_CLOCK_BYTES, "%02u:%02u", minute / 60 % 24, minute % 60);
}

void ui_wall_span(
	const struct ui_clock *clock, int64_t from_s, int64_t to_s, char text[UI_SPAN_BYTES])
{
	char from[UI_CLOCK_BYTES], to[UI_CLOCK_BYTES];

	ui_wall_time(clock, from_s, from);
	ui_wall_time(clock, to_s, to);
	snprintf(text, UI_SPAN_BYTES, "%.5s \u2013 %.5s", from, to);
}

void ui_wall_day(
	const struct ui_clock *clock, int64_t time_s, int64_t now_s, char text[UI_NAME_BYTES])
{
	static const char *const weekdays[] = {
		"", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	static const char *const months[] = {"", "January", "February", "March", "April", "May",
		"June", "July", "August", "September", "October", "November", "December"};
	int64_t day = floor_to(local_s(clock, time_s), DAY_S) / DAY_S;
	int64_t today = floor_to(local_s(clock, now_s), DAY_S) / DAY_S;
	GDate date;

	if (now_s && (day == today || day == today + 1)) {
		snprintf(text, UI_NAME_BYTES, "%s", day == today ? "Today" : "Tomorrow");
		return;
	}
	g_date_clear(&date, 1);
	g_date_set_julian(&date, (guint32)(day + UNIX_EPOCH_JULIAN));
	snprintf(text, UI_NAME_BYTES, "%s %u %s", weekdays[g_date_get_weekday(&date)],
		g_date_get_day(&date), months[g_date_get_month(&date)]);
}
