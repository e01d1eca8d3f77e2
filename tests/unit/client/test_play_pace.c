/* pace on virtual time: when pictures and sound of a stream are presented, to the millisecond. */
#include <stdlib.h>

#include "client/play/pace.h"
#include "tests/support/test.h"

#define MS PACE_MS_NS
#define S (1000 * MS)
#define START ((uint64_t)1000 * S) /* when the key is pressed */
#define FRAME (40 * MS)
#define PIECE INT64_C(21333333)
#define LEAD (700 * MS)	 /* of pictures: due - arrival */
#define SLACK (180 * MS) /* of sound */
#define MARGIN (40 * MS)
/* What sound is heard behind its arrival: margin, decoding, the sink's lead. */
#define SOUND_BEHIND (MARGIN + PACE_SOUND_READY_NS)

/*
 * A stream whose picture i is due at first_due + i * FRAME and comes out of the decoder `decoding`
 * after its arrival; and its sound.
 */
struct rig {
	struct pace pace;
	uint64_t now;
	uint64_t last_at;
	bool hurried; /* pictures were to be left out */
};

static struct rig rig_new(bool catch_up)
{
	struct rig rig = {.now = START};
	pace_init(&rig.pace, &(struct pace_config){.margin_ns = MARGIN, .catch_up = catch_up});
	return rig;
}

static bool arrives(struct rig *rig, enum pace_kind kind, bool key, uint64_t due, int64_t slack)
{
	return pace_unit(&rig->pace, kind, key, due, due - (uint64_t)slack, rig->now);
}

/* A decoded picture is there at `ready`; waits and shows it. Returns when. */
static uint64_t show(struct rig *rig, uint64_t due, uint64_t ready)
{
	rig->now = ready > rig->last_at ? ready : rig->last_at;
	uint64_t at = pace_picture(&rig->pace, due, rig->now);
	if (at < rig->now)
		at = rig->now;
	pace_shown(&rig->pace, due, at);
	rig->hurried |= rig->pace.hurries;
	rig->last_at = at;
	return at;
}

static int64_t picture_delay(const struct rig *rig)
{
	return rig->pace.kinds[PACE_PICTURE].delay_ns;
}

static int64_t sound_delay(const struct rig *rig)
{
	return rig->pace.kinds[PACE_SOUND].delay_ns;
}

static struct pace_answer hear(struct rig *rig, uint64_t due, uint64_t now)
{
	struct pace_answer answer = pace_sound(&rig->pace, due, now);
	if (answer.verdict == PACE_AT)
		pace_sounded(&rig->pace, due, answer.at_ns, PIECE);
	return answer;
}

static void assert_at(uint64_t at, uint64_t wanted, int64_t tolerance)
{
	int64_t apart = (int64_t)(at - wanted);
	if (llabs(apart) > tolerance)
		fail_msg("%.3f ms too late", (double)apart / 1e6);
}

/* Sound from `due` on arrives and is heard, as long as it is due before `until`. */
static uint64_t hear_until(struct rig *rig, uint64_t due, uint64_t until, int64_t slack)
{
	for (; due < until; due += PIECE) {
		arrives(rig, PACE_SOUND, false, due, slack);
		hear(rig, due, due - (uint64_t)slack + 2 * MS);
	}
	return due;
}

/* ---- cold ---- */

/* The first picture of a cold zap, sound being heard already. Returns when it is due. */
static uint64_t begin_cold(struct rig *rig)
{
	uint64_t first = START + LEAD;
	hear_until(rig, START - 300 * MS + SLACK, START + SLACK, SLACK);
	rig->now = START;
	arrives(rig, PACE_PICTURE, true, first, LEAD);
	assert_at(show(rig, first, START), START, 0);
	return first;
}

static void test_cold_pictures_begin_at_once_and_meet_the_sound(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = begin_cold(&rig), last = START;
	assert_int_equal(sound_delay(&rig), SOUND_BEHIND - SLACK);
	unsigned met = 0;
	for (unsigned i = 1; i < 200; i++) {
		uint64_t due = first + i * FRAME;
		arrives(&rig, PACE_PICTURE, i % 50 == 0, due, LEAD);
		uint64_t at = show(&rig, due, due - LEAD + 15 * MS);
		/* Even, never faster than the stream, and no gap that is one. */
		assert_in_range(at - last, FRAME, FRAME + FRAME / 2);
		if (picture_delay(&rig) == sound_delay(&rig) && !met)
			met = i;
		assert_true(!met || at == due + (uint64_t)sound_delay(&rig));
		last = at;
	}
	/* 620 ms are made up for in 31 pictures that are 20 ms longer. */
	assert_int_equal(met, 31);
	assert_int_equal(rig.pace.shifts, 0);
	assert_false(rig.hurried);
}

