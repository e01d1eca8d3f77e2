/*
 * system/support/shutter: when each picture reaches a video sink, seen from outside as soon as that
 * can be: a thread of its own waits for the first byte that the sink writes of it, raw and without
 * a header, and stamps that before it reads the rest.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shutter;

/* Makes a FIFO in `folder`. shutter_close accepts NULL; the program that writes has ended then. */
struct shutter *shutter_open(const char *folder);
void shutter_close(struct shutter *shutter);

/* What to give to zapper as --video-sink. */
const char *shutter_sink(const struct shutter *shutter);

/*
 * The first picture of this channel whose first byte came at from_ns (CLOCK_MONOTONIC) or later:
 * its time, 0 where there is none.
 */
uint64_t shutter_find(struct shutter *shutter, int channel, uint64_t from_ns);
