/* What is said of a damaged stream: each kind of fault once for each zap, and no more. */
#include <glib.h>

#include "client/app/faults.h"
#include "tests/support/test.h"

struct fixture {
	struct faults faults;
	struct stream_counters stream;
	struct tr101290_counters tables;
};

static void expect(struct fixture *f, uint64_t zap, const char *sentence)
{
	g_autofree char *said = faults_look(&f->faults, zap, &f->stream, &f->tables);
	if (sentence && said)
		assert_string_equal(said, sentence);
	else
		assert_ptr_equal(said, sentence);
}

static void a_sound_stream_says_nothing(void **state)
{
	(void)state;
	struct fixture f = {.stream = {.datagrams = 1000, .bytes = 1000000, .rtp_duplicate = 3}};
	expect(&f, 1, NULL);
	f.stream.datagrams += 1000;
	expect(&f, 1, NULL);
}

static void each_kind_is_said_once_with_its_count(void **state)
{
	(void)state;
	struct fixture f = {0};
	expect(&f, 1, NULL);
	f.stream.rtp_lost = 12;
	f.stream.not_ts = 3;
	expect(&f, 1, "packets lost (12), datagrams that are no transport stream (3)");
	f.stream.rtp_lost = 20;
	expect(&f, 1, NULL);
	f.tables.pmt = 1;
	expect(&f, 1, "times without a PMT that the PAT names (1)");
}

/* With RTP it has a number of its own, without only another address. */
static void another_sender_is_said_with_and_without_rtp(void **state)
{
	(void)state;
	struct fixture f = {.stream = {.rtp_foreign = 2, .foreign_source = 3}};
	expect(&f, 1, "packets of another sender on its group, ignored (5)");
}

static void the_next_zap_says_it_anew(void **state)
{
	(void)state;
	struct fixture f = {.stream = {.psi_crc = 1}};
	expect(&f, 1, "tables with a wrong checksum (1)");
	expect(&f, 2, "tables with a wrong checksum (1)");
	expect(&f, 2, NULL);
}

/* A break that lost packets explain is no fault of its own; one without is. */
static void a_break_is_said_where_nothing_was_lost(void **state)
{
	(void)state;
	struct fixture f = {.stream = {.rtp_lost = 1, .ts_continuity = 2}};
	expect(&f, 1, "packets lost (1)");
	f.stream.ts_continuity = 4;
	expect(&f, 1, "breaks in the transport stream (2)");
}

/* After silence the stream begins anew, and its counters with it. */
static void counters_that_begin_anew_are_no_fault(void **state)
{
	(void)state;
	struct fixture f = {.stream = {.ts_sync_lost = 5}};
	expect(&f, 1, "transport packets that are cut or have no sync byte (5)");
	f.stream.ts_sync_lost = 0;
	expect(&f, 1, NULL);
	f.stream.rtp_foreign = 1;
	expect(&f, 1, "packets of another sender on its group, ignored (1)");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_stream_says_nothing),
		cmocka_unit_test(each_kind_is_said_once_with_its_count),
		cmocka_unit_test(another_sender_is_said_with_and_without_rtp),
		cmocka_unit_test(the_next_zap_says_it_anew),
		cmocka_unit_test(a_break_is_said_where_nothing_was_lost),
		cmocka_unit_test(counters_that_begin_anew_are_no_fault),
	};
	return cmocka_run_group_tests_name("client_faults", tests, NULL, NULL);
}
