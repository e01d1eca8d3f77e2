/* client/guide_time: the times that users write and read. Pure. */
#pragma once

#include <glib.h>

/*
 * Reads a time, in `zone` where it names none:
 *
 *	now
 *	+2h, -30m, +1d12h	from now on
 *	20:15, 20:15:30		of today
 *	2026-11-22		its midnight
 *	2026-11-22 20:15	with 'T' for the space, seconds and their fraction, and "Z" or
 *				"+01:00" behind it, as in RFC 3339
 *
 * -EINVAL (nothing written) for anything else.
 */
int guide_time_parse(const char *text, gint64 now_utc_s, GTimeZone *zone, gint64 *ret_utc_s);

/* The midnights around a moment, in `zone`: that day may have 23 or 25 hours. */
void guide_time_day(gint64 at_utc_s, GTimeZone *zone, gint64 *ret_from_utc_s, gint64 *ret_to_utc_s);

/* As strftime() would; freed with g_free(). */
char *guide_time_format(gint64 at_utc_s, GTimeZone *zone, const char *format);