static void test_cold_motion_waits_for_what_the_decoder_reorders(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = begin_cold(&rig);
	/* Three B-pictures, in a pyramid: the second picture is decoded 150 ms after the first. */
	static const int64_t ready[] = {150, 155, 160, 165, 300, 305, 310, 315};
	uint64_t last = START;
	for (unsigned i = 0; i < 8; i++) {
		uint64_t at =
			show(&rig, first + (i + 1) * FRAME, START + (uint64_t)(ready[i] * MS));
		if (i == 0)
			assert_at(at, START + 150 * MS, 0);
		else
			assert_in_range(at - last, FRAME, FRAME + FRAME / 2);
		last = at;
	}
}

static void test_sound_begins_behind_its_arrival_by_what_it_needs(void **state)
{
	(void)state;
	static const int64_t slacks[] = {20, 100, 180, 190, 400, 1000};
	for (unsigned i = 0; i < 6; i++) {
		struct rig rig = rig_new(false);
		int64_t slack = slacks[i] * MS;
		uint64_t due = START + (uint64_t)slack;
		arrives(&rig, PACE_SOUND, false, due, slack);
		struct pace_answer answer = hear(&rig, due, START + 3 * MS);
		int64_t delay = SOUND_BEHIND - slack;
		/* More than 100 ms ahead of its due time it never is: pictures might not be there.
		 */
		delay = delay < -PACE_EARLY_MAX_NS ? -PACE_EARLY_MAX_NS : delay;
		assert_int_equal(answer.verdict, PACE_AT);
		assert_int_equal(sound_delay(&rig), delay);
	}
}

static void test_sound_that_comes_after_the_picture(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = START + LEAD;
	arrives(&rig, PACE_PICTURE, true, first, LEAD);
	for (unsigned i = 0; i < 50; i++)
		show(&rig, first + i * FRAME, START + i * FRAME);
	/* Pictures alone run ahead of their time; once there is sound, they wait for it. */
	assert_int_equal(picture_delay(&rig), MARGIN - LEAD);
	uint64_t due = rig.last_at + SLACK;
	arrives(&rig, PACE_SOUND, false, due, SLACK);
	hear(&rig, due, rig.last_at);
	assert_int_equal(sound_delay(&rig), SOUND_BEHIND - SLACK);
	for (unsigned i = 50; i < 100; i++)
		show(&rig, first + i * FRAME, START + i * FRAME);
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
}

static void test_sound_that_is_sent_later_than_the_picture(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = START + LEAD;
	arrives(&rig, PACE_PICTURE, true, first, LEAD);
	show(&rig, first, START);
	/* 300 ms after its due time: the sender's fault, and pictures have to wait for it. */
	uint64_t heard = hear_until(&rig, START, START + 100 * MS, -300 * MS);
	assert_int_equal(sound_delay(&rig), SOUND_BEHIND + 300 * MS);
	for (unsigned i = 1; i < 100; i++) {
		uint64_t due = first + i * FRAME;
		arrives(&rig, PACE_PICTURE, false, due, LEAD);
		heard = hear_until(&rig, heard, due, -300 * MS);
		show(&rig, due, due - LEAD);
	}
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
	assert_int_equal(rig.pace.shifts, 0);
}

static void test_radio(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t last = 0;
	for (unsigned i = 0; i < 1000; i++) {
		uint64_t due = START + SLACK + i * PIECE;
		arrives(&rig, PACE_SOUND, false, due, SLACK);
		struct pace_answer answer = hear(&rig, due, START + i * PIECE + 3 * MS);
		assert_int_equal(answer.verdict, PACE_AT);
		assert_true(!last || answer.at_ns - last == PIECE);
		last = answer.at_ns;
	}
}

