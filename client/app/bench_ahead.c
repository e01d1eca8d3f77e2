#include "client/app/bench_ahead.h"

#include <string.h>

void bench_ahead_look(struct app *app, bool *ret_held, struct bench_ahead *ret)
{
	size_t n, channels = app->options->channels->count;
	const int *received = net_received(app->net, &n);
	uint64_t bps = 0;
	memset(ret_held, 0, channels * sizeof *ret_held);
	*ret = (struct bench_ahead){0};
	for (size_t i = 0; i < n; i++) {
		if (received[i] == zap_channel(app->zap))
			continue;
		ret_held[received[i]] = true;
		ret->streams++;
		ret->whole += bench_ahead_is_warm(app, received[i]);
		bps += ahead_rate(app->ahead, received[i]);
	}
	ret->kbps = (uint32_t)(bps / 1000);
}

bool bench_ahead_is_warm(struct app *app, int channel)
{
	const struct ring *ring = net_ring(app->net, channel);
	return ring && ring_state(ring) == RING_WARM;
}

static enum history_action action_of(enum bench_action action)
{
	switch (action) {
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

/* No plan stays on a channel for so long that he would count as watching it. */
static enum history_context context_after(enum history_action action)
{
	switch (action) {
	case HISTORY_UP:
		return HISTORY_AFTER_UP;
	case HISTORY_DOWN:
		return HISTORY_AFTER_DOWN;
	case HISTORY_LAST:
		return HISTORY_AFTER_LAST;
	default:
		return HISTORY_AFTER_CHOICE;
	}
}

void bench_ahead_learn(struct history *history, struct bench_plan *habits)
{
	struct bench_view view = {.current = 0, .last = ZAP_NO_CHANNEL};
	enum history_context context = HISTORY_WATCHING;
	struct bench_press press;
	while (bench_plan_next(habits, &press)) {
		bench_plan_aim(habits, &view, &press);
		int to = bench_plan_target(habits, &view, &press);
		enum history_action action = action_of(press.action);
		history_add(history, context, view.current, action, to);
		context = context_after(action);
		view.last = view.current;
		view.current = to;
	}
}
