/*
 * system/support/figures: measured times as the issue asks for them: a table of percentiles,
 * printed and kept in a file of the build folder.
 */
#pragma once

#include <stddef.h>

#include <glib.h>

struct figure {
	const char *name;
	double target_p50_ms; /* 0: none */
	GArray *ms;	      /* double; INFINITY: it did not happen */
};

struct figure figure_new(const char *name, double target_p50_ms);
void figure_clear(struct figure *figure);
void figure_add(struct figure *figure, double ms);
/* Nearest rank; p from 0 to 100 (the greatest). NAN of nothing. */
double figure_percentile(const struct figure *figure, double p);

/* Prints a table under this title, and writes it to $ZAPPER_BUILD/tests/system/NAME too. */
void figures_print(const char *title, const struct figure *figures, size_t n, const char *name);
