#include "tests/support/test.h"

#include "client/receive/rtp.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#define MS UINT64_C(1000000)

/* A header with a payload of 8 bytes behind it. */
static const uint8_t PLAIN[] = {0x80, 33, 0x12, 0x34, 0, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef, 'p', 'a',
	'y', 'l', 'o', 'a', 'd', '.'};

static void a_header_is_read(void **state)
{
	(void)state;
	struct rtp_packet packet;
	assert_int_equal(rtp_parse(PLAIN, sizeof(PLAIN), &packet), 0);
	assert_int_equal(packet.payload_type, 33);
	assert_int_equal(packet.sequence, 0x1234);
	assert_true(packet.ssrc == 0xdeadbeef);
	assert_int_equal(packet.len, 8);
	assert_memory_equal(packet.payload, "payload.", 8);
}

static void padding_extension_and_sources_are_left_out(void **state)
{
	(void)state;
	/* Two CSRCs, an extension of one word, one byte of payload, three of padding. */
	static const uint8_t full[] = {0xb2, 0x80 | 33, 0, 1, 0, 0, 0, 0, 0, 0, 0, 7, 1, 1, 1, 1, 2,
		2, 2, 2, 0xbe, 0xde, 0, 1, 9, 9, 9, 9, 'x', 0, 0, 3};
	struct rtp_packet packet;
	assert_int_equal(rtp_parse(full, sizeof(full), &packet), 0);
	assert_int_equal(packet.payload_type, 33); /* without the marker */
	assert_int_equal(packet.len, 1);
	assert_int_equal(packet.payload[0], 'x');

	/* Where it is cut the last byte is taken for the padding's length, and cannot be. */
	for (size_t len = 0; len < sizeof(full); len++) {
		uint8_t *copy = g_memdup2(full, len);
		if (len != 12 + 8 + 8 + 1 + 2) /* 0 is refused, too */
			assert_int_equal(rtp_parse(copy, len, &packet), -EBADMSG);
		g_free(copy);
	}
}

static void lengths_that_do_not_fit_are_refused(void **state)
{
	(void)state;
	uint8_t data[sizeof(PLAIN)];
	struct rtp_packet packet;
	memcpy(data, PLAIN, sizeof(PLAIN));
	data[0] = 0x40; /* version 1 */
	assert_int_equal(rtp_parse(data, sizeof(data), &packet), -EBADMSG);
	data[0] = 0x83; /* CSRCs beyond the end */
	assert_int_equal(rtp_parse(data, sizeof(data), &packet), -EBADMSG);
	data[0] = 0x90; /* an extension of 0x6c6f words */
	assert_int_equal(rtp_parse(data, sizeof(data), &packet), -EBADMSG);
	data[0] = 0xa0; /* padding of 9 where 8 bytes are */
	data[sizeof(data) - 1] = 9;
	assert_int_equal(rtp_parse(data, sizeof(data), &packet), -EBADMSG);
	data[sizeof(data) - 1] = 8;
	assert_int_equal(rtp_parse(data, sizeof(data), &packet), 0);
	assert_int_equal(packet.len, 0);
}

struct fixture {
	struct rtp_order *order;
	GString *out;	     /* "5 6 -1 8": numbers, and how many are missing before one */
	const uint8_t *sent; /* the payload pushed last */
	bool copied;	     /* something came out of other memory */
	uint64_t last_arrival_ns;
	enum rtp_arrival arrival; /* of the packet pushed last */
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->order = rtp_order_new();
	f->out = g_string_new("");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	rtp_order_free(f->order);
	g_string_free(f->out, TRUE);
	g_free(f);
	return 0;
}

static void drain(struct fixture *f)
{
	struct rtp_output output;
	while (rtp_order_next(f->order, &output)) {
		uint16_t number;
		assert_int_equal(output.len, sizeof(number));
		memcpy(&number, output.payload, sizeof(number));
		if (output.lost == RTP_LOST_UNKNOWN)
			g_string_append(f->out, "restart ");
		else if (output.lost > 0)
			g_string_append_printf(f->out, "-%u ", output.lost);
		g_string_append_printf(f->out, "%u ", number);
		f->copied |= output.payload != f->sent;
		f->last_arrival_ns = output.arrival_ns;
	}
}

static void push_from(struct fixture *f, uint32_t ssrc, uint16_t number, uint64_t at_ms)
{
	uint8_t payload[2];
	memcpy(payload, &number, sizeof(number));
	f->sent = payload;
	struct rtp_packet packet = {
		.payload_type = 33,
		.sequence = number,
		.ssrc = ssrc,
		.payload = payload,
		.len = sizeof(payload),
	};
	f->arrival = rtp_order_push(f->order, &packet, at_ms * MS);
	drain(f);
	memset(payload, 0xee, sizeof(payload)); /* what is kept must be a copy */
}

static void push(struct fixture *f, uint16_t number, uint64_t at_ms)
{
	push_from(f, 1, number, at_ms);
}

static void expect(struct fixture *f, const char *out)
{
	assert_string_equal(f->out->str, out);
	g_string_truncate(f->out, 0);
}

