/* channels/entry: what every format's parser hands out, one address of a list at a time. */
#pragma once

#include "channels/lineup.h"
#include "channels/report.h"

/*
 * One address and what the list says about it. Strings are UTF-8 without control characters, ""
 * where the list says nothing, and valid during the callback only.
 */
struct channel_entry {
	unsigned line;	  /* of the address */
	const char *name; /* never empty; the same name again is an alternate source */
	bool numbered;	  /* the list gives the number */
	uint32_t number;
	uint32_t subnumber;
	enum channel_kind kind;
	const char *language;
	const char *guide_id;
	const char *guide_name;
	const char *logo;
	const char *const *bouquets; /* NULL-terminated, each once */
	/* Of each of them in the line-up's order, from 1; 0: not said. NULL: of none. */
	const unsigned *bouquet_places;
	struct channel_source source;
};

struct channel_sink {
	void (*entry)(void *user, const struct channel_entry *entry);
	/*
	 * The list names another one beside it, by a file name without a folder (an index of
	 * Enigma2's bouquets). May be NULL: then a diagnostic says that it was not read.
	 */
	void (*reference)(void *user, unsigned line, const char *file);
	void *user;
	struct channel_report report;
};
