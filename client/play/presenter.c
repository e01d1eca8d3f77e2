#include "client/play/presenter.h"

#include <stdatomic.h>
#include <string.h>

#include "client/play/compose.h"
#include "client/play/elements.h"
#include "client/play/sinks.h"

#define BLACK_WIDTH 1280
#define BLACK_HEIGHT 720
/* How long somebody who asks for the picture as shown waits for one that is being composed. */
#define SETTLE_US ((gint64)200000)
/* Of a slow display: waylandsink drops what comes before the compositor has shown the last one. */
#define FRAME_US ((gint64)34000)
#define NEVER_US G_MAXINT64

/* A picture and which one it is: its zap, and counted from 1 in that. */
struct picture {
	GstSample *sample;
	uint64_t n, count;
	bool silent; /* nobody is told of it */
};

struct presenter {
	struct presenter_listener listener;
	GstAppSrc *out; /* NULL while it is not attached */
	GThread *thread;

	GMutex lock; /* held for moments only: everything below up to `quit` */
	GCond changed, settled;
	struct picture picture;
	bool picture_is_new;
	uint64_t from_n;   /* pictures of earlier zaps are not shown */
	gint64 black_us;   /* black instead of the picture from then on; NEVER_US */
	bool black_is_new; /* that was not shown yet */
	struct panels *panels;
	struct compose_view view;
	bool view_is_new; /* or the panels */
	GstSample *shown;
	bool presenting; /* a picture is being composed */
	bool quit;

	struct composer composer; /* the thread's own, like what follows */
	bool sink_drops;	  /* what comes within FRAME_US of the last one */
	gint64 pushed_us;	  /* when the last one came */
	gint64 again_us;	  /* when what may have been dropped is due again; NEVER_US */

	/* The sink's streaming thread's own. */
	bool begins; /* the sink draws its first picture next */
	uint64_t told_n, told_count;
	_Atomic uint64_t dropped;
};

/* ---- the sink's thread ---- */

/* An idle probe runs when the push of the buffer is over, so the sink has drawn. */
static GstPadProbeReturn on_first_drawn(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	(void)info;
	struct presenter *p = data;
	p->listener.begun(p->listener.ctx);
	return GST_PAD_PROBE_REMOVE;
}

static void await_first_drawn(struct presenter *p, GstPad *sink_pad)
{
	GstPad *pad = gst_pad_get_peer(sink_pad);
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_IDLE, on_first_drawn, p, NULL);
	gst_object_unref(pad);
	p->begins = false;
}

static GstPadProbeReturn on_sink_event(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	struct presenter *p = data;
	if (GST_EVENT_TYPE(GST_PAD_PROBE_INFO_EVENT(info)) == GST_EVENT_SEGMENT)
		p->begins = true;
	return GST_PAD_PROBE_OK;
}

/* The picture's zap and count travel in the offsets. The first time that it comes is told. */
static void tell_shown(struct presenter *p, GstBuffer *buffer)
{
	uint64_t n = GST_BUFFER_OFFSET(buffer), count = GST_BUFFER_OFFSET_END(buffer);
	if (n == p->told_n && count <= p->told_count)
		return;
	p->dropped += count - (n == p->told_n ? p->told_count : 0) - 1;
	p->told_n = n;
	p->told_count = count;
	p->listener.shown(p->listener.ctx, n, GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer),
		gst_util_get_timestamp());
}

/* Runs where the buffer enters the sink: this moment is what every figure calls the picture's. */
static GstPadProbeReturn on_sink_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	struct presenter *p = data;
	GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
	if (p->begins)
		await_first_drawn(p, pad);
	if (GST_BUFFER_OFFSET_IS_VALID(buffer))
		tell_shown(p, buffer);
	return GST_PAD_PROBE_OK;
}

/* ---- the presenter's thread ---- */

/* What there is to show, taken out of the lock as references of the thread's own. */
struct frame {
	struct picture picture;
	bool black;
	struct panels *panels;
	struct compose_view view;
};

/* Under the lock. */
static gint64 next_change_us(const struct presenter *p)
{
	return p->black_is_new ? MIN(p->black_us, p->again_us) : p->again_us;
}

/* Under the lock. */
static void wait_for_change(struct presenter *p)
{
	while (!p->picture_is_new && !p->view_is_new && !p->quit) {
		gint64 until_us = next_change_us(p);
		if (until_us == NEVER_US)
			g_cond_wait(&p->changed, &p->lock);
		else if (!g_cond_wait_until(&p->changed, &p->lock, until_us))
			return;
	}
}

