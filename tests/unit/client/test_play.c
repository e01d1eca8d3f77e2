/* play with real decoders and no display: what comes out, when, and of which zap. */
#include <gst/app/app.h>
#include <gst/gst.h>
#include <string.h>
#include <unistd.h>

#include "client/play/play.h"
#include "tests/support/test.h"

#define MS_NS UINT64_C(1000000)
#define FRAME_NS (40 * MS_NS)
#define UNITS 50
/* How long before its due time a unit arrives, as the reference scenario has it. */
#define LEAD_NS (700 * MS_NS)
#define SLACK_NS (180 * MS_NS)
#define PATIENCE_US (10 * G_USEC_PER_SEC)

/* H.264 access units with 2 B-frames, made once for all tests. */
struct clip {
	GBytes *data[UNITS];
	uint64_t pts_ns[UNITS], dts_ns[UNITS];
	bool key[UNITS];
};

struct facts {
	GMutex lock;
	GCond woken;
	unsigned wakes, seen;
	struct play *play;
};

static struct clip *clip_new(void)
{
	gst_init(NULL, NULL);
	GstElement *pipeline = gst_parse_launch(
		"videotestsrc num-buffers=50 ! video/x-raw,format=I420,width=320,height=180,"
		"framerate=25/1 ! x264enc key-int-max=50 bframes=2 b-adapt=false aud=true ! "
		"video/x-h264,stream-format=byte-stream,alignment=au ! appsink name=out sync=false",
		NULL);
	if (!pipeline)
		return NULL;
	struct clip *clip = g_new0(struct clip, 1);
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	uint64_t start_ns = 0;
	for (int i = 0; i < UNITS; i++) {
		GstSample *sample = gst_app_sink_pull_sample(GST_APP_SINK(out));
		GstBuffer *buffer = gst_sample_get_buffer(sample);
		gpointer data;
		gsize size;
		gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &data, &size);
		clip->data[i] = g_bytes_new_take(data, size);
		if (!i)
			start_ns = GST_BUFFER_PTS(buffer);
		clip->pts_ns[i] = GST_BUFFER_PTS(buffer) - start_ns;
		clip->dts_ns[i] =
			GST_BUFFER_DTS(buffer) - start_ns; /* may wrap: before the first PTS */
		clip->key[i] = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
		gst_sample_unref(sample);
	}
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	return clip;
}

static void clip_free(struct clip *clip)
{
	for (int i = 0; i < UNITS; i++)
		g_bytes_unref(clip->data[i]);
	g_free(clip);
}

static void on_wake(void *ctx)
{
	struct facts *facts = ctx;
	g_mutex_lock(&facts->lock);
	facts->wakes++;
	g_cond_signal(&facts->woken);
	g_mutex_unlock(&facts->lock);
}

/* Waits for the next fact of this type; fails the test when none comes. */
static struct play_fact await(struct facts *facts, enum play_fact_type type)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	struct play_fact fact;
	for (;;) {
		while (play_next_fact(facts->play, &fact))
			if (fact.type == type)
				return fact;
		g_mutex_lock(&facts->lock);
		bool woken = true;
		while (facts->wakes == facts->seen && woken)
			woken = g_cond_wait_until(&facts->woken, &facts->lock, deadline_us);
		facts->seen = facts->wakes;
		g_mutex_unlock(&facts->lock);
		if (!woken)
			fail_msg("no fact of type %d came", type);
	}
}

static int setup(void **state)
{
	*state = clip_new();
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	clip_free(*state);
	return 0;
}

static struct play *open_sinks(struct facts *facts, const char *video_sink, const char *audio_sink)
{
	struct play_options options = {.video_sink = video_sink,
		.audio_sink = audio_sink,
		.margin_ns = 40 * MS_NS,
		.wake = on_wake,
		.wake_ctx = facts};
	*facts = (struct facts){0};
	facts->play = play_open(&options);
	return facts->play;
}

static struct play *open_play(struct facts *facts, const char *video_sink)
{
	return open_sinks(facts, video_sink, "none");
}

static void close_play(struct facts *facts)
{
	play_stop(facts->play);
	await(facts, PLAY_FACT_STOPPED);
	play_free(facts->play);
}

