/*
 * system/support/receiver: what hears the box's reports, a router or a switch of the lab, and how
 * zapper is set up for it. ZAPPER_ZAPS=N in the environment makes a campaign: N zaps before each,
 * and FRR and bridge take the time that they take by default.
 */
#pragma once

#include "tests/system/support/stage.h"
#include "tests/system/support/table.h"

enum { RECEIVER_SETTINGS = 3 };

/* How long a receiver asks for other members of a group that was left. */
enum last_member {
	LAST_MEMBER_NOT_ASKED,	 /* fast leave */
	LAST_MEMBER_TWO_QUERIES, /* of the interval that `lab receiver` and `lab bridge` set */
	LAST_MEMBER_FROM_REPEAT, /* the same, but begun anew by the leave's repeat */
	LAST_MEMBER_OWN,	 /* own_ms */
};

struct receiver {
	const char *name;
	const char *router;	     /* as `lab receiver` calls it */
	const char *version, *leave; /* as `lab bridge` does */
	const char *querier;	     /* "querier" where it is the bridge that asks; or NULL */
	enum table_kind table;
	const char *settings[RECEIVER_SETTINGS];
	/* What the router asks in, and what the box then speaks. */
	int querier_version, host_version;
	enum last_member last_member;
	unsigned own_ms;
	/* Zaps go on while the table still forgets: to wait for each takes too long. */
	bool overlap;
	const char *channels; /* to be zapped through, by turns: a digit each */
};

bool receiver_is_campaign(void);
unsigned receiver_zap_count(const struct receiver *receiver);
/* The last-member query interval, where it can be set. */
unsigned receiver_query_interval_ms(const struct receiver *receiver);
/* In which its table has to be right, and after which a group may be joined again. */
unsigned receiver_limit_ms(const struct receiver *receiver);
unsigned receiver_rejoin_ms(const struct receiver *receiver);

/* Of its list, which begins anew at its end. */
int receiver_channel(const struct receiver *receiver, unsigned n);
/* Where the player begins: the zaps do not come back to it soon. */
int receiver_start_channel(const struct receiver *receiver);

/* Starts a player with the settings that the receiver needs. */
void receiver_play(struct stage *stage, const struct receiver *receiver, int channel);
/*
 * Why it cannot be had, or NULL: it is then the lab's, and has asked the box, on which a player
 * receives the start channel.
 */
const char *receiver_put_up(struct stage *stage, const struct receiver *receiver);
