/* app/recall: what is remembered of channels goes to the rooms that can use it. */
#include "client/app/state.h"
#include "client/app/tracks.h"

void app_recall(void *ctx, int channel, struct net_recalled *ret)
{
	const struct app *app = ctx;
	struct channel_memory memory;
	if (!remember_channel(app->remember, channel, &memory))
		return;
	*ret = (struct net_recalled){.psi = memory.psi,
		.psi_bytes = memory.psi_bytes,
		.sets = memory.video_sets,
		.sets_bytes = memory.video_sets_bytes};
}

void app_expect(struct app *app)
{
	int channel = zap_channel(app->zap);
	struct channel_memory memory;
	if (channel == ZAP_NO_CHANNEL || !remember_channel(app->remember, channel, &memory))
		return;
	const struct player_expected expected = {.video = tracks_codec_named(memory.video_codec),
		.audio = tracks_codec_named(memory.audio_codec),
		.video_slack_ns = memory.video_slack_ns,
		.audio_slack_ns = memory.audio_slack_ns};
	player_expect(app->player, zap_number(app->zap), &expected);
}

void app_remembered(void *ctx)
{
	struct app *app = ctx;
	if (app->closed || !app->player)
		return;
	net_recall(app->net);
	app_expect(app);
}
