/* What is on by streams and guide, and whose clock is believed. */
#include "client/app/on_air.h"

#include "tests/support/test.h"

#define NOON INT64_C(1800000000)
#define S INT64_C(1000000000)

static int setup(void **state)
{
	*state = on_air_new();
	return 0;
}

static int teardown(void **state)
{
	on_air_free(*state);
	return 0;
}

static void put(struct guide_page *page, struct guide_event *into, int64_t start_s, int64_t stop_s,
	const char *title)
{
	const struct guide_event event = {
		.known = true, .start_utc_s = start_s, .stop_utc_s = stop_s, .title = title};
	guide_page_put(page, into, &event);
}

/* An event that is on from noon for 10 minutes, and the next one; NULL: none. */
static struct guide_page *page_of(
	int64_t channel, int64_t at_utc_s, const char *now, const char *next)
{
	const struct channel row = {.id = channel, .guide_id = "", .guide_name = "", .name = "One"};
	struct guide_page *page = guide_page_new(&row, at_utc_s);
	if (now)
		put(page, &page->now, NOON, NOON + 600, now);
	if (next)
		put(page, &page->next, NOON + 600, NOON + 1200, next);
	return page;
}

static bool heard(struct on_air *o, struct guide_page *page)
{
	bool is_news = on_air_heard(o, page);
	guide_page_free(page);
	return is_news;
}

static void expect(
	const struct on_air *o, int64_t channel, int64_t at_s, const char *now, const char *next)
{
	struct guide_now found = on_air_now(o, channel, at_s);
	assert_int_equal(found.now.known, now != NULL);
	assert_int_equal(found.next.known, next != NULL);
	if (now)
		assert_string_equal(found.now.title, now);
	if (next)
		assert_string_equal(found.next.title, next);
}

static void test_what_the_stream_says_is_on(void **state)
{
	struct on_air *o = *state;
	expect(o, 1, NOON, NULL, NULL);
	assert_true(heard(o, page_of(1, NOON, "News", "Film")));
	expect(o, 1, NOON, "News", "Film");
	expect(o, 2, NOON, NULL, NULL);
	assert_false(heard(o, page_of(1, NOON + 1, "News", "Film")));
	assert_true(heard(o, page_of(1, NOON + 2, "News", "Sport")));
	/* It knows best what it sends, also where this machine's clock is wrong. */
	expect(o, 1, NOON + 5000, "News", "Sport");
	assert_false(heard(o, page_of(1, NOON + 3, NULL, NULL)));
	expect(o, 1, NOON, NULL, NULL);
}

/* What it said hours ago, it does not say now. */
static void test_what_is_not_received_says_nothing(void **state)
{
	struct on_air *o = *state;
	const int64_t both[] = {1, 2}, second[] = {2};
	heard(o, page_of(1, NOON, "News", "Film"));
	heard(o, page_of(2, NOON, "Sport", NULL));
	on_air_receive_only(o, both, 2);
	expect(o, 1, NOON, "News", "Film");
	on_air_receive_only(o, second, 1);
	expect(o, 1, NOON, NULL, NULL);
	expect(o, 2, NOON, "Sport", NULL);
	assert_true(heard(o, page_of(1, NOON, "News", "Film")));
	expect(o, 1, NOON, "News", "Film");
	on_air_receive_only(o, NULL, 0);
	expect(o, 2, NOON, NULL, NULL);
}

static void test_what_has_not_changed_is_not_heard_again(void **state)
{
	struct on_air *o = *state;
	const int64_t second[] = {2};
	assert_true(on_air_has_to_hear(o, 1, 5));
	assert_false(on_air_has_to_hear(o, 1, 5));
	assert_true(on_air_has_to_hear(o, 2, 5));
	heard(o, page_of(1, NOON, "News", NULL));
	assert_false(on_air_has_to_hear(o, 1, 5));
	assert_true(on_air_has_to_hear(o, 1, 7));
	expect(o, 1, NOON, "News", NULL);
	on_air_receive_only(o, second, 1);
	assert_true(on_air_has_to_hear(o, 1, 7));
	assert_false(on_air_has_to_hear(o, 2, 5));
}

static void test_the_guide_goes_before_it(void **state)
{
	struct on_air *o = *state;
	heard(o, page_of(1, NOON, "By air", "Next by air"));
	assert_true(on_air_has_to_ask(o, 1, NOON));
	on_air_answered(o, page_of(1, NOON, "By guide", NULL));
	expect(o, 1, NOON + 60, "By guide", "Next by air");
	/* What is over by the guide says nothing any more. */
	expect(o, 1, NOON + 600, "By air", "Next by air");
}

