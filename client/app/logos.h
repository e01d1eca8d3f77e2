/*
 * app/logos: channels' pictures for whoever paints, on whatever thread that is: loaded one after
 * the other on a worker, scaled to what was asked for, and the newest of them kept in memory.
 */
#pragma once

#include <uv.h>

#include "client/app/logo_store.h"

struct logos;

struct logos_options {
	const char *folder; /* of logos whose path is relative */
	bool may_fetch;	    /* over the network */
	uint64_t again_ms;  /* what could not be had is tried again after so long */
	/* Some of those that were not there when they were asked for are; on the loop. */
	void (*ready)(void *ctx);
	/* Once for each logo that cannot be had; on the loop. */
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

/* -errno of libuv. */
int logos_open(uv_loop_t *loop, const struct logos_options *options, struct logos **ret);
/*
 * From here on nothing is called, and nothing may be asked; memory is freed from the loop. Accepts
 * NULL.
 */
void logos_close(struct logos *logos);

/*
 * What to ask for a logo by, which a line-up names so; the same one for the same name. 0 for "".
 * On the loop.
 */
int64_t logos_id(struct logos *logos, const char *logo);
/*
 * Another line-up: names that logos_id() was not asked for since the last time are forgotten, and
 * what they were asked for by has no logo any more. On the loop.
 */
void logos_forget_others(struct logos *logos);
/* As ui_logos.get, for any thread; `ctx` is the logos. */
enum ui_logo_state logos_get(void *ctx, int64_t id, int width, int height, struct ui_logo *ret);
