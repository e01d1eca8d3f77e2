/* What a warm zap finds in the ring, and what never gets into it. */
#include "tests/support/test.h"

#include "client/receive/ring.h"

#define MS UINT64_C(1000000)
#define FRAME_90KHZ UINT64_C(3600)
#define START_NS UINT64_C(1000000000000)
#define LEAD_NS (800 * MS)
#define AUDIO_LEAD_NS (100 * MS)
#define KEY_BYTES 1000u
#define FRAME_BYTES 100u
#define AUDIO_BYTES 10u

/* A channel of 25 pictures a second whose units arrive LEAD before they are due. */
struct source {
	struct ring *ring;
	uint64_t now_ns, dts_90khz;
	unsigned frame, gop;
	bool with_audio;
};

static int setup(void **state)
{
	struct source *s = g_new0(struct source, 1);
	s->ring = ring_new(1 << 20);
	s->now_ns = START_NS;
	s->dts_90khz = 900000;
	s->gop = 10;
	s->with_audio = true;
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct source *s = *state;
	ring_free(s->ring);
	g_free(s);
	return 0;
}

static void push_psi(struct source *s, enum stream_codec video, enum stream_codec audio)
{
	ring_push(s->ring, &(struct stream_event){.type = STREAM_EVENT_PSI,
				   .at_ns = s->now_ns,
				   .video = video,
				   .audio = audio});
}

static void push(struct source *s, struct stream_unit unit, size_t bytes)
{
	unit.data = g_bytes_new_take(g_malloc0(bytes), bytes);
	unit.first_arrival_ns = unit.last_arrival_ns = s->now_ns;
	unit.dts_90khz = unit.pts_90khz;
	unit.decode_due_ns = unit.due_ns;
	ring_push(s->ring, &(struct stream_event){
				   .type = STREAM_EVENT_UNIT, .at_ns = s->now_ns, .unit = unit});
	g_bytes_unref(unit.data);
}

static void push_video(struct source *s, bool key, bool damaged)
{
	push(s,
		(struct stream_unit){.kind = STREAM_VIDEO,
			.key = key,
			.damaged = damaged,
			.pts_90khz = s->dts_90khz,
			.due_ns = s->now_ns + LEAD_NS},
		key ? KEY_BYTES : FRAME_BYTES);
}

static void push_audio(struct source *s)
{
	push(s,
		(struct stream_unit){.kind = STREAM_AUDIO,
			.pts_90khz = s->dts_90khz - (LEAD_NS - AUDIO_LEAD_NS) * 9 / 100000,
			.due_ns = s->now_ns + AUDIO_LEAD_NS},
		AUDIO_BYTES);
}

static void pass_frame(struct source *s)
{
	s->frame++;
	s->dts_90khz += FRAME_90KHZ;
	s->now_ns += 40 * MS;
}

static void play(struct source *s, unsigned frames)
{
	for (unsigned i = 0; i < frames; i++) {
		push_video(s, s->frame % s->gop == 0, false);
		if (s->with_audio)
			push_audio(s);
		pass_frame(s);
	}
}

static struct ring_info info_of(const struct source *s)
{
	struct ring_info info;
	ring_info(s->ring, &info);
	return info;
}

static unsigned count(const struct source *s, enum stream_kind kind)
{
	unsigned n = 0;
	const struct stream_unit *unit;
	for (size_t i = 0; (unit = ring_unit(s->ring, i)); i++)
		n += unit->kind == kind;
	return n;
}

static const struct stream_unit *first_video(const struct source *s)
{
	const struct stream_unit *unit;
	for (size_t i = 0; (unit = ring_unit(s->ring, i)); i++) {
		if (unit->kind == STREAM_VIDEO)
			return unit;
	}
	return NULL;
}

