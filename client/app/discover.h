/*
 * app/discover: the lists that a network announces, as documents for the parsers of the line-up: by
 * SAP (channels/sap.h) session descriptions, by DVBSTP (channels/dvbstp.h) those of SD&S.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "channels/address.h"
#include "channels/report.h"
#include "igmp/membership.h"

/* So many groups at most are listened to. */
#define DISCOVER_GROUPS 16
/* Of all documents together. */
#define DISCOVER_BYTES 33554432

struct discover_options {
	const char *name; /* of the source, in diagnostics and in what is logged */
	const char *iface;
	enum igmp_backend backend;
	struct igmp_host_settings host;
	uint64_t listen_ns;
	/* Now and then: how many sessions or segments are known, and how long it may go on. */
	void (*tick)(void *ctx, size_t heard, uint64_t left_ns);
	/* After the listening: each document once, in the order in which they came. */
	void (*document)(void *ctx, const char *bytes, size_t size);
	igmp_log_fn log;
	struct channel_report report;
	void *ctx; /* of tick, document and log */
};

/*
 * Listens to these groups for as long as the options say, then leaves them. Errors: as
 * igmp_membership_open() and igmp_membership_listen(), -EINTR a signal wants the program to end,
 * -ENODATA nothing was announced. Without an error there was a document.
 */
int discover_sap(
	const struct discover_options *options, const struct channel_address *groups, size_t count);

/*
 * Listens to this entry, and where providers say so in it to where they send their lists. Ends
 * sooner where all that is sent has come again. Errors as discover_sap().
 */
int discover_sds(const struct discover_options *options, const struct channel_address *entry);
