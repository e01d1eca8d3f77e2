/*
 * channels/dvbstp: the segments that SD&S is delivered in by multicast (ETSI TS 102 034 clause
 * 5.4.1), put together from packets, without the socket. Pure.
 *
 * A segment is one document (channels/sds.h reads it), sent as sections over and over again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DVBSTP_PORT 3937
/* Clause 5.4.1.2's payload ids that there is a use for. */
#define DVBSTP_PROVIDERS 0x01
#define DVBSTP_BROADCAST 0x02
#define DVBSTP_PACKAGES 0x05

/* Segments that are known of, and bytes held of those that are not complete. */
#define DVBSTP_SEGMENTS 1024
#define DVBSTP_HELD_BYTES 33554432

struct dvbstp_segment {
	uint32_t provider; /* its address, 0: not said */
	uint8_t payload;
	uint16_t id;
	uint8_t version;
	const char *bytes; /* until the next packet */
	size_t size;
};

struct dvbstp;

struct dvbstp *dvbstp_create(void);
void dvbstp_destroy(struct dvbstp *dvbstp); /* accepts NULL */

/*
 * Takes a packet. 1: it completes a segment, which is in *ret; 0: it does not. A segment comes out
 * once for each of its versions; a new version takes the place of an older one that is not
 * complete. Errors, after which the packet is dropped: -EINVAL malformed, -EPROTONOSUPPORT of
 * another version of DVBSTP, encrypted or compressed (BiM, zlib), -EBADMSG the segment's sections
 * do not fit each other or its CRC (all of them are dropped), -ENOSPC there is no room.
 */
int dvbstp_take(
	struct dvbstp *dvbstp, const uint8_t *packet, size_t size, struct dvbstp_segment *ret);

/*
 * Whether each segment that is known is complete, and has come again since: whoever sends them
 * begins anew, so that there are no others. False while none is known.
 */
bool dvbstp_is_settled(const struct dvbstp *dvbstp);
