/* Every codec of broadcast, from real encoders: what comes out of play, and what is built for it.
 */
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <gst/app/app.h>
#include <gst/gst.h>

#include "client/play/codec.h"
#include "client/play/play.h"
#include "tests/support/test.h"

#define MS_NS UINT64_C(1000000)
#define LEAD_NS (700 * MS_NS)
#define SLACK_NS (180 * MS_NS)
#define PATIENCE_US (10 * G_USEC_PER_SEC)
#define MAX_UNITS 60

/* What an encoder made: access units and when they are due, counted from the first. */
struct made {
	enum play_kind kind;
	enum play_codec codec;
	unsigned recovery_pictures; /* of its first unit */
	unsigned count;
	GBytes *data[MAX_UNITS];
	uint64_t pts_ns[MAX_UNITS], dts_ns[MAX_UNITS];
	bool key[MAX_UNITS];
};

struct encoder {
	enum play_codec codec;
	const char *element, *description;
};

#define PICTURE(w, h)                                                                              \
	"videotestsrc num-buffers=50 pattern=ball ! video/x-raw,format=I420,width=" #w             \
	",height=" #h ",framerate=25/1 ! "
#define SOUND                                                                                      \
	"audiotestsrc num-buffers=50 samplesperbuffer=1024 ! audio/x-raw,rate=48000,channels=2 ! " \
	"audioconvert ! "
#define H264                                                                                       \
	"x264enc key-int-max=25 bframes=2 b-adapt=false aud=true ! "                               \
	"video/x-h264,stream-format=byte-stream,alignment=au"

static const struct encoder pictures[] = {
	{PLAY_CODEC_H264, "x264enc", PICTURE(320, 180) H264},
	{PLAY_CODEC_H265, "x265enc",
		PICTURE(320, 180) "x265enc key-int-max=25 speed-preset=ultrafast ! h265parse ! "
				  "video/x-h265,stream-format=byte-stream,alignment=au"},
	{PLAY_CODEC_MPEG2_VIDEO, "mpeg2enc",
		PICTURE(320, 256) "mpeg2enc format=3 b-per-refframe=2 min-gop-size=12 "
				  "max-gop-size=12 ! mpegvideoparse"},
	{PLAY_CODEC_MPEG1_VIDEO, "mpeg2enc",
		PICTURE(320,
			256) "mpeg2enc format=0 min-gop-size=12 max-gop-size=12 ! mpegvideoparse"},
};
static const struct encoder sounds[] = {
	{PLAY_CODEC_AAC, "avenc_aac",
		SOUND "avenc_aac ! aacparse ! audio/mpeg,stream-format=adts,framed=true"},
	{PLAY_CODEC_AAC_LATM, "avmux_latm", SOUND "avenc_aac ! avmux_latm"},
	{PLAY_CODEC_AC3, "avenc_ac3", SOUND "avenc_ac3 ! ac3parse"},
	{PLAY_CODEC_EAC3, "avenc_eac3", SOUND "avenc_eac3 ! ac3parse"},
	{PLAY_CODEC_MPEG_AUDIO, "avenc_mp2", SOUND "avenc_mp2 ! mpegaudioparse"},
	{PLAY_CODEC_MPEG_AUDIO, "lamemp3enc", SOUND "lamemp3enc ! mpegaudioparse"},
};

/* Encoders leave behind what they please; nothing else has to do with these. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libmpeg2encpp\nleak:libmjpegutils\nleak:libx265\n"
	       "leak:gst_audio_encoder_finish_frame\n";
}

static bool is_there(const char *element)
{
	GstElementFactory *factory = gst_element_factory_find(element);
	if (factory)
		gst_object_unref(factory);
	return factory != NULL;
}

static void keep(struct made *made, GstBuffer *buffer)
{
	gpointer data;
	gsize size;
	unsigned i = made->count++;
	gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &data, &size);
	made->data[i] = g_bytes_new_take(data, size);
	made->key[i] = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
	/* The multiplexer of LATM gives no times. */
	uint64_t pts_ns = GST_BUFFER_PTS_IS_VALID(buffer) ? GST_BUFFER_PTS(buffer)
							  : i * 1024 * GST_SECOND / 48000;
	made->pts_ns[i] = pts_ns;
	made->dts_ns[i] = GST_BUFFER_DTS_IS_VALID(buffer) ? GST_BUFFER_DTS(buffer) : pts_ns;
}

