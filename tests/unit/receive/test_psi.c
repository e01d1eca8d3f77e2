#include "tests/support/test.h"

#include "client/receive/psi.h"
#include "tests/support/ts_writer.h"

#include <bitstream/mpeg/psi.h>
#include <errno.h>
#include <string.h>

/* A private section with `len` bytes in all, of which the content is `fill`. */
static size_t make(uint8_t *section, size_t len, uint8_t fill)
{
	memset(section, fill, len);
	psi_init(section, true);
	psi_set_tableid(section, 0x42);
	psi_set_length(section, (uint16_t)(len - PSI_HEADER_SIZE));
	psi_set_crc(section);
	return len;
}

static void expect_section(struct psi_sections *s, uint8_t fill, size_t len)
{
	const uint8_t *section;
	size_t got;
	assert_true(psi_sections_next(s, &section, &got));
	assert_int_equal(got, len);
	assert_true(psi_section_valid(section, got));
	assert_int_equal(section[8], fill);
}

static void expect_none(struct psi_sections *s)
{
	const uint8_t *section;
	size_t len;
	assert_false(psi_sections_next(s, &section, &len));
}

/* Payloads of 184 bytes in which sections follow each other without a break; ends in stuffing. */
struct train {
	uint8_t bytes[20 * 183];
	size_t len;
	size_t starts[40];
	size_t n;
};

static void train_add(struct train *t, size_t len, uint8_t fill)
{
	t->starts[t->n++] = t->len;
	t->len += make(t->bytes + t->len, len, fill);
}

/* Cuts the next payload off at `*at`; section 2.4.4.1 wants a pointer_field where one begins. */
static bool train_cut(const struct train *t, size_t *at, uint8_t payload[184])
{
	size_t first = SIZE_MAX;
	for (size_t i = t->n; i-- > 0;) {
		if (t->starts[i] >= *at && t->starts[i] < *at + 183)
			first = t->starts[i];
	}
	memset(payload, 0xff, 184);
	size_t header = first != SIZE_MAX;
	if (header)
		payload[0] = (uint8_t)(first - *at);
	size_t n = 184 - header < t->len - *at ? 184 - header : t->len - *at;
	memcpy(payload + header, t->bytes + *at, n);
	*at += n;
	return header;
}

static void sections_of_any_length_come_out(void **state)
{
	(void)state;
	struct train t = {0};
	static const size_t lengths[] = {
		12, 12, 300, 169, 170, 171, 172, 900, 12, 183, 184, 20, 13};
	for (size_t i = 0; i < sizeof(lengths) / sizeof(*lengths); i++)
		train_add(&t, lengths[i], (uint8_t)(i + 1));

	struct psi_sections s = {0};
	size_t found = 0;
	for (size_t at = 0; at < t.len;) {
		uint8_t payload[184];
		const uint8_t *section;
		size_t len;
		bool start = train_cut(&t, &at, payload);
		psi_sections_push(&s, payload, sizeof(payload), start, false);
		while (psi_sections_next(&s, &section, &len)) {
			assert_int_equal(len, lengths[found]);
			assert_true(psi_section_valid(section, len));
			if (len > 12)
				assert_int_equal(section[8], found + 1);
			found++;
		}
	}
	assert_int_equal(found, t.n);
}

static void without_a_pointer_field_nothing_begins(void **state)
{
	(void)state;
	struct psi_sections s = {0};
	uint8_t payload[184];
	memset(payload, 0xff, sizeof(payload));
	make(payload, 20, 1);
	psi_sections_push(&s, payload, sizeof(payload), false, false);
	expect_none(&s);
}

static void behind_a_section_that_fills_its_packet_nothing_begins(void **state)
{
	(void)state;
	struct psi_sections s = {0};
	uint8_t payload[184];
	payload[0] = 0;
	make(payload + 1, 183, 1);
	psi_sections_push(&s, payload, sizeof(payload), true, false);
	expect_section(&s, 1, 183);
	expect_none(&s);
	make(payload, 20, 2);
	psi_sections_push(&s, payload, sizeof(payload), false, false);
	expect_none(&s);
}

