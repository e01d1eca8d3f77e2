/*
 * tests/bench/guide_cost: what a guide costs. A generated XMLTV is read, imported into an empty
 * file, imported again, and asked what is on now and next.
 */
#pragma once

#include <stdbool.h>

struct guide_cost {
	double xml_bytes;
	double parse_s;
	double import_s; /* without the time that the text takes to be written, as all of these */
	double again_s;
	long peak_kib; /* of both imports */
	/* Any channel, any time: as cold as the system's own cache allows. */
	double look_mean_us, look_p99_us, look_max_us;
};

/*
 * One channel after the other or, `by_time`, all channels of half an hour together; `events` is a
 * multiple of `channels`. The guide is at `path` for that time. Exits where something fails.
 */
void guide_cost_measure(
	const char *path, unsigned events, unsigned channels, bool by_time, struct guide_cost *ret);
