/*
 * receive/eit: what a section of the event information table says of a service's present or
 * following event, and what the time tables say (ETSI EN 300 468 sections 5.2.4 to 5.2.6). Pure.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct eit_section {
	uint16_t service, transport_stream, original_network;
	uint8_t version;
	uint8_t number;	       /* 0: of the present event, 1: of the following one */
	const uint8_t *events; /* in the section */
	size_t events_len;
};

/* Strings are UTF-8, "" where nothing is said; freed with eit_event_clear(). */
struct eit_event {
	uint16_t id;
	bool is_timed;	     /* else it has no start (NVOD), and the times are 0 */
	int64_t start_utc_s; /* since 1970 */
	uint32_t duration_s; /* 0: it is not said how long it takes */
	char language[4];    /* ISO 639-2 as it was sent, small letters */
	char *title;
	char *subtitle;	   /* the short text, where there is a long one, too */
	char *description; /* with a line for each item, "Director: ..." */
	char *category;	   /* table 28, ", " between several */
	char *rating;	   /* "16+" */
};

/*
 * A section that psi_section_valid() let through. -ENOENT: another table than present/following of
 * this stream, one that does not apply yet, or another section than the two; -EBADMSG: lengths that
 * do not fit. *ret is untouched then.
 */
int eit_parse(const uint8_t *section, size_t len, struct eit_section *ret);

/*
 * Its event; of several texts the one in the language that comes first in `languages` (ISO 639-2,
 * NULL-terminated; NULL: none) is taken, else the first. False where there is none, or its lengths
 * do not fit.
 */
bool eit_read_event(
	const struct eit_section *section, const char *const *languages, struct eit_event *ret);
void eit_event_clear(struct eit_event *event); /* accepts {0} and leaves {0} */

/* A whole section of TDT or TOT, of which the latter has a CRC. -ENOENT, -EBADMSG as above. */
int eit_parse_time(const uint8_t *section, size_t len, int64_t *ret_utc_s);
