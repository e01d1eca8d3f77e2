/* Tables of more than one section, and PIDs of more than one programme. */
#include "tests/support/test.h"

#include "client/receive/tr101290.h"
#include "tests/support/psi_writer.h"
#include "tests/support/ts_writer.h"

#define MS UINT64_C(1000000)

struct fixture {
	struct tr101290 *t;
	struct ts_writer w;
	uint64_t now_ns;
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->t = tr101290_new();
	f->now_ns = 1000 * MS;
	ts_writer_init(&f->w);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	tr101290_free(f->t);
	ts_writer_clear(&f->w);
	g_free(f);
	return 0;
}

static void send(struct fixture *f, uint16_t pid, GByteArray *section)
{
	ts_writer_section(&f->w, pid, section->data, section->len);
	g_byte_array_unref(section);
	for (guint at = 0; at < f->w.ts->len; at += TS_PACKET_BYTES) {
		struct ts_packet packet;
		assert_int_equal(ts_parse(f->w.ts->data + at, &packet), 0);
		tr101290_packet(f->t, &packet, f->now_ns);
	}
	g_byte_array_set_size(f->w.ts, 0);
}

static const struct psi_writer_programme two[] = {{1, 0x100}, {2, 0x200}};
static const struct psi_writer_programme two_on_one[] = {{1, 0x100}, {2, 0x100}};

/* In one section, or in as many as there are programmes. */
static void send_pat(
	struct fixture *f, const struct psi_writer_programme *all, uint8_t n, bool in_one)
{
	for (uint8_t i = 0; i < (in_one ? 1 : n); i++) {
		send(f, 0,
			psi_writer_pat(&(struct psi_writer_pat){.section = i,
				.last_section = in_one ? 0 : n - 1,
				.n = in_one ? n : 1,
				.programmes = &all[i]}));
	}
}

static void send_pmt(struct fixture *f, uint16_t number, uint16_t pid, uint16_t stream_pid)
{
	const struct psi_writer_stream stream = {0x1b, stream_pid, NULL};
	send(f, pid,
		psi_writer_pmt(&(struct psi_writer_pmt){
			.programme = number, .pcr_pid = stream_pid, .n = 1, .streams = &stream}));
}

static void send_stream(struct fixture *f, uint16_t pid)
{
	const struct ts_packet packet = {.pid = pid, .discontinuity = true};
	tr101290_packet(f->t, &packet, f->now_ns);
}

static struct tr101290_counters counters(const struct fixture *f)
{
	struct tr101290_counters ret;
	tr101290_counters(f->t, &ret);
	return ret;
}

/* 10 s with a PAT and no PMT: one error each half second, and each PID. */
static void missing_pmts_are_counted_whatever_the_pats_sections(void **state)
{
	struct fixture *f = *state;
	for (int in_one = 1; in_one >= 0; in_one--) {
		uint64_t before = counters(f).pmt;
		for (unsigned i = 0; i < 100; i++) {
			send_pat(f, two, 2, in_one);
			f->now_ns += 100 * MS;
		}
		assert_in_range(counters(f).pmt - before, 30, 40);
		assert_int_equal(counters(f).pat, 0);
	}
}

static void run(struct fixture *f, const struct psi_writer_programme *all, uint8_t n, bool stream)
{
	for (unsigned i = 0; i < 120; i++) {
		send_pat(f, all, n, n == 1);
		for (uint8_t k = 0; k < n; k++)
			send_pmt(f, all[k].number, all[k].pmt_pid, 0x300 + all[k].number);
		send_stream(f, 0x301);
		if (stream)
			send_stream(f, 0x302);
		f->now_ns += 100 * MS;
	}
}

/* Two programmes' PMTs on one PID, in turns: the streams of both are followed. */
static void programmes_may_share_a_pmts_pid(void **state)
{
	struct fixture *f = *state;
	run(f, two_on_one, 2, true);
	assert_int_equal(counters(f).pid, 0);
	assert_int_equal(counters(f).pmt, 0);
	run(f, two_on_one, 2, false);
	assert_int_equal(counters(f).pid, 2);
	run(f, two_on_one, 1, false);
	assert_int_equal(counters(f).pid, 2);
}

/* What left the PAT, with all its sections, is not missed. */
static void what_is_gone_is_not_missed(void **state)
{
	struct fixture *f = *state;
	run(f, two, 2, true);
	run(f, two, 1, false);
	assert_int_equal(counters(f).pid, 0);
	assert_int_equal(counters(f).pmt, 0);
	run(f, two, 2, false);
	assert_int_equal(counters(f).pid, 2);
}

/* A stream that two programmes name is still named when one of them lets it go. */
static void a_stream_may_be_shared(void **state)
{
	struct fixture *f = *state;
	for (unsigned i = 0; i < 120; i++) {
		send_pat(f, two, 2, true);
		send_pmt(f, 1, 0x100, i < 10 ? 0x300 : 0x301);
		send_pmt(f, 2, 0x200, 0x300);
		send_stream(f, 0x301);
		f->now_ns += 100 * MS;
	}
	assert_int_equal(counters(f).pid, 2);
}

/* Of a packet that comes again and again nothing is missing. */
static void a_third_copy_lacks_nothing(void **state)
{
	struct fixture *f = *state;
	struct ts_packet packet = {.pid = 0x300, .has_payload = true, .counter = 3};
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(tr101290_packet(f->t, &packet, f->now_ns), 0);
	assert_int_equal(counters(f).continuity, 1);
	packet.counter = 6;
	assert_int_equal(tr101290_packet(f->t, &packet, f->now_ns), 2);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(missing_pmts_are_counted_whatever_the_pats_sections),
		T(programmes_may_share_a_pmts_pid),
		T(what_is_gone_is_not_missed),
		T(a_stream_may_be_shared),
		T(a_third_copy_lacks_nothing),
	};
	return cmocka_run_group_tests_name("receive_tr101290", tests, NULL, NULL);
}
