/*
 * igmp/log: hands a sentence to the program's log callback.
 */
#pragma once

#include "igmp/membership.h"

struct igmp_log {
	igmp_log_fn fn; /* may be NULL */
	void *ctx;
};

void igmp_log(const struct igmp_log *log, enum igmp_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
