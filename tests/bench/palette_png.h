/* A picture as a PNG file of at most 256 colours: small enough to be kept with the sources. */
#pragma once

#include <cairo.h>

/* `surface` is RGB24. Errors: -1, with errno set or not. */
int palette_png_write(cairo_surface_t *surface, const char *path);
