/*
 * receive/pat: the programme association table of a stream, put together from its sections (ISO/IEC
 * 13818-1 section 2.4.4.3). Pure.
 */
#pragma once

#include "client/receive/psi.h"

#include <glib.h>

/* Zeroed: nothing came. To be emptied with pat_clear(). */
struct pat {
	struct psi_pat programmes; /* of all sections so far, in the order of arrival */
	uint8_t version, last_section;
	struct {
		bool known;
		uint32_t crc;
		GBytes *data; /* may be from before pat_read_anew() */
	} sections[256];
};

enum pat_change {
	PAT_SAME,    /* known already, or not to be applied */
	PAT_LONGER,  /* one more section of the table at hand */
	PAT_ANOTHER, /* the first one of another table: what was in it is forgotten */
};

/* A section that psi_section_valid() let through. */
enum pat_change pat_push(struct pat *p, const uint8_t *section, size_t len);
/* Every section counts as news when it comes next; the programmes stay. */
void pat_read_anew(struct pat *p);
void pat_clear(struct pat *p);

/* Did a section come, though it may name nothing; all of them? */
bool pat_is_known(const struct pat *p);
bool pat_is_complete(const struct pat *p);

/* Where it stands among the programmes; programmes.n: nowhere. */
size_t pat_find(const struct pat *p, uint16_t number, uint16_t pmt_pid);
bool pat_names(const struct pat *p, uint16_t number);
/* The section that names it, NULL: none. The table's own. */
GBytes *pat_section_of(const struct pat *p, uint16_t number, uint16_t pmt_pid);
