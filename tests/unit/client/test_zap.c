/* zap on virtual time: the story of a channel change, and every way it can go wrong. */
#include "client/zap.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)
#define S (1000 * MS)
#define CHANNELS 4
#define T0 (100 * S)

/* What zapper.conf(5) gives as defaults. */
static const struct zap_settings defaults = {.signal_timeout_ns = 1 * S, .rap_timeout_ns = 5 * S};

static struct zap_effects handle(struct zap *zap, struct zap_event event)
{
	struct zap_effects effects;
	zap_handle(zap, &event, &effects);
	return effects;
}

static struct zap_effects tune(struct zap *zap, int channel, uint64_t at_ns)
{
	return handle(zap,
		(struct zap_event){.type = ZAP_EVENT_TUNE, .channel = channel, .at_ns = at_ns});
}

static struct zap_effects key(struct zap *zap, enum zap_event_type type, uint64_t at_ns)
{
	return handle(zap, (struct zap_event){.type = type, .at_ns = at_ns});
}

static struct zap_effects milestone(struct zap *zap, enum zap_milestone what, uint64_t at_ns)
{
	return handle(zap, (struct zap_event){.type = ZAP_EVENT_MILESTONE,
				   .n = zap_number(zap),
				   .milestone = what,
				   .at_ns = at_ns});
}

static struct zap_effects packets(struct zap *zap, uint64_t at_ns)
{
	return handle(
		zap, (struct zap_event){
			     .type = ZAP_EVENT_PACKETS, .n = zap_number(zap), .at_ns = at_ns});
}

static struct zap_effects picture(struct zap *zap, uint64_t position, uint64_t at_ns)
{
	return handle(zap, (struct zap_event){.type = ZAP_EVENT_PICTURE,
				   .n = zap_number(zap),
				   .position = position,
				   .span_ns = 40 * MS,
				   .at_ns = at_ns});
}

static const struct zap_effect *find(const struct zap_effects *effects, enum zap_effect_type type)
{
	for (size_t i = 0; i < effects->count; i++)
		if (effects->list[i].type == type)
			return &effects->list[i];
	return NULL;
}

static void assert_state(const struct zap_effects *effects, enum zap_state state)
{
	const struct zap_effect *effect = find(effects, ZAP_EFFECT_STATE);
	assert_non_null(effect);
	assert_int_equal(effect->state, state);
}

/* From the key to the first picture, as a cold zap goes; returns the time of the picture. */
static uint64_t play_until_picture(struct zap *zap, int channel, uint64_t at_ns)
{
	tune(zap, channel, at_ns);
	milestone(zap, ZAP_REPORT, at_ns + 1 * MS);
	packets(zap, at_ns + 2 * MS);
	milestone(zap, ZAP_RAP, at_ns + 500 * MS);
	milestone(zap, ZAP_RAP_COMPLETE, at_ns + 700 * MS);
	picture(zap, 0, at_ns + 710 * MS);
	return at_ns + 710 * MS;
}

static int setup(void **state)
{
	*state = zap_new(CHANNELS, &defaults);
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	zap_free(*state);
	return 0;
}

