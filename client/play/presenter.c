#include "client/play/presenter.h"

#include <gst/video/video.h>
#include <string.h>

#include "client/play/elements.h"

#define BLACK_WIDTH 1280
#define BLACK_HEIGHT 720
/* How long somebody who asks for the picture as shown waits for one that is being composed. */
#define SETTLE_US ((gint64)200000)
/* Of a slow display: waylandsink drops what comes before the compositor has shown the last one. */
#define FRAME_US ((gint64)34000)

struct presenter {
	struct presenter_listener listener;
	GstAppSrc *out;
	GThread *thread;

	GMutex lock; /* held for moments only: everything below up to `quit` */
	GCond changed, settled;
	GstSample *picture;
	uint64_t picture_n;
	bool picture_is_new;
	GstVideoOverlayComposition *overlay;
	bool overlay_is_new;
	GstSample *shown;
	bool presenting; /* a picture is being composed */
	bool quit;

	GstCaps *caps;	  /* of the last picture; the thread's own, like what follows */
	bool sink_drops;  /* what comes within FRAME_US of the last one */
	gint64 pushed_us; /* when the last one came */
	gint64 again_us;  /* when what may have been dropped is due again; 0: never */
	bool begins; /* the sink draws its first picture next; the sink's streaming thread's own */
};

static GstSample *black_sample(void)
{
	GstVideoInfo info;
	gst_video_info_set_format(&info, GST_VIDEO_FORMAT_I420, BLACK_WIDTH, BLACK_HEIGHT);
	GstBuffer *buffer = gst_buffer_new_allocate(NULL, GST_VIDEO_INFO_SIZE(&info), NULL);
	gsize luma_bytes = GST_VIDEO_INFO_PLANE_OFFSET(&info, 1);
	gst_buffer_memset(buffer, 0, 16, luma_bytes);
	gst_buffer_memset(buffer, luma_bytes, 128, GST_VIDEO_INFO_SIZE(&info) - luma_bytes);
	GstCaps *caps = gst_video_info_to_caps(&info);
	GstSample *sample = gst_sample_new(buffer, caps, NULL, NULL);
	gst_caps_unref(caps);
	gst_buffer_unref(buffer);
	return sample;
}

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

/* Runs where the buffer enters the sink: this moment is what every figure calls the picture's. */
static GstPadProbeReturn on_sink_buffer(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	struct presenter *p = data;
	GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
	if (p->begins)
		await_first_drawn(p, pad);
	if (GST_BUFFER_OFFSET_IS_VALID(buffer))
		p->listener.shown(p->listener.ctx, GST_BUFFER_OFFSET(buffer),
			GST_BUFFER_PTS(buffer), GST_BUFFER_DURATION(buffer),
			gst_util_get_timestamp());
	return GST_PAD_PROBE_OK;
}

/* The picture with the overlay blended in. Without one it is the decoder's own memory. */
static GstBuffer *compose(GstSample *picture, GstVideoOverlayComposition *overlay)
{
	GstBuffer *source = gst_sample_get_buffer(picture);
	GstVideoInfo info;
	GstVideoFrame frame;
	if (!overlay || !gst_video_info_from_caps(&info, gst_sample_get_caps(picture)))
		return gst_buffer_copy(source);
	GstBuffer *buffer = gst_buffer_copy_deep(source);
	if (gst_video_frame_map(&frame, &info, buffer, GST_MAP_READWRITE)) {
		gst_video_overlay_composition_blend(overlay, &frame);
		gst_video_frame_unmap(&frame);
	}
	return buffer;
}

static void follow_caps(struct presenter *p, GstCaps *caps)
{
	if (p->caps && gst_caps_is_equal(p->caps, caps))
		return;
	gst_caps_replace(&p->caps, caps);
	gst_app_src_set_caps(p->out, caps);
	GstVideoInfo info;
	if (gst_video_info_from_caps(&info, caps))
		p->listener.resized(p->listener.ctx, info.width, info.height);
}