static struct made *make(const struct encoder *encoder)
{
	struct made *made = g_new0(struct made, 1);
	made->codec = encoder->codec;
	made->kind = codec_get(encoder->codec)->kind;
	char *description =
		g_strconcat(encoder->description, " ! appsink name=out sync=false", NULL);
	GstElement *pipeline = gst_parse_launch(description, NULL);
	g_free(description);
	assert_non_null(pipeline);
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	GstSample *sample;
	while (made->count < MAX_UNITS && (sample = gst_app_sink_pull_sample(GST_APP_SINK(out)))) {
		keep(made, gst_sample_get_buffer(sample));
		gst_sample_unref(sample);
	}
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(out);
	gst_object_unref(pipeline);
	uint64_t first_ns = made->pts_ns[0];
	for (unsigned i = 0; i < made->count; i++) {
		made->pts_ns[i] -= first_ns;
		made->dts_ns[i] -= first_ns;
	}
	return made;
}

static void made_free(struct made *made)
{
	for (unsigned i = 0; i < made->count; i++)
		g_bytes_unref(made->data[i]);
	g_free(made);
}

/* ---- play ---- */

struct rig {
	GMutex lock;
	GCond woken;
	unsigned wakes, seen;
	struct play *play;
	uint64_t n;
};

static void on_wake(void *ctx)
{
	struct rig *rig = ctx;
	g_mutex_lock(&rig->lock);
	rig->wakes++;
	g_cond_signal(&rig->woken);
	g_mutex_unlock(&rig->lock);
}

static void rig_open_sinks(struct rig *rig, const char *video_sink, const char *audio_sink)
{
	*rig = (struct rig){0};
	struct play_options options = {.video_sink = video_sink,
		.audio_sink = audio_sink,
		.margin_ns = 40 * MS_NS,
		.wake = on_wake,
		.wake_ctx = rig};
	rig->play = play_open(&options);
}

static void rig_open(struct rig *rig)
{
	rig_open_sinks(rig, "none", "none");
}

/* The next fact of this type and the current zap. */
static struct play_fact await(struct rig *rig, enum play_fact_type type)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	struct play_fact fact;
	for (;;) {
		while (play_next_fact(rig->play, &fact)) {
			bool stopped = fact.type == PLAY_FACT_STOPPED;
			if (fact.type == type && (stopped || fact.n == rig->n))
				return fact;
			if (fact.type == PLAY_FACT_ERROR || fact.type == PLAY_FACT_WARNING)
				fail_msg("%s", fact.text);
		}
		g_mutex_lock(&rig->lock);
		bool woken = true;
		while (rig->wakes == rig->seen && woken)
			woken = g_cond_wait_until(&rig->woken, &rig->lock, deadline_us);
		rig->seen = rig->wakes;
		g_mutex_unlock(&rig->lock);
		if (!woken)
			fail_msg("no fact of type %d came", type);
	}
}

static void rig_close(struct rig *rig)
{
	play_stop(rig->play);
	await(rig, PLAY_FACT_STOPPED);
	play_free(rig->play);
}

static void zap(struct rig *rig)
{
	play_flush(rig->play, ++rig->n);
}

static uint64_t push_some(
	struct rig *rig, const struct made *made, unsigned from, unsigned to, uint64_t due_ns)
{
	bool video = made->kind == PLAY_VIDEO;
	for (unsigned i = from; i < to && i < made->count; i++) {
		struct play_unit unit = {.n = rig->n,
			.kind = made->kind,
			.codec = made->codec,
			.key = made->key[i],
			.recovery_pictures = i ? 0 : made->recovery_pictures,
			.pts_ns = due_ns + made->pts_ns[i],
			.dts_ns = due_ns + made->dts_ns[i],
			.arrival_ns = due_ns + made->dts_ns[i] - (video ? LEAD_NS : SLACK_NS),
			.data = g_bytes_ref(made->data[i])};
		assert_true(play_push(rig->play, &unit));
	}
	return due_ns + made->pts_ns[MIN(to, made->count) - 1];
}

