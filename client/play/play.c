#include "client/play/play.h"

#include <errno.h>
#include <gst/app/app.h>
#include <gst/gst.h>
#include <gst/video/video.h>
#include <gst/video/videooverlay.h>
#include <string.h>

#include "client/play/branch.h"
#include "client/play/elements.h"
#include "client/play/mailbox.h"
#include "client/play/presenter.h"
#include "client/play/snapshot.h"

/* Two seconds of the reference stream's access units (25 + 47 a second), several times over. */
#define COMMANDS_MAX 1024
#define FACTS_MAX 256

enum command_type {
	COMMAND_FLUSH,
	COMMAND_UNIT,
	COMMAND_BUS, /* a message of the pipeline's bus */
	COMMAND_RESIZE,
	COMMAND_QUIT,
};

struct command {
	enum command_type type;
	uint64_t n;
	union {
		struct play_unit unit;
		GstMessage *message;
		struct {
			int width, height;
		} size;
	};
};

struct play {
	struct mailbox *commands; /* loop and bus -> play thread */
	struct mailbox *facts;	  /* play thread and streaming threads -> loop */
	GThread *thread;

	GstElement *pipeline;
	struct branch video, audio;
	struct presenter *presenter;
	struct snapshot *snapshot;
	GstElement *video_sink, *audio_sink;

	/* The zap whose units flow: set by the play thread while nothing flows, after a flush. */
	uint64_t n;
	gint decoded_pending,
		audio_pending; /* the zap's first picture, first sound: still to come */
	bool broken;	       /* after an error, until the next flush: the pipeline is in READY */
};

/* ---- facts: called on any thread ---- */

static void post(struct play *play, const struct play_fact *fact)
{
	/* A full mailbox means a loop that hangs; one fact more or less does not matter then. */
	mailbox_put(play->facts, fact);
}

static void post_text(struct play *play, enum play_fact_type type, const char *text)
{
	struct play_fact fact = {.type = type, .n = play->n, .at_ns = gst_util_get_timestamp()};
	g_strlcpy(fact.text, text, sizeof fact.text);
	post(play, &fact);
}

static void on_shown(void *ctx, uint64_t n, uint64_t pts_ns, uint64_t duration_ns, uint64_t at_ns)
{
	struct play_fact fact = {.type = PLAY_FACT_PICTURE,
		.n = n,
		.at_ns = at_ns,
		.pts_ns = pts_ns,
		.duration_ns = GST_CLOCK_TIME_IS_VALID(duration_ns) ? duration_ns : 0};
	post(ctx, &fact);
}

static void on_resized(void *ctx, int width, int height)
{
	struct play_fact fact = {.type = PLAY_FACT_SIZE, .width = width, .height = height};
	post(ctx, &fact);
}

static void on_snapshot(void *ctx, uint64_t request, const char *error)
{
	struct play_fact fact = {.type = PLAY_FACT_SNAPSHOT, .request = request};
	g_strlcpy(fact.text, error, sizeof fact.text);
	post(ctx, &fact);
}

/* ---- decoded pictures and sound: streaming threads ---- */

static GstFlowReturn hand_on(struct play *play, GstSample *picture)
{
	if (!picture)
		return GST_FLOW_FLUSHING;
	if (g_atomic_int_compare_and_exchange(&play->decoded_pending, TRUE, FALSE)) {
		struct play_fact fact = {
			.type = PLAY_FACT_DECODED, .n = play->n, .at_ns = gst_util_get_timestamp()};
		post(play, &fact);
	}
	presenter_show(play->presenter, play->n, picture);
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
	struct play *play = data;
	GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER(info);
	if (!g_atomic_int_compare_and_exchange(&play->audio_pending, TRUE, FALSE))
		return GST_PAD_PROBE_OK;
	uint64_t now_ns = gst_util_get_timestamp();
	struct play_fact fact = {.type = PLAY_FACT_AUDIO,
		.n = play->n,
		.at_ns = MAX(now_ns, GST_BUFFER_PTS(buffer))};
	post(play, &fact);
	return GST_PAD_PROBE_OK;
}

/* ---- the bus is a mailbox: each message is posted here ... ---- */

static GstBusSyncReply on_bus_message(GstBus *bus, GstMessage *message, gpointer data)
{
	(void)bus;
	struct play *play = data;
	bool matters = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR ||
		       GST_MESSAGE_TYPE(message) == GST_MESSAGE_WARNING;
	struct command command = {.type = COMMAND_BUS, .message = message};
	if (matters && mailbox_put(play->commands, &command))
		return GST_BUS_DROP; /* the reference went with the command */
	gst_message_unref(message);
	return GST_BUS_DROP;
}