static void test_pictures_without_sound(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = START + LEAD, last = START;
	for (unsigned i = 0; i < 500; i++) {
		uint64_t due = first + i * FRAME;
		arrives(&rig, PACE_PICTURE, i == 0, due, LEAD);
		uint64_t at = show(&rig, due, due - LEAD);
		assert_true(i == 0 || (at - last >= FRAME && at - last <= FRAME + FRAME / 2));
		last = at;
	}
	/* No later than the network needs. */
	assert_int_equal(picture_delay(&rig), MARGIN - LEAD);
}

/* The key unit that was drained as a still is decoded again: that changes nothing. */
static void test_the_same_picture_again(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = begin_cold(&rig);
	assert_at(show(&rig, first, START + 10 * MS), START + 10 * MS, 0);
	assert_at(show(&rig, first + FRAME, START + 20 * MS), START + FRAME + FRAME / 2, 0);
}

/* Low delay: pictures arrive shortly before they are due, and sound waits for them. */
static void test_pictures_with_less_slack_than_sound(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = START + 30 * MS;
	arrives(&rig, PACE_PICTURE, true, first, 30 * MS);
	show(&rig, first, START + 10 * MS);
	arrives(&rig, PACE_SOUND, false, START + SLACK, SLACK);
	hear(&rig, START + SLACK, START + 12 * MS);
	assert_int_equal(sound_delay(&rig), MARGIN - 30 * MS);
	for (unsigned i = 1; i < 100; i++)
		show(&rig, first + i * FRAME, START + 10 * MS + i * FRAME);
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
}

/* ---- warm ---- */

/* A burst whose first picture was due so long ago. Returns when it was. */
static uint64_t begin_warm(struct rig *rig, int64_t ago)
{
	uint64_t first = START - (uint64_t)ago;
	for (uint64_t due = first; due < START + LEAD; due += FRAME)
		arrives(rig, PACE_PICTURE, due == first, due, LEAD);
	for (uint64_t due = ago > 0 ? first : START; due < START + SLACK; due += PIECE)
		arrives(rig, PACE_SOUND, false, due, SLACK);
	/* Sound is decoded before the picture: it must not begin without it. */
	struct pace_answer answer = pace_sound(&rig->pace, first, START + 2 * MS);
	assert_int_equal(answer.verdict, PACE_ASK);
	assert_at(show(rig, first, START + 8 * MS), START + 8 * MS, 0);
	return first;
}

static void test_warm_stays_behind_by_what_was_held(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = begin_warm(&rig, 1000 * MS);
	/* What belongs to the first picture is over by the time it can be heard; then in sync. */
	assert_int_equal(hear(&rig, first, START + 10 * MS).verdict, PACE_DROP);
	struct pace_answer answer = hear(&rig, first + PIECE, START + 10 * MS);
	assert_int_equal(answer.verdict, PACE_AT);
	assert_at(answer.at_ns, START + 8 * MS + PIECE, 0);
	for (unsigned i = 1; i < 300; i++)
		assert_at(show(&rig, first + i * FRAME, 0), START + 8 * MS + i * FRAME, 0);
	for (unsigned i = 2; i < 500; i++)
		assert_at(hear(&rig, first + i * PIECE, START + 10 * MS).at_ns,
			START + 8 * MS + i * PIECE, 0);
	assert_int_equal(sound_delay(&rig), picture_delay(&rig));
	assert_false(rig.hurried);
}

static void test_warm_whose_picture_is_not_due_yet_goes_on_like_a_cold_one(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t first = begin_warm(&rig, -500 * MS);
	assert_int_equal(hear(&rig, START, START + 10 * MS).verdict, PACE_DROP);
	assert_int_equal(hear(&rig, START + 105 * MS, START + 10 * MS).verdict, PACE_AT);
	assert_int_equal(sound_delay(&rig), SOUND_BEHIND - SLACK);
	for (unsigned i = 1; i < 100; i++)
		show(&rig, first + i * FRAME, 0);
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
	assert_false(rig.hurried);
}

