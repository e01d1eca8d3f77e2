/* habits: who has learned the ways of the mix's viewer foresees most of his zaps. Virtual time. */
#include <string.h>

#include <glib.h>

#include "client/app/bench_ahead.h"
#include "client/bench/mix.h"
#include "client/foresee/foresee.h"
#include "tests/support/test.h"

enum { CHANNELS = 60, STREAMS = 8, ZAPS = 1000 };
#define MS UINT64_C(1000000)
#define GOP_NS (2000 * MS)
/* So long a random access point is on the wire. */
#define RAP_NS (200 * MS)
/* From a press to its record. */
#define ZAP_NS (1200 * MS)

/* A viewer's box, as far as it receives ahead. */
struct box {
	struct foresee *foresee;
	uint64_t now_ns;
	uint64_t since_ns[CHANNELS]; /* joined since, 0: not */
	struct bench_view view;
	unsigned warm, held, zaps;
};

static void follow_wanted(struct box *box)
{
	bool wanted[CHANNELS] = {false};
	size_t n;
	const int *list = foresee_wanted(box->foresee, &n);
	for (size_t i = 0; i < n; i++)
		wanted[list[i]] = true;
	assert_true(n <= STREAMS);
	for (int i = 0; i < CHANNELS; i++) {
		bool stays = wanted[i] || i == box->view.current;
		box->since_ns[i] = !stays ? 0 : box->since_ns[i] ? box->since_ns[i] : box->now_ns;
	}
}

static void handle(struct box *box, struct foresee_event event)
{
	event.at_ns = box->now_ns;
	foresee_handle(box->foresee, &event);
	follow_wanted(box);
}

static void run_to(struct box *box, uint64_t until_ns)
{
	while (foresee_deadline(box->foresee) <= until_ns) {
		box->now_ns = MAX(box->now_ns, foresee_deadline(box->foresee));
		handle(box, (struct foresee_event){.type = FORESEE_TIMER});
	}
	box->now_ns = until_ns;
}

static struct box box_new(void)
{
	const struct budget_settings budget = {.streams = STREAMS};
	struct foresee_channel channels[CHANNELS];
	memset(channels, 0, sizeof channels);
	for (uint32_t i = 0; i < CHANNELS; i++)
		channels[i].number = i + 1;
	struct box box = {.foresee = foresee_new(&budget, channels, CHANNELS),
		.now_ns = 1000 * MS,
		.view = {.current = 0, .last = ZAP_NO_CHANNEL}};
	handle(&box, (struct foresee_event){.type = FORESEE_TUNED,
			     .channel = 0,
			     .last = FORESEE_NONE,
			     .action = HISTORY_NUMBER});
	return box;
}

static enum history_action action_of(const struct bench_press *press)
{
	switch (press->action) {
	case BENCH_PRESS_UP:
		return HISTORY_UP;
	case BENCH_PRESS_DOWN:
		return HISTORY_DOWN;
	case BENCH_PRESS_LAST:
		return HISTORY_LAST;
	default:
		return HISTORY_NUMBER;
	}
}

/* When a channel has a whole random access point that is joined then: each has its own phase. */
static uint64_t whole_ns(int channel, uint64_t since_ns)
{
	uint64_t phase_ns = (uint64_t)channel * 7919 % 1000 * (GOP_NS / 1000);
	uint64_t into_ns = (since_ns + GOP_NS - phase_ns) % GOP_NS;
	return since_ns + (GOP_NS - into_ns) % GOP_NS + RAP_NS;
}

static void zap(struct box *box, struct bench_plan *plan, const struct bench_press *press)
{
	int to = bench_plan_target(plan, &box->view, press);
	uint64_t since_ns = box->since_ns[to];
	box->zaps++;
	box->held += since_ns != 0;
	box->warm += since_ns && box->now_ns >= whole_ns(to, since_ns);
	box->view.last = box->view.current;
	box->view.current = to;
	handle(box, (struct foresee_event){.type = FORESEE_TUNED,
			    .channel = to,
			    .last = box->view.last,
			    .action = action_of(press)});
}

static struct bench_plan *mix(uint32_t seed, uint32_t zaps)
{
	const struct bench_settings settings = {
		.pattern = BENCH_MIX, .seed = seed, .zaps = zaps, .dwell_ms = 4000, .gop_ms = 2000};
	struct bench_plan *plan = NULL;
	char *why = NULL;
	assert_int_equal(bench_plan_new(&settings, CHANNELS, NULL, &plan, &why), 0);
	return plan;
}

/* Per mille of the zaps that were warm, after so many presses to learn from. */
static unsigned warm_per_mille(uint32_t seed, uint32_t learned)
{
	struct box box = box_new();
	struct bench_plan *plan = mix(seed, ZAPS);
	struct bench_press press;
	if (learned) {
		struct bench_plan *habits = mix(~seed, learned);
		bench_ahead_learn(foresee_history(box.foresee), habits);
		bench_plan_free(habits);
	}
	while (bench_plan_next(plan, &press)) {
		bool from_zap = press.from == BENCH_FROM_ZAP;
		run_to(&box, box.now_ns + press.after_ns + (from_zap ? ZAP_NS : 0));
		bench_plan_aim(plan, &box.view, &press);
		zap(&box, plan, &press);
	}
	bench_plan_free(plan);
	foresee_free(box.foresee);
	print_message("%u presses learned: of %u zaps over %d channels with %d ahead %u were held, "
		      "%u warm\n",
		learned, box.zaps, CHANNELS, STREAMS, box.held, box.warm);
	return box.warm * 1000 / box.zaps;
}

static void learned_habits_make_most_zaps_warm(void **state)
{
	(void)state;
	for (uint32_t seed = 1; seed <= 5; seed++) {
		unsigned before = warm_per_mille(seed, 0), after = warm_per_mille(seed, 2000);
		assert_true(after >= 700);
		assert_true(after > before);
	}
}

/* What a viewer is said to like is what he chooses. */
static void the_dearest_channels_are_learned(void **state)
{
	(void)state;
	struct history *history = history_new(CHANNELS);
	struct bench_plan *habits = mix(2, 2000);
	double prior[CHANNELS], likely[CHANNELS];
	int *ranks = bench_mix_ranks(CHANNELS), dearest = 0;
	bench_ahead_learn(history, habits);
	for (int i = 0; i < CHANNELS; i++) {
		prior[i] = 1.0 / CHANNELS;
		if (ranks[i] == 0)
			dearest = i;
	}
	history_next_choice(history, (dearest + 1) % CHANNELS, prior, likely);
	for (int i = 0; i < CHANNELS; i++)
		assert_true(i == dearest || likely[i] < likely[dearest]);
	bench_plan_free(habits);
	history_free(history);
	g_free(ranks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(learned_habits_make_most_zaps_warm),
		cmocka_unit_test(the_dearest_channels_are_learned),
	};
	return cmocka_run_group_tests_name("bench_habits", tests, NULL, NULL);
}
