#include "client/play/play.h"

#include <gst/gst.h>

#include "client/play/commands.h"
#include "client/play/state.h"

#define FACTS_MAX 256
/* What pictures and warnings leave for other facts. */
#define FACTS_ROOM 64

/* ---- facts ---- */

void play_post(struct play *play, const struct play_fact *fact)
{
	/* A loop that is late for very many may miss some of these, but nothing that comes once. */
	bool is_many = fact->type == PLAY_FACT_PICTURE || fact->type == PLAY_FACT_WARNING;
	mailbox_put(play->facts, fact, is_many ? FACTS_ROOM : 0);
}

void play_post_text(struct play *play, enum play_fact_type type, const char *text)
{
	struct play_fact fact = {.type = type, .n = play->n, .at_ns = gst_util_get_timestamp()};
	g_strlcpy(fact.text, text ? text : "", sizeof fact.text);
	play_post(play, &fact);
}

static void on_shown(void *ctx, uint64_t n, uint64_t pts_ns, uint64_t duration_ns, uint64_t at_ns)
{
	struct play_fact fact = {.type = PLAY_FACT_PICTURE,
		.n = n,
		.at_ns = at_ns,
		.pts_ns = pts_ns,
		.duration_ns = GST_CLOCK_TIME_IS_VALID(duration_ns) ? duration_ns : 0};
	play_post(ctx, &fact);
}

static void on_resized(void *ctx, int width, int height)
{
	struct play_fact fact = {.type = PLAY_FACT_SIZE, .width = width, .height = height};
	play_post(ctx, &fact);
}

static void on_begun(void *ctx)
{
	play_post_text(ctx, PLAY_FACT_PLACED, NULL);
}

static void on_snapshot(void *ctx, uint64_t request, const char *error)
{
	struct play_fact fact = {.type = PLAY_FACT_SNAPSHOT, .request = request};
	g_strlcpy(fact.text, error, sizeof fact.text);
	play_post(ctx, &fact);
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
	volume_init(&play->volume);
	play->thread = g_thread_new("play", engine_run, play);
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
	commands_free(play->commands);
	mailbox_free(play->facts);
	g_free((char *)play->options.video_sink);
	g_free((char *)play->options.audio_sink);
	g_free(play);
}

void play_flush(struct play *play, uint64_t n)
{
	play->flushed_n = n;
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

void play_rest(struct play *play, bool on)
{
	commands_put_surely(play->commands, &(struct command){.type = COMMAND_REST, .rest = on});
}

void play_set_volume(struct play *play, uint16_t percent, bool muted)
{
	volume_set(&play->volume, percent, muted);
}

void play_set_aspect(struct play *play, enum play_aspect aspect)
{
	presenter_set_aspect(play->presenter, aspect);
}

void play_blank(struct play *play)
{
	presenter_black(play->presenter, play->flushed_n + 1, 0);
}

void play_hide(struct play *play, uint64_t n)
{
	presenter_black(play->presenter, n, 0);
}

void play_set_overlay(struct play *play, const struct play_overlay *overlays, size_t count)
{
	presenter_set_overlay(play->presenter, overlays, count);
}

void play_snapshot(struct play *play, const char *path, uint64_t request)
{
	snapshot_request(play->snapshot, path, request, NULL);
}

void play_snapshot_screen(
	struct play *play, const char *path, uint64_t request, const struct play_screen *screen)
{
	snapshot_request(play->snapshot, path, request, screen);
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
		.gaps = pipeline->sound.gaps,
		.dropped = presenter_dropped(play->presenter) + pipeline->left_out};
}

const char *play_video_sink(const struct play *play)
{
	return play->video_sink ? play->video_sink : "";
}

const char *play_audio_sink(const struct play *play)
{
	return play->audio_sink ? play->audio_sink : "";
}
