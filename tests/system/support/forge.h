/*
 * system/support/forge: frames that some station of the box's line might send, put onto the wire at
 * the bridge's port. The bridge does not look at them, and captures do not see them.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "tests/system/support/lab.h"

enum { FORGE_MAX_BYTES = 1500 };

struct forge;

/* forge_close stops a flood, and accepts NULL. */
struct forge *forge_open(const struct lab *lab, const char *port);
void forge_close(struct forge *forge);

/* A packet, from its IPv4 header on, in a frame for its group (or for all: broadcast). */
void forge_send(struct forge *forge, const uint8_t *packet, size_t len);
/* The same in a frame for the box alone. */
void forge_send_to_box(struct forge *forge, const uint8_t *packet, size_t len);

/* A UDP datagram to a group, addresses in host order; returns its length. */
size_t forge_datagram(uint8_t packet[FORGE_MAX_BYTES], uint32_t source, uint32_t group,
	uint16_t port, const uint8_t *payload, size_t len);

/* Writes the i-th packet of a flood and returns its length. Called by the flood's thread. */
typedef size_t forge_make(void *ctx, uint64_t i, uint8_t packet[FORGE_MAX_BYTES]);

/*
 * Sends so many packets a second, on a thread of its own, until it is stopped. There are bounds:
 * the wires of a lab are queues that both directions share, and a full one drops what the box
 * sends.
 */
void forge_flood(struct forge *forge, unsigned per_s, forge_make *make, void *ctx);
/* Until so many of them are sent. */
void forge_await(struct forge *forge, uint64_t packets);
/* Returns how many were sent; 0 where there was no flood. */
uint64_t forge_stop(struct forge *forge);
