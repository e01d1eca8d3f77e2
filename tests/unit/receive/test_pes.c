#include "tests/support/test.h"

#include "client/receive/pes.h"
#include "tests/support/ts_writer.h"

#include <malloc.h>
#include <string.h>

#define PID 0x101

struct fixture {
	struct ts_writer w;
	struct pes_assembler *a;
	struct ts_continuity continuity;
	uint64_t now_ns; /* grows by one with each transport packet */
	size_t n;
	struct pes_packet out[16];
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	ts_writer_init(&f->w);
	f->a = pes_assembler_new();
	*state = f;
	return 0;
}

static void forget(struct fixture *f)
{
	for (size_t i = 0; i < f->n; i++)
		g_bytes_unref(f->out[i].data);
	f->n = 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	forget(f);
	ts_writer_clear(&f->w);
	pes_assembler_free(f->a);
	g_free(f);
	return 0;
}

static void write_pes(struct fixture *f, size_t len, uint8_t fill, bool bounded)
{
	uint8_t *data = g_malloc(len);
	memset(data, fill, len);
	ts_writer_pes(&f->w, &(struct ts_writer_pes){
				     .pid = PID,
				     .stream_id = 0xe0,
				     .pts_90khz = 90000u + fill,
				     .dts_90khz = 80000u + fill,
				     .bounded = bounded,
				     .data = data,
				     .len = len,
			     });
	g_free(data);
}

static void push_ts(struct fixture *f, const uint8_t *ts)
{
	struct ts_packet packet;
	assert_int_equal(ts_parse(ts, &packet), 0);
	enum ts_order order = ts_continuity_check(&f->continuity, &packet);
	f->now_ns++;
	if (order == TS_ORDER_DUPLICATE)
		return;
	pes_assembler_push(f->a, &packet, order, f->now_ns);
	while (pes_assembler_next(f->a, &f->out[f->n]))
		assert_true(++f->n < G_N_ELEMENTS(f->out));
}

/* All that was written, but for the packet `but` (-1: all). */
static void push_all(struct fixture *f, int but)
{
	for (guint i = 0; i < f->w.ts->len / TS_PACKET_BYTES; i++) {
		if ((int)i != but)
			push_ts(f, f->w.ts->data + i * TS_PACKET_BYTES);
	}
	g_byte_array_set_size(f->w.ts, 0);
}

static void expect(const struct fixture *f, size_t i, size_t len, uint8_t fill)
{
	gsize got;
	assert_true(i < f->n);
	const uint8_t *data = g_bytes_get_data(f->out[i].data, &got);
	assert_int_equal(got, len);
	assert_int_equal(data[0], fill);
	assert_int_equal(data[len - 1], fill);
	assert_true(f->out[i].has_pts && f->out[i].has_dts);
	assert_int_equal(f->out[i].pts_33bit, 90000 + fill);
	assert_int_equal(f->out[i].dts_33bit, 80000 + fill);
}

/* 19 bytes of header: 165 of payload fill a packet exactly, 349 two. */
static void a_packet_is_out_with_its_last_byte(void **state)
{
	struct fixture *f = *state;
	for (int bounded = 0; bounded < 2; bounded++) {
		for (size_t len = 1; len < 600; len++) {
			bool fills = (len + 19) % 184 == 0;
			write_pes(f, len, 1, bounded);
			guint packets = f->w.ts->len / TS_PACKET_BYTES;
			uint64_t before_ns = f->now_ns;
			push_all(f, -1);
			if (fills && !bounded) {
				assert_int_equal(f->n, 0); /* no stuffing: the next start tells */
				write_pes(f, 10, 2, true);
				push_all(f, -1);
			}
			expect(f, 0, len, 1);
			assert_false(f->out[0].damaged || f->out[0].after_loss);
			assert_int_equal(f->out[0].first_arrival_ns, before_ns + 1);
			assert_int_equal(f->out[0].last_arrival_ns, before_ns + packets);
			forget(f);
		}
	}
}

static void a_lost_packet_damages_what_it_was_of(void **state)
{
	struct fixture *f = *state;
	write_pes(f, 1000, 1, false); /* packets 0 to 5 */
	write_pes(f, 1000, 2, false); /* 6 to 11 */
	write_pes(f, 1000, 3, false);
	push_all(f, 8);
	assert_int_equal(f->n, 3);
	assert_false(f->out[0].damaged);
	assert_true(f->out[1].damaged);
	assert_int_equal(g_bytes_get_size(f->out[1].data), 1000 - 184);
	expect(f, 2, 1000, 3);
	assert_false(f->out[2].damaged);
}

