#include "client/receive/tables.h"

#include "client/receive/pat.h"
#include "client/receive/programme.h"
#include "client/receive/psi.h"

#include <bitstream/mpeg/psi.h>
#include <glib.h>
#include <string.h>

/* How long a PMT with something to play waits for those before it in the PAT. */
static const uint64_t EARLIER_WAIT_NS = UINT64_C(300000000);

/* The sections of one PID. */
struct table {
	uint16_t pid;
	struct ts_continuity continuity;
	struct psi_sections sections;
};

struct tables {
	uint16_t wanted; /* programme number; 0: the first with something to play */
	struct table *pat_table;
	struct pat pat;
	GPtrArray *pmts; /* struct table, of the programmes that come into question */
	uint8_t is_pid[8192 / 8];

	bool empty[PSI_PROGRAMMES]; /* its PMT came, and there is nothing to play in it */

	bool lacks_wanted;
	bool chosen;
	bool expected;		 /* nothing live has said so yet */
	GByteArray *pmt_section; /* of the chosen one; empty: none */
	uint32_t crc;		 /* of the PMT that `programme` is from */
	struct stream_programme programme;
	/* Not the first of the PAT: those before it are waited for since then. */
	bool waits;
	uint64_t waits_since_ns;

	struct tables_counters counters;
};

static struct table *new_table(uint16_t pid)
{
	struct table *table = g_new0(struct table, 1);
	table->pid = pid;
	return table;
}

struct tables *tables_new(void)
{
	struct tables *t = g_new0(struct tables, 1);
	t->pat_table = new_table(PAT_PID);
	t->pmt_section = g_byte_array_new();
	t->pmts = g_ptr_array_new_with_free_func(g_free);
	t->is_pid[PAT_PID / 8] |= 1 << PAT_PID % 8;
	return t;
}

void tables_free(struct tables *t)
{
	if (!t)
		return;
	g_ptr_array_unref(t->pmts);
	g_byte_array_unref(t->pmt_section);
	pat_clear(&t->pat);
	g_free(t->pat_table);
	g_free(t);
}

bool tables_has_pid(const struct tables *t, uint16_t pid)
{
	return t->is_pid[pid / 8 % sizeof(t->is_pid)] >> pid % 8 & 1;
}

static struct table *find_table(const struct tables *t, uint16_t pid)
{
	for (guint i = 0; i < t->pmts->len; i++) {
		struct table *table = g_ptr_array_index(t->pmts, i);
		if (table->pid == pid)
			return table;
	}
	return NULL;
}

static void listen_to(struct tables *t, uint16_t pid)
{
	if (pid == PAT_PID || find_table(t, pid))
		return;
	g_ptr_array_add(t->pmts, new_table(pid));
	t->is_pid[pid / 8] |= (uint8_t)(1 << pid % 8);
}

static void listen_to_none(struct tables *t)
{
	for (guint i = 0; i < t->pmts->len; i++) {
		uint16_t pid = ((struct table *)g_ptr_array_index(t->pmts, i))->pid;
		t->is_pid[pid / 8] &= (uint8_t) ~(1 << pid % 8);
	}
	g_ptr_array_set_size(t->pmts, 0);
}

/* To the PMTs of all programmes that come into question. */
static void listen_to_all(struct tables *t)
{
	const struct psi_pat *all = &t->pat.programmes;
	for (size_t i = 0; i < all->n; i++) {
		if (t->wanted == 0 || all->programmes[i].programme == t->wanted)
			listen_to(t, all->programmes[i].pmt_pid);
	}
}

static void begin_choice(struct tables *t)
{
	listen_to_none(t);
	t->chosen = false;
	t->waits = false;
	memset(t->empty, 0, sizeof(t->empty));
	listen_to_all(t);
}

void tables_choose(struct tables *t, uint16_t number)
{
	t->wanted = number;
	t->lacks_wanted = false;
	/* The PAT is read anew: whether it names the number is not known yet. */
	pat_read_anew(&t->pat);
	begin_choice(t);
}

