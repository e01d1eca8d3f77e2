/*
 * system/support/exactness: how far the times of `zapper bench` are from what is seen from outside:
 * reports, packets and key units as a capture at the bridge has them, pictures as the shutter has
 * them.
 */
#pragma once

#include <jansson.h>

#include "tests/system/support/figures.h"
#include "tests/system/support/shutter.h"
#include "tests/system/support/stage.h"

enum exactness {
	EXACTNESS_REPORT,
	EXACTNESS_FIRST_PACKET,
	EXACTNESS_RAP,
	EXACTNESS_RAP_COMPLETE,
	EXACTNESS_PICTURE,
	EXACTNESS_STAGES,
};

/*
 * Compares a report with what stage->capture and the shutter saw meanwhile: fills `figures` with
 * absolute errors, a value for each zap that passed the stage. Cleared with figure_clear(). False
 * where the machine's clock was set since offset_ns was taken: then nothing can be compared.
 */
bool exactness_compare(struct stage *stage, struct shutter *shutter, const json_t *report,
	int64_t offset_ns, struct figure figures[EXACTNESS_STAGES]);

/* How far CLOCK_REALTIME, which capture stamps are of, is ahead of CLOCK_MONOTONIC. */
int64_t exactness_clock_offset_ns(void);
