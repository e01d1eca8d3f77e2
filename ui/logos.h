/*
 * ui/logos: what drawing needs of channels' pictures. Files are found, decoded and scaled
 * elsewhere; drawing asks for an id that stands in the view.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum ui_logo_state {
	UI_LOGO_NONE,  /* there is none, or it is broken: initials stand for it */
	UI_LOGO_LATER, /* it is being made: initials for now, and the panel is drawn again then */
	UI_LOGO_READY,
};

/* Premultiplied ARGB32 (native endian, cairo's). */
struct ui_logo {
	int width, height, stride_bytes;
	GBytes *pixels; /* stride_bytes * height at least; one reference is the asker's */
};

struct ui_logos {
	/*
	 * The logo `id` at the size at which it just fits into width x height pixels with its own
	 * proportions; *ret is filled for UI_LOGO_READY only. Comes on the thread that paints, at
	 * each painting, and must not decode, read files or wait.
	 */
	enum ui_logo_state (*get)(
		void *ctx, int64_t id, int width, int height, struct ui_logo *ret);
	void *ctx;
};
