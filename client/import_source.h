/* client/import_source: the files that `zapper import` reads, as lists of an import. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "channels/import.h"
#include "client/commands.h"

struct import_source {
	struct import *import;
	enum channel_format format;
	/* How much was read of `name`; total_bytes is 0 where that is not known. May be NULL. */
	void (*progress)(void *ctx, const char *name, uint64_t read_bytes, uint64_t total_bytes);
	void *progress_ctx;
};

/*
 * Reads a SOURCE and the lists that it names: a file, "-", or a folder of Enigma2's bouquets by the
 * indexes in it. What is wrong is said on standard error.
 */
enum exit_code import_source_read(const struct import_source *source, const char *name);

/* For import_set_beside(); ctx is the struct import_source. */
int import_source_beside(void *ctx, const char *index, const char *file);
