/* Keys at exact times, and the tool's own error. */
#include <stdbool.h>

#include <glib.h>

#include "client/app/presser.h"
#include "client/app/self_test.h"
#include "tests/support/test.h"

#define MS UINT64_C(1000000)

struct pressed {
	struct presser *presser;
	unsigned count;
	uint64_t at_ns[3], woken_ns[3];
	uint64_t next_ns; /* 0: none */
};

static void on_time(void *ctx, uint64_t at_ns)
{
	struct pressed *pressed = ctx;
	pressed->at_ns[pressed->count] = at_ns;
	pressed->woken_ns[pressed->count++] = uv_hrtime();
	if (pressed->next_ns) {
		presser_set(pressed->presser, pressed->next_ns);
		pressed->next_ns = 0;
	} else {
		presser_close(pressed->presser);
	}
}

static void open_presser(struct pressed *pressed, uv_loop_t *loop)
{
	*pressed = (struct pressed){0};
	assert_int_equal(uv_loop_init(loop), 0);
	assert_int_equal(presser_open(loop, on_time, pressed, &pressed->presser), 0);
}

static void a_press_comes_at_its_time_and_not_before(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct pressed pressed;
	open_presser(&pressed, &loop);
	uint64_t first_ns = uv_hrtime() + 3 * MS + 456789;
	pressed.next_ns = first_ns + 700000;
	presser_set(pressed.presser, first_ns);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(pressed.count, 2);
	assert_true(pressed.at_ns[0] == first_ns && pressed.at_ns[1] == first_ns + 700000);
	assert_true(pressed.woken_ns[0] >= first_ns);
	assert_true(pressed.woken_ns[1] >= first_ns + 700000);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void a_time_that_is_over_is_now(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct pressed pressed;
	open_presser(&pressed, &loop);
	presser_set(pressed.presser, 0);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(pressed.count, 1);
	assert_true(pressed.at_ns[0] == 0);
	assert_int_equal(uv_loop_close(&loop), 0);
}

static void a_new_time_takes_the_place_of_the_old(void **state)
{
	(void)state;
	uv_loop_t loop;
	struct pressed pressed;
	open_presser(&pressed, &loop);
	uint64_t now_ns = uv_hrtime();
	presser_set(pressed.presser, now_ns + 1 * MS);
	presser_set(pressed.presser, now_ns + 5 * MS);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(pressed.count, 1);
	assert_true(pressed.woken_ns[0] >= now_ns + 5 * MS);
	assert_int_equal(uv_loop_close(&loop), 0);
}

/*
 * How small the error is at worst depends on the machine. But the kernel stamps, and whoever is
 * scheduled away while sending is left out: most are near on any.
 */
static void known_delays_are_measured(void **state)
{
	(void)state;
	struct bench_self_test test;
	char *why = NULL;
	if (self_test_run(20, &test, &why) < 0) {
		print_message("%s\n", why);
		g_free(why);
		fail();
	}
	assert_in_range(test.count, 5, 20);
	assert_true(test.delay_ms == 5);
	assert_true(test.p50_ms >= 0 && test.p50_ms < SELF_TEST_P99_MAX_MS);
	assert_true(test.p50_ms <= test.p95_ms && test.p95_ms <= test.p99_ms);
	assert_true(test.p99_ms <= test.max_ms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_press_comes_at_its_time_and_not_before),
		cmocka_unit_test(a_time_that_is_over_is_now),
		cmocka_unit_test(a_new_time_takes_the_place_of_the_old),
		cmocka_unit_test(known_delays_are_measured),
	};
	return cmocka_run_group_tests_name("client_presser", tests, NULL, NULL);
}