static void push_some(
	struct play *play, const struct clip *clip, int from, int to, uint64_t n, uint64_t due_ns)
{
	for (int i = from; i < to; i++) {
		struct play_unit unit = {.n = n,
			.kind = PLAY_VIDEO,
			.codec = PLAY_CODEC_H264,
			.key = clip->key[i],
			.pts_ns = due_ns + clip->pts_ns[i],
			.dts_ns = due_ns + clip->dts_ns[i],
			.arrival_ns = due_ns + clip->dts_ns[i] - LEAD_NS,
			.data = g_bytes_ref(clip->data[i])};
		assert_true(play_push(play, &unit));
	}
}

static void push_units(
	struct play *play, const struct clip *clip, int count, uint64_t n, uint64_t due_ns)
{
	push_some(play, clip, 0, count, n, due_ns);
}

/* ADTS frames of silence, 48 kHz stereo (ISO/IEC 13818-7 section 6.2): an empty raw data block. */
static void push_silence(struct play *play, uint64_t n, uint64_t due_ns)
{
	static const uint8_t frame[] = {
		0xff, 0xf1, 0x4c, 0x80, 0x01, 0xbf, 0xfc, 0x21, 0x10, 0x04, 0x60, 0x8c, 0x1c};
	for (unsigned i = 0; i < 20; i++) {
		uint64_t at_ns = due_ns + i * 21333333;
		struct play_unit unit = {.n = n,
			.kind = PLAY_AUDIO,
			.codec = PLAY_CODEC_AAC,
			.pts_ns = at_ns,
			.dts_ns = at_ns,
			.arrival_ns = at_ns - SLACK_NS,
			.data = g_bytes_new_static(frame, sizeof frame)};
		assert_true(play_push(play, &unit));
	}
}

/* The decoder is built with the first unit: what is looked at the clock for comes after that. */
static void zap_once(struct facts *facts, const struct clip *clip)
{
	play_flush(facts->play, 1);
	push_units(facts->play, clip, 1, 1, gst_util_get_timestamp() + LEAD_NS);
	await(facts, PLAY_FACT_PICTURE);
}

static void test_first_picture_does_not_wait_for_its_time(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	zap_once(&facts, *state);
	uint64_t due_ns = gst_util_get_timestamp() + 3000 * MS_NS;
	play_flush(play, 2);
	push_units(play, *state, 1, 2, due_ns);
	struct play_fact decoded;
	do
		decoded = await(&facts, PLAY_FACT_DECODED);
	while (decoded.n == 1);
	struct play_fact picture = await(&facts, PLAY_FACT_PICTURE);
	assert_int_equal(decoded.n, 2);
	assert_int_equal(picture.n, 2);
	assert_int_equal(picture.pts_ns, due_ns);
	assert_true(picture.at_ns < due_ns); /* nor for the units that the decoder would reorder */
	close_play(&facts);
}

/* Ahead of their time, no faster than the stream; a presenter that is late leaves one out. */
static void test_pictures_come_in_order_and_do_not_wait_for_their_time(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	zap_once(&facts, *state);
	uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
	play_flush(play, 2);
	push_units(play, *state, 20, 2, due_ns);
	unsigned shown = 0;
	for (unsigned last = 0, i = 0; last < 15; last = i, shown++) {
		struct play_fact picture = await(&facts, PLAY_FACT_PICTURE);
		i = (unsigned)((picture.pts_ns - due_ns + FRAME_NS / 2) / FRAME_NS);
		assert_true(shown == 0 ? i == 0 : i > last);
		assert_true(picture.at_ns < picture.pts_ns);
		/* Nor before they would arrive, if they came one by one. */
		assert_true(i < 5 || picture.at_ns + LEAD_NS + 2 * FRAME_NS > picture.pts_ns);
	}
	assert_true(shown >= 8);
	close_play(&facts);
}

static void test_flush_forgets_what_was_queued(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	uint64_t now_ns = gst_util_get_timestamp();
	play_flush(play, 1);
	push_units(play, *state, UNITS, 1, now_ns + 100 * MS_NS);
	await(&facts, PLAY_FACT_PICTURE);
	play_flush(play, 2);
	push_units(play, *state, UNITS, 1, now_ns); /* stale: of the zap before */
	push_units(play, *state, UNITS, 2, now_ns + 200 * MS_NS);
	struct play_fact picture;
	do
		picture = await(&facts, PLAY_FACT_PICTURE);
	while (picture.n == 1); /* on its way when the flush came */
	for (unsigned i = 1; i < 10; i++) {
		picture = await(&facts, PLAY_FACT_PICTURE);
		assert_int_equal(picture.n, 2);
	}
	close_play(&facts);
}

