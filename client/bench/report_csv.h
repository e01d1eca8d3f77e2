/*
 * bench/report_csv: a row per zap after a row of names, as in RFC 4180 (CRLF, quotes doubled).
 * Figures are milliseconds, empty where there are none and ">limit" where they never came.
 */
#pragma once

#include "client/bench/figures.h"

void bench_report_csv(const struct bench_run *run, GString *out);
