/* Finds text in a picture of the screen by rendering it and looking for the same shape. */
#pragma once

#include <cairo.h>

#include "ui/canvas.h"
#include "ui/typeset.h"

struct found {
	struct rect rect; /* of the ink; without width: not found */
	double contrast;  /* WCAG 2.1's, between the darkest ink and the brightest ground or reverse
			   */
};

/* `screen` is an opaque RGB24 picture. */
struct found find_text(
	struct typeset *typeset, cairo_surface_t *screen, enum style style, const char *utf8);