static void test_the_report_is_the_first_effect(void **state)
{
	struct zap *zap = *state;
	struct zap_effects effects = tune(zap, 2, T0);
	const enum zap_effect_type story[] = {ZAP_EFFECT_MEMBERSHIP, ZAP_EFFECT_RECEIVE,
		ZAP_EFFECT_FLUSH, ZAP_EFFECT_BANNER, ZAP_EFFECT_STATE};
	assert_int_equal(effects.count, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(effects.list[i].type, story[i]);
	assert_int_equal(effects.list[0].from, ZAP_NO_CHANNEL);
	assert_int_equal(effects.list[0].to, 2);
	assert_int_equal(effects.list[0].n, 1);

	effects = tune(zap, 3, T0 + 1 * S);
	assert_int_equal(effects.list[0].type, ZAP_EFFECT_MEMBERSHIP);
	assert_int_equal(effects.list[0].from, 2);
	assert_int_equal(effects.list[0].to, 3);
	assert_int_equal(effects.list[0].n, 2);
}

static void test_a_cold_zap_is_written_down_whole(void **state)
{
	struct zap *zap = *state;
	uint64_t first_ns = play_until_picture(zap, 1, T0);
	assert_int_equal(zap_state(zap), ZAP_STATE_PLAYING);
	milestone(zap, ZAP_AUDIO, first_ns + 20 * MS);
	uint64_t motion_ns = first_ns + 600 * MS; /* the freeze after a still */
	struct zap_effects effects;
	const struct zap_effect *record = NULL;
	for (unsigned i = 0; i < 40 && !record; i++) {
		packets(zap, motion_ns + i * 40 * MS);
		effects = picture(zap, 1 + i, motion_ns + i * 40 * MS);
		record = find(&effects, ZAP_EFFECT_RECORD);
	}
	assert_non_null(record);
	assert_int_equal(record->record.result, ZAP_OK);
	assert_int_equal(record->record.kind, ZAP_COLD);
	assert_int_equal(record->record.pressed_ns, T0);
	assert_int_equal(record->record.from, ZAP_NO_CHANNEL);
	assert_int_equal(record->record.to, 1);
	assert_int_equal(record->record.at_ns[ZAP_REPORT], T0 + 1 * MS);
	assert_int_equal(record->record.at_ns[ZAP_FIRST_PACKET], T0 + 2 * MS);
	assert_int_equal(record->record.at_ns[ZAP_RAP_COMPLETE], T0 + 700 * MS);
	assert_int_equal(record->record.at_ns[ZAP_PICTURE], first_ns);
	assert_int_equal(record->record.at_ns[ZAP_MOTION], motion_ns);
	assert_int_equal(record->record.at_ns[ZAP_AUDIO], first_ns + 20 * MS);
}

static void test_each_milestone_is_told_once(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	struct zap_effects effects = milestone(zap, ZAP_REPORT, T0 + 1 * MS);
	assert_int_equal(effects.count, 1);
	assert_int_equal(effects.list[0].type, ZAP_EFFECT_REACHED);
	assert_int_equal(effects.list[0].milestone, ZAP_REPORT);
	assert_int_equal(effects.list[0].record.at_ns[ZAP_REPORT], T0 + 1 * MS);
	assert_int_equal(milestone(zap, ZAP_REPORT, T0 + 9 * MS).count, 0);
	assert_int_equal(packets(zap, T0 + 2 * MS).list[0].milestone, ZAP_FIRST_PACKET);
	assert_int_equal(packets(zap, T0 + 3 * MS).count, 0);
	effects = picture(zap, 0, T0 + 700 * MS);
	assert_int_equal(find(&effects, ZAP_EFFECT_REACHED)->milestone, ZAP_PICTURE);
	effects = picture(zap, 1, T0 + 740 * MS);
	assert_null(find(&effects, ZAP_EFFECT_REACHED));
}

static void test_motion_begins_after_the_last_gap(void **state)
{
	struct zap *zap = *state;
	uint64_t at_ns = play_until_picture(zap, 1, T0);
	milestone(zap, ZAP_AUDIO, at_ns);
	picture(zap, 1, at_ns += 40 * MS);
	picture(zap, 2, at_ns += 40 * MS);
	uint64_t motion_ns = at_ns += 81 * MS; /* over two frame times */
	packets(zap, at_ns);
	picture(zap, 3, at_ns);
	struct zap_effects effects = {0};
	for (unsigned i = 4; !find(&effects, ZAP_EFFECT_RECORD); i++) {
		assert_true(i < 40);
		packets(zap, at_ns + 40 * MS);
		effects = picture(zap, i, at_ns += 40 * MS);
	}
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.at_ns[ZAP_MOTION], motion_ns);
}

static void test_the_same_picture_again_is_no_motion(void **state)
{
	struct zap *zap = *state;
	uint64_t at_ns = play_until_picture(zap, 1, T0);
	for (unsigned i = 0; i < 100; i++) {
		packets(zap, at_ns);
		struct zap_effects effects = picture(zap, 0, at_ns += 40 * MS);
		assert_null(find(&effects, ZAP_EFFECT_RECORD));
	}
}

