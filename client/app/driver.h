/*
 * app/driver: who presses the keys and takes the results while the program runs: a viewer
 * (app/viewer), or the benchmark (app/bench).
 */
#pragma once

#include <stdbool.h>

#include "client/zap.h"

struct app;

struct app_driver {
	/*
	 * Somebody looks: he may be asked for a PIN, and up and down spare him what cannot be
	 * played. Else locks count for nothing, and all channels are gone through.
	 */
	bool has_viewer;
	/* Everything else is open: opens what keys come through. An exit code. */
	int (*open)(struct app *app);
	/* The loop is about to run. */
	void (*begin)(struct app *app);
	/* As igmp_membership_options.stamped. */
	void (*stamped)(struct app *app, uint64_t wire_ns);
	/*
	 * A key unit of zap n's video; packets of it are missing where it is damaged, and its
	 * parameter sets are from an earlier reception where they are only remembered.
	 */
	void (*key_unit)(struct app *app, uint64_t n, bool is_damaged, bool is_remembered);
	/*
	 * The decoder says that the first picture of zap n, which comes next, is damaged; or it was
	 * decoded with parameter sets that were wrong.
	 */
	void (*damaged)(struct app *app, uint64_t n);
	void (*recorded)(struct app *app, const struct zap_record *record);
	/* SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGCONT. */
	void (*signalled)(struct app *app, int number);
	/*
	 * Another line-up was taken over, or may have been while the box slept; NULL: the one it
	 * began with is kept.
	 */
	void (*lineup_changed)(struct app *app);
	/* The program ends; `open` may have failed, or never been called. */
	void (*close)(struct app *app);
};
