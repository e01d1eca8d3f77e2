#include "client/play/branch.h"

#include <gst/video/video.h>

#include "client/play/codec.h"
#include "client/play/elements.h"

/* An event's name. */
#define EXPECTED "zapper-expected"

/* ---- the first picture ---- */

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
}

/* ---- parser and decoder, on the streaming thread ---- */

static GstElementFactoryListType media(enum play_kind kind)
{
	return kind == PLAY_VIDEO ? GST_ELEMENT_FACTORY_TYPE_MEDIA_VIDEO
				  : GST_ELEMENT_FACTORY_TYPE_MEDIA_AUDIO;
}

static GstElement *find_parser(const struct codec *codec)
{
	GstCaps *caps = gst_caps_from_string(codec->caps);
	GstElement *parser =
		elements_find(GST_ELEMENT_FACTORY_TYPE_PARSER | media(codec->kind), caps, false);
	gst_caps_unref(caps);
	return parser;
}

/* In a decoder's place: takes all that comes, and waits for nothing. */
static GstElement *make_end(void)
{
	GstElement *end = gst_element_factory_make("fakesink", NULL);
	g_object_set(end, "sync", FALSE, "async", FALSE, "enable-last-sample", FALSE, NULL);
	return end;
}

static GstElement *find_decoder(const struct codec *codec)
{
	GstCaps *caps = gst_caps_from_string(codec->parsed_caps);
	GstElement *decoder = elements_find(
		GST_ELEMENT_FACTORY_TYPE_DECODER | media(codec->kind), caps, codec->layers);
	gst_caps_unref(caps);
	return decoder;
}

static void remove_element(struct branch *branch, GstElement **element)
{
	if (!*element)
		return;
	gst_element_set_state(*element, GST_STATE_NULL);
	gst_bin_remove(GST_BIN(branch->bin), *element);
	*element = NULL;
}

/* The old decoder gives out what it has; the event ends before the converter. */
static void take_down(struct branch *branch, GstPad *in)
{
	GstPad *first = gst_pad_get_peer(in);
	if (first) {
		gst_pad_send_event(first, gst_event_new_eos());
		gst_object_unref(first);
	}
	remove_element(branch, &branch->parser);
	remove_element(branch, &branch->decoder);
	branch->built = PLAY_CODEC_NONE;
}

/* Tells what is missing as an error of the bin, whose name is the branch's. */
static void tell_missing(
	struct branch *branch, const struct codec *codec, const char *what, const char *package)
{
	GST_ELEMENT_ERROR(branch->bin, STREAM, CODEC_NOT_FOUND,
		("no GStreamer %s for %s is installed; Debian's package %s has one", what,
			codec->name, package),
		(NULL));
}

/* `asked`: units are there that need them. */
static bool find_elements(struct branch *branch, const struct codec *codec, bool asked)
{
	branch->parser = codec->parser_package ? find_parser(codec) : NULL;
	branch->decoder = branch->ends_undecoded ? make_end() : find_decoder(codec);
	bool parses = branch->parser || !codec->parser_package;
	if (parses && branch->decoder)
		return true;
	if (asked && parses)
		tell_missing(branch, codec, "decoder", codec->decoder_package);
	else if (asked)
		tell_missing(branch, codec, "parser", codec->parser_package);
	elements_discard(branch->parser);
	elements_discard(branch->decoder);
	branch->parser = branch->decoder = NULL;
	return false;
}

static bool build(struct branch *branch, enum play_codec wanted, bool asked)
{
	if (!find_elements(branch, codec_get(wanted), asked))
		return false;
	GstElement *first = branch->parser ? branch->parser : branch->decoder;
	gst_bin_add(GST_BIN(branch->bin), branch->decoder);
	if (branch->parser) {
		gst_bin_add(GST_BIN(branch->bin), branch->parser);
		gst_element_link(branch->parser, branch->decoder);
	}
	if (!branch->ends_undecoded)
		gst_element_link(branch->decoder, branch->converter);
	gst_element_sync_state_with_parent(branch->decoder);
	if (branch->parser)
		gst_element_sync_state_with_parent(branch->parser);
	gst_element_link(GST_ELEMENT(branch->in), first);
	if (branch->kind == PLAY_VIDEO && !branch->ends_undecoded)
		add_still_probe(branch);
	branch->built = wanted;
	branch->rebuilds++;
	return true;
}

