#include "ui/typeset.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_TEXTS 512 /* more than all panels show at once, and some pages of a list */
#define KEPT_TURNS 4

struct style_spec {
	size_t size_offset;
	int weight;
	bool heading, figures;
};

#define SPEC(size, weight, heading, figures)                                                       \
	{                                                                                          \
		offsetof(struct ui_theme, size), weight, heading, figures                          \
	}

static const struct style_spec specs[STYLES] = {
	[STYLE_SMALL] = SPEC(small, 450, false, false),
	[STYLE_SMALL_STRONG] = SPEC(small, 600, false, false),
	[STYLE_FIGURES] = SPEC(small, 500, true, true),
	[STYLE_TEXT] = SPEC(text_size, 500, false, false),
	[STYLE_STRONG] = SPEC(text_size, 600, false, false),
	[STYLE_TITLE] = SPEC(title, 600, true, false),
	[STYLE_TITLE_FIGURES] = SPEC(title, 500, true, true),
	[STYLE_HEADLINE] = SPEC(headline, 600, true, false),
	[STYLE_NUMBER] = SPEC(number, 700, true, true),
};

struct key {
	enum style style;
	int width, lines;
	bool centred;
	const char *utf8;
};

struct entry {
	struct text text; /* the first member: what others hold */
	struct key key;	  /* utf8 points behind this struct */
	PangoLayout *layout;
	int left; /* of what is drawn, within the layout */
	unsigned turn;
	char utf8[];
};

struct typeset {
	struct ui_theme theme;
	ui_theme_say_fn say;
	void *ctx;
	bool said_glyphs;
	PangoFontMap *map;
	PangoContext *context;
	PangoAttrList *figures;
	PangoFontDescription *fonts[STYLES];
	int sizes[STYLES], caps[STYLES];
	int height;
	unsigned turn;
	GHashTable *texts; /* of struct entry, by its key */
};

/* No layout: what is drawn of it is nothing. */
static const struct entry empty;

static guint key_hash(gconstpointer data)
{
	const struct key *key = &((const struct entry *)data)->key;

	return g_str_hash(key->utf8) ^ (guint)key->style << 24 ^ (guint)key->width << 4 ^
	       (guint)key->lines ^ (guint)key->centred << 3;
}

static gboolean key_equal(gconstpointer a, gconstpointer b)
{
	const struct key *one = &((const struct entry *)a)->key;
	const struct key *other = &((const struct entry *)b)->key;

	return one->style == other->style && one->width == other->width &&
	       one->lines == other->lines && one->centred == other->centred &&
	       !strcmp(one->utf8, other->utf8);
}

static void entry_free(gpointer data)
{
	struct entry *entry = data;

	g_object_unref(entry->layout);
	g_free(entry);
}

/* Sizes are whole screens': no hints, and grey levels since the ground is translucent. */
static PangoContext *context_new(PangoFontMap *map)
{
	PangoContext *context = pango_font_map_create_context(map);
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	cairo_font_options_destroy(options);
	pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
	return context;
}

/* The generic ones ("Sans") are always there. */
static bool has_family(const struct typeset *typeset, const char *families)
{
	char **names = g_strsplit(families, ",", -1);
	bool found = false;

	for (char **name = names; *name && !found; name++)
		found = pango_font_map_get_family(typeset->map, g_strstrip(*name)) != NULL;
	g_strfreev(names);
	return found;
}

static void G_GNUC_PRINTF(2, 3) say(const struct typeset *typeset, const char *format, ...)
{
	va_list args;

	if (!typeset->say)
		return;
	va_start(args, format);
	char *sentence = g_strdup_vprintf(format, args);
	va_end(args);
	typeset->say(typeset->ctx, sentence);
	g_free(sentence);
}

struct typeset *typeset_new(const struct ui_theme *theme, ui_theme_say_fn say_fn, void *ctx)
{
	struct typeset *typeset = calloc(1, sizeof *typeset);

	if (!typeset)
		return NULL;
	typeset->theme = *theme;
	typeset->say = say_fn;
	typeset->ctx = ctx;
	typeset->map = pango_cairo_font_map_new();
	typeset->context = context_new(typeset->map);
	typeset->figures = pango_attr_list_new();
	pango_attr_list_insert(typeset->figures, pango_attr_font_features_new("tnum=1"));
	typeset->texts = g_hash_table_new_full(key_hash, key_equal, NULL, entry_free);
	if (!has_family(typeset, theme->fonts))
		say(typeset, "none of the fonts \"%s\" is installed: another one is used",
			theme->fonts);
	else if (!has_family(typeset, theme->heading_fonts))
		say(typeset, "none of the fonts \"%s\" is installed: another one is used",
			theme->heading_fonts);
	return typeset;
}

