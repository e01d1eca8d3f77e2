/* ui/paint: what can be read on the screens of the samples, where, and at what size. */
#include "tests/support/test.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/ui/find_text.h"
#include "tests/unit/ui/samples.h"
#include "ui/paint.h"

/* What fontconfig keeps for the life of the process is its own. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libfontconfig\nleak:libpango\n";
}

#define READABLE 4.5 /* WCAG 2.1, 1.4.3 */

struct bench {
	struct ui_painter *painter;
	struct typeset *typeset; /* to find by */
	struct ui_view *view;
	unsigned said;
	char last[256];
};

static const struct {
	int width, height;
} screens[] = {{1280, 720}, {1920, 1080}, {3840, 2160}, {720, 576}, {640, 480}};

static void say(void *ctx, const char *sentence)
{
	struct bench *bench = ctx;

	bench->said++;
	g_strlcpy(bench->last, sentence, sizeof bench->last);
}

static int setup(void **state)
{
	struct bench *bench = g_new0(struct bench, 1);
	struct ui_painter_options options = {.logos = ui_sample_logos, .say = say, .ctx = bench};
	struct ui_theme theme;

	ui_theme_init(&theme);
	bench->painter = ui_painter_new(&options);
	bench->typeset = typeset_new(&theme, NULL, NULL);
	bench->view = g_new0(struct ui_view, 1);
	*state = bench;
	return bench->painter && bench->typeset ? 0 : -1;
}

static int teardown(void **state)
{
	struct bench *bench = *state;

	ui_painter_free(bench->painter);
	typeset_free(bench->typeset);
	g_free(bench->view);
	g_free(bench);
	return 0;
}

static void fill(struct bench *bench, const char *name)
{
	memset(bench->view, 0, sizeof *bench->view);
	for (size_t i = 0; i < ui_sample_count; i++)
		if (!strcmp(ui_samples[i].name, name)) {
			ui_samples[i].fill(bench->view);
			return;
		}
	fail_msg("there is no sample %s", name);
}

static struct ui_image paint(struct bench *bench, enum ui_panel panel, int width, int height)
{
	struct ui_image image = {0};

	assert_int_equal(
		ui_paint_panel(bench->painter, panel, bench->view, width, height, &image), 0);
	return image;
}

static uint32_t pixel(const struct ui_image *image, int x, int y)
{
	uint32_t argb;

	memcpy(&argb, image->pixels + (size_t)y * (size_t)image->stride_bytes + (size_t)x * 4, 4);
	return argb;
}

/* All panels over a picture of one grey. */
static cairo_surface_t *show(struct bench *bench, int width, int height, double ground)
{
	cairo_surface_t *screen = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
	cairo_t *cairo = cairo_create(screen);

	cairo_set_source_rgb(cairo, ground, ground, ground);
	cairo_paint(cairo);
	for (enum ui_panel panel = 0; panel < UI_PANELS; panel++) {
		struct ui_image image = paint(bench, panel, width, height);
		if (!image.pixels)
			continue;
		cairo_surface_t *surface = cairo_image_surface_create_for_data(image.pixels,
			CAIRO_FORMAT_ARGB32, image.width, image.height, image.stride_bytes);
		cairo_set_source_surface(cairo, surface, image.x, image.y);
		cairo_paint(cairo);
		cairo_surface_destroy(surface);
		ui_image_clear(&image);
	}
	cairo_destroy(cairo);
	return screen;
}

struct expected {
	const char *sample;
	enum style style;
	const char *text;
};

