/*
 * channels/import_guide: what the guides among the lists of an import bring goes into the guide's
 * file as it comes, in one transaction that ends with the import. Not for other rooms.
 */
#pragma once

#include "channels/import.h"
#include "channels/xmltv.h"

struct import_guide {
	import_open_guide_fn open; /* NULL: guides are counted only */
	void *ctx;
	int64_t keep_from_utc_s;
	struct guide *guide; /* NULL: none has come yet */
	int error;	     /* the first one; then nothing more is written */
	size_t channels, events;
};

void import_guide_channel(struct import_guide *guide, const struct xmltv_channel *channel);
void import_guide_event(struct import_guide *guide, const struct xmltv_event *event);
/* Commits where `result` is 0, else rolls back, and closes the file. Returns the first error. */
int import_guide_end(struct import_guide *guide, int result);