/* What there is to show, taken out of the lock as references of the thread's own. */
struct frame {
	GstSample *picture;
	GstVideoOverlayComposition *overlay;
	uint64_t n;
	bool is_new;
};

/* Under the lock. */
static void wait_for_change(struct presenter *p)
{
	while (!p->picture_is_new && !p->overlay_is_new && !p->quit) {
		if (!p->again_us)
			g_cond_wait(&p->changed, &p->lock);
		else if (!g_cond_wait_until(&p->changed, &p->lock, p->again_us))
			return;
	}
}

static bool await_change(struct presenter *p, struct frame *ret)
{
	g_mutex_lock(&p->lock);
	wait_for_change(p);
	*ret = (struct frame){
		.picture = gst_sample_ref(p->picture),
		.overlay = p->overlay ? gst_video_overlay_composition_ref(p->overlay) : NULL,
		.n = p->picture_n,
		.is_new = p->picture_is_new,
	};
	p->picture_is_new = p->overlay_is_new = false;
	p->presenting = true;
	bool quit = p->quit;
	g_mutex_unlock(&p->lock);
	return !quit;
}

static void remember_shown(struct presenter *p, GstBuffer *buffer, GstCaps *caps)
{
	GstSample *sample = gst_sample_new(buffer, caps, NULL, NULL);
	g_mutex_lock(&p->lock);
	GstSample *before = p->shown;
	p->shown = sample;
	p->presenting = false;
	g_cond_broadcast(&p->settled);
	g_mutex_unlock(&p->lock);
	if (before)
		gst_sample_unref(before);
}

static void present(struct presenter *p, const struct frame *frame)
{
	GstCaps *caps = gst_sample_get_caps(frame->picture);
	GstBuffer *buffer = compose(frame->picture, frame->overlay);
	/* The zap's number travels to the sink in the offset; a mere repaint carries none. */
	GST_BUFFER_OFFSET(buffer) = frame->is_new ? frame->n : GST_BUFFER_OFFSET_NONE;
	follow_caps(p, caps);
	remember_shown(p, buffer, caps);
	gst_app_src_push_buffer(p->out, buffer);
	gint64 now_us = g_get_monotonic_time();
	bool hurried = p->sink_drops && now_us - p->pushed_us < FRAME_US;
	p->again_us = hurried ? now_us + FRAME_US : 0;
	p->pushed_us = now_us;
}

