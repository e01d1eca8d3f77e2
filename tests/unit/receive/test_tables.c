/* Which programme of a stream is found, and when it is told that it changed. */
#include "tests/support/test.h"

#include "client/receive/tables.h"
#include "tests/support/psi_writer.h"
#include "tests/support/ts_writer.h"

#include <bitstream/mpeg/psi.h>

#define MS UINT64_C(1000000)

struct fixture {
	struct tables *tables;
	struct ts_writer w;
	uint64_t now_ns;
	unsigned changes;
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->tables = tables_new();
	ts_writer_init(&f->w);
	f->now_ns = 1000 * MS;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	tables_free(f->tables);
	ts_writer_clear(&f->w);
	g_free(f);
	return 0;
}

/* Takes the section, over as many packets as it needs. */
static void send(struct fixture *f, uint16_t pid, GByteArray *section)
{
	ts_writer_section(&f->w, pid, section->data, section->len);
	g_byte_array_unref(section);
	for (guint at = 0; at < f->w.ts->len; at += TS_PACKET_BYTES) {
		struct ts_packet packet;
		assert_int_equal(ts_parse(f->w.ts->data + at, &packet), 0);
		if (tables_has_pid(f->tables, packet.pid))
			f->changes += tables_push(f->tables, &packet, f->now_ns);
	}
	g_byte_array_set_size(f->w.ts, 0);
}

static void send_pat(
	struct fixture *f, uint8_t version, const struct psi_writer_programme *all, size_t n)
{
	send(f, 0,
		psi_writer_pat(&(struct psi_writer_pat){
			.transport_stream_id = 1, .version = version, .n = n, .programmes = all}));
}

/* A programme of one stream of `type`. */
static void send_pmt(struct fixture *f, uint16_t number, uint16_t pid, uint8_t type)
{
	const struct psi_writer_stream stream = {type, (uint16_t)(pid + 1), NULL};
	send(f, pid,
		psi_writer_pmt(&(struct psi_writer_pmt){
			.programme = number, .pcr_pid = stream.pid, .n = 1, .streams = &stream}));
}

static uint16_t number(const struct fixture *f)
{
	const struct stream_programme *programme = tables_programme(f->tables);
	return programme ? programme->number : 0;
}

static const struct psi_writer_programme three[] = {{10, 0x100}, {20, 0x200}, {30, 0x300}};

static void the_first_with_something_to_play_is_taken(void **state)
{
	struct fixture *f = *state;
	send_pat(f, 0, three, 3);
	send_pmt(f, 20, 0x200, 0x1b);
	assert_int_equal(number(f), 0); /* 10 may come yet */
	send_pmt(f, 10, 0x100, 0x05);
	assert_int_equal(number(f), 0);
	send_pmt(f, 30, 0x300, 0x0f);
	assert_int_equal(number(f), 0);
	send_pmt(f, 20, 0x200, 0x1b);
	assert_int_equal(number(f), 20);
	assert_int_equal(f->changes, 1);
	uint16_t numbers[2];
	assert_int_equal(tables_programmes(f->tables, numbers, 2), 3);
	assert_int_equal(numbers[0], 10);
	assert_int_equal(numbers[1], 20);
}

/* A PAT that names programmes which are no longer in the stream. */
static void those_that_never_come_are_waited_for_a_little(void **state)
{
	struct fixture *f = *state;
	send_pat(f, 0, three, 3);
	for (unsigned i = 0; i <= 3; i++) {
		assert_int_equal(number(f), 0);
		send_pmt(f, 30, 0x300, 0x1b);
		f->now_ns += 100 * MS;
	}
	assert_int_equal(number(f), 30);
}

