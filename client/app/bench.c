#include "client/app/bench.h"

#include <glib.h>
#include <signal.h>
#include <string.h>

#include "client/app/bench_ahead.h"
#include "client/app/bench_clock.h"
#include "client/app/bench_keys.h"
#include "client/app/bench_notes.h"
#include "client/app/bench_warm.h"
#include "client/app/output.h"
#include "client/app/presser.h"
#include "client/app/self_test.h"
#include "client/app/state.h"
#include "client/bench/book.h"
#include "client/bench/report_text.h"
#include "client/commands.h"

#define MS_NS UINT64_C(1000000)
#define SELF_TEST_DELAYS 200
/* So long pictures have to have moved, and so soon after it a record says that they have. */
#define MOVED_NS (1000 * MS_NS)
#define TOLD_NS (200 * MS_NS)
/* What a shell says of a program that a signal has ended, added to its number. */
#define SIGNALLED 128

struct bench {
	const struct app_bench_options *options;
	struct app *app;
	struct presser *presser;
	struct bench_book *book;
	bool tested; /* the first channel has been shown, or has not come: the self-test is made */
	bool begun;  /* and after it the run */
	bool ended;
	bool open; /* the record of the zap that was begun last is to come */
	uint64_t open_n;
	struct bench_press next;
	bool has_next;		/* else the run ends with the zap that is open */
	bool aimed;		/* it is known where the next press leads ... */
	struct bench_warm warm; /* ... and waits, or has waited, for its channel */
	bool *held;		/* by channel: received ahead when that press was due */
	uint64_t pressed_ns;	/* the last press, or the start of the run */
	uint64_t zaps_ns;	/* from the time a press was due to its record, of all zaps */
	GArray *clock_steps;	/* guint: zaps during which CLOCK_REALTIME was set */
	uv_work_t testing;
	struct bench_self_test self_test;
	char *test_why;	 /* it found out nothing */
	GArray *late_ms; /* double: from the scheduled press to when it was made */
};

static struct bench *bench_of(struct app *app)
{
	return app->driver_ctx;
}

/* ---- the end ---- */

/*
 * Whoever waits in vain presses Ctrl-C: that zap must not vanish. Of which kind it is may not be
 * known yet. When its key was due; 0 where all zaps are over.
 */
static uint64_t keep_unfinished(struct bench *bench)
{
	struct zap_record record;
	struct bench_pressed pressed;
	if (!zap_unfinished(bench->app->zap, &record))
		return 0;
	record.kind = ZAP_SUPERSEDED;
	return bench_book_record(bench->book, &record, &pressed) ? pressed.scheduled_ns : 0;
}

