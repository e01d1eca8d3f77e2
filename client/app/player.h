/*
 * app/player: the seam between zap, receive's access units and play. Units go in with their due
 * times; what play tells on its threads comes back on the loop, as events for zap.
 */
#pragma once

#include <uv.h>

#include "client/play/play.h"
#include "client/receive/stream.h"
#include "client/zap.h"

/* What play calls it; PLAY_CODEC_NONE for what it cannot play. */
enum play_codec player_codec(enum stream_codec codec);

struct player_options {
	const char *video_sink, *audio_sink;
	struct play_window window;
	uint64_t margin_ns; /* as in struct play_options, like what follows */
	bool catch_up, no_pictures, no_deinterlace, black_between;
};

struct player_listener {
	void (*event)(void *ctx, const struct zap_event *event);
	/* Any other fact: OPENED, FAILED, RESTS, DAMAGED, SIZE, PLACED, SNAPSHOT, ERROR, WARNING.
	 */
	void (*fact)(void *ctx, const struct play_fact *fact);
	void *ctx;
};

struct player;

/* Errors: -errno of libuv. Closed with player_close(). */
int player_open(uv_loop_t *loop, const struct player_options *options,
	const struct player_listener *listener, struct player **ret);
/*
 * done(ctx) is called from the loop when the sinks have let go of their displays; memory is freed
 * from the loop after that. player may be NULL (done is then called at once).
 */
void player_close(struct player *player, void (*done)(void *ctx), void *ctx);

/* Begins zap n: what was queued is dropped. */
void player_flush(struct player *player, uint64_t n);
/* What is known of zap n's stream, from earlier or by its PMT: as struct play_expected. */
struct player_expected {
	enum stream_codec video, audio; /* STREAM_CODEC_NONE: not known */
	int64_t video_slack_ns, audio_slack_ns;
};
void player_expect(struct player *player, uint64_t n, const struct player_expected *expected);
/* One access unit of zap n; its data is taken over. */
void player_unit(struct player *player, uint64_t n, const struct stream_unit *unit);

/* How many units were lost here: play's mailbox was full, or they refer to one that was lost so. */
uint64_t player_refused(const struct player *player);

/* For what needs no seam: volume, aspect, blank, hide, rest, overlay, snapshot, names of the sinks.
 */
struct play *player_play(struct player *player);
