#include "client/app/bench.h"

#include <glib.h>
#include <linux/input-event-codes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "client/app/output.h"
#include "client/app/presser.h"
#include "client/app/state.h"
#include "client/bench/report_text.h"
#include "client/bench/statistics.h"
#include "client/commands.h"

/* CLOCK_REALTIME was set, if within a zap it moves that far from CLOCK_MONOTONIC. */
#define CLOCK_STEP_NS INT64_C(1000000)

/* A press of the plan, and what is heard of its zap before the record comes. */
struct pressed {
	uint64_t n; /* its zap; 0: none */
	uint64_t scheduled_ns;
	uint64_t wire_ns;
	int64_t clock_offset_ns;
	enum bench_action action;
	bool damaged;
};

struct bench {
	const struct app_bench_options *options;
	struct app *app;
	struct presser *presser;
	bool warm; /* the first channel has been shown, or has not come */
	bool ended;
	/* The zap that was begun last, and the one that it may have cut off. */
	struct pressed now, before;
	bool open; /* its record is to come */
	struct bench_press next;
	bool has_next;	     /* else the run ends with the zap that is open */
	bool refused;	     /* because the plan knows no press that it could make */
	uint64_t pressed_ns; /* the last press, or the start of the run */
	uint64_t zaps_ns;    /* from press to record, of all zaps */
	uint32_t clock_steps;
	GArray *late_ms; /* double: from the scheduled press to when it was made */
};

static struct bench *bench_of(struct app *app)
{
	return app->driver_ctx;
}

/* Whoever is scheduled away between the two clocks tries again: it would look like a step. */
static int64_t clock_offset_ns(void)
{
	struct timespec realtime;
	uint64_t before_ns, after_ns;
	int tries = 5;
	do {
		before_ns = uv_hrtime();
		clock_gettime(CLOCK_REALTIME, &realtime);
		after_ns = uv_hrtime();
	} while (after_ns - before_ns > CLOCK_STEP_NS / 10 && --tries);
	return realtime.tv_sec * INT64_C(1000000000) + realtime.tv_nsec - (int64_t)before_ns;
}

/* ---- the end ---- */

static void note_lateness(struct bench *bench)
{
	struct bench_sample late;
	double *ms = g_memdup2(bench->late_ms->data, bench->late_ms->len * sizeof(double));
	bench_sample_init(&late, ms, bench->late_ms->len);
	char *text = g_strdup_printf("p50 %.3f, p99 %.3f, max %.3f ms (in every figure)",
		bench_percentile(&late, 50), bench_percentile(&late, 99),
		bench_percentile(&late, 100));
	if (late.count)
		bench_run_add_scenario(bench->options->run, "presses came late by", text);
	g_free(text);
	bench_sample_clear(&late);
}

