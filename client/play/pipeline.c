#include "client/play/pipeline.h"

#include <errno.h>
#include <gst/app/app.h>
#include <gst/video/videooverlay.h>

#include "client/play/elements.h"
#include "client/play/sinks.h"

/* A decoded picture waits for its time here, on the decoder's thread. */
static void on_decoded_picture(void *ctx, GstSample *picture)
{
	struct pipeline *pipeline = ctx;
	uint64_t due_ns = GST_BUFFER_PTS(gst_sample_get_buffer(picture));
	bool hurry = false;
	bool passes = GST_CLOCK_TIME_IS_VALID(due_ns) &&
		      gate_await_picture(&pipeline->gate, due_ns, &hurry);
	if (hurry || pipeline->hurries)
		branch_hurry(&pipeline->video, hurry ? due_ns + PACE_LEFT_OUT_NS : 0);
	pipeline->hurries = hurry;
	if (passes)
		pipeline->listener.picture(pipeline->listener.ctx, picture);
	else
		gst_sample_unref(picture);
}

static void on_decoded_sound(void *ctx, GstSample *piece)
{
	struct pipeline *pipeline = ctx;
	sound_take(&pipeline->sound, piece);
}

static void on_sound_left(void *ctx, uint64_t at_ns, uint64_t first_ns)
{
	struct pipeline *pipeline = ctx;
	pipeline->listener.sound(pipeline->listener.ctx, at_ns, first_ns);
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
	/* A decoder posts one for each picture that it leaves out; sinks do not. */
	pipeline->left_out += GST_MESSAGE_TYPE(message) == GST_MESSAGE_QOS;
	if (is_trouble(message))
		pipeline->listener.trouble(pipeline->listener.ctx, message);
	else
		gst_message_unref(message);
	return GST_BUS_DROP; /* the reference went with the message */
}

static GstElement *make_deinterlacer(const struct play_options *options)
{
	GstElement *deinterlace =
		options->no_deinterlace ? NULL : gst_element_factory_make("deinterlace", NULL);
	if (!deinterlace)
		return gst_element_factory_make("identity", NULL);
	/* It hands progressive pictures through. This method needs no later field for the first
	 * one. */
	gst_util_set_object_arg(G_OBJECT(deinterlace), "method", "linear");
	return deinterlace;
}

static void add_video(struct pipeline *pipeline, const struct play_options *options)
{
	GstCaps *caps = gst_caps_new_empty_simple("video/x-raw");
	branch_init(&pipeline->video, GST_BIN(pipeline->bin), PLAY_VIDEO,
		make_deinterlacer(options), caps, on_decoded_picture, pipeline);
	pipeline->video.ends_undecoded = options->no_pictures;
	gst_caps_unref(caps);
}

/* The choice's error is NULL where there is sound. */
static struct sinks_choice add_audio(
	struct pipeline *pipeline, const char *wanted_sink, struct volume *volume)
{
	GstCaps *caps = sound_caps();
	branch_init(&pipeline->audio, GST_BIN(pipeline->bin), PLAY_AUDIO,
		gst_element_factory_make("audioconvert", NULL), caps, on_decoded_sound, pipeline);
	gst_caps_unref(caps);
	struct sinks_choice choice = sinks_audio(wanted_sink);
	if (!choice.sink)
		return choice;
	GstElement *out = elements_source();
	GstElement *convert = gst_element_factory_make("audioconvert", NULL);
	GstElement *resample = gst_element_factory_make("audioresample", NULL);
	gst_bin_add_many(GST_BIN(pipeline->audio.bin), out, convert, resample, choice.sink, NULL);
	gst_element_link_many(out, convert, resample, choice.sink, NULL);
	const struct sound_options options = {
		&pipeline->gate, volume, sinks_lead_ns(choice.sink), on_sound_left, pipeline};
	sound_init(&pipeline->sound, GST_APP_SRC(out), &options);
	pipeline->audio_sink = choice.sink;
	return choice;
}

