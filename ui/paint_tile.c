/* A channel's picture, or what stands for it. */
#include <glib.h>
#include <string.h>

#include "ui/painter.h"

#define INITIALS_BYTES 32
#define SHORT_NAME 4	/* characters: such a name is as good as a logo */
#define WHOLE_LOGO 0.97 /* of it is covered: nothing shines through */
#define DARK_LOGO 0.28	/* mean brightness below which a logo wants a light ground */

static int tile_radius(const struct ui_painter *painter)
{
	return painter_px(painter, painter->theme.radius * 0.6);
}

/* One letter stands for a name: two would join, or be read from the other side. */
static bool is_joined(gunichar c)
{
	GUnicodeScript script = g_unichar_get_script(c);

	return script == G_UNICODE_SCRIPT_ARABIC || script == G_UNICODE_SCRIPT_HEBREW;
}

/* What says how good a picture is, not which channel it is. */
static bool says_quality(const char *word)
{
	static const char *const words[] = {"HD", "UHD", "FHD", "SD", "4K", "TV"};

	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		if (!g_ascii_strcasecmp(word, words[i]))
			return true;
	return false;
}

static void append_first(GString *to, const char *word)
{
	gunichar first = g_utf8_get_char(word);

	g_string_append_unichar(to, g_unichar_toupper(first));
	/* A Chinese character is a syllable; two make a name. */
	if (g_unichar_iswide(first) && *g_utf8_next_char(word))
		g_string_append_unichar(to, g_utf8_get_char(g_utf8_next_char(word)));
}

/* The words that say which channel it is, two at most. */
static size_t find_words(char **words, const char *found[2])
{
	size_t count = 0;

	for (char **word = words; *word && count < 2; word++)
		if (g_unichar_isalnum(g_utf8_get_char(*word)) &&
			(count == 0 || !says_quality(*word)))
			found[count++] = *word;
	return count;
}

/* "ZDF HD": ZDF, "Das Erste": DE, "Phoenix": P. */
static void initials(const char *name, bool may_be_word, char ret[INITIALS_BYTES])
{
	char **words = g_strsplit_set(name, " -_./|:", 32);
	GString *made = g_string_new(NULL);
	const char *found[2];
	size_t count = find_words(words, found);

	if (count == 1 && may_be_word && g_utf8_strlen(found[0], -1) <= SHORT_NAME) {
		g_string_append(made, found[0]);
	} else if (count > 0) {
		gunichar first = g_utf8_get_char(found[0]);
		append_first(made, found[0]);
		if (count > 1 && !is_joined(first) && !g_unichar_iswide(first))
			append_first(made, found[1]);
	}
	g_strlcpy(ret, made->str, INITIALS_BYTES);
	g_string_free(made, TRUE);
	g_strfreev(words);
}

static void paint_initials(
	const struct ui_painter *painter, struct canvas *canvas, const struct tile *tile)
{
	const struct ui_theme *theme = &painter->theme;
	const struct rect *rect = &tile->rect;
	bool large = rect->height > 2 * typeset_size(painter->typeset, STYLE_HEADLINE);
	enum style style = large ? STYLE_HEADLINE : STYLE_SMALL_STRONG;
	int room = rect->width * 17 / 20;
	struct ui_colour ground = tile->focused ? theme->focus_text : theme->tile;
	char letters[INITIALS_BYTES];

	ground.alpha = theme->tile.alpha;
	canvas_round(canvas, rect, tile_radius(painter), &ground);
	initials(tile->name, true, letters);
	const struct text *text = painter_line(painter, style, letters, room);
	if (text->cut) {
		initials(tile->name, false, letters);
		text = painter_line(painter, style, letters, room);
	}
	typeset_draw(canvas->cairo, text, rect->x + (rect->width - text->width) / 2,
		painter_baseline(painter, style, rect->y, rect->height),
		tile->focused ? &theme->focus_dim : &theme->dim);
}

