/* app/actions: what a key means becomes an event for zap, or a word on the screen. */
#include <glib.h>

#include "client/app/state.h"
#include "client/commands.h"

#define NOTICE_NS (3 * UINT64_C(1000000000)) /* how long a passing message stays */

static void tune_number(struct app *app, const struct ui_action *action)
{
	ptrdiff_t index = app_find_channel(app, action->number, action->subnumber);
	if (index < 0) {
		char *text = g_strdup_printf("There is no channel %s.", action->entry);
		screen_message(app->screen, text, NOTICE_NS);
		app_log("%s", text);
		g_free(text);
		return;
	}
	struct zap_event event = {
		.type = ZAP_EVENT_TUNE, .channel = (int)index, .at_ns = action->pressed_ns};
	app_event(app, &event);
}

/* The entry is over, and led nowhere else: what was likely before it is so again. */
static void forget_entry(struct app *app, uint64_t zap_before)
{
	if (zap_number(app->zap) == zap_before)
		ahead_typed(app->ahead, "");
}

static void step(struct app *app, enum zap_event_type type, const struct ui_action *action)
{
	struct zap_event event = {.type = type, .at_ns = action->pressed_ns};
	app_event(app, &event);
}

static void show_current(struct app *app)
{
	int index = zap_channel(app->zap);
	struct zap_effect effect = {.n = zap_number(app->zap), .to = index};
	if (index != ZAP_NO_CHANNEL)
		app_show_banner(app, &effect);
}

void app_action(void *ctx, const struct ui_action *action)
{
	struct app *app = ctx;
	uint64_t zap = zap_number(app->zap);
	switch (action->type) {
	case UI_ACTION_TUNE:
		tune_number(app, action);
		forget_entry(app, zap);
		break;
	case UI_ACTION_UP:
		step(app, ZAP_EVENT_UP, action);
		break;
	case UI_ACTION_DOWN:
		step(app, ZAP_EVENT_DOWN, action);
		break;
	case UI_ACTION_LAST:
		step(app, ZAP_EVENT_LAST, action);
		break;
	case UI_ACTION_ENTRY:
		screen_banner(app->screen, action->entry, "");
		logos_want(app->logos, "");
		ahead_typed(app->ahead, action->entry);
		break;
	case UI_ACTION_ENTRY_CANCELLED:
		forget_entry(app, zap);
		show_current(app);
		break;
	case UI_ACTION_INFO:
		show_current(app);
		break;
	case UI_ACTION_QUIT:
		app_quit(app, EXIT_OK);
		break;
	case UI_ACTION_NONE:
		break;
	}
}
