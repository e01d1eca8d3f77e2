/*
 * play/aspect: which part of a picture is seen, and in which shape. Pure. Every video sink keeps
 * the shape that a picture's pixels give it and adds the bars; so all that is wanted is said by the
 * shape of the pixels, and by what is cut off before.
 */
#pragma once

#include "client/play/play.h"

/* What is cut off at a side is a multiple of this: whole chroma samples, of either field. */
#define ASPECT_CUT 4

struct aspect_picture {
	int width, height;
	int par_n, par_d; /* its pixels' width by height; 0: not known, so square */
};

struct aspect_fit {
	int x, y, width, height; /* the part that is seen */
	int par_n, par_d;	 /* the shape of its pixels */
	int canvas_width,
		canvas_height; /* the same part in square pixels: no fewer, up to 7680 x 4320 */
};

/*
 * For a window of this size, 0: not known, so a television's shape. A picture of no size, or a
 * shape that is none, comes back as it is.
 */
struct aspect_fit aspect_fit(const struct aspect_picture *picture, enum play_aspect aspect,
	int window_width, int window_height);
