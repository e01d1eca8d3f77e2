#include "client/play/pace.h"

/* Less than this between arrival and presentation is too little: sound has then to wait longer. */
#define SOUND_RESERVE_NS (20 * PACE_MS_NS)
/* Pictures may be so late without the sound having to wait for them. */
#define PICTURE_RESERVE_NS (-20 * PACE_MS_NS)
/* A unit that is later than any before by more than this: rather a jump of the clock. */
#define TIGHTER_MAX_NS (500 * PACE_MS_NS)
/* So many units in a row confirm a jump. */
#define ODD_UNITS 10
/* So many pieces of sound that come too late in a row are not late: their times are wrong. */
#define LATE_PIECES 50
/* A key unit that was given in is shown within this, or sound begins without it. */
#define KEY_PATIENCE_NS (150 * PACE_MS_NS)
/* The sound's sink wants its first piece so much ahead. */
#define SOUND_LEAD_NS (10 * PACE_MS_NS)

void pace_init(struct pace *pace, const struct pace_config *config)
{
	*pace = (struct pace){.config = *config};
	for (int kind = 0; kind < PACE_KINDS; kind++)
		pace->kinds[kind].expected_slack_ns = PACE_NO_SLACK;
}

void pace_begin(struct pace *pace)
{
	struct pace_config config = pace->config;
	pace_init(pace, &config);
}

