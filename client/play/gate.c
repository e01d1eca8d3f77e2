#include "client/play/gate.h"

#include <gst/gst.h>

void gate_init(struct gate *gate, const struct pace_config *config)
{
	*gate = (struct gate){.begun = false};
	g_mutex_init(&gate->lock);
	g_cond_init(&gate->changed);
	pace_init(&gate->pace, config);
}

void gate_clear(struct gate *gate)
{
	g_cond_clear(&gate->changed);
	g_mutex_clear(&gate->lock);
}

void gate_close(struct gate *gate, enum pace_kind kind)
{
	g_mutex_lock(&gate->lock);
	gate->closed[kind] = true;
	g_cond_broadcast(&gate->changed);
	g_mutex_unlock(&gate->lock);
}

void gate_open(struct gate *gate, enum pace_kind kind)
{
	g_mutex_lock(&gate->lock);
	gate->closed[kind] = false;
	g_mutex_unlock(&gate->lock);
}

void gate_begin(struct gate *gate)
{
	g_mutex_lock(&gate->lock);
	pace_begin(&gate->pace);
	gate->begun = false;
	gate->held_back = 0;
	gate->show_from_ns = 0;
	g_mutex_unlock(&gate->lock);
}

void gate_expect(struct gate *gate, enum pace_kind kind, int64_t slack_ns)
{
	g_mutex_lock(&gate->lock);
	pace_expect(&gate->pace, kind, slack_ns);
	g_cond_broadcast(&gate->changed);
	g_mutex_unlock(&gate->lock);
}

/* The first whole picture is the one of the unit behind those that are held back. */
static void hold_back(struct gate *gate, const struct play_unit *unit)
{
	if (!gate->begun && unit->recovery_pictures) {
		gate->held_back = unit->recovery_pictures;
		gate->show_from_ns = UINT64_MAX;
	}
	gate->begun = true;
	if (gate->held_back)
		gate->held_back--;
	else if (gate->show_from_ns == UINT64_MAX)
		gate->show_from_ns = unit->pts_ns;
}

void gate_unit(struct gate *gate, enum pace_kind kind, const struct play_unit *unit)
{
	g_mutex_lock(&gate->lock);
	if (kind == PACE_PICTURE)
		hold_back(gate, unit);
	if (pace_unit(&gate->pace, kind, unit->key, unit->pts_ns, unit->arrival_ns,
		    gst_util_get_timestamp()))
		g_cond_broadcast(&gate->changed);
	g_mutex_unlock(&gate->lock);
}

/* Under the lock. GLib's monotonic time is GStreamer's, in microseconds: round up. */
static void wait_until(struct gate *gate, uint64_t at_ns)
{
	g_cond_wait_until(&gate->changed, &gate->lock, (gint64)(at_ns / 1000 + 1));
}

bool gate_await_picture(struct gate *gate, uint64_t due_ns, bool *ret_hurry)
{
	uint64_t at_ns = 0, now_ns;
	bool waited = false;
	g_mutex_lock(&gate->lock);
	bool is_whole = due_ns >= gate->show_from_ns;
	while (is_whole && !gate->closed[PACE_PICTURE]) {
		now_ns = gst_util_get_timestamp();
		/* A thread that wakes a little late has not made the picture late. */
		if (waited && at_ns <= now_ns)
			break;
		at_ns = pace_picture(&gate->pace, due_ns, now_ns);
		if (at_ns <= now_ns)
			break;
		wait_until(gate, at_ns);
		waited = true;
	}
	bool passes = is_whole && !gate->closed[PACE_PICTURE];
	if (passes && !gate->pace.kinds[PACE_PICTURE].begun)
		g_cond_broadcast(&gate->changed); /* sound may wait for the first one */
	if (passes)
		pace_shown(&gate->pace, due_ns, at_ns);
	*ret_hurry = gate->pace.hurries;
	g_mutex_unlock(&gate->lock);
	return passes;
}

bool gate_await_sound(
	struct gate *gate, uint64_t due_ns, uint64_t duration_ns, struct gate_sound *ret)
{
	struct pace_answer answer = {PACE_DROP, 0};
	g_mutex_lock(&gate->lock);
	while (!gate->closed[PACE_SOUND]) {
		uint64_t now_ns = gst_util_get_timestamp();
		answer = pace_sound(&gate->pace, due_ns, now_ns);
		uint64_t from_ns = answer.at_ns;
		if (answer.verdict == PACE_AT)
			from_ns -= GATE_SOUND_AHEAD_NS;
		if (answer.verdict == PACE_DROP || from_ns <= now_ns)
			break;
		wait_until(gate, from_ns);
	}
	bool passes = !gate->closed[PACE_SOUND] && answer.verdict == PACE_AT;
	if (passes) {
		ret->at_ns = answer.at_ns;
		ret->speed = pace_speed(&gate->pace);
		pace_sounded(&gate->pace, due_ns, answer.at_ns, duration_ns);
	}
	g_mutex_unlock(&gate->lock);
	return passes;
}
