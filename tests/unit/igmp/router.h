/*
 * A router's side of IGMP as simple as it can be, to test the host against: one interface, the
 * tables of RFC 9776 section 6.4, its timers (6.3, 6.5), queries (6.6) and older hosts (7.3), or,
 * with version 1 or 2, a router that knows no sources (RFC 2236, RFC 1112). Sources are bits of a
 * mask: source i is 10.0.0.(1 + i); others, which only EXCLUDE forwards, are ignored.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/host.h"
#include "igmp/wire.h"

#define ROUTER_GROUPS 8
/* So many that a report of the smallest MTU holds a third of them. */
#define ROUTER_SOURCES 24
#define ROUTER_ALL_SOURCES ((1u << ROUTER_SOURCES) - 1)

struct router_settings {
	unsigned version, robustness;
	uint64_t query_interval_ns, response_interval_ns, last_member_interval_ns;
};

struct router_group {
	struct in_addr address;
	enum igmp_filter_mode mode;
	uint64_t timer_ns; /* EXCLUDE: until when */
	unsigned listed;   /* the source records there are */
	uint64_t
		source_ns[ROUTER_SOURCES]; /* until when; 0: not running (EXCLUDE's blocked ones) */
	uint64_t older_host_ns;		   /* section 7.3.2: until when sources are not believed */
	/* Section 6.6.3: how often is still to be asked. */
	unsigned ask_group, ask_source[ROUTER_SOURCES];
	uint64_t ask_ns;
};

struct router {
	struct router_settings settings;
	uint64_t now_ns, general_ns;
	unsigned group_count;
	struct router_group groups[ROUTER_GROUPS];
	/* Queries of this moment, to be taken out. */
	bool general_due;
};

struct in_addr router_source(unsigned i);

/* Asks for all at once. */
void router_init(struct router *router, const struct router_settings *settings, uint64_t now_ns);
uint64_t router_deadline(const struct router *router);
void router_advance(struct router *router, uint64_t now_ns);
/* A packet of a host. What this version does not know is ignored. */
void router_hear(struct router *router, const uint8_t *packet, size_t len, uint64_t now_ns);
/* One record, as if it had been heard. */
void router_record(struct router *router, struct in_addr group, unsigned type, unsigned sources);
/* The next query that is to be sent now, 0 when there is none. */
size_t router_next_query(struct router *router, uint8_t *packet, size_t size);

/* The sources of a record. */
unsigned router_mask(const struct igmp_record *record);
/* NULL where nothing is known of it. */
struct router_group *router_find(struct router *router, struct in_addr group);
/* The sources that are forwarded, and, above them, a bit for any other. */
unsigned router_forwards(const struct router_group *group);
/* Section 8.4, 8.9. */
uint64_t router_membership_ns(const struct router *router);
uint64_t router_last_member_ns(const struct router *router);
