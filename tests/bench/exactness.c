/*
 * bench/exactness: how far the figures of `zapper bench` are from what is seen from outside, stage
 * by stage. It prints percentiles, and fails where they are not as near as is promised, which wants
 * a calm machine:
 *
 *   ZAPPER_BUILD=build ZAPPER_ZAPS=100 tests/system/run build/tests/bench/exactness
 *
 * The table stays in build/tests/system/exactness.txt.
 */
#include <stdlib.h>

#include <glib.h>

#include "tests/system/support/benchmark.h"
#include "tests/system/support/exactness.h"
#include "tests/support/test.h"

enum { ZAP_MAX_MS = 10000, P99_MIN_ZAPS = 100 };
/* So near is 99 of 100 figures; of fewer, 95 of 100. */
#define ERROR_MAX_MS 0.2

static void expect_near(const struct figure figures[EXACTNESS_STAGES], unsigned zaps)
{
	for (int i = 0; i < EXACTNESS_STAGES; i++) {
		double p = zaps < P99_MIN_ZAPS ? 95 : 99;
		double error_ms = figure_percentile(&figures[i], p);
		/* What cannot be compared is no agreement. */
		if (figures[i].ms->len != zaps || !(error_ms <= ERROR_MAX_MS))
			fail_msg("%s: %u of %u zaps compared, p%.0f of the error %.3f ms",
				figures[i].name, figures[i].ms->len, zaps, p, error_ms);
	}
}

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
	if (comparable)
		expect_near(figures, (unsigned)atoi(zaps));
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
