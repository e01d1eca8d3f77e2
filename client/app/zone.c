#include "client/app/zone.h"

#include <time.h>

#define DAY_S 86400
#define YEAR_DAYS 366

static int32_t offset_at(int64_t utc_s)
{
	time_t at = (time_t)utc_s;
	struct tm local;
	return localtime_r(&at, &local) ? (int32_t)local.tm_gmtoff : 0;
}

/* Between two times with different offsets: the first second of the new one. */
static int64_t find_change(int64_t before_s, int64_t after_s)
{
	int32_t offset_s = offset_at(before_s);
	while (after_s - before_s > 1) {
		int64_t middle_s = before_s + (after_s - before_s) / 2;
		if (offset_at(middle_s) == offset_s)
			before_s = middle_s;
		else
			after_s = middle_s;
	}
	return after_s;
}

struct zone zone_at(int64_t utc_s)
{
	struct zone zone = {.offset_s = offset_at(utc_s)};
	for (int day = 1; day <= YEAR_DAYS && !zone.changes_at_s; day++) {
		int64_t at_s = utc_s + (int64_t)day * DAY_S;
		if (offset_at(at_s) != zone.offset_s)
			zone.changes_at_s = find_change(at_s - DAY_S, at_s);
	}
	if (zone.changes_at_s)
		zone.offset_after_s = offset_at(zone.changes_at_s);
	return zone;
}
