/*
 * ui/wayland_keys: the loop's part of a Wayland keyboard: which keys are down, and their repeats,
 * which Wayland leaves to its clients.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "ui/key_event.h"
#include "ui/key_set.h"

/* What the keyboard did, in order. */
struct wayland_key {
	uint16_t code; /* 0: the keyboard is the window's no more, and what is down is released */
	bool pressed;
	bool repeats;
	uint64_t at_ns;
};

struct wayland_keys {
	uv_timer_t timer;
	ui_key_fn on_key;
	/*
	 * Before a repeat, tells what else has come from the keyboard; false where it could not
	 * tell all of it. With the release among that there is no repeat to tell.
	 */
	bool (*catch_up)(void *ctx);
	void *ctx;
	uint32_t source;
	struct ui_key_set down;
	uint16_t repeating; /* the key pressed last; 0: none */
	int32_t per_second, delay_ms;
};

/* With on_key, catch_up, ctx and source set, and the rest zero. */
void wayland_keys_init(struct wayland_keys *keys, uv_loop_t *loop);
/* As wl_keyboard.repeat_info says: per_second 0 is none. */
void wayland_keys_set_repeat(struct wayland_keys *keys, int32_t per_second, int32_t delay_ms);
/* on_key may close the keyboard. */
void wayland_keys_follow(struct wayland_keys *keys, const struct wayland_key *key);
/* No more is told from now on. on_closed gets the timer, whose data is `keys`. */
void wayland_keys_close(struct wayland_keys *keys, uv_close_cb on_closed);
