#include "client/receive/tr101290.h"

#include "client/receive/psi.h"

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
	uint16_t named_by; /* the PID of the table that names it */
	uint64_t seen_ns;
	struct psi_sections *sections; /* of a table */
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
	bool in_sync;
	unsigned bad, good; /* sync bytes in a row */
	uint64_t last_ns, checked_ns;
	struct tr101290_counters counters;
};

static void watch(struct tr101290 *t, uint16_t pid, bool is_table, uint16_t named_by)
{
	if (t->pids[pid].watched || t->n_watched == WATCHED_MAX)
		return;
	struct watched *w = &t->watched[t->n_watched++];
	*w = (struct watched){.pid = pid,
		.is_table = is_table,
		.named_by = named_by,
		.seen_ns = t->last_ns,
		.sections = is_table ? g_new0(struct psi_sections, 1) : NULL};
	t->pids[pid].watched = (uint8_t)t->n_watched;
}

static void forget(struct tr101290 *t, size_t i)
{
	g_free(t->watched[i].sections);
	t->pids[t->watched[i].pid].watched = 0;
	t->watched[i] = t->watched[--t->n_watched];
	if (i < t->n_watched)
		t->pids[t->watched[i].pid].watched = (uint8_t)(i + 1);
}

struct tr101290 *tr101290_new(void)
{
	struct tr101290 *t = g_new0(struct tr101290, 1);
	t->in_sync = true;
	watch(t, PAT_PID, true, PAT_PID);
	return t;
}

void tr101290_free(struct tr101290 *t)
{
	if (!t)
		return;
	while (t->n_watched > 0)
		forget(t, t->n_watched - 1);
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

/* What this table named: of the PAT, all. */
static void forget_named_by(struct tr101290 *t, uint16_t table_pid)
{
	for (size_t i = t->n_watched; i-- > 0;) {
		const struct watched *w = &t->watched[i];
		bool named = table_pid == PAT_PID || (w->named_by == table_pid && !w->is_table);
		if (named && w->pid != PAT_PID)
			forget(t, i);
	}
}

static void read_pat(struct tr101290 *t, const uint8_t *section, size_t len)
{
	struct psi_pat pat;
	if (psi_parse_pat(section, len, &pat) < 0)
		return;
	forget_named_by(t, PAT_PID);
	for (size_t i = 0; i < MIN(pat.n, PMTS_MAX); i++)
		watch(t, pat.programmes[i].pmt_pid, true, PAT_PID);
}

static void read_pmt(struct tr101290 *t, uint16_t pid, const uint8_t *section, size_t len)
{
	struct psi_pmt pmt;
	if (psi_parse_pmt(section, len, &pmt) < 0)
		return;
	forget_named_by(t, pid);
	for (size_t i = 0; i < pmt.n; i++)
		watch(t, pmt.streams[i].pid, false, pid);
}

/* Is it another section than the one read last? */
static bool is_news(struct watched *w, const uint8_t *section, size_t len)
{
	uint32_t crc;
	memcpy(&crc, section + len - sizeof crc, sizeof crc);
	bool news = !w->known || w->crc != crc;
	w->known = true;
	w->crc = crc;
	return news;
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
	if (!psi_section_valid(section, len) || !is_news(w, section, len))
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
	while (psi_sections_next(sections, &section, &len)) {
		take_section(t, &t->watched[t->pids[pid].watched - 1], section, len);
		/* The PAT may have been the table that names this one. */
		if (!t->pids[pid].watched)
			return;
	}
}

/* How many are missing before it. */
static unsigned check_continuity(
	struct tr101290 *t, const struct ts_packet *packet, enum ts_order *ret)
{
	struct ts_continuity *continuity = &t->pids[packet->pid].continuity;
	unsigned missing = (packet->counter - continuity->counter - 1) & 0xf;
	*ret = ts_continuity_check(continuity, packet);
	if (*ret != TS_ORDER_GAP)
		return 0;
	t->counters.continuity++;
	return MAX(missing, 1);
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
