/*
 * What a host owes the routers, told apart from how it keeps count: which state-change records have
 * to leave after which change, how often each (RFC 9776 section 5.1), and that none speaks of a
 * state that is past. Sources are bits of a mask, as in router.h.
 */
#pragma once

#include <stdbool.h>

#include "igmp/host.h"
#include "igmp/wire.h"
#include "tests/unit/igmp/router.h"

/* INCLUDE with no source is no membership. */
struct wish {
	enum igmp_filter_mode mode;
	unsigned sources;
};

struct oracle_settings {
	unsigned robustness;
	bool gap; /* joins may come later than their leave */
	enum igmp_ssm_leave ssm_leave;
	bool v2_ssm;
};

/* Of one group. */
struct oracle {
	const struct oracle_settings *settings;
	bool ssm;
	struct wish wanted, told;
	struct wish routed; /* of a router that believes every record and needs no query */
	unsigned version;
	unsigned mode_owed, source_owed[ROUTER_SOURCES];
	bool leave_owed;   /* to a version 2 querier */
	bool may_announce; /* a newer version may say it anew */
	/* Of the actions that are being taken out. */
	bool begun, answered;
	unsigned expected[IGMP_BLOCK + 1]; /* by record type: sources, and PRESENT */
	unsigned seen[IGMP_BLOCK + 1];
};

bool wish_is_empty(const struct wish *wish);
bool wish_equal(const struct wish *a, const struct wish *b);
/* The sources forwarded, and above them a bit for any other. */
unsigned wish_forwards(const struct wish *wish);

/* Whether the version can tell of the group. */
bool oracle_is_speakable(const struct oracle *oracle, unsigned version);

/* Before actions are taken out: what the host speaks, and wants, by now. */
void oracle_open(struct oracle *oracle, unsigned version, const struct wish *wanted);
/* A record of a v3 report; `lost` ones do not reach the router. */
void oracle_record(struct oracle *oracle, const struct igmp_record *record, bool lost);
/* A report or a leave of an older version. */
void oracle_older(struct oracle *oracle, enum igmp_type type);
/* After the last action: all that was due has been said. */
void oracle_close(struct oracle *oracle);
/* Nothing is owed any more. */
bool oracle_is_done(const struct oracle *oracle);
