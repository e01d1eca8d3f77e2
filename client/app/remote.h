/*
 * app/remote: where keys come from: the terminal and the devices that the settings name, which it
 * opens, and the window and requests, which tell theirs. All of them are one stream.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "client/settings.h"
#include "ui/keymap.h"
#include "ui/sources.h"

struct remote_options {
	const struct settings *settings; /* remote.* */
	/* A viewer's; else keys come from the window and from requests only. */
	bool opens_sources;
	bool window_gives_keys; /* it has the keyboard, then */
};

/* As ui_sources_open(), which *ret is for ui_sources_tell() and the others. */
int remote_open(uv_loop_t *loop, const struct remote_options *options,
	const struct ui_remote_events *events, struct ui_sources **ret);

/*
 * The keys as they are without a file, and what that of keys.map says else. What is wrong with it
 * is said, one sentence each.
 */
void remote_read_keymap(const struct settings *settings,
	void (*log)(void *ctx, const char *sentence), void *ctx, struct ui_keymap *ret);
