/*
 * receive/batch: datagrams read from a socket many at a time, into memory that is allocated once,
 * with what the kernel says about each: its arrival stamp, its destination, how many it dropped.
 */
#pragma once

#include "client/receive/stamp.h"

#include <netinet/in.h>
#include <stddef.h>

struct batch_message {
	const uint8_t *data; /* valid until the next read */
	size_t len;
	uint64_t arrival_ns;		    /* CLOCK_MONOTONIC */
	struct in_addr source, destination; /* 0.0.0.0 where the socket does not say */
};

struct batch;
struct batch *batch_new(void);
void batch_free(struct batch *batch); /* accepts NULL */

/*
 * Makes a socket tell what a batch wants to know: SO_TIMESTAMPNS, SO_RXQ_OVFL, IP_PKTINFO where it
 * is UDP, and a large buffer.
 */
void batch_prepare_socket(int fd);

/*
 * Reads what is there, without waiting. Returns the number of messages, 0 when there is none, or
 * -errno. *dropped_total is set to the socket's drops so far, if the kernel says; *truncated grows
 * by the messages that did not fit, which are left out.
 */
int batch_read(struct batch *batch, int fd, uint32_t *dropped_total, uint64_t *truncated);
/* i is less than what batch_read() returned. */
const struct batch_message *batch_message(const struct batch *batch, int i);
/* Could there be more? Only a full batch leaves something. */
bool batch_was_full(const struct batch *batch);
