/*
 * app/unreported: a source-specific channel in a network that asks in IGMP version 1 or 2. Nobody
 * may ask for it there (RFC 4607 section 8), so the viewer is told instead, until version 3 is
 * back.
 */
#include <arpa/inet.h>
#include <glib.h>

#include "client/app/igmp_json.h"
#include "client/igmp_settings.h"
#include "client/app/state.h"

/* RFC 4607 section 1: 232/8. */
static bool is_ssm(struct in_addr group)
{
	return ntohl(group.s_addr) >> 24 == 232;
}

char *app_unreported(const struct app *app, int channel)
{
	struct igmp_querier querier;
	if (channel == ZAP_NO_CHANNEL || !is_ssm(net_address(app->net, channel)->group))
		return NULL;
	igmp_membership_querier(net_membership(app->net), &querier);
	/* 0: the kernel speaks, and decides for itself. */
	bool older = querier.host_version == 1 || querier.host_version == 2;
	if (!older || igmp_settings_on(app->options->settings, app->iface).v2_ssm)
		return NULL;
	return g_strdup_printf("the network asks in IGMP version %u, which knows no sources "
			       "(igmp.v2_ssm=yes would join it)",
		querier.host_version);
}

bool app_fail_unreported(struct app *app, int channel, uint64_t n)
{
	char *why = app_unreported(app, channel);
	if (!why)
		return false;
	app->unreported_n = n;
	app_fail_zap(app, n, UI_SIGNAL_NO_MEMBERSHIP, why);
	g_free(why);
	return true;
}

/* The channel that waited is worth another try; one that is silent by now has its reason. */
static void on_timer(uv_timer_t *timer)
{
	struct app *app = timer->data;
	app_show_silence(app);
	int channel = zap_channel(app->zap);
	uint64_t n = zap_number(app->zap);
	enum zap_state state = zap_state(app->zap);
	if (state == ZAP_STATE_TUNING || state == ZAP_STATE_NO_SIGNAL)
		app_fail_unreported(app, channel, n);
	char *why = app_unreported(app, channel);
	if (state == ZAP_STATE_ERROR && app->unreported_n == n && !why) {
		struct zap_event again = {
			.type = ZAP_EVENT_TUNE, .channel = channel, .at_ns = uv_hrtime()};
		app_event(app, &again);
	}
	g_free(why);
}

void app_noticed(void *ctx, const struct igmp_said *said)
{
	struct app *app = ctx;
	/* Within a call into igmp there is no way back into it. */
	uv_timer_start(&app->unreported_timer, on_timer, 0, 0);
	control_publish(app->control, igmp_json_notice_event(said));
}