static void it_is_cold_then_partial_then_warm(void **state)
{
	struct source *s = *state;
	assert_int_equal(ring_state(s->ring), RING_COLD);
	assert_null(ring_psi(s->ring));
	push_psi(s, STREAM_CODEC_H264, STREAM_CODEC_AAC);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(ring_psi(s->ring)->video, STREAM_CODEC_H264);
	s->frame = 7;
	play(s, 3);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(info_of(s).rap_complete_ns, 0);
	assert_int_equal(count(s, STREAM_VIDEO), 0);
	uint64_t key_ns = s->now_ns;
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	assert_int_equal(info_of(s).rap_complete_ns, key_ns);
}

static void it_holds_all_since_the_newest_rap(void **state)
{
	struct source *s = *state;
	for (unsigned frames = 1; frames < 40; frames++) {
		play(s, 1);
		assert_int_equal(count(s, STREAM_VIDEO), (frames - 1) % 10 + 1);
		assert_true(first_video(s)->key);
		uint64_t dts_90khz = first_video(s)->dts_90khz;
		const struct stream_unit *unit;
		for (size_t i = 0; (unit = ring_unit(s->ring, i)); i++) {
			if (unit->kind == STREAM_VIDEO) {
				assert_int_equal(unit->dts_90khz, dts_90khz);
				dts_90khz += FRAME_90KHZ;
			}
		}
	}
	assert_int_equal(info_of(s).resets, 0);
}

/* The data is the stream's, with one more reference, and given back. */
static void units_are_shared(void **state)
{
	struct source *s = *state;
	static const uint8_t bytes[] = {1, 2, 3};
	struct stream_unit unit = {
		.kind = STREAM_VIDEO, .key = true, .data = g_bytes_new(bytes, 3)};
	ring_push(s->ring, &(struct stream_event){.type = STREAM_EVENT_UNIT, .unit = unit});
	assert_ptr_equal(ring_unit(s->ring, 0)->data, unit.data);
	ring_reset(s->ring);
	assert_null(ring_unit(s->ring, 0));
	gsize len;
	g_free(g_bytes_unref_to_data(unit.data, &len));
	assert_int_equal(len, 3);
}

/* Audio arrives later than the pictures it belongs to: what is not yet due at the press counts. */
static void audio_is_held_from_now_or_from_the_picture(void **state)
{
	struct source *s = *state;
	play(s, 51);
	uint64_t rap_ns = s->now_ns - 40 * MS;
	assert_true(count(s, STREAM_AUDIO) >= 3);
	const struct stream_unit *unit;
	for (size_t i = 0; (unit = ring_unit(s->ring, i)); i++)
		assert_true(unit->due_ns >= rap_ns);
	play(s, 9);
	assert_true(count(s, STREAM_AUDIO) <= 13);
}

static void it_says_what_channel_memory_keeps(void **state)
{
	struct source *s = *state;
	assert_int_equal(info_of(s).video_slack_ns, RING_NO_SLACK);
	play(s, 10);
	assert_int_equal(info_of(s).gop_ns, 0);
	play(s, 15);
	struct ring_info info = info_of(s);
	assert_int_equal(info.gop_ns, 400 * MS);
	assert_int_equal(info.rap_bytes, KEY_BYTES);
	assert_int_equal(info.video_slack_ns, LEAD_NS);
	assert_int_equal(info.audio_slack_ns, AUDIO_LEAD_NS);
	assert_int_equal(info.units, count(s, STREAM_VIDEO) + count(s, STREAM_AUDIO));
	assert_int_equal(info.bytes, KEY_BYTES + (count(s, STREAM_VIDEO) - 1) * FRAME_BYTES +
					     count(s, STREAM_AUDIO) * AUDIO_BYTES);
}

static void a_gop_beyond_the_bound_is_partial_and_counted(void **state)
{
	struct source *s = *state;
	ring_free(s->ring);
	s->ring = ring_new(KEY_BYTES + 5 * FRAME_BYTES);
	s->with_audio = false;
	play(s, 6);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(info_of(s).overflows, 1);
	assert_int_equal(info_of(s).bytes, 0);
	play(s, 3);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	assert_int_equal(info_of(s).overflows, 1);
}

