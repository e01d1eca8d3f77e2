#include "tests/lab/pipeline.h"

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

static void feed_next(GstAppSrc *source, guint length, gpointer user)
{
	(void)length;
	const struct pipeline_ends *ends = user;
	GstBuffer *buffer = ends->feed(ends->user);
	if (buffer)
		gst_app_src_push_buffer(source, buffer);
	else
		gst_app_src_end_of_stream(source);
}

static GstFlowReturn take_sample(GstAppSink *sink, gpointer user)
{
	const struct pipeline_ends *ends = user;
	GstSample *sample = gst_app_sink_pull_sample(sink);
	if (!sample)
		return GST_FLOW_EOS;
	bool taken = ends->take(ends->user, sample);
	gst_sample_unref(sample);
	if (taken)
		return GST_FLOW_OK;
	GST_ELEMENT_ERROR(sink, STREAM, FAILED, ("unexpected output"), (NULL));
	return GST_FLOW_ERROR;
}

static void connect_ends(GstElement *pipeline, const char *caps, const struct pipeline_ends *ends)
{
	g_autoptr(GstElement) source = gst_bin_get_by_name(GST_BIN(pipeline), "source");
	g_autoptr(GstElement) sink = gst_bin_get_by_name(GST_BIN(pipeline), "sink");
	g_autoptr(GstCaps) source_caps = gst_caps_from_string(caps);
	GstAppSrcCallbacks source_callbacks = {.need_data = feed_next};
	GstAppSinkCallbacks sink_callbacks = {.new_sample = take_sample};
	g_object_set(source, "format", GST_FORMAT_TIME, "caps", source_caps, NULL);
	g_object_set(sink, "sync", FALSE, NULL);
	gst_app_src_set_callbacks(GST_APP_SRC(source), &source_callbacks, (gpointer)ends, NULL);
	gst_app_sink_set_callbacks(GST_APP_SINK(sink), &sink_callbacks, (gpointer)ends, NULL);
}

static bool wait_for_end(GstElement *pipeline, GError **error)
{
	g_autoptr(GstBus) bus = gst_element_get_bus(pipeline);
	g_autoptr(GstMessage) message = gst_bus_timed_pop_filtered(
		bus, GST_CLOCK_TIME_NONE, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS)
		return true;
	gst_message_parse_error(message, error, NULL);
	return false;
}

bool pipeline_run(
	const char *caps, const char *elements, const struct pipeline_ends *ends, GError **error)
{
	if (!gst_init_check(NULL, NULL, error))
		return false;
	g_autofree char *description =
		g_strdup_printf("appsrc name=source ! %s ! appsink name=sink", elements);
	GError *parse_error = NULL;
	GstElement *pipeline =
		gst_parse_launch_full(description, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &parse_error);
	if (!pipeline) {
		g_propagate_error(error, parse_error);
		return false;
	}
	connect_ends(pipeline, caps, ends);
	gst_element_set_state(pipeline, GST_STATE_PLAYING);
	bool ended = wait_for_end(pipeline, error);
	gst_element_set_state(pipeline, GST_STATE_NULL);
	gst_object_unref(pipeline);
	return ended;
}
