/*
 * app/panels: a view becomes images. What of it has changed is painted by a worker of libuv, the
 * newest view always next, so that the loop draws nothing; what has not changed keeps its image.
 *
 * One painter, one job at a time. Small panels, which answer keys, come before large ones: one that
 * changes while a large one is painted waits for that one at most.
 */
#pragma once

#include <uv.h>

#include "client/play/play.h"
#include "ui/paint.h"

struct panels;

struct panels_options {
	const struct ui_theme *theme; /* copied */
	struct ui_logos logos;	      /* asked on the worker's thread */
	/*
	 * All images that are to be seen from now on, the lowest first; on the loop, good until it
	 * returns. Images that are the same have the same GBytes.
	 */
	void (*ready)(void *ctx, const struct play_overlay *images, size_t count);
	/* A sentence; on the worker's thread. */
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

/* Fonts are loaded first, while what is shown waits. NULL when memory is short. */
struct panels *panels_open(uv_loop_t *loop, const struct panels_options *options);
/*
 * Nothing else is called from now on; closed(ctx) is, from here or from the loop, when no worker
 * asks for logos any more. Accepts NULL.
 */
void panels_close(struct panels *panels, void (*closed)(void *ctx), void *ctx);

/* This is what is visible from now on; copied. */
void panels_show(struct panels *panels, const struct ui_view *view);
/* For a screen of this size from now on; before the first one nothing is painted. */
void panels_resize(struct panels *panels, int width, int height);
/* Logos have come: paints anew what may have some. Accepts NULL. */
void panels_repaint(struct panels *panels);
/* Those that are shown, as for ready(). Good until the loop's next turn. */
size_t panels_images(const struct panels *panels, struct play_overlay ret[UI_PANELS]);