static void test_warm_catches_up_with_live(void **state)
{
	(void)state;
	struct rig rig = rig_new(true);
	uint64_t first = begin_warm(&rig, 1500 * MS), last = rig.last_at;
	uint64_t sound_due = first + PIECE;
	assert_int_equal(hear(&rig, sound_due, START + 10 * MS).verdict, PACE_AT);
	assert_true(pace_speed(&rig.pace) > 1.1);
	uint64_t met = 0;
	for (unsigned i = 1; i < 1000; i++) {
		uint64_t due = first + i * FRAME;
		for (; sound_due + PIECE < due; sound_due += PIECE) {
			uint64_t piece = sound_due + PIECE;
			hear(&rig, piece, piece + (uint64_t)sound_delay(&rig) - 80 * MS);
		}
		uint64_t at = show(&rig, due, 0);
		/* Always in sync, and never a picture shorter than its half. */
		assert_true(llabs(picture_delay(&rig) - sound_delay(&rig)) < 10 * MS);
		assert_in_range(at - last, FRAME / 2, FRAME + 1);
		last = at;
		if (!met && sound_delay(&rig) == SOUND_BEHIND - SLACK)
			met = at;
	}
	/* 1.59 s, an eighth of each second of the stream's 12.7, which are 11.1 then. */
	assert_at(met, START + 11100 * MS, 100 * MS);
	assert_true(pace_speed(&rig.pace) == 1);
	assert_int_equal(rig.pace.shifts, 0);
	assert_false(rig.hurried);
}

static void test_warm_without_sound(void **state)
{
	(void)state;
	for (int catch_up = 0; catch_up < 2; catch_up++) {
		struct rig rig = rig_new(catch_up);
		uint64_t first = START - 1000 * MS, last = 0;
		for (unsigned i = 0; i < 400; i++) {
			uint64_t due = first + i * FRAME;
			arrives(&rig, PACE_PICTURE, i == 0, due, LEAD);
			uint64_t at = show(&rig, due, i ? due - LEAD : START);
			assert_true(!last || (at - last >= FRAME / 2 && at - last <= FRAME + 1));
			last = at;
		}
		assert_false(rig.hurried);
		assert_int_equal(picture_delay(&rig), catch_up ? MARGIN - LEAD : 1000 * MS);
		/* Another clock: the delay is what it was. */
		for (unsigned i = 400; i < 800; i++) {
			uint64_t due = first + i * FRAME + 20 * S;
			arrives(&rig, PACE_PICTURE, i % 50 == 0, due, LEAD + 20 * S);
			last = show(&rig, due, due - LEAD - 20 * S);
		}
		int64_t delay = catch_up ? MARGIN - LEAD : 1000 * MS;
		assert_at(last, first + 799 * FRAME + (uint64_t)delay, FRAME);
	}
}

/* Sound does not wait for a picture that does not come. */
static void test_a_key_unit_that_gives_no_picture(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	arrives(&rig, PACE_PICTURE, true, START + LEAD, LEAD);
	arrives(&rig, PACE_SOUND, false, START + SLACK, SLACK);
	struct pace_answer answer = pace_sound(&rig.pace, START + SLACK, START);
	assert_int_equal(answer.verdict, PACE_ASK);
	assert_int_equal(hear(&rig, START + SLACK + 200 * MS, answer.at_ns).verdict, PACE_AT);
}

/* ---- trouble ---- */

/* Plays 4 s, after which pictures and sound are in sync. Returns the next picture's due time. */
static uint64_t play_on(struct rig *rig, uint64_t *sound_due)
{
	uint64_t first = begin_cold(rig), due = first;
	*sound_due = START + SLACK;
	for (unsigned i = 1; i < 100; i++) {
		due = first + i * FRAME;
		*sound_due = hear_until(rig, *sound_due, due - LEAD + SLACK, SLACK);
		arrives(rig, PACE_PICTURE, false, due, LEAD);
		show(rig, due, due - LEAD + 10 * MS);
	}
	assert_int_equal(picture_delay(rig), sound_delay(rig));
	return due + FRAME;
}

static void test_jitter_within_the_margin_changes_nothing(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t sound_due;
	play_on(&rig, &sound_due);
	int64_t delay = sound_delay(&rig);
	for (unsigned i = 0; i < 500; i++) {
		int64_t late = (int64_t)(i * 7919 % 75) * MS;
		arrives(&rig, PACE_SOUND, false, sound_due, SLACK - late);
		assert_int_equal(hear(&rig, sound_due, sound_due - SLACK + late).verdict, PACE_AT);
		sound_due += PIECE;
	}
	assert_int_equal(sound_delay(&rig), delay);
	assert_int_equal(rig.pace.shifts, 0);
}