static void frame_clear(struct frame *frame)
{
	gst_sample_unref(frame->picture);
	if (frame->overlay)
		gst_video_overlay_composition_unref(frame->overlay);
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

struct presenter *presenter_new(const struct presenter_listener *listener)
{
	struct presenter *p = g_new0(struct presenter, 1);
	p->listener = *listener;
	g_mutex_init(&p->lock);
	g_cond_init(&p->changed);
	g_cond_init(&p->settled);
	p->picture = black_sample();
	p->overlay_is_new = true; /* show the black one */
	return p;
}

GstElement *presenter_attach(struct presenter *p, GstBin *pipeline, GstElement *sink)
{
	GstElement *bin = gst_bin_new("display");
	GstElement *out = elements_source();
	GstElement *convert = gst_element_factory_make("videoconvertscale", NULL);
	p->out = GST_APP_SRC(gst_object_ref(out));
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
	p->sink_drops = !strcmp(elements_sink_name(sink), "waylandsink");
	p->thread = g_thread_new("presenter", presenter_run, p);
	return bin;
}

void presenter_free(struct presenter *p)
{
	if (!p)
		return;
	g_mutex_lock(&p->lock);
	p->quit = true;
	g_cond_signal(&p->changed);
	g_mutex_unlock(&p->lock);
	if (p->thread)
		g_thread_join(p->thread);

	gst_sample_unref(p->picture);
	if (p->shown)
		gst_sample_unref(p->shown);
	if (p->overlay)
		gst_video_overlay_composition_unref(p->overlay);
	gst_caps_replace(&p->caps, NULL);
	g_clear_pointer(&p->out, gst_object_unref);
	g_cond_clear(&p->changed);
	g_cond_clear(&p->settled);
	g_mutex_clear(&p->lock);
	g_free(p);
}

/* The still that shows a key picture early comes again at its time: that one is not new. */
static bool is_same_picture(const struct presenter *p, uint64_t n, GstSample *picture)
{
	return n == p->picture_n && GST_BUFFER_PTS(gst_sample_get_buffer(picture)) ==
					    GST_BUFFER_PTS(gst_sample_get_buffer(p->picture));
}

void presenter_show(struct presenter *p, uint64_t n, GstSample *picture)
{
	g_mutex_lock(&p->lock);
	GstSample *dropped = picture;
	if (!is_same_picture(p, n, picture)) {
		dropped = p->picture;
		p->picture = picture;
		p->picture_n = n;
		p->picture_is_new = true;
		g_cond_signal(&p->changed);
	}
	g_mutex_unlock(&p->lock);
	gst_sample_unref(dropped);
}

static GstVideoOverlayRectangle *rectangle_new(const struct play_overlay *overlay)
{
	GstBuffer *buffer = gst_buffer_new_wrapped_bytes(overlay->pixels);
	gsize offset[GST_VIDEO_MAX_PLANES] = {0};
	gint stride[GST_VIDEO_MAX_PLANES] = {overlay->stride_bytes};
	gst_buffer_add_video_meta_full(buffer, GST_VIDEO_FRAME_FLAG_NONE,
		GST_VIDEO_OVERLAY_COMPOSITION_FORMAT_RGB, overlay->width, overlay->height, 1,
		offset, stride);
	GstVideoOverlayRectangle *rectangle =
		gst_video_overlay_rectangle_new_raw(buffer, overlay->x, overlay->y, overlay->width,
			overlay->height, GST_VIDEO_OVERLAY_FORMAT_FLAG_PREMULTIPLIED_ALPHA);
	gst_buffer_unref(buffer);
	return rectangle;
}

static GstVideoOverlayComposition *composition_new(
	const struct play_overlay *overlays, size_t count)
{
	if (!count)
		return NULL;
	GstVideoOverlayComposition *composition = gst_video_overlay_composition_new(NULL);
	for (size_t i = 0; i < count; i++) {
		GstVideoOverlayRectangle *rectangle = rectangle_new(&overlays[i]);
		gst_video_overlay_composition_add_rectangle(composition, rectangle);
		gst_video_overlay_rectangle_unref(rectangle);
	}
	return composition;
}

void presenter_set_overlay(struct presenter *p, const struct play_overlay *overlays, size_t count)
{
	GstVideoOverlayComposition *next = composition_new(overlays, count);
	g_mutex_lock(&p->lock);
	GstVideoOverlayComposition *before = p->overlay;
	p->overlay = next;
	p->overlay_is_new = true;
	g_cond_signal(&p->changed);
	g_mutex_unlock(&p->lock);
	if (before)
		gst_video_overlay_composition_unref(before);
}

void presenter_repaint(struct presenter *p)
{
	g_mutex_lock(&p->lock);
	p->picture_is_new = false;
	p->overlay_is_new = true;
	g_cond_signal(&p->changed);
	g_mutex_unlock(&p->lock);
}

GstSample *presenter_shown(struct presenter *p)
{
	gint64 deadline_us = g_get_monotonic_time() + SETTLE_US;
	bool woken = true;
	g_mutex_lock(&p->lock);
	while ((p->picture_is_new || p->overlay_is_new || p->presenting) && woken)
		woken = g_cond_wait_until(&p->settled, &p->lock, deadline_us);
	GstSample *sample = gst_sample_ref(p->shown ? p->shown : p->picture);
	g_mutex_unlock(&p->lock);
	return sample;
}