static void test_a_silent_channel_closes_its_record_after_3_s(void **state)
{
	struct zap *zap = *state;
	uint64_t first_ns = play_until_picture(zap, 1, T0);
	for (unsigned i = 1; i <= 70; i++) {
		packets(zap, first_ns + i * 40 * MS);
		picture(zap, i, first_ns + i * 40 * MS);
	}
	assert_int_equal(zap_deadline(zap), first_ns + 3 * S);
	struct zap_effects effects = key(zap, ZAP_EVENT_TIMER, first_ns + 3 * S);
	const struct zap_effect *record = find(&effects, ZAP_EFFECT_RECORD);
	assert_non_null(record);
	assert_int_equal(record->record.result, ZAP_OK);
	assert_int_equal(record->record.at_ns[ZAP_AUDIO], 0);
	assert_int_equal(record->record.at_ns[ZAP_MOTION], first_ns + 40 * MS);
}

static void test_a_key_before_the_picture_supersedes(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	struct zap_effects effects = tune(zap, 2, T0 + 300 * MS);
	const struct zap_effect *record = find(&effects, ZAP_EFFECT_RECORD);
	assert_non_null(record);
	assert_int_equal(record->record.n, 1);
	assert_int_equal(record->record.kind, ZAP_SUPERSEDED);
	assert_int_equal(zap_channel(zap), 2);

	play_until_picture(zap, 3, T0 + 1 * S);
	effects = tune(zap, 0, T0 + 2 * S);
	record = find(&effects, ZAP_EFFECT_RECORD);
	assert_int_equal(record->record.kind, ZAP_COLD); /* its picture was seen */
	assert_int_equal(record->record.result, ZAP_OK);
	assert_int_equal(record->record.at_ns[ZAP_MOTION], 0);
}

static void test_facts_of_an_earlier_zap_do_nothing(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	tune(zap, 2, T0 + 100 * MS);
	struct zap_effects effects = handle(
		zap, (struct zap_event){.type = ZAP_EVENT_PICTURE, .n = 1, .at_ns = T0 + 110 * MS});
	assert_int_equal(effects.count, 0);
	assert_int_equal(zap_state(zap), ZAP_STATE_TUNING);
	effects = handle(
		zap, (struct zap_event){.type = ZAP_EVENT_ERROR, .n = 1, .at_ns = T0 + 110 * MS});
	assert_int_equal(zap_state(zap), ZAP_STATE_TUNING);
}

static void test_no_packet_for_1_s_after_the_report_is_no_signal(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	milestone(zap, ZAP_REPORT, T0 + 5 * MS);
	assert_int_equal(zap_deadline(zap), T0 + 5 * MS + 1 * S);
	struct zap_effects effects = key(zap, ZAP_EVENT_TIMER, T0 + 1004 * MS);
	assert_int_equal(effects.count, 0);
	effects = key(zap, ZAP_EVENT_TIMER, T0 + 1005 * MS);
	assert_state(&effects, ZAP_STATE_NO_SIGNAL);
	assert_false(find(&effects, ZAP_EFFECT_STATE)->packets);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_TIMEOUT);
	assert_int_equal(zap_deadline(zap), ZAP_NEVER);

	effects = packets(zap, T0 + 9 * S);
	assert_state(&effects, ZAP_STATE_TUNING);
	assert_null(find(&effects, ZAP_EFFECT_RECEIVE)); /* nothing half received: go on */
	effects = picture(zap, 0, T0 + 10 * S);
	assert_state(&effects, ZAP_STATE_PLAYING);
}

static void test_a_stream_that_stops_comes_back_from_a_new_rap(void **state)
{
	struct zap *zap = *state;
	play_until_picture(zap, 1, T0);
	packets(zap, T0 + 2 * S);
	struct zap_effects effects = key(zap, ZAP_EVENT_TIMER, T0 + 3 * S);
	assert_state(&effects, ZAP_STATE_NO_SIGNAL);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_OK);
	effects = packets(zap, T0 + 60 * S);
	assert_int_equal(effects.list[0].type, ZAP_EFFECT_RECEIVE);
	assert_int_equal(effects.list[1].type, ZAP_EFFECT_FLUSH);
	assert_int_equal(effects.list[1].n, 1);
	assert_null(find(&effects, ZAP_EFFECT_MEMBERSHIP)); /* the group was never left */
	assert_state(&effects, ZAP_STATE_TUNING);
	effects = picture(zap, 900, T0 + 61 * S);
	assert_state(&effects, ZAP_STATE_PLAYING);
	assert_null(find(&effects, ZAP_EFFECT_RECORD)); /* one key, one record */
}

