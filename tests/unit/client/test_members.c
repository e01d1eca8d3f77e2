/* Which channels' groups are joined, over a change of the line-up too. */
#include "client/app/members.h"

#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/client/air.h"

enum { ONE, TWO, THREE, CHANNELS };
/* Of the line-up behind it. */
enum { AFTER_THREE, AFTER_ONE, AFTER };

struct fixture {
	uv_loop_t loop;
	struct channel_source sources[CHANNELS], sources_after[AFTER];
	struct channel rows[CHANNELS], rows_after[AFTER];
	struct channel_list before, after;
	struct addresses *addresses;
	struct igmp_membership *membership;
	struct members *members;
};

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	(void)ctx, (void)level, (void)sentence;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	const struct igmp_membership_options options = {
		.iface = "lo", .backend = IGMP_BACKEND_KERNEL, .log = on_log};
	int port = air_port();
	f->sources[ONE] = f->sources_after[AFTER_ONE] = air_source("239.255.74.1", NULL, port);
	f->sources[TWO] = air_source("239.255.74.2", NULL, port);
	f->sources[THREE] = f->sources_after[AFTER_THREE] = air_source("239.255.74.3", NULL, port);
	air_make_lineup(f->rows, f->sources, CHANNELS);
	air_make_lineup(f->rows_after, f->sources_after, AFTER);
	f->before = (struct channel_list){.count = CHANNELS, .channels = f->rows};
	f->after = (struct channel_list){.count = AFTER, .channels = f->rows_after};
	f->addresses = addresses_new(&f->before);
	uv_loop_init(&f->loop);
	*state = f;
	int error = igmp_membership_open(&f->loop, &options, &f->membership);
	f->members = members_new(f->membership, f->addresses, CHANNELS);
	return error;
}

static void on_closed(void *ctx)
{
	(void)ctx;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	igmp_membership_close(f->membership, on_closed, f);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	members_free(f->members);
	addresses_free(f->addresses);
	g_free(f);
	return left;
}

static void set(struct fixture *f, const int *channels, size_t n)
{
	assert_int_equal(members_set(f->members, channels, n, NULL), 0);
}

static void count_group(void *ctx, const struct igmp_membership_group *group)
{
	(void)group;
	++*(size_t *)ctx;
}

static size_t count_groups(struct fixture *f)
{
	size_t n = 0;
	igmp_membership_each(f->membership, count_group, &n);
	return n;
}

static void move(struct fixture *f, const int *to)
{
	struct addresses *after = addresses_new(&f->after);
	members_move(f->members, to, AFTER, after);
	addresses_free(f->addresses);
	f->addresses = after;
}

/* Whoever has the line-up changed could not leave it before. */
static void test_what_is_gone_is_left_with_the_line_up(void **state)
{
	struct fixture *f = *state;
	const int joined[] = {ONE, TWO, THREE};
	const int to[CHANNELS] = {[ONE] = AFTER_ONE, [TWO] = -1, [THREE] = AFTER_THREE};
	size_t n;
	set(f, joined, 3);
	assert_int_equal(count_groups(f), 3);
	move(f, to);
	assert_int_equal(count_groups(f), 2);
	const int *list = members_list(f->members, &n);
	assert_int_equal(n, 2);
	assert_int_equal(list[0], AFTER_ONE);
	assert_int_equal(list[1], AFTER_THREE);
	assert_true(members_has(f->members, AFTER_ONE));
	assert_true(members_has(f->members, AFTER_THREE));
	/* Nobody is in the other's way from then on. */
	set(f, (const int[]){AFTER_THREE}, 1);
	assert_int_equal(count_groups(f), 1);
	set(f, NULL, 0);
	assert_int_equal(count_groups(f), 0);
}

static void test_a_line_up_without_any_of_them(void **state)
{
	struct fixture *f = *state;
	const int joined[] = {ONE, TWO}, to[CHANNELS] = {-1, -1, -1};
	size_t n;
	set(f, joined, 2);
	move(f, to);
	members_list(f->members, &n);
	assert_int_equal(n, 0);
	assert_int_equal(count_groups(f), 0);
	set(f, (const int[]){AFTER_ONE}, 1);
	assert_int_equal(count_groups(f), 1);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_gone_is_left_with_the_line_up),
		TEST(test_a_line_up_without_any_of_them),
	};
	return cmocka_run_group_tests_name("client_members", tests, NULL, NULL);
}
