/* ui/device_notes: what is told of devices that cannot be opened, and how often. */
#include "tests/support/test.h"

#include <errno.h>
#include <string.h>

#include "ui/device_notes.h"

#define PATIENCE_MS 1000

static const struct device_node first = {5, 70}, second = {5, 71};

struct told {
	unsigned int count;
	int error; /* of the last */
	char path[32];
};

static void tell(void *ctx, const char *path, int error)
{
	struct told *told = ctx;

	told->count++;
	told->error = error;
	snprintf(told->path, sizeof told->path, "%s", path);
}

static uint64_t end(struct device_notes *notes, uint64_t now_ms, struct told *told)
{
	return device_notes_end(notes, now_ms, PATIENCE_MS, tell, told);
}

static void test_told_once_after_a_while(void **state)
{
	struct device_notes *notes = device_notes_new();
	struct told told = {0};

	(void)state;
	for (uint64_t now_ms = 5000; now_ms < 9000; now_ms += 250) {
		device_notes_add(notes, "event3", first, -EACCES, now_ms);
		uint64_t next_ms = end(notes, now_ms, &told);
		assert_int_equal(told.count, now_ms >= 6000);
		assert_true(next_ms == (now_ms < 6000 ? 6000 - now_ms : UINT64_MAX));
	}
	assert_int_equal(told.error, -EACCES);
	assert_string_equal(told.path, "event3");
	device_notes_free(notes);
}

static void test_the_next_that_is_due(void **state)
{
	struct device_notes *notes = device_notes_new();
	struct told told = {0};

	(void)state;
	device_notes_add(notes, "event1", first, -EACCES, 100);
	device_notes_add(notes, "event2", second, -EIO, 100);
	assert_int_equal(end(notes, 100, &told), 1000);
	device_notes_add(notes, "event1", first, -EACCES, 600);
	device_notes_add(notes, "event2", second, -ENODEV, 600); /* news */
	assert_int_equal(end(notes, 600, &told), 500);
	device_notes_add(notes, "event1", first, -EACCES, 1100);
	device_notes_add(notes, "event2", second, -ENODEV, 1100);
	assert_int_equal(end(notes, 1100, &told), 500);
	assert_int_equal(told.count, 1);
	device_notes_free(notes);
}

/* It went, and another has come to its place; or the same one with other permissions. */
static void test_forgotten_with_the_device(void **state)
{
	struct device_notes *notes = device_notes_new();
	struct told told = {0};

	(void)state;
	device_notes_add(notes, "event3", first, -EACCES, 0);
	end(notes, 0, &told);
	device_notes_add(notes, "event3", second, -EACCES, 1500);
	assert_int_equal(end(notes, 1500, &told), 1000);
	assert_int_equal(told.count, 0);
	assert_true(end(notes, 9000, &told) == UINT64_MAX); /* not seen: gone */
	assert_int_equal(told.count, 0);
	device_notes_free(notes);
}

static void test_unwanted(void **state)
{
	struct device_notes *notes = device_notes_new();
	struct told told = {0};

	(void)state;
	assert_false(device_notes_is_unwanted(notes, "event0", first));
	device_notes_add(notes, "event0", first, DEVICE_UNWANTED, 0);
	for (uint64_t now_ms = 0; now_ms < 5000; now_ms += 500) {
		assert_true(device_notes_is_unwanted(notes, "event0", first));
		assert_false(device_notes_is_unwanted(notes, "event0", second));
		assert_false(device_notes_is_unwanted(notes, "event1", first));
		assert_true(end(notes, now_ms, &told) == UINT64_MAX);
	}
	end(notes, 5000, &told); /* not looked at */
	assert_false(device_notes_is_unwanted(notes, "event0", first));
	device_notes_add(notes, "event0", first, -EACCES, 6000);
	assert_false(device_notes_is_unwanted(notes, "event0", first));
	assert_int_equal(told.count, 0);
	device_notes_free(notes);
	device_notes_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_told_once_after_a_while),
		cmocka_unit_test(test_the_next_that_is_due),
		cmocka_unit_test(test_forgotten_with_the_device),
		cmocka_unit_test(test_unwanted),
	};
	return cmocka_run_group_tests_name("ui_device_notes", tests, NULL, NULL);
}