static int64_t max_ns(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t min_ns(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t difference(uint64_t a_ns, uint64_t b_ns)
{
	return (int64_t)(a_ns - b_ns);
}

/*
 * The smallest delay at which all that comes with these slacks will be in time. Pictures alone need
 * not wait for their due times.
 */
static int64_t delay_for(const struct pace *pace, int64_t picture_slack_ns, int64_t sound_slack_ns)
{
	int64_t margin_ns = (int64_t)pace->config.margin_ns;
	int64_t picture_ns = margin_ns - picture_slack_ns;
	if (!pace->kinds[PACE_SOUND].arrived)
		return picture_ns;
	int64_t sound_ns =
		max_ns(margin_ns + PACE_SOUND_READY_NS - sound_slack_ns, -PACE_EARLY_MAX_NS);
	return pace->kinds[PACE_PICTURE].arrived ? max_ns(sound_ns, picture_ns) : sound_ns;
}

static int64_t live_delay(const struct pace *pace)
{
	return delay_for(
		pace, pace->kinds[PACE_PICTURE].slack_ns, pace->kinds[PACE_SOUND].slack_ns);
}

static int64_t expected_slack(const struct pace_kind_state *state)
{
	return min_ns(state->slack_ns, state->expected_slack_ns);
}

/* The same before anything was heard: what has come so far need not be the latest there is. */
static int64_t first_delay(const struct pace *pace)
{
	int64_t expected_ns = delay_for(pace, expected_slack(&pace->kinds[PACE_PICTURE]),
		expected_slack(&pace->kinds[PACE_SOUND]));
	return min_ns(expected_ns, live_delay(pace) + PACE_EXPECTED_MAX_NS);
}

/* The sound's delay, or what it would be if it began now: this is what the pictures move to. */
static int64_t common_delay(const struct pace *pace)
{
	const struct pace_kind_state *sound = &pace->kinds[PACE_SOUND];
	if (sound->begun)
		return sound->delay_ns;
	int64_t first_ns = first_delay(pace);
	return pace->kinds[PACE_PICTURE].begun ? max_ns(first_ns, pace->first_delay_ns) : first_ns;
}

/* From how far ahead a time is believed. */
static int64_t far_ns(const struct pace *pace, enum pace_kind kind)
{
	return PACE_FAR_NS + max_ns(0, common_delay(pace) + pace->kinds[kind].slack_ns);
}

void pace_expect(struct pace *pace, enum pace_kind kind, int64_t slack_ns)
{
	if (slack_ns != PACE_NO_SLACK)
		pace->kinds[kind].expected_slack_ns = slack_ns;
}

/*
 * Follows the smallest slack. What is far off counts only when more of its like follow: then times
 * have jumped, by the value that is returned.
 */
static int64_t follow_slack(struct pace_kind_state *state, int64_t slack_ns)
{
	int64_t more_ns = slack_ns - state->slack_ns;
	if (!state->arrived) {
		state->arrived = true;
		state->slack_ns = slack_ns;
	} else if (more_ns < -TIGHTER_MAX_NS || more_ns > PACE_FAR_NS) {
		if (++state->odd < ODD_UNITS)
			return 0;
		state->slack_ns = slack_ns;
		state->odd = 0;
		return more_ns;
	} else if (more_ns < 0) {
		state->slack_ns = slack_ns;
	}
	state->odd = 0;
	return 0;
}

/*
 * Sound that has begun keeps its delay as long as what comes is in time with it. Where times jump,
 * one kind jumps before the other: what is far off says nothing about the other's delay.
 */
static bool keep_in_time(struct pace *pace, enum pace_kind kind, int64_t jump_ns)
{
	struct pace_kind_state *sound = &pace->kinds[PACE_SOUND];
	int64_t least_ns = kind == PACE_SOUND ? SOUND_RESERVE_NS : PICTURE_RESERVE_NS;
	int64_t shortage_ns = least_ns - sound->delay_ns - pace->kinds[kind].slack_ns;
	if (kind == PACE_SOUND && jump_ns)
		sound->delay_ns -= jump_ns;
	else if (shortage_ns > 0 && shortage_ns <= TIGHTER_MAX_NS)
		sound->delay_ns += shortage_ns + (int64_t)pace->config.margin_ns;
	else
		return false;
	pace->shifts++;
	return true;
}

bool pace_unit(struct pace *pace, enum pace_kind kind, bool key, uint64_t due_ns,
	uint64_t arrival_ns, uint64_t now_ns)
{
	int64_t jump_ns = follow_slack(&pace->kinds[kind], difference(due_ns, arrival_ns));
	bool changed = jump_ns != 0;
	if (pace->kinds[PACE_SOUND].begun)
		changed = keep_in_time(pace, kind, jump_ns);
	else if (kind == PACE_PICTURE)
		pace->first_delay_ns -= jump_ns;
	if (kind == PACE_PICTURE && key && !pace->key_seen_ns) {
		pace->key_seen_ns = now_ns;
		changed = true;
	}
	return changed;
}

/*
 * How far the pictures' delay comes while the stream goes on by span_ns. What is left out between
 * pictures makes up for lost time at once.
 */
static int64_t stretched_delay(const struct pace *pace, int64_t span_ns)
{
	if (pace->hurries)
		return common_delay(pace);
	int64_t delay_ns = pace->kinds[PACE_PICTURE].delay_ns;
	int64_t way_ns = common_delay(pace) - delay_ns;
	int64_t most_ns = span_ns > 0 ? (int64_t)((double)span_ns * PACE_STRETCH) : 0;
	if (way_ns > most_ns)
		return delay_ns + most_ns;
	return delay_ns + max_ns(way_ns, -most_ns);
}

uint64_t pace_picture(const struct pace *pace, uint64_t due_ns, uint64_t now_ns)
{
	const struct pace_kind_state *state = &pace->kinds[PACE_PICTURE];
	if (!state->begun)
		return now_ns;
	int64_t span_ns = difference(due_ns, state->due_ns);
	uint64_t at_ns = due_ns + (uint64_t)stretched_delay(pace, span_ns);
	int64_t wait_ns = difference(at_ns, now_ns);
	return wait_ns < 0 || wait_ns > far_ns(pace, PACE_PICTURE) ? now_ns : at_ns;
}

static int64_t caught_up(const struct pace *pace, int64_t delay_ns, int64_t span_ns)
{
	int64_t live_ns = live_delay(pace);
	if (!pace->config.catch_up || delay_ns <= live_ns || span_ns <= 0)
		return delay_ns;
	return max_ns(delay_ns - (int64_t)((double)span_ns * PACE_CATCH_UP), live_ns);
}

/*
 * What is farther behind than a clock's error may be is none of the decoder's. A first picture, and
 * what follows it in time, is behind nothing: the sound takes its delay.
 */
static bool has_to_hurry(const struct pace *pace)
{
	int64_t behind_ns = pace->kinds[PACE_PICTURE].delay_ns - common_delay(pace);
	if (pace->hurries)
		return behind_ns > PACE_HURRIED_NS;
	return behind_ns > PACE_HURRY_NS && behind_ns < PACE_FAR_NS;
}

void pace_shown(struct pace *pace, uint64_t due_ns, uint64_t at_ns)
{
	struct pace_kind_state *state = &pace->kinds[PACE_PICTURE];
	int64_t span_ns = state->begun ? difference(due_ns, state->due_ns) : 0;
	if (state->begun && !span_ns)
		return;
	state->delay_ns = difference(at_ns, due_ns);
	state->due_ns = due_ns;
	pace->first_delay_ns =
		state->begun ? caught_up(pace, pace->first_delay_ns, span_ns) : state->delay_ns;
	state->begun = true;
	pace->hurries = has_to_hurry(pace);
}

/* Where pictures are about to begin, sound waits for them: it may take their delay. */
static bool awaits_picture(const struct pace *pace, uint64_t now_ns)
{
	return pace->key_seen_ns && !pace->kinds[PACE_PICTURE].begun &&
	       now_ns < pace->key_seen_ns + KEY_PATIENCE_NS;
}

static struct pace_answer begin_sound(const struct pace *pace, uint64_t due_ns, uint64_t now_ns)
{
	if (awaits_picture(pace, now_ns))
		return (struct pace_answer){PACE_ASK, pace->key_seen_ns + KEY_PATIENCE_NS};
	struct pace_answer answer = {PACE_AT, due_ns + (uint64_t)common_delay(pace)};
	int64_t wait_ns = difference(answer.at_ns, now_ns);
	if (wait_ns < SOUND_LEAD_NS || wait_ns > far_ns(pace, PACE_SOUND))
		answer.verdict = PACE_DROP;
	return answer;
}

struct pace_answer pace_sound(struct pace *pace, uint64_t due_ns, uint64_t now_ns)
{
	struct pace_kind_state *state = &pace->kinds[PACE_SOUND];
	if (!state->begun)
		return begin_sound(pace, due_ns, now_ns);
	struct pace_answer answer = {PACE_AT, due_ns + (uint64_t)state->delay_ns};
	int64_t wait_ns = difference(answer.at_ns, now_ns);
	if (wait_ns > far_ns(pace, PACE_SOUND))
		answer.verdict = PACE_DROP;
	else if (wait_ns >= 0)
		pace->late = 0;
	else if (++pace->late < LATE_PIECES)
		answer.verdict = PACE_DROP;
	if (wait_ns >= 0 || answer.verdict == PACE_DROP)
		return answer;
	state->delay_ns = difference(now_ns, due_ns) + PACE_SOUND_READY_NS;
	pace->late = 0;
	pace->shifts++;
	answer.at_ns = now_ns + PACE_SOUND_READY_NS;
	return answer;
}

void pace_sounded(struct pace *pace, uint64_t due_ns, uint64_t at_ns, uint64_t duration_ns)
{
	struct pace_kind_state *state = &pace->kinds[PACE_SOUND];
	if (!state->begun)
		state->delay_ns = difference(at_ns, due_ns);
	state->begun = true;
	state->due_ns = due_ns;
	state->delay_ns = caught_up(pace, state->delay_ns, (int64_t)duration_ns);
}

double pace_speed(const struct pace *pace)
{
	const struct pace_kind_state *sound = &pace->kinds[PACE_SOUND];
	bool behind = pace->config.catch_up && sound->delay_ns > live_delay(pace);
	return behind ? 1 / (1 - PACE_CATCH_UP) : 1;
}
