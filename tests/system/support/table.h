/*
 * system/support/table: which of the lab's channels a receiver holds for the box. Asked over a
 * connection that stays open, so that a look takes well under a millisecond.
 */
#pragma once

#include <stdint.h>

#include "tests/system/support/lab.h"

enum table_kind {
	TABLE_BRIDGE,	/* the bridge's group entries (mdb) of the box's port */
	TABLE_FRR,	/* the sources that FRR's pimd keeps from IGMP, of the box's interface */
	TABLE_ROUTES,	/* the router kernel's multicast routes that lead to the box's interface */
	TABLE_UPSTREAM, /* the groups that the router has joined towards the head-end */
};

struct table;

/* Open it after the router was switched: it is another program's then. */
struct table *table_open(const struct lab *lab, enum table_kind kind);
/* Accepts NULL. */
void table_close(struct table *table);

/* Bit n is set where the group of channel n is held, whatever of it. */
uint32_t table_look(struct table *table);