static void choose(struct tables *t, const struct stream_programme *programme, uint32_t crc)
{
	/* From here on its PMT's PID alone; the table that is being read stays. */
	for (guint i = t->pmts->len; i-- > 0;) {
		uint16_t pid = ((struct table *)g_ptr_array_index(t->pmts, i))->pid;
		if (pid == programme->pmt_pid)
			continue;
		t->is_pid[pid / 8] &= (uint8_t) ~(1 << pid % 8);
		g_ptr_array_remove_index_fast(t->pmts, i);
	}
	t->chosen = true;
	t->expected = false;
	t->crc = crc;
	t->programme = *programme;
}

static void keep_section(GByteArray *kept, const uint8_t *section, size_t len)
{
	g_byte_array_set_size(kept, 0);
	g_byte_array_append(kept, section, (guint)len);
}

/* Are those before it in the PAT known to have nothing, or were they waited for long enough? */
static bool is_its_turn(struct tables *t, size_t index, uint64_t now_ns)
{
	bool first = true;
	for (size_t i = 0; i < index; i++)
		first &= t->empty[i];
	if (first)
		return true;
	if (!t->waits) {
		t->waits = true;
		t->waits_since_ns = now_ns;
	}
	return now_ns >= t->waits_since_ns + EARLIER_WAIT_NS;
}

/* Every repetition of a PMT comes here, so that a choice that waits is made with one of them. */
static bool read_pmt(
	struct tables *t, uint16_t pid, const uint8_t *section, size_t len, uint64_t now_ns)
{
	uint32_t crc = psi_section_crc(section, len);
	struct psi_pmt pmt;
	if (psi_parse_pmt(section, len, &pmt) < 0)
		return false;
	if (t->chosen && pmt.programme != t->programme.number)
		return false;
	if (t->chosen && crc == t->crc) {
		bool confirms = t->expected;
		t->expected = false;
		return confirms;
	}
	size_t index = pat_find(&t->pat, pmt.programme, pid);
	if (index == t->pat.programmes.n || (t->wanted && pmt.programme != t->wanted))
		return false;
	struct stream_programme programme;
	programme_read(&pmt, pid, &programme);
	if (!t->chosen && t->wanted == 0) {
		t->empty[index] = !programme_has_media(&programme);
		if (t->empty[index] || !is_its_turn(t, index, now_ns))
			return false;
	}
	choose(t, &programme, crc);
	keep_section(t->pmt_section, section, len);
	return true;
}

static void read_pat(struct tables *t, const uint8_t *section, size_t len)
{
	enum pat_change change = pat_push(&t->pat, section, len);
	if (change == PAT_SAME)
		return;
	if (!t->chosen && change == PAT_ANOTHER)
		begin_choice(t);
	else if (!t->chosen)
		listen_to_all(t);
	/* Named in one section is named; missing is what none of them names. */
	bool named = !t->wanted || pat_names(&t->pat, t->wanted);
	t->lacks_wanted = t->lacks_wanted && !named;
	if (!pat_is_complete(&t->pat))
		return;
	t->lacks_wanted = !named;
	t->counters.programme_missing += !named;
	size_t found = pat_find(&t->pat, t->programme.number, t->programme.pmt_pid);
	if (t->chosen && found == t->pat.programmes.n)
		begin_choice(t);
}

bool tables_push(struct tables *t, const struct ts_packet *packet, uint64_t arrival_ns)
{
	const uint8_t *section;
	size_t len;
	bool changed = false;
	bool is_pat = packet->pid == PAT_PID;
	struct table *table = is_pat ? t->pat_table : find_table(t, packet->pid);
	if (!table)
		return false;
	enum ts_order order = ts_continuity_check(&table->continuity, packet);
	t->counters.continuity += order == TS_ORDER_GAP;
	if (order == TS_ORDER_DUPLICATE)
		return false;
	psi_sections_push(&table->sections, packet->payload, packet->len, packet->unit_start,
		order != TS_ORDER_NEXT);
	while (psi_sections_next(&table->sections, &section, &len)) {
		if (!psi_section_valid(section, len))
			t->counters.crc++;
		else if (is_pat)
			read_pat(t, section, len);
		else
			changed |= read_pmt(t, packet->pid, section, len, arrival_ns);
	}
	return changed;
}

