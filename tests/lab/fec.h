/*
 * lab/fec: forward error correction as SMPTE 2022-1 sends it, on other ports of the same group:
 * packets that are the exclusive or of a column or a row of media packets. Who does not correct
 * with them has to take them for nothing else. Pure.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/lab/feed.h"

enum {
	FEC_COLUMNS = 10,
	FEC_ROWS = 10,
	FEC_PACKET_BYTES = FEED_PACKET_BYTES + 16, /* its header stands behind RTP's */
	FEC_COLUMN_PORT = 2,			   /* above the media's (SMPTE 2022-1, 8.1) */
	FEC_ROW_PORT = 4,
};

/* One row or column that is being added up. */
struct fec_sum {
	uint16_t first_sequence, length;
	uint8_t payload_type;
	uint32_t timestamp;
	uint8_t payload[LAB_PACKET_PAYLOAD];
};

/* Begins as zeros. */
struct fec {
	unsigned at; /* in the matrix */
	uint16_t column_sequence, row_sequence;
	struct fec_sum columns[FEC_COLUMNS], row;
};

/* bytes are valid during the call only. */
typedef void fec_emit(void *user, unsigned port_above, const uint8_t *bytes, size_t size);

/* Takes the next media packet, and emits what is complete with it: a column, a row, both, neither.
 */
void fec_take(struct fec *fec, const uint8_t packet[FEED_PACKET_BYTES], fec_emit *emit, void *user);
