#include "ui/wayland_keys.h"

#define MS_PER_S 1000
/* For compositors that say nothing (wl_seat below version 4). */
#define DEFAULT_PER_SECOND 25
#define DEFAULT_DELAY_MS 500

void wayland_keys_init(struct wayland_keys *keys, uv_loop_t *loop)
{
	wayland_keys_set_repeat(keys, DEFAULT_PER_SECOND, DEFAULT_DELAY_MS);
	uv_timer_init(loop, &keys->timer);
	keys->timer.data = keys;
}

void wayland_keys_set_repeat(struct wayland_keys *keys, int32_t per_second, int32_t delay_ms)
{
	keys->per_second = per_second > MS_PER_S ? MS_PER_S : per_second;
	keys->delay_ms = delay_ms > 0 ? delay_ms : 0;
}

static void tell(struct wayland_keys *keys, const struct ui_key_event *event)
{
	struct ui_key_event events[UI_KEY_SET_FOLLOW_MAX];
	size_t count = ui_key_set_follow(&keys->down, event, events);

	for (size_t i = 0; i < count && !uv_is_closing((uv_handle_t *)&keys->timer); i++)
		keys->on_key(keys->ctx, &events[i]);
}

static void stop_repeating(struct wayland_keys *keys)
{
	keys->repeating = 0;
	uv_timer_stop(&keys->timer);
}

static void on_repeat(uv_timer_t *timer)
{
	struct wayland_keys *keys = timer->data;
	uint16_t code = keys->repeating;

	if (!keys->catch_up(keys->ctx) || keys->repeating != code)
		return;
	tell(keys, &(struct ui_key_event){code, UI_KEY_REPEAT, keys->source, uv_hrtime()});
}

static void start_repeating(struct wayland_keys *keys, uint16_t code)
{
	if (keys->per_second <= 0 || uv_is_closing((uv_handle_t *)&keys->timer))
		return;
	keys->repeating = code;
	uv_timer_start(&keys->timer, on_repeat, (uint64_t)keys->delay_ms,
		(uint64_t)(MS_PER_S / keys->per_second));
}

static void release_all(struct wayland_keys *keys, uint64_t at_ns)
{
	struct ui_key_event event = {0, UI_KEY_RELEASE, keys->source, at_ns};
	struct ui_key_set down = keys->down;

	stop_repeating(keys);
	while ((event.code = ui_key_set_take(&down)))
		tell(keys, &event);
}

void wayland_keys_follow(struct wayland_keys *keys, const struct wayland_key *key)
{
	if (!key->code) {
		release_all(keys, key->at_ns);
		return;
	}
	if (key->pressed || key->code == keys->repeating)
		stop_repeating(keys);
	tell(keys, &(struct ui_key_event){key->code, key->pressed ? UI_KEY_PRESS : UI_KEY_RELEASE,
			   keys->source, key->at_ns});
	if (key->pressed && key->repeats)
		start_repeating(keys, key->code);
}

void wayland_keys_close(struct wayland_keys *keys, uv_close_cb on_closed)
{
	uv_close((uv_handle_t *)&keys->timer, on_closed);
}
