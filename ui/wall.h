/* ui/wall: the time on the wall in words. Pure; see struct ui_clock. Unix times are in seconds. */
#pragma once

#include "ui/facts.h"
#include "ui/view.h"

#define UI_WALL_LAST_S INT64_C(253402300799) /* the end of the year 9999 */

/* 0 where the clock is not known, or shows a year that no box lives in: before 2024. */
int64_t ui_wall_s(const struct ui_clock *clock, uint64_t now_ns);
/* When, as CLOCK_MONOTONIC, the wall next shows a multiple of step_s; UINT64_MAX: never. */
uint64_t ui_wall_next_ns(const struct ui_clock *clock, uint64_t now_ns, int64_t step_s);
/* The last full half hour of the viewer's zone at that time. */
int64_t ui_wall_half_hour_s(const struct ui_clock *clock, int64_t time_s);

/* "20:15" */
void ui_wall_time(const struct ui_clock *clock, int64_t time_s, char text[UI_CLOCK_BYTES]);
/* "20:15 – 21:45" */
void ui_wall_span(
	const struct ui_clock *clock, int64_t from_s, int64_t to_s, char text[UI_SPAN_BYTES]);
/* "Today", "Tomorrow", "Sunday 22 November" */
void ui_wall_day(
	const struct ui_clock *clock, int64_t time_s, int64_t now_s, char text[UI_NAME_BYTES]);
