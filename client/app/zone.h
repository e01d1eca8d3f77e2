/* app/zone: what this machine's time zone (TZ, /etc/localtime) does to the time on the wall. */
#pragma once

#include <stdint.h>

struct zone {
	int32_t offset_s;	/* from UTC, east is positive */
	int64_t changes_at_s;	/* Unix time of its next change within a year; 0: none */
	int32_t offset_after_s; /* from then on */
};

/* As of that Unix time. */
struct zone zone_at(int64_t utc_s);