/* Who says when the reports left: figures are not the same with all of them. */
static void note_stamps(const struct bench *bench, enum igmp_backend backend)
{
	struct bench_run *run = bench->options->run;
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

static void note_run(struct bench *bench)
{
	struct app *app = bench->app;
	struct bench_run *run = bench->options->run;
	const char *why;
	enum igmp_backend backend = igmp_membership_backend(net_membership(app->net), &why);
	bench_run_add_scenario(run, "interface", app->iface);
	bench_run_add_scenario(run, "membership", why);
	bench_run_add_scenario(run, "video sink", play_video_sink(player_play(app->player)));
	bench_run_add_scenario(run, "audio sink", play_audio_sink(player_play(app->player)));
	note_stamps(bench, backend);
	note_lateness(bench);
	if (!bench->clock_steps)
		return;
	char *text = g_strdup_printf(
		"during %u zaps, whose packets have the program's stamps", bench->clock_steps);
	bench_run_add_scenario(run, "the clock was set", text);
	g_free(text);
}

static void end_run(struct bench *bench, enum bench_end end, const char *why)
{
	struct bench_run *run = bench->options->run;
	if (bench->ended)
		return;
	bench->ended = true;
	/* The last zap has not ended, but where it has its picture that counts. */
	struct zap_event stop = {.type = ZAP_EVENT_STOP, .at_ns = uv_hrtime()};
	app_event(bench->app, &stop);
	run->duration_ns = run->start_ns ? uv_hrtime() - run->start_ns : 0;
	bench_run_end(run, end, why);
	note_run(bench);
	bench->options->ended(bench->options->ctx);
	app_quit(bench->app, end == BENCH_END_FAILED ? EXIT_FAILED : EXIT_OK);
}

/* ---- presses ---- */

static void show_progress(const struct bench *bench)
{
	const struct app_bench_options *options = bench->options;
	char text[BENCH_PROGRESS_BYTES];
	size_t zaps = bench_run_count(options->run);
	if (!options->progress)
		return;
	bench_progress(text, bench_plan_done(options->plan), bench_plan_total(options->plan),
		bench_plan_left_ns(options->plan, zaps ? bench->zaps_ns / zaps : 0));
	output_line(OUTPUT_PROGRESS, g_strdup(text));
}

static void press_digits(struct app *app, const struct channel *channel, uint64_t at_ns)
{
	static const uint16_t digits[] = {
		KEY_0, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9};
	char number[CHANNEL_NUMBER_BYTES];
	uint64_t n = zap_number(app->zap);
	for (const char *c = channel_number_format(channel, number); *c; c++)
		remote_key(app->remote, *c == '.' ? KEY_DOT : digits[*c - '0'], at_ns);
	/* A longer number could follow: the viewer says that none does. */
	if (zap_number(app->zap) == n)
		remote_key(app->remote, KEY_OK, at_ns);
}

static void press_key(struct app *app, const struct bench_press *press, uint64_t at_ns)
{
	const struct channel *channel =
		press->channel < 0 ? NULL : &app->options->channels->channels[press->channel];
	struct ui_action tune = {.type = UI_ACTION_TUNE, .pressed_ns = at_ns};
	switch (press->action) {
	case BENCH_PRESS_UP:
		remote_key(app->remote, KEY_CHANNELUP, at_ns);
		break;
	case BENCH_PRESS_DOWN:
		remote_key(app->remote, KEY_CHANNELDOWN, at_ns);
		break;
	case BENCH_PRESS_LAST:
		remote_key(app->remote, KEY_LAST, at_ns);
		break;
	case BENCH_PRESS_NUMBER:
		press_digits(app, channel, at_ns);
		break;
	default:
		tune.number = channel->number;
		tune.subnumber = channel->subnumber;
		app_action(app, &tune);
		break;
	}
}

/* Sets the timer for the next press, or for the end, once it is known when that is due. */
static void schedule(struct bench *bench, uint64_t zap_end_ns)
{
	bool from_press = bench->has_next && bench->next.from == BENCH_FROM_PRESS;
	if (from_press)
		presser_set(bench->presser, bench->pressed_ns + bench->next.after_ns);
	else if (!bench->open)
		presser_set(
			bench->presser, zap_end_ns + (bench->has_next ? bench->next.after_ns : 0));
}

static void plan_next(struct bench *bench)
{
	struct bench_view view = {
		.current = zap_channel(bench->app->zap), .last = zap_last(bench->app->zap)};
	int result = bench_plan_next(bench->options->plan, &view, &bench->next);
	bench->has_next = result > 0;
	bench->refused = result < 0;
	schedule(bench, uv_hrtime());
}

static void make_press(struct bench *bench, uint64_t at_ns)
{
	double late_ms = (double)(uv_hrtime() - at_ns) / 1e6;
	g_array_append_val(bench->late_ms, late_ms);
	struct pressed before = bench->before, left = bench->now;
	bench->before = bench->now;
	bench->now = (struct pressed){.n = zap_number(bench->app->zap) + 1,
		.scheduled_ns = at_ns,
		.clock_offset_ns = clock_offset_ns(),
		.action = bench->next.action};
	bool was_open = bench->open;
	bench->open = true;
	bench->pressed_ns = at_ns;
	press_key(bench->app, &bench->next, at_ns);
	if (zap_number(bench->app->zap) != bench->now.n) {
		bench->now = left;
		bench->before = before;
		bench->open = was_open;
		bench->options->run->idle_presses++;
	}
	show_progress(bench);
	plan_next(bench);
}

static void on_time(void *ctx, uint64_t at_ns)
{
	struct bench *bench = ctx;
	if (bench->has_next)
		make_press(bench, at_ns);
	else if (bench->refused)
		end_run(bench, BENCH_END_FAILED, bench_plan_why(bench->options->plan));
	else
		end_run(bench, BENCH_END_DONE, NULL);
}

/* ---- what is heard of the zaps ---- */

static void start_run(struct bench *bench)
{
	struct bench_run *run = bench->options->run;
	time_t now = time(NULL);
	struct tm utc;
	char started[32], clock[64];
	strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
	bench->warm = true;
	bench->open = false;
	bench->pressed_ns = run->start_ns = uv_hrtime();
	run->started = g_strdup(started);
	g_snprintf(clock, sizeof clock, "%" G_GUINT64_FORMAT ".%09u s of CLOCK_MONOTONIC",
		run->start_ns / 1000000000, (unsigned)(run->start_ns % 1000000000));
	bench_run_add_scenario(run, "clock at the start", clock);
	plan_next(bench);
	show_progress(bench);
}

static void take_record(
	struct bench *bench, const struct zap_record *record, const struct pressed *pressed)
{
	struct bench_zap zap = {.record = *record,
		.scheduled_ns = pressed->scheduled_ns,
		.wire_ns = record->at_ns[ZAP_REPORT] ? pressed->wire_ns : 0,
		.action = pressed->action};
	zap.record.n = bench_run_count(bench->options->run) + 1;
	/* One without a flag may be anything: most decoders conceal damage and say nothing. */
	if (record->at_ns[ZAP_PICTURE] && pressed->damaged)
		zap.check = BENCH_DAMAGED;
	bench_run_add_zap(bench->options->run, &zap);
	bench->zaps_ns += uv_hrtime() - pressed->scheduled_ns;
	bench->clock_steps += llabs(clock_offset_ns() - pressed->clock_offset_ns) > CLOCK_STEP_NS;
}

static void recorded(struct app *app, const struct zap_record *record)
{
	struct bench *bench = bench_of(app);
	if (!bench->warm) {
		if (!bench->ended)
			start_run(bench);
	} else if (record->n == bench->before.n) {
		take_record(bench, record, &bench->before);
	} else if (record->n == bench->now.n) {
		take_record(bench, record, &bench->now);
		bench->open = false;
		if (!bench->ended)
			schedule(bench, uv_hrtime());
	}
}

/* A stamp that comes late, after the next press, is of the zap before; the last leave's of none. */
static void stamped(struct app *app, uint64_t wire_ns)
{
	struct bench *bench = bench_of(app);
	if (wire_ns < bench->now.scheduled_ns)
		bench->before.wire_ns = wire_ns;
	else if (zap_number(app->zap) == bench->now.n)
		bench->now.wire_ns = wire_ns;
}

static void damaged(struct app *app, uint64_t n)
{
	struct bench *bench = bench_of(app);
	if (n == bench->now.n)
		bench->now.damaged = true;
}

/* ---- the driver ---- */

static int open_bench(struct app *app)
{
	struct bench *bench = bench_of(app);
	bench->app = app;
	int code = app_open_remote(app, false);
	if (code != EXIT_OK)
		return code;
	int error = presser_open(&app->loop, on_time, bench, &bench->presser);
	if (!error)
		return EXIT_OK;
	app_log("error: %s", g_strerror(-error));
	return EXIT_FAILED;
}

static void begin(struct app *app)
{
	sigset_t ends;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGQUIT);
	pthread_sigmask(SIG_UNBLOCK, &ends, NULL);
	struct zap_event event = {
		.type = ZAP_EVENT_TUNE, .channel = app->options->channel, .at_ns = uv_hrtime()};
	app_event(app, &event);
}

static void signalled(struct app *app, int number)
{
	struct bench *bench = bench_of(app);
	if (number == SIGCONT)
		return;
	char *why = g_strdup_printf("%s after %zu of %zu presses", strsignal(number),
		bench_plan_done(bench->options->plan), bench_plan_total(bench->options->plan));
	end_run(bench, BENCH_END_INTERRUPTED, why);
	g_free(why);
}

/* The program ends before the run has: it cannot play at all. */
static void close_bench(struct app *app)
{
	struct bench *bench = bench_of(app);
	if (app->begun)
		end_run(bench, BENCH_END_FAILED, "the player failed; its reason was logged");
	presser_close(bench->presser);
}

int app_bench(const struct app_options *options, const struct app_bench_options *bench_options)
{
	static const struct app_driver driver = {.open = open_bench,
		.begin = begin,
		.stamped = stamped,
		.damaged = damaged,
		.recorded = recorded,
		.signalled = signalled,
		.close = close_bench};
	struct bench bench = {.options = bench_options};
	bench.late_ms = g_array_new(FALSE, FALSE, sizeof(double));
	int code = app_drive(options, &driver, &bench);
	g_array_unref(bench.late_ms);
	return code;
}
