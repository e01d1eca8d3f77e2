#include "tests/unit/client/playing.h"

#include <gst/app/app.h>
#include <gst/gst.h>

#include "tests/support/test.h"

#define PATIENCE_US (10 * G_USEC_PER_SEC)
#define LEAD_NS (200 * MS_NS)

static void keep(struct units *units, GstBuffer *buffer)
{
	unsigned i = units->count++;
	gpointer data;
	gsize size;
	gst_buffer_extract_dup(buffer, 0, gst_buffer_get_size(buffer), &data, &size);
	units->data[i] = g_bytes_new_take(data, size);
	uint64_t dts_ns =
		GST_BUFFER_DTS_IS_VALID(buffer) ? GST_BUFFER_DTS(buffer) : GST_BUFFER_PTS(buffer);
	units->pts_ns[i] = GST_BUFFER_PTS(buffer);
	units->dts_ns[i] = dts_ns;
	units->key[i] = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

static void read_all(struct units *units, GstElement *pipeline)
{
	GstElement *out = gst_bin_get_by_name(GST_BIN(pipeline), "out");
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	GstSample *sample;
	while (units->count < UNITS_MAX && (sample = gst_app_sink_pull_sample(GST_APP_SINK(out)))) {
		keep(units, gst_sample_get_buffer(sample));
		gst_sample_unref(sample);
	}
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(out);
}

struct units *units_make(enum play_kind kind, enum play_codec codec, const char *description)
{
	gst_init(NULL, NULL);
	struct units *units = g_new0(struct units, 1);
	char *whole = g_strconcat(description, " ! appsink name=out sync=false", NULL);
	GstElement *pipeline = gst_parse_launch(whole, NULL);
	g_free(whole);
	assert_non_null(pipeline);
	units->kind = kind;
	units->codec = codec;
	read_all(units, pipeline);
	gst_object_unref(pipeline);
	assert_true(units->count > 1);
	uint64_t first_ns = units->pts_ns[0];
	for (unsigned i = 0; i < units->count; i++) {
		units->pts_ns[i] -= first_ns;
		units->dts_ns[i] -= first_ns;
	}
	return units;
}

void units_free(struct units *units)
{
	for (unsigned i = 0; units && i < units->count; i++)
		g_bytes_unref(units->data[i]);
	g_free(units);
}

struct units *units_of_picture(int width, int height, const char *par, const char *pattern)
{
	char *description = g_strdup_printf(
		"videotestsrc num-buffers=50 pattern=%s ! video/x-raw,format=I420,width=%d,"
		"height=%d,framerate=25/1,pixel-aspect-ratio=%s ! "
		"x264enc key-int-max=50 bframes=0 aud=true ! "
		"video/x-h264,stream-format=byte-stream,alignment=au",
		pattern, width, height, par);
	struct units *units = units_make(PLAY_VIDEO, PLAY_CODEC_H264, description);
	g_free(description);
	return units;
}

struct units *units_of_tone(void)
{
	return units_make(PLAY_AUDIO, PLAY_CODEC_AAC,
		"audiotestsrc num-buffers=110 samplesperbuffer=1024 freq=1000 volume=0.5 ! "
		"audio/x-raw,rate=48000,channels=2 ! avenc_aac ! aacparse ! "
		"audio/mpeg,stream-format=adts,framed=true");
}

struct units *units_of_low_tone(void)
{
	return units_make(PLAY_AUDIO, PLAY_CODEC_MPEG_AUDIO,
		"audiotestsrc num-buffers=90 samplesperbuffer=1152 freq=500 volume=0.5 ! "
		"audio/x-raw,rate=32000,channels=1 ! avenc_mp2 ! mpegaudioparse");
}

static void on_wake(void *ctx)
{
	struct playing *playing = ctx;
	g_mutex_lock(&playing->lock);
	playing->wakes++;
	g_cond_signal(&playing->woken);
	g_mutex_unlock(&playing->lock);
}

void playing_open(struct playing *playing, struct play_options options)
{
	*playing = (struct playing){0};
	options.wake = on_wake;
	options.wake_ctx = playing;
	if (!options.margin_ns)
		options.margin_ns = 40 * MS_NS;
	playing->play = play_open(&options);
}

void playing_close(struct playing *playing)
{
	play_stop(playing->play);
	playing_await(playing, PLAY_FACT_STOPPED);
	play_free(playing->play);
	playing->play = NULL;
}

struct play_fact playing_await(struct playing *playing, enum play_fact_type type)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	struct play_fact fact;
	for (;;) {
		while (play_next_fact(playing->play, &fact)) {
			if (fact.type == type)
				return fact;
			if (fact.type == PLAY_FACT_ERROR || fact.type == PLAY_FACT_FAILED)
				fail_msg("%s", fact.text);
		}
		g_mutex_lock(&playing->lock);
		bool woken = true;
		while (playing->wakes == playing->seen && woken)
			woken = g_cond_wait_until(&playing->woken, &playing->lock, deadline_us);
		playing->seen = playing->wakes;
		g_mutex_unlock(&playing->lock);
		if (!woken)
			fail_msg("no fact of type %d came", type);
	}
}

struct play_fact playing_await_picture(struct playing *playing, uint64_t n)
{
	struct play_fact picture;
	do
		picture = playing_await(playing, PLAY_FACT_PICTURE);
	while (picture.n != n);
	return picture;
}

void playing_push(struct playing *playing, const struct units *units, unsigned from, unsigned to,
	uint64_t n, uint64_t due_ns)
{
	for (unsigned i = from; i < to; i++) {
		struct play_unit unit = {.n = n,
			.kind = units->kind,
			.codec = units->codec,
			.key = units->key[i],
			.pts_ns = due_ns + units->pts_ns[i],
			.dts_ns = due_ns + units->dts_ns[i],
			.arrival_ns = due_ns + units->pts_ns[i] - LEAD_NS,
			.data = g_bytes_ref(units->data[i])};
		assert_true(play_push(playing->play, &unit));
	}
}