static void test_pictures_still_buffered_do_not_end_a_silence(void **state)
{
	struct zap *zap = *state;
	play_until_picture(zap, 1, T0);
	packets(zap, T0 + 1 * S);
	key(zap, ZAP_EVENT_TIMER, T0 + 2 * S);
	assert_int_equal(zap_state(zap), ZAP_STATE_NO_SIGNAL);
	struct zap_effects effects = picture(zap, 50, T0 + 2 * S + 20 * MS);
	assert_null(find(&effects, ZAP_EFFECT_STATE));
	assert_int_equal(zap_state(zap), ZAP_STATE_NO_SIGNAL);
}

static void test_packets_without_rap_are_no_signal_after_5_s(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	packets(zap, T0 + 10 * MS);
	struct zap_effects effects = {0};
	for (uint64_t at_ns = T0 + 20 * MS; at_ns < T0 + 5010 * MS; at_ns += 10 * MS) {
		packets(zap, at_ns);
		effects = key(zap, ZAP_EVENT_TIMER, at_ns);
		assert_int_equal(effects.count, 0);
	}
	effects = key(zap, ZAP_EVENT_TIMER, T0 + 5010 * MS);
	assert_state(&effects, ZAP_STATE_NO_SIGNAL);
	assert_true(find(&effects, ZAP_EFFECT_STATE)->packets);
	assert_int_equal(packets(zap, T0 + 5020 * MS).count, 0); /* packets alone change nothing */
	effects = picture(zap, 0, T0 + 7 * S);
	assert_state(&effects, ZAP_STATE_PLAYING);
}

static void test_a_known_gop_shortens_the_wait_for_a_rap(void **state)
{
	struct zap *zap = *state;
	play_until_picture(zap, 1, T0);
	handle(zap, (struct zap_event){.type = ZAP_EVENT_GOP, .n = 1, .span_ns = 480 * MS});
	/* A scene cut says little of what the GOP is, and a jump of the time base nothing. */
	handle(zap, (struct zap_event){.type = ZAP_EVENT_GOP, .n = 1, .span_ns = 80 * MS});
	handle(zap, (struct zap_event){.type = ZAP_EVENT_GOP, .n = 1, .span_ns = 9000 * S});
	tune(zap, 2, T0 + 5 * S);
	tune(zap, 1, T0 + 6 * S);
	packets(zap, T0 + 6001 * MS);
	assert_int_equal(zap_deadline(zap), T0 + 6931 * MS); /* twice 465 ms */
	tune(zap, 3, T0 + 7 * S);			     /* of which nothing is known */
	milestone(zap, ZAP_REPORT, T0 + 7 * S);
	for (unsigned i = 1; i < 100; i++)
		packets(zap, T0 + 7 * S + i * 20 * MS);
	assert_int_equal(key(zap, ZAP_EVENT_TIMER, T0 + 8980 * MS).count, 0);
}

/* What is known of the channel counts, not the guess that the setting is. */
static void test_a_gop_longer_than_the_timeout_is_waited_for(void **state)
{
	struct zap *zap = *state;
	play_until_picture(zap, 1, T0);
	handle(zap, (struct zap_event){.type = ZAP_EVENT_GOP, .n = 1, .span_ns = 8 * S});
	tune(zap, 2, T0 + 20 * S);
	tune(zap, 1, T0 + 30 * S);
	for (unsigned i = 0; i < 155; i++)
		packets(zap, T0 + 30 * S + i * 100 * MS);
	assert_int_equal(key(zap, ZAP_EVENT_TIMER, T0 + 45 * S + 900 * MS).count, 0);
	struct zap_effects effects = key(zap, ZAP_EVENT_TIMER, T0 + 46 * S);
	assert_state(&effects, ZAP_STATE_NO_SIGNAL);
	assert_true(find(&effects, ZAP_EFFECT_STATE)->packets);
}

