/* app/complain: each second, what is wrong with the stream that is watched is said in the log. */
#include <glib.h>

#include "channels/lineup.h"
#include "client/app/state.h"
#include "client/receive/quality.h"

enum { LOOK_MS = 1000 };

static void on_timer(uv_timer_t *timer)
{
	struct app *app = timer->data;
	int channel = zap_channel(app->zap);
	struct stream *stream = net_stream(app->net, channel);
	struct stream_counters counters;
	struct quality_report quality;
	char number[CHANNEL_NUMBER_BYTES];
	if (!stream)
		return;
	stream_counters(stream, &counters);
	stream_quality(stream, uv_hrtime(), &quality);
	char *faults =
		faults_look(&app->faults, zap_number(app->zap), &counters, &quality.tr101290);
	if (faults)
		app_log("warning: channel %s: %s",
			channel_number_format(&app->channels->channels[channel], number), faults);
	g_free(faults);
}

void app_watch_faults(struct app *app)
{
	uv_timer_start(&app->faults_timer, on_timer, LOOK_MS, LOOK_MS);
}
