/* doctor/report: findings as text for people and as JSON for programs. Pure. */
#pragma once

#include <jansson.h>

#include "client/doctor/findings.h"

#define DOCTOR_REPORT_COLUMNS 80

/*
 * A line per finding, its level first, wrapped at DOCTOR_REPORT_COLUMNS with remedies indented, and
 * a last line that counts warnings and errors. Freed with g_free().
 */
char *doctor_table(const GPtrArray *findings);

/* {"iface":"eth0","level":"warning","findings":[{"level","topic","sentence","remedy"}]} */
json_t *doctor_json(const GPtrArray *findings, const char *iface);