static void test_more_jitter_makes_the_sound_wait_once(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t sound_due, due = play_on(&rig, &sound_due);
	int64_t delay = sound_delay(&rig);
	for (unsigned i = 0; i < 500; i++) {
		int64_t late = (int64_t)(i % 10 == 9 ? 150 : 0) * MS;
		arrives(&rig, PACE_SOUND, false, sound_due, SLACK - late);
		assert_int_equal(hear(&rig, sound_due, sound_due - SLACK + late).verdict, PACE_AT);
		sound_due += PIECE;
	}
	assert_int_equal(rig.pace.shifts, 1);
	/* 150 ms late were 100 there: what is missing, 20 ms in reserve, the margin. */
	assert_int_equal(sound_delay(&rig), delay + 50 * MS + 20 * MS + MARGIN);
	for (unsigned i = 0; i < 100; i++)
		show(&rig, due + i * FRAME, 0);
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
}

static void test_pictures_that_came_late_are_in_sync_again_soon(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t sound_due, due = play_on(&rig, &sound_due);
	/* The machine was busy for 400 ms. */
	uint64_t ready = due + (uint64_t)sound_delay(&rig) + 400 * MS, last = 0;
	unsigned i = 0;
	for (; !i || picture_delay(&rig) != sound_delay(&rig); i++) {
		uint64_t at = show(&rig, due + i * FRAME, ready);
		assert_true(!last || at - last >= FRAME / 2);
		last = at;
	}
	assert_int_equal(i, 21); /* the late one, and 20 that make up 20 ms each */
	assert_int_equal(rig.pace.shifts, 0);
	assert_false(rig.hurried);
}

/*
 * A minute of a decoder that needs `costs` for each picture, and a third of it for one that it
 * leaves out. Returns how far pictures were behind the sound at most.
 */
static int64_t play_slowly(struct rig *rig, int64_t costs, unsigned *ret_left_out)
{
	uint64_t sound_due, due = play_on(rig, &sound_due);
	uint64_t ready = rig->last_at, until = 0;
	int64_t behind = 0;
	*ret_left_out = 0;
	for (unsigned i = 0; i < 1500; i++, due += FRAME) {
		bool left_out = due < until;
		arrives(rig, PACE_PICTURE, false, due, LEAD);
		sound_due = hear_until(rig, sound_due, due - LEAD + SLACK, SLACK);
		if (ready < due - LEAD)
			ready = due - LEAD;
		ready += (uint64_t)(left_out ? costs / 3 : costs);
		*ret_left_out += left_out;
		if (left_out)
			continue;
		ready = show(rig, due, ready);
		until = rig->pace.hurries ? due + PACE_LEFT_OUT_NS : 0;
		if (picture_delay(rig) - sound_delay(rig) > behind)
			behind = picture_delay(rig) - sound_delay(rig);
	}
	assert_int_equal(rig->pace.shifts, 0);
	return behind;
}

static void test_a_slow_decoder_leaves_pictures_out(void **state)
{
	(void)state;
	unsigned left_out;
	struct rig rig = rig_new(false);
	assert_in_range(play_slowly(&rig, 50 * MS, &left_out), 500 * MS, 560 * MS);
	assert_in_range(left_out, 300, 800);
	/* One that is fast enough, if only just, leaves out none. */
	rig = rig_new(false);
	assert_in_range(play_slowly(&rig, 39 * MS, &left_out), 0, 20 * MS);
	assert_int_equal(left_out, 0);
}

/* A decoder that needs long for sound, whatever its arrival says: it waits once, and is heard. */
static void test_sound_that_is_always_late_is_heard_later(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t sound_due;
	play_on(&rig, &sound_due);
	unsigned lost = 0;
	for (unsigned i = 0; i < 200; i++, sound_due += PIECE) {
		arrives(&rig, PACE_SOUND, false, sound_due, SLACK);
		lost += hear(&rig, sound_due, sound_due + 500 * MS).verdict == PACE_DROP;
	}
	assert_in_range(lost, 10, 60);
	assert_int_equal(rig.pace.shifts, 1);
}

