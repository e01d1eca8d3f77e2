/*
 * app/logo_store: the logos that a line-up names, decoded and scaled, for a thread that may wait
 * for the disk and the network. What was scaled once is kept in $XDG_CACHE_HOME/zapper/logos.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#include "ui/screen.h"

/* They are scaled to fit into this, and never made larger. */
#define LOGO_WIDTH 256
#define LOGO_HEIGHT 144
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
	const gint *cancelled; /* set atomically: it is not wanted any more */
};

/*
 * *ret is to be given back with logo_unref(). -EOPNOTSUPP: it would have to be fetched. With other
 * errors (-ENOENT, -EFBIG, -EBADMSG no picture, -ECANCELED, ...) *ret_why may be the end of a
 * sentence, freed with g_free().
 */
int logo_load(const struct logo_request *request, struct ui_logo **ret, char **ret_why);

/* Counted by one thread at a time. */
struct ui_logo *logo_ref(struct ui_logo *logo);
void logo_unref(struct ui_logo *logo); /* accepts NULL */
