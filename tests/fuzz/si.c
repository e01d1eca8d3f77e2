/*
 * What is on and the time. The input is a row of sections: a byte that says of which table, a
 * length, and its content, which gets a length and a CRC that are right, so that it is read. One
 * that is not right, and packets that are lost, are in there, too.
 */
#include "client/receive/dvb_text.h"
#include "client/receive/si.h"

#include <bitstream/mpeg/psi.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { EIT = 0x12, TDT = 0x14 };

struct fuzz {
	struct si *si;
	uint8_t counters[2];
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

/* Its service is 1; the last section number and current_next_indicator are right. */
static GByteArray *take_section(struct fuzz *f, uint8_t what)
{
	size_t wanted = (size_t)take(f) << (what >> 6), len = MIN(wanted, f->left);
	GByteArray *section = g_byte_array_new();
	g_byte_array_set_size(section, (guint)(PSI_HEADER_SIZE_SYNTAX1 + len + PSI_CRC_SIZE));
	memset(section->data, 0, section->len);
	memcpy(section->data + (what & 1 ? PSI_HEADER_SIZE : PSI_HEADER_SIZE_SYNTAX1), f->data,
		len);
	f->data += len;
	f->left -= len;
	psi_init(section->data, !(what & 1));
	psi_set_tableid(section->data, what & 1 ? (what & 2 ? 0x73 : 0x70) : 0x4e);
	psi_set_length(section->data, (uint16_t)(section->len - PSI_HEADER_SIZE));
	if (!(what & 1)) {
		psi_set_tableidext(section->data, 1);
		psi_set_section(section->data, what >> 1 & 1);
		psi_set_version(section->data, what >> 2 & 3);
		psi_set_current(section->data);
	}
	if (!(what & 0x20))
		psi_set_crc(section->data);
	return section;
}

static void check_text(const char *text)
{
	check(text && g_utf8_validate(text, -1, NULL));
}

static void check_event(struct fuzz *f, unsigned which)
{
	static const char *const languages[] = {"eng", "deu", NULL};
	struct eit_event event;
	if (!si_event(f->si, which, languages, &event))
		return;
	check_text(event.title);
	check_text(event.subtitle);
	check_text(event.description);
	check_text(event.category);
	check_text(event.rating);
	check(!strchr(event.title, '\n'));
	check(event.language[3] == '\0');
	check(event.is_timed || (!event.start_utc_s && !event.duration_s));
	eit_event_clear(&event);
}

static void send(struct fuzz *f, uint16_t pid, GByteArray *section)
{
	uint8_t zero = 0;
	g_byte_array_prepend(section, &zero, 1); /* the pointer_field */
	for (guint at = 0; at < section->len; at += 184) {
		size_t len = MIN(184, section->len - at);
		uint8_t *payload = g_memdup2(section->data + at, len);
		struct ts_packet packet = {.pid = pid,
			.has_payload = true,
			.unit_start = at == 0,
			.counter = f->counters[pid == EIT]++ & 0xf,
			.payload = payload,
			.len = len};
		si_push(f->si, &packet, 1);
		g_free(payload);
	}
	g_byte_array_unref(section);
}

/* All of the input is a text, too. */
static void read_text(const uint8_t *data, size_t size)
{
	char *text = dvb_text(data, MIN(size, 255));
	check_text(text);
	g_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz f = {.si = si_new(), .data = data, .left = size};
	read_text(data, size);
	si_follow(f.si, 1);
	while (f.left > 0) {
		uint8_t what = take(&f);
		GByteArray *section = take_section(&f, what);
		send(&f, what & 1 ? TDT : EIT, section);
		f.counters[what & 1] += what >> 4 & 1; /* a packet is lost */
		check_event(&f, 0);
		check_event(&f, 1);
	}
	si_free(f.si);
	return 0;
}