static struct rtp_order_counters counters(const struct fixture *f)
{
	struct rtp_order_counters c;
	rtp_order_counters(f->order, &c);
	return c;
}

static void in_order_is_handed_on_at_once_and_not_copied(void **state)
{
	struct fixture *f = *state;
	for (unsigned i = 0; i < 100; i++) {
		push(f, (uint16_t)(65500 + i), i);
		assert_int_equal(f->last_arrival_ns, i * MS);
		assert_true(rtp_order_deadline(f->order) == UINT64_MAX);
	}
	assert_false(f->copied);
	struct rtp_order_counters c = counters(f);
	assert_int_equal(c.lost + c.duplicate + c.late + c.foreign + c.restarts, 0);
}

/* Heap's algorithm: each order of the five packets that follow the first one. */
static void permute(uint16_t *numbers, size_t n, void (*check)(const uint16_t *))
{
	if (n == 1) {
		check(numbers);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		permute(numbers, n - 1, check);
		size_t other = n % 2 ? 0 : i;
		uint16_t swap = numbers[other];
		numbers[other] = numbers[n - 1];
		numbers[n - 1] = swap;
	}
}

static void check_permutation(const uint16_t *numbers)
{
	void *state;
	setup(&state);
	struct fixture *f = state;
	push(f, 65533, 0);
	for (size_t i = 0; i < 5; i++)
		push(f, numbers[i], 1 + i);
	expect(f, "65533 65534 65535 0 1 2 ");
	assert_true(rtp_order_deadline(f->order) == UINT64_MAX);
	struct rtp_order_counters c = counters(f);
	assert_int_equal(c.lost + c.duplicate + c.late, 0);
	teardown(&state);
}

static void each_permutation_is_put_in_order_across_the_wrap(void **state)
{
	(void)state;
	uint16_t numbers[] = {65534, 65535, 0, 1, 2};
	permute(numbers, 5, check_permutation);
}

static void a_gap_is_given_up_after_20_ms(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 4, 10);
	push(f, 5, 12);
	expect(f, "1 ");
	assert_int_equal(rtp_order_deadline(f->order), 30 * MS);
	rtp_order_advance(f->order, 30 * MS - 1);
	drain(f);
	expect(f, "");
	rtp_order_advance(f->order, 30 * MS);
	drain(f);
	expect(f, "-2 4 5 ");
	assert_true(rtp_order_deadline(f->order) == UINT64_MAX);
	assert_int_equal(counters(f).lost, 2);
	push(f, 6, 31);
	expect(f, "6 ");
}

static void without_a_timer_the_next_packet_ends_the_wait(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 3, 10);
	push(f, 4, 40);
	expect(f, "1 -1 3 4 ");
}

static void two_gaps_have_their_own_deadlines(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 3, 10);
	push(f, 5, 15);
	rtp_order_advance(f->order, 30 * MS);
	drain(f);
	expect(f, "1 -1 3 ");
	assert_int_equal(rtp_order_deadline(f->order), 35 * MS);
	rtp_order_advance(f->order, 35 * MS);
	drain(f);
	expect(f, "-1 5 ");
}

static void a_gap_is_given_up_for_the_sixteenth_behind_it(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	for (uint16_t i = 3; i <= 17; i++)
		push(f, i, 1);
	expect(f, "1 ");
	push(f, 18, 1);
	expect(f, "-1 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 ");
	assert_int_equal(counters(f).lost, 1);
}

static void a_long_loss_keeps_what_may_still_come(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 100, 1); /* 85 to 99 may be late only */
	expect(f, "1 ");
	push(f, 99, 2);
	push(f, 101, 3);
	rtp_order_advance(f->order, 30 * MS);
	drain(f);
	expect(f, "-97 99 100 101 ");
	assert_int_equal(counters(f).lost, 97);
}

static void duplicates_are_dropped(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 1, 0);
	push(f, 2, 0);
	push(f, 4, 0);
	push(f, 4, 0); /* of one that waits */
	push(f, 3, 0);
	push(f, 2, 0);
	push(f, 3, 0);
	expect(f, "1 2 3 4 ");
	struct rtp_order_counters c = counters(f);
	assert_int_equal(c.duplicate, 4);
	assert_int_equal(c.late, 0);
}

static void what_was_given_up_comes_late(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 3, 0);
	rtp_order_advance(f->order, 20 * MS);
	drain(f);
	push(f, 2, 21);
	push(f, 4, 22);
	expect(f, "1 -1 3 4 ");
	struct rtp_order_counters c = counters(f);
	assert_int_equal(c.late, 1);
	assert_int_equal(c.lost, 1);
	assert_int_equal(c.duplicate, 0);
}

static void another_sender_takes_over_from_one_that_is_silent(void **state)
{
	struct fixture *f = *state;
	push(f, 1, 0);
	push(f, 3, 0); /* waits for what will not come */
	push_from(f, 2, 999, 98);
	push_from(f, 2, 1000, 99);
	expect(f, "1 ");
	push_from(f, 2, 1001, 100);
	expect(f, "restart 1000 1001 ");
	push_from(f, 2, 1002, 101);
	expect(f, "1002 ");
	assert_int_equal(counters(f).restarts, 1);
	assert_int_equal(counters(f).foreign, 1);
	assert_true(rtp_order_deadline(f->order) == UINT64_MAX);
}

