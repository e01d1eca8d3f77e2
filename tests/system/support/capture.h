/*
 * system/support/capture: what passes a port of the bridge, with the kernel's time stamps. A thread
 * of its own collects from the moment it is opened; tests look at what has come, by index.
 */
#pragma once

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "igmp/wire.h"

struct capture;

struct captured {
	uint64_t at_ns;	       /* CLOCK_REALTIME, the kernel's stamp */
	bool to_box;	       /* else it came from the box */
	const uint8_t *packet; /* from its IPv4 header on; good until capture_clear */
	size_t len;
};

/* NULL where packet sockets are refused. capture_close accepts NULL. */
struct capture *capture_open(const char *port);
void capture_close(struct capture *capture);
/* Forgets what has been captured; indices begin at 0 again. */
void capture_clear(struct capture *capture);

/* CLOCK_REALTIME, to be compared with the stamps. */
uint64_t capture_now_ns(void);

size_t capture_count(struct capture *capture);
struct captured capture_at(struct capture *capture, size_t i);

typedef bool capture_match(const struct captured *captured, const void *ctx);

/*
 * The first packet from *index on that matches. Waits for it until limit_ns (CLOCK_REALTIME): false
 * when none had come by then. *index becomes its successor's.
 */
bool capture_await(struct capture *capture, size_t *index, uint64_t limit_ns, capture_match *match,
	const void *ctx, struct captured *ret);

/* An IGMP message that the box sent. */
capture_match capture_is_igmp_of_box;
/* A version 3 report with a state-change record, that the box sent. */
capture_match capture_is_change;
/* What the box says of the group *(const uint32_t *)ctx (host order) in any version, but no leave
 * of version 2. */
capture_match capture_is_join;
/* A query for that group, or for sources of it; of group 0 a general one. */
capture_match capture_is_query;
/* A datagram to that group, on its way to the box. */
capture_match capture_is_data;

/* The message; the packet must be IGMP. */
struct igmp_message capture_message(const struct captured *captured);
/*
 * A report's records: "TO_IN 239.1.1.1 | ALLOW 232.1.1.2 10.0.1.10". Free with g_free. Another
 * message: its name.
 */
char *capture_describe(const struct captured *captured);

/* Sends a general query (RFC 9776 section 4.1) out of the port, as the router would. */
void capture_send_query(const char *port, unsigned max_response_tenths);

/* Milliseconds between two stamps; negative where the second is the earlier one. */
double capture_ms_between(uint64_t from_ns, uint64_t to_ns);