static void forget_sizes(struct typeset *typeset)
{
	g_hash_table_remove_all(typeset->texts);
	for (enum style i = 0; i < STYLES; i++)
		g_clear_pointer(&typeset->fonts[i], pango_font_description_free);
}

void typeset_free(struct typeset *typeset)
{
	if (!typeset)
		return;
	forget_sizes(typeset);
	g_hash_table_unref(typeset->texts);
	pango_attr_list_unref(typeset->figures);
	g_object_unref(typeset->context);
	g_object_unref(typeset->map);
	free(typeset);
}

static int size_of(const struct typeset *typeset, enum style style)
{
	double share = *(const double *)((const char *)&typeset->theme + specs[style].size_offset);

	return (int)fmax(round(share * typeset->height), ceil(UI_TEXT_MIN * typeset->height));
}

static PangoFontDescription *font_new(const struct typeset *typeset, enum style style)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(
		font, specs[style].heading ? typeset->theme.heading_fonts : typeset->theme.fonts);
	pango_font_description_set_weight(font, (PangoWeight)specs[style].weight);
	pango_font_description_set_absolute_size(font, typeset->sizes[style] * PANGO_SCALE);
	return font;
}

static PangoLayout *layout_new(const struct typeset *typeset, const struct key *key)
{
	PangoLayout *layout = pango_layout_new(typeset->context);
	char *valid =
		g_utf8_validate(key->utf8, -1, NULL) ? NULL : g_utf8_make_valid(key->utf8, -1);

	pango_layout_set_font_description(layout, typeset->fonts[key->style]);
	if (specs[key->style].figures)
		pango_layout_set_attributes(layout, typeset->figures);
	if (key->lines == 1)
		pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_text(layout, valid ? valid : key->utf8, -1);
	g_free(valid);
	return layout;
}

void typeset_set_height(struct typeset *typeset, int height)
{
	if (typeset->height == height)
		return;
	forget_sizes(typeset);
	typeset->height = height;
	for (enum style i = 0; i < STYLES; i++) {
		PangoRectangle ink;
		typeset->sizes[i] = size_of(typeset, i);
		typeset->fonts[i] = font_new(typeset, i);
		PangoLayout *layout = layout_new(typeset, &(struct key){i, 0, 1, false, "H"});
		pango_layout_get_pixel_extents(layout, &ink, NULL);
		typeset->caps[i] = ink.height;
		g_object_unref(layout);
	}
}

/* Makes the lines about equally long: the layout as narrow as it can be with so many lines. */
static void balance_lines(PangoLayout *layout, int max_width)
{
	int lines = pango_layout_get_line_count(layout);
	int low = max_width / lines / 2, high = max_width;

	while (lines > 1 && high - low > 4) {
		int middle = (low + high) / 2;
		pango_layout_set_width(layout, middle * PANGO_SCALE);
		if (pango_layout_get_line_count(layout) > lines)
			low = middle;
		else
			high = middle;
	}
	pango_layout_set_width(layout, high * PANGO_SCALE);
}

static void fit_line(PangoLayout *layout, int max_width)
{
	PangoRectangle logical;

	pango_layout_get_pixel_extents(layout, NULL, &logical);
	if (logical.width <= max_width)
		return;
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_width(layout, max_width * PANGO_SCALE);
}

static void fit_block(PangoLayout *layout, const struct key *key)
{
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_width(layout, key->width * PANGO_SCALE);
	if (key->centred) {
		pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
		if (pango_layout_get_line_count(layout) <= key->lines)
			balance_lines(layout, key->width);
	}
	pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
	pango_layout_set_height(layout, -key->lines);
}

static void warn_of_boxes(struct typeset *typeset, PangoLayout *layout)
{
	if (typeset->said_glyphs || pango_layout_get_unknown_glyphs_count(layout) == 0)
		return;
	typeset->said_glyphs = true;
	say(typeset,
		"no font has all characters of \"%s\": boxes are shown for them "
		"(Debian: fonts-noto-core and fonts-noto-cjk have most)",
		pango_layout_get_text(layout));
}

