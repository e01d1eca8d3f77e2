/*
 * igmp/host: the IGMP host of one interface as a pure state machine: version 3 (RFC 9776), and 2
 * and 1 before older queriers (RFC 2236, RFC 1112). No socket, clock, log or global: packets and
 * times go in, actions are taken out, the next deadline is asked for. Each event costs by what it
 * changes, not by how many groups there are.
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

/* Groups at once, where settings say nothing else. */
#define IGMP_DEFAULT_MAX_GROUPS 16384

/* RFC 9776 section 3.1. Join any source: EXCLUDE{}. Join source S: INCLUDE{S}. Leave: INCLUDE{}. */
struct igmp_filter {
	enum igmp_filter_mode mode;
	uint16_t source_count;
	struct in_addr sources[IGMP_MAX_SOURCES];
};

/* How a change that leaves one group and joins another goes out. */
enum igmp_pair {
	IGMP_PAIR_ONE, /* one report, the leave's record first */
	IGMP_PAIR_TWO, /* a report for the leave, then one for the join, back to back */
	IGMP_PAIR_GAP, /* the join waits for pair_gap_ns: a line too thin for two streams */
};

/* The record that leaves a group of which single sources were wanted: what receivers understand. */
enum igmp_ssm_leave {
	IGMP_SSM_LEAVE_BLOCK, /* BLOCK(S), section 5.1's */
	IGMP_SSM_LEAVE_TO_IN, /* TO_IN{}, for those that take BLOCK for nothing or for a join */
	IGMP_SSM_LEAVE_BOTH,
};

/*
 * Section 8's variables and what else a network may need. Zero means the default, so {0} is a valid
 * set of settings.
 */
struct igmp_host_settings {
	/* [Robustness Variable], until a querier names its own; default 2, never below 2 */
	unsigned robustness;
	/* [Unsolicited Report Interval], default 1 s */
	uint64_t unsolicited_interval_ns;
	/* the same before a querier of version 1 or 2, default 10 s (RFC 2236 section 8.10) */
	uint64_t older_unsolicited_interval_ns;
	/* [Query Interval], until a querier names its own; default 125 s */
	uint64_t query_interval_ns;
	/* [Query Response Interval], until a querier names its own; default 10 s */
	uint64_t query_response_interval_ns;
	/* of the interface, bounds a report; 68 to 1500, default 1500 */
	size_t mtu_bytes;
	/* joined, or left with repeats pending; default 16384 */
	size_t max_groups;
	/* of the host's random delays */
	uint64_t seed;

	enum igmp_pair pair;
	uint64_t pair_gap_ns;
	enum igmp_ssm_leave ssm_leave;

	/* answer in version 3 whoever asks: where no router is older (section 7.2.1) */
	bool no_fallback;
	/* drop v2 and v3 queries without Router Alert (section 9.1): some routers send them so */
	bool require_router_alert;
	/* say nothing about 224.0.0.x, which no router forwards anyway */
	bool silent_link_local;
	/* report groups of 232/8 to an older querier too (RFC 4607 section 8 does not) */
	bool v2_ssm;

	/* neither notice what is wrong with the queriers, nor refresh without one */
	bool no_watch;
	/* between two notices of the same kind, default 60 s */
	uint64_t notice_interval_ns;

	/*
	 * packets that queriers can make this host send: per second, and at once; default 250 each.
	 * A change of its own is always sent, and counts.
	 */
	unsigned answers_per_second;
	unsigned answer_burst;
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
	unsigned host_version; /* what we speak: 3, or 1 or 2 before an older querier */
};

