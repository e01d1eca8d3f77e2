/* doctor/judge: the parts of doctor/findings, one per topic. */
#pragma once

#include "client/doctor/findings.h"

void judge_interface(const struct doctor_facts *facts, GPtrArray *ret);
void judge_membership(const struct doctor_facts *facts, GPtrArray *ret);
void judge_groups(const struct doctor_facts *facts, GPtrArray *ret);
void judge_kernel(const struct doctor_facts *facts, GPtrArray *ret);
void judge_settings(const struct doctor_facts *facts, GPtrArray *ret);
void judge_lineup(const struct doctor_facts *facts, GPtrArray *ret);
void judge_media(const struct doctor_facts *facts, GPtrArray *ret);
void judge_player(const struct doctor_facts *facts, GPtrArray *ret);
void judge_heard(const struct doctor_facts *facts, GPtrArray *ret);

/* Who speaks IGMP for zapper on the interface. */
struct doctor_speaker {
	bool raw, kernel; /* neither: no back end opens */
	const char *why;  /* that one; the facts' */
	struct doctor_rules rules;
};
/* A player runs there. */
bool judge_player_is_here(const struct doctor_facts *facts);
/* The player, wherever it runs. */
struct doctor_speaker judge_player_speaks(const struct doctor_player *player);
/* A player that runs there, or else one that would be started as the doctor was. */
struct doctor_speaker judge_speaker(const struct doctor_facts *facts);

/*
 * An IGMP version older than 3 that somebody asks in ("10.0.2.1 asks", "the kernel has heard a
 * querier"): what it means for this line-up, by who has to answer.
 */
void judge_older_version(const struct doctor_facts *facts, const struct doctor_speaker *speaker,
	const char *topic, const char *who, unsigned version, GPtrArray *ret);

/* Channels whose preferred address is in 232/8 (RFC 4607). */
unsigned judge_ssm_channels(const struct doctor_facts *facts);
bool judge_is_ssm(struct in_addr group);
const char *judge_address(struct in_addr address, char ret[INET_ADDRSTRLEN]);

/* How to keep the interface from merging UDP; freed with g_free(). */
char *judge_merging_remedy(const char *iface);

/* Takes sentence and remedy (may be NULL) over. */
void judge_add(GPtrArray *findings, enum doctor_level level, const char *topic, char *sentence,
	char *remedy);
