/*
 * receive/h264: what the beginning of an H.264 access unit tells (ITU-T H.264 annex B and sections
 * 7.3.1 to 7.3.3, D.1.8). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct h264_summary {
	bool starts_with_nal; /* its first bytes are a start code */
	bool sps;
	bool recovery_point; /* an SEI message says: decoding may begin here */
	bool slice;	     /* there is one; the rest tells of the first */
	bool idr;
	bool intra; /* slice_type I or SI */
};

/* Reads up to the first slice: all that matters here comes before it. */
void h264_scan(const uint8_t *data, size_t len, struct h264_summary *ret);

/*
 * Can a decoder begin with this access unit? With a sequence parameter set in it, when it is an IDR
 * picture, has a recovery point, or, for muxes that say neither, begins with an intra slice or is
 * marked by the mux's random_access_indicator.
 */
bool h264_is_random_access(const struct h264_summary *summary, bool random_access_indicator);