static uint64_t rebuilds(const struct rig *rig)
{
	struct play_counters counters;
	play_counters(rig->play, &counters);
	return counters.rebuilds;
}

static void await_due(struct rig *rig, uint64_t due_ns)
{
	while (await(rig, PLAY_FACT_PICTURE).pts_ns < due_ns)
		continue;
}

/* ---- tests ---- */

static void test_each_codec_shows_its_first_picture_at_once(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig);
	for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++) {
		if (!is_there(pictures[i].element))
			continue;
		struct made *made = make(&pictures[i]);
		uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
		zap(&rig);
		/* The key unit alone: neither parser nor decoder may wait for another one. */
		push_some(&rig, made, 0, 1, due_ns);
		assert_int_equal(await(&rig, PLAY_FACT_PICTURE).pts_ns, due_ns);
		push_some(&rig, made, 1, 20, due_ns);
		await_due(&rig, due_ns + 12 * 40 * MS_NS);
		print_message("%s: shown\n", codec_get(made->codec)->name);
		made_free(made);
	}
	rig_close(&rig);
}

/* Behind a gradual refresh: the first picture is the one of the unit that is said to be whole. */
static void test_a_gradual_refresh_is_not_shown(void **state)
{
	(void)state;
	struct rig rig;
	struct made *made = make(&pictures[0]);
	rig_open(&rig);
	for (unsigned held_back = 0; held_back < 20; held_back += 19) {
		uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
		zap(&rig);
		made->recovery_pictures = held_back;
		push_some(&rig, made, 0, 1, due_ns);
		push_some(&rig, made, 1, MAX_UNITS, due_ns);
		struct play_fact first = await(&rig, PLAY_FACT_PICTURE);
		assert_in_range(first.pts_ns, due_ns + made->pts_ns[held_back],
			due_ns + made->pts_ns[held_back] + 40 * MS_NS);
	}
	rig_close(&rig);
	made_free(made);
}

/* A machine that stops for 80 ms makes a gap; a defect makes it each time. */
#define ATTEMPTS 3

static uint64_t gaps(const struct rig *rig)
{
	struct play_counters counters;
	play_counters(rig->play, &counters);
	return counters.gaps;
}

/* Its decoder is built with the first unit: what is looked at the clock for comes after that. */
static uint64_t zap_twice(struct rig *rig, const struct made *sound)
{
	zap(rig);
	push_some(rig, sound, 0, 20, gst_util_get_timestamp() + 600 * MS_NS);
	await(rig, PLAY_FACT_AUDIO);
	zap(rig);
	return gst_util_get_timestamp() + SLACK_NS;
}

static void test_each_codec_is_heard(void **state)
{
	(void)state;
	struct rig rig;
	rig_open(&rig);
	for (size_t i = 0; i < G_N_ELEMENTS(sounds); i++) {
		if (!is_there(sounds[i].element))
			continue;
		struct made *made = make(&sounds[i]);
		uint64_t due_ns = 0;
		struct play_fact sound = {.pts_ns = UINT64_MAX};
		/* Some decoders begin with the second frame. */
		for (int k = 0; k < ATTEMPTS && sound.pts_ns > due_ns + 60 * MS_NS; k++) {
			due_ns = zap_twice(&rig, made);
			push_some(&rig, made, 0, 20, due_ns);
			sound = await(&rig, PLAY_FACT_AUDIO);
		}
		assert_in_range(sound.pts_ns, due_ns, due_ns + 60 * MS_NS);
		assert_int_equal(sound.at_ns, sound.pts_ns + 100 * MS_NS - SLACK_NS);
		print_message("%s (%s): heard\n", codec_get(made->codec)->name, sounds[i].element);
		made_free(made);
	}
	rig_close(&rig);
}

