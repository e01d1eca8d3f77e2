/* What is known of a channel before it comes: what play makes of it, and of what was wrong. */
#include <string.h>

#include <gst/app/app.h>
#include <gst/gst.h>

#include "client/play/branch.h"
#include "client/play/codec.h"
#include "client/play/elements.h"
#include "client/play/pace.h"
#include "client/play/play.h"
#include "tests/support/test.h"

#define MS PACE_MS_NS
#define START ((uint64_t)1000000 * MS)
#define PIECE INT64_C(21333333)
#define SLACK (180 * MS)
#define MARGIN (40 * MS)
/* What sound is heard behind its arrival. */
#define SOUND_BEHIND (MARGIN + PACE_SOUND_READY_NS)
#define PATIENCE_US (10 * G_USEC_PER_SEC)

/* ---- slack, on virtual time ---- */

static struct pace pace_new(bool catch_up, int64_t expected_ns)
{
	struct pace pace;
	pace_init(&pace, &(struct pace_config){.margin_ns = MARGIN, .catch_up = catch_up});
	pace_expect(&pace, PACE_SOUND, expected_ns);
	return pace;
}

/* So many pieces of sound arrive and are heard. Returns when the next one is due. */
static uint64_t hear(struct pace *pace, uint64_t due_ns, unsigned pieces, int64_t slack_ns)
{
	for (unsigned i = 0; i < pieces; i++, due_ns += PIECE) {
		uint64_t arrival_ns = due_ns - (uint64_t)slack_ns;
		pace_unit(pace, PACE_SOUND, false, due_ns, arrival_ns, arrival_ns);
		struct pace_answer answer = pace_sound(pace, due_ns, arrival_ns + 2 * MS);
		assert_int_equal(answer.verdict, PACE_AT);
		pace_sounded(pace, due_ns, answer.at_ns, PIECE);
	}
	return due_ns;
}

static int64_t sound_delay(const struct pace *pace)
{
	return pace->kinds[PACE_SOUND].delay_ns;
}

/* What comes first waited less in the head-end's buffer than what follows. */
static unsigned shifts_with(int64_t expected_ns)
{
	struct pace pace = pace_new(false, expected_ns);
	uint64_t due_ns = hear(&pace, START, 10, SLACK);
	hear(&pace, due_ns, 100, SLACK - 120 * MS);
	return pace.shifts;
}

static void test_sound_that_is_known_to_come_late_needs_no_jump(void **state)
{
	(void)state;
	assert_int_equal(shifts_with(PACE_NO_SLACK), 1);
	assert_int_equal(shifts_with(SLACK - 120 * MS), 0);
	struct pace pace = pace_new(false, SLACK - 120 * MS);
	hear(&pace, START, 10, SLACK);
	assert_int_equal(sound_delay(&pace), SOUND_BEHIND - SLACK + 120 * MS);
}

static void test_pictures_that_are_known_to_come_late_count_too(void **state)
{
	(void)state;
	struct pace pace = pace_new(false, SLACK);
	pace_expect(&pace, PACE_PICTURE, 10 * MS);
	uint64_t due_ns = START + 700 * MS;
	pace_unit(&pace, PACE_PICTURE, true, due_ns, START, START);
	pace_shown(&pace, due_ns, pace_picture(&pace, due_ns, START));
	uint64_t heard_ns = hear(&pace, START, 10, SLACK);
	assert_int_equal(sound_delay(&pace), MARGIN - 10 * MS);
	for (unsigned i = 1; i < 20; i++) {
		due_ns += 40 * MS;
		pace_unit(&pace, PACE_PICTURE, false, due_ns, due_ns - 10 * MS, due_ns);
	}
	hear(&pace, heard_ns, 10, SLACK);
	assert_int_equal(pace.shifts, 0);
}

static void test_more_slack_than_there_is_changes_nothing(void **state)
{
	(void)state;
	struct pace pace = pace_new(false, 900 * MS);
	hear(&pace, START, 100, SLACK);
	assert_int_equal(sound_delay(&pace), SOUND_BEHIND - SLACK);
	assert_int_equal(pace.shifts, 0);
}

