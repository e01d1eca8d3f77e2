#include "client/play/play.h"

#include <gst/gst.h>
#include <string.h>

#include "client/play/codec.h"
#include "client/play/commands.h"
#include "client/play/elements.h"
#include "client/play/mailbox.h"
#include "client/play/pipeline.h"
#include "client/play/presenter.h"
#include "client/play/snapshot.h"

#define FACTS_MAX 256
/* What pictures leave for other facts. */
#define FACTS_ROOM 64

struct play {
	struct mailbox *commands; /* loop and bus -> play thread */
	struct mailbox *facts;	  /* play thread and streaming threads -> loop */
	GThread *thread;
	struct presenter *presenter;
	struct snapshot *snapshot;

	/* The play thread's own from here on. */
	struct play_options options; /* with copies of its strings */
	struct pipeline pipeline;
	bool broken[PIPELINE_PARTS]; /* after an error, until the next flush */
	bool video_begun;	     /* since the last flush, with a key unit */
	/* The zap whose units flow: written by the play thread alone, after a flush. */
	_Atomic uint64_t n;
	/* Names of the sinks, NULL before they are open: read on the loop. */
	_Atomic(const char *) video_sink, audio_sink;
	gint decoded_pending, sound_pending; /* the zap's first picture, first sound are to come */
	_Atomic uint64_t pictures, damaged, damaged_units;
};

/* ---- facts: posted on any thread ---- */

static void post(struct play *play, const struct play_fact *fact)
{
	/* A loop that is late for many pictures may miss some, but nothing that comes once. */
	mailbox_put(play->facts, fact, fact->type == PLAY_FACT_PICTURE ? FACTS_ROOM : 0);
}

static void post_text(struct play *play, enum play_fact_type type, const char *text)
{
	struct play_fact fact = {.type = type, .n = play->n, .at_ns = gst_util_get_timestamp()};
	g_strlcpy(fact.text, text ? text : "", sizeof fact.text);
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

static void on_begun(void *ctx)
{
	post_text(ctx, PLAY_FACT_PLACED, NULL);
}

static void on_snapshot(void *ctx, uint64_t request, const char *error)
{
	struct play_fact fact = {.type = PLAY_FACT_SNAPSHOT, .request = request};
	g_strlcpy(fact.text, error, sizeof fact.text);
	post(ctx, &fact);
}

/* Decoders give out what they could not decode in whole, and pictures made up for lost ones. */
static bool is_damaged(GstBuffer *buffer)
{
	return GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_CORRUPTED) ||
	       GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_GAP);
}

static void on_picture(void *ctx, GstSample *picture)
{
	struct play *play = ctx;
	if (g_atomic_int_compare_and_exchange(&play->decoded_pending, TRUE, FALSE)) {
		post_text(play, PLAY_FACT_DECODED, NULL);
		if (is_damaged(gst_sample_get_buffer(picture)))
			post_text(play, PLAY_FACT_DAMAGED, NULL);
	}
	play->pictures++;
	play->damaged += is_damaged(gst_sample_get_buffer(picture));
	presenter_show(play->presenter, play->n, picture);
}

static void on_sound(void *ctx, uint64_t at_ns, uint64_t first_ns)
{
	struct play *play = ctx;
	if (!g_atomic_int_compare_and_exchange(&play->sound_pending, TRUE, FALSE))
		return;
	struct play_fact fact = {.type = PLAY_FACT_AUDIO,
		.n = play->n,
		.at_ns = MAX(gst_util_get_timestamp(), at_ns),
		.pts_ns = first_ns};
	post(play, &fact);
}

/* The bus is a mailbox: each message is posted here ... */
static void on_trouble(void *ctx, GstMessage *message)
{
	struct play *play = ctx;
	struct command command = {.type = COMMAND_TROUBLE, .n = play->n, .message = message};
	if (!commands_put(play->commands, &command))
		gst_message_unref(message);
}

/* ---- commands: the play thread ---- */

/* The end of a sentence, which whoever tells it ends. */
static char *trouble_text(GstMessage *message)
{
	GError *error = NULL;
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
		gst_message_parse_error(message, &error, NULL);
	else
		gst_message_parse_warning(message, &error, NULL);
	if (g_str_has_suffix(error->message, "."))
		error->message[strlen(error->message) - 1] = '\0';
	char *text = g_strdup_printf("%s: %s", GST_MESSAGE_SRC_NAME(message), error->message);
	g_error_free(error);
	return text;
}