/* A picture without sound is better than none. */
static void drop_audio(struct pipeline *pipeline)
{
	if (pipeline->audio.bin) {
		gst_element_set_state(pipeline->audio.bin, GST_STATE_NULL);
		gst_bin_remove(GST_BIN(pipeline->bin), pipeline->audio.bin);
	}
	branch_clear(&pipeline->audio);
	sound_clear(&pipeline->sound);
	pipeline->audio_sink = NULL;
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

static bool starts(struct pipeline *pipeline)
{
	return gst_element_set_state(pipeline->bin, GST_STATE_PLAYING) != GST_STATE_CHANGE_FAILURE;
}

/* With sound if that can be had; ret->error then tells why it cannot. */
static int start(struct pipeline *pipeline, const struct pipeline_parts *parts,
	const struct sinks_choice *video, struct pipeline_texts *ret)
{
	const char *wanted = parts->options->audio_sink;
	struct sinks_choice audio = add_audio(pipeline, wanted, parts->volume);
	ret->error = audio.error;
	if (!audio.sink)
		drop_audio(pipeline);
	bool runs = starts(pipeline);
	if (!runs) {
		drop_audio(pipeline);
		runs = starts(pipeline);
		g_free(ret->error);
		ret->error = runs ? g_strdup_printf("the audio sink \"%s\" does not start", wanted)
				  : g_strdup("the pipeline does not start");
	}
	if (!runs)
		return -ENODEV;
	ret->chosen = g_strdup_printf("pictures go to %s (%s), sound to %s (%s)",
		sinks_name(pipeline->video_sink), video->reason,
		pipeline->audio_sink ? sinks_name(pipeline->audio_sink) : "nothing",
		pipeline->audio_sink ? audio.reason : "the sink cannot be had");
	return 0;
}

static void tell_screen_size(struct pipeline *pipeline, const struct pipeline_parts *parts)
{
	int width = parts->options->window.width, height = parts->options->window.height;
	if (width <= 0 || height <= 0)
		sinks_screen_size(pipeline->video_sink, &width, &height);
	presenter_set_window(parts->presenter, width, height);
}

int pipeline_init(struct pipeline *pipeline, const struct pipeline_parts *parts,
	const struct pipeline_listener *listener, struct pipeline_texts *ret_texts)
{
	const struct play_options *options = parts->options;
	struct pace_config pace = {options->margin_ns, options->catch_up};
	gate_init(&pipeline->gate, &pace);
	pipeline->listener = *listener;
	pipeline->window = options->window.type;
	pipeline->bin = gst_pipeline_new("zapper");
	use_monotonic_time(pipeline->bin);
	GstBus *bus = gst_element_get_bus(pipeline->bin);
	gst_bus_set_sync_handler(bus, on_bus_message, pipeline, NULL);
	gst_object_unref(bus);

	struct sinks_choice video = sinks_video(options->video_sink, &options->window);
	*ret_texts = (struct pipeline_texts){.error = video.error};
	if (!video.sink)
		return -ENODEV;
	pipeline->video_sink = video.sink;
	tell_screen_size(pipeline, parts);
	pipeline->display =
		presenter_attach(parts->presenter, GST_BIN(pipeline->bin), pipeline->video_sink);
	add_video(pipeline, options);
	return start(pipeline, parts, &video, ret_texts);
}

static void close_gate(struct pipeline *pipeline)
{
	gate_close(&pipeline->gate, PACE_PICTURE);
	gate_close(&pipeline->gate, PACE_SOUND);
}

static void open_gate(struct pipeline *pipeline)
{
	gate_open(&pipeline->gate, PACE_PICTURE);
	gate_open(&pipeline->gate, PACE_SOUND);
}

void pipeline_stop(struct pipeline *pipeline)
{
	if (!pipeline->bin)
		return;
	close_gate(pipeline);
	gst_element_set_state(pipeline->bin, GST_STATE_NULL);
}

void pipeline_clear(struct pipeline *pipeline)
{
	if (!pipeline->bin)
		return;
	branch_clear(&pipeline->video);
	branch_clear(&pipeline->audio);
	sound_clear(&pipeline->sound);
	g_clear_pointer(&pipeline->bin, gst_object_unref);
	gate_clear(&pipeline->gate);
	pipeline->display = pipeline->video_sink = pipeline->audio_sink = NULL;
	pipeline->hurries = false;
}

/*
 * What waits for its time has to leave before, and a flush does not reach beyond the branches.
 * Sound first: it is to stop now, and a decoder of pictures may be in the midst of one.
 */
void pipeline_flush(struct pipeline *pipeline)
{
	close_gate(pipeline);
	branch_flush(&pipeline->audio);
	if (pipeline->sound.out)
		sound_cut(&pipeline->sound);
	branch_flush(&pipeline->video);
	gate_begin(&pipeline->gate);
	open_gate(pipeline);
}

void pipeline_expect(
	struct pipeline *pipeline, const struct play_expected *expected, const bool *broken)
{
	gate_expect(&pipeline->gate, PACE_PICTURE, expected->video_slack_ns);
	gate_expect(&pipeline->gate, PACE_SOUND, expected->audio_slack_ns);
	if (!broken[PIPELINE_VIDEO])
		branch_expect(&pipeline->video, expected->video);
	if (!broken[PIPELINE_AUDIO] && pipeline->audio.in)
		branch_expect(&pipeline->audio, expected->audio);
}

void pipeline_push(struct pipeline *pipeline, const struct play_unit *unit)
{
	bool video = unit->kind == PLAY_VIDEO;
	struct branch *branch = video ? &pipeline->video : &pipeline->audio;
	if (!branch->in) {
		g_bytes_unref(unit->data);
		return;
	}
	/* Sound waits for no picture that nobody will see. */
	if (!branch->ends_undecoded)
		gate_unit(&pipeline->gate, video ? PACE_PICTURE : PACE_SOUND, unit);
	branch_push(branch, unit);
}

enum pipeline_part pipeline_part_of(const struct pipeline *pipeline, GstMessage *message)
{
	GstObject *source = GST_MESSAGE_SRC(message);
	if (pipeline->audio.bin &&
		gst_object_has_as_ancestor(source, GST_OBJECT(pipeline->audio.bin)))
		return PIPELINE_AUDIO;
	if (gst_object_has_as_ancestor(source, GST_OBJECT(pipeline->video.bin)))
		return PIPELINE_VIDEO;
	return PIPELINE_DISPLAY;
}

bool pipeline_restart(struct pipeline *pipeline, enum pipeline_part part)
{
	GstElement *const bins[] = {[PIPELINE_VIDEO] = pipeline->video.bin,
		[PIPELINE_AUDIO] = pipeline->audio.bin,
		[PIPELINE_DISPLAY] = pipeline->display};
	if (part == PIPELINE_VIDEO)
		gate_close(&pipeline->gate, PACE_PICTURE);
	else if (part == PIPELINE_AUDIO)
		gate_close(&pipeline->gate, PACE_SOUND);
	/* Devices are opened between NULL and READY; but there a sink also forgets its window. */
	gst_element_set_state(
		bins[part], part == PIPELINE_DISPLAY ? GST_STATE_READY : GST_STATE_NULL);
	open_gate(pipeline);
	return gst_element_sync_state_with_parent(bins[part]);
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
