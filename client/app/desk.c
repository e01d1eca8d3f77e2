#include "client/app/desk.h"

#include <glib.h>

#include "ui/sources.h"

#define MS_NS UINT64_C(1000000)

#define HELD_NS (10000 * MS_NS) /* who asked for it may be gone */

/* By a request. */
struct held {
	uint16_t code; /* 0: none */
	uint64_t until_ns;
};

struct desk {
	struct desk_options options;
	struct ui_keymap keymap;
	struct ui_presses presses;
	struct ui_model *model;
	struct ui_view view;
	struct held held;
	uv_timer_t timer; /* a deadline of the presses, of the model, or of what is held */
	/* From a deadline on until the loop has read what the sources hold: see on_timer(). */
	uv_idle_t hurry;
	uv_check_t read;
	unsigned handles;
	bool closing;
};

/* ---- what comes of an input ---- */

static void carry_out(struct desk *desk, const struct ui_effects *effects)
{
	for (size_t i = 0; i < effects->count && !desk->closing; i++)
		desk->options.effect(desk->options.ctx, &effects->list[i]);
}

static void on_timer(uv_timer_t *timer);

static uint64_t deadline(const struct desk *desk, uint64_t now_ns)
{
	uint64_t deadline_ns =
		MIN(ui_presses_deadline(&desk->presses), ui_model_deadline(desk->model, now_ns));
	return desk->held.code ? MIN(deadline_ns, desk->held.until_ns) : deadline_ns;
}

static void arm(struct desk *desk, uint64_t now_ns)
{
	uint64_t deadline_ns = deadline(desk, now_ns);
	if (deadline_ns == UINT64_MAX)
		uv_timer_stop(&desk->timer);
	else
		uv_timer_start(&desk->timer, on_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / MS_NS + 1 : 0, 0);
}

void desk_changed(struct desk *desk)
{
	if (!desk || desk->closing)
		return;
	uint64_t now_ns = uv_hrtime();
	ui_presses_set_long_forms(&desk->presses, ui_model_long_forms(desk->model));
	ui_model_view(desk->model, now_ns, &desk->view);
	desk->options.view(desk->options.ctx, &desk->view);
	arm(desk, now_ns);
}

static void take_presses(struct desk *desk, const struct ui_press_list *presses)
{
	for (size_t i = 0; i < presses->count && !desk->closing; i++) {
		struct ui_effects effects;
		ui_model_press(desk->model, &presses->list[i], &effects);
		carry_out(desk, &effects);
		/* What has a long form may be different for the next one. */
		ui_presses_set_long_forms(&desk->presses, ui_model_long_forms(desk->model));
	}
}

/* ---- keys ---- */

static void take_event(struct desk *desk, const struct ui_key_event *event)
{
	struct ui_press_list presses;
	ui_presses_event(&desk->presses, event, &presses);
	take_presses(desk, &presses);
}

void desk_key(void *ctx, const struct ui_key_event *event)
{
	struct desk *desk = ctx;
	if (desk->closing)
		return;
	take_event(desk, event);
	desk_changed(desk);
}

void desk_make_repeats(void *ctx, uint32_t source, bool is_there)
{
	struct desk *desk = ctx;
	struct ui_press_list presses;
	if (desk->closing)
		return;
	/* With very many of them the last ones do not repeat: nobody has so many hands. */
	if (is_there) {
		ui_presses_make_repeats(&desk->presses, source);
		return;
	}
	ui_presses_source_gone(&desk->presses, source, uv_hrtime(), &presses);
	take_presses(desk, &presses);
	desk_changed(desk);
}

static void let_go(struct desk *desk, uint64_t at_ns)
{
	const struct ui_key_event release = {
		desk->held.code, UI_KEY_RELEASE, UI_SOURCE_CONTROL, at_ns};
	desk->held.code = 0;
	take_event(desk, &release);
}

void desk_hold(struct desk *desk, uint16_t code, bool is_long, uint64_t at_ns)
{
	uint64_t long_ns = is_long ? desk->presses.settings.long_ns : 0;
	const struct ui_key_event press = {code, UI_KEY_PRESS, UI_SOURCE_CONTROL, at_ns - long_ns};
	if (desk->held.code)
		let_go(desk, at_ns);
	desk->held = (struct held){code, at_ns + HELD_NS};
	take_event(desk, &press);
	if (is_long)
		let_go(desk, at_ns);
	desk_changed(desk);
}