/* Units of no bytes take memory, too. */
static void units_are_bounded_in_number(void **state)
{
	struct source *s = *state;
	play(s, 1);
	for (unsigned i = 0; i < 20000; i++) {
		s->now_ns += MS / 10;
		push(s,
			(struct stream_unit){.kind = STREAM_AUDIO,
				.pts_90khz = s->dts_90khz + 9ul * i,
				.due_ns = s->now_ns + LEAD_NS},
			1);
		assert_true(info_of(s).units <= 16384);
	}
	assert_int_equal(info_of(s).overflows, 1);
}

/* The newest RAP fits where both GOPs together would not. */
static void the_older_gop_goes_first(void **state)
{
	struct source *s = *state;
	ring_free(s->ring);
	s->ring = ring_new(KEY_BYTES + 10 * FRAME_BYTES);
	s->with_audio = false;
	for (unsigned i = 0; i < 35; i++) {
		play(s, 1);
		assert_int_equal(ring_state(s->ring), RING_WARM);
	}
	assert_int_equal(info_of(s).overflows, 0);
}

static void a_damaged_rap_leaves_the_gop_before_it(void **state)
{
	struct source *s = *state;
	play(s, 10);
	push_video(s, true, true);
	pass_frame(s);
	play(s, 4);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	assert_int_equal(count(s, STREAM_VIDEO), 15);
	assert_int_equal(info_of(s).damaged_raps, 1);
	assert_int_equal(info_of(s).damaged_units, 1);
	play(s, 6);
	assert_int_equal(count(s, STREAM_VIDEO), 1);
	assert_int_equal(info_of(s).damaged_units, 0);
}

static void two_gops_at_most_are_held(void **state)
{
	struct source *s = *state;
	play(s, 10);
	for (unsigned i = 0; i < 2; i++) {
		push_video(s, true, true);
		pass_frame(s);
		play(s, 9);
	}
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(count(s, STREAM_VIDEO), 0);
	assert_int_equal(info_of(s).resets, 1);
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_WARM);
}

static void a_jump_of_the_clock_resets(void **state)
{
	struct source *s = *state;
	play(s, 5);
	s->dts_90khz += 90000;
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(info_of(s).resets, 1);
	assert_int_equal(count(s, STREAM_VIDEO), 0);
	play(s, 5);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	s->dts_90khz -= 90000;
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	/* A pause of the sender is none: both clocks went on. */
	play(s, 10);
	s->dts_90khz += 3 * 90000;
	s->now_ns += 3000 * MS;
	uint64_t resets = info_of(s).resets;
	play(s, 1);
	assert_int_equal(info_of(s).resets, resets);
}

static void other_streams_reset(void **state)
{
	struct source *s = *state;
	push_psi(s, STREAM_CODEC_H264, STREAM_CODEC_AAC);
	play(s, 5);
	push_psi(s, STREAM_CODEC_H264, STREAM_CODEC_AAC);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	push_psi(s, STREAM_CODEC_H264, STREAM_CODEC_OTHER);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	play(s, 6);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	ring_push(s->ring, &(struct stream_event){.type = STREAM_EVENT_RAP, .at_ns = s->now_ns});
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(info_of(s).resets, 2);
}

static void scrambled_video_ends_it(void **state)
{
	struct source *s = *state;
	play(s, 5);
	ring_push(s->ring, &(struct stream_event){.type = STREAM_EVENT_SCRAMBLED});
	assert_int_equal(ring_state(s->ring), RING_WARM);
	ring_push(
		s->ring, &(struct stream_event){.type = STREAM_EVENT_SCRAMBLED, .scrambled = true});
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
}

static void what_wrong_parameter_sets_made_is_dropped(void **state)
{
	struct source *s = *state;
	play(s, 5);
	ring_push(s->ring, &(struct stream_event){.type = STREAM_EVENT_MISLED});
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_null(ring_unit(s->ring, 0));
}