static void of_two_senders_the_first_goes_on(void **state)
{
	struct fixture *f = *state;
	for (uint16_t i = 0; i < 5; i++) {
		push(f, i, i);
		push_from(f, 2, (uint16_t)(7000 + i), i);
	}
	expect(f, "0 1 2 3 4 ");
	assert_int_equal(counters(f).restarts, 0);
	assert_int_equal(counters(f).foreign, 4); /* the last one is still a candidate */
}

/* Jitter brings many packets of one sender in a row. */
static void of_two_senders_in_bursts_the_first_goes_on(void **state)
{
	struct fixture *f = *state;
	for (uint16_t i = 0; i < 30; i++) {
		push(f, i, 50 * (i / 10));
		push_from(f, 2, (uint16_t)(7000 + i), 50 * (i / 10) + 49);
	}
	assert_int_equal(counters(f).restarts, 0);
	assert_int_equal(counters(f).lost, 0);
}

static void a_sequence_that_jumps_starts_anew(void **state)
{
	struct fixture *f = *state;
	push(f, 10, 0);
	push(f, 40000, 99);
	push(f, 40001, 100);
	expect(f, "10 restart 40000 40001 ");
	push(f, 39000, 101); /* one stray packet */
	push(f, 40002, 102);
	expect(f, "40002 ");
	assert_int_equal(counters(f).foreign, 1);
	push(f, 39500, 201); /* far back */
	push(f, 39501, 202);
	expect(f, "restart 39500 39501 ");
}

/* Random loss, duplicates and reordering within the window: what is handed on only grows. */
static void what_comes_out_always_grows(void **state)
{
	struct fixture *f = *state;
	GRand *random = g_rand_new_with_seed(7);
	for (uint32_t i = 0; i < 20000; i++) {
		uint32_t number = i + (uint32_t)g_rand_int_range(random, 0, 10);
		if (g_rand_int_range(random, 0, 20) > 0)
			push(f, (uint16_t)number, i * 3);
		if (g_rand_int_range(random, 0, 5) == 0)
			push(f, (uint16_t)number, i * 3);
	}
	g_rand_free(random);
	gchar **words = g_strsplit(f->out->str, " ", -1);
	long last = -1, missing = 0, n = 0;
	for (gchar **w = words; *w && **w; w++) {
		long value = strtol(*w, NULL, 10);
		if (value < 0) {
			missing = -value;
			continue;
		}
		if (last >= 0)
			assert_int_equal((uint16_t)value, (uint16_t)(last + missing + 1));
		last = value;
		missing = 0;
		n++;
	}
	g_strfreev(words);
	assert_true(n > 10000);
}

static void it_says_how_a_packet_came(void **state)
{
	struct fixture *f = *state;
	static const struct {
		uint32_t ssrc;
		uint16_t number;
		uint64_t at_ms;
		enum rtp_arrival arrival;
	} packets[] = {
		{1, 65534, 0, RTP_NEWEST},
		{1, 1, 1, RTP_NEWEST}, /* 65535 and 0 may come yet */
		{1, 65535, 2, RTP_REORDERED},
		{1, 1, 3, RTP_DUPLICATE},
		{1, 65534, 4, RTP_DUPLICATE},
		{2, 700, 5, RTP_FOREIGN},
		{1, 2, 30, RTP_NEWEST}, /* 0 is given up */
		{1, 0, 31, RTP_LATE},
		{2, 800, 130, RTP_FOREIGN},
		{2, 801, 131, RTP_TAKES_OVER},
		{2, 803, 132, RTP_NEWEST},
		{2, 802, 133, RTP_REORDERED},
	};
	for (size_t i = 0; i < sizeof(packets) / sizeof(*packets); i++) {
		push_from(f, packets[i].ssrc, packets[i].number, packets[i].at_ms);
		assert_int_equal(f->arrival, packets[i].arrival);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_is_read),
		cmocka_unit_test(padding_extension_and_sources_are_left_out),
		cmocka_unit_test(lengths_that_do_not_fit_are_refused),
		T(it_says_how_a_packet_came),
		T(in_order_is_handed_on_at_once_and_not_copied),
		T(each_permutation_is_put_in_order_across_the_wrap),
		T(a_gap_is_given_up_after_20_ms),
		T(without_a_timer_the_next_packet_ends_the_wait),
		T(two_gaps_have_their_own_deadlines),
		T(a_gap_is_given_up_for_the_sixteenth_behind_it),
		T(a_long_loss_keeps_what_may_still_come),
		T(duplicates_are_dropped),
		T(what_was_given_up_comes_late),
		T(another_sender_takes_over_from_one_that_is_silent),
		T(of_two_senders_in_bursts_the_first_goes_on),
		T(of_two_senders_the_first_goes_on),
		T(a_sequence_that_jumps_starts_anew),
		T(what_comes_out_always_grows),
	};
	return cmocka_run_group_tests_name("receive_rtp", tests, NULL, NULL);
}
