/* What the host is made of: its table and its heap of timers, against what is plainly right. */
#include <string.h>

#include "igmp/bucket.h"
#include "igmp/said.h"
#include "igmp/table.h"
#include "igmp/timers.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define KEYS 300
#define TIMERS 60
#define STEPS 20000

static unsigned draw(uint64_t *random, unsigned below)
{
	*random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(*random >> 33) % below;
}

static void table_holds_what_was_set(void **state)
{
	(void)state;
	struct igmp_table table = {0};
	uint64_t random = 1;
	int values[KEYS];
	bool there[KEYS] = {false};
	size_t count = 0;
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned key = draw(&random, KEYS);
		bool set = draw(&random, 2);
		count = count + set - there[key];
		there[key] = set;
		assert_int_equal(igmp_table_reserve(&table, 1), 0);
		igmp_table_set(&table, (uint64_t)key << 32, set ? &values[key] : NULL);
		key = draw(&random, KEYS);
		assert_ptr_equal(igmp_table_get(&table, (uint64_t)key << 32),
			there[key] ? &values[key] : NULL);
		assert_int_equal(table.count, count);
	}
	igmp_table_finish(&table);
}

static uint64_t earliest(const struct igmp_timer *timers)
{
	uint64_t at_ns = IGMP_NEVER;
	for (unsigned i = 0; i < TIMERS; i++) {
		if (igmp_timer_is_running(&timers[i]) && timers[i].at_ns < at_ns)
			at_ns = timers[i].at_ns;
	}
	return at_ns;
}

static void timers_come_in_their_order(void **state)
{
	(void)state;
	struct igmp_timers heap = {0};
	struct igmp_timer timers[TIMERS] = {0};
	uint64_t random = 2;
	assert_int_equal(igmp_timers_reserve(&heap, TIMERS), 0);
	for (unsigned i = 0; i < STEPS; i++) {
		struct igmp_timer *timer = &timers[draw(&random, TIMERS)];
		unsigned what = draw(&random, 8);
		if (what < 4) {
			igmp_timer_set(&heap, timer, draw(&random, 1000));
		} else if (what < 7) {
			igmp_timer_cancel(&heap, timer);
			assert_false(igmp_timer_is_running(timer));
		} else {
			uint64_t first = earliest(timers);
			struct igmp_timer *taken = igmp_timers_take(&heap, 500);
			assert_int_equal(taken != NULL, first <= 500);
			assert_true(!taken || taken->at_ns == first);
		}
		assert_true(igmp_timers_next_ns(&heap) == earliest(timers));
	}
	igmp_timers_finish(&heap);
}

/* Of those that are due together the one set first comes first. */
static void equal_timers_keep_their_order(void **state)
{
	(void)state;
	struct igmp_timers heap = {0};
	struct igmp_timer timers[TIMERS] = {0};
	assert_int_equal(igmp_timers_reserve(&heap, TIMERS), 0);
	for (unsigned i = 0; i < TIMERS; i++)
		igmp_timer_set(&heap, &timers[i * 7 % TIMERS], 5);
	for (unsigned i = 0; i < TIMERS; i++)
		assert_ptr_equal(igmp_timers_take(&heap, 5), &timers[i * 7 % TIMERS]);
	assert_null(igmp_timers_take(&heap, 5));
	igmp_timers_finish(&heap);
}

static void bucket_gives_its_burst_and_then_its_rate(void **state)
{
	(void)state;
	struct igmp_bucket bucket;
	unsigned taken = 0;
	igmp_bucket_init(&bucket, 10, 3);
	for (uint64_t now = SECOND; now < 11 * SECOND; now += MS)
		taken += igmp_bucket_take(&bucket, now);
	assert_in_range(taken, 3 + 99, 3 + 100);
	assert_false(igmp_bucket_take(&bucket, 11 * SECOND - MS));
	uint64_t ready = igmp_bucket_ready_ns(&bucket, 11 * SECOND - MS);
	assert_false(igmp_bucket_take(&bucket, ready - 1));
	assert_true(igmp_bucket_take(&bucket, ready));
	/* However long it rests, it holds no more than its burst. */
	for (unsigned i = 0; i < 3; i++)
		assert_true(igmp_bucket_take(&bucket, 100 * SECOND));
	assert_false(igmp_bucket_take(&bucket, 100 * SECOND));
}

static void see_said(void *ctx, const struct igmp_said *said)
{
	char *text = ctx;
	sprintf(text + strlen(text), "%u %s %s; ", (unsigned)said->at_ns, said->type,
		said->sentence);
}

static void said_keeps_the_last_ones_in_their_order(void **state)
{
	(void)state;
	struct igmp_said_list list = {0};
	char text[1024] = "", sentence[16];
	igmp_said_each(&list, see_said, text);
	assert_string_equal(text, "");
	for (unsigned i = 0; i < IGMP_SAID_MAX + 2; i++) {
		sprintf(sentence, "number %u", i);
		struct igmp_said said = igmp_said_add(&list, i, "word", sentence);
		assert_string_equal(said.sentence, sentence);
	}
	igmp_said_each(&list, see_said, text);
	assert_memory_equal(text, "2 word number 2; 3 word number 3; ", 34);
	assert_non_null(strstr(text, "; 17 word number 17; "));
}

/* Scripts know them by it. */
static void each_notice_has_a_word_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < IGMP_NOTICE_TYPES; i++) {
		assert_non_null(igmp_notice_word(i));
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(igmp_notice_word(i), igmp_notice_word(j));
	}
	assert_string_equal(igmp_notice_word(IGMP_NOTICE_QUERIER_CHANGED), "querier-changed");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_holds_what_was_set),
		cmocka_unit_test(timers_come_in_their_order),
		cmocka_unit_test(equal_timers_keep_their_order),
		cmocka_unit_test(said_keeps_the_last_ones_in_their_order),
		cmocka_unit_test(each_notice_has_a_word_of_its_own),
		cmocka_unit_test(bucket_gives_its_burst_and_then_its_rate),
	};
	return cmocka_run_group_tests_name("igmp_parts", tests, NULL, NULL);
}
