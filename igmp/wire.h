/*
 * igmp/wire: IPv4 packets that carry IGMP, read without allocation (RFC 9776 section 4, RFC 2236
 * and RFC 1112 for the older messages). Pure: bytes go in, values come out. igmp/report builds.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Section 4. */
enum igmp_type {
	IGMP_TYPE_QUERY = 0x11,
	IGMP_TYPE_V1_REPORT = 0x12,
	IGMP_TYPE_V2_REPORT = 0x16,
	IGMP_TYPE_V2_LEAVE = 0x17,
	IGMP_TYPE_V3_REPORT = 0x22,
};

/* Section 4.2.13. */
enum igmp_record_type {
	IGMP_IS_IN = 1,
	IGMP_IS_EX = 2,
	IGMP_TO_IN = 3,
	IGMP_TO_EX = 4,
	IGMP_ALLOW = 5,
	IGMP_BLOCK = 6,
};

/* What igmp_parse() found: a message, or why the packet is none. */
enum igmp_verdict {
	IGMP_VALID,
	IGMP_TRUNCATED, /* shorter than its headers say, a fragment, or not IPv4 with protocol 2 */
	IGMP_BAD_CHECKSUM,    /* of the IP header or of the IGMP message (section 4.1.2) */
	IGMP_BAD_TTL,	      /* not 1 (section 4) */
	IGMP_BAD_SOURCE,      /* a multicast or broadcast address */
	IGMP_BAD_DESTINATION, /* a query to a multicast address that it cannot be meant for */
	IGMP_MALFORMED_QUERY,
	IGMP_UNKNOWN_TYPE,
};

/* One message; the pointers look into the packet that was parsed. */
struct igmp_message {
	enum igmp_type type;
	struct in_addr source; /* of the IP header, 0.0.0.0 from a snooping switch */
	struct in_addr destination;
	bool router_alert; /* the option of RFC 2113 was there */

	/* Queries, v1 and v2 reports and leaves: 0.0.0.0 in a general query. */
	struct in_addr group;

	/* Queries only. */
	unsigned version;	    /* 1, 2 or 3 (section 7.1) */
	uint64_t max_response_ns;   /* 10 s for version 1 */
	bool suppress_router;	    /* the S flag: nothing to a host (section 4.1.5) */
	unsigned robustness;	    /* QRV, 0 where not given */
	uint64_t query_interval_ns; /* QQI, 0 where not given */
	const uint8_t *sources;	    /* see igmp_source() */
	uint16_t source_count;

	/* v3 reports only, for igmp_records(). */
	const uint8_t *records;
	size_t records_len;
	uint16_t record_count;
};

/* `packet` begins with the IPv4 header; what follows its total length (Ethernet padding) is
 * ignored. */
enum igmp_verdict igmp_parse(const uint8_t *packet, size_t len, struct igmp_message *ret);

/* One group record. Unknown types come out too; the reader of them has to ignore them. */
struct igmp_record {
	uint8_t type;
	struct in_addr group;
	uint16_t source_count;
	const uint8_t *sources;
};

struct igmp_record_reader {
	const uint8_t *at;
	size_t len;
	uint16_t left; /* records promised and not yet read; not 0 after the end of a truncated
			  report */
};

struct igmp_record_reader igmp_records(const struct igmp_message *report);
/* False at the end, and where the next record exceeds the packet. */
bool igmp_record_next(struct igmp_record_reader *reader, struct igmp_record *ret);

/* The i-th address of a source list; the caller keeps below its count. */
struct in_addr igmp_source(const uint8_t *sources, uint16_t i);

/* Max Resp Code and QQIC (sections 4.1.1 and 4.1.7): tenths of a second, seconds. */
unsigned igmp_decode_code(uint8_t code);

/*
 * Writes the IGMP message's checksum into a packet that came without: a sender on this machine (a
 * virtual one, say) may leave it to a network card that is not there. Lengths that cannot be leave
 * the packet as it is.
 */
void igmp_finish_checksum(uint8_t *packet, size_t len);

/* The internet checksum (RFC 1071); 0 over a message that carries its own. Network order. */
uint16_t igmp_checksum(const uint8_t *bytes, size_t len);
