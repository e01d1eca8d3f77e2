/* A channel change on a real multicast network: what is shown, and how long it takes. */
#include <math.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/system/support/figures.h"
#include "tests/system/support/stage.h"

enum {
	CHANNELS = 8,
	ZAPS = 20,		 /* the short form; ZAPPER_ZAPS=100 makes it a campaign */
	PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	FAR_OFF_MS = 2,		 /* less than a packet takes at the streams' rate */
};
#define MS_NS UINT64_C(1000000)
#define SEED 0x5eed

/* ---- what is shown ---- */

static void each_channel_shows_its_own_whole_pictures(void **state)
{
	take_stage(stage, state);
	stage_play(stage, CHANNELS);
	size_t index = 0;
	stage_await_whole(stage, CHANNELS, &index, PICTURE_LIMIT_MS);
	for (int channel = 1, before = CHANNELS; channel <= CHANNELS; before = channel++) {
		size_t first = screen_count(stage->screen);
		index = first;
		player_tune(stage->player, channel, NULL);
		stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
		index++;
		stage_await_whole(stage, channel, &index, PICTURE_LIMIT_MS);
		stage_expect_one_change(stage, first, before, channel);
	}
	stage_expect_undamaged(stage, 0);
	stage_quit(stage);
}

/* ---- a hundred zaps ---- */

enum {
	REPORT_ON_WIRE,
	OVERHEAD,
	FIRST_PACKET,
	RAP_COMPLETE,
	PICTURE,
	PICTURE_SEEN,
	MOTION,
	AUDIO,
	RAP_DIFFERENCE,
	FIGURES
};

/* One zap as the test saw it. */
struct observed {
	uint64_t zap;
	int to;
	double report_ms;	/* from the request's writing to the wire */
	double seen_ms;		/* to the picture's being read */
	double rap_complete_ms; /* from the report on the wire; NAN: the capture has it not */
};

/* A viewer's dwell time, after which a change meets the new channel's GOP at any of its points. */
static void dwell(GRand *random)
{
	const double gop_s = (double)LAB_GOP / LAB_PICTURES_PER_S;
	g_usleep((gulong)(g_rand_double_range(random, 0, gop_s) * 1e6));
}

/* Worth a look, when the table's maxima raise the question what happened. */
static void print_reports(struct stage *stage, uint64_t sent_ns)
{
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		if (!capture_is_igmp_of_box(&packet, NULL))
			continue;
		g_autofree char *text = capture_describe(&packet);
		print_message("packet %zu, %.3f ms after the request: %s\n", i,
			capture_ms_between(sent_ns, packet.at_ns), text);
	}
}

/* How far CLOCK_REALTIME is ahead of CLOCK_MONOTONIC: another value means that somebody has set it.
 */
static double clock_offset_ms(void)
{
	return capture_ms_between(lab_now_ns(), capture_now_ns());
}

/* What compares the kernel's stamps is worth nothing once the clock that they come from was set. */
static void forget_across_step(struct observed *zap, double offset_ms)
{
	double step_ms = clock_offset_ms() - offset_ms;
	if (fabs(step_ms) < FAR_OFF_MS)
		return;
	print_message(
		"the machine's clock was set by %.3f ms during zap %d\n", step_ms, (int)zap->zap);
	zap->report_ms = zap->rap_complete_ms = NAN;
}

