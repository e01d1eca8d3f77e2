/*
 * PAT and PMTs, live and remembered. The input is a row of what happens: a byte that says what, and
 * what that needs. Sections get a length and a CRC that are right, so that what they say is read;
 * those that are not are in the stream target's corpus.
 */
#include "client/receive/tables.h"

#include <bitstream/mpeg/psi.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { LIVE, EXPECT, CHOOSE, LOSE, WAIT, KINDS };

struct fuzz {
	struct tables *tables;
	uint16_t wanted;
	uint64_t now_ns;
	uint8_t counters[8192];
	const uint8_t *data;
	size_t left;
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static uint8_t take(struct fuzz *f)
{
	if (f->left == 0)
		return 0;
	f->left--;
	return *f->data++;
}

/* A section of the input's content, mended; PAT or PMT. */
static GByteArray *take_section(struct fuzz *f, bool is_pat)
{
	size_t wanted = (size_t)take(f) * 4, len = MIN(wanted, f->left);
	GByteArray *section = g_byte_array_new();
	g_byte_array_set_size(section, (guint)(PSI_HEADER_SIZE_SYNTAX1 + len + PSI_CRC_SIZE));
	memset(section->data, 0, section->len);
	memcpy(section->data + 3, f->data, len);
	f->data += len;
	f->left -= len;
	psi_init(section->data, true);
	psi_set_tableid(section->data, is_pat ? PAT_TABLE_ID : PMT_TABLE_ID);
	psi_set_length(section->data, (uint16_t)(section->len - PSI_HEADER_SIZE));
	section->data[5] |= 0x01; /* current */
	psi_set_crc(section->data);
	return section;
}

static void check_programme(const struct fuzz *f)
{
	const struct stream_programme *programme = tables_programme(f->tables);
	if (!programme)
		return;
	check(!f->wanted || programme->number == f->wanted);
	check(!tables_lacks_wanted(f->tables));
	check(programme->n_tracks <= STREAM_TRACKS_MAX);
	for (size_t i = 0; i < programme->n_tracks; i++)
		check(programme->tracks[i].language[3] == '\0');
}

/* What is to be remembered of it can be used later. */
static void check_memory(const struct fuzz *f)
{
	GBytes *psi = tables_psi(f->tables);
	if (!psi)
		return;
	gsize len;
	const uint8_t *data = g_bytes_get_data(psi, &len);
	struct tables *later = tables_new();
	tables_choose(later, f->wanted);
	if (tables_expect(later, data, len))
		check(tables_programme(later)->number == tables_programme(f->tables)->number);
	tables_free(later);
	g_bytes_unref(psi);
}

static void send_packet(
	struct fuzz *f, uint16_t pid, const uint8_t *payload, size_t len, bool first)
{
	struct ts_packet packet = {.pid = pid,
		.has_payload = true,
		.unit_start = first,
		.counter = f->counters[pid]++ & 0xf,
		.payload = payload,
		.len = len};
	if (tables_has_pid(f->tables, pid))
		tables_push(f->tables, &packet, f->now_ns);
	check_programme(f);
}

static void live(struct fuzz *f, uint8_t what)
{
	bool is_pat = what & 0x80;
	uint16_t pid = is_pat ? 0 : (uint16_t)(1 + (what & 0x7f));
	GByteArray *section = take_section(f, is_pat);
	uint8_t zero = 0;
	g_byte_array_prepend(section, &zero, 1); /* the pointer_field */
	for (guint at = 0; at < section->len; at += 184) {
		size_t len = MIN(184, section->len - at);
		uint8_t *payload = g_memdup2(section->data + at, len);
		send_packet(f, pid, payload, len, at == 0);
		g_free(payload);
	}
	g_byte_array_unref(section);
}

static void expect(struct fuzz *f)
{
	GByteArray *psi = take_section(f, true), *pmt = take_section(f, false);
	bool known = tables_programme(f->tables) != NULL;
	g_byte_array_append(psi, pmt->data, pmt->len);
	/* Memory of just this size, so that a sanitizer sees a read beyond it. */
	uint8_t *copy = g_memdup2(psi->data, psi->len);
	if (tables_expect(f->tables, copy, psi->len)) {
		check(!known && tables_programme(f->tables));
		check(!tables_psi(f->tables)); /* only what is live is kept */
	}
	g_free(copy);
	g_byte_array_unref(pmt);
	g_byte_array_unref(psi);
}

static void happen(struct fuzz *f, uint8_t what)
{
	switch (what % KINDS) {
	case LIVE:
		live(f, take(f));
		break;
	case EXPECT:
		expect(f);
		break;
	case CHOOSE:
		f->wanted = take(f);
		tables_choose(f->tables, f->wanted);
		break;
	case LOSE:
		tables_lose(f->tables);
		break;
	default:
		f->now_ns += (uint64_t)take(f) * 4000000;
		break;
	}
	check_programme(f);
	check_memory(f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = {.tables = tables_new(), .now_ns = 1000000000, .data = data, .left = size};
	while (f.left > 0)
		happen(&f, take(&f));
	tables_free(f.tables);
	return 0;
}
