/*
 * receive/psi: sections put together from transport packets, and what PAT and PMT say (ISO/IEC
 * 13818-1 section 2.4.4). Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* ISO/IEC 13818-1 section 2.4.4: 1024 bytes for PAT and PMT, 4096 for private sections. */
#define PSI_SECTION_BYTES 4096
#define PSI_PROGRAMMES 253 /* no more go into a section */
#define PSI_STREAMS 64

/* The sections of one PID. Zeroed: nothing seen yet. */
struct psi_sections {
	bool synced;		/* the next byte is of the section at hand, or begins one */
	size_t len;		/* of the section at hand so far */
	const uint8_t *payload; /* of the packet pushed last, not used yet */
	size_t payload_len;
	const uint8_t *next_start; /* where the pointer_field points to */
	uint8_t data[PSI_SECTION_BYTES];
};

/* A packet's payload; `gap` when packets were lost before it. Then take the sections out. */
void psi_sections_push(
	struct psi_sections *s, const uint8_t *payload, size_t len, bool unit_start, bool gap);
/* The next whole section, valid until the next call; false when there is none. */
bool psi_sections_next(struct psi_sections *s, const uint8_t **ret, size_t *ret_len);

/* Has a section its long header and a CRC, and is that right? */
bool psi_section_valid(const uint8_t *section, size_t len);
/* Of such a section: tells one content from another. */
uint32_t psi_section_crc(const uint8_t *section, size_t len);

struct psi_pat {
	uint16_t transport_stream_id;
	size_t n; /* the network information's entry (programme 0) is left out */
	struct {
		uint16_t programme, pmt_pid;
	} programmes[PSI_PROGRAMMES];
};

/* Descriptors one after the other, in the section. */
struct psi_descriptors {
	const uint8_t *data;
	size_t len;
};

struct psi_pmt {
	uint16_t programme, pcr_pid;
	uint8_t version;
	struct psi_descriptors descriptors;
	size_t n;
	struct {
		uint8_t stream_type; /* ISO/IEC 13818-1 table 2-34 */
		uint16_t pid;
		struct psi_descriptors descriptors;
	} streams[PSI_STREAMS];
};

/*
 * Takes the next descriptor (ISO/IEC 13818-1 section 2.6) off the list: *ret points to its tag, and
 * its length fits. False at the end, or where a length does not fit.
 */
bool psi_next_descriptor(struct psi_descriptors *descriptors, const uint8_t **ret);

/*
 * Sections that psi_section_valid() let through. Return 0; -ENOENT another table, or one that does
 * not apply yet (current_next_indicator); -EBADMSG lengths that do not fit. *ret is untouched then.
 */
int psi_parse_pat(const uint8_t *section, size_t len, struct psi_pat *ret);
int psi_parse_pmt(const uint8_t *section, size_t len, struct psi_pmt *ret);
