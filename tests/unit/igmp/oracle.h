/*
 * What a host owes the routers, told apart from how it keeps count: which state-change records have
 * to leave after which change, how often each and how soon (RFC 9776 section 5.1), and that none
 * speaks of a state that is past. Sources are bits of a mask, as in router.h. What is owed to
 * queriers is in questions.h.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "igmp/host.h"
#include "igmp/wire.h"
#include "tests/unit/igmp/router.h"

/* INCLUDE with no source is no membership. */
struct wish {
	enum igmp_filter_mode mode;
	unsigned sources;
};

/* What all groups have in common; the owner keeps it up to date. */
struct oracle_context {
	uint64_t now_ns;
	unsigned version;    /* that the host has to speak */
	unsigned robustness; /* that it has adopted */
	size_t mtu_bytes;
	bool gap; /* joins may come later than their leave */
	uint64_t gap_ns;
	enum igmp_ssm_leave ssm_leave;
	bool v2_ssm;
	uint64_t unsolicited_ns, older_unsolicited_ns;
};

/* Of one group. */
struct oracle {
	const struct oracle_context *context;
	bool ssm;
	struct wish wanted, told;
	struct wish routed; /* of a router that believes every record and needs no query */
	bool routed_is_cut; /* it heard of truncated lists: it excludes some of them only */
	unsigned version;
	unsigned mode_owed, source_owed[ROUTER_SOURCES];
	bool leave_owed; /* to a version 2 querier */
	/* Reports to an older querier: at least and, as answers look alike, at most so many. */
	unsigned older_min, older_max;
	uint64_t repeat_by_ns; /* when the next one has been sent */
	uint64_t join_by_ns;   /* when a join that is held back has */
	bool may_announce;     /* a newer version may say it anew */
	bool must_join;	       /* nothing may be held back */
	/* Of the actions that are being taken out. */
	bool begun, answered, lost;
	unsigned expected[IGMP_BLOCK + 1]; /* by record type: sources, and PRESENT */
	unsigned seen[IGMP_BLOCK + 1];
};

bool wish_is_empty(const struct wish *wish);
bool wish_equal(const struct wish *a, const struct wish *b);
/* The sources forwarded, and above them a bit for any other. */
unsigned wish_forwards(const struct wish *wish);
/* What one record of EXCLUDE can say of it, the others left out (section 4.2.17). */
struct wish wish_cut(const struct wish *wish, size_t mtu_bytes);

/* Whether the version can tell of the group. */
bool oracle_is_speakable(const struct oracle *oracle, unsigned version);
/* Wanted, and the version in force can tell so. */
bool oracle_is_told(const struct oracle *oracle);
/* A join that waits behind its leave. */
bool oracle_is_held(const struct oracle *oracle);

/* What happens to it, each before oracle_open(): */
void oracle_touch(struct oracle *oracle); /* igmp_host_listen() names the group */
void oracle_announce(struct oracle *oracle);
void oracle_suppress(struct oracle *oracle); /* by another host's report */

/*
 * Before actions are taken out: what the host wants by now. After the `last` ones nothing is
 * repeated.
 */
void oracle_open(struct oracle *oracle, const struct wish *wanted, bool last);
/* A record of a v3 report; `lost` ones do not reach the router. */
void oracle_record(struct oracle *oracle, const struct igmp_record *record, bool lost);
/*
 * A report or a leave of an older version. `asked`: it may be an answer. False where it is nothing
 * else.
 */
bool oracle_older(struct oracle *oracle, enum igmp_type type, bool asked);
/* After the last action: all that was due has been said. */
void oracle_close(struct oracle *oracle);
/* Nothing is owed any more. */
bool oracle_is_done(const struct oracle *oracle);
/* The router without queries knows what is wanted. */
bool oracle_is_routed(const struct oracle *oracle);
