/* bench/report_text: a run for the terminal, at most 80 columns wide. */
#pragma once

#include "client/bench/compare.h"

/* A table of percentiles, class by class, and what has to be known beside it. */
void bench_report_text(
	const struct bench_run *run, const struct bench_statistics *statistics, GString *out);

/* A table of the differences, or "no difference seen". `a` and `b` name the runs. */
void bench_comparison_text(
	const struct bench_comparison *comparison, const char *a, const char *b, GString *out);

/*
 * "zap 37 of 100, 4 min left"; without an end of line. `buf` holds BENCH_PROGRESS_BYTES. Returns
 * buf.
 */
#define BENCH_PROGRESS_BYTES 80
const char *bench_progress(char *buf, size_t done, size_t total, uint64_t left_ns);

/*
 * A figure for people: "0.062", "12.3", "1071", "-" for NAN, and for INFINITY ">5000" by the limit
 * or "never" where there is none. `buf` holds BENCH_MS_BYTES. Returns buf.
 */
#define BENCH_MS_BYTES 48
const char *bench_format_ms(char *buf, double ms, uint32_t limit_ms);