static struct observed zap_once(struct stage *stage, int to, GRand *random)
{
	struct observed zap = {.to = to};
	struct captured report;
	struct screen_picture picture;
	size_t index = 0, shown = screen_count(stage->screen);
	uint64_t sent_ns, now_ns = lab_now_ns();
	double offset_ms = clock_offset_ms();
	capture_clear(stage->capture);
	zap.zap = player_tune(stage->player, to, &sent_ns);
	assert_true(capture_await(
		stage->capture, &index, sent_ns + 1000 * MS_NS, capture_is_change, NULL, &report));
	zap.report_ms = capture_ms_between(sent_ns, report.at_ns);
	if (!screen_await(
		    stage->screen, &shown, PICTURE_LIMIT_MS, screen_is_channel, &to, &picture))
		fail_msg("no picture of channel %d within %d ms", to, PICTURE_LIMIT_MS);
	zap.seen_ms = capture_ms_between(now_ns, picture.seen.at_ns);
	dwell(random);
	if (fabs(zap.report_ms) > FAR_OFF_MS)
		print_reports(stage, sent_ns);
	uint64_t rap_ns = stage_rap_complete(stage, to);
	zap.rap_complete_ms = rap_ns ? capture_ms_between(report.at_ns, rap_ns) : NAN;
	forget_across_step(&zap, offset_ms);
	return zap;
}

static double record_ms(json_t *record, const char *name)
{
	json_t *ms = json_object_get(json_object_get(record, "ms"), name);
	return json_is_number(ms) ? json_number_value(ms) : NAN;
}

static void add_known(struct figure *figure, double ms)
{
	if (!isnan(ms))
		figure_add(figure, ms);
}

/* What zapper wrote down of it beside what the test saw. */
static void add_figures(struct figure figures[FIGURES], json_t *record, const struct observed *zap)
{
	double rap_complete_ms = record_ms(record, "rap_complete");
	assert_string_equal(json_string_value(json_object_get(record, "kind")), "cold");
	assert_string_equal(json_string_value(json_object_get(record, "result")), "ok");
	assert_int_equal(json_integer_value(json_object_get(record, "to")), zap->to);
	add_known(&figures[REPORT_ON_WIRE], zap->report_ms);
	add_known(&figures[OVERHEAD], record_ms(record, "picture") - rap_complete_ms);
	add_known(&figures[FIRST_PACKET], record_ms(record, "first_packet"));
	add_known(&figures[RAP_COMPLETE], rap_complete_ms);
	add_known(&figures[PICTURE], record_ms(record, "picture"));
	add_known(&figures[PICTURE_SEEN], zap->seen_ms);
	add_known(&figures[MOTION], record_ms(record, "motion"));
	add_known(&figures[AUDIO], record_ms(record, "audio"));
	double since_report_ms = rap_complete_ms - record_ms(record, "report");
	add_known(&figures[RAP_DIFFERENCE], fabs(since_report_ms - zap->rap_complete_ms));
	/* Worth a look, when the table's maxima raise the question which zap it was. */
	if (zap->report_ms > FAR_OFF_MS ||
		fabs(since_report_ms - zap->rap_complete_ms) > FAR_OFF_MS) {
		char *text = json_dumps(record, JSON_COMPACT);
		print_message("report on the wire after %.3f ms, rap_complete %.3f ms later, "
			      "picture received after %.3f ms; %s\n",
			zap->report_ms, zap->rap_complete_ms, zap->seen_ms, text);
		free(text);
	}
}

static json_t *find_record(json_t *records, uint64_t zap)
{
	json_t *record;
	size_t i;
	json_array_foreach(records, i, record) if ((uint64_t)json_integer_value(json_object_get(
							   record, "n")) == zap) return record;
	fail_msg("'zaps' knows nothing of zap %d", (int)zap);
	return NULL;
}

static void collect_figures(struct stage *stage, const GArray *zaps, struct figure figures[FIGURES])
{
	static const char *const names[FIGURES] = {"report on the wire, from the request's writing",
		"cold overhead: picture after rap_complete", "first_packet", "rap_complete",
		"picture", "picture, as the test received it", "motion", "audio",
		"rap_complete, zapper's and the capture's apart"};
	json_t *answer = player_ask(stage->player, "zaps", NULL);
	json_t *records = json_object_get(answer, "zaps");
	for (int i = 0; i < FIGURES; i++)
		figures[i] = figure_new(names[i], 0);
	figures[REPORT_ON_WIRE].target_p50_ms = 0.5;
	figures[OVERHEAD].target_p50_ms = 25;
	for (unsigned i = 0; i < zaps->len; i++) {
		const struct observed *zap = &g_array_index(zaps, struct observed, i);
		add_figures(figures, find_record(records, zap->zap), zap);
	}
	json_decref(answer);
}

