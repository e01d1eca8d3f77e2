/*
 * app/desk: where keys become what is seen and what is done: keys -> ui/presses -> ui/model ->
 * effects, and after each input a view. All on the loop; nothing here knows where keys come from,
 * who paints, or what an effect does.
 */
#pragma once

#include <uv.h>

#include "ui/model.h"

struct desk;

struct desk_options {
	struct ui_model_settings model;
	struct ui_presses_settings presses;
	const struct ui_keymap *keymap; /* copied */
	/* To be carried out before the next one; may put facts in and close the desk. */
	void (*effect)(void *ctx, const struct ui_effect *effect);
	/* Something may look different now, behind all effects; good until it returns. */
	void (*view)(void *ctx, const struct ui_view *view);
	void *ctx;
};

/* Closed with desk_close(). */
struct desk *desk_open(uv_loop_t *loop, const struct desk_options *options);
/* Nothing is called from now on; memory is freed from the loop. Accepts NULL. */
void desk_close(struct desk *desk);

/* A key of whatever source: a ui_key_fn, `desk` is the desk. */
void desk_key(void *desk, const struct ui_key_event *event);
/* The keys of this source, which it does not repeat by itself, repeat; or it is gone. */
void desk_make_repeats(void *desk, uint32_t source, bool is_there);
/*
 * A key that nobody's finger is on is held down, and repeats, until desk_let_go(), but no longer
 * than for 10 s; the one that was held before is let go. `is_long`: it has been down for a long
 * press by now, and is let go, so that what comes next does not overtake it.
 */
void desk_hold(struct desk *desk, uint16_t code, bool is_long, uint64_t at_ns);
/* Of one that is not held: nothing. */
void desk_let_go(struct desk *desk, uint16_t code, uint64_t at_ns);
/* What a key would ask for, without one. */
void desk_press(struct desk *desk, enum ui_command command, uint64_t at_ns);
/* The same; what is open is closed before. */
void desk_press_alone(struct desk *desk, enum ui_command command, uint64_t at_ns);
/* As ui_model_tune(). */
void desk_tune(struct desk *desk, int32_t channel, uint64_t at_ns);
/* As ui_model_set_lineup(). Accepts NULL. */
void desk_take(struct desk *desk, const struct ui_lineup *lineup, const int32_t *index_map);

/* To ask, and to put facts in: desk_changed(), which accepts NULL, tells it when all
 * are in. */
struct ui_model *desk_model(struct desk *desk);
void desk_changed(struct desk *desk);
