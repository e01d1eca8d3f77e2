#include <gst/gst.h>
#include <string.h>

#include "client/play/codec.h"
#include "client/play/commands.h"
#include "client/play/state.h"
#include "client/play/sinks.h"

/* Where a zap's wait is black: a new picture that comes sooner is not seen behind a flash. */
#define BLACK_AFTER_NS (40 * G_GUINT64_CONSTANT(1000000))

/* ---- what streaming threads tell ---- */

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
		play_post_text(play, PLAY_FACT_DECODED, NULL);
		if (is_damaged(gst_sample_get_buffer(picture)))
			play_post_text(play, PLAY_FACT_DAMAGED, NULL);
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
	play_post(play, &fact);
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
static char *trouble_text(GstMessage *message, bool *ret_no_codec)
{
	GError *error = NULL;
	if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR)
		gst_message_parse_error(message, &error, NULL);
	else
		gst_message_parse_warning(message, &error, NULL);
	if (g_str_has_suffix(error->message, "."))
		error->message[strlen(error->message) - 1] = '\0';
	char *text = g_strdup_printf("%s: %s", GST_MESSAGE_SRC_NAME(message), error->message);
	*ret_no_codec = g_error_matches(error, GST_STREAM_ERROR, GST_STREAM_ERROR_CODEC_NOT_FOUND);
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
	struct play_fact fact = {
		.type = PLAY_FACT_WARNING, .n = play->n, .at_ns = gst_util_get_timestamp()};
	if (fatal && part != PIPELINE_AUDIO)
		fact.type = PLAY_FACT_ERROR;
	char *text = trouble_text(message, &fact.no_codec);
	g_strlcpy(fact.text, text, sizeof fact.text);
	play_post(play, &fact);
	g_free(text);
}

/* Trouble of a channel that was left is no longer any; the display belongs to no channel. */
static bool is_stale(const struct play *play, const struct command *command)
{
	return command->n != play->n &&
	       pipeline_part_of(&play->pipeline, command->message) != PIPELINE_DISPLAY;
}

static void begin_zap(struct play *play, uint64_t n)
{
	play->n = n;
	play->video_begun = false;
	g_atomic_int_set(&play->decoded_pending, TRUE);
	g_atomic_int_set(&play->sound_pending, TRUE);
}

static void handle_flush(struct play *play, uint64_t n)
{
	/* What is down is tried again with each zap: a device may have come back. */
	for (int part = 0; part < PIPELINE_PARTS; part++)
		if (play->broken[part])
			restart(play, part);
	pipeline_flush(&play->pipeline);
	if (play->options.black_between)
		presenter_black(play->presenter, 0, BLACK_AFTER_NS);
	begin_zap(play, n);
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
	play->options.window.width = width;
	play->options.window.height = height;
	/* The sink first: what is painted before it knows its size is of the old one. */
	if (play->runs)
		pipeline_place(&play->pipeline, width, height);
	presenter_set_window(play->presenter, width, height);
	play_post_text(play, PLAY_FACT_PLACED, NULL);
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
	case COMMAND_REST:
	case COMMAND_STOP:
		break;
	}
}

/* What has to be known when there is a pipeline again. */
static void handle_at_rest(struct play *play, struct command *command)
{
	if (command->type == COMMAND_FLUSH)
		begin_zap(play, command->n);
	else if (command->type == COMMAND_PLACE)
		handle_place(play, command->size.width, command->size.height);
	else
		command_clear(command);
}

/* ---- the pipeline comes and goes ---- */

static void name_sinks(struct play *play)
{
	const struct pipeline *pipeline = &play->pipeline;
	play->video_sink = pipeline->video_sink ? sinks_name(pipeline->video_sink) : NULL;
	play->audio_sink = pipeline->audio_sink ? sinks_name(pipeline->audio_sink) : NULL;
}

static void close_pipeline(struct play *play)
{
	pipeline_stop(&play->pipeline);
	presenter_detach(play->presenter);
	pipeline_clear(&play->pipeline);
	commands_drop_trouble(play->commands);
	play->runs = false;
	name_sinks(play);
}

static void open_pipeline(struct play *play)
{
	const struct pipeline_parts parts = {&play->options, play->presenter, &play->volume};
	const struct pipeline_listener listener = {on_picture, on_sound, on_trouble, play};
	struct pipeline_texts texts = {NULL, NULL};
	play->runs = !pipeline_init(&play->pipeline, &parts, &listener, &texts);
	memset(play->broken, 0, sizeof play->broken);
	if (!play->runs)
		close_pipeline(play);
	name_sinks(play);
	play_post_text(play, play->runs ? PLAY_FACT_OPENED : PLAY_FACT_FAILED,
		play->runs ? texts.chosen : texts.error);
	if (play->runs && texts.error)
		play_post_text(play, PLAY_FACT_WARNING, texts.error);
	g_free(texts.chosen);
	g_free(texts.error);
}

static void handle_rest(struct play *play, bool rest)
{
	if (rest && play->runs)
		close_pipeline(play);
	if (rest)
		play_post_text(play, PLAY_FACT_RESTS, NULL);
	else if (!play->runs)
		open_pipeline(play);
}

gpointer engine_run(gpointer data)
{
	struct play *play = data;
	struct command command;
	open_pipeline(play);
	for (;;) {
		mailbox_wait(play->commands, &command);
		if (command.type == COMMAND_STOP)
			break;
		if (command.type == COMMAND_REST)
			handle_rest(play, command.rest);
		else if (play->runs)
			handle(play, &command);
		else
			handle_at_rest(play, &command);
	}
	pipeline_stop(&play->pipeline);
	snapshot_free(play->snapshot); /* waits for a file that is being written */
	close_pipeline(play);
	play_post_text(play, PLAY_FACT_STOPPED, NULL);
	return NULL;
}
