#include "tests/unit/client/ear.h"

#include <gst/audio/gstaudiosink.h>
#include <gst/gst.h>
#include <math.h>
#include <string.h>

#define NS_PER_S UINT64_C(1000000000)
#define PATIENCE_US (10 * G_USEC_PER_SEC)
#define CAPS "audio/x-raw,format=" GST_AUDIO_NE(F32) ",layout=interleaved,rate=48000,channels=2"

/* The first channel of what was played in one piece. */
struct heard {
	uint64_t at_ns;
	guint from, frames; /* in `samples` */
};

static struct {
	GMutex lock;
	GCond changed;
	GArray *pieces;	 /* struct heard */
	GArray *samples; /* float */
	/* The device: what it was given is played until then. */
	uint64_t end_ns;
	uint64_t capacity_ns;
	unsigned resets;
} ear;

static uint64_t span_ns(guint frames)
{
	return (uint64_t)frames * NS_PER_S / 48000;
}

/* Under the lock. */
static void hear(uint64_t at_ns, const float *data, guint frames)
{
	struct heard heard = {at_ns, ear.samples->len, frames};
	for (guint i = 0; i < frames; i++)
		g_array_append_val(ear.samples, data[2 * i]);
	g_array_append_val(ear.pieces, heard);
	ear.end_ns = at_ns + span_ns(frames);
	g_cond_broadcast(&ear.changed);
}

/* ---- without a device ---- */

typedef struct {
	GstBaseSink parent;
} TestEar;
typedef struct {
	GstBaseSinkClass parent;
} TestEarClass;

static GType test_ear_get_type(void);
G_DEFINE_TYPE(TestEar, test_ear, GST_TYPE_BASE_SINK)

static GstFlowReturn on_render(GstBaseSink *sink, GstBuffer *buffer)
{
	(void)sink;
	GstMapInfo map;
	gst_buffer_map(buffer, &map, GST_MAP_READ);
	g_mutex_lock(&ear.lock);
	hear(gst_util_get_timestamp(), (float *)(void *)map.data,
		(guint)(map.size / (2 * sizeof(float))));
	g_mutex_unlock(&ear.lock);
	gst_buffer_unmap(buffer, &map);
	return GST_FLOW_OK;
}