static bool await_change(struct presenter *p, struct frame *ret)
{
	g_mutex_lock(&p->lock);
	wait_for_change(p);
	*ret = (struct frame){
		.picture = p->picture,
		.black = p->black_us <= g_get_monotonic_time(),
		.panels = panels_ref(p->panels),
		.view = p->view,
	};
	gst_sample_ref(ret->picture.sample);
	p->picture_is_new = p->view_is_new = false;
	p->black_is_new &= !ret->black;
	p->presenting = true;
	bool quit = p->quit;
	g_mutex_unlock(&p->lock);
	return !quit;
}

static void remember_shown(struct presenter *p, GstBuffer *buffer)
{
	GstSample *sample = gst_sample_new(buffer, p->composer.given, NULL, NULL);
	g_mutex_lock(&p->lock);
	GstSample *before = p->shown;
	p->shown = sample;
	p->presenting = false;
	g_cond_broadcast(&p->settled);
	g_mutex_unlock(&p->lock);
	if (before)
		gst_sample_unref(before);
}

static GstBuffer *make(struct presenter *p, const struct frame *frame)
{
	if (frame->black && p->composer.known)
		return composer_make_black(&p->composer, frame->panels);
	GstBuffer *buffer = composer_make(
		&p->composer, gst_sample_get_buffer(frame->picture.sample), frame->panels);
	if (!frame->picture.silent) {
		GST_BUFFER_OFFSET(buffer) = frame->picture.n;
		GST_BUFFER_OFFSET_END(buffer) = frame->picture.count;
	}
	return buffer;
}

static void follow(struct presenter *p, const struct frame *frame)
{
	struct composer *composer = &p->composer;
	if (!composer_follow(composer, gst_sample_get_caps(frame->picture.sample), &frame->view))
		return;
	gst_app_src_set_caps(p->out, composer->given);
	if (composer->known)
		p->listener.resized(
			p->listener.ctx, composer->fit.canvas_width, composer->fit.canvas_height);
}

static void present(struct presenter *p, const struct frame *frame)
{
	follow(p, frame);
	GstBuffer *buffer = make(p, frame);
	remember_shown(p, buffer);
	gst_app_src_push_buffer(p->out, buffer);
	gint64 now_us = g_get_monotonic_time();
	bool hurried = p->sink_drops && now_us - p->pushed_us < FRAME_US;
	p->again_us = hurried ? now_us + FRAME_US : NEVER_US;
	p->pushed_us = now_us;
}

static void frame_clear(struct frame *frame)
{
	gst_sample_unref(frame->picture.sample);
	panels_unref(frame->panels);
}

static gpointer presenter_run(gpointer data)
{
	struct presenter *p = data;
	struct frame frame;
	while (await_change(p, &frame)) {
		present(p, &frame);
		frame_clear(&frame);
	}
	frame_clear(&frame);
	return NULL;
}

/* ---- from outside ---- */

static struct picture black_picture(void)
{
	return (struct picture){
		.sample = compose_black_sample(BLACK_WIDTH, BLACK_HEIGHT), .silent = true};
}

struct presenter *presenter_new(const struct presenter_listener *listener)
{
	struct presenter *p = g_new0(struct presenter, 1);
	p->listener = *listener;
	g_mutex_init(&p->lock);
	g_cond_init(&p->changed);
	g_cond_init(&p->settled);
	p->picture = black_picture();
	p->black_us = p->again_us = NEVER_US;
	return p;
}

static void start_thread(struct presenter *p, GstElement *out)
{
	g_mutex_lock(&p->lock);
	p->out = GST_APP_SRC(gst_object_ref(out));
	p->quit = false;
	p->view_is_new = true; /* show the black one */
	g_mutex_unlock(&p->lock);
	p->thread = g_thread_new("presenter", presenter_run, p);
}

GstElement *presenter_attach(struct presenter *p, GstBin *pipeline, GstElement *sink)
{
	GstElement *bin = gst_bin_new("display");
	GstElement *out = elements_source();
	GstElement *convert = gst_element_factory_make("videoconvertscale", NULL);
	/* A slow sink loses the older picture: what is shown is never more than two behind. */
	g_object_set(out, "max-buffers", G_GUINT64_CONSTANT(2), "leaky-type",
		GST_APP_LEAKY_TYPE_DOWNSTREAM, NULL);
	gst_bin_add_many(GST_BIN(bin), out, convert, sink, NULL);
	gst_bin_add(pipeline, bin);
	gst_element_link_many(out, convert, sink, NULL);

	GstPad *pad = gst_element_get_static_pad(sink, "sink");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_sink_event, p, NULL);
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_sink_buffer, p, NULL);
	gst_object_unref(pad);
	p->sink_drops = !strcmp(sinks_name(sink), "waylandsink");
	start_thread(p, out);
	return bin;
}

static void stop_thread(struct presenter *p)
{
	g_mutex_lock(&p->lock);
	p->quit = true;
	g_cond_signal(&p->changed);
	g_mutex_unlock(&p->lock);
	g_thread_join(p->thread);
	p->thread = NULL;
}

