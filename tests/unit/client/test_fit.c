/* How many channels can be had, found by trying. */
#include "client/app/fit.h"

#include <errno.h>

#include "tests/support/test.h"

#define MANY 200

struct line {
	size_t room;   /* for so many */
	int bad_every; /* such channels cannot be had; 0: all can */
	int error;     /* the kept ones cannot even be had */
	size_t had;    /* at the end */
	unsigned tries, refused;
};

static int have(void *ctx, const int *channels, size_t n)
{
	struct line *line = ctx;
	line->tries++;
	if (line->error && n > 0)
		return line->error;
	for (size_t i = 0; i < n; i++)
		if (line->bad_every && channels[i] % line->bad_every == 0)
			return -EINVAL;
	if (n > line->room)
		return -ENOBUFS;
	line->had = n;
	return 0;
}

static void refused(void *ctx, int channel, int error)
{
	struct line *line = ctx;
	assert_int_equal(channel % line->bad_every, 0);
	assert_int_equal(error, -EINVAL);
	line->refused++;
}

/* Of channels 1, 2, 3 ... */
static size_t fit(struct line *line, size_t n, size_t kept, int *channels, int *ret_error)
{
	const struct fit_tries tries = {have, refused, line};
	for (size_t i = 0; i < n; i++)
		channels[i] = (int)i + 1;
	size_t had = fit_most(&tries, channels, n, kept, ret_error);
	assert_int_equal(had, line->had);
	return had;
}

static void test_what_goes_goes_at_once(void **state)
{
	(void)state;
	struct line line = {.room = MANY};
	int channels[MANY], error;
	assert_int_equal(fit(&line, MANY, 0, channels, &error), MANY);
	assert_int_equal(error, 0);
	assert_int_equal(line.tries, 1);
	assert_int_equal(fit(&line, 0, 0, channels, &error), 0);
	assert_int_equal(error, 0);
}

static void test_room_is_found_exactly(void **state)
{
	(void)state;
	for (size_t room = 0; room <= 12; room++) {
		struct line line = {.room = room};
		int channels[12], error;
		assert_int_equal(fit(&line, 12, 0, channels, &error), room);
		assert_int_equal(error, room < 12 ? -ENOBUFS : 0);
	}
	struct line line = {.room = 120};
	int channels[MANY], error;
	assert_int_equal(fit(&line, MANY, 100, channels, &error), 120);
	assert_true(line.tries < 12);
}

static void test_what_cannot_be_had_is_left_out_alone(void **state)
{
	(void)state;
	struct line line = {.room = MANY, .bad_every = 50};
	int channels[MANY], error;
	assert_int_equal(fit(&line, MANY, 0, channels, &error), MANY - 4);
	assert_int_equal(error, 0);
	assert_int_equal(line.refused, 4);
	for (size_t i = MANY - 4; i < MANY; i++)
		assert_int_equal(channels[i] % 50, 0);
}

static void test_both_at_once(void **state)
{
	(void)state;
	struct line line = {.room = 5, .bad_every = 3};
	int channels[20], error;
	assert_int_equal(fit(&line, 20, 2, channels, &error), 5);
	assert_int_equal(error, -ENOBUFS);
	const int had[] = {1, 2, 4, 5, 7};
	assert_memory_equal(channels, had, sizeof had);
}

/* What was had cannot be had again: whatever the reason, that is no one channel's fault. */
static void test_nothing_goes_any_more(void **state)
{
	(void)state;
	struct line line = {.error = -ENETDOWN};
	int channels[6], error;
	assert_int_equal(fit(&line, 6, 2, channels, &error), 0);
	assert_int_equal(error, -ENETDOWN);
	assert_int_equal(line.refused, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_goes_goes_at_once),
		cmocka_unit_test(test_room_is_found_exactly),
		cmocka_unit_test(test_what_cannot_be_had_is_left_out_alone),
		cmocka_unit_test(test_both_at_once),
		cmocka_unit_test(test_nothing_goes_any_more),
	};
	return cmocka_run_group_tests_name("client_fit", tests, NULL, NULL);
}