static void test_within_a_codec_nothing_is_rebuilt(void **state)
{
	(void)state;
	struct rig rig;
	struct made *video = make(&pictures[0]), *audio = make(&sounds[0]);
	rig_open(&rig);
	for (unsigned i = 0; i < 20; i++) {
		zap(&rig);
		uint64_t now_ns = gst_util_get_timestamp();
		push_some(&rig, video, 0, 3, now_ns + LEAD_NS);
		push_some(&rig, audio, 0, 3, now_ns + SLACK_NS);
		await(&rig, PLAY_FACT_PICTURE);
	}
	assert_int_equal(rebuilds(&rig), 2);
	rig_close(&rig);
	made_free(video);
	made_free(audio);
}

/* Twenty keys a second, each with a burst of two GOPs: the last one is what is shown, at once. */
static void test_a_storm_of_bursts_ends_at_the_last(void **state)
{
	(void)state;
	struct rig rig;
	struct made *video = make(&pictures[0]), *audio = make(&sounds[0]);
	rig_open(&rig);
	zap(&rig);
	push_some(&rig, video, 0, 1, gst_util_get_timestamp());
	await(&rig, PLAY_FACT_PICTURE);
	uint64_t now_ns = 0;
	for (unsigned i = 0; i < 100; i++) {
		zap(&rig);
		now_ns = gst_util_get_timestamp();
		push_some(&rig, video, 0, MAX_UNITS, now_ns - 1000 * MS_NS);
		push_some(&rig, video, 0, MAX_UNITS, now_ns + 1000 * MS_NS);
		push_some(&rig, audio, 0, MAX_UNITS, now_ns - 1000 * MS_NS);
		g_usleep(i % 10 ? 2000 : 50000);
	}
	assert_true(await(&rig, PLAY_FACT_PICTURE).at_ns - now_ns < 1000 * MS_NS);
	assert_int_equal(rebuilds(&rig), 2);
	rig_close(&rig);
	made_free(video);
	made_free(audio);
}

/* In mid-stream: what was given in before is still shown, and the other branch goes on. */
static void test_another_codec_in_mid_stream(void **state)
{
	(void)state;
	struct rig rig;
	struct made *first = make(&pictures[0]), *second = make(&pictures[2]);
	struct made *audio = make(&sounds[0]);
	rig_open(&rig);
	uint64_t broken = 1;
	for (unsigned k = 0; k < ATTEMPTS && broken; k++) {
		uint64_t sound_ns = zap_twice(&rig, audio), due_ns = sound_ns - SLACK_NS + LEAD_NS;
		uint64_t before = gaps(&rig);
		push_some(&rig, audio, 0, 50, sound_ns);
		push_some(&rig, first, 0, 10, due_ns);
		push_some(&rig, second, 0, 20, due_ns + 400 * MS_NS);
		await_due(&rig, due_ns + 8 * 40 * MS_NS);
		await_due(&rig, due_ns + 400 * MS_NS + 10 * 40 * MS_NS);
		assert_int_equal(rebuilds(&rig), 3 + 2 * k);
		broken = gaps(&rig) - before;
	}
	assert_int_equal(broken, 0);
	rig_close(&rig);
	made_free(first);
	made_free(second);
	made_free(audio);
}

static void test_another_size_in_mid_stream(void **state)
{
	(void)state;
	struct rig rig;
	const struct encoder larger = {PLAY_CODEC_H264, "x264enc", PICTURE(640, 480) H264};
	struct made *first = make(&pictures[0]), *second = make(&larger);
	rig_open(&rig);
	zap(&rig);
	uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
	push_some(&rig, first, 0, 10, due_ns);
	push_some(&rig, second, 0, 20, due_ns + 400 * MS_NS);
	await_due(&rig, due_ns + 400 * MS_NS + 10 * 40 * MS_NS);
	assert_int_equal(rebuilds(&rig), 1);
	rig_close(&rig);
	made_free(first);
	made_free(second);
}