static const struct expected readable[] = {
	{"banner", STYLE_HEADLINE, "Northern One HD"},
	{"banner", STYLE_TITLE, "The Lighthouse Keepers"},
	{"banner", STYLE_SMALL, "News and Weather"},
	{"banner", STYLE_FIGURES, "20:00 – 20:45"},
	{"banner", STYLE_TITLE_FIGURES, "20:12"},
	{"banner", STYLE_SMALL_STRONG, "TXT"},
	{"banner-arabic", STYLE_HEADLINE, "قناة الأفق"},
	{"banner-arabic", STYLE_SMALL, "סיפורי המגדלור"},
	{"banner-chinese", STYLE_HEADLINE, "东方新闻频道"},
	{"banner-long", STYLE_NUMBER, "12345.1"},
	{"banner-plain", STYLE_HEADLINE, "Radio Meridian"},
	{"banner-typing", STYLE_HEADLINE, "Harbour News"},
	{"banner-unknown", STYLE_NUMBER, "4711"},
	{"banner-unknown", STYLE_HEADLINE, "There is no channel 4711"},
	{"list", STYLE_TITLE, "All channels"},
	{"list", STYLE_FIGURES, "3 / 5000"},
	{"list", STYLE_STRONG, "Городской канал"},
	{"list", STYLE_STRONG, "ARIA"}, /* the one that is selected */
	{"list", STYLE_SMALL, "Jazz in the Night"},
	{"list-scrolled", STYLE_FIGURES, "4218"},
	{"list-bouquets", STYLE_STRONG, "موسيقى"},
	{"list-bouquets", STYLE_SMALL, "23 channels"},
	{"guide", STYLE_HEADLINE, "The Lighthouse Keepers"},
	{"guide", STYLE_SMALL, "Ночной сеанс"},
	{"guide", STYLE_FIGURES, "21:30"},
	{"guide-hebrew", STYLE_SMALL_STRONG, "מבט לחדשות הערב"},
	{"tracks", STYLE_STRONG, "English, AAC"},
	{"tracks", STYLE_TEXT, "German, AC-3"},
	{"volume", STYLE_FIGURES, "64"},
	{"volume", STYLE_TEXT, "Sleep in 30 min"},
	{"pin-wrong", STYLE_TITLE, "PIN for 13 Nature Wide"},
	{"pin-wrong", STYLE_SMALL, "Too many wrong PINs: wait 42 s."},
	{"message", STYLE_TITLE, "No signal on channel 7: the"},
	{"stats", STYLE_FIGURES, "0 of 18240"},
	{"stats", STYLE_SMALL, "Key picture received"},
};

static void assert_readable(struct bench *bench, cairo_surface_t *screen,
	const struct expected *expected, int width, int height)
{
	struct found found = find_text(bench->typeset, screen, expected->style, expected->text);

	if (!found.rect.width)
		fail_msg("%s, %dp: \"%s\" is not seen", expected->sample, height, expected->text);
	if (found.contrast < READABLE)
		fail_msg("%s, %dp: \"%s\" has a contrast of %.2f", expected->sample, height,
			expected->text, found.contrast);
	assert_true(found.rect.x * 20 >= width && rect_right(&found.rect) * 20 <= width * 19);
	assert_true(found.rect.y * 20 >= height && rect_bottom(&found.rect) * 20 <= height * 19);
	assert_true(typeset_size(bench->typeset, expected->style) * 30 >= height);
}

static void assert_all_readable(struct bench *bench, int width, int height, double ground)
{
	const char *shown = "";
	cairo_surface_t *screen = NULL;

	typeset_set_height(bench->typeset, height);
	for (size_t i = 0; i < G_N_ELEMENTS(readable); i++) {
		if (strcmp(shown, readable[i].sample) != 0) {
			g_clear_pointer(&screen, cairo_surface_destroy);
			shown = readable[i].sample;
			fill(bench, shown);
			screen = show(bench, width, height, ground);
		}
		assert_readable(bench, screen, &readable[i], width, height);
	}
	cairo_surface_destroy(screen);
}

static void test_text_is_readable_over_bright_pictures(void **state)
{
	for (size_t i = 0; i < 3; i++)
		assert_all_readable(*state, screens[i].width, screens[i].height, 1);
}