static void test_far_too_little_slack_delays_the_sound_a_little(void **state)
{
	(void)state;
	struct pace pace = pace_new(false, -3000 * MS);
	hear(&pace, START, 200, SLACK);
	assert_int_equal(sound_delay(&pace), SOUND_BEHIND - SLACK + PACE_EXPECTED_MAX_NS);
	assert_int_equal(pace.shifts, 0);
}

/* Without a jump: an eighth faster, until nothing is left of it. */
static void test_too_little_slack_is_caught_up(void **state)
{
	(void)state;
	struct pace pace = pace_new(true, SLACK - 160 * MS);
	uint64_t due_ns = hear(&pace, START, 1, SLACK);
	int64_t before_ns = sound_delay(&pace);
	assert_true(before_ns > SOUND_BEHIND - SLACK + 150 * MS);
	for (unsigned i = 0; i < 200; i++) {
		due_ns = hear(&pace, due_ns, 1, SLACK);
		assert_in_range(before_ns - sound_delay(&pace), 0, PIECE / 8 + 1);
		before_ns = sound_delay(&pace);
	}
	assert_int_equal(sound_delay(&pace), SOUND_BEHIND - SLACK);
	assert_int_equal(pace.shifts, 0);
}

static void test_the_next_zap_expects_nothing(void **state)
{
	(void)state;
	struct pace pace = pace_new(false, SLACK - 120 * MS);
	pace_begin(&pace);
	hear(&pace, START, 10, SLACK);
	assert_int_equal(sound_delay(&pace), SOUND_BEHIND - SLACK);
}

/* ---- codecs, with the real elements ---- */

#define H264(w, h)                                                                                 \
	"videotestsrc num-buffers=1 ! video/x-raw,format=I420,width=" #w ",height=" #h             \
	",framerate=25/1 ! x264enc tune=zerolatency aud=true ! "                                   \
	"video/x-h264,stream-format=byte-stream,alignment=au"
#define MPEG2                                                                                      \
	"videotestsrc num-buffers=20 ! video/x-raw,format=I420,width=320,height=256,"              \
	"framerate=25/1 ! mpeg2enc format=3 ! mpegvideoparse"

/* The first unit that comes out. */
static GBytes *encode(const char *description)
{
	char *whole = g_strconcat(description, " ! appsink name=out sync=false", NULL);
	GstElement *pipeline = gst_parse_launch(whole, NULL);
	g_free(whole);
	assert_non_null(pipeline);
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	GstSample *sample = gst_app_sink_pull_sample(GST_APP_SINK(out));
	assert_non_null(sample);
	GstBuffer *buffer = gst_sample_get_buffer(sample);
	gpointer data;
	gsize size;
	gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &data, &size);
	gst_sample_unref(sample);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	return g_bytes_new_take(data, size);
}

struct rig {
	GMutex lock;
	GCond changed;
	unsigned wakes, seen;
	struct play *play;
	uint64_t n;
};

static void on_wake(void *ctx)
{
	struct rig *rig = ctx;
	g_mutex_lock(&rig->lock);
	rig->wakes++;
	g_cond_signal(&rig->changed);
	g_mutex_unlock(&rig->lock);
}

static void await(struct rig *rig, enum play_fact_type type)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	struct play_fact fact;
	for (bool woken = true; woken;) {
		while (play_next_fact(rig->play, &fact)) {
			if (fact.type == type)
				return;
			if (fact.type == PLAY_FACT_ERROR || fact.type == PLAY_FACT_WARNING)
				fail_msg("%s", fact.text);
		}
		g_mutex_lock(&rig->lock);
		while (rig->wakes == rig->seen && woken)
			woken = g_cond_wait_until(&rig->changed, &rig->lock, deadline_us);
		rig->seen = rig->wakes;
		g_mutex_unlock(&rig->lock);
	}
	fail_msg("no fact of type %d came", type);
}

static void rig_open(struct rig *rig)
{
	*rig = (struct rig){0};
	struct play_options options = {.video_sink = "none",
		.audio_sink = "none",
		.margin_ns = MARGIN,
		.wake = on_wake,
		.wake_ctx = rig};
	rig->play = play_open(&options);
	await(rig, PLAY_FACT_OPENED);
}