/* ... and handled here, on the play thread. */
static void handle_error(struct play *play, GstMessage *message)
{
	GError *error = NULL;
	gst_message_parse_error(message, &error, NULL);
	if (!play->broken) {
		play->broken = true;
		gst_element_set_state(play->pipeline, GST_STATE_READY);
		char *text =
			g_strdup_printf("%s: %s", GST_MESSAGE_SRC_NAME(message), error->message);
		post_text(play, PLAY_FACT_ERROR, text);
		g_free(text);
	}
	g_error_free(error);
}

static void handle_warning(struct play *play, GstMessage *message)
{
	GError *error = NULL;
	gst_message_parse_warning(message, &error, NULL);
	post_text(play, PLAY_FACT_WARNING, error->message);
	g_error_free(error);
}

static void handle_bus(struct play *play, GstMessage *message)
{
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
		handle_error(play, message);
	else
		handle_warning(play, message);
	gst_message_unref(message);
}

/* ---- commands: the play thread ---- */

static void handle_flush(struct play *play, uint64_t n)
{
	if (play->broken) {
		play->broken = false;
		gst_element_set_state(play->pipeline, GST_STATE_PLAYING);
	}
	branch_flush(&play->video);
	branch_flush(&play->audio);
	play->n = n;
	g_atomic_int_set(&play->decoded_pending, TRUE);
	g_atomic_int_set(&play->audio_pending, TRUE);
}

static void handle_unit(struct play *play, const struct play_unit *unit)
{
	if (unit->n == play->n && !play->broken)
		branch_push(unit->kind == PLAY_VIDEO ? &play->video : &play->audio, unit);
	else
		g_bytes_unref(unit->data);
}

static void handle_resize(struct play *play, int width, int height)
{
	if (GST_IS_VIDEO_OVERLAY(play->video_sink))
		gst_video_overlay_set_render_rectangle(
			GST_VIDEO_OVERLAY(play->video_sink), 0, 0, width, height);
}

static gpointer play_run(gpointer data)
{
	struct play *play = data;
	for (;;) {
		struct command command;
		mailbox_wait(play->commands, &command);
		switch (command.type) {
		case COMMAND_FLUSH:
			handle_flush(play, command.n);
			break;
		case COMMAND_UNIT:
			handle_unit(play, &command.unit);
			break;
		case COMMAND_BUS:
			handle_bus(play, command.message);
			break;
		case COMMAND_RESIZE:
			handle_resize(play, command.size.width, command.size.height);
			break;
		case COMMAND_QUIT:
			gst_element_set_state(play->pipeline, GST_STATE_NULL);
			return NULL;
		}
	}
}

/* ---- building ---- */

static void add_picture_sink(struct play *play)
{
	GstElement *sink = gst_element_factory_make("appsink", "pictures");
	GstCaps *caps = gst_caps_new_empty_simple("video/x-raw");
	/* This is where the clock is waited for; max-lateness -1: a late picture is shown, not
	 * lost. */
	g_object_set(sink, "sync", TRUE, "async", FALSE, "qos", FALSE, "max-lateness",
		G_GINT64_CONSTANT(-1), "enable-last-sample", FALSE, "caps", caps, NULL);
	gst_caps_unref(caps);
	GstAppSinkCallbacks callbacks = {.new_preroll = on_preroll, .new_sample = on_sample};
	gst_app_sink_set_callbacks(GST_APP_SINK(sink), &callbacks, play, NULL);
	gst_bin_add(GST_BIN(play->pipeline), sink);
	gst_element_link(play->video.decoder, sink);
}

static void add_audio_sink(struct play *play)
{
	GstElement *convert = gst_element_factory_make("audioconvert", NULL);
	GstElement *resample = gst_element_factory_make("audioresample", NULL);
	gst_bin_add_many(GST_BIN(play->pipeline), convert, resample, play->audio_sink, NULL);
	gst_element_link_many(play->audio.decoder, convert, resample, play->audio_sink, NULL);
	GstPad *pad = gst_element_get_static_pad(play->audio_sink, "sink");
	gst_pad_add_probe(pad, GST_PAD_PROBE_TYPE_BUFFER, on_sound, play, NULL);
	gst_object_unref(pad);
}

static int build(struct play *play, const struct play_options *options, char **ret_why)
{
	GstBin *bin = GST_BIN(play->pipeline);
	play->video_sink = elements_video_sink(options->video_sink, &options->window, ret_why);
	if (!play->video_sink)
		return -ENODEV;
	struct presenter_listener listener = {on_shown, on_resized, play};
	play->presenter = presenter_new(bin, play->video_sink, &listener);
	play->audio_sink = elements_audio_sink(options->audio_sink, ret_why);
	if (!play->audio_sink)
		return -ENODEV;
	int error = branch_init(&play->video, bin, PLAY_VIDEO, ret_why);
	if (!error)
		error = branch_init(&play->audio, bin, PLAY_AUDIO, ret_why);
	if (error) {
		gst_object_unref(gst_object_ref_sink(play->audio_sink));
		return error;
	}
	add_picture_sink(play);
	add_audio_sink(play);
	return 0;
}

