#include "client/play/elements.h"

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

bool elements_open(GstElement *element)
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
		if (elements_open(element))
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