static void test_the_guide_is_asked_when_it_has_something_new_to_say(void **state)
{
	struct on_air *o = *state;
	assert_true(on_air_has_to_ask(o, 1, NOON));
	assert_false(on_air_has_to_ask(o, 1, NOON + 1)); /* it has not answered yet */
	on_air_answered(o, page_of(1, NOON, "News", "Film"));
	assert_false(on_air_has_to_ask(o, 1, NOON + 599));
	assert_true(on_air_has_to_ask(o, 1, NOON + 600)); /* the film begins */
	on_air_answered(o, page_of(1, NOON + 600, NULL, NULL));
	assert_false(on_air_has_to_ask(o, 1, NOON + 1199));
	assert_true(on_air_has_to_ask(o, 1, NOON + 1200)); /* an import may have been */
	on_air_answered(o, page_of(1, NOON + 1200, NULL, NULL));
	/* What a stream said is in the guide by now. */
	heard(o, page_of(2, NOON + 1201, "News", NULL));
	assert_false(on_air_has_to_ask(o, 1, NOON + 1201));
	heard(o, page_of(1, NOON + 1201, "News", NULL));
	assert_true(on_air_has_to_ask(o, 1, NOON + 1201));
}

static void test_news_while_the_guide_is_asked_are_not_missed(void **state)
{
	struct on_air *o = *state;
	assert_true(on_air_has_to_ask(o, 1, NOON));
	heard(o, page_of(1, NOON + 1, "News", NULL));
	on_air_answered(o, page_of(1, NOON, NULL, NULL));
	assert_true(on_air_has_to_ask(o, 1, NOON + 1));
}

static void test_a_clock_that_is_set_back_is_no_reason_to_wait(void **state)
{
	struct on_air *o = *state;
	assert_true(on_air_has_to_ask(o, 1, NOON + 36000));
	on_air_answered(o, page_of(1, NOON + 36000, NULL, NULL));
	assert_true(on_air_has_to_ask(o, 1, NOON));
	on_air_answered(o, page_of(1, NOON, NULL, NULL));
	assert_false(on_air_has_to_ask(o, 1, NOON + 1));
}

/* The viewer has gone on before the answer came. */
static void test_an_answer_of_another_channel_is_none(void **state)
{
	struct on_air *o = *state;
	assert_true(on_air_has_to_ask(o, 1, NOON));
	assert_true(on_air_has_to_ask(o, 2, NOON));
	on_air_answered(o, page_of(1, NOON, "Elsewhere", NULL));
	expect(o, 1, NOON, NULL, NULL);
	expect(o, 2, NOON, NULL, NULL);
	on_air_answered(o, page_of(2, NOON, "Here", NULL));
	expect(o, 2, NOON, "Here", NULL);
	assert_true(on_air_has_to_ask(o, 1, NOON + 1));
	expect(o, 2, NOON + 1, NULL, NULL);
}

static void test_the_clock_of_a_stream(void **state)
{
	struct on_air *o = *state;
	struct on_air_clocks clocks = {.monotonic_ns = 100 * S, .realtime_ns = NOON * S};
	int64_t offset_ns;
	assert_false(on_air_offset(o, &clocks, &offset_ns));
	on_air_told_time(o, NOON + 2, 99 * S);
	assert_true(on_air_offset(o, &clocks, &offset_ns));
	assert_int_equal(offset_ns, 3 * S);
	on_air_told_time(o, NOON + 50, 98 * S); /* of another stream, earlier */
	assert_true(on_air_offset(o, &clocks, &offset_ns));
	assert_int_equal(offset_ns, 3 * S);
	/* A clock that is wrong is the user's; only one that was never set is not. */
	assert_int_equal(on_air_utc_s(o, &clocks), NOON);
	assert_false(on_air_is_unset(&clocks));
}

static void test_a_box_without_a_clock(void **state)
{
	struct on_air *o = *state;
	struct on_air_clocks clocks = {.monotonic_ns = 100 * S, .realtime_ns = 40 * S};
	assert_true(on_air_is_unset(&clocks));
	assert_int_equal(on_air_utc_s(o, &clocks), 40);
	on_air_told_time(o, NOON, 90 * S);
	assert_int_equal(on_air_utc_s(o, &clocks), NOON + 10);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_the_stream_says_is_on),
		TEST(test_what_is_not_received_says_nothing),
		TEST(test_what_has_not_changed_is_not_heard_again),
		TEST(test_the_guide_goes_before_it),
		TEST(test_the_guide_is_asked_when_it_has_something_new_to_say),
		TEST(test_news_while_the_guide_is_asked_are_not_missed),
		TEST(test_a_clock_that_is_set_back_is_no_reason_to_wait),
		TEST(test_an_answer_of_another_channel_is_none),
		TEST(test_the_clock_of_a_stream),
		TEST(test_a_box_without_a_clock),
	};
	return cmocka_run_group_tests_name("client_on_air", tests, NULL, NULL);
}