static void add_pad(gpointer class, const char *name)
{
	GstCaps *caps = gst_caps_from_string(CAPS);
	gst_element_class_add_pad_template(
		class, gst_pad_template_new("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
	gst_caps_unref(caps);
	gst_element_class_set_static_metadata(class, name, "Sink/Audio", "for tests", "zapper");
}

static void test_ear_class_init(TestEarClass *class)
{
	add_pad(class, "Test ear");
	class->parent.render = on_render;
}

static void test_ear_init(TestEar *sink)
{
	(void)sink;
}

/* ---- a device ---- */

typedef struct {
	GstAudioSink parent;
} TestDac;
typedef struct {
	GstAudioSinkClass parent;
} TestDacClass;

static GType test_dac_get_type(void);
G_DEFINE_TYPE(TestDac, test_dac, GST_TYPE_AUDIO_SINK)

static gboolean on_prepare(GstAudioSink *sink, GstAudioRingBufferSpec *spec)
{
	(void)sink;
	ear.capacity_ns = span_ns((guint)(spec->segtotal * spec->segsize / spec->info.bpf));
	return TRUE;
}

static gboolean on_unprepare(GstAudioSink *sink)
{
	(void)sink;
	return TRUE;
}

/* As a driver does: waits for room, then takes all of it. */
static gint on_write(GstAudioSink *sink, gpointer data, guint bytes)
{
	(void)sink;
	guint frames = bytes / (guint)(2 * sizeof(float));
	g_mutex_lock(&ear.lock);
	unsigned resets = ear.resets;
	uint64_t now_ns = gst_util_get_timestamp();
	while (resets == ear.resets && ear.end_ns + span_ns(frames) > now_ns + ear.capacity_ns) {
		gint64 room_us =
			(gint64)((ear.end_ns + span_ns(frames) - ear.capacity_ns) / 1000 + 1);
		g_cond_wait_until(&ear.changed, &ear.lock, room_us);
		now_ns = gst_util_get_timestamp();
	}
	if (resets == ear.resets)
		hear(MAX(ear.end_ns, now_ns), data, frames);
	g_mutex_unlock(&ear.lock);
	return (gint)bytes;
}

static guint on_delay(GstAudioSink *sink)
{
	(void)sink;
	g_mutex_lock(&ear.lock);
	uint64_t now_ns = gst_util_get_timestamp();
	uint64_t left_ns = ear.end_ns > now_ns ? ear.end_ns - now_ns : 0;
	g_mutex_unlock(&ear.lock);
	return (guint)(left_ns * 48000 / NS_PER_S);
}

/* What was not played yet is forgotten. */
static void on_reset(GstAudioSink *sink)
{
	(void)sink;
	g_mutex_lock(&ear.lock);
	uint64_t now_ns = gst_util_get_timestamp();
	for (guint i = 0; i < ear.pieces->len; i++) {
		struct heard *heard = &g_array_index(ear.pieces, struct heard, i);
		uint64_t played_ns = heard->at_ns < now_ns ? now_ns - heard->at_ns : 0;
		heard->frames = (guint)MIN(heard->frames, played_ns * 48000 / NS_PER_S);
	}
	ear.end_ns = MIN(ear.end_ns, now_ns);
	ear.resets++;
	g_cond_broadcast(&ear.changed);
	g_mutex_unlock(&ear.lock);
}

static void test_dac_class_init(TestDacClass *class)
{
	add_pad(class, "Test device");
	class->parent.prepare = on_prepare;
	class->parent.unprepare = on_unprepare;
	class->parent.write = on_write;
	class->parent.delay = on_delay;
	class->parent.reset = on_reset;
}

static void test_dac_init(TestDac *sink)
{
	(void)sink;
}

/* ---- what tests ask ---- */

void ear_init(void)
{
	gst_element_register(NULL, "testear", GST_RANK_NONE, test_ear_get_type());
	gst_element_register(NULL, "testdac", GST_RANK_NONE, test_dac_get_type());
	ear.pieces = g_array_new(FALSE, FALSE, sizeof(struct heard));
	ear.samples = g_array_new(FALSE, FALSE, sizeof(float));
}

void ear_reset(void)
{
	g_mutex_lock(&ear.lock);
	g_array_set_size(ear.pieces, 0);
	g_array_set_size(ear.samples, 0);
	ear.end_ns = 0;
	g_mutex_unlock(&ear.lock);
}

static float sample(guint i)
{
	return g_array_index(ear.samples, float, i);
}

/* Calls visit for each sample that is heard between two moments, in order. Under the lock. */
static void visit_heard(uint64_t from_ns, uint64_t to_ns,
	void (*visit)(void *ctx, uint64_t at_ns, float value), void *ctx)
{
	for (guint i = 0; i < ear.pieces->len; i++) {
		const struct heard *heard = &g_array_index(ear.pieces, struct heard, i);
		for (guint k = 0; k < heard->frames; k++) {
			uint64_t at_ns = heard->at_ns + span_ns(k);
			if (at_ns >= from_ns && at_ns < to_ns)
				visit(ctx, at_ns, sample(heard->from + k));
		}
	}
}

struct loudness {
	float peak, wanted;
	uint64_t first_ns; /* when `wanted` was reached */
};

static void visit_peak(void *ctx, uint64_t at_ns, float value)
{
	struct loudness *loudness = ctx;
	loudness->peak = fmaxf(loudness->peak, fabsf(value));
	if (!loudness->first_ns && fabsf(value) > loudness->wanted)
		loudness->first_ns = at_ns;
}

uint64_t ear_await_sound(float louder_than)
{
	gint64 deadline_us = g_get_monotonic_time() + PATIENCE_US;
	struct loudness loudness = {.wanted = louder_than};
	bool woken = true;
	g_mutex_lock(&ear.lock);
	while (!loudness.first_ns && woken) {
		visit_heard(0, UINT64_MAX, visit_peak, &loudness);
		if (!loudness.first_ns)
			woken = g_cond_wait_until(&ear.changed, &ear.lock, deadline_us);
	}
	g_mutex_unlock(&ear.lock);
	return loudness.first_ns;
}

void ear_await(uint64_t until_ns)
{
	g_mutex_lock(&ear.lock);
	while (gst_util_get_timestamp() < until_ns)
		g_cond_wait_until(&ear.changed, &ear.lock, (gint64)(until_ns / 1000 + 1));
	g_mutex_unlock(&ear.lock);
}

float ear_peak(uint64_t from_ns, uint64_t to_ns)
{
	struct loudness loudness = {.wanted = INFINITY};
	g_mutex_lock(&ear.lock);
	visit_heard(from_ns, to_ns, visit_peak, &loudness);
	g_mutex_unlock(&ear.lock);
	return loudness.peak;
}

struct steps {
	bool begun;
	float last, largest;
};

static void visit_step(void *ctx, uint64_t at_ns, float value)
{
	(void)at_ns;
	struct steps *steps = ctx;
	if (steps->begun)
		steps->largest = fmaxf(steps->largest, fabsf(value - steps->last));
	steps->begun = true;
	steps->last = value;
}

float ear_step(uint64_t from_ns, uint64_t to_ns)
{
	struct steps steps = {.begun = false};
	g_mutex_lock(&ear.lock);
	visit_heard(from_ns, to_ns, visit_step, &steps);
	g_mutex_unlock(&ear.lock);
	return steps.largest;
}
