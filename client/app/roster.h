/* app/roster: a line-up as ui knows it. Pure but for what logos are asked for by. */
#pragma once

#include "channels/lineup.h"
#include "ui/facts.h"

struct roster;

struct roster_options {
	/*
	 * Somebody looks: locks count, and a channel that nobody can join, for each of its sources,
	 * cannot be played. Else all are open, and worth a try.
	 */
	bool has_viewer;
	/* What a logo is asked for by; 0: none. NULL: there are none. */
	int64_t (*logo)(void *ctx, const char *logo);
	void *ctx;
};

/* Of a list that outlives it. Freed with roster_free(), which accepts NULL. */
struct roster *roster_new(const struct channel_list *list, const struct roster_options *options);
void roster_free(struct roster *roster);
const struct ui_lineup *roster_lineup(const struct roster *roster);
