/* The Media Delivery Index, against RFC 4445 worked out by hand. */
#include "tests/support/test.h"

#include "client/receive/mdi.h"

#define MS UINT64_C(1000000)
#define START (5000 * MS)
/* A datagram of seven TS packets holds one millisecond of the medium: 1316000 bytes a second. */
#define DATAGRAM 1316

/* Two PCRs a second apart have told the rate. */
static struct mdi medium(void)
{
	struct mdi m = {0};
	mdi_pcr(&m, 0, DATAGRAM, false);
	mdi_pcr(&m, 27000000, 1000 * DATAGRAM, false);
	return m;
}

/* Datagrams at so many milliseconds from the start, one each. */
static void arrive(struct mdi *m, unsigned from_ms, unsigned to_ms)
{
	for (unsigned at_ms = from_ms; at_ms < to_ms; at_ms++)
		mdi_receive(m, DATAGRAM, START + at_ms * MS);
}

static void expect(const struct mdi_second *second, uint64_t delay_us, uint64_t lost_ts)
{
	assert_true(second->known);
	assert_in_range(second->delay_ns, delay_us * 1000 - 1, delay_us * 1000 + 1);
	assert_int_equal(second->lost_ts, lost_ts);
}

/* One datagram in, and drained before the next: 1 ms of buffer. */
static void an_even_stream_needs_a_datagram_of_buffer(void **state)
{
	(void)state;
	struct mdi m = medium();
	arrive(&m, 0, 1000);
	assert_false(m.last.known); /* the second is over with the packet behind it */
	arrive(&m, 1000, 2001);
	expect(&m.last, 1000, 0);
	expect(&m.worst, 1000, 0);
}

/*
 * Nothing from 3 to 11 ms, and what is missing at 12: three datagrams have come and twelve are
 * drained, which is -9 ms; then 10 more are there, +1 ms, and no more than +1 ms ever. DF is the
 * distance, 10 ms.
 */
static void a_pause_and_a_burst(void **state)
{
	(void)state;
	struct mdi m = medium();
	arrive(&m, 0, 3);
	for (unsigned i = 0; i < 10; i++)
		arrive(&m, 12, 13);
	arrive(&m, 13, 1001);
	expect(&m.last, 10000, 0);
	arrive(&m, 1001, 2001);
	expect(&m.last, 1000, 0);
	expect(&m.worst, 10000, 0);
}

/* Five at once and then a pause: 5 ms too much, then as even as before, from 4 to 5 ms. */
static void what_comes_early_has_to_be_held(void **state)
{
	(void)state;
	struct mdi m = medium();
	for (unsigned i = 0; i < 5; i++)
		arrive(&m, 0, 1);
	arrive(&m, 1, 996);
	arrive(&m, 1000, 1001);
	/* Highest behind the five, 5 ms; lowest before the last, 1000 datagrams in 1000 ms: 0. */
	expect(&m.last, 5000, 0);
}

/* The rate of lost packets is of each second alone. */
static void loss_is_of_its_second(void **state)
{
	(void)state;
	struct mdi m = medium();
	arrive(&m, 0, 500);
	mdi_lose(&m, 7);
	mdi_lose(&m, 3);
	arrive(&m, 500, 1001);
	expect(&m.last, 1000, 10);
	arrive(&m, 1001, 2001);
	expect(&m.last, 1000, 0);
	expect(&m.worst, 1000, 10);
}

/* What is drained is what the PCRs say, not what the line brings: half as much is 500 ms short. */
static void the_medium_has_its_own_rate(void **state)
{
	(void)state;
	struct mdi m = medium();
	for (unsigned at_ms = 0; at_ms <= 1000; at_ms += 2)
		arrive(&m, at_ms, at_ms + 1);
	/* +1 ms behind the first; before the last 500 datagrams in 1000 ms: -500 ms. */
	expect(&m.last, 501000, 0);
}

static void without_pcrs_nothing_is_known(void **state)
{
	(void)state;
	struct mdi m = {0};
	arrive(&m, 0, 3000);
	assert_false(m.last.known);
	assert_false(m.worst.known);
	/* Nor is a rate made of PCRs that a discontinuity parts. */
	mdi_pcr(&m, 0, DATAGRAM, false);
	mdi_pcr(&m, 27000000, 1000 * DATAGRAM, true);
	arrive(&m, 3000, 6000);
	assert_false(m.last.known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_even_stream_needs_a_datagram_of_buffer),
		cmocka_unit_test(a_pause_and_a_burst),
		cmocka_unit_test(what_comes_early_has_to_be_held),
		cmocka_unit_test(loss_is_of_its_second),
		cmocka_unit_test(the_medium_has_its_own_rate),
		cmocka_unit_test(without_pcrs_nothing_is_known),
	};
	return cmocka_run_group_tests_name("receive_mdi", tests, NULL, NULL);
}
