#include "client/play/elements.h"

#include <gst/video/videooverlay.h>
#include <string.h>

#define MAX_LATENCY_NS ((gint64)(3600 * GST_SECOND))

GstElement *elements_source(void)
{
	GstElement *source = gst_element_factory_make("appsrc", NULL);
	g_object_set(source, "format", GST_FORMAT_TIME, "is-live", TRUE, "block", FALSE,
		"max-bytes", G_GUINT64_CONSTANT(0), "min-latency", G_GINT64_CONSTANT(0),
		"max-latency", MAX_LATENCY_NS, NULL);
	return source;
}

void elements_flush(GstElement *source)
{
	gst_element_send_event(source, gst_event_new_flush_start());
	gst_element_send_event(source, gst_event_new_flush_stop(FALSE));
}

/* Whether the element gets hold of its device or display. It stays in READY when it does. */
static bool opens(GstElement *element)
{
	if (gst_element_set_state(element, GST_STATE_READY) != GST_STATE_CHANGE_FAILURE)
		return true;
	gst_element_set_state(element, GST_STATE_NULL);
	return false;
}

void elements_discard(GstElement *element)
{
	if (!element)
		return;
	gst_element_set_state(element, GST_STATE_NULL);
	gst_object_unref(gst_object_ref_sink(element));
}

static GstElement *first_that_opens(GList *factories)
{
	for (GList *item = factories; item; item = item->next) {
		GstElement *element = gst_element_factory_create(item->data, NULL);
		if (!element)
			continue;
		if (opens(element))
			return element;
		elements_discard(element);
	}
	return NULL;
}

GstElement *elements_find(GstElementFactoryListType type, const GstCaps *caps, bool all)
{
	GList *known = gst_element_factory_list_get_elements(type, GST_RANK_MARGINAL);
	GList *able = gst_element_factory_list_filter(known, caps, GST_PAD_SINK, all);
	able = g_list_sort(able, gst_plugin_feature_rank_compare_func);
	GstElement *found = first_that_opens(able);
	gst_plugin_feature_list_free(able);
	gst_plugin_feature_list_free(known);
	return found;
}

static void set_if_there(GstElement *element, const char *property, const char *value)
{
	if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), property))
		gst_util_set_object_arg(G_OBJECT(element), property, value);
}

static void set_never_async(const GValue *item, gpointer sync)
{
	GstElement *sink = g_value_get_object(item);
	set_if_there(sink, "sync", sync ? "true" : "false");
	/* An async sink waits for a first buffer before anything plays; ours may come much later.
	 */
	set_if_there(sink, "async", "false");
	set_if_there(sink, "qos", "false");
	set_if_there(sink, "enable-last-sample", "false");
	/* The pipeline's clock is the system's: a sound card's would move every due time. */
	set_if_there(sink, "provide-clock", "false");
	/* A sound card's clock is another one: not left behind until it has to jump, but followed.
	 */
	set_if_there(sink, "slave-method", "resample");
}

static void configure_sink(GstElement *sink, bool sync)
{
	if (GST_IS_BIN(sink)) {
		GstIterator *sinks = gst_bin_iterate_sinks(GST_BIN(sink));
		gst_iterator_foreach(sinks, set_never_async, GINT_TO_POINTER(sync));
		gst_iterator_free(sinks);
		return;
	}
	GValue item = G_VALUE_INIT;
	g_value_init(&item, GST_TYPE_ELEMENT);
	g_value_set_object(&item, sink);
	set_never_async(&item, GINT_TO_POINTER(sync));
	g_value_unset(&item);
}

