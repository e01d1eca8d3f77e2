/*
 * lab/recipe: the encoders of each format's clips. A change here changes the format's name in
 * clip_files.c.
 */
#pragma once

#include "tests/lab/clip_files.h"
#include "tests/lab/encode.h"

struct recipe {
	struct codec video, audio;
};

/* There is one for each of clip_formats(). */
const struct recipe *recipe_of(const struct clip_format *format);