/* Under the lock. */
static void begin_black(struct presenter *p)
{
	gst_sample_unref(p->picture.sample);
	p->picture = black_picture();
	p->picture_is_new = p->presenting = false;
	g_clear_pointer(&p->shown, gst_sample_unref);
	g_clear_pointer(&p->out, gst_object_unref);
	g_cond_broadcast(&p->settled);
}

void presenter_detach(struct presenter *p)
{
	if (!p->thread)
		return;
	stop_thread(p);
	composer_clear(&p->composer);
	p->pushed_us = 0;
	p->again_us = NEVER_US;
	g_mutex_lock(&p->lock);
	begin_black(p);
	g_mutex_unlock(&p->lock);
}

void presenter_free(struct presenter *p)
{
	if (!p)
		return;
	gst_sample_unref(p->picture.sample);
	panels_unref(p->panels);
	g_cond_clear(&p->changed);
	g_cond_clear(&p->settled);
	g_mutex_clear(&p->lock);
	g_free(p);
}

/* The still that shows a key picture early comes again at its time: that one is not new. */
static bool is_same_picture(const struct presenter *p, uint64_t n, GstSample *sample)
{
	return n == p->picture.n && p->black_us == NEVER_US &&
	       GST_BUFFER_PTS(gst_sample_get_buffer(sample)) ==
		       GST_BUFFER_PTS(gst_sample_get_buffer(p->picture.sample));
}

void presenter_show(struct presenter *p, uint64_t n, GstSample *sample)
{
	g_mutex_lock(&p->lock);
	GstSample *dropped = sample;
	if (n >= p->from_n && !is_same_picture(p, n, sample)) {
		dropped = p->picture.sample;
		uint64_t count = n == p->picture.n ? p->picture.count + 1 : 1;
		p->picture = (struct picture){sample, n, count, false};
		p->picture_is_new = true;
		p->black_us = NEVER_US;
		p->black_is_new = false;
		g_cond_signal(&p->changed);
	}
	g_mutex_unlock(&p->lock);
	gst_sample_unref(dropped);
}

/* Under the lock. */
static void look_again(struct presenter *p)
{
	p->view_is_new = true;
	g_cond_signal(&p->changed);
}

void presenter_set_overlay(struct presenter *p, const struct play_overlay *overlays, size_t count)
{
	struct panels *next = panels_new(overlays, count);
	g_mutex_lock(&p->lock);
	struct panels *before = p->panels;
	p->panels = next;
	look_again(p);
	g_mutex_unlock(&p->lock);
	panels_unref(before);
}

void presenter_set_aspect(struct presenter *p, enum play_aspect aspect)
{
	g_mutex_lock(&p->lock);
	p->view.aspect = aspect;
	look_again(p);
	g_mutex_unlock(&p->lock);
}

void presenter_set_window(struct presenter *p, int width, int height)
{
	g_mutex_lock(&p->lock);
	p->view.width = width;
	p->view.height = height;
	look_again(p);
	g_mutex_unlock(&p->lock);
}

void presenter_black(struct presenter *p, uint64_t from_n, uint64_t in_ns)
{
	gint64 at_us = g_get_monotonic_time() + (gint64)(in_ns / 1000);
	g_mutex_lock(&p->lock);
	p->from_n = MAX(p->from_n, from_n);
	p->picture_is_new &= p->picture.n >= p->from_n;
	if (at_us < p->black_us) {
		p->black_us = at_us;
		p->black_is_new = true;
		g_cond_signal(&p->changed);
	}
	g_mutex_unlock(&p->lock);
}

void presenter_repaint(struct presenter *p)
{
	g_mutex_lock(&p->lock);
	p->picture_is_new = false;
	p->picture.silent = true;
	look_again(p);
	g_mutex_unlock(&p->lock);
}

uint64_t presenter_dropped(const struct presenter *p)
{
	return p->dropped;
}

/* Under the lock. */
static bool is_settled(const struct presenter *p)
{
	bool black_soon = p->black_is_new && p->black_us <= g_get_monotonic_time() + SETTLE_US;
	return !p->picture_is_new && !p->view_is_new && !p->presenting && !black_soon;
}

GstSample *presenter_shown(struct presenter *p)
{
	gint64 deadline_us = g_get_monotonic_time() + SETTLE_US;
	bool woken = true;
	g_mutex_lock(&p->lock);
	while (p->out && !is_settled(p) && woken)
		woken = g_cond_wait_until(&p->settled, &p->lock, deadline_us);
	GstSample *sample = gst_sample_ref(p->shown ? p->shown : p->picture.sample);
	g_mutex_unlock(&p->lock);
	return sample;
}
