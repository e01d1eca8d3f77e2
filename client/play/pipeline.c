#include "client/play/pipeline.h"

#include <errno.h>
#include <gst/app/app.h>
#include <gst/video/videooverlay.h>

#include "client/play/elements.h"

static GstFlowReturn hand_on(struct pipeline *pipeline, GstSample *picture)
{
	if (!picture)
		return GST_FLOW_FLUSHING;
	pipeline->listener.picture(pipeline->listener.ctx, picture);
	return GST_FLOW_OK;
}

/* The first picture after a flush comes as a preroll, before any wait for the clock. */
static GstFlowReturn on_preroll(GstAppSink *sink, gpointer data)
{
	return hand_on(data, gst_app_sink_pull_preroll(sink));
}

static GstFlowReturn on_sample(GstAppSink *sink, gpointer data)
{
	return hand_on(data, gst_app_sink_pull_sample(sink));
}

static GstPadProbeReturn on_sound(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	struct pipeline *pipeline = data;
	GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
	pipeline->listener.sound(pipeline->listener.ctx, GST_BUFFER_PTS(buffer));
	return GST_PAD_PROBE_OK;
}

/*
 * Elements report the latency that they would like; ours is 0 on purpose (use_monotonic_time),
 * which the pipeline warns of at every start.
 */
static bool is_about_latency(GstMessage *message)
{
	GError *error = NULL;
	gst_message_parse_warning(message, &error, NULL);
	bool found = g_error_matches(error, GST_CORE_ERROR, GST_CORE_ERROR_CLOCK);
	g_error_free(error);
	return found;
}

static bool is_trouble(GstMessage *message)
{
	return GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR ||
	       (GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING && !is_about_latency(message));
}

static GstBusSyncReply on_bus_message(GstBus *bus, GstMessage *message, gpointer data)
{
	(void)bus;
	struct pipeline *pipeline = data;
	if (is_trouble(message))
		pipeline->listener.trouble(pipeline->listener.ctx, message);
	else
		gst_message_unref(message);
	return GST_BUS_DROP; /* the reference went with the message */
}

static void add_picture_sink(struct pipeline *pipeline)
{
	GstElement *sink = gst_element_factory_make("appsink", "pictures");
	GstCaps *caps = gst_caps_new_empty_simple("video/x-raw");
	/* This is where the clock is waited for; max-lateness -1: late is shown, not lost. */
	g_object_set(sink, "sync", TRUE, "async", FALSE, "qos", FALSE, "max-lateness",
		G_GINT64_CONSTANT(-1), "enable-last-sample", FALSE, "caps", caps, NULL);
	gst_caps_unref(caps);
	GstAppSinkCallbacks callbacks = {.new_preroll = on_preroll, .new_sample = on_sample};
	gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, pipeline, NULL);
	gst_bin_add(GST_BIN(pipeline->bin), sink);
	gst_element_link(pipeline->video.decoder, sink);
}

static void add_audio_sink(struct pipeline *pipeline)
{
	GstElement *convert = gst_element_factory_make("audioconvert", NULL);
	GstElement *resample = gst_element_factory_make("audioresample", NULL);
	gst_bin_add_many(GST_BIN(pipeline->bin), convert, resample, pipeline->audio_sink, NULL);
	gst_element_link_many(
		pipeline->audio.decoder, convert, resample, pipeline->audio_sink, NULL);
	GstPad *pad = gst_element_get_static_pad(pipeline->audio_sink, "sink");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_sound, pipeline, NULL);
	gst_object_unref(pad);
}

/*
 * Access units carry CLOCK_MONOTONIC times, so the pipeline's running time must be that clock: base
 * time 0, never set anew. Latency is 0 because the due times already hold all that is wanted.
 */
static void use_monotonic_time(GstElement *bin)
{
	GstClock *clock = gst_system_clock_obtain();
	gst_pipeline_use_clock(GST_PIPELINE(bin), clock);
	gst_object_unref(clock);
	gst_element_set_start_time(bin, GST_CLOCK_TIME_NONE);
	gst_element_set_base_time(bin, 0);
	gst_pipeline_set_latency(GST_PIPELINE(bin), 0);
}

static int add_branches(
	struct pipeline *pipeline, const struct play_options *options, char **ret_why)
{
	GstBin *bin = GST_BIN(pipeline->bin);
	int error = branch_init(&pipeline->video, bin, PLAY_VIDEO, ret_why);
	if (!error)
		error = branch_init(&pipeline->audio, bin, PLAY_AUDIO, ret_why);
	if (error)
		return error;
	pipeline->audio_sink = elements_audio_sink(options->audio_sink, ret_why);
	if (!pipeline->audio_sink)
		return -ENODEV;
	add_picture_sink(pipeline);
	add_audio_sink(pipeline);
	return 0;
}

int pipeline_init(struct pipeline *pipeline, const struct play_options *options,
	struct presenter *presenter, const struct pipeline_listener *listener, char **ret_why)
{
	pipeline->listener = *listener;
	pipeline->window = options->window.type;
	pipeline->bin = gst_pipeline_new("zapper");
	use_monotonic_time(pipeline->bin);
	GstBus *bus = gst_element_get_bus(pipeline->bin);
	gst_bus_set_sync_handler(bus, on_bus_message, pipeline, NULL);
	gst_object_unref(bus);

	pipeline->video_sink = elements_video_sink(options->video_sink, &options->window, ret_why);
	if (!pipeline->video_sink)
		return -ENODEV;
	presenter_attach(presenter, GST_BIN(pipeline->bin), pipeline->video_sink);
	int error = add_branches(pipeline, options, ret_why);
	if (error)
		return error;
	if (gst_element_set_state(pipeline->bin, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
		*ret_why = g_strdup("the pipeline does not start");
		return -ENODEV;
	}
	return 0;
}

void pipeline_stop(struct pipeline *pipeline)
{
	gst_element_set_state(pipeline->bin, GST_STATE_NULL);
}

void pipeline_clear(struct pipeline *pipeline)
{
	branch_clear(&pipeline->video);
	branch_clear(&pipeline->audio);
	g_clear_pointer(&pipeline->bin, gst_object_unref);
}

void pipeline_flush(struct pipeline *pipeline)
{
	branch_flush(&pipeline->video);
	branch_flush(&pipeline->audio);
}

void pipeline_push(struct pipeline *pipeline, const struct play_unit *unit)
{
	branch_push(unit->kind == PLAY_VIDEO ? &pipeline->video : &pipeline->audio, unit);
}

void pipeline_restart(struct pipeline *pipeline)
{
	gst_element_set_state(pipeline->bin, GST_STATE_READY);
	gst_element_set_state(pipeline->bin, GST_STATE_PLAYING);
}

void pipeline_place(struct pipeline *pipeline, int width, int height)
{
	if (!GST_IS_VIDEO_OVERLAY(pipeline->video_sink))
		return;
	GstVideoOverlay *overlay = GST_VIDEO_OVERLAY(pipeline->video_sink);
	gst_video_overlay_set_render_rectangle(overlay, 0, 0, width, height);
	if (pipeline->window == PLAY_WINDOW_X11) /* its sink looks for no events */
		gst_video_overlay_expose(overlay);
}
