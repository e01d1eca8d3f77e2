/*
 * app/logo_store: the logos that a line-up names, decoded and scaled, for a thread that may wait
 * for the disk and the network. What was scaled once is kept in $XDG_CACHE_HOME/zapper/logos.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "ui/logos.h"

/* They are kept at a size that fits into this, and none is made larger for that. */
#define LOGO_WIDTH 512
#define LOGO_HEIGHT 288
/* Files that are larger are refused, and so are pictures of more pixels: 16 MiB while scaled. */
#define LOGO_FILE_BYTES ((size_t)4 << 20)
#define LOGO_PIXELS (2048 * 2048)
/* So many are kept; then the oldest tenth goes. */
#define LOGO_CACHED 1000

struct logo_request {
	/* As the line-up has it: a path, an address of file, http or https, or data (RFC 2397). */
	const char *logo;
	const char *folder;    /* of paths that are relative */
	bool may_fetch;	       /* over the network */
	int width, height;     /* it is to fit into */
	const gint *cancelled; /* set atomically: it is not wanted any more */
};

/*
 * *ret has one reference to its pixels, and just fits. -EOPNOTSUPP: it would have to be fetched.
 * With other errors (-ENOENT, -EFBIG, -EBADMSG no picture, -ECANCELED, ...) *ret_why may be the end
 * of a sentence, freed with g_free().
 */
int logo_load(const struct logo_request *request, struct ui_logo *ret, char **ret_why);
