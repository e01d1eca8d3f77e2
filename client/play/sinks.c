#include "client/play/sinks.h"

#include <gst/audio/gstaudiosink.h>
#include <gst/video/videooverlay.h>
#include <string.h>

#include "client/play/elements.h"
#include "client/play/kms.h"

/*
 * How much an audio device may hold, and take at a time. It keeps itself full, so sound that comes
 * later than so long before its time is lost (it comes 80 ms before); and what it has taken is
 * heard, whatever the volume is by then.
 */
#define DEVICE_BUFFER_US G_GINT64_CONSTANT(40000)
#define DEVICE_PERIOD_US G_GINT64_CONSTANT(10000)

static void set_if_there(GstElement *element, const char *property, const char *value)
{
	if (g_object_class_find_property(G_OBJECT_GET_CLASS(element), property))
		gst_util_set_object_arg(G_OBJECT(element), property, value);
}

static gint64 number(GstElement *element, const char *property)
{
	gint64 value = 0;
	GParamSpec *spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), property);
	if (spec && spec->value_type == G_TYPE_INT64)
		g_object_get(element, property, &value, NULL);
	return value;
}

/* What a description of the viewer's says stays. */
static void set_if_default(GstElement *element, const char *property, gint64 value)
{
	GParamSpec *spec = g_object_class_find_property(G_OBJECT_GET_CLASS(element), property);
	if (!spec || spec->value_type != G_TYPE_INT64)
		return;
	if (number(element, property) == G_PARAM_SPEC_INT64(spec)->default_value)
		g_object_set(element, property, value, NULL);
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
	/*
	 * A sound card's clock is another one: not left behind until it has to jump, but followed.
	 * A server's (pulsesink) tells too little of its own for that, and takes sound at any time.
	 */
	bool is_device = GST_IS_AUDIO_SINK(sink);
	set_if_there(sink, "slave-method", is_device ? "resample" : "skew");
	if (!is_device)
		return;
	set_if_default(sink, "buffer-time", DEVICE_BUFFER_US);
	set_if_default(sink, "latency-time", DEVICE_PERIOD_US);
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

static struct sinks_choice from_description(const char *description)
{
	struct sinks_choice choice = {.reason = "as the settings describe it"};
	GError *error = NULL;
	choice.sink = gst_parse_bin_from_description_full(
		description, TRUE, NULL, GST_PARSE_FLAG_FATAL_ERRORS, &error);
	if (!choice.sink) {
		choice.error = g_strdup_printf(
			"the sink \"%s\" cannot be made: %s", description, error->message);
		g_error_free(error);
	}
	return choice;
}

/* ---- pictures ---- */

static void share_display(GstElement *sink, const struct play_window *window)
{
	/* The name and field by which waylandsink knows a display that is not its own. */
	GstContext *context = gst_context_new("GstWlDisplayHandleContextType", TRUE);
	gst_structure_set(gst_context_writable_structure(context), "handle", G_TYPE_POINTER,
		window->display, NULL);
	gst_element_set_context(sink, context);
	gst_context_unref(context);
}

static void use_window(GstElement *sink, const struct play_window *window)
{
	if (window->type == PLAY_WINDOW_KMS) {
		g_object_set(sink, "fd", window->drm_fd, "connector-id", window->connector_id,
			"plane-id", window->plane_id, NULL);
		return;
	}
	if (window->type == PLAY_WINDOW_NONE || !GST_IS_VIDEO_OVERLAY(sink))
		return;
	if (window->type == PLAY_WINDOW_WAYLAND)
		share_display(sink, window);
	/* Before the handle: the sink would ask for the window's keys, to look at every 50 ms. */
	gst_video_overlay_handle_events(GST_VIDEO_OVERLAY(sink), FALSE);
	gst_video_overlay_set_window_handle(GST_VIDEO_OVERLAY(sink), window->handle);
	if (window->type == PLAY_WINDOW_WAYLAND)
		gst_video_overlay_set_render_rectangle(
			GST_VIDEO_OVERLAY(sink), 0, 0, window->width, window->height);
}

/* Elements to try, best first, and why. */
struct candidates {
	const char *names[3];
	const char *reason;
};

static struct candidates of_name(const char *wanted)
{
	static const struct {
		const char *name;
		struct candidates candidates;
	} known[] = {
		{"x11", {{"xvimagesink", "ximagesink"}, "X11, as asked for"}},
		{"wayland", {{"waylandsink"}, "Wayland, as asked for"}},
		{"kms", {{"kmssink"}, "KMS, as asked for"}},
		{"none", {{"fakesink"}, "no picture, as asked for"}},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (!strcmp(wanted, known[i].name))
			return known[i].candidates;
	return (struct candidates){.reason = NULL};
}

/* The caller has looked for a display: a sink would look for the same again, and fail. */
static struct candidates of_what_is_there(const struct play_window *window)
{
	switch (window->type) {
	case PLAY_WINDOW_WAYLAND:
		return (struct candidates){{"waylandsink"}, "a window on Wayland"};
	case PLAY_WINDOW_X11:
		return (struct candidates){{"xvimagesink", "ximagesink"}, "a window on X11"};
	case PLAY_WINDOW_KMS:
		return (struct candidates){{"kmssink"}, "a screen of our own"};
	default:
		break;
	}
	if (kms_is_free())
		return (struct candidates){
			{"kmssink", "fakesink"}, "no display answers, but a screen may be free"};
	return (struct candidates){{"fakesink"}, "no display answers and no screen is free"};
}

static GstElement *open_named(const char *name, const struct play_window *window)
{
	GstElement *sink = gst_element_factory_make(name, NULL);
	if (!sink)
		return NULL;
	use_window(sink, window);
	if (elements_open(sink))
		return sink;
	elements_discard(sink);
	return NULL;
}

static struct sinks_choice first_of(
	const struct candidates *candidates, const char *wanted, const struct play_window *window)
{
	struct sinks_choice choice = {.reason = candidates->reason};
	for (const char *const *name = candidates->names; *name && !choice.sink; name++)
		choice.sink = open_named(*name, window);
	if (!choice.sink)
		choice.error = g_strdup_printf("no %s video sink opens here", wanted);
	return choice;
}

struct sinks_choice sinks_video(const char *wanted, const struct play_window *window)
{
	struct candidates candidates =
		strcmp(wanted, "auto") ? of_name(wanted) : of_what_is_there(window);
	struct sinks_choice choice = candidates.reason ? first_of(&candidates, wanted, window)
						       : from_description(wanted);
	if (choice.sink)
		configure_sink(choice.sink, false);
	return choice;
}

void sinks_screen_size(GstElement *sink, int *width, int *height)
{
	if (!strcmp(sinks_name(sink), "kmssink") && !GST_IS_BIN(sink))
		g_object_get(sink, "display-width", width, "display-height", height, NULL);
}

/* ---- sound ---- */

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
		if (element && !GST_IS_BIN(element) && elements_open(element))
			found = element;
		else if (element)
			elements_discard(element);
	}
	gst_plugin_feature_list_free(all);
	return found;
}

