/*
 * bench/plot: axes for the SVG plots. Coordinates are whole numbers in a box of PLOT_WIDTH by
 * PLOT_HEIGHT, so that no locale's decimal comma gets in.
 */
#pragma once

#include "client/bench/html.h"

#define PLOT_WIDTH 4200
#define PLOT_HEIGHT 2310
#define PLOT_LEFT 520
#define PLOT_RIGHT 4080
#define PLOT_TOP 240
#define PLOT_BOTTOM 1900

struct plot {
	double x_max, y_max; /* both axes begin at 0; above 0 */
	int right;	     /* where x_max lies, at most PLOT_RIGHT */
	bool percent;	     /* y is a share of 1 */
};

/* `title` is read out where the plot cannot be seen; plain text. */
void plot_open(GString *out, const char *title);
void plot_close(GString *out);

/* Grid, ticks at round numbers, and what they are: milliseconds or seconds; `y_title` may not. */
void plot_axes(GString *out, const struct plot *plot, const char *x_title, const char *y_title);

int plot_x(const struct plot *plot, double ms);
int plot_y(const struct plot *plot, double value);

/*
 * Ticks from 0 to `max_ms`, at most `wanted` beside the one at 0. Milliseconds below 1 s, seconds
 * from there on.
 */
struct plot_ticks {
	double step_ms;
	size_t count; /* the one at 0 not counted */
	bool seconds;
};

struct plot_ticks plot_ticks(double max_ms, int wanted);
/* The i-th tick as "0", "0.5", "250"; `buf` holds G_ASCII_DTOSTR_BUF_SIZE. Returns buf. */
const char *plot_tick_text(char *buf, const struct plot_ticks *ticks, size_t i);

/* An axis below a bar of full width; it is HTML, so that its text keeps its size on a phone. */
void plot_scale(GString *out, double max_ms, int wanted);
