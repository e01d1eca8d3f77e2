/*
 * tests/support/psi_writer: sections of PAT and PMT for tests, with their CRC. To be freed with
 * g_byte_array_unref().
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct psi_writer_programme {
	uint16_t number, pmt_pid;
};
struct psi_writer_pat {
	uint16_t transport_stream_id;
	uint8_t version, section, last_section;
	size_t n;
	const struct psi_writer_programme *programmes;
};
GByteArray *psi_writer_pat(const struct psi_writer_pat *pat);

struct psi_writer_stream {
	uint8_t type;
	uint16_t pid;
	const char *descriptors; /* in hexadecimal digits and spaces; NULL: none */
};
struct psi_writer_pmt {
	uint16_t programme, pcr_pid;
	uint8_t version;
	const char *descriptors;
	size_t n;
	const struct psi_writer_stream *streams;
};
GByteArray *psi_writer_pmt(const struct psi_writer_pmt *pmt);
