/*
 * igmp/notice: what the host noticed, as a sentence for a log or a screen. Pure.
 */
#pragma once

#include <stddef.h>

#include "igmp/host.h"

#define IGMP_NOTICE_MAX_BYTES 256

/* A stable word for scripts, e.g. "querier-changed". */
const char *igmp_notice_word(enum igmp_notice_type type);

/* Without a newline, and without the name of the interface. */
void igmp_notice_sentence(const struct igmp_notice *notice, char *ret, size_t size);
