/*
 * app/faults: what is wrong with the stream that is watched, in words. Pure: counters go in, a
 * sentence comes out when they have grown in a way that was not said of this zap before.
 */
#pragma once

#include <stdint.h>

#include "client/receive/stream.h"
#include "client/receive/tr101290.h"

enum fault {
	FAULT_LOST,
	FAULT_FOREIGN,
	FAULT_RESTART,
	FAULT_OTHER_PAYLOAD,
	FAULT_NOT_TS,
	FAULT_SYNC,
	FAULT_CONTINUITY,
	FAULT_CRC,
	FAULT_PAT,
	FAULT_PMT,
	FAULT_KINDS,
};

/* Zeroed: nothing was looked at yet. */
struct faults {
	uint64_t n; /* the zap whose faults these are */
	bool said[FAULT_KINDS];
	uint64_t seen[FAULT_KINDS];
};

/*
 * A look at the counters of zap n's stream. The end of a sentence ("packets lost (12), ..."), with
 * each kind of fault that came up since the last look and was not said of this zap; freed with
 * g_free(). NULL: there is none. Counters that begin anew, with another stream of the zap, may.
 */
char *faults_look(struct faults *faults, uint64_t n, const struct stream_counters *stream,
	const struct tr101290_counters *tables);