static void test_text_is_readable_over_dark_pictures(void **state)
{
	for (size_t i = 0; i < 3; i++)
		assert_all_readable(*state, screens[i].width, screens[i].height, 0);
}

/* Only what is dark and needs no reading may lie beyond the safe area. */
static void assert_keeps_its_place(
	const struct ui_image *image, enum ui_panel panel, int width, int height)
{
	assert_true(image->x >= 0 && image->x + image->width <= width);
	assert_true(image->y >= 0 && image->y + image->height <= height);
	assert_true(image->stride_bytes >= image->width * 4);
	for (int y = 0; y < image->height; y++)
		for (int x = 0; x < image->width; x++) {
			int at_x = image->x + x, at_y = image->y + y;
			uint32_t argb = pixel(image, x, y), alpha = argb >> 24;
			if (at_x * 20 >= width && at_x * 20 < width * 19 && at_y * 20 >= height &&
				at_y * 20 < height * 19)
				continue;
			if ((argb >> 8 & 255) > 0x18)
				fail_msg("panel %d is bright at %d, %d of %d x %d", panel, at_x,
					at_y, width, height);
			if (panel != UI_PANEL_GUIDE)
				assert_in_range(alpha, 0, 0x60);
		}
}

static void test_every_panel_keeps_its_place(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < ui_sample_count; i++)
		for (size_t j = 0; j < G_N_ELEMENTS(screens); j++) {
			int width = screens[j].width, height = screens[j].height;
			fill(bench, ui_samples[i].name);
			for (enum ui_panel panel = 0; panel < UI_PANELS; panel++) {
				struct ui_image image = paint(bench, panel, width, height);
				assert_keeps_its_place(&image, panel, width, height);
				ui_image_clear(&image);
			}
		}
}

static void test_what_is_not_visible_has_no_pixels(void **state)
{
	struct bench *bench = *state;

	for (enum ui_panel panel = 0; panel < UI_PANELS; panel++)
		assert_null(paint(bench, panel, 1280, 720).pixels);
	fill(bench, "banner");
	assert_null(paint(bench, UI_PANEL_LIST, 1280, 720).pixels);
	struct ui_image image = paint(bench, UI_PANEL_BANNER, 1280, 720);
	assert_non_null(image.pixels);
	ui_image_clear(&image);
}

static void assert_same(const struct ui_image *a, const struct ui_image *b)
{
	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	assert_memory_equal(a->pixels, b->pixels, (size_t)a->height * (size_t)a->stride_bytes);
}

static void test_the_same_view_is_the_same_image(void **state)
{
	struct bench *bench = *state;

	fill(bench, "list");
	struct ui_image first = paint(bench, UI_PANEL_LIST, 1280, 720);
	for (unsigned n = 1; n < 1000; n += 9) {
		ui_sample_list(&bench->view->list, n);
		struct ui_image other = paint(bench, UI_PANEL_LIST, 1280, 720);
		ui_image_clear(&other);
	}
	fill(bench, "list");
	struct ui_image again = paint(bench, UI_PANEL_LIST, 1280, 720);
	assert_same(&first, &again);
	ui_image_clear(&first);
	ui_image_clear(&again);
}

static void test_a_text_that_is_still_used_is_not_laid_out_anew(void **state)
{
	struct typeset *typeset = ((struct bench *)*state)->typeset;

	typeset_set_height(typeset, 720);
	const struct text *text = typeset_line(typeset, STYLE_STRONG, "Harbour News", 400);
	for (unsigned i = 0; i < 2000; i++) {
		char other[32];
		snprintf(other, sizeof other, "Channel %u", i);
		typeset_line(typeset, STYLE_STRONG, other, 400);
		assert_ptr_equal(typeset_line(typeset, STYLE_STRONG, "Harbour News", 400), text);
		typeset_settle(typeset);
	}
}

