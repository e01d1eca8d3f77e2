/*
 * bench/report_html: a run as one page that needs nothing else: no script, no font, no picture from
 * elsewhere; plots are SVG in the page.
 */
#pragma once

#include "client/bench/result.h"

/*
 * `name` is what the run is called (its file); `before` is a run to compare with, NULL for none,
 * and `before_name` what that is called.
 */
void bench_report_html(const struct bench_run *run, const char *name,
	const struct bench_run *before, const char *before_name, GString *out);