static enum play_codec codec_of(const GstCaps *caps)
{
	for (enum play_codec i = PLAY_CODEC_NONE + 1; i < PLAY_CODECS; i++) {
		GstCaps *known = gst_caps_from_string(codec_get(i)->caps);
		bool same = gst_caps_is_equal(known, caps);
		gst_caps_unref(known);
		if (same)
			return i;
	}
	return PLAY_CODEC_NONE;
}

/* The caps come before the first unit of a codec: what cannot take them has to go. */
static void take_caps(struct branch *branch, GstPad *pad, GstEvent *event)
{
	GstCaps *caps;
	gst_event_parse_caps(event, &caps);
	branch->coming = codec_of(caps);
	if (branch->coming != branch->built)
		take_down(branch, pad);
}

/* An event of our own comes behind the caps of units that are expected. */
static GstPadProbeReturn on_input_event(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	struct branch *branch = data;
	GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
	if (gst_event_has_name(event, EXPECTED)) {
		if (branch->coming != branch->built && branch->coming != PLAY_CODEC_NONE)
			build(branch, branch->coming, false);
		return GST_PAD_PROBE_DROP;
	}
	if (GST_EVENT_TYPE(event) == GST_EVENT_CAPS)
		take_caps(branch, pad, event);
	return GST_PAD_PROBE_OK;
}

/*
 * Before the unit itself its elements are put there; the pad then tells them of stream and caps, in
 * that order. What cannot be decoded is told once in each zap, and dropped.
 */
