/* book: what is heard of presses becomes their zaps, and what is known of their first pictures. */
#include "client/bench/book.h"
#include "client/bench/figures.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)
#define PRESS_NS (5000 * MS)

struct setup {
	struct bench_run *run;
	struct bench_book *book;
};

static int set_up(void **state)
{
	struct setup *setup = g_new0(struct setup, 1);
	setup->run = bench_run_new();
	setup->book = bench_book_new(setup->run);
	*state = setup;
	return 0;
}

static int tear_down(void **state)
{
	struct setup *setup = *state;
	bench_book_free(setup->book);
	bench_run_free(setup->run);
	g_free(setup);
	return 0;
}

static void press(struct setup *setup, uint64_t n, uint64_t at_ns)
{
	const struct bench_pressed pressed = {.n = n,
		.scheduled_ns = at_ns,
		.waited_ns = 7 * MS,
		.action = BENCH_PRESS_DOWN,
		.ahead = {.streams = 3, .whole = 2, .kbps = 12600},
		.clock_offset_ns = (int64_t)n};
	bench_book_press(setup->book, &pressed);
}

/* A cold zap that went well, 1 s after its press. */
static bool end(struct setup *setup, uint64_t n, uint64_t pressed_ns)
{
	struct zap_record record = {.n = n, .from = 1, .to = 2, .pressed_ns = pressed_ns};
	record.at_ns[ZAP_REPORT] = pressed_ns + 1 * MS;
	record.at_ns[ZAP_PICTURE] = pressed_ns + 1000 * MS;
	struct bench_pressed pressed;
	bool known = bench_book_record(setup->book, &record, &pressed);
	if (known)
		assert_int_equal(pressed.clock_offset_ns, n);
	return known;
}

static const struct bench_zap *zap(const struct setup *setup, size_t index)
{
	return bench_run_zap(setup->run, index);
}

static void test_press_and_record_become_a_zap(void **state)
{
	struct setup *setup = *state;
	press(setup, 2, PRESS_NS);
	bench_book_stamp(setup->book, 2, PRESS_NS + MS / 2);
	assert_true(end(setup, 2, PRESS_NS));
	assert_int_equal(bench_run_count(setup->run), 1);
	assert_int_equal(zap(setup, 0)->record.n, 1);
	assert_int_equal(zap(setup, 0)->scheduled_ns, PRESS_NS);
	assert_int_equal(zap(setup, 0)->waited_ns, 7 * MS);
	assert_int_equal(zap(setup, 0)->wire_ns, PRESS_NS + MS / 2);
	assert_int_equal(zap(setup, 0)->action, BENCH_PRESS_DOWN);
	assert_int_equal(zap(setup, 0)->ahead.streams, 3);
	assert_int_equal(zap(setup, 0)->ahead.whole, 2);
	assert_int_equal(zap(setup, 0)->ahead.kbps, 12600);
}

static void test_what_cut_a_zap_off_is_told(void **state)
{
	struct setup *setup = *state;
	press(setup, 2, PRESS_NS);
	assert_true(end(setup, 2, PRESS_NS)); /* of itself */
	press(setup, 3, PRESS_NS + 2000 * MS);
	press(setup, 4, PRESS_NS + 4000 * MS); /* its record comes with the next key */
	assert_true(end(setup, 3, PRESS_NS + 2000 * MS));
	press(setup, 5, PRESS_NS + 6000 * MS);
	bench_book_idle(setup->book); /* that key led nowhere */
	bench_book_end(setup->book);
	assert_true(end(setup, 4, PRESS_NS + 4000 * MS));
	assert_int_equal(zap(setup, 0)->cut, BENCH_CUT_NONE);
	assert_int_equal(zap(setup, 1)->cut, BENCH_CUT_KEY);
	assert_int_equal(zap(setup, 2)->cut, BENCH_CUT_RUN);
}

/* The first channel's, or one that nobody pressed a key for. */
static void test_record_of_no_press_is_left_out(void **state)
{
	struct setup *setup = *state;
	assert_false(end(setup, 1, PRESS_NS));
	press(setup, 2, PRESS_NS);
	assert_false(end(setup, 1, PRESS_NS));
	assert_false(end(setup, 3, PRESS_NS));
	assert_int_equal(bench_run_count(setup->run), 0);
}

static void test_zap_that_was_cut_off_keeps_what_is_its_own(void **state)
{
	struct setup *setup = *state;
	press(setup, 2, PRESS_NS);
	bench_book_key_unit(setup->book, 2, true, false);
	bench_book_key_unit(setup->book, 2, true, false);
	press(setup, 3, PRESS_NS + 50 * MS);
	/* Late, and stale. */
	bench_book_stamp(setup->book, 3, PRESS_NS + 1 * MS);
	bench_book_key_unit(setup->book, 2, false, false);
	bench_book_flagged(setup->book, 2);
	bench_book_stamp(setup->book, 3, PRESS_NS + 51 * MS);
	bench_book_key_unit(setup->book, 3, false, false);
	assert_true(end(setup, 2, PRESS_NS));
	assert_true(end(setup, 3, PRESS_NS + 50 * MS));
	assert_int_equal(zap(setup, 0)->wire_ns, PRESS_NS + 1 * MS);
	assert_int_equal(zap(setup, 0)->check, BENCH_DAMAGED);
	assert_int_equal(zap(setup, 1)->wire_ns, PRESS_NS + 51 * MS);
	assert_int_equal(zap(setup, 1)->check, BENCH_WHOLE);
}