static void a_lost_end_damages_and_a_lost_start_drops(void **state)
{
	struct fixture *f = *state;
	write_pes(f, 1000, 1, false);
	write_pes(f, 1000, 2, false);
	push_all(f, 5);
	assert_int_equal(f->n, 2);
	assert_true(f->out[0].damaged);
	assert_false(f->out[1].damaged);
	assert_true(f->out[1].after_loss);
	forget(f);

	write_pes(f, 1000, 1, false);
	write_pes(f, 1000, 2, false);
	write_pes(f, 1000, 3, false);
	push_all(f, 6); /* the whole of 2 is gone with its header */
	assert_int_equal(f->n, 2);
	expect(f, 0, 1000, 1);
	expect(f, 1, 1000, 3);
	assert_false(f->out[0].damaged || f->out[1].damaged);
	assert_true(f->out[1].after_loss);
}

static void a_length_not_reached_is_damage(void **state)
{
	struct fixture *f = *state;
	write_pes(f, 1000, 1, true);
	g_byte_array_set_size(f->w.ts, 3 * TS_PACKET_BYTES);
	f->w.counters[PID] = 3;
	write_pes(f, 1000, 2, true);
	push_all(f, -1);
	assert_int_equal(f->n, 2);
	assert_true(f->out[0].damaged);
	expect(f, 1, 1000, 2);
}

static void duplicates_change_nothing(void **state)
{
	struct fixture *f = *state;
	write_pes(f, 1000, 1, false);
	write_pes(f, 1000, 2, false);
	for (guint i = 0; i < f->w.ts->len / TS_PACKET_BYTES; i++) {
		push_ts(f, f->w.ts->data + i * TS_PACKET_BYTES);
		push_ts(f, f->w.ts->data + i * TS_PACKET_BYTES);
	}
	assert_int_equal(f->n, 2);
	expect(f, 0, 1000, 1);
	expect(f, 1, 1000, 2);
	assert_false(f->out[0].damaged || f->out[1].damaged);
	assert_false(pes_assembler_take_cut(f->a));
}

/* A muxer that stuffs within: each PES packet is written as two pieces, the first one stuffed. */
static void write_with_stuffing_within(struct fixture *f, uint8_t fill)
{
	write_pes(f, 100, fill, false);
	guint start = f->w.ts->len;
	write_pes(f, 500, fill, false);
	f->w.ts->data[start + 1] &= 0xbf; /* goes on instead of starting */
}

static void stuffing_within_is_learned_once(void **state)
{
	struct fixture *f = *state;
	write_with_stuffing_within(f, 1);
	push_all(f, -1);
	expect(f, 0, 100, 1); /* too early */
	assert_int_equal(f->n, 1);
	assert_true(pes_assembler_take_cut(f->a));
	assert_false(pes_assembler_take_cut(f->a));
	forget(f);

	write_with_stuffing_within(f, 2);
	push_all(f, -1);
	assert_int_equal(f->n, 0);
	write_with_stuffing_within(f, 3);
	push_all(f, -1);
	assert_int_equal(f->n, 1);
	expect(f, 0, 100 + 19 + 500, 2);
	assert_false(f->out[0].damaged);
	assert_false(pes_assembler_take_cut(f->a));
}

static void a_header_may_straddle_packets(void **state)
{
	struct fixture *f = *state;
	/* 255 bytes of optional header, the times at its beginning. */
	uint8_t ts[2][TS_PACKET_BYTES] = {{0x47, 0x41, 1, 0x10}, {0x47, 0x01, 1, 0x11}};
	static const uint8_t header[] = {0, 0, 1, 0xe0, 1, 2, 0x84, 0x80, 250, 0x21, 0, 1, 0, 3};
	memset(ts[0] + 4, 0xff, 184);
	memset(ts[1] + 4, 0xff, 184);
	memcpy(ts[0] + 4, header, sizeof(header));
	memset(ts[1] + 4 + 75, 7, 5); /* 259 bytes of header: 184 and 75 */
	push_ts(f, ts[0]);
	assert_int_equal(f->n, 0);
	push_ts(f, ts[1]);
	assert_int_equal(f->n, 1);
	assert_int_equal(g_bytes_get_size(f->out[0].data), 5);
	assert_int_equal(((const uint8_t *)g_bytes_get_data(f->out[0].data, NULL))[4], 7);
	assert_true(f->out[0].has_pts);
	assert_false(f->out[0].has_dts);
	assert_int_equal(f->out[0].pts_33bit, 1);
	assert_int_equal(f->out[0].dts_33bit, 1);
}