/* Pixels of a colour about as bright as asked for, in a row of the image. */
static int count_in_row(const struct ui_image *image, int y, uint32_t rgb)
{
	int count = 0;

	for (int x = 0; x < image->width; x++)
		count += (pixel(image, x, y) & 0xffffff) == rgb;
	return count;
}

static int longest_run(const struct ui_image *image, uint32_t rgb)
{
	int longest = 0;

	for (int y = 0; y < image->height; y++)
		longest = MAX(longest, count_in_row(image, y, rgb));
	return longest;
}

static void test_progress_is_as_long_as_it_says(void **state)
{
	struct bench *bench = *state;
	const uint32_t accent = 0x4db5ff;
	int lengths[3];

	fill(bench, "banner");
	for (int i = 0; i < 3; i++) {
		static const uint16_t permille[] = {250, 500, 1000};
		bench->view->banner.now.progress_permille = permille[i];
		struct ui_image image = paint(bench, UI_PANEL_BANNER, 1920, 1080);
		lengths[i] = longest_run(&image, accent);
		ui_image_clear(&image);
	}
	assert_in_range(lengths[0] * 4, lengths[2] - 40, lengths[2] + 40);
	assert_in_range(lengths[1] * 2, lengths[2] - 40, lengths[2] + 40);
	bench->view->banner.now.progress_permille = UI_PROGRESS_NONE;
	struct ui_image image = paint(bench, UI_PANEL_BANNER, 1920, 1080);
	assert_int_equal(longest_run(&image, accent), 0);
	ui_image_clear(&image);
}

/* Which third of the panel the highlight of a selected row lies in, by its brightest rows. */
static void test_the_selected_row_stands_out(void **state)
{
	struct bench *bench = *state;
	int before = -1;

	fill(bench, "list");
	for (unsigned i = 0; i < bench->view->list.row_count; i++) {
		bench->view->list.selected = i;
		struct ui_image image = paint(bench, UI_PANEL_LIST, 1920, 1080);
		int first = -1, last = -1;
		for (int y = 0; y < image.height; y++)
			if (count_in_row(&image, y, 0xf3f6fa) > image.width / 3) {
				first = first < 0 ? y : first;
				last = y;
			}
		assert_in_range(last - first, 1080 / 20, 1080 / 8);
		assert_true(first > before);
		before = last;
		ui_image_clear(&image);
	}
}

static void test_the_selected_row_is_seen_however_many_there_are(void **state)
{
	struct bench *bench = *state;
	struct ui_theme theme;

	ui_theme_init(&theme);
	typeset_set_height(bench->typeset, 720);
	ui_sample_list(&bench->view->list, 1);
	bench->view->list.row_count = UI_LIST_ROWS;
	assert_true(UI_LIST_ROWS > ui_theme_list_rows(&theme));
	for (unsigned i = 0; i < UI_LIST_ROWS; i++)
		snprintf(bench->view->list.rows[i].name, UI_NAME_BYTES, "Harbour %u", i);
	bench->view->list.selected = UI_LIST_ROWS - 1;
	cairo_surface_t *screen = show(bench, 1280, 720, 1);
	assert_true(find_text(bench->typeset, screen, STYLE_STRONG, "Harbour 13").rect.width > 0);
	assert_int_equal(
		find_text(bench->typeset, screen, STYLE_STRONG, "Harbour 0").rect.width, 0);
	cairo_surface_destroy(screen);
}

/* In rows from left to right all names begin at the same place, and what is cut is their end. */
static void test_names_from_right_to_left_stand_where_others_do(void **state)
{
	struct bench *bench = *state;

	typeset_set_height(bench->typeset, 1080);
	fill(bench, "list");
	cairo_surface_t *screen = show(bench, 1920, 1080, 0);
	struct found latin = find_text(bench->typeset, screen, STYLE_STRONG, "Harbour News");
	struct found hebrew = find_text(bench->typeset, screen, STYLE_STRONG, "ערוץ הנוף");
	struct found arabic = find_text(bench->typeset, screen, STYLE_STRONG, "قناة الأفق");

	assert_true(latin.rect.width && hebrew.rect.width && arabic.rect.width);
	assert_in_range(hebrew.rect.x, latin.rect.x - 6, latin.rect.x + 6);
	assert_in_range(arabic.rect.x, latin.rect.x - 6, latin.rect.x + 6);
	cairo_surface_destroy(screen);
}

