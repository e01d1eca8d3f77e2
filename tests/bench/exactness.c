/*
 * bench/exactness: how far the figures of `zapper bench` are from what is seen from outside, stage
 * by stage. A program that prints percentiles, not a test:
 *
 *   ZAPPER_BUILD=build ZAPPER_ZAPS=100 tests/system/run build/tests/bench/exactness
 *
 * The table stays in build/tests/system/exactness.txt.
 */
#include <stdlib.h>

#include <glib.h>

#include "tests/system/support/benchmark.h"
#include "tests/system/support/exactness.h"

enum { ZAP_MAX_MS = 10000 };

static void measure(void **state)
{
	take_stage(stage, state);
	const char *zaps = g_getenv("ZAPPER_ZAPS") ? g_getenv("ZAPPER_ZAPS") : "100";
	g_autofree char *json = lab_path(&stage->lab, "run.json");
	struct figure figures[EXACTNESS_STAGES];
	struct shutter *shutter = shutter_open(stage->lab.folder);
	int64_t offset_ns = exactness_clock_offset_ns();
	const char *const more[] = {"--zaps", zaps, "--gop", "300", "-o", "screen.banner_s=0",
		"--video-sink", shutter_sink(shutter), "--json", json, NULL};
	pid_t pid = benchmark_start(&stage->lab, more);
	assert_int_equal(benchmark_wait(pid, (unsigned)(atoi(zaps) + 2) * ZAP_MAX_MS), 0);
	json_t *report = benchmark_report(&stage->lab, "run.json");
	bool comparable = exactness_compare(stage, shutter, report, offset_ns, figures);
	g_autofree char *title = g_strdup_printf(
		"%s cold zaps: what zapper bench says and what was seen from outside apart%s", zaps,
		comparable ? "" : " (worth nothing: the clock was set meanwhile)");
	figures_print(title, figures, EXACTNESS_STAGES, "exactness.txt");
	for (int i = 0; i < EXACTNESS_STAGES; i++)
		figure_clear(&figures[i]);
	json_decref(report);
	shutter_close(shutter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {STAGE_TEST(measure)};
	return cmocka_run_group_tests_name("bench_exactness", tests, stage_open, stage_close);
}