/* It made one GOP look like two; half a minute of good ones, and it is forgotten. */
static void test_a_key_unit_that_was_missed_is_forgotten(void **state)
{
	struct zap *zap = *state;
	play_until_picture(zap, 1, T0);
	struct zap_event gop = {.type = ZAP_EVENT_GOP, .n = 1, .span_ns = 1 * S};
	handle(zap, gop);
	gop.span_ns = 2 * S;
	handle(zap, gop);
	gop.span_ns = 1 * S;
	for (unsigned i = 0; i < 30; i++)
		handle(zap, gop);
	tune(zap, 2, T0 + 60 * S);
	tune(zap, 1, T0 + 61 * S);
	for (unsigned i = 0; i < 15; i++)
		packets(zap, T0 + 61 * S + i * 100 * MS);
	assert_int_equal(zap_deadline(zap), T0 + 63 * S);
}

static void test_patience_outlasts_both_timeouts(void **state)
{
	(void)state;
	struct zap_settings patient = defaults;
	patient.patience_ns = 8 * S;
	struct zap *zap = zap_new(CHANNELS, &patient);
	tune(zap, 1, T0);
	assert_int_equal(zap_deadline(zap), T0 + 8 * S);
	packets(zap, T0 + 2 * S);
	assert_int_equal(zap_deadline(zap), T0 + 8 * S); /* neither 1 s of silence nor no RAP */
	packets(zap, T0 + 7500 * MS);
	assert_int_equal(zap_deadline(zap), T0 + 8 * S); /* the RAP's: 2 s and 5 s are over */
	struct zap_effects effects = key(zap, ZAP_EVENT_TIMER, T0 + 8 * S);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_TIMEOUT);
	zap_free(zap);
}

static void test_the_same_channel_again_only_shows_the_banner(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	struct zap_effects effects = tune(zap, 1, T0 + 1 * S);
	assert_int_equal(effects.count, 1);
	assert_int_equal(effects.list[0].type, ZAP_EFFECT_BANNER);
	assert_int_equal(zap_number(zap), 1);
}

static void test_a_channel_that_does_not_exist_changes_nothing(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	assert_int_equal(tune(zap, CHANNELS, T0 + 1 * S).count, 0);
	assert_int_equal(tune(zap, -5, T0 + 1 * S).count, 0);
	assert_int_equal(zap_channel(zap), 1);
}

static void test_an_error_ends_the_zap_but_not_the_box(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	struct zap_effects effects = handle(
		zap, (struct zap_event){.type = ZAP_EVENT_ERROR, .n = 1, .at_ns = T0 + 1 * S});
	assert_state(&effects, ZAP_STATE_ERROR);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_ERROR);
	assert_int_equal(zap_deadline(zap), ZAP_NEVER);
	tune(zap, 0, T0 + 2 * S);
	tune(zap, 1, T0 + 8 * S);
	handle(zap, (struct zap_event){.type = ZAP_EVENT_ERROR, .n = 3, .at_ns = T0 + 9 * S});
	effects = tune(zap, 1, T0 + 20 * S); /* the same channel again is another try */
	assert_int_equal(effects.list[0].type, ZAP_EFFECT_MEMBERSHIP);
	assert_int_equal(zap_state(zap), ZAP_STATE_TUNING);
	play_until_picture(zap, 2, T0 + 25 * S);
	assert_int_equal(zap_state(zap), ZAP_STATE_PLAYING);
}

static void test_stop_leaves_the_channel(void **state)
{
	struct zap *zap = *state;
	play_until_picture(zap, 1, T0);
	struct zap_effects effects = key(zap, ZAP_EVENT_STOP, T0 + 4 * S);
	assert_int_equal(effects.list[0].type, ZAP_EFFECT_MEMBERSHIP);
	assert_int_equal(effects.list[0].from, 1);
	assert_int_equal(effects.list[0].to, ZAP_NO_CHANNEL);
	assert_state(&effects, ZAP_STATE_IDLE);
	assert_int_equal(zap_deadline(zap), ZAP_NEVER);
}

static void test_stop_before_the_picture_is_no_zap_for_the_books(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	struct zap_effects effects = key(zap, ZAP_EVENT_STOP, T0 + 100 * MS);
	assert_null(find(&effects, ZAP_EFFECT_RECORD));
}