static void rig_close(struct rig *rig)
{
	play_stop(rig->play);
	await(rig, PLAY_FACT_STOPPED);
	play_free(rig->play);
}

static void zap(struct rig *rig, enum play_codec video, enum play_codec audio)
{
	play_flush(rig->play, ++rig->n);
	const struct play_expected expected = {.n = rig->n,
		.video = video,
		.audio = audio,
		.video_slack_ns = PLAY_NO_SLACK,
		.audio_slack_ns = PLAY_NO_SLACK};
	play_expect(rig->play, &expected);
}

static void show(struct rig *rig, enum play_codec codec, GBytes *key_unit)
{
	uint64_t now_ns = gst_util_get_timestamp();
	struct play_unit unit = {.n = rig->n,
		.kind = PLAY_VIDEO,
		.codec = codec,
		.key = true,
		.pts_ns = now_ns + 700 * MS,
		.dts_ns = now_ns + 660 * MS,
		.arrival_ns = now_ns,
		.data = g_bytes_ref(key_unit)};
	play_push(rig->play, &unit);
	await(rig, PLAY_FACT_PICTURE);
}

static uint64_t rebuilds(const struct rig *rig)
{
	struct play_counters counters;
	play_counters(rig->play, &counters);
	return counters.rebuilds;
}

static void await_rebuilds(const struct rig *rig, uint64_t n)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	while (rebuilds(rig) < n && g_get_monotonic_time() < deadline_us)
		g_usleep(1000);
	assert_int_equal(rebuilds(rig), n);
}

/* Before any unit came; and none is built again for them, nor for the next zap. */
static void test_decoders_are_there_before_the_units(void **state)
{
	(void)state;
	struct rig rig;
	GstElementFactory *factory = gst_element_factory_find("mpeg2enc");
	if (!factory)
		skip_because("mpeg2enc is not installed");
	gst_object_unref(factory);
	GBytes *h264 = encode(H264(320, 180)), *mpeg2 = encode(MPEG2);
	rig_open(&rig);
	zap(&rig, PLAY_CODEC_H264, PLAY_CODEC_AAC);
	await_rebuilds(&rig, 2);
	show(&rig, PLAY_CODEC_H264, h264);
	zap(&rig, PLAY_CODEC_H264, PLAY_CODEC_AAC);
	show(&rig, PLAY_CODEC_H264, h264);
	assert_int_equal(rebuilds(&rig), 2);
	zap(&rig, PLAY_CODEC_MPEG2_VIDEO, PLAY_CODEC_NONE);
	await_rebuilds(&rig, 3);
	show(&rig, PLAY_CODEC_MPEG2_VIDEO, mpeg2);
	assert_int_equal(rebuilds(&rig), 3);
	g_bytes_unref(h264);
	g_bytes_unref(mpeg2);
	rig_close(&rig);
}

static void test_a_wrong_codec_is_replaced(void **state)
{
	(void)state;
	struct rig rig;
	GBytes *h264 = encode(H264(320, 180));
	rig_open(&rig);
	for (unsigned i = 0; i < 3; i++) {
		zap(&rig, PLAY_CODEC_MPEG2_VIDEO, PLAY_CODEC_NONE);
		if (i)
			await_rebuilds(&rig, 2 * i + 1);
		show(&rig, PLAY_CODEC_H264, h264);
	}
	/* Of the other kind, and of a zap that is gone. */
	zap(&rig, PLAY_CODEC_AAC, PLAY_CODEC_H264);
	rig.n--;
	play_expect(rig.play, &(struct play_expected){.n = rig.n, .video = PLAY_CODEC_H265});
	rig.n++;
	show(&rig, PLAY_CODEC_H264, h264);
	assert_int_equal(rebuilds(&rig), 6);
	g_bytes_unref(h264);
	rig_close(&rig);
}