static void test_what_a_pin_is_for_is_centred(void **state)
{
	struct bench *bench = *state;

	typeset_set_height(bench->typeset, 720);
	fill(bench, "pin");
	cairo_surface_t *screen = show(bench, 1280, 720, 0);
	struct found found =
		find_text(bench->typeset, screen, STYLE_TITLE, "PIN for 13 Nature Wide");
	assert_true(found.rect.width > 0);
	assert_in_range(found.rect.x + found.rect.width / 2, 636, 644);
	cairo_surface_destroy(screen);
}

/* Of a sentence in two lines, each is in the middle of the screen. */
static void test_a_message_is_centred(void **state)
{
	struct bench *bench = *state;

	typeset_set_height(bench->typeset, 720);
	fill(bench, "message");
	cairo_surface_t *screen = show(bench, 1280, 720, 0);
	struct found first =
		find_text(bench->typeset, screen, STYLE_TITLE, "No signal on channel 7: the");
	struct found second =
		find_text(bench->typeset, screen, STYLE_TITLE, "line of enp0s31f6 is down.");

	assert_true(first.rect.width && second.rect.width);
	assert_in_range(first.rect.x + first.rect.width / 2, 636, 644);
	assert_in_range(second.rect.x + second.rect.width / 2, 636, 644);
	assert_true(second.rect.y > rect_bottom(&first.rect));
	cairo_surface_destroy(screen);
}

/* Letters with towers of accents must not stand on their neighbours' ground. */
static void test_nothing_is_painted_beside_its_panel(void **state)
{
	struct bench *bench = *state;

	bench->view->notice.visible = true;
	for (int i = 0; i < 60; i++)
		g_strlcat(bench->view->notice.text, i ? "\u030a" : "A", UI_NAME_BYTES);
	struct ui_image image = paint(bench, UI_PANEL_NOTICE, 1280, 720);
	for (int y = 0; y < image.height; y++)
		if (image.y + y < 720 / 15)
			for (int x = 0; x < image.width; x++)
				assert_in_range(pixel(&image, x, y) & 255, 0, 0x18);
	assert_keeps_its_place(&image, UI_PANEL_NOTICE, 1280, 720);
	ui_image_clear(&image);
}

static void test_long_names_end_in_an_ellipsis(void **state)
{
	struct typeset *typeset = ((struct bench *)*state)->typeset;
	GString *name = g_string_new(NULL);

	for (int i = 0; i < 1000; i++)
		g_string_append(name, i % 7 ? "\u05d0" : " ");
	typeset_set_height(typeset, 720);
	const struct text *text = typeset_line(typeset, STYLE_HEADLINE, name->str, 300);
	assert_true(text->cut);
	assert_in_range(text->width, 200, 300);
	text = typeset_block(typeset, STYLE_SMALL, name->str, 300, 2, false);
	assert_true(text->cut);
	assert_in_range(text->height, 2 * 24, 4 * 24);
	g_string_free(name, TRUE);
}