static void behind_a_gap_a_section_does_not_go_on(void **state)
{
	(void)state;
	struct train t = {0};
	struct psi_sections s = {0};
	uint8_t payload[184];
	size_t at = 0;
	train_add(&t, 700, 1);
	psi_sections_push(&s, payload, 184, train_cut(&t, &at, payload), false);
	expect_none(&s);
	train_cut(&t, &at, payload); /* lost */
	for (int i = 0; i < 4; i++) {
		psi_sections_push(&s, payload, 184, train_cut(&t, &at, payload), i == 0);
		expect_none(&s);
	}
}

static void a_gap_drops_the_section_at_hand(void **state)
{
	(void)state;
	struct train t = {0};
	struct psi_sections s = {0};
	uint8_t payload[184];
	size_t at = 0;
	train_add(&t, 400, 1);
	train_add(&t, 100, 2);
	psi_sections_push(&s, payload, 184, train_cut(&t, &at, payload), false);
	expect_none(&s);
	train_cut(&t, &at, payload); /* lost */
	psi_sections_push(&s, payload, 184, train_cut(&t, &at, payload), true);
	expect_section(&s, 2, 100);
	expect_none(&s);
}

static void a_section_cut_by_the_next_is_dropped(void **state)
{
	(void)state;
	struct psi_sections s = {0};
	uint8_t payload[184], section[400];
	make(section, 400, 1);
	payload[0] = 0;
	memcpy(payload + 1, section, 183);
	psi_sections_push(&s, payload, 184, true, false);
	expect_none(&s);
	memset(payload, 0xff, sizeof(payload));
	payload[0] = 5; /* five more bytes of 400, then the next one */
	make(payload + 6, 50, 2);
	psi_sections_push(&s, payload, 184, true, false);
	expect_section(&s, 2, 50);
	expect_none(&s);
}

static void damage_is_seen_by_the_crc(void **state)
{
	(void)state;
	uint8_t section[40];
	make(section, sizeof(section), 3);
	assert_true(psi_section_valid(section, sizeof(section)));
	for (size_t i = 0; i < sizeof(section); i++) {
		if (i == 1 || i == 2)
			continue; /* the length, which came before */
		section[i] ^= 0x10;
		assert_false(psi_section_valid(section, sizeof(section)));
		section[i] ^= 0x10;
	}
	assert_false(psi_section_valid(section, 11));
	section[1] &= 0x7f; /* the short form has no CRC */
	assert_false(psi_section_valid(section, sizeof(section)));
}

/* Whatever comes out of garbage has no right CRC. */
static void expect_none_valid(struct psi_sections *s)
{
	const uint8_t *section;
	size_t len;
	while (psi_sections_next(s, &section, &len))
		assert_false(psi_section_valid(section, len));
}

static void impossible_pointers_and_lengths_do_no_harm(void **state)
{
	(void)state;
	struct psi_sections s = {0};
	uint8_t payload[184];
	for (int i = 0; i < 256; i++) {
		memset(payload, i % 2 ? 0xff : 0x0f, sizeof(payload));
		payload[0] = 0x42; /* with 0xff behind it: 4098 bytes, too many */
		memmove(payload + 1, payload, sizeof(payload) - 1);
		payload[0] = (uint8_t)i;
		for (size_t len = 0; len <= sizeof(payload); len += 23) {
			uint8_t *copy = g_memdup2(payload, len); /* its end is the end of memory */
			psi_sections_push(&s, copy, len, true, false);
			expect_none_valid(&s);
			psi_sections_push(&s, copy, len, false, false);
			expect_none_valid(&s);
			g_free(copy);
		}
	}
	/* And what comes then is read. */
	make(payload + 1, 50, 2);
	payload[0] = 0;
	psi_sections_push(&s, payload, sizeof(payload), true, false);
	expect_section(&s, 2, 50);
}