static void a_number_that_was_asked_for_is_taken_alone(void **state)
{
	struct fixture *f = *state;
	tables_choose(f->tables, 20);
	send_pat(f, 0, three, 3);
	assert_false(tables_has_pid(f->tables, 0x100));
	send_pmt(f, 10, 0x200, 0x1b); /* on the same PID */
	assert_int_equal(number(f), 0);
	send_pmt(f, 20, 0x200, 0x05);
	assert_int_equal(number(f), 20); /* though there is nothing to play */
	tables_choose(f->tables, 30);
	assert_int_equal(number(f), 0);
	send_pmt(f, 30, 0x300, 0x1b);
	assert_int_equal(number(f), 30);
	assert_int_equal(f->changes, 2);
}

static uint64_t missing(const struct fixture *f)
{
	struct tables_counters counters;
	tables_counters(f->tables, &counters);
	return counters.programme_missing;
}

static void a_number_that_is_not_there_is_said(void **state)
{
	struct fixture *f = *state;
	send_pat(f, 0, three, 3);
	tables_choose(f->tables, 40);
	assert_false(tables_lacks_wanted(f->tables)); /* nobody has looked yet */
	for (unsigned i = 0; i < 10; i++) {
		send_pat(f, 0, three, 3);
		send_pmt(f, 10, 0x100, 0x1b);
		f->now_ns += 100 * MS;
	}
	assert_true(tables_lacks_wanted(f->tables));
	assert_int_equal(number(f), 0);
	assert_int_equal(missing(f), 1);
	const struct psi_writer_programme with_it[] = {{10, 0x100}, {40, 0x400}};
	send_pat(f, 1, with_it, 2);
	send_pmt(f, 40, 0x400, 0x1b);
	assert_false(tables_lacks_wanted(f->tables));
	assert_int_equal(number(f), 40);
	send_pat(f, 2, three, 3);
	send_pmt(f, 10, 0x100, 0x1b);
	assert_true(tables_lacks_wanted(f->tables));
	assert_int_equal(number(f), 0);
	assert_int_equal(missing(f), 2);
	assert_int_equal(f->changes, 1);
}

/* It may stand in the section that comes next. */
static void a_number_is_missing_when_the_whole_pat_came(void **state)
{
	struct fixture *f = *state;
	tables_choose(f->tables, 40);
	for (uint8_t section = 0; section < 3; section++) {
		assert_false(tables_lacks_wanted(f->tables));
		send(f, 0,
			psi_writer_pat(&(struct psi_writer_pat){.section = section,
				.last_section = 2,
				.n = 1,
				.programmes = &three[section]}));
	}
	assert_true(tables_lacks_wanted(f->tables));
	/* And is there when one section names it. */
	const struct psi_writer_programme it = {40, 0x400};
	send(f, 0,
		psi_writer_pat(&(struct psi_writer_pat){
			.version = 1, .section = 2, .last_section = 2, .n = 1, .programmes = &it}));
	assert_false(tables_lacks_wanted(f->tables));
	send_pmt(f, 40, 0x400, 0x1b);
	assert_int_equal(number(f), 40);
}

static void repetitions_are_no_news(void **state)
{
	struct fixture *f = *state;
	for (unsigned i = 0; i < 5; i++) {
		send_pat(f, 0, three, 1);
		send_pmt(f, 10, 0x100, 0x1b);
	}
	assert_int_equal(f->changes, 1);
	send_pmt(f, 10, 0x100, 0x24);
	assert_int_equal(f->changes, 2);
	/* Another PAT that has it as well. */
	send_pat(f, 1, three, 3);
	send_pmt(f, 10, 0x100, 0x24);
	assert_int_equal(f->changes, 2);
}

static void a_programme_that_left_the_pat_is_left(void **state)
{
	struct fixture *f = *state;
	send_pat(f, 0, three, 1);
	send_pmt(f, 10, 0x100, 0x1b);
	send_pat(f, 1, three + 1, 2);
	send_pmt(f, 20, 0x200, 0x1b);
	assert_int_equal(number(f), 20);
	/* The same number on another PID. */
	const struct psi_writer_programme moved = {20, 0x400};
	send_pat(f, 2, &moved, 1);
	send_pmt(f, 20, 0x400, 0x1b);
	assert_int_equal(number(f), 20);
	assert_int_equal(tables_programme(f->tables)->pmt_pid, 0x400);
	assert_int_equal(f->changes, 3);
}

