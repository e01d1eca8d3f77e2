/* play/panels: what is blended over pictures, as a list that nobody changes; shared by threads. */
#pragma once

#include <glib.h>

#include "client/play/play.h"

struct panels {
	gatomicrefcount references;
	size_t count;
	struct play_overlay list[];
};

/* With a reference to each one's pixels; NULL where there are none. Freed with panels_unref(). */
struct panels *panels_new(const struct play_overlay *list, size_t count);
struct panels *panels_ref(struct panels *panels); /* accepts NULL */
void panels_unref(struct panels *panels);	  /* accepts NULL */