/* Open GOP: pictures that are shown before the RAP refer to what came before it. */
static void leading_pictures_are_left_out(void **state)
{
	struct source *s = *state;
	play(s, 1);
	for (unsigned i = 0; i < 2; i++) {
		push(s,
			(struct stream_unit){.kind = STREAM_VIDEO,
				.leading = true,
				.pts_90khz = s->dts_90khz,
				.due_ns = s->now_ns + LEAD_NS},
			FRAME_BYTES);
		pass_frame(s);
	}
	play(s, 1);
	assert_int_equal(count(s, STREAM_VIDEO), 2);
	assert_int_equal(info_of(s).resets, 0);
}

static void push_still(struct source *s)
{
	push_video(s, true, false);
	for (unsigned i = 0; i < 75; i++) {
		push_audio(s);
		pass_frame(s);
	}
}

/* Sound alone goes on: what is held does not grow for ever, and is no longer what is on the air. */
static void pictures_that_ended_are_let_go(void **state)
{
	struct source *s = *state;
	play(s, 5);
	for (unsigned i = 0; i < 50; i++) {
		push_audio(s);
		pass_frame(s);
	}
	assert_int_equal(ring_state(s->ring), RING_WARM);
	ring_drop_stale(s->ring, s->now_ns);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(count(s, STREAM_VIDEO), 0);
	assert_in_range(count(s, STREAM_AUDIO), 1, 4);
	assert_int_equal(info_of(s).bytes, count(s, STREAM_AUDIO) * AUDIO_BYTES);
	assert_int_equal(info_of(s).warm_since_ns, 0);
	s->frame = 0;
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	for (unsigned i = 0; i < 1500; i++) {
		push_audio(s);
		pass_frame(s);
		assert_true(info_of(s).units < 800);
	}
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	assert_int_equal(info_of(s).overflows, 1);
}

/* A picture every three seconds stands as long. */
static void stills_are_not_stale(void **state)
{
	struct source *s = *state;
	push_still(s);
	push_still(s);
	ring_drop_stale(s->ring, s->now_ns);
	assert_int_equal(ring_state(s->ring), RING_WARM);
}

static void push_refresh(struct source *s, unsigned pictures)
{
	push(s,
		(struct stream_unit){.kind = STREAM_VIDEO,
			.key = true,
			.recovery_pictures = pictures,
			.pts_90khz = s->dts_90khz,
			.due_ns = s->now_ns + LEAD_NS},
		KEY_BYTES);
	pass_frame(s);
}

/* Grey until the refresh is through: no picture for a viewer. */
static void a_gradual_refresh_is_warm_when_it_is_through(void **state)
{
	struct source *s = *state;
	s->gop = 1000;
	s->frame = 1;
	push_refresh(s, 5);
	assert_int_equal(count(s, STREAM_VIDEO), 1); /* of use for a partial zap */
	for (unsigned i = 0; i < 4; i++) {
		play(s, 1);
		assert_int_equal(ring_state(s->ring), RING_PARTIAL);
		assert_int_equal(info_of(s).warm_since_ns, 0);
	}
	uint64_t clean_ns = s->now_ns;
	play(s, 1);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	assert_int_equal(info_of(s).warm_since_ns, clean_ns);
	assert_int_equal(first_video(s)->recovery_pictures, 5);
}

/* The next one: what is clean already stays until that is. */
static void a_gradual_refresh_replaces_when_it_is_through(void **state)
{
	struct source *s = *state;
	s->gop = 1000;
	play(s, 3);
	uint64_t old_90khz = first_video(s)->dts_90khz, new_90khz = s->dts_90khz;
	push_refresh(s, 5);
	play(s, 2);
	push_refresh(s, 5); /* sooner than the one before is through */
	play(s, 1);
	assert_int_equal(first_video(s)->dts_90khz, old_90khz);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	play(s, 1);
	assert_int_equal(first_video(s)->dts_90khz, new_90khz);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	assert_int_equal(count(s, STREAM_VIDEO), 6);
	assert_int_equal(info_of(s).rap_complete_ns, first_video(s)->last_arrival_ns);
	/* One without a refresh replaces all at once. */
	s->frame = 0;
	play(s, 1);
	assert_int_equal(count(s, STREAM_VIDEO), 1);
	assert_int_equal(ring_state(s->ring), RING_WARM);
	assert_int_equal(info_of(s).resets, 0);
}