/* It may be wrong, so it is no error that it cannot be had. */
static void test_a_decoder_that_is_missing_is_missed_with_its_units(void **state)
{
	(void)state;
	struct rig rig;
	GBytes *h264 = encode(H264(320, 180));
	GstRegistry *registry = gst_registry_get();
	GList *decoders = gst_element_factory_list_get_elements(
		GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO,
		GST_RANK_MARGINAL);
	GstCaps *caps = gst_caps_from_string("video/mpeg");
	GList *able = gst_element_factory_list_filter(decoders, caps, GST_PAD_SINK, FALSE);
	for (GList *item = able; item; item = item->next)
		gst_registry_remove_feature(registry, item->data);
	rig_open(&rig);
	zap(&rig, PLAY_CODEC_MPEG2_VIDEO, PLAY_CODEC_NONE);
	show(&rig, PLAY_CODEC_H264, h264);
	rig_close(&rig);
	for (GList *item = able; item; item = item->next)
		gst_registry_add_feature(registry, gst_object_ref(item->data));
	gst_plugin_feature_list_free(able);
	gst_plugin_feature_list_free(decoders);
	gst_caps_unref(caps);
	g_bytes_unref(h264);
}

/* ---- nothing of another channel ---- */

/* The PPS with number 1 instead of 0, and a start code. ue(v) of 1 is 010, that of 0 is 1. */
static GByteArray *second_pps(GBytes *unit)
{
	static const uint8_t code[] = {0, 0, 1, 0x68};
	gsize len;
	const uint8_t *data = g_bytes_get_data(unit, &len);
	const uint8_t *pps = memmem(data, len, code, sizeof code);
	assert_non_null(pps);
	pps += sizeof code;
	const uint8_t *end = memmem(pps, len - (gsize)(pps - data), code, 3);
	gsize bytes = (gsize)(end - pps);
	while (pps[bytes - 1] == 0)
		bytes--;
	GByteArray *out = g_byte_array_new();
	g_byte_array_append(out, code, sizeof code);
	guint32 held = 2; /* 010 */
	unsigned bits = 3;
	for (gsize i = 1; i < bytes * 8; i++) {
		held = held << 1 | (pps[i / 8] >> (7 - i % 8) & 1);
		if (++bits < 8)
			continue;
		g_byte_array_append(out, (const guint8[]){(guint8)held}, 1);
		held = bits = 0;
	}
	if (held)
		g_byte_array_append(out, (const guint8[]){(guint8)(held << (8 - bits))}, 1);
	return out;
}

static GBytes *insert_behind_sets(GBytes *unit, const GByteArray *pps)
{
	static const uint8_t code[] = {0, 0, 1, 0x68};
	gsize len;
	const uint8_t *data = g_bytes_get_data(unit, &len);
	const uint8_t *at = memmem(data, len, code, sizeof code);
	gsize before = (gsize)(at - data);
	GByteArray *whole = g_byte_array_new();
	g_byte_array_append(whole, data, (guint)before);
	g_byte_array_append(whole, pps->data, pps->len);
	g_byte_array_append(whole, at, (guint)(len - before));
	return g_byte_array_free_to_bytes(whole);
}

struct tap {
	GMutex lock;
	GCond changed;
	GByteArray *seen; /* by the decoder */
	unsigned decoded;
};

static GstPadProbeReturn on_decoder(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	struct tap *tap = data;
	GstMapInfo map;
	gst_buffer_map(GST_PAD_PROBE_INFO_BUFFER(info), &map, GST_MAP_READ);
	g_mutex_lock(&tap->lock);
	g_byte_array_append(tap->seen, map.data, (guint)map.size);
	g_cond_signal(&tap->changed);
	g_mutex_unlock(&tap->lock);
	gst_buffer_unmap(GST_PAD_PROBE_INFO_BUFFER(info), &map);
	return GST_PAD_PROBE_OK;
}

static void on_decoded(void *ctx, GstSample *sample)
{
	struct tap *tap = ctx;
	gst_sample_unref(sample);
	g_mutex_lock(&tap->lock);
	tap->decoded++;
	g_cond_signal(&tap->changed);
	g_mutex_unlock(&tap->lock);
}

static void decode(struct branch *branch, struct tap *tap, GBytes *data)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	struct play_unit unit = {.codec = PLAY_CODEC_H264, .key = true, .data = g_bytes_ref(data)};
	unsigned before = tap->decoded;
	branch_push(branch, &unit);
	g_mutex_lock(&tap->lock);
	bool woken = true;
	while (tap->decoded == before && woken)
		woken = g_cond_wait_until(&tap->changed, &tap->lock, deadline_us);
	g_mutex_unlock(&tap->lock);
	assert_true(woken);
}

