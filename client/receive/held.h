/*
 * receive/held: the transport packets that came before the tables which say what they are. PAT and
 * PMT come every 100 ms or so; a random access point that began between two of them would else be
 * lost, and the next one is a GOP away. Pure.
 */
#pragma once

#include "client/receive/ts.h"

/* Over a second of 4 Mb/s, a quarter of one of 20 Mb/s; beyond that the newest stay. */
#define HELD_PACKETS 4096

struct held;

struct held *held_new(void);
void held_free(struct held *held); /* accepts NULL */

/* Copies the packet, payload included. */
void held_add(struct held *held, const struct ts_packet *packet, uint64_t arrival_ns);

/*
 * Takes the oldest one out: *ret points to it, and its payload, until held_free(). False when there
 * is none.
 */
bool held_take(struct held *held, const struct ts_packet **ret, uint64_t *ret_arrival_ns);
