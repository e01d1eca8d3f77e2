#include "client/guide_time.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

/* So far from now at most; beyond, clocks have no numbers. */
#define FAR_S (G_GINT64_CONSTANT(3650) * 24 * 3600)
#define FIRST_YEAR 1970
#define LAST_YEAR 9998

/* Each moves on where what it reads is there, and leaves all as it is where it is not. */
static bool read_char(const char **at, const char *any_of)
{
	if (!**at || !strchr(any_of, **at))
		return false;
	++*at;
	return true;
}

static bool read_digits(const char **at, size_t count, int *ret)
{
	int value = 0;
	for (size_t i = 0; i < count; i++) {
		if (!g_ascii_isdigit((*at)[i]))
			return false;
		value = value * 10 + g_ascii_digit_value((*at)[i]);
	}
	*at += count;
	*ret = value;
	return true;
}

static bool read_date(const char **at, int *year, int *month, int *day)
{
	const char *c = *at;
	if (!read_digits(&c, 4, year) || !read_char(&c, "-") || !read_digits(&c, 2, month) ||
		!read_char(&c, "-") || !read_digits(&c, 2, day))
		return false;
	*at = c;
	return true;
}

/* "20:15", "20:15:30", "20:15:30.5", whose fraction says nothing. */
static bool read_clock(const char **at, int *hour, int *minute, int *second)
{
	const char *c = *at;
	*second = 0;
	if (!read_digits(&c, 2, hour) || !read_char(&c, ":") || !read_digits(&c, 2, minute))
		return false;
	if (read_char(&c, ":")) {
		if (!read_digits(&c, 2, second))
			return false;
		if (read_char(&c, "."))
			c += strspn(c, "0123456789");
	}
	*at = c;
	return true;
}

/* "Z" or "+01:00"; without, `usual`. NULL: it is neither. Freed with g_time_zone_unref(). */
static GTimeZone *read_zone(const char **at, GTimeZone *usual)
{
	const char *c = *at;
	int hours, minutes;
	if (!*c)
		return g_time_zone_ref(usual);
	if (read_char(at, "Zz"))
		return g_time_zone_new_utc();
	if (!read_char(&c, "+-") || !read_digits(&c, 2, &hours) || !read_char(&c, ":") ||
		!read_digits(&c, 2, &minutes) || hours > 23 || minutes > 59)
		return NULL;
	int offset_s = hours * 3600 + minutes * 60;
	bool west = **at == '-';
	*at = c;
	return g_time_zone_new_offset(west ? -offset_s : offset_s);
}

/* "+1d12h" */
static int parse_relative(const char *text, gint64 now_utc_s, gint64 *ret_utc_s)
{
	gint64 sign = *text == '-' ? -1 : 1, distance_s = 0;
	if (!read_char(&text, "+-") || !*text)
		return -EINVAL;
	while (*text) {
		char *unit;
		guint64 count = g_ascii_strtoull(text, &unit, 10);
		gint64 unit_s = *unit == 'd' ? 86400 : *unit == 'h' ? 3600 : *unit == 'm' ? 60 : 0;
		if (!g_ascii_isdigit(*text) || !unit_s || count > (guint64)(FAR_S / unit_s))
			return -EINVAL;
		distance_s += (gint64)count * unit_s;
		text = unit + 1;
	}
	if (distance_s > FAR_S)
		return -EINVAL;
	*ret_utc_s = now_utc_s + sign * distance_s;
	return 0;
}

/*
 * GLib's calendar refuses days, hours and so on that there are not, and ends with the year 9999, in
 * every zone and on the day after: no guide knows the years at its ends.
 */
static int moment_of(GTimeZone *zone, const int date[3], const int clock[3], gint64 *ret_utc_s)
{
	if (date[0] < FIRST_YEAR || date[0] > LAST_YEAR)
		return -EINVAL;
	GDateTime *time = g_date_time_new(
		zone, date[0], date[1], date[2], clock[0], clock[1], (double)clock[2]);
	if (!time)
		return -EINVAL;
	*ret_utc_s = g_date_time_to_unix(time);
	g_date_time_unref(time);
	return 0;
}

static void today(gint64 now_utc_s, GTimeZone *zone, int date[3])
{
	GDateTime *utc = g_date_time_new_from_unix_utc(now_utc_s);
	GDateTime *local = g_date_time_to_timezone(utc, zone);
	g_date_time_get_ymd(local, &date[0], &date[1], &date[2]);
	g_date_time_unref(local);
	g_date_time_unref(utc);
}

static int parse_absolute(const char *text, gint64 now_utc_s, GTimeZone *zone, gint64 *ret_utc_s)
{
	int date[3], clock[3] = {0};
	bool dated = read_date(&text, &date[0], &date[1], &date[2]);
	bool clocked = !dated || read_char(&text, " Tt");
	if (clocked && !read_clock(&text, &clock[0], &clock[1], &clock[2]))
		return -EINVAL;
	GTimeZone *named = read_zone(&text, zone);
	int result = named && !*text ? 0 : -EINVAL;
	if (!result && !dated)
		today(now_utc_s, named, date);
	if (!result)
		result = moment_of(named, date, clock, ret_utc_s);
	if (named)
		g_time_zone_unref(named);
	return result;
}

int guide_time_parse(const char *text, gint64 now_utc_s, GTimeZone *zone, gint64 *ret_utc_s)
{
	if (!strcmp(text, "now")) {
		*ret_utc_s = now_utc_s;
		return 0;
	}
	if (*text == '+' || *text == '-')
		return parse_relative(text, now_utc_s, ret_utc_s);
	return parse_absolute(text, now_utc_s, zone, ret_utc_s);
}

void guide_time_day(gint64 at_utc_s, GTimeZone *zone, gint64 *ret_from_utc_s, gint64 *ret_to_utc_s)
{
	int date[3];
	today(at_utc_s, zone, date);
	GDateTime *from = g_date_time_new(zone, date[0], date[1], date[2], 0, 0, 0);
	GDateTime *to = g_date_time_add_days(from, 1);
	*ret_from_utc_s = g_date_time_to_unix(from);
	*ret_to_utc_s = g_date_time_to_unix(to);
	g_date_time_unref(from);
	g_date_time_unref(to);
}

char *guide_time_format(gint64 at_utc_s, GTimeZone *zone, const char *format)
{
	GDateTime *utc = g_date_time_new_from_unix_utc(at_utc_s);
	GDateTime *local = utc ? g_date_time_to_timezone(utc, zone) : NULL;
	char *text = local ? g_date_time_format(local, format) : g_strdup("?");
	g_clear_pointer(&local, g_date_time_unref);
	g_clear_pointer(&utc, g_date_time_unref);
	return text;
}
