/*
 * app: joins the rooms and runs the loop. The seams are files of their own (net, player, screen,
 * remote, window, control); here zap's effects go out to them and their events come in.
 */
#pragma once

#include <stdbool.h>

#include "channels/lineup.h"
#include "client/settings.h"

/* So many channels last watched are of use at the start. */
#define APP_HISTORY_MAX 20

struct app_options {
	const struct settings *settings;
	const struct channel_list *channels; /* none: they are waited for; outlives the run */
	const char *iface;		     /* NULL: the first that can receive multicast */
	const char *db; /* where to remember channels and the viewer's ways; NULL: nowhere */
	const char *control_path; /* of a viewer */
	bool headless;		  /* no window, no display */
	int channel;		  /* index to start with */
	/* Indexes of the channels last watched, the newest first, each once. */
	int32_t history[APP_HISTORY_MAX];
	size_t history_count;
	uint16_t volume_percent; /* to start with */
	bool muted;
	const char *wanted; /* the number to start with where there are no channels yet ... */
	uint32_t number, subnumber; /* ... as numbers; 0: the first one */
	uint64_t patience_ns;	    /* as zap_settings.patience_ns */
};

/* Runs for a viewer, until told to quit; returns an exit code. Sentences go to standard error. */
int app_run(const struct app_options *options);
