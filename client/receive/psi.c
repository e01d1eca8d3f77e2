#include "client/receive/psi.h"

#include <bitstream/mpeg/psi.h>
#include <errno.h>
#include <glib.h>
#include <string.h>

void psi_sections_push(
	struct psi_sections *s, const uint8_t *payload, size_t len, bool unit_start, bool gap)
{
	/* Between packets a section can only go on; a new one needs a pointer_field. */
	if (gap || s->len == 0)
		s->synced = false;
	s->payload = payload;
	s->payload_len = len;
	s->next_start = NULL;
	if (!unit_start || len == 0)
		return;
	/* Section 2.4.4.1: pointer_field counts the bytes of the section before. */
	s->payload++;
	s->payload_len--;
	if (payload[0] < s->payload_len)
		s->next_start = s->payload + payload[0];
}

static void skip(struct psi_sections *s, size_t n)
{
	s->payload += n;
	s->payload_len -= n;
}

static bool go_to_next_start(struct psi_sections *s)
{
	if (!s->next_start)
		return false;
	skip(s, (size_t)(s->next_start - s->payload));
	s->next_start = NULL;
	s->len = 0;
	s->synced = true;
	return true;
}

/* How many bytes the section has as far as its header is there; the header's own before. */
static size_t wanted_length(const struct psi_sections *s)
{
	if (s->len < PSI_HEADER_SIZE)
		return PSI_HEADER_SIZE;
	return PSI_HEADER_SIZE + (size_t)psi_get_length(s->data);
}

/* Takes bytes in; true when the section is whole. */
static bool fill(struct psi_sections *s)
{
	/* The old section's rest ends where the new one begins. */
	size_t left = s->next_start ? (size_t)(s->next_start - s->payload) : s->payload_len;

	while (s->len < wanted_length(s) && left > 0) {
		size_t n = MIN(wanted_length(s) - s->len, left);
		if (s->len + n > PSI_SECTION_BYTES) {
			s->len = 0;
			s->synced = false;
			return false;
		}
		memcpy(s->data + s->len, s->payload, n);
		s->len += n;
		left -= n;
		skip(s, n);
	}
	return s->len >= PSI_HEADER_SIZE && s->len == wanted_length(s);
}

bool psi_sections_next(struct psi_sections *s, const uint8_t **ret, size_t *ret_len)
{
	for (;;) {
		if (!s->synced && !go_to_next_start(s))
			return false;
		/* Table 2-30: table_id 0xff is stuffing up to the packet's end. */
		bool stuffing = s->len == 0 && s->payload_len > 0 && s->payload[0] == 0xff;
		if (!stuffing && fill(s)) {
			*ret = s->data;
			*ret_len = s->len;
			s->len = 0;
			return true;
		}
		/* Cut by the next section's start, or stuffing: neither goes on here. */
		if (stuffing || s->next_start)
			s->synced = false;
		else
			return false;
	}
}

bool psi_section_valid(const uint8_t *section, size_t len)
{
	return len >= PSI_HEADER_SIZE_SYNTAX1 + PSI_CRC_SIZE && psi_get_syntax(section) &&
	       psi_check_crc(section);
}

uint32_t psi_section_crc(const uint8_t *section, size_t len)
{
	uint32_t crc;
	memcpy(&crc, section + len - sizeof(crc), sizeof(crc));
	return crc;
}

int psi_parse_pat(const uint8_t *section, size_t len, struct psi_pat *ret)
{
	if (psi_get_tableid(section) != PAT_TABLE_ID || !psi_get_current(section))
		return -ENOENT;

	struct psi_pat pat = {.transport_stream_id = pat_get_tsid(section)};
	const uint8_t *end = section + len - PSI_CRC_SIZE;
	for (const uint8_t *p = section + PAT_HEADER_SIZE;
		end - p >= PAT_PROGRAM_SIZE && pat.n < PSI_PROGRAMMES; p += PAT_PROGRAM_SIZE) {
		if (patn_get_program(p) == 0)
			continue;
		pat.programmes[pat.n].programme = patn_get_program(p);
		pat.programmes[pat.n].pmt_pid = patn_get_pid(p);
		pat.n++;
	}
	*ret = pat;
	return 0;
}

int psi_parse_pmt(const uint8_t *section, size_t len, struct psi_pmt *ret)
{
	if (psi_get_tableid(section) != PMT_TABLE_ID || !psi_get_current(section))
		return -ENOENT;
	if (len < PMT_HEADER_SIZE + PSI_CRC_SIZE)
		return -EBADMSG;

	struct psi_pmt pmt = {
		.programme = pmt_get_program(section),
		.pcr_pid = pmt_get_pcrpid(section),
		.version = psi_get_version(section),
	};
	const uint8_t *end = section + len - PSI_CRC_SIZE;
	const uint8_t *p = section + PMT_HEADER_SIZE;
	if (end - p < pmt_get_desclength(section))
		return -EBADMSG;
	pmt.descriptors = (struct psi_descriptors){p, pmt_get_desclength(section)};
	p += pmt_get_desclength(section);
	while (end - p >= PMT_ES_SIZE && pmt.n < PSI_STREAMS) {
		if (end - p - PMT_ES_SIZE < pmtn_get_desclength(p))
			return -EBADMSG;
		pmt.streams[pmt.n].stream_type = pmtn_get_streamtype(p);
		pmt.streams[pmt.n].pid = pmtn_get_pid(p);
		pmt.streams[pmt.n].descriptors =
			(struct psi_descriptors){p + PMT_ES_SIZE, pmtn_get_desclength(p)};
		pmt.n++;
		p += PMT_ES_SIZE + pmtn_get_desclength(p);
	}
	*ret = pmt;
	return 0;
}

bool psi_next_descriptor(struct psi_descriptors *descriptors, const uint8_t **ret)
{
	if (descriptors->len < DESC_HEADER_SIZE)
		return false;
	size_t len = DESC_HEADER_SIZE + (size_t)desc_get_length(descriptors->data);
	if (len > descriptors->len)
		return false;
	*ret = descriptors->data;
	descriptors->data += len;
	descriptors->len -= len;
	return true;
}
