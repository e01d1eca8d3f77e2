/*
 * ui_paint_cost [COUNT]: what a panel costs, in milliseconds of CPU time of one thread, on screens
 * of three sizes. Each painting shows something new: another channel, another row, another page.
 */
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/unit/ui/samples.h"
#include "ui/paint.h"

static void change_banner(struct ui_view *view, unsigned n)
{
	ui_sample_banner(&view->banner, 1 + n * 7);
}

static void change_digits(struct ui_view *view, unsigned n)
{
	ui_sample_banner(&view->banner, 1 + n * 7);
	view->banner.typing = true;
	view->banner.now.title[0] = view->banner.next.title[0] = view->banner.bouquet[0] = 0;
}

static void change_list(struct ui_view *view, unsigned n)
{
	ui_sample_list(&view->list, 1 + n);
}

static void change_page(struct ui_view *view, unsigned n)
{
	ui_sample_list(&view->list, 1 + n * 8);
}

static void change_guide(struct ui_view *view, unsigned n)
{
	ui_sample_guide(&view->guide, 1 + n * 7);
}

static void change_volume(struct ui_view *view, unsigned n)
{
	view->volume = (struct ui_volume_view){.visible = true, .percent = (uint16_t)(n % 101)};
}

static void change_pin(struct ui_view *view, unsigned n)
{
	view->pin = (struct ui_pin_view){.visible = true, .wanted = 4, .typed = (uint8_t)(n % 5)};
	snprintf(view->pin.title, sizeof view->pin.title, "Channel %u is locked", n / 5);
}

static void change_message(struct ui_view *view, unsigned n)
{
	view->message.visible = true;
	snprintf(view->message.text, sizeof view->message.text,
		"No signal on channel %u: nothing has arrived for some seconds.", n);
}

static void change_tracks(struct ui_view *view, unsigned n)
{
	view->tracks = (struct ui_tracks_view){.visible = true, .row_count = 8, .selected = n % 8};
	for (unsigned i = 0; i < 8; i++)
		snprintf(view->tracks.rows[i], sizeof view->tracks.rows[i], "Track %u of %u", i,
			n / 8);
}

static void change_stats(struct ui_view *view, unsigned n)
{
	view->stats = (struct ui_stats_view){.visible = true, .row_count = UI_STAT_ROWS};
	for (unsigned i = 0; i < UI_STAT_ROWS; i++) {
		snprintf(view->stats.rows[i].label, sizeof view->stats.rows[i].label, "Figure %u",
			i);
		snprintf(view->stats.rows[i].value, sizeof view->stats.rows[i].value, "%u.%u ms", n,
			i);
	}
}

static void change_notice(struct ui_view *view, unsigned n)
{
	view->notice.visible = true;
	snprintf(view->notice.text, sizeof view->notice.text, "Sleep in %u min", n);
}

static const struct {
	const char *name;
	enum ui_panel panel;
	void (*change)(struct ui_view *view, unsigned n);
} cases[] = {
	{"banner of a zap", UI_PANEL_BANNER, change_banner},
	{"banner, digits", UI_PANEL_BANNER, change_digits},
	{"list, one row on", UI_PANEL_LIST, change_list},
	{"list, one page on", UI_PANEL_LIST, change_page},
	{"guide, one page on", UI_PANEL_GUIDE, change_guide},
	{"tracks", UI_PANEL_TRACKS, change_tracks},
	{"volume", UI_PANEL_VOLUME, change_volume},
	{"pin", UI_PANEL_PIN, change_pin},
	{"message", UI_PANEL_MESSAGE, change_message},
	{"notice", UI_PANEL_NOTICE, change_notice},
	{"stats", UI_PANEL_STATS, change_stats},
};

static double now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static void measure(struct ui_painter *painter, size_t index, int width, int height, unsigned count)
{
	double *times = g_new0(double, count);
	struct ui_view *view = g_new0(struct ui_view, 1);

	for (unsigned i = 0; i < count; i++) {
		struct ui_image image = {0};
		cases[index].change(view, i);
		double from = now_ms();
		if (ui_paint_panel(painter, cases[index].panel, view, width, height, &image) < 0)
			abort();
		times[i] = now_ms() - from;
		ui_image_clear(&image);
	}
	qsort(times, count, sizeof *times, compare);
	printf("%4dp  %-20s p50 %6.2f  p95 %6.2f  max %6.2f ms\n", height, cases[index].name,
		times[count / 2], times[count * 95 / 100], times[count - 1]);
	g_free(view);
	g_free(times);
}

int main(int argc, char **argv)
{
	static const int screens[][2] = {{1280, 720}, {1920, 1080}, {3840, 2160}};
	unsigned count = argc > 1 ? (unsigned)atoi(argv[1]) : 200;
	struct ui_painter_options options = {.logos = ui_sample_logos};

	if (count == 0) {
		fprintf(stderr, "usage: ui_paint_cost [COUNT]\n");
		return 64;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(screens); i++) {
		struct ui_painter *painter = ui_painter_new(&options);
		double from = now_ms();
		ui_painter_warm_up(painter, screens[i][0], screens[i][1]);
		printf("%4dp  warm-up %.1f ms\n", screens[i][1], now_ms() - from);
		for (size_t j = 0; j < G_N_ELEMENTS(cases); j++)
			measure(painter, j, screens[i][0], screens[i][1], count);
		ui_painter_free(painter);
	}
	return 0;
}
