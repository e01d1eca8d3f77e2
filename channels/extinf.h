/* channels/extinf: what an #EXTINF line of an M3U says. Pure. */
#pragma once

#include <stdbool.h>

/* Pointers into the parsed text; "" where the line says nothing. */
struct extinf {
	const char *name;
	const char *tvg_name;
	const char *guide_id;
	const char *logo;
	const char *number;
	const char *group; /* a list by ';' or '|' */
	const char *language;
	bool radio;
};

typedef void (*extinf_unused_fn)(void *ctx, const char *key);

/*
 * Takes `text` (after "#EXTINF:", UTF-8, no control characters) apart in place. Never fails: what
 * is not understood is left out; attributes with a value that zapper has no use for go to `unused`.
 *
 * The comma before the name is the one right after the duration and well-formed attributes; on a
 * line with stray quotes the one right after the last '"', else the last one.
 */
void extinf_parse(char *text, struct extinf *ret, extinf_unused_fn unused, void *ctx);
