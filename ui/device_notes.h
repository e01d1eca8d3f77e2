/*
 * ui/device_notes: what ui/remote knows of paths that it has looked at and has not open: that they
 * are none of its devices, or why they cannot be opened, which is told once for each. Pure: takes
 * the time, and is asked when something is due.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Which node of which file system: a device that is plugged in again has another. */
struct device_node {
	dev_t dev;
	ino_t ino;
};

struct device_notes;

struct device_notes *device_notes_new(void);
void device_notes_free(struct device_notes *notes); /* accepts NULL */

#define DEVICE_UNWANTED 0

/*
 * The path was looked at: error is DEVICE_UNWANTED, or the -errno that opening it gave. Where that
 * or the node is another than before it is news.
 */
void device_notes_add(struct device_notes *notes, const char *path, struct device_node node,
	int error, uint64_t now_ms);

/* Whether this node need not be opened again to know that it is unwanted. Counts as looked at. */
bool device_notes_is_unwanted(
	struct device_notes *notes, const char *path, struct device_node node);

typedef void (*device_notes_fn)(void *ctx, const char *path, int error);

/*
 * After all paths were looked at: forgets those that were not, and tells of the errors that have
 * lasted `patience_ms`. Returns in how many ms the next is due; UINT64_MAX: none is.
 */
uint64_t device_notes_end(struct device_notes *notes, uint64_t now_ms, uint64_t patience_ms,
	device_notes_fn tell, void *ctx);