static struct entry *entry_new(struct typeset *typeset, const struct key *key)
{
	size_t size_bytes = strlen(key->utf8) + 1;
	struct entry *entry = g_malloc0(sizeof *entry + size_bytes);
	PangoRectangle logical;

	memcpy(entry->utf8, key->utf8, size_bytes);
	entry->key = *key;
	entry->key.utf8 = entry->utf8;
	entry->layout = layout_new(typeset, key);
	if (key->lines == 1)
		fit_line(entry->layout, key->width);
	else
		fit_block(entry->layout, key);
	warn_of_boxes(typeset, entry->layout);
	pango_layout_get_pixel_extents(entry->layout, NULL, &logical);
	/* A block keeps its width: its lines stand at that side where their script begins. */
	bool column = key->lines > 1 && !key->centred;
	entry->left = column ? 0 : logical.x;
	entry->text = (struct text){.width = column ? key->width : logical.width,
		.height = logical.height,
		.baseline = PANGO_PIXELS(pango_layout_get_baseline(entry->layout)),
		.cut = pango_layout_is_ellipsized(entry->layout)};
	return entry;
}

static const struct text *find(struct typeset *typeset, const struct key *key)
{
	struct entry wanted = {.key = *key};

	if (!key->utf8[0] || key->width <= 0 || key->lines <= 0)
		return &empty.text;
	struct entry *entry = g_hash_table_lookup(typeset->texts, &wanted);
	if (!entry) {
		entry = entry_new(typeset, key);
		g_hash_table_add(typeset->texts, entry);
	}
	entry->turn = typeset->turn;
	return &entry->text;
}

const struct text *typeset_line(
	struct typeset *typeset, enum style style, const char *utf8, int max_width)
{
	return find(typeset, &(struct key){style, max_width, 1, false, utf8});
}

const struct text *typeset_block(struct typeset *typeset, enum style style, const char *utf8,
	int max_width, int max_lines, bool centred)
{
	return find(typeset, &(struct key){style, max_width, max_lines, centred, utf8});
}

void typeset_draw(cairo_t *cairo, const struct text *text, int x, int baseline,
	const struct ui_colour *colour)
{
	const struct entry *entry = (const struct entry *)text;

	if (!entry->layout)
		return;
	cairo_set_source_rgba(cairo, colour->red, colour->green, colour->blue, colour->alpha);
	cairo_move_to(cairo, x - entry->left, baseline - text->baseline);
	pango_cairo_show_layout(cairo, entry->layout);
}

int typeset_size(const struct typeset *typeset, enum style style)
{
	return typeset->sizes[style];
}

int typeset_cap(const struct typeset *typeset, enum style style)
{
	return typeset->caps[style];
}

static gboolean is_old(gpointer key, gpointer value, gpointer data)
{
	const struct entry *entry = key;
	const struct typeset *typeset = data;

	(void)value;
	return typeset->turn - entry->turn > KEPT_TURNS;
}

void typeset_settle(struct typeset *typeset)
{
	typeset->turn++;
	if (g_hash_table_size(typeset->texts) > KEPT_TEXTS)
		g_hash_table_foreach_remove(typeset->texts, is_old, typeset);
}

/* Latin, Greek, Cyrillic, Chinese, Arabic, Hebrew. */
static const char *const samples[] = {
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz",
	"0123456789.,:;!?'/()&+-%\u2013\u2026\u00c4\u00d6\u00dc\u00e4\u00e9\u00f6\u00fc\u00df",
	"\u0391\u03b1 \u0410\u0430\u0411\u0431 \u4e2d\u592e",
	"\u0642\u0646\u0627\u0629 \u05e2\u05e8\u05d5\u05e5",
};

void typeset_warm_up(struct typeset *typeset)
{
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_ARGB32, typeset->height * 4, typeset->height / 4 + 1);
	cairo_t *cairo = cairo_create(surface);
	static const struct ui_colour white = {1, 1, 1, 1};

	for (enum style style = 0; style < STYLES; style++)
		for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
			const struct text *text =
				typeset_line(typeset, style, samples[i], typeset->height * 4);
			typeset_draw(cairo, text, 0, text->baseline, &white);
			typeset_settle(typeset);
		}
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
}