void desk_let_go(struct desk *desk, uint16_t code, uint64_t at_ns)
{
	if (desk->held.code != code)
		return;
	let_go(desk, at_ns);
	desk_changed(desk);
}

void desk_press(struct desk *desk, enum ui_command command, uint64_t at_ns)
{
	const struct ui_press_list presses = {
		.count = 1, .list = {{.command = command, .at_ns = at_ns}}};
	take_presses(desk, &presses);
	desk_changed(desk);
}

void desk_press_alone(struct desk *desk, enum ui_command command, uint64_t at_ns)
{
	const struct ui_press_list presses = {.count = 2,
		.list = {{.command = UI_COMMAND_EXIT, .at_ns = at_ns},
			{.command = command, .at_ns = at_ns}}};
	take_presses(desk, &presses);
	desk_changed(desk);
}

void desk_tune(struct desk *desk, int32_t channel, uint64_t at_ns)
{
	struct ui_effects effects;
	ui_model_tune(desk->model, channel, at_ns, &effects);
	carry_out(desk, &effects);
	desk_changed(desk);
}

void desk_take(struct desk *desk, const struct ui_lineup *lineup, const int32_t *index_map)
{
	struct ui_effects effects;
	if (!desk)
		return;
	ui_model_set_lineup(desk->model, lineup, index_map, uv_hrtime(), &effects);
	carry_out(desk, &effects);
	desk_changed(desk);
}

struct ui_model *desk_model(struct desk *desk)
{
	return desk->model;
}

/* ---- time ---- */

static void expire(struct desk *desk, uint64_t now_ns)
{
	struct ui_press_list presses;
	struct ui_effects effects;
	ui_presses_expire(&desk->presses, now_ns, &presses);
	take_presses(desk, &presses);
	if (desk->held.code && now_ns >= desk->held.until_ns)
		let_go(desk, now_ns);
	ui_model_expire(desk->model, now_ns, &effects);
	carry_out(desk, &effects);
	desk_changed(desk);
}

static void on_read(uv_check_t *check)
{
	struct desk *desk = check->data;
	uv_check_stop(&desk->read);
	uv_idle_stop(&desk->hurry);
	expire(desk, uv_hrtime());
}

/* So that the loop does not wait for anything. */
static void on_hurry(uv_idle_t *idle)
{
	(void)idle;
}

/*
 * A loop that was late runs its timers before it reads: the release that makes a press a short one
 * may be there already. It reads all sources first, and then lets the deadline expire.
 */
static void on_timer(uv_timer_t *timer)
{
	struct desk *desk = timer->data;
	uv_idle_start(&desk->hurry, on_hurry);
	uv_check_start(&desk->read, on_read);
}

/* ---- opening and closing ---- */

static void on_closed(uv_handle_t *handle)
{
	struct desk *desk = handle->data;
	if (--desk->handles)
		return;
	ui_model_free(desk->model);
	g_free(desk);
}

struct desk *desk_open(uv_loop_t *loop, const struct desk_options *options)
{
	struct desk *desk = g_new0(struct desk, 1);
	desk->options = *options;
	desk->keymap = *options->keymap;
	ui_presses_init(&desk->presses, &desk->keymap, &options->presses);
	ui_presses_make_repeats(&desk->presses, UI_SOURCE_CONTROL);
	desk->model = ui_model_new(&options->model);
	/* These only link themselves in, and so cannot fail. */
	uv_timer_init(loop, &desk->timer);
	uv_idle_init(loop, &desk->hurry);
	uv_check_init(loop, &desk->read);
	desk->timer.data = desk->hurry.data = desk->read.data = desk;
	desk->handles = 3;
	return desk;
}

void desk_close(struct desk *desk)
{
	if (!desk)
		return;
	desk->closing = true;
	uv_close((uv_handle_t *)&desk->timer, on_closed);
	uv_close((uv_handle_t *)&desk->hurry, on_closed);
	uv_close((uv_handle_t *)&desk->read, on_closed);
}
