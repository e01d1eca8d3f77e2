/*
 * receive/video_packets: which of the bytes that are kept of a video stream came in which PES
 * packet, and what that one says of them. Pure.
 */
#pragma once

#include "client/receive/pes.h"

struct video_packet {
	size_t offset;		 /* where it begins in what is kept */
	struct pes_packet info;	 /* times unwrapped; no data */
	bool has_pts, indicated; /* and no unit took it */
};

/* Zeroed: none. */
struct video_packets {
	GArray *list; /* struct video_packet, in order */
};

void video_packets_clear(struct video_packets *p);
void video_packets_add(struct video_packets *p, const struct video_packet *packet);
size_t video_packets_count(const struct video_packets *p);
/* The last one, and the one that holds the byte at `offset`. There is one at least. */
struct video_packet *video_packets_last(const struct video_packets *p);
struct video_packet *video_packets_at(const struct video_packets *p, size_t offset);
/* From when to when did [offset, end) arrive, and is any of it damaged? */
struct video_arrival {
	bool damaged;
	uint64_t first_ns, last_ns;
};
struct video_arrival video_packets_arrival(
	const struct video_packets *p, size_t offset, size_t end);
/* The first `n` bytes are not kept any longer. */
void video_packets_forget(struct video_packets *p, size_t n);
