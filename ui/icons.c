#include "ui/icons.h"

#include <math.h>
#include <stddef.h>

/* All of them are drawn on a square of 24 units, lines being 2 units wide. */

static void lock(cairo_t *cairo)
{
	cairo_rectangle(cairo, 5.5, 11, 13, 9);
	cairo_stroke_preserve(cairo);
	cairo_fill(cairo);
	cairo_move_to(cairo, 8, 11);
	cairo_line_to(cairo, 8, 7.5);
	cairo_arc(cairo, 12, 7.5, 4, M_PI, 2 * M_PI);
	cairo_line_to(cairo, 16, 11);
	cairo_stroke(cairo);
}

static void star(cairo_t *cairo)
{
	for (int i = 0; i < 10; i++) {
		double angle = i * M_PI / 5 - M_PI_2, radius = i % 2 ? 4.3 : 9.6;
		cairo_line_to(cairo, 12 + radius * cos(angle), 12.6 + radius * sin(angle));
	}
	cairo_close_path(cairo);
	cairo_fill(cairo);
}

static void audio(cairo_t *cairo)
{
	static const double heights[] = {4, 10, 17, 8, 13, 4};

	for (int i = 0; i < 6; i++) {
		cairo_move_to(cairo, 2 + i * 4, 12 - heights[i] / 2);
		cairo_line_to(cairo, 2 + i * 4, 12 + heights[i] / 2);
	}
	cairo_stroke(cairo);
}

static void subtitle(cairo_t *cairo)
{
	cairo_rectangle(cairo, 2.5, 4.5, 19, 15);
	cairo_move_to(cairo, 6.5, 15.5);
	cairo_line_to(cairo, 11, 15.5);
	cairo_move_to(cairo, 14.5, 15.5);
	cairo_line_to(cairo, 17.5, 15.5);
	cairo_move_to(cairo, 6.5, 11.5);
	cairo_line_to(cairo, 8.5, 11.5);
	cairo_move_to(cairo, 12, 11.5);
	cairo_line_to(cairo, 17.5, 11.5);
	cairo_stroke(cairo);
}

static void radio(cairo_t *cairo)
{
	cairo_arc(cairo, 12, 12, 2.2, 0, 2 * M_PI);
	cairo_fill(cairo);
	for (int i = 0; i < 2; i++) {
		double radius = 5.6 + i * 4.2;
		cairo_new_sub_path(cairo);
		cairo_arc(cairo, 12, 12, radius, -M_PI / 4, M_PI / 4);
		cairo_new_sub_path(cairo);
		cairo_arc(cairo, 12, 12, radius, 3 * M_PI / 4, 5 * M_PI / 4);
	}
	cairo_stroke(cairo);
}

static void playing(cairo_t *cairo)
{
	cairo_move_to(cairo, 7, 5);
	cairo_line_to(cairo, 19, 12);
	cairo_line_to(cairo, 7, 19);
	cairo_close_path(cairo);
	cairo_stroke_preserve(cairo);
	cairo_fill(cairo);
}

static void no_signal(cairo_t *cairo)
{
	for (int i = 0; i < 4; i++) {
		cairo_move_to(cairo, 4 + i * 5.4, 20);
		cairo_line_to(cairo, 4 + i * 5.4, 16.5 - i * 3.5);
	}
	cairo_move_to(cairo, 3, 3);
	cairo_line_to(cairo, 10, 10);
	cairo_move_to(cairo, 10, 3);
	cairo_line_to(cairo, 3, 10);
	cairo_stroke(cairo);
}

static void cabinet(cairo_t *cairo)
{
	cairo_move_to(cairo, 11, 5.5);
	cairo_line_to(cairo, 6.5, 9.2);
	cairo_line_to(cairo, 3, 9.2);
	cairo_line_to(cairo, 3, 14.8);
	cairo_line_to(cairo, 6.5, 14.8);
	cairo_line_to(cairo, 11, 18.5);
	cairo_close_path(cairo);
	cairo_stroke_preserve(cairo);
	cairo_fill(cairo);
}

static void speaker(cairo_t *cairo)
{
	cabinet(cairo);
	cairo_arc(cairo, 11, 12, 5, -M_PI / 4, M_PI / 4);
	cairo_new_sub_path(cairo);
	cairo_arc(cairo, 11, 12, 9.6, -M_PI / 4, M_PI / 4);
	cairo_stroke(cairo);
}

static void muted(cairo_t *cairo)
{
	cabinet(cairo);
	cairo_move_to(cairo, 15.5, 9);
	cairo_line_to(cairo, 21.5, 15);
	cairo_move_to(cairo, 21.5, 9);
	cairo_line_to(cairo, 15.5, 15);
	cairo_stroke(cairo);
}

static void check(cairo_t *cairo)
{
	cairo_set_line_width(cairo, 2.6);
	cairo_move_to(cairo, 4.5, 12.8);
	cairo_line_to(cairo, 9.6, 17.8);
	cairo_line_to(cairo, 19.5, 6.8);
	cairo_stroke(cairo);
}

static void left(cairo_t *cairo)
{
	cairo_move_to(cairo, 14.5, 5.5);
	cairo_line_to(cairo, 8, 12);
	cairo_line_to(cairo, 14.5, 18.5);
	cairo_stroke(cairo);
}

static void right(cairo_t *cairo)
{
	cairo_move_to(cairo, 9.5, 5.5);
	cairo_line_to(cairo, 16, 12);
	cairo_line_to(cairo, 9.5, 18.5);
	cairo_stroke(cairo);
}

static void (*const icons[ICONS])(cairo_t *cairo) = {
	[ICON_LOCK] = lock,
	[ICON_STAR] = star,
	[ICON_AUDIO] = audio,
	[ICON_SUBTITLE] = subtitle,
	[ICON_RADIO] = radio,
	[ICON_PLAYING] = playing,
	[ICON_NO_SIGNAL] = no_signal,
	[ICON_SPEAKER] = speaker,
	[ICON_MUTED] = muted,
	[ICON_CHECK] = check,
	[ICON_LEFT] = left,
	[ICON_RIGHT] = right,
};

void icon_draw(cairo_t *cairo, enum icon icon, double x, double y, double size,
	const struct ui_colour *colour)
{
	cairo_save(cairo);
	cairo_translate(cairo, x, y);
	cairo_scale(cairo, size / 24, size / 24);
	cairo_set_source_rgba(cairo, colour->red, colour->green, colour->blue, colour->alpha);
	cairo_set_line_width(cairo, 2);
	cairo_set_line_cap(cairo, CAIRO_LINE_CAP_ROUND);
	cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
	cairo_new_path(cairo);
	icons[icon](cairo);
	cairo_restore(cairo);
}
