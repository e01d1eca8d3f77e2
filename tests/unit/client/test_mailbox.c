/* mailbox: bounded, in order, and nobody waits to put something in. */
#include <glib.h>

#include "client/play/mailbox.h"
#include "tests/support/test.h"

#define CAPACITY 4
#define MANY 100000

static void count(void *ctx)
{
	g_atomic_int_inc((gint *)ctx);
}

static void test_messages_come_out_in_order_and_a_full_one_refuses(void **state)
{
	(void)state;
	gint wakes = 0;
	struct mailbox *mailbox = mailbox_new(CAPACITY, sizeof(int), count, &wakes);
	int taken;
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < CAPACITY; i++)
			assert_true(mailbox_put(mailbox, &i, 0));
		assert_false(mailbox_put(mailbox, &(int){99}, 0));
		for (int i = 0; i < CAPACITY; i++) {
			assert_true(mailbox_take(mailbox, &taken));
			assert_int_equal(taken, i);
		}
		assert_false(mailbox_take(mailbox, &taken));
	}
	assert_int_equal(wakes, 3 * CAPACITY); /* what was refused wakes nobody */
	mailbox_free(mailbox);
}

static void test_what_is_many_leaves_room_for_what_is_rare(void **state)
{
	(void)state;
	struct mailbox *mailbox = mailbox_new(CAPACITY, sizeof(int), NULL, NULL);
	int many = 0;
	while (mailbox_put(mailbox, &(int){1}, 1))
		many++;
	assert_int_equal(many, CAPACITY - 1);
	assert_true(mailbox_put(mailbox, &(int){2}, 0));
	assert_false(mailbox_put(mailbox, &(int){2}, 0));
	mailbox_free(mailbox);
}

static bool is_even(void *message)
{
	return *(int *)message % 2 == 0;
}

static void test_what_is_not_kept_leaves_the_rest_in_order(void **state)
{
	(void)state;
	struct mailbox *mailbox = mailbox_new(CAPACITY, sizeof(int), NULL, NULL);
	int taken;
	/* From each place, so that it also goes round the end. */
	for (int first = 0; first < CAPACITY; first++) {
		for (int i = 1; i <= CAPACITY; i++)
			assert_true(mailbox_put(mailbox, &i, 0));
		mailbox_keep(mailbox, is_even);
		for (int i = 2; i <= CAPACITY; i += 2) {
			assert_true(mailbox_take(mailbox, &taken));
			assert_int_equal(taken, i);
		}
		assert_false(mailbox_take(mailbox, &taken));
		assert_true(mailbox_put(mailbox, &first, 0));
		assert_true(mailbox_take(mailbox, &taken));
	}
	mailbox_free(mailbox);
}

static gpointer put_many(gpointer data)
{
	for (int i = 0; i < MANY; i++)
		while (!mailbox_put(data, &i, 0))
			g_thread_yield();
	return NULL;
}

static void test_a_reader_waits_and_loses_nothing(void **state)
{
	(void)state;
	struct mailbox *mailbox = mailbox_new(CAPACITY, sizeof(int), NULL, NULL);
	GThread *writer = g_thread_new("writer", put_many, mailbox);
	for (int i = 0; i < MANY; i++) {
		int taken;
		mailbox_wait(mailbox, &taken);
		assert_int_equal(taken, i);
	}
	g_thread_join(writer);
	mailbox_free(mailbox);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_messages_come_out_in_order_and_a_full_one_refuses),
		cmocka_unit_test(test_what_is_many_leaves_room_for_what_is_rare),
		cmocka_unit_test(test_what_is_not_kept_leaves_the_rest_in_order),
		cmocka_unit_test(test_a_reader_waits_and_loses_nothing),
	};
	return cmocka_run_group_tests_name("client_mailbox", tests, NULL, NULL);
}