static void jump(int64_t by)
{
	struct rig rig = rig_new(false);
	uint64_t sound_due, due = play_on(&rig, &sound_due);
	uint64_t at = rig.last_at, heard = 0;
	int64_t before = sound_delay(&rig);
	unsigned lost = 0;
	for (unsigned i = 0; i < 200; i++, sound_due += PIECE) {
		uint64_t now = sound_due - SLACK + 2 * MS;
		arrives(&rig, PACE_SOUND, false, sound_due + (uint64_t)by, SLACK + by);
		struct pace_answer answer = hear(&rig, sound_due + (uint64_t)by, now);
		lost += answer.verdict != PACE_AT;
		if (answer.verdict == PACE_AT)
			heard = answer.at_ns;
	}
	/* The jump is believed after ten units, and the reserve is then what it was. */
	assert_in_range(lost, 0, 10);
	assert_int_equal(rig.pace.shifts, 1);
	assert_int_equal(sound_delay(&rig), before - by);
	assert_at(heard, sound_due - PIECE + (uint64_t)before, 0);
	for (unsigned i = 0; i < 200; i++, due += FRAME) {
		arrives(&rig, PACE_PICTURE, i % 50 == 0, due + (uint64_t)by, LEAD + by);
		at = show(&rig, due + (uint64_t)by, due - LEAD);
	}
	/* Pictures went on at once, and are in sync. */
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
	assert_at(at, due - FRAME + (uint64_t)before, 0);
}

static void test_due_times_that_jump_ahead(void **state)
{
	(void)state;
	jump(10 * S);
	jump(3600 * S);
}

static void test_due_times_that_jump_back(void **state)
{
	(void)state;
	jump(-10 * S);
	jump(-900 * S);
}

static void test_one_wrong_time_stops_nothing(void **state)
{
	(void)state;
	static const int64_t wrong[] = {3600, -900, 5, -5};
	for (unsigned i = 0; i < 4; i++) {
		struct rig rig = rig_new(false);
		uint64_t sound_due, due = play_on(&rig, &sound_due);
		int64_t delay = sound_delay(&rig), by = wrong[i] * S;
		arrives(&rig, PACE_SOUND, false, sound_due + (uint64_t)by, SLACK + by);
		assert_int_equal(
			hear(&rig, sound_due + (uint64_t)by, sound_due - SLACK).verdict, PACE_DROP);
		assert_int_equal(hear(&rig, sound_due + PIECE, sound_due - SLACK).verdict, PACE_AT);
		assert_int_equal(sound_delay(&rig), delay);
		uint64_t at = rig.last_at;
		arrives(&rig, PACE_PICTURE, false, due + (uint64_t)by, LEAD + by);
		assert_true(show(&rig, due + (uint64_t)by, due - LEAD) - at <= 2 * FRAME);
		assert_true(show(&rig, due + FRAME, due - LEAD) - at <= 4 * FRAME);
	}
}

static void test_a_stream_that_paused_goes_on(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	uint64_t sound_due, due = play_on(&rig, &sound_due);
	int64_t delay = sound_delay(&rig);
	due += 5 * S;
	sound_due += 5 * S;
	arrives(&rig, PACE_SOUND, false, sound_due, SLACK);
	assert_int_equal(hear(&rig, sound_due, sound_due - SLACK).verdict, PACE_AT);
	arrives(&rig, PACE_PICTURE, true, due, LEAD);
	assert_at(show(&rig, due, due - LEAD), due + (uint64_t)delay, 0);
	assert_int_equal(rig.pace.shifts, 0);
}

/* Due times follow the sender's clock: what is presented does, too. */
static void test_hours_with_a_sender_that_is_100_ppm_fast(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	const double frame = FRAME * (1 - 1e-4), piece = PIECE * (1 - 1e-4);
	uint64_t first = begin_cold(&rig);
	int64_t apart = 0;
	double heard = 0;
	for (unsigned i = 1; i < 10 * 3600 * 25; i++) {
		uint64_t due = first + (uint64_t)(i * frame), now = due - LEAD;
		arrives(&rig, PACE_PICTURE, false, due, LEAD);
		show(&rig, due, now);
		for (; START + SLACK + heard < now + SLACK; heard += piece) {
			uint64_t sound_due = START + SLACK + (uint64_t)heard;
			arrives(&rig, PACE_SOUND, false, sound_due, SLACK);
			assert_int_equal(hear(&rig, sound_due, sound_due - SLACK).verdict, PACE_AT);
		}
		if (i > 100)
			apart = llabs(picture_delay(&rig) - sound_delay(&rig));
		assert_true(apart < MS);
	}
	assert_int_equal(rig.pace.shifts, 0);
}

