/*
 * receive/ts: the header and adaptation field of a transport packet, and continuity of its counter
 * (ISO/IEC 13818-1 sections 2.4.3.2 to 2.4.3.5). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TS_PACKET_BYTES 188
#define TS_PID_NULL 0x1fff

struct ts_packet {
	uint16_t pid;
	uint8_t counter;
	bool unit_start; /* payload_unit_start_indicator */
	bool scrambled;
	bool discontinuity, random_access;
	/* The adaptation field ends in stuffing, which muxers put where a PES packet ends. */
	bool stuffed;
	bool has_pcr;
	uint64_t pcr_27mhz;	/* 33 bits of 90 kHz times 300, plus the extension */
	bool has_payload;	/* the counter counts */
	const uint8_t *payload; /* into the packet */
	size_t len;
};

/*
 * `data` are TS_PACKET_BYTES. Returns 0, or -EBADMSG with *ret untouched: no sync byte, the
 * transport_error_indicator, or an adaptation field that does not fit.
 */
int ts_parse(const uint8_t *data, struct ts_packet *ret);

/*
 * At which offset do packets start? The first sync byte that is followed by another one a packet
 * further, or by the end; `len` when there is none.
 */
size_t ts_find_sync(const uint8_t *data, size_t len);

/* How packets lie in a datagram. */
struct ts_layout {
	size_t offset, stride; /* of the first packet; from one to the next */
};

/*
 * TS_PACKET_BYTES from the first byte on, unless all of the datagram is packets of 204 bytes (16 of
 * parity behind each, ETSI EN 300 429) or of 192 (a time stamp of 4 before each).
 */
struct ts_layout ts_find_layout(const uint8_t *data, size_t len);

enum ts_order {
	TS_ORDER_NEXT,	    /* the first one of all, or in order */
	TS_ORDER_DUPLICATE, /* to be ignored; section 2.4.3.3 allows one */
	TS_ORDER_GAP,	    /* packets of this PID are missing before it */
	TS_ORDER_JUMP,	    /* the same, but announced by the discontinuity_indicator */
};

/* Zeroed: nothing seen yet. */
struct ts_continuity {
	bool known, duplicated, doubtful;
	uint8_t counter;
};

/* For packets of one PID that have a payload. */
enum ts_order ts_continuity_check(struct ts_continuity *c, const struct ts_packet *packet);
/* More packets were lost than a counter of 4 bits can tell: the next one comes after a gap. */
void ts_continuity_doubt(struct ts_continuity *c);