static void test_press_that_led_nowhere_leaves_the_zaps_as_they_were(void **state)
{
	struct setup *setup = *state;
	press(setup, 2, PRESS_NS);
	press(setup, 3, PRESS_NS + 50 * MS);
	press(setup, 4, PRESS_NS + 100 * MS);
	bench_book_idle(setup->book);
	bench_book_key_unit(setup->book, 3, false, false);
	assert_true(end(setup, 2, PRESS_NS));
	assert_true(end(setup, 3, PRESS_NS + 50 * MS));
	assert_int_equal(setup->run->idle_presses, 1);
	assert_int_equal(zap(setup, 1)->check, BENCH_WHOLE);
}

/* The stamp of a leave alone, after the run, or of a channel held ahead. */
static void test_stamp_without_a_report_is_none_of_the_zap_s(void **state)
{
	struct setup *setup = *state;
	struct zap_record record = {.n = 2, .from = 1, .to = 2, .kind = ZAP_WARM};
	struct bench_pressed pressed;
	press(setup, 2, PRESS_NS);
	bench_book_stamp(setup->book, 2, PRESS_NS + 300 * MS);
	assert_true(bench_book_record(setup->book, &record, &pressed));
	assert_int_equal(zap(setup, 0)->wire_ns, 0);
}

static enum bench_check check_after(
	struct setup *setup, uint64_t n, const char *units, bool flagged, bool shown)
{
	struct zap_record record = {.n = n, .from = 1, .to = 2};
	struct bench_pressed pressed;
	press(setup, n, PRESS_NS * n);
	for (; *units; units++)
		bench_book_key_unit(setup->book, n, *units == 'd', *units == 'r');
	if (flagged)
		bench_book_flagged(setup->book, n);
	record.at_ns[ZAP_PICTURE] = shown ? PRESS_NS * n + 9 * MS : 0;
	assert_true(bench_book_record(setup->book, &record, &pressed));
	return zap(setup, bench_run_count(setup->run) - 1)->check;
}

/*
 * Key units as they come: w(hole), d(amaged), with r(emembered) parameter sets. As in play, a
 * damaged one is refused once.
 */
static void test_first_picture_is_as_whole_as_its_key_unit(void **state)
{
	struct setup *setup = *state;
	assert_int_equal(check_after(setup, 2, "w", false, true), BENCH_WHOLE);
	assert_int_equal(check_after(setup, 3, "wd", false, true), BENCH_WHOLE);
	assert_int_equal(check_after(setup, 4, "dw", false, true), BENCH_WHOLE);
	assert_int_equal(check_after(setup, 5, "dd", false, true), BENCH_DAMAGED);
	assert_int_equal(check_after(setup, 6, "ddw", false, true), BENCH_DAMAGED);
	/* Nobody saw of what the picture was made. */
	assert_int_equal(check_after(setup, 7, "", false, true), BENCH_UNCHECKED);
	assert_int_equal(check_after(setup, 8, "d", false, true), BENCH_UNCHECKED);
	/* There is none. */
	assert_int_equal(check_after(setup, 9, "dd", false, false), BENCH_UNCHECKED);
	/* Nobody knows whether those are the stream's, unless they turn out not to be. */
	assert_int_equal(check_after(setup, 10, "rw", false, true), BENCH_UNCHECKED);
	assert_int_equal(check_after(setup, 11, "rw", true, true), BENCH_DAMAGED);
}

static void test_picture_that_the_decoder_flags_is_damaged_and_does_not_count(void **state)
{
	struct setup *setup = *state;
	assert_int_equal(check_after(setup, 2, "w", true, true), BENCH_DAMAGED);
	assert_int_equal(check_after(setup, 3, "", true, true), BENCH_DAMAGED);
	assert_true(bench_failed(zap(setup, 0)));
	assert_true(bench_failed(zap(setup, 1)));
	/* No picture reached the sink, so none is damaged. */
	assert_int_equal(check_after(setup, 4, "w", true, false), BENCH_UNCHECKED);
	assert_int_equal(check_after(setup, 5, "w", false, true), BENCH_WHOLE);
	assert_false(bench_failed(zap(setup, 3)));
}

int main(void)
{
#define SETUP_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		SETUP_TEST(test_press_and_record_become_a_zap),
		SETUP_TEST(test_what_cut_a_zap_off_is_told),
		SETUP_TEST(test_record_of_no_press_is_left_out),
		SETUP_TEST(test_zap_that_was_cut_off_keeps_what_is_its_own),
		SETUP_TEST(test_press_that_led_nowhere_leaves_the_zaps_as_they_were),
		SETUP_TEST(test_stamp_without_a_report_is_none_of_the_zap_s),
		SETUP_TEST(test_first_picture_is_as_whole_as_its_key_unit),
		SETUP_TEST(test_picture_that_the_decoder_flags_is_damaged_and_does_not_count),
	};
	return cmocka_run_group_tests_name("bench_book", tests, NULL, NULL);
}