static void fill_all(struct ui_view *view, const char *text)
{
	static const struct ui_event_line event = {.progress_permille = 2000};

	view->banner = (struct ui_banner_view){.visible = true, .badges = UINT32_MAX, .now = event};
	view->list = (struct ui_list_view){.visible = true, .row_count = UINT32_MAX, .selected = 7};
	view->guide = (struct ui_guide_view){.visible = true,
		.row_count = 99,
		.label_count = 99,
		.now_permille = 3000,
		.selected_row = 99};
	view->tracks = (struct ui_tracks_view){.visible = true, .row_count = 99, .selected = 98};
	view->volume = (struct ui_volume_view){.visible = true, .percent = UINT16_MAX};
	view->pin = (struct ui_pin_view){.visible = true, .typed = 255, .wanted = 255};
	view->stats = (struct ui_stats_view){.visible = true, .row_count = 99};
	view->message.visible = view->notice.visible = true;
	g_strlcpy(view->banner.name, text, UI_NAME_BYTES);
	g_strlcpy(view->banner.number, text, UI_NUMBER_BYTES);
	g_strlcpy(view->banner.now.title, text, UI_TITLE_BYTES);
	g_strlcpy(view->banner.now.span, text, UI_SPAN_BYTES);
	g_strlcpy(view->banner.clock, text, UI_CLOCK_BYTES);
	g_strlcpy(view->list.title, text, UI_NAME_BYTES);
	for (int i = 0; i < UI_LIST_ROWS; i++)
		g_strlcpy(view->list.rows[i].name, text, UI_NAME_BYTES);
	for (int i = 0; i < UI_GUIDE_ROWS; i++) {
		view->guide.rows[i].cell_count = 99;
		for (int j = 0; j < UI_GUIDE_CELLS; j++) {
			struct ui_guide_cell *cell = &view->guide.rows[i].cells[j];
			cell->from_permille = (uint16_t)(j * 300);
			cell->to_permille = (uint16_t)(j * 100);
			g_strlcpy(cell->title, text, UI_TITLE_BYTES);
		}
	}
	g_strlcpy(view->guide.description, text, UI_TEXT_BYTES);
	g_strlcpy(view->tracks.title, text, UI_NAME_BYTES);
	g_strlcpy(view->pin.title, text, UI_NAME_BYTES);
	g_strlcpy(view->pin.hint, text, UI_TITLE_BYTES);
	g_strlcpy(view->message.text, text, sizeof view->message.text);
	g_strlcpy(view->notice.text, text, UI_NAME_BYTES);
	g_strlcpy(view->stats.rows[15].value, text, sizeof view->stats.rows[15].value);
}

static const char *const odd_texts[] = {"",
	"WordThatHasNoEndAndNoPlaceToBreakItOffAnywhereWhichIsBad"
	"WordThatHasNoEndAndNoPlaceToBreakItOffAnywhereWhichIsBadWordThatHasNoEndAndNoPlaceToBreak",
	"\xff\xfe not UTF-8 \xc3", "two\nlines\tand \x01 more\u2028and more",
	"a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030d"
	"\u030e",
	"\u202e\u202e\u2066 right to left \u0645\u0631\u062d\u0628\u0627 12:30",
	"\U0001f4fa\U0001f3f4\u200d\u2620"};

static void test_odd_texts_and_figures_stay_in_their_place(void **state)
{
	struct bench *bench = *state;

	for (size_t i = 0; i < G_N_ELEMENTS(odd_texts); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(screens); j++) {
			int width = screens[j].width, height = screens[j].height;
			if (height > 1080)
				continue;
			fill_all(bench->view, odd_texts[i]);
			for (enum ui_panel panel = 0; panel < UI_PANELS; panel++) {
				struct ui_image image = paint(bench, panel, width, height);
				assert_keeps_its_place(&image, panel, width, height);
				ui_image_clear(&image);
			}
		}
}

