#include "tests/support/psi_writer.h"

#include <bitstream/mpeg/psi.h>
#include <string.h>

static void put(GByteArray *to, const void *data, size_t len)
{
	g_byte_array_append(to, data, (guint)len);
}

/* Returns how many bytes that were. */
static uint16_t put_hex(GByteArray *to, const char *hex)
{
	guint before = to->len;
	for (; hex && *hex; hex++) {
		if (*hex == ' ')
			continue;
		uint8_t byte =
			(uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		put(to, &byte, 1);
		hex++;
	}
	return (uint16_t)(to->len - before);
}

static void begin(GByteArray *section, size_t header_len)
{
	g_byte_array_set_size(section, (guint)header_len);
	memset(section->data, 0, header_len);
}

/* psi_set_version() clears current_next_indicator. */
static GByteArray *end(GByteArray *section, uint8_t version)
{
	g_byte_array_set_size(section, section->len + PSI_CRC_SIZE);
	psi_set_length(section->data, (uint16_t)(section->len - PSI_HEADER_SIZE));
	psi_set_version(section->data, version);
	psi_set_current(section->data);
	psi_set_crc(section->data);
	return section;
}

GByteArray *psi_writer_pat(const struct psi_writer_pat *pat)
{
	GByteArray *section = g_byte_array_new();
	begin(section, PAT_HEADER_SIZE);
	pat_init(section->data);
	pat_set_tsid(section->data, pat->transport_stream_id);
	psi_set_section(section->data, pat->section);
	psi_set_lastsection(section->data, pat->last_section);
	for (size_t i = 0; i < pat->n; i++) {
		uint8_t entry[PAT_PROGRAM_SIZE];
		patn_init(entry);
		patn_set_program(entry, pat->programmes[i].number);
		patn_set_pid(entry, pat->programmes[i].pmt_pid);
		put(section, entry, sizeof(entry));
	}
	return end(section, pat->version);
}

GByteArray *psi_writer_pmt(const struct psi_writer_pmt *pmt)
{
	GByteArray *section = g_byte_array_new();
	begin(section, PMT_HEADER_SIZE);
	pmt_init(section->data);
	pmt_set_program(section->data, pmt->programme);
	pmt_set_pcrpid(section->data, pmt->pcr_pid);
	uint16_t len = put_hex(section, pmt->descriptors);
	pmt_set_desclength(section->data, len);
	for (size_t i = 0; i < pmt->n; i++) {
		guint at = section->len;
		uint8_t header[PMT_ES_SIZE] = {0};
		pmtn_init(header);
		pmtn_set_streamtype(header, pmt->streams[i].type);
		pmtn_set_pid(header, pmt->streams[i].pid);
		put(section, header, sizeof(header));
		len = put_hex(section, pmt->streams[i].descriptors);
		pmtn_set_desclength(section->data + at, len);
	}
	return end(section, pmt->version);
}