static void test_fifty_quick_zaps_show_each_picture(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	for (uint64_t n = 1; n <= 50; n++) {
		play_flush(play, n);
		push_units(play, *state, 3, n, gst_util_get_timestamp() + 600 * MS_NS);
		struct play_fact picture;
		do
			picture = await(&facts, PLAY_FACT_PICTURE);
		while (picture.n != n);
	}
	close_play(&facts);
}

/* Reads one PNG's size from its header: width and height are big endian at byte 16. */
static void assert_png(const char *path, unsigned width, unsigned height)
{
	char *data = NULL;
	gsize size = 0;
	assert_true(g_file_get_contents(path, &data, &size, NULL));
	assert_true(size > 24);
	const uint8_t *p = (uint8_t *)data + 16;
	assert_int_equal(p[2] << 8 | p[3], width);
	assert_int_equal(p[6] << 8 | p[7], height);
	g_free(data);
}

static void test_overlay_is_shown_without_a_stream(void **state)
{
	(void)state;
	struct facts facts;
	char *dir = g_dir_make_tmp("zapper-XXXXXX", NULL);
	char *before = g_build_filename(dir, "before.png", NULL);
	char *after = g_build_filename(dir, "after.png", NULL);
	struct play *play = open_play(&facts, "none");
	await(&facts, PLAY_FACT_SIZE); /* the black picture is on its way */
	play_snapshot(play, before, 1);
	struct play_fact done = await(&facts, PLAY_FACT_SNAPSHOT);
	assert_string_equal(done.text, "");
	assert_png(before, 1280, 720);

	static uint32_t white[100 * 50];
	memset(white, 0xff, sizeof white);
	struct play_overlay overlay = {.x = 1100,
		.y = 40,
		.width = 100,
		.height = 50,
		.stride_bytes = 400,
		.pixels = g_bytes_new_static(white, sizeof white)};
	play_set_overlay(play, &overlay, 1);
	g_bytes_unref(overlay.pixels);
	char *a = NULL, *b = NULL;
	gsize a_size = 0, b_size = 0;
	play_snapshot(play, after, 2);
	await(&facts, PLAY_FACT_SNAPSHOT);
	assert_true(g_file_get_contents(before, &a, &a_size, NULL));
	assert_true(g_file_get_contents(after, &b, &b_size, NULL));
	assert_false(a_size == b_size && !memcmp(a, b, a_size));
	close_play(&facts);
	unlink(before);
	unlink(after);
	rmdir(dir);
	g_free(a);
	g_free(b);
	g_free(before);
	g_free(after);
	g_free(dir);
}

static void test_snapshot_says_why_it_failed(void **state)
{
	(void)state;
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	play_snapshot(play, "/nonexistent/folder/x.png", 7);
	struct play_fact done = await(&facts, PLAY_FACT_SNAPSHOT);
	assert_int_equal(done.request, 7);
	assert_string_not_equal(done.text, "");
	close_play(&facts);
}

static void test_garbage_units_do_not_end_it(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	play_flush(play, 1);
	for (int i = 0; i < 20; i++) {
		struct play_unit unit = {.n = 1,
			.kind = i % 2 ? PLAY_AUDIO : PLAY_VIDEO,
			.codec = i % 2 ? PLAY_CODEC_AAC : PLAY_CODEC_H264,
			.key = i == 0,
			.pts_ns = gst_util_get_timestamp(),
			.dts_ns = gst_util_get_timestamp(),
			.data = g_bytes_new_static("\0\0\1\x65garbage garbage garbage", 28)};
		play_push(play, &unit);
	}
	play_flush(play, 2);
	push_units(play, *state, 3, 2, gst_util_get_timestamp() + 100 * MS_NS);
	struct play_fact picture;
	do
		picture = await(&facts, PLAY_FACT_PICTURE);
	while (picture.n != 2);
	close_play(&facts);
}

