/*
 * app/logos: the logos of the channels whose banner is shown, loaded one after the other on a
 * worker thread, and some of them kept in memory.
 */
#pragma once

#include <uv.h>

#include "client/app/logo_store.h"

struct logos;

struct logos_options {
	const char *folder; /* of logos whose path is relative */
	bool may_fetch;	    /* over the network */
	uint64_t again_ms;  /* what could not be had is tried again after so long */
	/* The one that is wanted; on the loop, also from within logos_want(). It is borrowed. */
	void (*ready)(void *ctx, struct ui_logo *logo);
	/* Once for each logo that cannot be had. */
	void (*log)(void *ctx, const char *sentence);
	void *ctx;
};

struct logos *logos_open(uv_loop_t *loop, const struct logos_options *options);
/* From here on nothing is called; memory is freed from the loop. Accepts NULL. */
void logos_close(struct logos *logos);

/* As a line-up names it; "" is none. The one that was wanted before is so no longer. */
void logos_want(struct logos *logos, const char *logo);