static GstPadProbeReturn on_input(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	(void)info;
	struct branch *branch = data;
	if (branch->coming == branch->built)
		return GST_PAD_PROBE_OK;
	if (!g_atomic_int_compare_and_exchange(&branch->may_build, TRUE, FALSE) ||
		!build(branch, branch->coming, true))
		return GST_PAD_PROBE_DROP;
	g_atomic_int_set(&branch->may_build, TRUE);
	return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn drop_eos(GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
	(void)pad;
	(void)data;
	GstEvent *event = GST_PAD_PROBE_INFO_EVENT(info);
	return GST_EVENT_TYPE(event) == GST_EVENT_EOS ? GST_PAD_PROBE_DROP : GST_PAD_PROBE_OK;
}

/* ---- the persistent ends ---- */

static GstFlowReturn on_sample(GstAppSink *sink, gpointer data)
{
	struct branch *branch = data;
	GstSample *sample = gst_app_sink_pull_sample(sink);
	if (!sample)
		return GST_FLOW_FLUSHING;
	/* The sink writes into its sample after a flush (1.22), so nobody else may hold that one.
	 */
	GstSample *own = gst_sample_new(
		gst_sample_get_buffer(sample), gst_sample_get_caps(sample), NULL, NULL);
	gst_sample_unref(sample);
	branch->decoded(branch->ctx, own);
	return GST_FLOW_OK;
}

static GstElement *make_out(struct branch *branch, GstCaps *caps)
{
	GstElement *out = gst_element_factory_make("appsink", NULL);
	/* Whoever takes what comes out waits for its time. */
	g_object_set(out, "sync", FALSE, "async", FALSE, "qos", FALSE, "enable-last-sample", FALSE,
		"caps", caps, NULL);
	GstAppSinkCallbacks callbacks = {.new_sample = on_sample};
	gst_app_sink_set_callbacks(GST_APP_SINK(out), &callbacks, branch, NULL);
	return out;
}

static void add_probe(GstElement *element, const char *pad_name, GstPadProbeType type,
	GstPadProbeCallback callback, struct branch *branch)
{
	GstPad *pad = gst_element_get_static_pad(element, pad_name);
	gst_pad_add_probe(pad, type, callback, branch, NULL);
	gst_object_unref(pad);
}

void branch_init(struct branch *branch, GstBin *pipeline, enum play_kind kind,
	GstElement *converter, GstCaps *caps, branch_decoded_fn decoded, void *ctx)
{
	branch->kind = kind;
	branch->decoded = decoded;
	branch->ctx = ctx;
	GstElement *in = elements_source(), *out = make_out(branch, caps);
	branch->bin = gst_bin_new(kind == PLAY_VIDEO ? "video" : "audio");
	branch->in = GST_APP_SRC(gst_object_ref(in));
	branch->converter = converter;
	branch->out = GST_APP_SINK(gst_object_ref(out));
	gst_bin_add_many(GST_BIN(branch->bin), in, converter, out, NULL);
	gst_bin_add(pipeline, branch->bin);
	gst_element_link(converter, out);
	add_probe(in, "src", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, on_input_event, branch);
	add_probe(in, "src", GST_PAD_PROBE_TYPE_BUFFER, on_input, branch);
	add_probe(converter, "sink", GST_PAD_PROBE_TYPE_EVENT_DOWNSTREAM, drop_eos, branch);
	branch->still_armed = branch->may_build = TRUE;
}

void branch_clear(struct branch *branch)
{
	/* What is in the bin is the pipeline's. */
	branch->bin = branch->converter = branch->parser = branch->decoder = NULL;
	branch->wanted = branch->coming = branch->built = PLAY_CODEC_NONE;
	g_clear_pointer(&branch->in, gst_object_unref);
	g_clear_pointer(&branch->out, gst_object_unref);
}

void branch_flush(struct branch *branch)
{
	if (!branch->in)
		return;
	elements_flush(GST_ELEMENT(branch->in));
	g_atomic_int_set(&branch->still_armed, TRUE);
	g_atomic_int_set(&branch->may_build, TRUE);
}

/* Straight to the decoder: the deinterlacer would take it for itself, too. */
void branch_hurry(struct branch *branch, uint64_t until_ns)
{
	GstPad *converter = gst_element_get_static_pad(branch->converter, "sink");
	GstPad *decoder = gst_pad_get_peer(converter);
	gst_object_unref(converter);
	if (!decoder)
		return;
	gst_pad_send_event(decoder, gst_event_new_qos(GST_QOS_TYPE_UNDERFLOW, 1, 0, until_ns));
	gst_object_unref(decoder);
}

static void want(struct branch *branch, enum play_codec codec)
{
	GstCaps *caps = gst_caps_from_string(codec_get(codec)->caps);
	gst_app_src_set_caps(branch->in, caps);
	gst_caps_unref(caps);
	branch->wanted = codec;
}

void branch_expect(struct branch *branch, enum play_codec codec)
{
	const struct codec *known = codec_get(codec);
	if (!known || known->kind != branch->kind)
		return;
	if (codec != branch->wanted)
		want(branch, codec);
	GstStructure *name = gst_structure_new_empty(EXPECTED);
	gst_element_send_event(
		GST_ELEMENT(branch->in), gst_event_new_custom(GST_EVENT_CUSTOM_DOWNSTREAM, name));
}

void branch_push(struct branch *branch, const struct play_unit *unit)
{
	GstBuffer *buffer = gst_buffer_new_wrapped_bytes(unit->data);
	g_bytes_unref(unit->data);
	GST_BUFFER_PTS(buffer) = unit->pts_ns;
	GST_BUFFER_DTS(buffer) = unit->dts_ns;
	if (!unit->key && unit->kind == PLAY_VIDEO)
		GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
	if (unit->damaged)
		GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_CORRUPTED);
	if (unit->codec != branch->wanted)
		want(branch, unit->codec);
	gst_app_src_push_buffer(branch->in, buffer);
}
