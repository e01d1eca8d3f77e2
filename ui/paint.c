#include "ui/paint.h"

#include <errno.h>
#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include "ui/layout.h"
#include "ui/painter.h"

#define SCREEN_MAX 16384 /* cairo's coordinates end at 32767 */

/*
 * cairo keeps fonts and glyphs for the whole process, and up to 1.16 a font that one thread gives
 * up while another finds it again ends the program (an assertion in cairo_scaled_font_destroy()).
 */
static GMutex fonts_lock;

struct ui_painter *ui_painter_new(const struct ui_painter_options *options)
{
	struct ui_painter *painter = calloc(1, sizeof *painter);

	if (!painter)
		return NULL;
	if (options->theme)
		painter->theme = *options->theme;
	else
		ui_theme_init(&painter->theme);
	painter->logos = options->logos;
	painter->say = options->say;
	painter->ctx = options->ctx;
	g_mutex_lock(&fonts_lock);
	painter->typeset = typeset_new(&painter->theme, options->say, options->ctx);
	g_mutex_unlock(&fonts_lock);
	if (!painter->typeset) {
		free(painter);
		return NULL;
	}
	return painter;
}

void ui_painter_free(struct ui_painter *painter)
{
	if (!painter)
		return;
	g_mutex_lock(&fonts_lock);
	typeset_free(painter->typeset);
	g_mutex_unlock(&fonts_lock);
	free(painter);
}

static bool set_screen(struct ui_painter *painter, int width, int height)
{
	if (width < 1 || height < 1 || width > SCREEN_MAX || height > SCREEN_MAX)
		return false;
	painter->width = width;
	painter->height = height;
	typeset_set_height(painter->typeset, height);
	return true;
}

void ui_painter_warm_up(struct ui_painter *painter, int width, int height)
{
	g_mutex_lock(&fonts_lock);
	if (set_screen(painter, width, height))
		typeset_warm_up(painter->typeset);
	g_mutex_unlock(&fonts_lock);
}

int painter_px(const struct ui_painter *painter, double share)
{
	return (int)lround(share * painter->height);
}

struct rect painter_room(const struct ui_painter *painter)
{
	int side = (int)ceil(UI_SAFE_AREA * painter->width);
	int above = (int)ceil(LAYOUT_MARGIN * painter->height);

	return (struct rect){side, above, painter->width - 2 * side, painter->height - 2 * above};
}

int painter_pad(const struct ui_painter *painter)
{
	return painter_px(painter, painter->theme.spacing);
}

int painter_baseline(const struct ui_painter *painter, enum style style, int top, int height)
{
	int cap = typeset_cap(painter->typeset, style);

	return top + (height - cap) / 2 + cap;
}

int painter_open(const struct ui_painter *painter, struct canvas *canvas, const struct rect *panel)
{
	struct plate plate = {.rect = *panel,
		.radius = painter_px(painter, painter->theme.radius),
		.shadow = painter_px(painter, painter->theme.shadow_size),
		.theme = &painter->theme};
	struct rect area = rect_grown(panel, plate.shadow);

	area.height += plate.shadow / 6;
	int r = canvas_open(canvas, &area, painter->width, painter->height);
	if (r == 0) {
		canvas_plate(canvas, &plate);
		canvas_clip(canvas, panel);
	}
	return r;
}

const struct text *painter_line(
	const struct ui_painter *painter, enum style style, const char *utf8, int max_width)
{
	return typeset_line(painter->typeset, style, utf8, max_width);
}

static int paint(struct ui_painter *painter, enum ui_panel panel, const struct ui_view *view,
	struct ui_image *ret)
{
	switch (panel) {
	case UI_PANEL_MESSAGE:
		return view->message.visible ? paint_message(painter, &view->message, ret) : 0;
	case UI_PANEL_STATS:
		return view->stats.visible ? paint_stats(painter, &view->stats, ret) : 0;
	case UI_PANEL_BANNER:
		return view->banner.visible ? paint_banner(painter, &view->banner, ret) : 0;
	case UI_PANEL_LIST:
		return view->list.visible ? paint_list(painter, &view->list, ret) : 0;
	case UI_PANEL_GUIDE:
		return view->guide.visible ? paint_guide(painter, &view->guide, ret) : 0;
	case UI_PANEL_TRACKS:
		return view->tracks.visible ? paint_tracks(painter, &view->tracks, ret) : 0;
	case UI_PANEL_VOLUME:
		return view->volume.visible ? paint_volume(painter, &view->volume, ret) : 0;
	case UI_PANEL_NOTICE:
		return view->notice.visible ? paint_notice(painter, &view->notice, ret) : 0;
	case UI_PANEL_PIN:
		return view->pin.visible ? paint_pin(painter, &view->pin, ret) : 0;
	case UI_PANELS:
		break;
	}
	return -EINVAL;
}

int ui_paint_panel(struct ui_painter *painter, enum ui_panel panel, const struct ui_view *view,
	int width, int height, struct ui_image *ret)
{
	struct ui_image image = {0};
	int r = -EINVAL;

	g_mutex_lock(&fonts_lock);
	if (set_screen(painter, width, height))
		r = paint(painter, panel, view, &image);
	typeset_settle(painter->typeset);
	g_mutex_unlock(&fonts_lock);
	if (r == -ENOENT) /* a screen that is too small for it */
		r = 0;
	if (r == 0)
		*ret = image;
	return r;
}
