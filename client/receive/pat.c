#include "client/receive/pat.h"

#include <bitstream/mpeg/psi.h>

static size_t find(const struct psi_pat *in, uint16_t number, uint16_t pmt_pid)
{
	size_t i = 0;
	while (i < in->n &&
		(in->programmes[i].programme != number || in->programmes[i].pmt_pid != pmt_pid))
		i++;
	return i;
}

static void add_programmes(struct psi_pat *to, const struct psi_pat *from)
{
	for (size_t i = 0; i < from->n && to->n < PSI_PROGRAMMES; i++) {
		if (find(to, from->programmes[i].programme, from->programmes[i].pmt_pid) == to->n)
			to->programmes[to->n++] = from->programmes[i];
	}
}

/* Sections of one table add up; of another version, or with other content, they begin a new one. */
static bool begins_table(const struct pat *p, const uint8_t *section, const struct psi_pat *pat)
{
	return p->sections[psi_get_section(section)].known ||
	       psi_get_version(section) != p->version ||
	       pat->transport_stream_id != p->programmes.transport_stream_id;
}

enum pat_change pat_push(struct pat *p, const uint8_t *section, size_t len)
{
	struct psi_pat pat;
	uint8_t number = psi_get_section(section);
	uint32_t crc = psi_section_crc(section, len);
	if ((p->sections[number].known && p->sections[number].crc == crc) ||
		psi_parse_pat(section, len, &pat) < 0)
		return PAT_SAME;
	bool begins = begins_table(p, section, &pat);
	if (begins)
		pat_clear(p);
	p->version = psi_get_version(section);
	p->last_section = psi_get_lastsection(section);
	p->programmes.transport_stream_id = pat.transport_stream_id;
	g_clear_pointer(&p->sections[number].data, g_bytes_unref);
	p->sections[number].known = true;
	p->sections[number].crc = crc;
	p->sections[number].data = g_bytes_new(section, len);
	add_programmes(&p->programmes, &pat);
	return begins ? PAT_ANOTHER : PAT_LONGER;
}

void pat_read_anew(struct pat *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(p->sections); i++)
		p->sections[i].known = false;
}

void pat_clear(struct pat *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(p->sections); i++)
		g_clear_pointer(&p->sections[i].data, g_bytes_unref);
	*p = (struct pat){0};
}

bool pat_is_known(const struct pat *p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(p->sections); i++) {
		if (p->sections[i].known)
			return true;
	}
	return false;
}

bool pat_is_complete(const struct pat *p)
{
	for (size_t i = 0; i <= p->last_section; i++) {
		if (!p->sections[i].known)
			return false;
	}
	return true;
}

size_t pat_find(const struct pat *p, uint16_t number, uint16_t pmt_pid)
{
	return find(&p->programmes, number, pmt_pid);
}

bool pat_names(const struct pat *p, uint16_t number)
{
	for (size_t i = 0; i < p->programmes.n; i++) {
		if (p->programmes.programmes[i].programme == number)
			return true;
	}
	return false;
}

GBytes *pat_section_of(const struct pat *p, uint16_t number, uint16_t pmt_pid)
{
	for (size_t i = 0; i < G_N_ELEMENTS(p->sections); i++) {
		struct psi_pat pat;
		gsize len;
		if (!p->sections[i].data)
			continue;
		const uint8_t *section = g_bytes_get_data(p->sections[i].data, &len);
		if (psi_parse_pat(section, len, &pat) == 0 && find(&pat, number, pmt_pid) < pat.n)
			return p->sections[i].data;
	}
	return NULL;
}
