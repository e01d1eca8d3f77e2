/*
 * lab/watch: looks at pictures as a viewer would have seen them, from a Y4M file or FIFO, and says
 * of each one when it came, what its mark is, and whether it is undamaged.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/lab/mark.h"

struct watch;

struct watch_picture {
	uint64_t at_ns; /* CLOCK_MONOTONIC, when the picture had been read */
	/*
	 * When its first bytes had been. The sink takes a picture before it writes any of it, and
	 * the next one after it has written all, which is more than a pipe holds: of two pictures,
	 * one begins before the other is taken.
	 */
	uint64_t began_ns;
	struct mark mark; /* channel 0: no mark */
	/* The picture is, by its checksum, the one that the clip of its mark decodes to. */
	bool whole;
	const uint8_t *i420; /* the picture itself, without padding; good until the next call */
	int width, height;
};

/*
 * clips_dir holds the clips' checksums. Waits for the writer of a FIFO. 0 or y4m_open's errors.
 * Close with watch_close, which accepts NULL.
 */
int watch_open(const char *path, const char *clips_dir, struct watch **ret);
void watch_close(struct watch *watch);

/* Waits for the next picture. 1; 0 at the end; otherwise y4m_next's errors. */
int watch_next(struct watch *watch, struct watch_picture *ret);