static void restart(struct play *play, enum pipeline_part part)
{
	play->broken[part] = !pipeline_restart(&play->pipeline, part);
	if (part == PIPELINE_DISPLAY)
		presenter_repaint(play->presenter);
}

/*
 * ... and handled here. The part that failed restarts, empty, and what fails after that says
 * nothing new until the next flush. The restart comes before the fact: no picture may follow its
 * zap's error. Without sound the picture goes on.
 */
static void handle_trouble(struct play *play, GstMessage *message)
{
	bool fatal = GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR;
	enum pipeline_part part = pipeline_part_of(&play->pipeline, message);
	if (play->broken[part])
		return;
	if (fatal)
		restart(play, part);
	play->broken[part] = fatal;
	char *text = trouble_text(message);
	post_text(
		play, fatal && part != PIPELINE_AUDIO ? PLAY_FACT_ERROR : PLAY_FACT_WARNING, text);
	g_free(text);
}

/* Trouble of a channel that was left is no longer any; the display belongs to no channel. */
static bool is_stale(const struct play *play, const struct command *command)
{
	return command->n != play->n &&
	       pipeline_part_of(&play->pipeline, command->message) != PIPELINE_DISPLAY;
}

static void handle_flush(struct play *play, uint64_t n)
{
	/* What is down is tried again with each zap: a device may have come back. */
	for (int part = 0; part < PIPELINE_PARTS; part++)
		if (play->broken[part])
			restart(play, part);
	pipeline_flush(&play->pipeline);
	play->n = n;
	play->video_begun = false;
	g_atomic_int_set(&play->decoded_pending, TRUE);
	g_atomic_int_set(&play->sound_pending, TRUE);
}

/* A decoder cannot begin with any other. */
static bool may_begin(struct play *play, const struct play_unit *unit)
{
	play->video_begun |= unit->key;
	return play->video_begun;
}

static bool is_wanted(struct play *play, const struct play_unit *unit)
{
	enum pipeline_part part = unit->kind == PLAY_VIDEO ? PIPELINE_VIDEO : PIPELINE_AUDIO;
	const struct codec *codec = codec_get(unit->codec);
	if (unit->n != play->n || play->broken[part] || !codec || codec->kind != unit->kind)
		return false;
	return unit->kind == PLAY_AUDIO || may_begin(play, unit);
}

static void handle_unit(struct play *play, const struct play_unit *unit)
{
	play->damaged_units += unit->damaged && unit->n == play->n;
	if (is_wanted(play, unit))
		pipeline_push(&play->pipeline, unit);
	else
		g_bytes_unref(unit->data);
}

static void handle_expected(struct play *play, const struct play_expected *expected)
{
	if (expected->n == play->n)
		pipeline_expect(&play->pipeline, expected, play->broken);
}

static void handle_place(struct play *play, int width, int height)
{
	pipeline_place(&play->pipeline, width, height);
	post_text(play, PLAY_FACT_PLACED, NULL);
}

static void handle(struct play *play, struct command *command)
{
	switch (command->type) {
	case COMMAND_FLUSH:
		handle_flush(play, command->n);
		break;
	case COMMAND_UNIT:
		handle_unit(play, &command->unit);
		break;
	case COMMAND_EXPECT:
		handle_expected(play, &command->expected);
		break;
	case COMMAND_TROUBLE:
		if (!is_stale(play, command))
			handle_trouble(play, command->message);
		gst_message_unref(command->message);
		break;
	case COMMAND_PLACE:
		handle_place(play, command->size.width, command->size.height);
		break;
	case COMMAND_STOP:
		break;
	}
}

static gpointer play_run(gpointer data)
{
	struct play *play = data;
	struct pipeline_listener listener = {on_picture, on_sound, on_trouble, play};
	char *why = NULL;
	bool opened =
		!pipeline_init(&play->pipeline, &play->options, play->presenter, &listener, &why);
	if (opened) {
		play->video_sink = elements_sink_name(play->pipeline.video_sink);
		if (play->pipeline.audio_sink)
			play->audio_sink = elements_sink_name(play->pipeline.audio_sink);
	}
	post_text(play, opened ? PLAY_FACT_OPENED : PLAY_FACT_FAILED, opened ? NULL : why);
	if (opened && why)
		post_text(play, PLAY_FACT_WARNING, why);
	g_free(why);

	struct command command;
	for (;;) {
		mailbox_wait(play->commands, &command);
		if (command.type == COMMAND_STOP)
			break;
		if (opened)
			handle(play, &command);
		else
			command_clear(&command);
	}
	pipeline_stop(&play->pipeline);
	snapshot_free(play->snapshot); /* waits for a file that is being written */
	post_text(play, PLAY_FACT_STOPPED, NULL);
	return NULL;
}