/*
 * Access units carry CLOCK_MONOTONIC times, so the pipeline's running time must be that clock: base
 * time 0, never set anew. Latency is 0 because the due times already hold all that is wanted.
 */
static void use_monotonic_time(GstElement *pipeline)
{
	GstClock *clock = gst_system_clock_obtain();
	gst_pipeline_use_clock(GST_PIPELINE(pipeline), clock);
	gst_object_unref(clock);
	gst_element_set_start_time(pipeline, GST_CLOCK_TIME_NONE);
	gst_element_set_base_time(pipeline, 0);
	gst_pipeline_set_latency(GST_PIPELINE(pipeline), 0);
}

static int start(struct play *play, char **ret_why)
{
	use_monotonic_time(play->pipeline);
	GstBus *bus = gst_element_get_bus(play->pipeline);
	gst_bus_set_sync_handler(bus, on_bus_message, play, NULL);
	gst_object_unref(bus);
	if (gst_element_set_state(play->pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
		*ret_why = g_strdup("the pipeline does not start");
		return -ENODEV;
	}
	play->snapshot = snapshot_new(on_snapshot, play);
	play->thread = g_thread_new("play", play_run, play);
	return 0;
}

int play_open(const struct play_options *options, struct play **ret, char **ret_why)
{
	gst_init(NULL, NULL);
	*ret_why = NULL;
	struct play *play = g_new0(struct play, 1);
	play->commands = mailbox_new(COMMANDS_MAX, sizeof(struct command), NULL, NULL);
	play->facts =
		mailbox_new(FACTS_MAX, sizeof(struct play_fact), options->wake, options->wake_ctx);
	play->pipeline = gst_pipeline_new("zapper");
	int error = build(play, options, ret_why);
	if (!error)
		error = start(play, ret_why);
	if (error) {
		play_close(play);
		return error;
	}
	*ret = play;
	return 0;
}

static void drop_commands(struct play *play)
{
	struct command command;
	while (mailbox_take(play->commands, &command)) {
		if (command.type == COMMAND_UNIT)
			g_bytes_unref(command.unit.data);
		else if (command.type == COMMAND_BUS)
			gst_message_unref(command.message);
	}
}

void play_close(struct play *play)
{
	if (!play)
		return;
	if (play->thread) {
		drop_commands(play); /* makes room for the last one */
		mailbox_put(play->commands, &(struct command){.type = COMMAND_QUIT});
		g_thread_join(play->thread);
	} else {
		gst_element_set_state(play->pipeline, GST_STATE_NULL);
	}
	snapshot_free(play->snapshot);
	presenter_free(play->presenter);
	branch_clear(&play->video);
	branch_clear(&play->audio);
	gst_object_unref(play->pipeline);
	drop_commands(play);
	mailbox_free(play->commands);
	mailbox_free(play->facts);
	g_free(play);
}

/* ---- what the loop calls ---- */

void play_flush(struct play *play, uint64_t n)
{
	struct command command = {.type = COMMAND_FLUSH, .n = n};
	if (mailbox_put(play->commands, &command))
		return;
	/* Full of units that this flush makes stale. */
	drop_commands(play);
	mailbox_put(play->commands, &command);
}

bool play_push(struct play *play, const struct play_unit *unit)
{
	struct command command = {.type = COMMAND_UNIT, .unit = *unit};
	if (mailbox_put(play->commands, &command))
		return true;
	g_bytes_unref(unit->data);
	return false;
}

void play_resize(struct play *play, int width, int height)
{
	struct command command = {.type = COMMAND_RESIZE, .size = {width, height}};
	mailbox_put(play->commands, &command);
}

void play_set_overlay(struct play *play, const struct play_overlay *overlay)
{
	presenter_set_overlay(play->presenter, overlay);
}

void play_snapshot(struct play *play, const char *path, uint64_t request)
{
	snapshot_request(play->snapshot, presenter_shown(play->presenter), path, request);
}

bool play_next_fact(struct play *play, struct play_fact *ret)
{
	return mailbox_take(play->facts, ret);
}

const char *play_video_sink(const struct play *play)
{
	return elements_sink_name(play->video_sink);
}

const char *play_audio_sink(const struct play *play)
{
	return elements_sink_name(play->audio_sink);
}