/* The one section in a packet that ts_writer wrote. */
static size_t written(struct ts_writer *w, uint8_t *ret)
{
	struct psi_sections s = {0};
	const uint8_t *section;
	size_t len;
	psi_sections_push(&s, w->ts->data + 4, 184, true, false);
	assert_true(psi_sections_next(&s, &section, &len));
	memcpy(ret, section, len);
	return len;
}

static void a_pat_is_read(void **state)
{
	(void)state;
	struct ts_writer w;
	uint8_t section[PSI_SECTION_BYTES];
	struct psi_pat pat;
	ts_writer_init(&w);
	w.programme = 17;
	ts_writer_pat(&w);
	size_t len = written(&w, section);
	assert_int_equal(psi_parse_pat(section, len, &pat), 0);
	assert_int_equal(pat.n, 1);
	assert_int_equal(pat.programmes[0].programme, 17);
	assert_int_equal(pat.programmes[0].pmt_pid, 0x100);

	/* Programme 0 is the network information. */
	patn_set_program(section + PAT_HEADER_SIZE, 0);
	assert_int_equal(psi_parse_pat(section, len, &pat), 0);
	assert_int_equal(pat.n, 0);
	section[5] &= 0xfe; /* not yet */
	assert_int_equal(psi_parse_pat(section, len, &pat), -ENOENT);
	section[0] = PMT_TABLE_ID;
	assert_int_equal(psi_parse_pat(section, len, &pat), -ENOENT);
	ts_writer_clear(&w);
}

static void a_pmt_is_read(void **state)
{
	(void)state;
	struct ts_writer w;
	uint8_t section[PSI_SECTION_BYTES];
	struct psi_pmt pmt;
	ts_writer_init(&w);
	ts_writer_pmt(&w);
	size_t len = written(&w, section);
	assert_int_equal(psi_parse_pmt(section, len, &pmt), 0);
	assert_int_equal(pmt.programme, 1);
	assert_int_equal(pmt.pcr_pid, 0x101);
	assert_int_equal(pmt.n, 2);
	assert_int_equal(pmt.streams[0].stream_type, 0x1b);
	assert_int_equal(pmt.streams[0].pid, 0x101);
	assert_int_equal(pmt.streams[1].stream_type, 0x0f);
	assert_int_equal(pmt.streams[1].pid, 0x102);
	ts_writer_clear(&w);
}

static void descriptors_beyond_the_pmt_are_refused(void **state)
{
	(void)state;
	struct ts_writer w;
	uint8_t section[PSI_SECTION_BYTES];
	struct psi_pmt pmt = {.n = 99};
	ts_writer_init(&w);
	ts_writer_pmt(&w);
	size_t len = written(&w, section);
	pmt_set_desclength(section, 11);
	assert_int_equal(psi_parse_pmt(section, len, &pmt), -EBADMSG);
	pmt_set_desclength(section, 0);
	pmtn_set_desclength(section + PMT_HEADER_SIZE + PMT_ES_SIZE, 1);
	assert_int_equal(psi_parse_pmt(section, len, &pmt), -EBADMSG);
	assert_int_equal(psi_parse_pmt(section, PMT_HEADER_SIZE + 3, &pmt), -EBADMSG);
	assert_int_equal(pmt.n, 99);
	ts_writer_clear(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sections_of_any_length_come_out),
		cmocka_unit_test(without_a_pointer_field_nothing_begins),
		cmocka_unit_test(behind_a_section_that_fills_its_packet_nothing_begins),
		cmocka_unit_test(behind_a_gap_a_section_does_not_go_on),
		cmocka_unit_test(a_gap_drops_the_section_at_hand),
		cmocka_unit_test(a_section_cut_by_the_next_is_dropped),
		cmocka_unit_test(damage_is_seen_by_the_crc),
		cmocka_unit_test(impossible_pointers_and_lengths_do_no_harm),
		cmocka_unit_test(a_pat_is_read),
		cmocka_unit_test(a_pmt_is_read),
		cmocka_unit_test(descriptors_beyond_the_pmt_are_refused),
	};
	return cmocka_run_group_tests_name("receive_psi", tests, NULL, NULL);
}