static void test_a_zap_is_unfinished_until_its_picture(void **state)
{
	struct zap *zap = *state;
	struct zap_record record;
	assert_false(zap_unfinished(zap, &record));
	tune(zap, 1, T0);
	milestone(zap, ZAP_REPORT, T0 + MS);
	assert_true(zap_unfinished(zap, &record));
	assert_int_equal(record.to, 1);
	assert_int_equal(record.at_ns[ZAP_REPORT], T0 + MS);
	play_until_picture(zap, 2, T0 + 3 * S);
	assert_false(zap_unfinished(zap, &record));
	tune(zap, 1, T0 + 9 * S);
	key(zap, ZAP_EVENT_STOP, T0 + 10 * S);
	assert_false(zap_unfinished(zap, &record));
}

static void test_motion_without_a_frame_rate(void **state)
{
	struct zap *zap = *state;
	uint64_t at_ns = play_until_picture(zap, 1, T0);
	milestone(zap, ZAP_AUDIO, at_ns);
	struct zap_effects effects = {0};
	for (unsigned i = 1; !find(&effects, ZAP_EFFECT_RECORD); i++) {
		assert_true(i < 40);
		packets(zap, at_ns + i * 40 * MS);
		effects = handle(zap, (struct zap_event){.type = ZAP_EVENT_PICTURE,
					      .n = 1,
					      .position = i * 40 * MS,
					      .at_ns = at_ns + i * 40 * MS});
	}
	assert_int_equal(
		find(&effects, ZAP_EFFECT_RECORD)->record.at_ns[ZAP_MOTION], at_ns + 40 * MS);
}

/* Foreseen: all that a cold zap waits for was there before the key. */
static void test_a_warm_zap_counts_what_was_before_the_press_as_0(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	struct zap_effects effects = handle(zap, (struct zap_event){.type = ZAP_EVENT_TUNE,
							 .channel = 2,
							 .way = ZAP_BY_UP,
							 .at_ns = T0 + 5 * S});
	assert_int_equal(effects.list[0].way, ZAP_BY_UP);
	assert_int_equal(effects.list[1].pressed_ns, T0 + 5 * S);
	handle(zap,
		(struct zap_event){
			.type = ZAP_EVENT_RECEIVED, .n = 2, .kind = ZAP_WARM, .at_ns = T0 + 5 * S});
	milestone(zap, ZAP_PSI, T0 + 1 * S);
	milestone(zap, ZAP_RAP, T0 + 4 * S);
	milestone(zap, ZAP_RAP_COMPLETE, T0 + 4 * S);
	picture(zap, 0, T0 + 5 * S + 10 * MS);
	assert_int_equal(zap_state(zap), ZAP_STATE_PLAYING);
	/* No report was needed; silence is noticed all the same. */
	assert_int_equal(zap_deadline(zap), T0 + 6 * S);
	effects = key(zap, ZAP_EVENT_TIMER, T0 + 6 * S);
	assert_state(&effects, ZAP_STATE_NO_SIGNAL);
	const struct zap_record *record = &find(&effects, ZAP_EFFECT_RECORD)->record;
	assert_int_equal(record->kind, ZAP_WARM);
	assert_int_equal(record->at_ns[ZAP_REPORT], 0);
	assert_int_equal(record->at_ns[ZAP_FIRST_PACKET], T0 + 5 * S);
	assert_true(record->at_ns[ZAP_RAP_COMPLETE] < record->pressed_ns);
}

static void test_a_foreseen_zap_can_be_partial_or_superseded(void **state)
{
	struct zap *zap = *state;
	struct zap_event received = {
		.type = ZAP_EVENT_RECEIVED, .n = 1, .kind = ZAP_PARTIAL, .at_ns = T0};
	tune(zap, 1, T0);
	handle(zap, received);
	milestone(zap, ZAP_RAP_COMPLETE, T0 + 300 * MS);
	picture(zap, 0, T0 + 310 * MS);
	struct zap_effects effects = tune(zap, 2, T0 + 1 * S);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.kind, ZAP_PARTIAL);
	handle(zap, received); /* of the zap before */
	received = (struct zap_event){
		.type = ZAP_EVENT_RECEIVED, .n = 2, .kind = ZAP_WARM, .at_ns = T0 + 1 * S};
	handle(zap, received);
	effects = tune(zap, 3, T0 + 1 * S + 5 * MS);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.kind, ZAP_SUPERSEDED);
}