static GstElement *from_description(const char *description, char **ret_why)
{
	GError *error = NULL;
	GstElement *sink = gst_parse_bin_from_description_full(
		description, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
	if (!sink) {
		*ret_why = g_strdup_printf(
			"the sink \"%s\" cannot be made: %s", description, error->message);
		g_error_free(error);
	}
	return sink;
}

static void use_window(GstElement *sink, const struct play_window *window)
{
	if (window->type == PLAY_WINDOW_NONE || !GST_IS_VIDEO_OVERLAY(sink))
		return;
	if (window->type == PLAY_WINDOW_WAYLAND) {
		/* The name and field by which waylandsink knows a display that is not its own. */
		GstContext *context = gst_context_new("GstWlDisplayHandleContextType", TRUE);
		gst_structure_set(gst_context_writable_structure(context), "handle", G_TYPE_POINTER,
			window->display, NULL);
		gst_element_set_context(sink, context);
		gst_context_unref(context);
	}
	/* Before the handle: the sink would ask for the window's keys, to look at every 50 ms. */
	gst_video_overlay_handle_events(GST_VIDEO_OVERLAY(sink), FALSE);
	gst_video_overlay_set_window_handle(GST_VIDEO_OVERLAY(sink), window->handle);
	if (window->type == PLAY_WINDOW_WAYLAND)
		gst_video_overlay_set_render_rectangle(
			GST_VIDEO_OVERLAY(sink), 0, 0, window->width, window->height);
}

/* The names to try for a sink, best first; the list ends with NULL. */
static const char *const *candidates(const char *wanted, const struct play_window *window)
{
	static const char *const x11[] = {"xvimagesink", "ximagesink", NULL};
	static const char *const wayland[] = {"waylandsink", NULL};
	static const char *const kms[] = {"kmssink", NULL};
	static const char *const none[] = {"fakesink", NULL};
	static const char *const kms_or_none[] = {"kmssink", "fakesink", NULL};
	if (!strcmp(wanted, "x11"))
		return x11;
	if (!strcmp(wanted, "wayland"))
		return wayland;
	if (!strcmp(wanted, "kms"))
		return kms;
	if (!strcmp(wanted, "none"))
		return none;
	if (strcmp(wanted, "auto"))
		return NULL;
	/* The caller has looked for a display: a sink would look for the same again, and fail. */
	if (window->type == PLAY_WINDOW_WAYLAND)
		return wayland;
	if (window->type == PLAY_WINDOW_X11)
		return x11;
	return kms_or_none;
}

static GstElement *open_named(const char *name, const struct play_window *window)
{
	GstElement *sink = gst_element_factory_make(name, NULL);
	if (!sink)
		return NULL;
	use_window(sink, window);
	if (opens(sink))
		return sink;
	elements_discard(sink);
	return NULL;
}

GstElement *elements_video_sink(
	const char *wanted, const struct play_window *window, char **ret_why)
{
	const char *const *names = candidates(wanted, window);
	GstElement *sink = names ? NULL : from_description(wanted, ret_why);
	for (; names && *names && !sink; names++)
		sink = open_named(*names, window);
	if (sink)
		configure_sink(sink, false);
	else if (!*ret_why)
		*ret_why = g_strdup_printf("no %s video sink opens here", wanted);
	return sink;
}

static bool has_pulse_server(void)
{
	if (g_getenv("PULSE_SERVER") || g_file_test("/run/pulse/native", G_FILE_TEST_EXISTS))
		return true;
	char *path = g_build_filename(g_get_user_runtime_dir(), "pulse", "native", NULL);
	bool found = g_file_test(path, G_FILE_TEST_EXISTS);
	g_free(path);
	return found;
}

/*
 * Sinks not worth a try where what they play through is not there: their libraries would complain
 * on standard error, and leave files behind.
 */
static bool is_hopeless(GstPluginFeature *feature)
{
	const char *name = gst_plugin_feature_get_name(feature);
	if (!strcmp(name, "alsasink"))
		return !g_file_test("/dev/snd", G_FILE_TEST_IS_DIR);
	if (!strcmp(name, "pulsesink"))
		return !has_pulse_server();
	/* Both play through the same cards as the others. */
	return !strcmp(name, "openalsink") || !strcmp(name, "jackaudiosink");
}

static GstElement *best_audio_sink(void)
{
	GList *all = gst_element_factory_list_get_elements(
		GST_ELEMENT_FACTORY_TYPE_SINK | GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO,
		GST_RANK_MARGINAL);
	all = g_list_sort(all, gst_plugin_feature_rank_compare_func);
	/* Bins that choose by themselves (autoaudiosink) fall back silently: skip them. */
	GstElement *found = NULL;
	for (GList *item = all; item && !found; item = item->next) {
		GstElement *element = is_hopeless(item->data)
					      ? NULL
					      : gst_element_factory_create(item->data, NULL);
		if (element && !GST_IS_BIN(element) && opens(element))
			found = element;
		else if (element)
			elements_discard(element);
	}
	gst_plugin_feature_list_free(all);
	return found;
}

GstElement *elements_audio_sink(const char *wanted, char **ret_why)
{
	GstElement *sink = NULL;
	if (!strcmp(wanted, "auto"))
		sink = best_audio_sink();
	else if (strcmp(wanted, "none"))
		sink = from_description(wanted, ret_why);
	if (!sink && !*ret_why)
		sink = gst_element_factory_make("fakesink", NULL);
	if (sink)
		configure_sink(sink, true);
	return sink;
}

const char *elements_sink_name(GstElement *sink)
{
	const char *name = "none";
	if (!GST_IS_BIN(sink)) {
		GstElementFactory *factory = gst_element_get_factory(sink);
		return factory ? GST_OBJECT_NAME(factory) : name;
	}
	GstIterator *sinks = gst_bin_iterate_sinks(GST_BIN(sink));
	GValue item = G_VALUE_INIT;
	if (gst_iterator_next(sinks, &item) == GST_ITERATOR_OK) {
		name = elements_sink_name(g_value_get_object(&item));
		g_value_unset(&item);
	}
	gst_iterator_free(sinks);
	return name;
}
