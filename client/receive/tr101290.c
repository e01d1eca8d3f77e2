#include "client/receive/tr101290.h"

#include "client/receive/pat.h"

#include <bitstream/mpeg/psi.h>
#include <glib.h>
#include <string.h>

enum {
	PIDS = 8192,
	PMTS_MAX = 16,
	/* PAT, PMTs and what they name. */
	WATCHED_MAX = 128,
	SYNC_LOST = 2,
	SYNC_FOUND = 5,
};

static const uint64_t TABLE_NS = UINT64_C(500000000), PID_NS = UINT64_C(5000000000);
static const uint64_t CHECK_NS = UINT64_C(50000000);

/* A PID that has to come again and again. */
struct watched {
	uint16_t pid;
	bool is_table;
	uint16_t programme; /* whose PMT names it; of tables 0 */
	uint64_t seen_ns;
	struct psi_sections *sections; /* of a table */
};

/* A programme's PMT, as it was read last. */
struct pmt {
	uint16_t programme, pid;
	bool known;
	uint32_t crc;
};

struct pid {
	struct ts_continuity continuity;
	uint8_t watched; /* its index + 1; 0: none */
};

struct tr101290 {
	struct pid pids[PIDS];
	struct watched watched[WATCHED_MAX];
	size_t n_watched;
	struct pat pat;
	struct pmt pmts[PMTS_MAX];
	size_t n_pmts;
	bool in_sync;
	unsigned bad, good; /* sync bytes in a row */
	uint64_t last_ns, checked_ns;
	struct tr101290_counters counters;
};

static void forget(struct tr101290 *t, size_t i)
{
	g_free(t->watched[i].sections);
	t->pids[t->watched[i].pid].watched = 0;
	t->watched[i] = t->watched[--t->n_watched];
	if (i < t->n_watched)
		t->pids[t->watched[i].pid].watched = (uint8_t)(i + 1);
}

static void watch(struct tr101290 *t, uint16_t pid, bool is_table, uint16_t programme)
{
	uint8_t before = t->pids[pid].watched;
	if (before && is_table && !t->watched[before - 1].is_table)
		forget(t, before - 1);
	else if (before)
		return;
	if (t->n_watched == WATCHED_MAX)
		return;
	struct watched *w = &t->watched[t->n_watched++];
	*w = (struct watched){.pid = pid,
		.is_table = is_table,
		.programme = programme,
		.seen_ns = t->last_ns,
		.sections = is_table ? g_new0(struct psi_sections, 1) : NULL};
	t->pids[pid].watched = (uint8_t)t->n_watched;
}

struct tr101290 *tr101290_new(void)
{
	struct tr101290 *t = g_new0(struct tr101290, 1);
	t->in_sync = true;
	watch(t, PAT_PID, true, 0);
	return t;
}

void tr101290_free(struct tr101290 *t)
{
	if (!t)
		return;
	while (t->n_watched > 0)
		forget(t, t->n_watched - 1);
	pat_clear(&t->pat);
	g_free(t);
}

void tr101290_bad_sync(struct tr101290 *t)
{
	t->counters.sync_byte++;
	t->good = 0;
	if (++t->bad < SYNC_LOST || !t->in_sync)
		return;
	t->in_sync = false;
	t->counters.sync_loss++;
}

/* Section 5.2.1: nothing else is judged until five sync bytes in a row were right. */
static bool follow_sync(struct tr101290 *t)
{
	t->bad = 0;
	if (!t->in_sync && ++t->good >= SYNC_FOUND)
		t->in_sync = true;
	return t->in_sync;
}

static void restart_watches(struct tr101290 *t, uint64_t now_ns)
{
	for (size_t i = 0; i < t->n_watched; i++)
		t->watched[i].seen_ns = now_ns;
}

static void count_missing(struct tr101290 *t, const struct watched *w)
{
	if (w->pid == PAT_PID)
		t->counters.pat++;
	else if (w->is_table)
		t->counters.pmt++;
	else
		t->counters.pid++;
}

static void check_watches(struct tr101290 *t, uint64_t now_ns)
{
	/* Where nothing at all came, it is not single PIDs that are missing. */
	if (now_ns > t->last_ns + TABLE_NS)
		restart_watches(t, now_ns);
	t->last_ns = MAX(t->last_ns, now_ns);
	if (now_ns < t->checked_ns + CHECK_NS)
		return;
	t->checked_ns = now_ns;
	for (size_t i = 0; i < t->n_watched; i++) {
		struct watched *w = &t->watched[i];
		if (now_ns <= w->seen_ns + (w->is_table ? TABLE_NS : PID_NS))
			continue;
		count_missing(t, w);
		w->seen_ns = now_ns;
	}
}

static struct pmt *find_pmt(struct tr101290 *t, uint16_t programme, uint16_t pid)
{
	for (size_t i = 0; i < t->n_pmts; i++) {
		if (t->pmts[i].programme == programme && t->pmts[i].pid == pid)
			return &t->pmts[i];
	}
	return NULL;
}

/* Does a programme that is followed have its PMT on this PID, or name it? */
static bool is_followed(const struct tr101290 *t, const struct watched *w)
{
	for (size_t i = 0; i < t->n_pmts; i++) {
		if (w->is_table ? t->pmts[i].pid == w->pid : t->pmts[i].programme == w->programme)
			return true;
	}
	return w->pid == PAT_PID;
}