/* Fields become pictures: twice as many, and the first one does not wait for a second. */
static void test_interlaced_pictures(void **state)
{
	(void)state;
	struct rig rig;
	const struct encoder interlaced = {PLAY_CODEC_H264, "x264enc",
		"videotestsrc num-buffers=50 pattern=ball ! video/x-raw,format=I420,width=320,"
		"height=192,framerate=25/1,interlace-mode=interleaved,field-order=top-field-first "
		"! "
		"x264enc interlaced=true key-int-max=25 aud=true ! "
		"video/x-h264,stream-format=byte-stream,alignment=au"};
	struct made *made = make(&interlaced);
	rig_open(&rig);
	zap(&rig);
	uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
	push_some(&rig, made, 0, 1, due_ns);
	await(&rig, PLAY_FACT_PICTURE);
	push_some(&rig, made, 1, 20, due_ns);
	await_due(&rig, due_ns + 10 * 40 * MS_NS);
	/* Counted before the presenter, which may leave out what comes too fast for it. */
	struct play_counters counters;
	play_counters(rig.play, &counters);
	assert_in_range(counters.pictures, 17, 26);
	rig_close(&rig);
	made_free(made);
}

/* Decoding that begins where it cannot: what comes is shown all the same, and counted. */
static void test_damaged_pictures_are_shown_and_counted(void **state)
{
	(void)state;
	struct rig rig;
	struct made *made = make(&pictures[0]);
	rig_open(&rig);
	zap(&rig);
	uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
	push_some(&rig, made, 0, 1, due_ns);
	await(&rig, PLAY_FACT_PICTURE);
	zap(&rig);
	made->key[4] = true;
	push_some(&rig, made, 4, 20, due_ns);
	await_due(&rig, due_ns + 12 * 40 * MS_NS);
	struct play_counters counters;
	play_counters(rig.play, &counters);
	assert_true(counters.damaged > 0);
	assert_true(counters.pictures > counters.damaged);
	rig_close(&rig);
	made_free(made);
}

/* What cannot be decoded is told with what to install, and the next channel plays. */
static void test_a_missing_decoder_is_named_with_its_package(void **state)
{
	(void)state;
	struct rig rig;
	struct made *made = make(&pictures[0]), *other = make(&pictures[2]);
	GstRegistry *registry = gst_registry_get();
	GList *decoders = gst_element_factory_list_get_elements(
		GST_ELEMENT_FACTORY_TYPE_DECODER | GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO,
		GST_RANK_MARGINAL);
	GstCaps *caps = gst_caps_from_string("video/x-h264");
	GList *able = gst_element_factory_list_filter(decoders, caps, GST_PAD_SINK, FALSE);
	for (GList *item = able; item; item = item->next)
		gst_registry_remove_feature(registry, item->data);
	rig_open(&rig);
	for (unsigned i = 0; i < 2; i++) {
		zap(&rig);
		push_some(&rig, made, 0, 5, gst_util_get_timestamp() + LEAD_NS);
		struct play_fact error = await(&rig, PLAY_FACT_ERROR);
		assert_non_null(strstr(error.text, "no GStreamer decoder for H.264"));
		assert_non_null(strstr(error.text, "gstreamer1.0-libav"));
		assert_true(error.no_codec);
		zap(&rig);
		push_some(&rig, other, 0, 5, gst_util_get_timestamp() + LEAD_NS);
		await(&rig, PLAY_FACT_PICTURE);
	}
	rig_close(&rig);
	for (GList *item = able; item; item = item->next)
		gst_registry_add_feature(registry, gst_object_ref(item->data));
	gst_plugin_feature_list_free(able);
	gst_plugin_feature_list_free(decoders);
	gst_caps_unref(caps);
	made_free(made);
	made_free(other);
}

/* The other way round: what is no codec, or one of the other kind, is left out quietly. */
static void test_units_of_no_codec_are_left_out(void **state)
{
	(void)state;
	struct rig rig;
	struct made *made = make(&pictures[0]);
	rig_open(&rig);
	zap(&rig);
	uint64_t due_ns = gst_util_get_timestamp() + LEAD_NS;
	const enum play_codec wrong[] = {PLAY_CODEC_NONE, PLAY_CODEC_AAC, PLAY_CODECS};
	for (unsigned i = 0; i < 3; i++) {
		made->codec = wrong[i];
		push_some(&rig, made, 0, 3, due_ns);
	}
	made->codec = PLAY_CODEC_H264;
	push_some(&rig, made, 0, 3, due_ns);
	await(&rig, PLAY_FACT_PICTURE);
	assert_int_equal(rebuilds(&rig), 1);
	rig_close(&rig);
	made_free(made);
}