static bool is_whole(const struct ui_logo *logo, const struct rect *within)
{
	if (logo->width > within->width || logo->height > within->height || logo->width <= 0 ||
		logo->height <= 0 || !logo->pixels ||
		logo->stride_bytes !=
			cairo_format_stride_for_width(CAIRO_FORMAT_ARGB32, logo->width))
		return false;
	return g_bytes_get_size(logo->pixels) >= (gsize)logo->stride_bytes * (gsize)logo->height;
}

/* Means of a sample: how much of it can be seen, and how bright that is; 0 to 1. */
struct nature {
	double cover, light;
};

static struct nature nature_of(const struct ui_logo *logo)
{
	const uint8_t *pixels = g_bytes_get_data(logo->pixels, NULL);
	double light = 0, alpha = 0;
	int count = 0;

	for (int y = 0; y < logo->height; y += 1 + logo->height / 32)
		for (int x = 0; x < logo->width; x += 1 + logo->width / 32, count++) {
			uint32_t pixel;
			memcpy(&pixel,
				pixels + (size_t)y * (size_t)logo->stride_bytes + (size_t)x * 4, 4);
			light += 0.21 * (pixel >> 16 & 255) + 0.72 * (pixel >> 8 & 255) +
				 0.07 * (pixel & 255);
			alpha += pixel >> 24;
		}
	return (struct nature){alpha / 255 / count, alpha > 0 ? light / alpha : 1};
}

/* One that is a plate by itself gets none; a dark one gets a light one. */
static void paint_ground(const struct ui_painter *painter, struct canvas *canvas,
	const struct tile *tile, const struct nature *nature)
{
	const struct ui_theme *theme = &painter->theme;
	struct ui_colour ground = theme->tile;

	if (nature->cover > WHOLE_LOGO)
		return;
	if (nature->light < DARK_LOGO)
		ground = theme->focus;
	else if (tile->focused)
		ground = theme->panel_low;
	canvas_round(canvas, &tile->rect, tile_radius(painter), &ground);
}

static void paint_logo(const struct ui_painter *painter, struct canvas *canvas,
	const struct tile *tile, const struct ui_logo *logo)
{
	cairo_t *cairo = canvas->cairo;
	struct nature nature = nature_of(logo);
	struct rect rect = {tile->rect.x + (tile->rect.width - logo->width) / 2,
		tile->rect.y + (tile->rect.height - logo->height) / 2, logo->width, logo->height};
	/* cairo only reads a source. */
	cairo_surface_t *source =
		cairo_image_surface_create_for_data((void *)g_bytes_get_data(logo->pixels, NULL),
			CAIRO_FORMAT_ARGB32, logo->width, logo->height, logo->stride_bytes);

	paint_ground(painter, canvas, tile, &nature);
	cairo_set_source_surface(cairo, source, rect.x, rect.y);
	if (nature.cover > WHOLE_LOGO) {
		canvas_trace(cairo, &rect, tile_radius(painter), tile_radius(painter));
		cairo_fill(cairo);
	} else {
		cairo_paint(cairo);
	}
	cairo_surface_destroy(source);
}

void painter_tile(struct ui_painter *painter, struct canvas *canvas, const struct tile *tile)
{
	const struct rect *rect = &tile->rect;
	int edge = rect->height / 10;
	struct ui_logo logo = {0};
	enum ui_logo_state state = UI_LOGO_NONE;

	if (tile->logo != 0 && painter->logos.get)
		state = painter->logos.get(painter->logos.ctx, tile->logo, rect->width - 2 * edge,
			rect->height - 2 * edge, &logo);
	if (state == UI_LOGO_READY && is_whole(&logo, rect)) {
		paint_logo(painter, canvas, tile, &logo);
	} else {
		if (state == UI_LOGO_READY && !painter->said_logo && painter->say)
			painter->say(painter->ctx, "a logo has not the pixels that it should have: "
						   "initials are shown");
		painter->said_logo |= state == UI_LOGO_READY;
		paint_initials(painter, canvas, tile);
	}
	if (logo.pixels)
		g_bytes_unref(logo.pixels);
}