static bool holds(const GByteArray *bytes, const GByteArray *part)
{
	return bytes->len && memmem(bytes->data, bytes->len, part->data, part->len);
}

/* The unit itself may come to the decoder behind the picture of its copy. */
static void decode_and_see(struct branch *branch, struct tap *tap, GBytes *data)
{
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(data, &len);
	GByteArray *end = g_byte_array_append(g_byte_array_new(), bytes + len - 16, 16);
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	branch_flush(branch);
	g_byte_array_set_size(tap->seen, 0);
	decode(branch, tap, data);
	g_mutex_lock(&tap->lock);
	bool woken = true;
	while (!holds(tap->seen, end) && woken)
		woken = g_cond_wait_until(&tap->changed, &tap->lock, deadline_us);
	g_mutex_unlock(&tap->lock);
	g_byte_array_unref(end);
	assert_true(woken);
}

/* Its slice alone. */
static GBytes *without_sets(GBytes *unit)
{
	static const uint8_t code[] = {0, 0, 1, 0x65};
	gsize len;
	const uint8_t *data = g_bytes_get_data(unit, &len);
	const uint8_t *at = memmem(data, len, code, sizeof code);
	assert_non_null(at);
	return g_bytes_new(at, len - (gsize)(at - data));
}

/*
 * A parser keeps the parameter sets of what was before a flush, and gives them to a unit that has
 * none: no such unit may come to it. One that has its own is left alone.
 */
static void test_no_parameter_set_of_another_channel_reaches_the_decoder(void **state)
{
	(void)state;
	GBytes *plain = encode(H264(320, 180)), *other = encode(H264(640, 360));
	GByteArray *pps = second_pps(plain);
	GBytes *first = insert_behind_sets(plain, pps), *bare = without_sets(plain);
	struct tap tap = {.seen = g_byte_array_new()};
	struct branch branch = {0};
	GstElement *pipeline = gst_pipeline_new(NULL);
	GstCaps *caps = gst_caps_new_empty_simple("video/x-raw");
	branch_init(&branch, GST_BIN(pipeline), PLAY_VIDEO,
		gst_element_factory_make("identity", NULL), caps, on_decoded, &tap);
	gst_caps_unref(caps);
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	decode(&branch, &tap, first);
	GstPad *pad = gst_element_get_static_pad(branch.decoder, "sink");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_decoder, &tap, NULL);
	gst_object_unref(pad);
	decode_and_see(&branch, &tap, first);
	bool first_has_it = holds(tap.seen, pps);
	decode_and_see(&branch, &tap, bare);
	bool bare_is_given_it = holds(tap.seen, pps);
	decode_and_see(&branch, &tap, other);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	assert_true(first_has_it);
	assert_true(bare_is_given_it);
	assert_false(holds(tap.seen, pps));
	branch_clear(&branch);
	gst_object_unref(pipeline);
	g_byte_array_unref(tap.seen);
	g_byte_array_unref(pps);
	g_bytes_unref(bare);
	g_bytes_unref(first);
	g_bytes_unref(plain);
	g_bytes_unref(other);
}

static int setup(void **state)
{
	(void)state;
	gst_init(NULL, NULL);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound_that_is_known_to_come_late_needs_no_jump),
		cmocka_unit_test(test_pictures_that_are_known_to_come_late_count_too),
		cmocka_unit_test(test_more_slack_than_there_is_changes_nothing),
		cmocka_unit_test(test_far_too_little_slack_delays_the_sound_a_little),
		cmocka_unit_test(test_too_little_slack_is_caught_up),
		cmocka_unit_test(test_the_next_zap_expects_nothing),
		cmocka_unit_test(test_decoders_are_there_before_the_units),
		cmocka_unit_test(test_a_wrong_codec_is_replaced),
		cmocka_unit_test(test_a_decoder_that_is_missing_is_missed_with_its_units),
		cmocka_unit_test(test_no_parameter_set_of_another_channel_reaches_the_decoder),
	};
	return cmocka_run_group_tests_name("client_play_expected", tests, setup, NULL);
}