static void test_screens_too_small_for_anything(void **state)
{
	static const int sizes[] = {1, 2, 7, 16, 100};
	struct bench *bench = *state;
	struct ui_image image = {0};

	fill_all(bench->view, odd_texts[1]);
	for (size_t i = 0; i < 5; i++)
		for (size_t j = 0; j < 5; j++)
			for (enum ui_panel panel = 0; panel < UI_PANELS; panel++) {
				image = paint(bench, panel, sizes[i] * 3, sizes[j]);
				assert_true(image.x + image.width <= sizes[i] * 3);
				assert_true(image.y + image.height <= sizes[j]);
				ui_image_clear(&image);
			}
	assert_int_equal(
		ui_paint_panel(bench->painter, UI_PANEL_PIN, bench->view, 0, 720, &image), -EINVAL);
	assert_int_equal(
		ui_paint_panel(bench->painter, UI_PANEL_PIN, bench->view, 1280, 1 << 20, &image),
		-EINVAL);
	assert_int_equal(
		ui_paint_panel(bench->painter, UI_PANELS, bench->view, 1280, 720, &image), -EINVAL);
	assert_null(image.pixels);
}

static void test_a_broken_logo_is_said_once_and_has_initials(void **state)
{
	struct bench *bench = *state;

	typeset_set_height(bench->typeset, 720);
	fill(bench, "banner");
	bench->view->banner.logo = 13;
	cairo_surface_destroy(show(bench, 1280, 720, 0));
	cairo_surface_t *screen = show(bench, 1280, 720, 0);
	assert_true(find_text(bench->typeset, screen, STYLE_HEADLINE, "NO").rect.width > 0);
	cairo_surface_destroy(screen);
	assert_int_equal(bench->said, 1);
	assert_non_null(strstr(bench->last, "logo"));
}

static void assert_initials(struct bench *bench, const char *name, const char *letters)
{
	fill(bench, "banner");
	bench->view->banner.logo = 14; /* not ready yet */
	g_strlcpy(bench->view->banner.name, name, UI_NAME_BYTES);
	cairo_surface_t *screen = show(bench, 1280, 720, 0);
	/* Without the name beside it. */
	cairo_surface_t *left =
		cairo_image_surface_create_for_data(cairo_image_surface_get_data(screen),
			CAIRO_FORMAT_RGB24, 290, 720, cairo_image_surface_get_stride(screen));
	if (!find_text(bench->typeset, left, STYLE_HEADLINE, letters).rect.width)
		fail_msg("%s is not %s", name, letters);
	cairo_surface_destroy(left);
	cairo_surface_destroy(screen);
}

static void test_initials(void **state)
{
	struct bench *bench = *state;

	typeset_set_height(bench->typeset, 720);
	assert_initials(bench, "Harbour News", "HN");
	assert_initials(bench, "ARIA HD", "ARIA");
	assert_initials(bench, "Meridian", "M");
	assert_initials(bench, "东方新闻", "东方");
	assert_initials(bench, "ערוץ הנוף", "ע");
	assert_int_equal(bench->said, 0);
}

static int count_bright(struct bench *bench)
{
	struct ui_image image = paint(bench, UI_PANEL_PIN, 1280, 720);
	int count = 0;

	for (int y = 0; y < image.height; y++)
		count += count_in_row(&image, y, 0xf5f7fa);
	ui_image_clear(&image);
	return count;
}

static void test_each_digit_of_a_pin_fills_a_dot(void **state)
{
	struct bench *bench = *state;
	int before, dot = 0;

	fill(bench, "pin");
	bench->view->pin.typed = 0;
	before = count_bright(bench);
	for (uint8_t typed = 1; typed <= 4; typed++) {
		bench->view->pin.typed = typed;
		int bright = count_bright(bench);
		dot = dot ? dot : bright - before;
		assert_true(dot > 200);
		assert_in_range(bright - before, dot - 20, dot + 20);
		before = bright;
	}
}

/* Painters come and go, because it is then that cairo's fonts change hands. */
static gpointer paint_in_thread(gpointer data)
{
	struct ui_painter_options options = {.logos = ui_sample_logos};
	struct ui_view *view = g_new0(struct ui_view, 1);
	struct ui_image *image = data;

	for (unsigned round = 0; round < 20; round++) {
		struct ui_painter *painter = ui_painter_new(&options);
		for (unsigned n = 1; n < 10; n++) {
			ui_image_clear(image);
			ui_sample_list(&view->list, n);
			if (ui_paint_panel(painter, UI_PANEL_LIST, view, 1280, 720, image) < 0)
				break;
		}
		ui_painter_free(painter);
	}
	g_free(view);
	return NULL;
}