static void test_a_margin_of_two_seconds_is_kept(void **state)
{
	(void)state;
	struct rig rig = rig_new(false);
	rig.pace.config.margin_ns = 2000 * MS;
	uint64_t sound_due = START + SLACK;
	arrives(&rig, PACE_SOUND, false, sound_due, SLACK);
	assert_int_equal(hear(&rig, sound_due, START).verdict, PACE_AT);
	assert_int_equal(sound_delay(&rig), 2060 * MS - SLACK);
	uint64_t first = START + LEAD;
	arrives(&rig, PACE_PICTURE, true, first, LEAD);
	uint64_t last = show(&rig, first, START);
	for (unsigned i = 1; i < 300; i++) {
		arrives(&rig, PACE_PICTURE, false, first + i * FRAME, LEAD);
		uint64_t at = show(&rig, first + i * FRAME, START + i * FRAME);
		assert_in_range(at - last, FRAME, FRAME + FRAME / 2);
		last = at;
	}
	assert_int_equal(picture_delay(&rig), sound_delay(&rig));
}

static void test_a_new_zap_knows_nothing_of_the_last(void **state)
{
	(void)state;
	struct rig rig = rig_new(true);
	uint64_t sound_due;
	play_on(&rig, &sound_due);
	pace_begin(&rig.pace);
	assert_true(rig.pace.config.catch_up);
	assert_int_equal(rig.pace.config.margin_ns, MARGIN);
	uint64_t now = rig.last_at;
	assert_int_equal(pace_picture(&rig.pace, now + 100 * MS, now), now);
	arrives(&rig, PACE_SOUND, false, now, 130 * MS);
	hear(&rig, now, now - 130 * MS);
	assert_int_equal(sound_delay(&rig), SOUND_BEHIND - 130 * MS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cold_pictures_begin_at_once_and_meet_the_sound),
		cmocka_unit_test(test_cold_motion_waits_for_what_the_decoder_reorders),
		cmocka_unit_test(test_sound_begins_behind_its_arrival_by_what_it_needs),
		cmocka_unit_test(test_sound_that_comes_after_the_picture),
		cmocka_unit_test(test_sound_that_is_sent_later_than_the_picture),
		cmocka_unit_test(test_radio),
		cmocka_unit_test(test_pictures_without_sound),
		cmocka_unit_test(test_pictures_with_less_slack_than_sound),
		cmocka_unit_test(test_the_same_picture_again),
		cmocka_unit_test(test_warm_stays_behind_by_what_was_held),
		cmocka_unit_test(test_warm_whose_picture_is_not_due_yet_goes_on_like_a_cold_one),
		cmocka_unit_test(test_warm_catches_up_with_live),
		cmocka_unit_test(test_warm_without_sound),
		cmocka_unit_test(test_a_key_unit_that_gives_no_picture),
		cmocka_unit_test(test_jitter_within_the_margin_changes_nothing),
		cmocka_unit_test(test_more_jitter_makes_the_sound_wait_once),
		cmocka_unit_test(test_pictures_that_came_late_are_in_sync_again_soon),
		cmocka_unit_test(test_a_slow_decoder_leaves_pictures_out),
		cmocka_unit_test(test_sound_that_is_always_late_is_heard_later),
		cmocka_unit_test(test_due_times_that_jump_ahead),
		cmocka_unit_test(test_due_times_that_jump_back),
		cmocka_unit_test(test_one_wrong_time_stops_nothing),
		cmocka_unit_test(test_a_stream_that_paused_goes_on),
		cmocka_unit_test(test_hours_with_a_sender_that_is_100_ppm_fast),
		cmocka_unit_test(test_a_margin_of_two_seconds_is_kept),
		cmocka_unit_test(test_a_new_zap_knows_nothing_of_the_last),
	};
	return cmocka_run_group_tests_name("client_play_pace", tests, NULL, NULL);
}