static void end_run(struct bench *bench, enum bench_end end, const char *why, int code)
{
	struct bench_run *run = bench->options->run;
	if (bench->ended)
		return;
	bench->ended = true;
	bench_book_end(bench->book);
	char *told = g_strdup(why);
	uint64_t unfinished_ns = keep_unfinished(bench);
	if (unfinished_ns)
		told = bench_note_waiting(told, uv_hrtime() - unfinished_ns);
	/* The last zap has not ended, but where it has its picture that counts. */
	struct zap_event stop = {.type = ZAP_EVENT_STOP, .at_ns = uv_hrtime()};
	app_event(bench->app, &stop);
	run->duration_ns = run->start_ns ? uv_hrtime() - run->start_ns : 0;
	bench_run_end(run, end, told);
	g_free(told);
	bench_note_run(bench->app, run, bench->late_ms, bench->clock_steps);
	app_quit(bench->app, code);
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

/* Sets the timer for the next press, or for the end, once it is known when that is due. */
static void schedule(struct bench *bench, uint64_t zap_end_ns)
{
	uint64_t at_ns = zap_end_ns + (bench->has_next ? bench->next.after_ns : 0);
	if (!bench->open)
		presser_set(bench->presser, MAX(at_ns, uv_hrtime()));
}

/*
 * The dwell begins when motion is certain. The record says so with the picture after that second:
 * up to three refreshes later, most of a minute in a thousand zaps that nobody has to wait for.
 */
static uint64_t end_of(const struct zap_record *record)
{
	uint64_t motion_ns = record->at_ns[ZAP_MOTION], now_ns = uv_hrtime();
	bool told = motion_ns && now_ns < motion_ns + MOVED_NS + TOLD_NS;
	return told ? MIN(motion_ns + MOVED_NS, now_ns) : now_ns;
}

static void plan_next(struct bench *bench)
{
	bench->has_next = bench_plan_next(bench->options->plan, &bench->next);
	bench->aimed = false;
	if (bench->has_next && bench->next.from == BENCH_FROM_PRESS)
		presser_set(bench->presser, bench->pressed_ns + bench->next.after_ns);
	else
		schedule(bench, uv_hrtime());
}

static struct bench_view view_of(const struct bench *bench)
{
	return (struct bench_view){.current = zap_channel(bench->app->zap),
		.last = ui_model_last(desk_model(bench->app->desk)),
		.ahead = bench->held};
}

/* A key that leads nowhere is found out by pressing it. */
static void press_booked(
	struct bench *bench, uint64_t at_ns, const struct bench_ahead *ahead, double late_ms)
{
	struct app *app = bench->app;
	struct bench_pressed pressed = {.n = zap_number(app->zap) + 1,
		.scheduled_ns = at_ns,
		.waited_ns = bench->warm.waited_ns,
		.action = bench->next.action,
		.ahead = *ahead,
		.clock_offset_ns = bench_clock_offset_ns()};
	bool was_open = bench->open;
	uint64_t was_n = bench->open_n;
	bench->open = true;
	bench->open_n = pressed.n;
	bench_book_press(bench->book, &pressed);
	bench_keys_press(app, &bench->next, at_ns);
	g_array_append_val(bench->late_ms, late_ms);
	if (zap_number(app->zap) == pressed.n)
		return;
	bench_book_idle(bench->book);
	bench->open = was_open;
	bench->open_n = was_n;
}

static void make_press(struct bench *bench, uint64_t at_ns, const struct bench_ahead *ahead)
{
	double late_ms = (double)(uv_hrtime() - at_ns) / 1e6;
	bench->zaps_ns += at_ns - bench->warm.due_ns;
	bench->pressed_ns = at_ns;
	press_booked(bench, at_ns, ahead, late_ms);
	show_progress(bench);
	plan_next(bench);
}

static bool wait_until_warm(struct bench *bench, uint64_t at_ns, const struct bench_ahead *ahead)
{
	const struct bench_run *run = bench->options->run;
	struct bench_view view = view_of(bench);
	if (run->settings.wish != BENCH_WARM_ONLY)
		return false;
	int target = bench_plan_target(bench->options->plan, &view, &bench->next);
	const struct bench_warm_look look = {.at_ns = at_ns,
		.is_warm = bench_ahead_is_warm(bench->app, target),
		.any_ahead = ahead->streams > 0,
		.limit_ns = run->limit_ms * MS_NS,
		.phase_ns = bench->next.phase_ns};
	struct bench_warm_answer answer = bench_warm_ask(&bench->warm, &look);
	if (answer.verdict == BENCH_WARM_WAIT)
		presser_set(bench->presser, answer.again_ns);
	else if (answer.verdict == BENCH_WARM_NEVER)
		end_run(bench, BENCH_END_FAILED,
			"no channel is received ahead, so no zap is warm: zap.prejoin_mbps or "
			"zap.line_mbps may leave no room",
			EXIT_FAILED);
	return answer.verdict != BENCH_WARM_PRESS;
}

static void on_press_due(struct bench *bench, uint64_t at_ns)
{
	struct bench_ahead ahead;
	bench_ahead_look(bench->app, bench->held, &ahead);
	if (!bench->aimed) {
		struct bench_view view = view_of(bench);
		bench_plan_aim(bench->options->plan, &view, &bench->next);
		bench->aimed = true;
		bench->warm = (struct bench_warm){.due_ns = at_ns};
	}
	if (!wait_until_warm(bench, at_ns, &ahead))
		make_press(bench, at_ns, &ahead);
}

static void on_time(void *ctx, uint64_t at_ns)
{
	struct bench *bench = ctx;
	if (bench->ended)
		return;
	if (bench->has_next)
		on_press_due(bench, at_ns);
	else
		end_run(bench, BENCH_END_DONE, NULL, EXIT_OK);
}

/* ---- what is heard of the zaps ---- */

static void start_run(struct bench *bench)
{
	struct bench_run *run = bench->options->run;
	bench->begun = true;
	bench->open = false;
	bench->pressed_ns = uv_hrtime();
	bench_note_start(run, bench->pressed_ns);
	plan_next(bench);
	show_progress(bench);
}

/* A thread of the pool. */
static void run_self_test(uv_work_t *testing)
{
	struct bench *bench = testing->data;
	self_test_run(SELF_TEST_DELAYS, &bench->self_test, &bench->test_why);
}

static void on_tested(uv_work_t *testing, int status)
{
	struct bench *bench = testing->data;
	(void)status;
	if (bench->ended)
		return;
	bench->options->run->self_test = bench->self_test;
	if (bench->test_why)
		app_log("warning: %s", bench->test_why);
	else if (bench->self_test.p99_ms > SELF_TEST_P99_MAX_MS)
		app_log("warning: the tool's own error is large, %.3f ms at p99: is the machine "
			"busy?",
			bench->self_test.p99_ms);
	start_run(bench);
}

/* While the first channel plays: what plays takes the processor from whoever reads the stamps. */
static void start_self_test(struct bench *bench)
{
	bench->tested = true;
	bench->testing.data = bench;
	uv_queue_work(&bench->app->loop, &bench->testing, run_self_test, on_tested);
}

static void take_record(struct bench *bench, const struct zap_record *record)
{
	struct bench_pressed pressed;
	if (!bench_book_record(bench->book, record, &pressed))
		return;
	bench->zaps_ns += uv_hrtime() - pressed.scheduled_ns;
	guint number = (guint)bench_run_count(bench->options->run);
	if (bench_clock_was_set(pressed.scheduled_ns, pressed.clock_offset_ns, uv_hrtime(),
		    bench_clock_offset_ns()))
		g_array_append_val(bench->clock_steps, number);
	if (!bench->open || record->n != bench->open_n)
		return;
	bench->open = false;
	/* One that counts from the press before is set already. */
	if (!bench->ended && !(bench->has_next && bench->next.from == BENCH_FROM_PRESS))
		schedule(bench, end_of(record));
}

static void recorded(struct app *app, const struct zap_record *record)
{
	struct bench *bench = bench_of(app);
	if (bench->begun)
		take_record(bench, record);
	else if (!bench->tested && !bench->ended)
		start_self_test(bench);
}

static void stamped(struct app *app, uint64_t wire_ns)
{
	bench_book_stamp(bench_of(app)->book, zap_number(app->zap), wire_ns);
}

static void key_unit(struct app *app, uint64_t n, bool is_damaged, bool is_remembered)
{
	bench_book_key_unit(bench_of(app)->book, n, is_damaged, is_remembered);
}

static void damaged(struct app *app, uint64_t n)
{
	bench_book_flagged(bench_of(app)->book, n);
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
	if (!error && bench->options->habits)
		bench_ahead_learn(ahead_history(app->ahead), bench->options->habits);
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
	desk_tune(app->desk, app->options->channel, uv_hrtime());
}

static void signalled(struct app *app, int number)
{
	struct bench *bench = bench_of(app);
	if (number == SIGCONT)
		return;
	if (bench->ended) {
		/* Said twice: at once. */
		signal(number, SIG_DFL);
		raise(number);
		return;
	}
	char *why = g_strdup_printf("%s after %u of %zu presses", strsignal(number),
		bench->late_ms->len, bench_plan_total(bench->options->plan));
	end_run(bench, BENCH_END_INTERRUPTED, why, number == SIGINT ? EXIT_OK : SIGNALLED + number);
	g_free(why);
}

/* The program ends before the run has: it cannot play at all. */
static void close_bench(struct app *app)
{
	struct bench *bench = bench_of(app);
	if (app->begun)
		end_run(bench, BENCH_END_FAILED, "the player failed; its reason was logged",
			EXIT_FAILED);
	presser_close(bench->presser);
}

int app_bench(const struct app_options *options, const struct app_bench_options *bench_options,
	bool *ret_ended)
{
	static const struct app_driver driver = {.open = open_bench,
		.begin = begin,
		.stamped = stamped,
		.key_unit = key_unit,
		.damaged = damaged,
		.recorded = recorded,
		.signalled = signalled,
		.close = close_bench};
	struct bench bench = {.options = bench_options};
	bench.book = bench_book_new(bench_options->run);
	bench.held = g_new0(bool, options->channels->count);
	bench.late_ms = g_array_new(FALSE, FALSE, sizeof(double));
	bench.clock_steps = g_array_new(FALSE, FALSE, sizeof(guint));
	int code = app_drive(options, &driver, &bench);
	*ret_ended = bench.ended;
	g_free(bench.test_why);
	g_array_unref(bench.clock_steps);
	g_array_unref(bench.late_ms);
	g_free(bench.held);
	bench_book_free(bench.book);
	return code;
}