static void test_each_thread_may_have_its_painter(void **state)
{
	struct ui_image images[2] = {0};
	GThread *threads[2];

	(void)state;
	for (int i = 0; i < 2; i++)
		threads[i] = g_thread_new("paint", paint_in_thread, &images[i]);
	for (int i = 0; i < 2; i++)
		g_thread_join(threads[i]);
	assert_non_null(images[0].pixels);
	assert_same(&images[0], &images[1]);
	for (int i = 0; i < 2; i++)
		ui_image_clear(&images[i]);
}

/* Fails by its exit status; there is no way back to a process with fonts. */
static void paint_without_fonts(void)
{
	struct bench bench = {.view = g_new0(struct ui_view, 1)};
	struct ui_theme theme;
	struct ui_painter_options options = {.theme = &theme, .say = say, .ctx = &bench};
	struct ui_image image = {0};

	ui_theme_init(&theme);
	g_strlcpy(theme.fonts, "No Such Family", sizeof theme.fonts);
	bench.painter = ui_painter_new(&options);
	if (bench.said != 1 || !strstr(bench.last, "No Such Family"))
		_exit(2);
	fill(&bench, "banner");
	for (int i = 0; i < 3; i++) {
		if (ui_paint_panel(bench.painter, UI_PANEL_BANNER, bench.view, 1280, 720, &image) <
			0)
			_exit(3);
		if (!image.pixels)
			_exit(4);
		ui_image_clear(&image);
	}
	_exit(bench.said == 2 && strstr(bench.last, "no font has all characters") ? 0 : 5);
}

/* First of all tests: fontconfig is not yet there when the child begins. */
static void test_without_any_font_it_says_so_and_goes_on(void **state)
{
	char *folder = g_dir_make_tmp("fontlessXXXXXX", NULL);
	char *path = g_build_filename(folder, "fonts.conf", NULL);
	int status;

	(void)state;
	assert_true(g_file_set_contents(path,
		"<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig/>",
		-1, NULL));
	pid_t child = fork();
	if (child == 0) {
		g_setenv("FONTCONFIG_FILE", path, TRUE);
		paint_without_fonts();
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	g_remove(path);
	g_rmdir(folder);
	g_free(path);
	g_free(folder);
}

#define painter_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_without_any_font_it_says_so_and_goes_on),
		painter_test(test_text_is_readable_over_bright_pictures),
		painter_test(test_text_is_readable_over_dark_pictures),
		painter_test(test_every_panel_keeps_its_place),
		painter_test(test_what_is_not_visible_has_no_pixels),
		painter_test(test_the_same_view_is_the_same_image),
		painter_test(test_a_text_that_is_still_used_is_not_laid_out_anew),
		painter_test(test_progress_is_as_long_as_it_says),
		painter_test(test_the_selected_row_stands_out),
		painter_test(test_the_selected_row_is_seen_however_many_there_are),
		painter_test(test_names_from_right_to_left_stand_where_others_do),
		painter_test(test_what_a_pin_is_for_is_centred),
		painter_test(test_a_message_is_centred),
		painter_test(test_nothing_is_painted_beside_its_panel),
		painter_test(test_long_names_end_in_an_ellipsis),
		painter_test(test_odd_texts_and_figures_stay_in_their_place),
		painter_test(test_screens_too_small_for_anything),
		painter_test(test_a_broken_logo_is_said_once_and_has_initials),
		painter_test(test_initials),
		painter_test(test_each_digit_of_a_pin_fills_a_dot),
		painter_test(test_each_thread_may_have_its_painter),
	};

	return cmocka_run_group_tests_name("ui_paint", tests, NULL, NULL);
}