/* 20 presses a second for 10 s. */
static void test_of_a_storm_the_last_key_counts(void **state)
{
	struct zap *zap = *state;
	tune(zap, 0, T0);
	unsigned superseded = 0, reports = 0, states = 0;
	for (unsigned i = 1; i <= 200; i++) {
		struct zap_effects effects = tune(zap, i % CHANNELS, T0 + i * 50 * MS);
		const struct zap_effect *record = find(&effects, ZAP_EFFECT_RECORD);
		superseded += record && record->record.kind == ZAP_SUPERSEDED;
		for (size_t j = 0; j < effects.count; j++) {
			reports += effects.list[j].type == ZAP_EFFECT_MEMBERSHIP;
			states += effects.list[j].type == ZAP_EFFECT_STATE;
		}
		/* Facts of the zaps before come late. */
		handle(zap, (struct zap_event){.type = ZAP_EVENT_PICTURE,
				    .n = i,
				    .position = 1,
				    .at_ns = T0 + i * 50 * MS});
	}
	assert_int_equal(superseded, 200);
	assert_int_equal(reports, 200);
	assert_int_equal(states, 200);
	assert_int_equal(zap_channel(zap), 200 % CHANNELS);
	assert_int_equal(zap_number(zap), 201);
	assert_int_equal(zap_state(zap), ZAP_STATE_TUNING);
}

static void test_radio_plays_when_it_is_heard(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	packets(zap, T0 + 2 * MS);
	handle(zap, (struct zap_event){.type = ZAP_EVENT_MILESTONE,
			    .n = 1,
			    .milestone = ZAP_PSI,
			    .radio = true,
			    .at_ns = T0 + 50 * MS});
	for (unsigned i = 1; i < 50; i++) {
		packets(zap, T0 + i * 100 * MS);
		assert_int_equal(key(zap, ZAP_EVENT_TIMER, T0 + i * 100 * MS).count, 0);
	}
	struct zap_effects effects = milestone(zap, ZAP_AUDIO, T0 + 5 * S);
	assert_state(&effects, ZAP_STATE_PLAYING);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_OK);

	key(zap, ZAP_EVENT_TIMER, T0 + 8 * S);
	assert_int_equal(zap_state(zap), ZAP_STATE_NO_SIGNAL);
	effects = packets(zap, T0 + 20 * S);
	assert_non_null(find(&effects, ZAP_EFFECT_RECEIVE));
	assert_non_null(find(&effects, ZAP_EFFECT_FLUSH));
}

/* It is not awaited for ever; but late sound is sound. */
/* What is known from earlier is heard at once, and its PSI may come after that. */
static void test_radio_may_be_heard_before_its_psi(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	packets(zap, T0 + 2 * MS);
	struct zap_effects effects = milestone(zap, ZAP_AUDIO, T0 + 30 * MS);
	assert_null(find(&effects, ZAP_EFFECT_STATE));
	effects = handle(zap, (struct zap_event){.type = ZAP_EVENT_MILESTONE,
				      .n = 1,
				      .milestone = ZAP_PSI,
				      .radio = true,
				      .at_ns = T0 + 90 * MS});
	assert_state(&effects, ZAP_STATE_PLAYING);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_OK);
}

static void test_radio_that_is_not_heard_is_no_signal(void **state)
{
	struct zap *zap = *state;
	tune(zap, 1, T0);
	packets(zap, T0 + 10 * MS);
	handle(zap, (struct zap_event){.type = ZAP_EVENT_MILESTONE,
			    .n = 1,
			    .milestone = ZAP_PSI,
			    .radio = true,
			    .at_ns = T0 + 50 * MS});
	for (unsigned i = 1; i <= 50; i++)
		packets(zap, T0 + i * 100 * MS);
	assert_int_equal(zap_deadline(zap), T0 + 5010 * MS);
	struct zap_effects effects = key(zap, ZAP_EVENT_TIMER, T0 + 5010 * MS);
	assert_state(&effects, ZAP_STATE_NO_SIGNAL);
	assert_true(find(&effects, ZAP_EFFECT_STATE)->packets);
	assert_true(find(&effects, ZAP_EFFECT_STATE)->radio);
	assert_int_equal(find(&effects, ZAP_EFFECT_RECORD)->record.result, ZAP_TIMEOUT);
	effects = milestone(zap, ZAP_AUDIO, T0 + 7 * S);
	assert_state(&effects, ZAP_STATE_PLAYING);
}

