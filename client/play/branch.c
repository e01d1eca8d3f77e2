#include "client/play/branch.h"

#include <errno.h>
#include <gst/video/video.h>

#include "client/play/elements.h"

static const char *const unit_caps[] = {
	/* One buffer is one access unit: without alignment=au the parser waits for the next one. */
	[PLAY_VIDEO] = "video/x-h264, stream-format=byte-stream, alignment=au",
	[PLAY_AUDIO] = "audio/mpeg, mpegversion=4, stream-format=adts",
};

/* What a parser makes of it, so that decoders that want more than the above are found as well. */
static const char *const parsed_caps[] = {
	[PLAY_VIDEO] = "video/x-h264, stream-format=byte-stream, alignment=au, parsed=true",
	[PLAY_AUDIO] = "audio/mpeg, mpegversion=4, stream-format=adts, framed=true",
};

static GstElement *find(GstElementFactoryListType type, const char *caps_string)
{
	GstCaps *caps = gst_caps_from_string(caps_string);
	GstElement *element = elements_find(type, caps);
	gst_caps_unref(caps);
	return element;
}

/*
 * A decoder keeps back as many pictures as its stream may reorder. The first key unit after a flush
 * goes in as a copy, is drained by the still-frame event (the decoder gives out all it has), and
 * then goes in again, to be decoded on from.
 */
static GstPadProbeReturn drain_first_unit(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	struct branch *branch = data;
	if (!g_atomic_int_compare_and_exchange(&branch->still_armed, TRUE, FALSE))
		return GST_PAD_PROBE_OK;
	gst_pad_chain(pad, gst_buffer_copy(GST_PAD_PROBE_INFO_BUFFER(info)));
	gst_pad_send_event(pad, gst_video_event_new_still_frame(TRUE));
	gst_pad_send_event(pad, gst_video_event_new_still_frame(FALSE));
	return GST_PAD_PROBE_OK;
}

static void add_still_probe(struct branch *branch)
{
	GstPad *pad = gst_element_get_static_pad(branch->decoder, "sink");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, drain_first_unit, branch, NULL);
	gst_object_unref(pad);
	branch->still_armed = TRUE;
}

static GstElement *make_source(enum play_kind kind)
{
	GstElement *in = elements_source();
	GstCaps *caps = gst_caps_from_string(unit_caps[kind]);
	g_object_set(in, "caps", caps, NULL);
	gst_caps_unref(caps);
	return in;
}

static GstElementFactoryListType media(enum play_kind kind)
{
	return kind == PLAY_VIDEO ? GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO
				  : GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO;
}

int branch_init(struct branch *branch, GstBin *pipeline, enum play_kind kind, char **ret_why)
{
	GstElement *parser = find(GST_ELEMENT_FACTORY_TYPE_PARSER | media(kind), unit_caps[kind]);
	GstElement *decoder =
		find(GST_ELEMENT_FACTORY_TYPE_DECODER | media(kind), parsed_caps[kind]);
	if (!parser || !decoder) {
		*ret_why = g_strdup_printf("no GStreamer %s for %s is installed",
			parser ? "decoder" : "parser", kind == PLAY_VIDEO ? "H.264" : "AAC");
		elements_discard(parser);
		elements_discard(decoder);
		return -ENOENT;
	}
	GstElement *in = make_source(kind);
	branch->bin = gst_bin_new(kind == PLAY_VIDEO ? "video" : "audio");
	branch->in = GST_APP_SRC(gst_object_ref(in));
	branch->decoder = gst_object_ref(decoder);
	gst_bin_add_many(GST_BIN(branch->bin), in, parser, decoder, NULL);
	gst_bin_add(pipeline, branch->bin);
	gst_element_link_many(in, parser, decoder, NULL);
	if (kind == PLAY_VIDEO)
		add_still_probe(branch);
	return 0;
}

void branch_clear(struct branch *branch)
{
	branch->bin = NULL; /* the pipeline's */
	g_clear_pointer(&branch->in, gst_object_unref);
	g_clear_pointer(&branch->decoder, gst_object_unref);
}

void branch_flush(struct branch *branch)
{
	if (!branch->in)
		return;
	gst_element_send_event(GST_ELEMENT(branch->in), gst_event_new_flush_start());
	gst_element_send_event(GST_ELEMENT(branch->in), gst_event_new_flush_stop(FALSE));
	g_atomic_int_set(&branch->still_armed, TRUE);
}

void branch_push(struct branch *branch, const struct play_unit *unit)
{
	GstBuffer *buffer = gst_buffer_new_wrapped_bytes(unit->data);
	g_bytes_unref(unit->data);
	GST_BUFFER_PTS(buffer) = unit->pts_ns;
	GST_BUFFER_DTS(buffer) = unit->dts_ns;
	if (!unit->key && unit->kind == PLAY_VIDEO)
		GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
	gst_app_src_push_buffer(branch->in, buffer);
}
