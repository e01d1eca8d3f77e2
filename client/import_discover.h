/* client/import_discover: SOURCEs of `zapper import` that are a network: "sap:[GROUP[:PORT]]" and
 * "sds:[[S@]GROUP[:PORT]]". */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "channels/import.h"
#include "client/commands.h"
#include "client/settings.h"

struct import_discover {
	struct import *import;
	const struct settings *settings; /* net.*, igmp.* */
	double listen_s;		 /* 0: as long as each of the two takes as a rule */
	struct channel_report report;
	void (*progress)(void *ctx, const char *name, size_t heard, uint64_t left_ns);
	void *progress_ctx;
};

bool import_discover_is(const char *source);
/* Listens, and reads what was announced into the import. What is wrong is said on standard error.
 */
enum exit_code import_discover_read(const struct import_discover *discover, const char *source);