/* The next of sections that follow one another; false where there is no whole one. */
static bool next_section(
	const uint8_t **psi, size_t *left, const uint8_t **ret_section, size_t *ret_len)
{
	if (*left < PSI_HEADER_SIZE)
		return false;
	size_t len = (size_t)psi_get_length(*psi) + PSI_HEADER_SIZE;
	if (len > *left || !psi_section_valid(*psi, len))
		return false;
	*ret_section = *psi;
	*ret_len = len;
	*psi += len;
	*left -= len;
	return true;
}

static uint16_t pmt_pid_of(const struct psi_pat *pat, uint16_t number)
{
	for (size_t i = 0; i < pat->n; i++) {
		if (pat->programmes[i].programme == number)
			return pat->programmes[i].pmt_pid;
	}
	return 0;
}

bool tables_expect(struct tables *t, const uint8_t *psi, size_t len)
{
	const uint8_t *pat_section, *pmt_section;
	size_t pat_len, pmt_len;
	struct psi_pat pat;
	struct psi_pmt pmt;
	struct stream_programme programme;
	if (t->pat.programmes.n > 0 || pat_is_known(&t->pat) ||
		!next_section(&psi, &len, &pat_section, &pat_len) ||
		!next_section(&psi, &len, &pmt_section, &pmt_len) ||
		psi_parse_pat(pat_section, pat_len, &pat) < 0 ||
		psi_parse_pmt(pmt_section, pmt_len, &pmt) < 0)
		return false;
	uint16_t pid = pmt_pid_of(&pat, pmt.programme);
	if (!pid || (t->wanted && t->wanted != pmt.programme))
		return false;
	read_pat(t, pat_section, pat_len);
	programme_read(&pmt, pid, &programme);
	choose(t, &programme, psi_section_crc(pmt_section, pmt_len));
	keep_section(t->pmt_section, pmt_section, pmt_len);
	t->expected = true;
	return true;
}

/* Only what is live is worth keeping. */
GBytes *tables_psi(const struct tables *t)
{
	if (!t->chosen || t->expected)
		return NULL;
	GBytes *pat = pat_section_of(&t->pat, t->programme.number, t->programme.pmt_pid);
	if (!pat)
		return NULL;
	gsize pat_len;
	const uint8_t *pat_data = g_bytes_get_data(pat, &pat_len);
	GByteArray *psi = g_byte_array_new();
	g_byte_array_append(psi, pat_data, (guint)pat_len);
	g_byte_array_append(psi, t->pmt_section->data, t->pmt_section->len);
	return g_byte_array_free_to_bytes(psi);
}

void tables_lose(struct tables *t)
{
	ts_continuity_doubt(&t->pat_table->continuity);
	for (guint i = 0; i < t->pmts->len; i++)
		ts_continuity_doubt(&((struct table *)g_ptr_array_index(t->pmts, i))->continuity);
}

bool tables_lacks_wanted(const struct tables *t)
{
	return t->lacks_wanted;
}

const struct stream_programme *tables_programme(const struct tables *t)
{
	return t->chosen ? &t->programme : NULL;
}

size_t tables_programmes(const struct tables *t, uint16_t *ret, size_t max)
{
	const struct psi_pat *all = &t->pat.programmes;
	for (size_t i = 0; i < MIN(max, all->n); i++)
		ret[i] = all->programmes[i].programme;
	return all->n;
}

void tables_counters(const struct tables *t, struct tables_counters *ret)
{
	*ret = t->counters;
}
