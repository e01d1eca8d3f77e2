/*
 * ui/entry: a channel number while it is typed. Pure; the next deadline is asked for. Times are
 * CLOCK_MONOTONIC nanoseconds.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define UI_TYPED_BYTES 16 /* 5 digits, a dot, 5 digits, NUL, rounded up */

/* What the line-up has for a number as far as it is typed: bits. */
enum ui_number_match {
	UI_NUMBER_EXACT = 1 << 0,  /* a channel of this very number */
	UI_NUMBER_LONGER = 1 << 1, /* one that begins so, and goes on */
};
typedef unsigned (*ui_number_match_fn)(void *ctx, const char *typed);

enum ui_entry_step {
	UI_ENTRY_NOTHING, /* nothing happened: no room, or nothing typed */
	UI_ENTRY_TYPING,
	UI_ENTRY_DONE,	  /* go to `number` */
	UI_ENTRY_UNKNOWN, /* there is no such channel: say so */
	UI_ENTRY_OVER,	  /* cancelled, or said for long enough */
};

struct ui_entry {
	ui_number_match_fn match;
	void *ctx;
	uint64_t timeout_ns;
	char typed[UI_TYPED_BYTES];  /* "" when there is none */
	char number[UI_TYPED_BYTES]; /* of UI_ENTRY_DONE: "5" also where "5." or "5.0" was typed */
	bool unknown;		     /* `typed` is shown, but leads nowhere */
	bool ended;		     /* and no digit can be added any more */
	uint64_t typed_ns;	     /* the last digit */
	uint64_t deadline_ns;
};

/* timeout_ns 0 is the default, 2 s after the last digit. */
void ui_entry_init(
	struct ui_entry *entry, uint64_t timeout_ns, ui_number_match_fn match, void *ctx);

/*
 * '0' to '9' or '.'. A number that no longer one begins with is done, or unknown, at once; digits
 * that follow one that is unknown for that reason still belong to it, lest the rest of a number
 * that does not exist lead to a channel nobody asked for. UI_ENTRY_NOTHING for more than 5 digits.
 */
enum ui_entry_step ui_entry_type(struct ui_entry *entry, char digit, uint64_t now_ns);
enum ui_entry_step ui_entry_ok(struct ui_entry *entry, uint64_t now_ns);
enum ui_entry_step ui_entry_cancel(struct ui_entry *entry);
/* The line-up has changed: what is typed may be a channel now, or none any more. */
void ui_entry_rematch(struct ui_entry *entry);

/* UINT64_MAX when nothing is typed. */
uint64_t ui_entry_deadline(const struct ui_entry *entry);
enum ui_entry_step ui_entry_expire(struct ui_entry *entry, uint64_t now_ns);

/* "5" for "5", "5." and "5.0"; "5.1" for "5.01". */
void ui_entry_number(const char *typed, char number[UI_TYPED_BYTES]);