/* One counter per message type and per cause of drop. */
struct igmp_counters {
	uint64_t queries_received;	    /* all valid ones */
	uint64_t older_queries_received;    /* those of version 1 or 2 */
	uint64_t specific_queries_received; /* those for a group, or its sources */
	uint64_t v1_queries_received;
	uint64_t v2_queries_received;
	uint64_t v3_queries_received;
	uint64_t queries_without_router_alert; /* of version 2 and 3; section 4.1 wants it */
	uint64_t source_list_overflows; /* answered as if for the whole group: too many sources */
	uint64_t older_queries_refused; /* with no_fallback: did not change the version */
	uint64_t answers_suppressed;	/* by another host's report to an older querier */
	uint64_t answers_delayed;	/* by the token bucket */
	uint64_t version_changes;	/* of this host's */
	uint64_t refreshes;		/* without a querier */
	uint64_t notices_suppressed;	/* by their rate limit */
	uint64_t reports_sent;		/* of version 3 */
	uint64_t v1_reports_sent;
	uint64_t v2_reports_sent;
	uint64_t leaves_sent; /* of version 2 */
	uint64_t state_change_records_sent;
	uint64_t current_state_records_sent;
	uint64_t dropped_truncated;
	uint64_t dropped_checksum;
	uint64_t dropped_ttl;
	uint64_t dropped_source;
	uint64_t dropped_destination;
	uint64_t dropped_malformed_query;
	uint64_t dropped_router_alert;
	uint64_t dropped_unicast_frame; /* a report that would have suppressed ours */
	uint64_t dropped_socket; /* its buffer was full; counted by the link, not by the host */
	uint64_t ignored_type; /* reports of others that mean nothing here, and no type of IGMP's */
};

/* What one user wants of one group; INCLUDE{} leaves it. */
struct igmp_change {
	struct in_addr group;
	struct igmp_filter filter;
	/* Whose wish it is. Each user has a filter per group; 0 where there is but one. */
	uint32_t user;
};

/*
 * What is worth a sentence; all are rate-limited, but for a join that cannot be reported and for
 * the way back to version 3.
 */
enum igmp_notice_type {
	IGMP_NOTICE_NO_QUERIER, /* no query for longer than the group membership interval */
	IGMP_NOTICE_QUERIER_BACK,
	IGMP_NOTICE_QUERIER_CHANGED,  /* `querier` asks now instead of `other` */
	IGMP_NOTICE_SEVERAL_QUERIERS, /* `querier` and `other` ask by turns */
	IGMP_NOTICE_V1_QUERY,
	IGMP_NOTICE_V2_QUERY,		/* a general one */
	IGMP_NOTICE_V2_SSM_QUERY,	/* for `group` of 232/8 (section 7.2.1) */
	IGMP_NOTICE_VERSION_CHANGED,	/* this host speaks `version` from now on */
	IGMP_NOTICE_SSM_UNREPORTED,	/* `group` of 232/8 cannot be told to an older querier */
	IGMP_NOTICE_SOURCE_OUTSIDE_SSM, /* single sources wanted of `group` outside 232/8 */
	IGMP_NOTICE_TYPES,
};

struct igmp_notice {
	enum igmp_notice_type type;
	struct in_addr querier, other, group;
	unsigned version;
};

enum igmp_action_type {
	IGMP_ACTION_SEND, /* send `packet`, `len` bytes from the IP header on, to `destination` */
	IGMP_ACTION_JOIN_MAC,  /* begin to receive frames for `group` */
	IGMP_ACTION_LEAVE_MAC, /* stop receiving frames for `group`; groups may share one MAC */
	IGMP_ACTION_NOTICE,    /* say `notice`; igmp/notice has the sentence */
};

/* IPv4 header with Router Alert (24 bytes) and the IGMP message within an Ethernet MTU. */
#define IGMP_PACKET_MAX_BYTES 1500

struct igmp_action {
	enum igmp_action_type type;
	struct in_addr group;
	struct in_addr destination;
	struct igmp_notice notice;
	size_t len;
	uint8_t packet[IGMP_PACKET_MAX_BYTES];
};

/* How the link delivered a packet. */
enum igmp_frame {
	IGMP_FRAME_MULTICAST, /* or broadcast */
	IGMP_FRAME_UNICAST,   /* to this station alone: no other host's report comes so */
};

struct igmp_host;

