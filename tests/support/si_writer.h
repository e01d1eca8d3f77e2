/*
 * tests/support/si_writer: sections of EIT, TDT and TOT for tests, with their CRC. To be freed with
 * g_byte_array_unref().
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define SI_WRITER_UNTIMED INT64_MIN
#define SI_WRITER_ENDLESS UINT32_MAX

/* Texts as bytes of the wire, with their table's first byte. NULL: without that descriptor. */
struct si_writer_event {
	uint16_t id;
	int64_t start_utc_s;  /* or SI_WRITER_UNTIMED */
	uint32_t duration_s;  /* or SI_WRITER_ENDLESS */
	const char *language; /* of the short event; NULL: "deu" */
	const char *title, *text;
	GByteArray *more; /* further descriptors, or NULL */
};

struct si_writer_eit {
	uint16_t service;
	uint8_t version, number;	     /* 0: present, 1: following */
	const struct si_writer_event *event; /* NULL: none */
};
GByteArray *si_writer_eit(const struct si_writer_eit *eit);

GByteArray *si_writer_tdt(int64_t utc_s);
GByteArray *si_writer_tot(int64_t utc_s);

/* Descriptors, one behind the other. */
void si_writer_descriptor(GByteArray *to, uint8_t tag, const void *body, size_t len);
void si_writer_short(GByteArray *to, const char *language, const char *title, const char *text);
/* An extended event's part `number` of `last`; item NULL: no items. */
void si_writer_extended(GByteArray *to, unsigned number, unsigned last, const char *language,
	const char *item, const char *value, const char *text);