/* Warm at the press is what counts, also where a newer RAP came between press and question. */
static void it_says_since_when_it_is_warm(void **state)
{
	struct source *s = *state;
	play(s, 1);
	uint64_t since_ns = START_NS;
	assert_int_equal(info_of(s).warm_since_ns, since_ns);
	play(s, 30);
	assert_int_equal(info_of(s).warm_since_ns, since_ns);
	assert_true(info_of(s).rap_complete_ns > since_ns);
	ring_reset(s->ring);
	assert_int_equal(info_of(s).warm_since_ns, 0);
	s->frame = 0;
	since_ns = s->now_ns;
	play(s, 1);
	assert_int_equal(info_of(s).warm_since_ns, since_ns);
}

static void radio_holds_its_last_200_ms(void **state)
{
	struct source *s = *state;
	push_psi(s, STREAM_CODEC_NONE, STREAM_CODEC_AAC);
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
	for (unsigned i = 0; i < 100; i++) {
		push_audio(s);
		assert_int_equal(ring_state(s->ring), RING_WARM);
		assert_int_equal(count(s, STREAM_AUDIO), MIN(i + 1, 6));
		pass_frame(s);
	}
	assert_int_equal(info_of(s).rap_complete_ns, s->now_ns - 240 * MS);
}

/* Audio alone, of a channel whose video has not come, is bounded too. */
static void audio_before_the_first_rap_is_bounded(void **state)
{
	struct source *s = *state;
	for (unsigned i = 0; i < 1000; i++) {
		push_audio(s);
		assert_true(count(s, STREAM_AUDIO) <= 4);
		pass_frame(s);
	}
	assert_int_equal(ring_state(s->ring), RING_PARTIAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_cold_then_partial_then_warm, setup, teardown),
		cmocka_unit_test_setup_teardown(it_holds_all_since_the_newest_rap, setup, teardown),
		cmocka_unit_test_setup_teardown(units_are_shared, setup, teardown),
		cmocka_unit_test_setup_teardown(
			audio_is_held_from_now_or_from_the_picture, setup, teardown),
		cmocka_unit_test_setup_teardown(it_says_what_channel_memory_keeps, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_gop_beyond_the_bound_is_partial_and_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(units_are_bounded_in_number, setup, teardown),
		cmocka_unit_test_setup_teardown(the_older_gop_goes_first, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_damaged_rap_leaves_the_gop_before_it, setup, teardown),
		cmocka_unit_test_setup_teardown(two_gops_at_most_are_held, setup, teardown),
		cmocka_unit_test_setup_teardown(a_jump_of_the_clock_resets, setup, teardown),
		cmocka_unit_test_setup_teardown(other_streams_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(scrambled_video_ends_it, setup, teardown),
		cmocka_unit_test_setup_teardown(
			what_wrong_parameter_sets_made_is_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(leading_pictures_are_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(pictures_that_ended_are_let_go, setup, teardown),
		cmocka_unit_test_setup_teardown(stills_are_not_stale, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_gradual_refresh_is_warm_when_it_is_through, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_gradual_refresh_replaces_when_it_is_through, setup, teardown),
		cmocka_unit_test_setup_teardown(it_says_since_when_it_is_warm, setup, teardown),
		cmocka_unit_test_setup_teardown(radio_holds_its_last_200_ms, setup, teardown),
		cmocka_unit_test_setup_teardown(
			audio_before_the_first_rap_is_bounded, setup, teardown),
	};
	return cmocka_run_group_tests_name("receive_ring", tests, NULL, NULL);
}