static unsigned zap_count(void)
{
	const char *text = g_getenv("ZAPPER_ZAPS");
	return text ? (unsigned)strtoul(text, NULL, 10) : ZAPS;
}

/* The channels in the order in which their pictures came; 0 for pictures without a mark. */
static void expect_shown(struct stage *stage, const int *channels, size_t n)
{
	size_t run = 0;
	for (size_t i = 0, count = screen_count(stage->screen); i < count; i++) {
		int channel = screen_at(stage->screen, i).seen.mark.channel;
		if (run < n && channel == channels[run])
			run++;
		else if (run == 0 || channel != channels[run - 1])
			assert_true(run == 0 && channel == 0); /* black before the first */
	}
	assert_int_equal(run, n);
}

/* Returns the last one's number. Channels begin with the one that is shown. */
static uint64_t zap_at_random(struct stage *stage, unsigned count, GArray *channels, GArray *zaps)
{
	GRand *random = g_rand_new_with_seed(SEED);
	struct observed zap = {0};
	for (unsigned i = 0; i < count; i++) {
		int from = g_array_index(channels, int, i);
		int to = (from + g_rand_int_range(random, 0, CHANNELS - 1)) % CHANNELS + 1;
		zap = zap_once(stage, to, random);
		g_array_append_val(channels, to);
		g_array_append_val(zaps, zap);
	}
	g_rand_free(random);
	return zap.zap;
}

/* Times depend on the machine: only what is far off fails. */
static void expect_figures(struct figure figures[FIGURES], unsigned zaps)
{
	assert_true(figure_percentile(&figures[REPORT_ON_WIRE], 50) < 5);
	assert_true(figure_percentile(&figures[OVERHEAD], 50) < 250);
	assert_int_equal(figures[PICTURE].ms->len, zaps);
	assert_int_equal(figures[AUDIO].ms->len, zaps);
	assert_true(figures[MOTION].ms->len > 0); /* a short dwell ends before it is certain */
	assert_true(figures[REPORT_ON_WIRE].ms->len > zaps / 2);
	assert_true(figures[RAP_DIFFERENCE].ms->len > zaps / 2);
	assert_true(figure_percentile(&figures[RAP_DIFFERENCE], 95) < FAR_OFF_MS);
}

static void random_zaps_show_the_right_channel_undamaged_and_in_time(void **state)
{
	take_stage(stage, state);
	const int first_channel = 1;
	g_autoptr(GArray) channels = g_array_new(FALSE, FALSE, sizeof(int));
	g_autoptr(GArray) zaps = g_array_new(FALSE, FALSE, sizeof(struct observed));
	struct figure figures[FIGURES];
	g_array_append_val(channels, first_channel);
	stage_play(stage, first_channel);
	size_t first = 0;
	stage_await_whole(stage, first_channel, &first, PICTURE_LIMIT_MS);
	uint64_t last = zap_at_random(stage, zap_count(), channels, zaps);
	/* The last zap is written down when it is complete. */
	json_decref(player_event(stage->player,
		json_pack("{s:s, s:I}", "event", "zap", "n", (json_int_t)last), 10000));
	collect_figures(stage, zaps, figures);
	figures_print("random cold zaps, 720p, seed 0x5eed", figures, FIGURES, "figures.txt");

	expect_shown(stage, (const int *)(const void *)channels->data, channels->len);
	assert_true(stage_expect_undamaged(stage, 0) > zaps->len);
	expect_figures(figures, zaps->len);
	for (int i = 0; i < FIGURES; i++)
		figure_clear(&figures[i]);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(each_channel_shows_its_own_whole_pictures),
		STAGE_TEST(random_zaps_show_the_right_channel_undamaged_and_in_time),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_zap", tests, stage_open, stage_close);
}