/* ---- what the loop calls ---- */

struct play *play_open(const struct play_options *options)
{
	gst_init(NULL, NULL);
	struct play *play = g_new0(struct play, 1);
	play->options = *options;
	play->options.video_sink = g_strdup(options->video_sink);
	play->options.audio_sink = g_strdup(options->audio_sink);
	play->commands = commands_new();
	play->facts =
		mailbox_new(FACTS_MAX, sizeof(struct play_fact), options->wake, options->wake_ctx);
	struct presenter_listener listener = {on_shown, on_resized, on_begun, play};
	play->presenter = presenter_new(&listener);
	play->snapshot = snapshot_new(play->presenter, on_snapshot, play);
	play->thread = g_thread_new("play", play_run, play);
	return play;
}

void play_stop(struct play *play)
{
	commands_put_surely(play->commands, &(struct command){.type = COMMAND_STOP});
}

void play_free(struct play *play)
{
	if (!play)
		return;
	g_thread_join(play->thread);
	presenter_free(play->presenter);
	pipeline_clear(&play->pipeline);
	commands_free(play->commands);
	mailbox_free(play->facts);
	g_free((char *)play->options.video_sink);
	g_free((char *)play->options.audio_sink);
	g_free(play);
}

void play_flush(struct play *play, uint64_t n)
{
	commands_put_flush(play->commands, n);
}

void play_expect(struct play *play, const struct play_expected *expected)
{
	/* Without room for it the zap is as good as the first one of its channel. */
	commands_put(
		play->commands, &(struct command){.type = COMMAND_EXPECT, .expected = *expected});
}

bool play_push(struct play *play, const struct play_unit *unit)
{
	struct command command = {.type = COMMAND_UNIT, .unit = *unit};
	if (commands_put(play->commands, &command))
		return true;
	g_bytes_unref(unit->data);
	return false;
}

void play_place(struct play *play, int width, int height)
{
	struct command command = {.type = COMMAND_PLACE, .size = {width, height}};
	commands_put_surely(play->commands, &command);
}

void play_set_overlay(struct play *play, const struct play_overlay *overlays, size_t count)
{
	presenter_set_overlay(play->presenter, overlays, count);
}

void play_snapshot(struct play *play, const char *path, uint64_t request)
{
	snapshot_request(play->snapshot, path, request);
}

/* From here on the contract only: what is behind it follows. */
void play_set_volume(struct play *play, uint16_t percent, bool muted)
{
	(void)play;
	(void)percent;
	(void)muted;
}

void play_set_aspect(struct play *play, enum play_aspect aspect)
{
	(void)play;
	(void)aspect;
}

void play_blank(struct play *play)
{
	presenter_repaint(play->presenter);
}

void play_rest(struct play *play, bool on)
{
	post_text(play, on ? PLAY_FACT_RESTS : PLAY_FACT_OPENED, NULL);
}

void play_snapshot_screen(
	struct play *play, const char *path, uint64_t request, const struct play_screen *screen)
{
	(void)screen;
	play_snapshot(play, path, request);
}

bool play_next_fact(struct play *play, struct play_fact *ret)
{
	return mailbox_take(play->facts, ret);
}

void play_counters(const struct play *play, struct play_counters *ret)
{
	const struct pipeline *pipeline = &play->pipeline;
	*ret = (struct play_counters){.pictures = play->pictures,
		.damaged = play->damaged,
		.damaged_units = play->damaged_units,
		.rebuilds = pipeline->video.rebuilds + pipeline->audio.rebuilds,
		.gaps = pipeline->sound.gaps};
}

const char *play_video_sink(const struct play *play)
{
	return play->video_sink ? play->video_sink : "";
}

const char *play_audio_sink(const struct play *play)
{
	return play->audio_sink ? play->audio_sink : "";
}
