/*
 * Views of every screen, in the words that ui/model and client/app have for them, with names in
 * several scripts, and logos for them.
 */
#pragma once

#include "ui/logos.h"
#include "ui/view.h"

struct ui_sample {
	const char *name;
	void (*fill)(struct ui_view *view); /* of a view that is {0} */
};

extern const struct ui_sample ui_samples[];
extern const size_t ui_sample_count;

/* Channel `n` of a line-up that never ends; the same for the same n. */
void ui_sample_row(struct ui_list_row *row, unsigned n);
/* The list, scrolled so that channel `n` (1 and up) is at its top. */
void ui_sample_list(struct ui_list_view *list, unsigned n);
/* The banner of a zap to channel `n`. */
void ui_sample_banner(struct ui_banner_view *banner, unsigned n);
/* The guide with another page of channels and hours for each `n`. */
void ui_sample_guide(struct ui_guide_view *guide, unsigned n);

/* Draws a made up logo for each id; 13 is a broken one, and 14 one that is not ready. */
extern const struct ui_logos ui_sample_logos;