/* NULL without memory. Freed with igmp_host_free(), which accepts NULL. */
struct igmp_host *igmp_host_new(const struct igmp_host_settings *settings);
void igmp_host_free(struct igmp_host *host);

/* The source of every report (section 4.2.14): the interface's address, 0.0.0.0 while none. */
void igmp_host_set_address(struct igmp_host *host, struct in_addr address);

/* Bounds the reports from now on, as the setting did: within 68 and 1500. */
void igmp_host_set_mtu(struct igmp_host *host, size_t mtu_bytes);

/*
 * Says every membership anew, as if it had just been joined: after the line was down, the address
 * changed, or the interface is another one. A change of mode that the routers may not have heard of
 * is said as such.
 */
void igmp_host_announce(struct igmp_host *host, uint64_t now_ns);

/* Asks for every MAC address anew: after the socket that had them is gone. */
void igmp_host_rejoin_macs(struct igmp_host *host);

/*
 * Applies n changes as one: the records that leave come first in the report (the order in which
 * every receiver read handles them). The report is the next action, in the same loop turn
 * (section 5.1); its repeats follow at random gaps and carry the same pair. What is compared is
 * what the routers were last told: changes that cancel each other before the report was taken out
 * send nothing. Of several changes of one user for one group the last counts; the filters of a
 * group's users are merged (section 3.2).
 * Errors: -EINVAL not a multicast group, an EXCLUDE filter inside 232/8 (RFC 4607) or a source that
 * is no unicast address, -E2BIG more sources than IGMP_MAX_SOURCES, in one filter or included by a
 * group's users together, -ENOSPC beyond max_groups, -ENOMEM; with an error nothing has changed.
 */
int igmp_host_listen(
	struct igmp_host *host, const struct igmp_change *changes, size_t n, uint64_t now_ns);

/*
 * A packet that came in, from the IPv4 header on. All but valid queries, and what suppresses our
 * answers to an older querier, is counted and dropped.
 */
void igmp_host_receive(struct igmp_host *host, const uint8_t *packet, size_t len,
	enum igmp_frame frame, uint64_t now_ns);

/*
 * A querier of version 2 was heard before this host was there. So that is spoken until anybody asks
 * in version 3, or until the querier would be forgotten (section 8.12 with the settings' own
 * values).
 */
void igmp_host_presume_v2(struct igmp_host *host, uint64_t now_ns);

/* When igmp_host_advance() has something to do, UINT64_MAX when never. */
uint64_t igmp_host_deadline(const struct igmp_host *host);
void igmp_host_advance(struct igmp_host *host, uint64_t now_ns);

/*
 * Takes the next action out; false when there is none. Call until false after each of the above and
 * after igmp_host_leave_all(). Packets are made here, from the state of this moment.
 */
bool igmp_host_next_action(struct igmp_host *host, struct igmp_action *ret);

/* Whether joins wait for the end of a gap after the leave of their pair. */
bool igmp_host_holds(const struct igmp_host *host);

/* Leaves every group now, without repeats: the last thing a host says (shutdown). */
void igmp_host_leave_all(struct igmp_host *host);

/* Visits each joined group, and each left one whose repeats are pending (filter INCLUDE{}). */
void igmp_host_each(const struct igmp_host *host,
	void (*visit)(void *ctx, struct in_addr group, const struct igmp_filter *filter,
		unsigned pending_reports),
	void *ctx);
/* The users' filters of one group merged; INCLUDE{} where there is none. */
struct igmp_filter igmp_host_filter(const struct igmp_host *host, struct in_addr group);
/*
 * Whether data of this source is wanted: others' memberships bring more onto the line than asked
 * for (RFC 4607 section 4.2).
 */
bool igmp_host_wants(const struct igmp_host *host, struct in_addr group, struct in_addr source);

void igmp_host_querier(const struct igmp_host *host, struct igmp_querier *ret);
void igmp_host_counters(const struct igmp_host *host, struct igmp_counters *ret);
