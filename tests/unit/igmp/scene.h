/*
 * A host and a router on one line that may lose, double and delay packets, and what watches them:
 * one oracle and the questions of queriers for each group. Every function that lets something
 * happen takes the host's actions out and asserts on them. Virtual time.
 */
#pragma once

#include "igmp/host.h"
#include "tests/unit/igmp/oracle.h"
#include "tests/unit/igmp/packets.h"
#include "tests/unit/igmp/questions.h"
#include "tests/unit/igmp/router.h"

#define GROUPS 6
#define USERS 3
#define SCENE_ON_THE_WAY 16
#define SCENE_QUERY_BYTES 1400

struct scene_packet {
	uint64_t at_ns;
	bool to_router;
	size_t len;
	uint8_t bytes[IGMP_PACKET_MAX_BYTES];
};

/* The last report of a round: what follows it would not have fitted. */
struct scene_last {
	size_t len;
	bool answers, joins;
};

struct scene {
	struct igmp_host_settings settings; /* the host's, every default filled in */
	struct igmp_host *host;
	struct in_addr address;
	struct router router;
	struct oracle_context context;
	uint64_t random;
	struct wish wishes[GROUPS][USERS];
	struct oracle oracles[GROUPS];
	struct questions questions[GROUPS];
	struct tokens tokens;
	bool mac[GROUPS];
	/* What the host has adopted of queriers. */
	uint64_t query_interval_ns, v1_until_ns, v2_until_ns, refreshes;
	bool quiet;   /* nothing is lost, doubled or delayed */
	bool leaving; /* nothing will be repeated */
	unsigned on_the_way;
	struct scene_packet packets[SCENE_ON_THE_WAY];
	struct scene_last last;
	/* Whether reports of a group were sent and lost in this round, and in how many before. */
	bool sent_now[GROUPS], lost_now[GROUPS];
	unsigned lost_in_a_row[GROUPS];
	unsigned long records, lost, older, split, waited;
};

unsigned draw(struct scene *s, unsigned below);
/* The first half any-source, the other source-specific. */
struct in_addr group_address(unsigned i);
unsigned group_index(struct in_addr address);
struct igmp_filter to_filter(const struct wish *wish);

/* `settings` has no zeros but where they mean "no"; `seed` says what is lost and when. */
void scene_open(struct scene *s, const struct igmp_host_settings *settings,
	const struct router_settings *router, uint64_t seed);
void scene_close(struct scene *s);
/* As long as it takes until every timer of routers and hosts has ended. */
uint64_t scene_quiet_ns(const struct scene *s);

/* After each event (scene_watch.c): takes the host's actions out and asserts on them. */
void scene_take_actions(struct scene *s);
/*
 * The version in force; what was asked before it changed needs no answer (section 7.2.1). Whether
 * it has changed.
 */
bool scene_adopt_version(struct scene *s);
/* Whether a packet arrives on the other side now; perhaps it does later, too. */
bool scene_carry(struct scene *s, const uint8_t *packet, size_t len, bool to_router);

/* The wishes of some users have changed to what s->wishes says. */
void scene_listen(struct scene *s, const struct igmp_change *changes, size_t n);
/* All wishes end, without repeats. */
void scene_leave_all(struct scene *s);
void scene_announce(struct scene *s);
void scene_rejoin_macs(struct scene *s);
void scene_set_mtu(struct scene *s, size_t mtu_bytes);
void scene_set_address(struct scene *s, struct in_addr address);
/* A packet reaches the host. */
void scene_hear(struct scene *s, const uint8_t *packet, size_t len, enum igmp_frame frame);
/* Another router takes over, which knows nothing. */
void scene_change_router(struct scene *s, unsigned version);

/* When something happens by itself. */
uint64_t scene_deadline(const struct scene *s);
void scene_go_to(struct scene *s, uint64_t when);
/*
 * First the repeats, which alone make up for what was lost, then all timers: the router is asked
 * whether it agrees.
 */
void scene_quiet_down(struct scene *s);