/* The whole PAT came: what it no longer names is not missing. */
static void forget_gone(struct tr101290 *t)
{
	size_t kept = 0;
	for (size_t i = 0; i < t->n_pmts; i++) {
		size_t at = pat_find(&t->pat, t->pmts[i].programme, t->pmts[i].pid);
		if (at < t->pat.programmes.n)
			t->pmts[kept++] = t->pmts[i];
	}
	t->n_pmts = kept;
	for (size_t i = t->n_watched; i-- > 0;) {
		if (!is_followed(t, &t->watched[i]))
			forget(t, i);
	}
}

static void follow_programmes(struct tr101290 *t)
{
	const struct psi_pat *all = &t->pat.programmes;
	for (size_t i = 0; i < all->n && t->n_pmts < PMTS_MAX; i++) {
		uint16_t programme = all->programmes[i].programme;
		uint16_t pid = all->programmes[i].pmt_pid;
		if (find_pmt(t, programme, pid))
			continue;
		t->pmts[t->n_pmts++] = (struct pmt){.programme = programme, .pid = pid};
		watch(t, pid, true, 0);
	}
}

static void read_pat(struct tr101290 *t, const uint8_t *section, size_t len)
{
	if (pat_push(&t->pat, section, len) == PAT_SAME)
		return;
	if (pat_is_complete(&t->pat))
		forget_gone(t);
	follow_programmes(t);
}

static bool names(const struct psi_pmt *pmt, uint16_t pid)
{
	for (size_t i = 0; i < pmt->n; i++) {
		if (pmt->streams[i].pid == pid)
			return true;
	}
	return false;
}

/* What this programme named and names no longer; another one may name it: theirs are read again. */
static void forget_unnamed(struct tr101290 *t, const struct psi_pmt *pmt)
{
	for (size_t i = t->n_watched; i-- > 0;) {
		const struct watched *w = &t->watched[i];
		if (w->is_table || w->programme != pmt->programme || names(pmt, w->pid))
			continue;
		forget(t, i);
		for (size_t k = 0; k < t->n_pmts; k++)
			t->pmts[k].known &= t->pmts[k].programme == pmt->programme;
	}
}

static void read_pmt(struct tr101290 *t, uint16_t pid, const uint8_t *section, size_t len)
{
	struct psi_pmt pmt;
	uint32_t crc = psi_section_crc(section, len);
	struct pmt *known = find_pmt(t, pmt_get_program(section), pid);
	if (!known || (known->known && known->crc == crc) || psi_parse_pmt(section, len, &pmt) < 0)
		return;
	known->known = true;
	known->crc = crc;
	forget_unnamed(t, &pmt);
	for (size_t i = 0; i < pmt.n; i++)
		watch(t, pmt.streams[i].pid, false, pmt.programme);
}

/* Whatever it names may move the list of what is watched: then w is no longer valid. */
static void take_section(struct tr101290 *t, struct watched *w, const uint8_t *section, size_t len)
{
	uint8_t table_id = psi_get_tableid(section);
	bool is_pat = w->pid == PAT_PID;
	/* Other tables may share a PMT's PID, but not the PAT's. */
	if (is_pat && table_id != PAT_TABLE_ID)
		t->counters.pat++;
	if (table_id != (is_pat ? PAT_TABLE_ID : PMT_TABLE_ID))
		return;
	w->seen_ns = t->last_ns;
	if (!psi_section_valid(section, len))
		return;
	if (is_pat)
		read_pat(t, section, len);
	else
		read_pmt(t, w->pid, section, len);
}

static void take_table_packet(
	struct tr101290 *t, uint16_t pid, const struct ts_packet *packet, bool gap)
{
	struct watched *w = &t->watched[t->pids[pid].watched - 1];
	if (packet->scrambled) {
		*(pid == PAT_PID ? &t->counters.pat : &t->counters.pmt) += 1;
		return;
	}
	const uint8_t *section;
	size_t len;
	struct psi_sections *sections = w->sections;
	psi_sections_push(sections, packet->payload, packet->len, packet->unit_start, gap);
	while (psi_sections_next(sections, &section, &len))
		take_section(t, &t->watched[t->pids[pid].watched - 1], section, len);
}

/* How many are missing before it. */
static unsigned check_continuity(
	struct tr101290 *t, const struct ts_packet *packet, enum ts_order *ret)
{
	struct ts_continuity *continuity = &t->pids[packet->pid].continuity;
	bool same = packet->counter == continuity->counter;
	unsigned missing = (packet->counter - continuity->counter - 1) & 0xf;
	*ret = ts_continuity_check(continuity, packet);
	if (*ret != TS_ORDER_GAP)
		return 0;
	t->counters.continuity++;
	/* The same number: one copy too many, and nothing is missing. */
	return same ? 0 : missing;
}

unsigned tr101290_packet(struct tr101290 *t, const struct ts_packet *packet, uint64_t arrival_ns)
{
	check_watches(t, arrival_ns);
	if (!follow_sync(t) || packet->pid == TS_PID_NULL)
		return 0;
	struct pid *pid = &t->pids[packet->pid];
	if (pid->watched && !t->watched[pid->watched - 1].is_table)
		t->watched[pid->watched - 1].seen_ns = arrival_ns;
	if (!packet->has_payload)
		return 0;
	enum ts_order order;
	unsigned missing = check_continuity(t, packet, &order);
	bool is_table = pid->watched && t->watched[pid->watched - 1].is_table;
	if (is_table && order != TS_ORDER_DUPLICATE)
		take_table_packet(t, packet->pid, packet, order != TS_ORDER_NEXT);
	return missing;
}

void tr101290_counters(const struct tr101290 *t, struct tr101290_counters *ret)
{
	*ret = t->counters;
}