static void test_a_gop_of_earlier_days_shortens_the_wait_too(void **state)
{
	struct zap *zap = *state;
	zap_remember_gop(zap, 1, 500 * MS);
	tune(zap, 1, T0);
	packets(zap, T0 + 10 * MS);
	packets(zap, T0 + 500 * MS);
	assert_int_equal(zap_deadline(zap), T0 + 1010 * MS); /* twice 500 ms */
}

/* Everything that names a channel names the same one. */
static void test_another_line_up_is_no_zap(void **state)
{
	struct zap *zap = *state;
	const int to[CHANNELS] = {ZAP_NO_CHANNEL, 4, 0, 1};
	uint64_t at_ns = play_until_picture(zap, 1, T0);
	zap_remember_gop(zap, 2, 3 * S);
	play_until_picture(zap, 2, at_ns + 10 * S);
	assert_true(zap_move(zap, to, 5));
	assert_int_equal(zap_state(zap), ZAP_STATE_PLAYING);
	assert_int_equal(zap_number(zap), 2);
	assert_int_equal(zap_channel(zap), 0);
	assert_int_equal(zap_gop(zap, 0), 3 * S);
	assert_int_equal(zap_gop(zap, 1), 0);
	struct zap_effects effects = tune(zap, 4, at_ns + 20 * S);
	assert_int_equal(effects.list[0].from, 0);
	assert_int_equal(effects.list[0].to, 4);
	const struct zap_effect *record = find(&effects, ZAP_EFFECT_RECORD);
	assert_non_null(record);
	assert_int_equal(record->record.from, 4);
	assert_int_equal(record->record.to, 0);
}

/* A first start: there are no channels, and then there are. */
static void test_a_line_up_may_come_later(void **state)
{
	(void)state;
	struct zap *zap = zap_new(0, &defaults);
	assert_int_equal(tune(zap, 0, T0).count, 0);
	assert_int_equal(zap_channel(zap), ZAP_NO_CHANNEL);
	assert_true(zap_move(zap, NULL, 3));
	assert_int_equal(tune(zap, 0, T0).list[0].to, 0);
	zap_free(zap);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_the_report_is_the_first_effect),
		TEST(test_a_cold_zap_is_written_down_whole),
		TEST(test_each_milestone_is_told_once),
		TEST(test_motion_begins_after_the_last_gap),
		TEST(test_the_same_picture_again_is_no_motion),
		TEST(test_a_silent_channel_closes_its_record_after_3_s),
		TEST(test_a_key_before_the_picture_supersedes),
		TEST(test_facts_of_an_earlier_zap_do_nothing),
		TEST(test_no_packet_for_1_s_after_the_report_is_no_signal),
		TEST(test_a_stream_that_stops_comes_back_from_a_new_rap),
		TEST(test_pictures_still_buffered_do_not_end_a_silence),
		TEST(test_packets_without_rap_are_no_signal_after_5_s),
		TEST(test_a_known_gop_shortens_the_wait_for_a_rap),
		TEST(test_a_gop_longer_than_the_timeout_is_waited_for),
		TEST(test_a_key_unit_that_was_missed_is_forgotten),
		cmocka_unit_test(test_patience_outlasts_both_timeouts),
		TEST(test_the_same_channel_again_only_shows_the_banner),
		TEST(test_a_channel_that_does_not_exist_changes_nothing),
		TEST(test_an_error_ends_the_zap_but_not_the_box),
		TEST(test_stop_leaves_the_channel),
		TEST(test_stop_before_the_picture_is_no_zap_for_the_books),
		TEST(test_a_zap_is_unfinished_until_its_picture),
		TEST(test_motion_without_a_frame_rate),
		TEST(test_a_warm_zap_counts_what_was_before_the_press_as_0),
		TEST(test_a_foreseen_zap_can_be_partial_or_superseded),
		TEST(test_of_a_storm_the_last_key_counts),
		TEST(test_radio_plays_when_it_is_heard),
		TEST(test_radio_may_be_heard_before_its_psi),
		TEST(test_radio_that_is_not_heard_is_no_signal),
		TEST(test_a_gop_of_earlier_days_shortens_the_wait_too),
		TEST(test_another_line_up_is_no_zap),
		TEST(test_a_line_up_may_come_later),
	};
	return cmocka_run_group_tests_name("client_zap", tests, NULL, NULL);
}
