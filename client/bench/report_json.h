/*
 * bench/report_json: a run as JSON, one zap a line; the format is doc/bench.schema.json.
 *
 * JSON has no infinity. In a zap's "ms" a milestone that was not reached is null, and "result" says
 * whether the zap failed. In "summary" a percentile that falls on a zap which never got there is
 * the string ">limit", and scenario.limit_ms says how long was waited; a figure or a class without
 * any value is null.
 */
#pragma once

#include "client/bench/statistics.h"

#define BENCH_VERSION 1
#define BENCH_BEYOND_LIMIT ">limit"

void bench_report_json(
	const struct bench_run *run, const struct bench_statistics *statistics, GString *out);

/*
 * Reads a run back. Members that are not known are ignored, those beyond design's format may be
 * missing. -EILSEQ where the text is no report or a broken one, -EPROTONOSUPPORT where its version
 * is another; *ret_why is a sentence for the user, freed with g_free().
 */
int bench_report_read(const char *text, size_t size, struct bench_run **ret, char **ret_why);
