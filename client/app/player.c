#include "client/app/player.h"

#include <glib.h>

struct player {
	struct player_listener listener;
	struct play *play;
	uv_async_t woken;   /* by play's threads, when there are facts */
	uint64_t refused_n; /* the zap of which play refused a unit: it waits for the next RAP */
	uint64_t refused;   /* units that went no further than here */
	void (*closed)(void *ctx);
	void *closed_ctx;
};

static void on_wake(void *ctx)
{
	struct player *player = ctx;
	uv_async_send(&player->woken);
}

static void tell_milestone(
	struct player *player, const struct play_fact *fact, enum zap_milestone milestone)
{
	struct zap_event event = {.type = ZAP_EVENT_MILESTONE,
		.n = fact->n,
		.milestone = milestone,
		.at_ns = fact->at_ns};
	player->listener.event(player->listener.ctx, &event);
}

static void tell_picture(struct player *player, const struct play_fact *fact)
{
	struct zap_event event = {.type = ZAP_EVENT_PICTURE,
		.n = fact->n,
		.position = fact->pts_ns,
		.span_ns = fact->duration_ns,
		.at_ns = fact->at_ns};
	player->listener.event(player->listener.ctx, &event);
}

static void on_handle_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

static void finish(struct player *player)
{
	play_free(player->play);
	player->play = NULL;
	uv_close((uv_handle_t *)&player->woken, on_handle_closed);
	player->closed(player->closed_ctx);
}

static void take_fact(struct player *player, const struct play_fact *fact)
{
	switch (fact->type) {
	case PLAY_FACT_DECODED:
		tell_milestone(player, fact, ZAP_DECODED);
		break;
	case PLAY_FACT_PICTURE:
		tell_picture(player, fact);
		break;
	case PLAY_FACT_AUDIO:
		tell_milestone(player, fact, ZAP_AUDIO);
		break;
	case PLAY_FACT_STOPPED:
		finish(player);
		break;
	default:
		player->listener.fact(player->listener.ctx, fact);
		break;
	}
}

static void on_woken(uv_async_t *async)
{
	struct player *player = async->data;
	struct play_fact fact;
	while (player->play && play_next_fact(player->play, &fact))
		take_fact(player, &fact);
}

int player_open(uv_loop_t *loop, const struct player_options *options,
	const struct player_listener *listener, struct player **ret)
{
	struct player *player = g_new0(struct player, 1);
	player->listener = *listener;
	player->woken.data = player;
	int error = uv_async_init(loop, &player->woken, on_woken);
	if (error) {
		g_free(player);
		return error;
	}
	struct play_options play = {.video_sink = options->video_sink,
		.audio_sink = options->audio_sink,
		.window = options->window,
		.margin_ns = options->margin_ns,
		.catch_up = options->catch_up,
		.no_pictures = options->no_pictures,
		.no_deinterlace = options->no_deinterlace,
		.black_between = options->black_between,
		.wake = on_wake,
		.wake_ctx = player};
	player->play = play_open(&play);
	*ret = player;
	return 0;
}

void player_close(struct player *player, void (*done)(void *ctx), void *ctx)
{
	if (!player) {
		done(ctx);
		return;
	}
	player->closed = done;
	player->closed_ctx = ctx;
	play_stop(player->play);
}

void player_flush(struct player *player, uint64_t n)
{
	player->refused_n = 0;
	play_flush(player->play, n);
}

enum play_codec player_codec(enum stream_codec codec)
{
	switch (codec) {
	case STREAM_CODEC_H264:
		return PLAY_CODEC_H264;
	case STREAM_CODEC_H265:
		return PLAY_CODEC_H265;
	case STREAM_CODEC_MPEG1_VIDEO:
		return PLAY_CODEC_MPEG1_VIDEO;
	case STREAM_CODEC_MPEG2_VIDEO:
		return PLAY_CODEC_MPEG2_VIDEO;
	case STREAM_CODEC_AAC:
		return PLAY_CODEC_AAC;
	case STREAM_CODEC_AAC_LATM:
		return PLAY_CODEC_AAC_LATM;
	case STREAM_CODEC_AC3:
		return PLAY_CODEC_AC3;
	case STREAM_CODEC_EAC3:
		return PLAY_CODEC_EAC3;
	case STREAM_CODEC_MPEG_AUDIO:
		return PLAY_CODEC_MPEG_AUDIO;
	default:
		return PLAY_CODEC_NONE;
	}
}

void player_expect(struct player *player, uint64_t n, const struct player_expected *expected)
{
	play_expect(player->play, &(struct play_expected){.n = n,
					  .video = player_codec(expected->video),
					  .audio = player_codec(expected->audio),
					  .video_slack_ns = expected->video_slack_ns,
					  .audio_slack_ns = expected->audio_slack_ns});
}

void player_unit(struct player *player, uint64_t n, const struct stream_unit *unit)
{
	bool video = unit->kind == STREAM_VIDEO;
	/* After a unit was lost, what refers to it would show as garbage. */
	if (video && player->refused_n == n && !unit->key) {
		g_bytes_unref(unit->data);
		player->refused++;
		return;
	}
	struct play_unit out = {.n = n,
		.kind = video ? PLAY_VIDEO : PLAY_AUDIO,
		.codec = player_codec(unit->codec),
		.key = unit->key,
		.damaged = unit->damaged,
		.recovery_pictures = unit->recovery_pictures,
		.pts_ns = unit->due_ns,
		.dts_ns = unit->decode_due_ns,
		.arrival_ns = unit->last_arrival_ns,
		.data = unit->data};
	bool taken = play_push(player->play, &out);
	player->refused += !taken;
	if (video)
		player->refused_n = taken ? 0 : n;
}

uint64_t player_refused(const struct player *player)
{
	return player->refused;
}

struct play *player_play(struct player *player)
{
	return player->play;
}
