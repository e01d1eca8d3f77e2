#include "client/app/bench_notes.h"

#include <time.h>

#include "client/bench/statistics.h"

#define STEPS_NAMED 20

void bench_note_start(struct bench_run *run, uint64_t at_ns)
{
	time_t now = time(NULL);
	struct tm utc;
	char started[32], clock[64];
	strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	run->start_ns = at_ns;
	run->started = g_strdup(started);
	g_snprintf(clock, sizeof clock, "%" G_GUINT64_FORMAT ".%09u s of CLOCK_MONOTONIC",
		at_ns / 1000000000, (unsigned)(at_ns % 1000000000));
	bench_run_add_scenario(run, "clock at the start", clock);
}

char *bench_note_waiting(char *why, uint64_t waited_ns)
{
	char *both = g_strdup_printf("%s%sno picture of the last zap had come for %.1f s",
		why ? why : "", why ? "; " : "", (double)waited_ns / 1e9);
	g_free(why);
	return both;
}

static void note_lateness(struct bench_run *run, const GArray *late_ms)
{
	struct bench_sample late;
	double *ms = g_memdup2(late_ms->data, late_ms->len * sizeof(double));
	bench_sample_init(&late, ms, late_ms->len);
	char *text = g_strdup_printf("p50 %.3f, p99 %.3f, max %.3f ms (in every figure)",
		bench_percentile(&late, 50), bench_percentile(&late, 99),
		bench_percentile(&late, 100));
	if (late.count)
		bench_run_add_scenario(run, BENCH_NOTE_LATE, text);
	g_free(text);
	bench_sample_clear(&late);
}

/* Who says when the reports left: figures are not the same with all of them. */
static void note_stamps(struct bench_run *run, enum igmp_backend backend)
{
	size_t reports = 0, stamped = 0;
	for (size_t i = 0; i < bench_run_count(run); i++) {
		const struct bench_zap *zap = bench_run_zap(run, i);
		reports += zap->record.at_ns[ZAP_REPORT] != 0;
		stamped += zap->wire_ns != 0;
	}
	if (!reports)
		return;
	char *text = g_strdup_printf("%zu of %zu by the kernel when on the wire%s", stamped,
		reports,
		backend == IGMP_BACKEND_KERNEL
			? ", the others by the program when it asked the kernel, which sends them "
			  "some ms later"
		: stamped < reports
			? ", the others by the program when it handed them to the kernel"
			: "");
	bench_run_add_scenario(run, "reports stamped", text);
	g_free(text);
}

/* Those are the ones to look at: their first packets have the program's stamps. */
static void note_clock_steps(struct bench_run *run, const GArray *zaps)
{
	GString *text = g_string_new(NULL);
	guint named = MIN(zaps->len, STEPS_NAMED);
	for (guint i = 0; i < named; i++)
		g_string_append_printf(text, "%s%u",
			i		? ", "
			: zaps->len > 1 ? "during zaps "
					: "during zap ",
			g_array_index(zaps, guint, i));
	if (zaps->len > named)
		g_string_append_printf(text, " and %u more", zaps->len - named);
	g_string_append(text, ", whose packets have the program's stamps");
	if (zaps->len)
		bench_run_add_scenario(run, "the clock was set", text->str);
	g_string_free(text, TRUE);
}

void bench_note_run(
	struct app *app, struct bench_run *run, const GArray *late_ms, const GArray *clock_steps)
{
	const char *why;
	enum igmp_backend backend = igmp_membership_backend(net_membership(app->net), &why);
	bench_run_add_scenario(run, "interface", app->iface);
	bench_run_add_scenario(run, "membership", why);
	bench_run_add_scenario(run, "video sink", play_video_sink(player_play(app->player)));
	bench_run_add_scenario(run, "audio sink", play_audio_sink(player_play(app->player)));
	note_stamps(run, backend);
	note_lateness(run, late_ms);
	note_clock_steps(run, clock_steps);
}