/* ---- the samples themselves ---- */

/* Plays all of it into a file, behind what is there. Returns how many gaps there were. */
static uint64_t play_into(const char *path, const struct made *made, gsize *ret_behind_bytes)
{
	struct rig rig;
	char *sink = g_strdup_printf("audioconvert ! audio/x-raw,format=S16LE,channels=1 ! "
				     "filesink buffer-mode=unbuffered location=%s",
		path);
	rig_open_sinks(&rig, "none", sink);
	uint64_t due_ns = zap_twice(&rig, made), before = gaps(&rig);
	struct stat now;
	assert_int_equal(stat(path, &now), 0);
	*ret_behind_bytes = (gsize)now.st_size;
	uint64_t last_ns = push_some(&rig, made, 0, made->count, due_ns);
	await(&rig, PLAY_FACT_AUDIO);
	while (gst_util_get_timestamp() < last_ns)
		g_usleep(20000);
	uint64_t after = gaps(&rig);
	rig_close(&rig);
	g_free(sink);
	return after - before;
}

/* The sender's clock is 800 ppm off. */
static void slow_down(struct made *made)
{
	for (unsigned i = 0; i < made->count; i++)
		made->pts_ns[i] = made->dts_ns[i] = made->pts_ns[i] * 10008 / 10000;
}

/*
 * 440 Hz at 0.8 of full scale: 1510 from one sample to the next at most, and what the encoder adds,
 * which has silence before its first frame, and after its last. Before it there may be the end of
 * what was played then.
 */
static void expect_whole_sine(const char *path, gsize behind_bytes)
{
	char *data;
	gsize size;
	assert_true(g_file_get_contents(path, &data, &size, NULL));
	const gint16 *samples = (const gint16 *)data;
	gsize count = size / sizeof *samples, first = behind_bytes / sizeof *samples + 1;
	assert_true(count > first + 40 * 1024);
	for (gsize i = first; i < count - 2048; i++)
		assert_true(abs(samples[i] - samples[i - 1]) < (i < first + 4096 ? 1900 : 1700));
	g_free(data);
}

static void test_sound_of_a_sender_that_is_off_has_no_break(void **state)
{
	(void)state;
	char *path = g_build_filename(g_get_tmp_dir(), "zapper-sound-XXXXXX", NULL);
	int fd = g_mkstemp(path);
	assert_true(fd >= 0);
	for (size_t i = 0; i < G_N_ELEMENTS(sounds); i++) {
		if (!is_there(sounds[i].element))
			continue;
		struct made *made = make(&sounds[i]);
		slow_down(made);
		uint64_t broken = 1;
		gsize behind_bytes = 0;
		for (unsigned k = 0; k < ATTEMPTS && broken; k++)
			broken = play_into(path, made, &behind_bytes);
		assert_int_equal(broken, 0);
		expect_whole_sine(path, behind_bytes);
		print_message("%s (%s): whole\n", codec_get(made->codec)->name, sounds[i].element);
		made_free(made);
	}
	g_unlink(path);
	g_free(path);
	close(fd);
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
		cmocka_unit_test(test_each_codec_shows_its_first_picture_at_once),
		cmocka_unit_test(test_a_gradual_refresh_is_not_shown),
		cmocka_unit_test(test_each_codec_is_heard),
		cmocka_unit_test(test_within_a_codec_nothing_is_rebuilt),
		cmocka_unit_test(test_a_storm_of_bursts_ends_at_the_last),
		cmocka_unit_test(test_another_codec_in_mid_stream),
		cmocka_unit_test(test_another_size_in_mid_stream),
		cmocka_unit_test(test_interlaced_pictures),
		cmocka_unit_test(test_damaged_pictures_are_shown_and_counted),
		cmocka_unit_test(test_a_missing_decoder_is_named_with_its_package),
		cmocka_unit_test(test_units_of_no_codec_are_left_out),
		cmocka_unit_test(test_sound_of_a_sender_that_is_off_has_no_break),
	};
	return cmocka_run_group_tests_name("client_play_codecs", tests, setup, NULL);
}
