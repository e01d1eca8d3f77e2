#include "ui/sources.h"

#include <glib.h>
#include <stdbool.h>

#include "ui/key_set.h"
#include "ui/terminal.h"

struct ui_sources {
	struct ui_remote_events events;
	struct ui_terminal *terminal;
	struct ui_remote *remote;
	GHashTable *down; /* source -> struct ui_key_set, of those that hold a key */
	uv_timer_t
		freer; /* never runs: memory lasts until its loop's turn, when nobody is within */
	bool closing;
};

static void tell(struct ui_sources *sources, const struct ui_key_event *event)
{
	if (!sources->closing)
		sources->events.on_key(sources->events.ctx, event);
}

static struct ui_key_set *keys_of(struct ui_sources *sources, uint32_t source)
{
	struct ui_key_set *down = g_hash_table_lookup(sources->down, GUINT_TO_POINTER(source));

	if (!down) {
		down = g_new0(struct ui_key_set, 1);
		g_hash_table_insert(sources->down, GUINT_TO_POINTER(source), down);
	}
	return down;
}

void ui_sources_tell(void *ctx, const struct ui_key_event *event)
{
	struct ui_key_event events[UI_KEY_SET_FOLLOW_MAX];
	struct ui_sources *sources = ctx;

	if (event->source == UI_KEY_SOURCE_TAPS) {
		tell(sources, event);
		return;
	}
	struct ui_key_set *down = keys_of(sources, event->source);
	size_t count = ui_key_set_follow(down, event, events);
	if (ui_key_set_is_empty(down))
		g_hash_table_remove(sources->down, GUINT_TO_POINTER(event->source));
	for (size_t i = 0; i < count; i++)
		tell(sources, &events[i]);
}

static void on_log(void *ctx, const char *sentence)
{
	const struct ui_sources *sources = ctx;

	sources->events.log(sources->events.ctx, sentence);
}

static void on_silent(void *ctx, uint32_t source, bool is_there)
{
	const struct ui_sources *sources = ctx;

	if (!sources->closing && sources->events.on_silent)
		sources->events.on_silent(sources->events.ctx, source, is_there);
}

static int open_remote(
	struct ui_sources *sources, uv_loop_t *loop, const struct ui_remote_options *options)
{
	const struct ui_remote_events events = {
		.on_key = ui_sources_tell, .log = on_log, .ctx = sources, .on_silent = on_silent};
	struct ui_remote_options devices = *options;

	devices.first_source = UI_SOURCE_DEVICES;
	return ui_remote_open(loop, &devices, &events, &sources->remote);
}

static void on_freed(uv_handle_t *handle)
{
	struct ui_sources *sources = handle->data;

	g_hash_table_unref(sources->down);
	g_free(sources);
}

int ui_sources_open(uv_loop_t *loop, const struct ui_sources_options *options,
	const struct ui_remote_events *events, struct ui_sources **ret)
{
	struct ui_sources *sources = g_new0(struct ui_sources, 1);
	int r = 0;

	uv_timer_init(loop, &sources->freer);
	sources->freer.data = sources;
	sources->events = *events;
	sources->down = g_hash_table_new_full(NULL, NULL, NULL, g_free);
	if (options->remote)
		r = open_remote(sources, loop, options->remote);
	if (r < 0) {
		ui_sources_close(sources);
		return r;
	}
	if (options->terminal_fd >= 0)
		ui_terminal_open(
			loop, options->terminal_fd, ui_sources_tell, sources, &sources->terminal);
	*ret = sources;
	return 0;
}

void ui_sources_resume(struct ui_sources *sources)
{
	ui_terminal_resume(sources->terminal);
}

void ui_sources_close(struct ui_sources *sources)
{
	if (!sources)
		return;
	sources->closing = true;
	ui_terminal_close(sources->terminal);
	ui_remote_close(sources->remote);
	uv_close((uv_handle_t *)&sources->freer, on_freed);
}
