#include "client/app/bench_keys.h"

#include <linux/input-event-codes.h>

static void press_digits(struct app *app, const struct channel *channel, uint64_t at_ns)
{
	static const uint16_t digits[] = {
		KEY_0, KEY_1, KEY_2, KEY_3, KEY_4, KEY_5, KEY_6, KEY_7, KEY_8, KEY_9};
	char number[CHANNEL_NUMBER_BYTES];
	uint64_t n = zap_number(app->zap);
	for (const char *c = channel_number_format(channel, number); *c; c++)
		remote_key(app->remote, *c == '.' ? KEY_DOT : digits[*c - '0'], at_ns);
	/* A longer number could follow: the viewer says that none does. */
	if (zap_number(app->zap) == n)
		remote_key(app->remote, KEY_OK, at_ns);
}

void bench_keys_press(struct app *app, const struct bench_press *press, uint64_t at_ns)
{
	const struct channel *channel =
		press->channel < 0 ? NULL : &app->options->channels->channels[press->channel];
	struct ui_action tune = {.type = UI_ACTION_TUNE, .pressed_ns = at_ns};
	switch (press->action) {
	case BENCH_PRESS_UP:
		remote_key(app->remote, KEY_CHANNELUP, at_ns);
		break;
	case BENCH_PRESS_DOWN:
		remote_key(app->remote, KEY_CHANNELDOWN, at_ns);
		break;
	case BENCH_PRESS_LAST:
		remote_key(app->remote, KEY_LAST, at_ns);
		break;
	case BENCH_PRESS_NUMBER:
		press_digits(app, channel, at_ns);
		break;
	default:
		tune.number = channel->number;
		tune.subnumber = channel->subnumber;
		app_action(app, &tune);
		break;
	}
}
