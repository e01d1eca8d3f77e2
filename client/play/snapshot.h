/* play/snapshot: writes shown pictures to PNG files, on a thread of its own. */
#pragma once

#include <gst/gst.h>
#include <stdint.h>

#include "client/play/play.h"

struct snapshot;

/* error is "" when the file was written, else a sentence. Called on the snapshot's thread. */
typedef void (*snapshot_done_fn)(void *ctx, uint64_t request, const char *error);

struct presenter;
struct snapshot *snapshot_new(struct presenter *presenter, snapshot_done_fn done, void *ctx);
void snapshot_free(struct snapshot *snapshot); /* waits for what was asked for; accepts NULL */

/*
 * Writes what the presenter shows by then, all that it was told before included; where screen is
 * not NULL, as that shows it.
 */
void snapshot_request(struct snapshot *snapshot, const char *path, uint64_t request,
	const struct play_screen *screen);
