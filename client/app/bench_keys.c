#include "client/app/bench_keys.h"

static void press_digits(struct app *app, const struct channel *channel, uint64_t at_ns)
{
	char number[CHANNEL_NUMBER_BYTES];
	uint64_t n = zap_number(app->zap);
	for (const char *c = channel_number_format(channel, number); *c; c++)
		desk_press(app->desk,
			*c == '.' ? UI_COMMAND_DOT : (enum ui_command)(UI_COMMAND_0 + (*c - '0')),
			at_ns);
	/* A longer number could follow: the viewer says that none does. */
	if (zap_number(app->zap) == n)
		desk_press(app->desk, UI_COMMAND_OK, at_ns);
}

void bench_keys_press(struct app *app, const struct bench_press *press, uint64_t at_ns)
{
	switch (press->action) {
	case BENCH_PRESS_UP:
		desk_press(app->desk, UI_COMMAND_CHANNEL_UP, at_ns);
		break;
	case BENCH_PRESS_DOWN:
		desk_press(app->desk, UI_COMMAND_CHANNEL_DOWN, at_ns);
		break;
	case BENCH_PRESS_LAST:
		desk_press(app->desk, UI_COMMAND_LAST, at_ns);
		break;
	case BENCH_PRESS_NUMBER:
		press_digits(app, &app->options->channels->channels[press->channel], at_ns);
		break;
	default:
		desk_tune(app->desk, press->channel, at_ns);
		break;
	}
}