static struct sinks_choice whatever_sounds(void)
{
	GstElement *sink = best_audio_sink();
	if (sink)
		return (struct sinks_choice){sink, "the best that opens", NULL};
	return (struct sinks_choice){
		gst_element_factory_make("fakesink", NULL), "no audio device opens", NULL};
}

struct sinks_choice sinks_audio(const char *wanted)
{
	struct sinks_choice choice;
	if (!strcmp(wanted, "auto"))
		choice = whatever_sounds();
	else if (!strcmp(wanted, "none"))
		choice = (struct sinks_choice){
			gst_element_factory_make("fakesink", NULL), "no sound, as asked for", NULL};
	else
		choice = from_description(wanted);
	if (choice.sink)
		configure_sink(choice.sink, true);
	return choice;
}

uint64_t sinks_lead_ns(GstElement *sink)
{
	/* What it holds, what it takes at a time, and half of that for the way there. */
	if (!GST_IS_BIN(sink) && GST_IS_AUDIO_SINK(sink))
		return (uint64_t)(number(sink, "buffer-time") +
				  number(sink, "latency-time") * 3 / 2) *
		       1000;
	if (!GST_IS_BIN(sink))
		return 0;
	uint64_t lead_ns = 0;
	GstIterator *sinks = gst_bin_iterate_sinks(GST_BIN(sink));
	GValue item = G_VALUE_INIT;
	if (gst_iterator_next(sinks, &item) == GST_ITERATOR_OK) {
		lead_ns = sinks_lead_ns(g_value_get_object(&item));
		g_value_unset(&item);
	}
	gst_iterator_free(sinks);
	return lead_ns;
}

const char *sinks_name(GstElement *sink)
{
	const char *name = "none";
	if (!GST_IS_BIN(sink)) {
		GstElementFactory *factory = gst_element_get_factory(sink);
		return factory ? GST_OBJECT_NAME(factory) : name;
	}
	GstIterator *sinks = gst_bin_iterate_sinks(GST_BIN(sink));
	GValue item = G_VALUE_INIT;
	if (gst_iterator_next(sinks, &item) == GST_ITERATOR_OK) {
		name = sinks_name(g_value_get_object(&item));
		g_value_unset(&item);
	}
	gst_iterator_free(sinks);
	return name;
}
