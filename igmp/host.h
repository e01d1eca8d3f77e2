/*
 * igmp/host: the IGMPv3 host of one interface as a pure state machine (RFC 9776). No socket, clock,
 * log or global: packets and times go in, actions are taken out, the next deadline is asked for.
 *
 *   igmp_host_listen(), igmp_host_receive(), igmp_host_advance()   change the state
 *   igmp_host_next_action()                                        hands out what is to be done
 *   igmp_host_deadline()                                           when to call advance next
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum igmp_filter_mode { IGMP_INCLUDE, IGMP_EXCLUDE };

/* Sources of one group's filter; more are refused with -E2BIG: memory is bounded. */
#define IGMP_MAX_SOURCES 64

/* RFC 9776 section 3.1. Join any source: EXCLUDE{}. Join source S: INCLUDE{S}. Leave: INCLUDE{}. */
struct igmp_filter {
	enum igmp_filter_mode mode;
	uint16_t source_count;
	struct in_addr sources[IGMP_MAX_SOURCES];
};

/* Section 8's variables. Zero means the default named there, so {0} is a valid set of settings. */
struct igmp_host_settings {
	/* [Robustness Variable], until a querier names its own; default 2, never below 2 */
	unsigned robustness;
	/* [Unsolicited Report Interval], default 1 s */
	uint64_t unsolicited_interval_ns;
	/* [Query Interval], until a querier names its own; default 125 s */
	uint64_t query_interval_ns;
	/* of the interface, bounds a report; 68 to 1500, default 1500 */
	size_t mtu_bytes;
	/* joined, or left with repeats pending; default 256 */
	size_t max_groups;
	/* of the host's random delays */
	uint64_t seed;
};

/*
 * Who asked the last general query (what `ctl igmp` shows); version 0 before the first one. A query
 * from 0.0.0.0 is a snooping switch's.
 */
struct igmp_querier {
	struct in_addr address;
	unsigned version;
	unsigned robustness;	    /* QRV in force */
	uint64_t query_interval_ns; /* QQI in force */
	uint64_t last_query_ns;
};

/* One counter per message type and per cause of drop. */
struct igmp_counters {
	uint64_t queries_received;	    /* all valid ones */
	uint64_t older_queries_received;    /* those of version 1 or 2: not answered */
	uint64_t specific_queries_received; /* those for a group, or its sources: not answered */
	uint64_t reports_sent;
	uint64_t state_change_records_sent;
	uint64_t current_state_records_sent;
	uint64_t dropped_truncated;
	uint64_t dropped_checksum;
	uint64_t dropped_ttl;
	uint64_t dropped_source;
	uint64_t dropped_destination;
	uint64_t dropped_malformed_query;
	uint64_t ignored_type; /* reports of others, and what is no type of IGMP's */
};

/* The wanted filter of one group; INCLUDE{} leaves it. */
struct igmp_change {
	struct in_addr group;
	struct igmp_filter filter;
};

enum igmp_action_type {
	IGMP_ACTION_SEND, /* send `packet`, `len` bytes from the IP header on, to `destination` */
	IGMP_ACTION_JOIN_MAC,  /* begin to receive frames for `group` */
	IGMP_ACTION_LEAVE_MAC, /* stop receiving frames for `group`; groups may share one MAC */
};

/* IPv4 header with Router Alert (24 bytes) and the IGMP message within an Ethernet MTU. */
#define IGMP_PACKET_MAX_BYTES 1500

struct igmp_action {
	enum igmp_action_type type;
	struct in_addr group;
	struct in_addr destination;
	size_t len;
	uint8_t packet[IGMP_PACKET_MAX_BYTES];
};

struct igmp_host;

/* NULL without memory. Freed with igmp_host_free(), which accepts NULL. */
struct igmp_host *igmp_host_new(const struct igmp_host_settings *settings);
void igmp_host_free(struct igmp_host *host);

/* The source of every report (section 4.2.14): the interface's address, 0.0.0.0 while none. */
void igmp_host_set_address(struct igmp_host *host, struct in_addr address);

/*
 * Applies n changes as one: the records that leave come first in the report (the order in which
 * every receiver read handles them). The report is the next action, in the same loop turn
 * (section 5.1); its repeats follow at random gaps and carry the same pair. What is compared is
 * what the routers were last told: changes that cancel each other before the report was taken out
 * send nothing. Of several changes for one group the last counts.
 * Errors as igmp_membership_listen(), and -ENOSPC beyond max_groups; with an error nothing has
 * changed.
 */
int igmp_host_listen(
	struct igmp_host *host, const struct igmp_change *changes, size_t n, uint64_t now_ns);

/* A packet that came in, from the IPv4 header on. All but valid queries are counted and dropped. */
void igmp_host_receive(struct igmp_host *host, const uint8_t *packet, size_t len, uint64_t now_ns);

/* When igmp_host_advance() has something to do, UINT64_MAX when never. */
uint64_t igmp_host_deadline(const struct igmp_host *host);
void igmp_host_advance(struct igmp_host *host, uint64_t now_ns);

/*
 * Takes the next action out; false when there is none. Call until false after each of the above and
 * after igmp_host_leave_all(). Packets are made here, from the state of this moment.
 */
bool igmp_host_next_action(struct igmp_host *host, struct igmp_action *ret);

/* Leaves every group now, without repeats: the last thing a host says (shutdown). */
void igmp_host_leave_all(struct igmp_host *host);

/* Visits each joined group, and each left one whose repeats are pending (filter INCLUDE{}). */
void igmp_host_each(const struct igmp_host *host,
	void (*visit)(void *ctx, struct in_addr group, const struct igmp_filter *filter,
		unsigned pending_reports),
	void *ctx);
void igmp_host_querier(const struct igmp_host *host, struct igmp_querier *ret);
void igmp_host_counters(const struct igmp_host *host, struct igmp_counters *ret);