/* 240 programmes in four sections, each over several packets. */
static void large_tables_are_put_together(void **state)
{
	struct fixture *f = *state;
	struct psi_writer_programme all[4][60];
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned s = 0; s < 4; s++) {
			for (unsigned i = 0; i < 60; i++) {
				all[s][i].number = (uint16_t)(1 + s * 60 + i);
				all[s][i].pmt_pid = (uint16_t)(0x100 + s * 60 + i);
			}
			send(f, 0,
				psi_writer_pat(&(struct psi_writer_pat){.section = (uint8_t)s,
					.last_section = 3,
					.n = 60,
					.programmes = all[s]}));
		}
		if (round == 0)
			tables_choose(f->tables, 200);
		send_pmt(f, 200, 0x100 + 199, 0x1b);
	}
	assert_int_equal(number(f), 200);
	assert_int_equal(f->changes, 1);
	struct psi_writer_stream streams[60];
	for (uint16_t i = 0; i < 60; i++)
		streams[i] = (struct psi_writer_stream){
			0x0f, (uint16_t)(0x1000 + i), "0a 04 64 65 75 00"};
	send(f, 0x100 + 199,
		psi_writer_pmt(
			&(struct psi_writer_pmt){.programme = 200, .n = 60, .streams = streams}));
	assert_int_equal(f->changes, 2);
	assert_int_equal(tables_programme(f->tables)->n_tracks, 60);
}

static void what_is_not_current_or_broken_is_not_applied(void **state)
{
	struct fixture *f = *state;
	send_pat(f, 0, three, 1);
	GByteArray *next = psi_writer_pmt(&(struct psi_writer_pmt){.programme = 10});
	next->data[5] &= 0xfe;
	psi_set_crc(next->data);
	send(f, 0x100, next);
	assert_int_equal(number(f), 0);
	struct tables_counters counters;
	tables_counters(f->tables, &counters);
	assert_int_equal(counters.crc, 0);
	GByteArray *broken = psi_writer_pmt(&(struct psi_writer_pmt){.programme = 10});
	broken->data[9] ^= 1;
	send(f, 0x100, broken);
	tables_counters(f->tables, &counters);
	assert_int_equal(counters.crc, 1);
	assert_int_equal(number(f), 0);
}

static void send_three_sections(struct fixture *f)
{
	for (uint8_t i = 0; i < 3; i++) {
		send(f, 0,
			psi_writer_pat(&(struct psi_writer_pat){
				.section = i, .last_section = 2, .n = 1, .programmes = &three[i]}));
	}
}

/* What is kept for another time is the section with the programme, not the one that came last. */
static void of_several_pat_sections_the_right_one_is_kept(void **state)
{
	struct fixture *f = *state;
	send_three_sections(f);
	send_pmt(f, 10, 0x100, 0x1b);
	send_three_sections(f);
	GBytes *psi = tables_psi(f->tables);
	struct tables *later = tables_new();
	gsize len;
	const uint8_t *data = g_bytes_get_data(psi, &len);
	assert_true(tables_expect(later, data, len));
	assert_int_equal(tables_programme(later)->number, 10);
	tables_free(later);
	g_bytes_unref(psi);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_first_with_something_to_play_is_taken),
		T(those_that_never_come_are_waited_for_a_little),
		T(a_number_that_was_asked_for_is_taken_alone),
		T(a_number_that_is_not_there_is_said),
		T(a_number_is_missing_when_the_whole_pat_came),
		T(repetitions_are_no_news),
		T(a_programme_that_left_the_pat_is_left),
		T(large_tables_are_put_together),
		T(of_several_pat_sections_the_right_one_is_kept),
		T(what_is_not_current_or_broken_is_not_applied),
	};
	return cmocka_run_group_tests_name("receive_tables", tests, NULL, NULL);
}
