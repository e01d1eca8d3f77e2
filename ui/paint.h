/*
 * ui/paint: the panels of a view (ui/view.h) as pixels, each an image of its own, with pango and
 * cairo. Only the panels that changed need to be painted (ui_view_changed()).
 *
 * All that is to be read stays UI_SAFE_AREA away from the screen's edges and is UI_TEXT_MIN of its
 * height at least; only a panel's shadow and the guide's ground reach farther out. The bottom
 * fifteenth of the screen stays free but for the guide.
 */
#pragma once

#include "ui/image.h"
#include "ui/logos.h"
#include "ui/theme.h"
#include "ui/view.h"

struct ui_painter;

struct ui_painter_options {
	const struct ui_theme *theme; /* copied; NULL: the one that is built in */
	struct ui_logos logos;	      /* get NULL: there are none */
	/* A sentence when fonts or logos are missing or broken, each kind once; may be NULL. */
	ui_theme_say_fn say;
	void *ctx; /* for `say` */
};

/*
 * A painter holds fonts and laid out texts. It is used by one thread at a time: the loop's, or for
 * large screens that of a worker, which paints from a copy of the view. Several painters may be
 * used by several threads, but they wait for each other (cairo shares its fonts among threads, and
 * not safely), so a loop that must not wait has no other painter at work beside its own. Errors:
 * NULL when memory is short.
 */
struct ui_painter *ui_painter_new(const struct ui_painter_options *options);
void ui_painter_free(struct ui_painter *painter); /* accepts NULL */

/*
 * Loads the fonts, which can take some 100 ms: to be called before the first key, and when the
 * screen's size changes.
 */
void ui_painter_warm_up(struct ui_painter *painter, int width, int height);

/*
 * Paints one panel of `view` for a screen of width x height (1 to 16384 each). *ret gets the image,
 * which is the caller's and does not change any more; without pixels when the panel is not visible.
 * Rows beyond ui_theme_list_rows() and so on are left out, never the selected one. Errors: -ENOMEM,
 * -EINVAL for a size that is no screen's; *ret is untouched then.
 */
int ui_paint_panel(struct ui_painter *painter, enum ui_panel panel, const struct ui_view *view,
	int width, int height, struct ui_image *ret);