/* A sink that fails in mid-play: told once, and the next zap plays on from new elements. */
static void test_a_sink_that_fails_is_told_and_restarted(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "identity error-after=3 ! fakesink");
	play_flush(play, 1);
	push_units(play, *state, UNITS, 1, gst_util_get_timestamp() + 100 * MS_NS);
	struct play_fact failed = await(&facts, PLAY_FACT_ERROR);
	assert_int_equal(failed.n, 1);
	assert_string_not_equal(failed.text, "");
	/* It becomes the end of a sentence. */
	assert_false(g_str_has_suffix(failed.text, "."));
	play_flush(play, 2);
	push_units(play, *state, 3, 2, gst_util_get_timestamp() + 100 * MS_NS);
	struct play_fact picture;
	do
		picture = await(&facts, PLAY_FACT_PICTURE);
	while (picture.n != 2);
	close_play(&facts);
}

static void test_sound_is_decoded_and_told_with_its_time(void **state)
{
	(void)state;
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	play_flush(play, 4); /* builds the decoder */
	push_silence(play, 4, gst_util_get_timestamp() + 1000 * MS_NS);
	await(&facts, PLAY_FACT_AUDIO);
	uint64_t due_ns = gst_util_get_timestamp() + 300 * MS_NS;
	play_flush(play, 5);
	push_silence(play, 5, due_ns);
	struct play_fact sound = await(&facts, PLAY_FACT_AUDIO);
	assert_int_equal(sound.n, 5);
	assert_int_equal(sound.pts_ns, due_ns);
	/* 40 + 60 ms behind its arrival. */
	assert_int_equal(sound.at_ns, due_ns - 80 * MS_NS);
	close_play(&facts);
}

static void test_a_flood_of_units_is_refused_and_a_flush_is_not(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	const struct clip *clip = *state;
	unsigned refused = 0;
	for (unsigned i = 0; i < 100000 && !refused; i++) {
		struct play_unit many = {.n = 1,
			.kind = PLAY_VIDEO,
			.codec = PLAY_CODEC_H264,
			.data = g_bytes_ref(clip->data[0])};
		refused += !play_push(play, &many);
	}
	play_flush(play, 2);
	/* What was refused room before has it now: the old ones left with the flush. */
	struct play_unit unit = {.n = 2, .kind = PLAY_VIDEO, .codec = PLAY_CODEC_H264, .key = true};
	unit.pts_ns = unit.dts_ns = gst_util_get_timestamp() + 100 * MS_NS;
	unit.data = g_bytes_ref(clip->data[0]);
	assert_true(play_push(play, &unit));
	assert_int_equal(await(&facts, PLAY_FACT_PICTURE).n, 2);
	close_play(&facts);
}

static struct play_counters counters_of(const struct facts *facts)
{
	struct play_counters counters;
	play_counters(facts->play, &counters);
	return counters;
}

static uint64_t pictures(const struct facts *facts)
{
	return counters_of(facts).pictures;
}

/* Units that arrived in time and are behind all the same, as if all before had taken too long. */
static void fall_behind(struct facts *facts, const struct clip *clip, int units, uint64_t n)
{
	uint64_t due_ns = gst_util_get_timestamp();
	play_flush(facts->play, n);
	push_units(facts->play, clip, 1, n, due_ns);
	while (await(facts, PLAY_FACT_PICTURE).n != n)
		continue;
	while (gst_util_get_timestamp() < due_ns + 900 * MS_NS)
		g_usleep(10000);
	push_some(facts->play, clip, 1, units, n, due_ns);
	struct play_fact picture = {.pts_ns = 0};
	while (picture.n != n || picture.pts_ns <= due_ns)
		picture = await(facts, PLAY_FACT_PICTURE);
}

static void test_a_decoder_that_is_behind_leaves_pictures_out(void **state)
{
	struct facts facts;
	open_play(&facts, "none");
	zap_once(&facts, *state);
	uint64_t before = pictures(&facts);
	fall_behind(&facts, *state, UNITS, 2);
	uint64_t due_ns = 0;
	while (pictures(&facts) - before < 20)
		due_ns = await(&facts, PLAY_FACT_PICTURE).pts_ns;
	/* Not one after another from the first on. */
	assert_true(due_ns > gst_util_get_timestamp() - 300 * MS_NS);
	assert_true(counters_of(&facts).dropped > 0);
	close_play(&facts);
}