static void arrival_is_the_earliest_and_the_latest(void **state)
{
	struct fixture *f = *state;
	static const uint64_t arrivals_ns[] = {50, 20, 80, 60};
	struct ts_packet packet;
	write_pes(f, 700, 1, false);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(ts_parse(f->w.ts->data + i * TS_PACKET_BYTES, &packet), 0);
		pes_assembler_push(f->a, &packet, TS_ORDER_NEXT, arrivals_ns[i]);
	}
	assert_true(pes_assembler_next(f->a, &f->out[f->n]));
	f->n++;
	assert_int_equal(f->out[0].first_arrival_ns, 20);
	assert_int_equal(f->out[0].last_arrival_ns, 80);
}

static void what_is_no_pes_is_dropped(void **state)
{
	struct fixture *f = *state;
	static const struct {
		size_t offset;
		uint8_t value;
	} wrong[] = {{2, 2}, {3, 0xbe}, {3, 0xbf}, {3, 0xf0}, {3, 0x10}, {6, 0x44}, {8, 255}};
	for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
		write_pes(f, 100, 1, true);
		f->w.ts->data[TS_PACKET_BYTES - 119 + wrong[i].offset] = wrong[i].value;
		push_all(f, -1);
		assert_int_equal(f->n, 0);
	}
	write_pes(f, 100, 2, true);
	push_all(f, -1);
	expect(f, 0, 100, 2);
}

static void an_endless_packet_is_given_up(void **state)
{
	struct fixture *f = *state;
	uint8_t ts[TS_PACKET_BYTES] = {0x47, 0x01, 1, 0x10};
	write_pes(f, 165, 1, false); /* fills its packet: it may go on */
	push_all(f, -1);
	memset(ts + 4, 9, 184);
	for (size_t i = 0; i < PES_BYTES_MAX / 184 + 1; i++) {
		ts[3] = 0x10 | ((i + 1) & 0xf);
		push_ts(f, ts);
	}
	f->w.counters[PID] = (ts[3] + 1) & 0xf;
	write_pes(f, 100, 2, true);
	push_all(f, -1);
	assert_int_equal(f->n, 1);
	expect(f, 0, 100, 2);
	assert_true(f->out[0].after_loss);
}

/* Rings hold minutes of them: what is allocated and not used would double that. */
static void no_memory_is_wasted(void **state)
{
	struct fixture *f = *state;
	for (unsigned i = 0; i < 200; i++) {
		size_t len = i % 50 == 0 ? 110000 : i % 3 == 0 ? 33000 : 9000 + i;
		write_pes(f, len, 1, i % 7 == 0 && len < 60000);
		push_all(f, -1);
		for (size_t k = 0; k < f->n; k++) {
			gsize n;
			void *data = (void *)(uintptr_t)g_bytes_get_data(f->out[k].data, &n);
			assert_in_range(malloc_usable_size(data), n, n + n / 8 + 64);
		}
		forget(f);
	}
}

/* A part that is nearly all shares; a small one does not hold the rest. */
static void a_slice_holds_about_what_it_has(void **state)
{
	(void)state;
	GBytes *whole = g_bytes_new_take(g_malloc0(1000), 1000);
	const uint8_t *data = g_bytes_get_data(whole, NULL);
	GBytes *most = pes_slice(whole, 100, 900), *small = pes_slice(whole, 100, 500);
	assert_ptr_equal(g_bytes_get_data(most, NULL), data + 100);
	assert_ptr_not_equal(g_bytes_get_data(small, NULL), data + 100);
	assert_int_equal(g_bytes_get_size(small), 500);
	g_bytes_unref(most);
	g_bytes_unref(small);
	g_bytes_unref(whole);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_packet_is_out_with_its_last_byte),
		T(a_lost_packet_damages_what_it_was_of),
		T(a_lost_end_damages_and_a_lost_start_drops),
		T(a_length_not_reached_is_damage),
		T(duplicates_change_nothing),
		T(stuffing_within_is_learned_once),
		T(a_header_may_straddle_packets),
		T(arrival_is_the_earliest_and_the_latest),
		T(what_is_no_pes_is_dropped),
		T(an_endless_packet_is_given_up),
		T(no_memory_is_wasted),
		T(a_slice_holds_about_what_it_has),
	};
	return cmocka_run_group_tests_name("receive_pes", tests, NULL, NULL);
}
