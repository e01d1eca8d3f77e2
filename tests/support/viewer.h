/*
 * tests/support/viewer: somebody with a remote before a box, in virtual time: keys go through
 * ui/presses into ui/model, deadlines are kept to the nanosecond, effects are written down. A
 * small line-up, a guide with a show each half hour, and a clock are there from the start.
 */
#pragma once

#include <linux/input-event-codes.h>

#include "ui/model.h"

#define VIEWER_MS UINT64_C(1000000)
#define VIEWER_S UINT64_C(1000000000)
#define VIEWER_LOG 512
#define VIEWER_SOURCE 1 /* a remote that tells its repeats */
/* When a viewer sits down: CLOCK_MONOTONIC, and Sunday 22 November 2026, 20:20:00 in UTC+1. */
#define VIEWER_START_NS (1000 * VIEWER_S)
#define VIEWER_START_S INT64_C(1795375200)

/* The line-up: indexes. */
enum {
	NEWS,	/* 1 */
	SPORT,	/* 2 */
	BROKEN, /* 3, cannot be played */
	MUSIC,	/* 5, radio */
	MUSIC2, /* 5.1 */
	FILMS,	/* 12, locked */
	QANAT,	/* 123, in Arabic */
	VIEWER_CHANNELS
};
/* Sets behind "All channels", as LEFT and RIGHT go: "Sports" {SPORT, MUSIC2}, "Mixed" {QANAT, NEWS,
 * MUSIC}, favourites {MUSIC}. */

struct viewer {
	struct ui_keymap keymap;
	struct ui_presses presses;
	struct ui_model *model;
	uint64_t now_ns;
	size_t log_count;
	struct ui_effect log[VIEWER_LOG];
	unsigned guide_looks; /* how often the guide was asked */
	struct ui_view view;
};

/* The default settings where NULL: a banner of 5 s, the PIN 2580. */
void viewer_open(struct viewer *viewer, const struct ui_model_settings *settings);
void viewer_close(struct viewer *viewer);
const struct ui_lineup *viewer_lineup(void);

/* Carries out what is due, each thing at its time. */
void viewer_wait(struct viewer *viewer, uint64_t ns);
/* One event at this moment. */
void viewer_event(struct viewer *viewer, uint16_t code, enum ui_key_motion motion);
/* What `presses` told, into the model. */
void viewer_presses(struct viewer *viewer, const struct ui_press_list *presses);
/* A press of 20 ms. */
void viewer_key(struct viewer *viewer, uint16_t code);
void viewer_keys(struct viewer *viewer, const uint16_t *codes, size_t count);
/* Held for `ns`; it repeats like evdev's: after 250 ms, each 33 ms. */
void viewer_hold(struct viewer *viewer, uint16_t code, uint64_t ns);
void viewer_tune(struct viewer *viewer, int32_t channel); /* and forgets the effects */
const struct ui_view *viewer_look(struct viewer *viewer);

void viewer_forget(struct viewer *viewer); /* the effects so far */
/* The latest of this type that was not forgotten; NULL where there is none. */
const struct ui_effect *viewer_effect(const struct viewer *viewer, enum ui_effect_type type);
size_t viewer_count(const struct viewer *viewer, enum ui_effect_type type);

/* What must hold whatever was pressed: NULL, or what does not. */
const char *viewer_broken_rule(struct viewer *viewer);