static void test_a_zap_begins_with_every_picture(void **state)
{
	struct facts facts;
	struct play *play = open_play(&facts, "none");
	zap_once(&facts, *state);
	fall_behind(&facts, *state, 5, 2);
	/* A warm one: times before those that were left out. */
	uint64_t before = pictures(&facts), due_ns = gst_util_get_timestamp() - 2000 * MS_NS;
	play_flush(play, 3);
	push_units(play, *state, 20, 3, due_ns);
	struct play_fact picture = {.pts_ns = 0};
	while (picture.n != 3 || picture.pts_ns < due_ns + 12 * FRAME_NS)
		picture = await(&facts, PLAY_FACT_PICTURE);
	assert_true(pictures(&facts) - before >= 13);
	close_play(&facts);
}

/* An unplugged headset ends the sound, not the picture. */
static void test_pictures_go_on_when_the_sound_fails(void **state)
{
	struct facts facts;
	struct play *play = open_sinks(&facts, "none", "identity error-after=2 ! fakesink");
	uint64_t due_ns = gst_util_get_timestamp() + 1000 * MS_NS;
	play_flush(play, 1);
	push_silence(play, 1, due_ns);
	push_units(play, *state, 1, 1, due_ns);
	struct play_fact warning = await(&facts, PLAY_FACT_WARNING);
	assert_string_not_equal(warning.text, "");
	push_units(play, *state, 20, 1, due_ns);
	for (unsigned i = 0; i < 10; i++)
		await(&facts, PLAY_FACT_PICTURE);
	/* And with the next zap the sound is tried again. */
	play_flush(play, 2);
	push_silence(play, 2, gst_util_get_timestamp() + 1000 * MS_NS);
	assert_int_equal(await(&facts, PLAY_FACT_AUDIO).n, 2);
	close_play(&facts);
}

static void test_a_sound_that_does_not_start_is_told_and_left_out(void **state)
{
	const char *const bad[] = {"fakesink state-error=ready-to-paused", "no_such_sink_here"};
	for (size_t i = 0; i < 2; i++) {
		struct facts facts;
		struct play *play = open_sinks(&facts, "none", bad[i]);
		uint64_t due_ns = gst_util_get_timestamp() + 100 * MS_NS;
		struct play_fact warning = await(&facts, PLAY_FACT_WARNING);
		assert_non_null(strstr(warning.text, bad[i]));
		play_flush(play, 1);
		push_silence(play, 1, due_ns);
		push_units(play, *state, 5, 1, due_ns);
		await(&facts, PLAY_FACT_PICTURE);
		assert_string_equal(play_audio_sink(play), "");
		close_play(&facts);
	}
}

static void test_bad_sinks_are_refused_with_a_sentence(void **state)
{
	(void)state;
	struct facts facts;
	const char *const bad[] = {"no_such_element_here", "videoconvert ! ! fakesink"};
	for (size_t i = 0; i < 2; i++) {
		struct play *play = open_play(&facts, bad[i]);
		play_flush(play, 1); /* whoever does not wait for the answer loses nothing */
		struct play_fact failed = await(&facts, PLAY_FACT_FAILED);
		assert_non_null(strstr(failed.text, bad[i]));
		close_play(&facts);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_picture_does_not_wait_for_its_time),
		cmocka_unit_test(test_pictures_come_in_order_and_do_not_wait_for_their_time),
		cmocka_unit_test(test_flush_forgets_what_was_queued),
		cmocka_unit_test(test_fifty_quick_zaps_show_each_picture),
		cmocka_unit_test(test_overlay_is_shown_without_a_stream),
		cmocka_unit_test(test_snapshot_says_why_it_failed),
		cmocka_unit_test(test_garbage_units_do_not_end_it),
		cmocka_unit_test(test_a_sink_that_fails_is_told_and_restarted),
		cmocka_unit_test(test_sound_is_decoded_and_told_with_its_time),
		cmocka_unit_test(test_a_flood_of_units_is_refused_and_a_flush_is_not),
		cmocka_unit_test(test_a_decoder_that_is_behind_leaves_pictures_out),
		cmocka_unit_test(test_a_zap_begins_with_every_picture),
		cmocka_unit_test(test_pictures_go_on_when_the_sound_fails),
		cmocka_unit_test(test_a_sound_that_does_not_start_is_told_and_left_out),
		cmocka_unit_test(test_bad_sinks_are_refused_with_a_sentence),
	};
	return cmocka_run_group_tests_name("client_play", tests, setup, teardown);
}
