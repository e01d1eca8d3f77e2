/* ui/key_set: sets of keys, and how what a source tells is brought into order. */
#include "tests/support/test.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "ui/key_set.h"

static void test_members(void **state)
{
	const uint16_t codes[] = {1, 63, 64, 127, 128, KEY_OK, KEY_MAX};
	struct ui_key_set set = {0};

	(void)state;
	assert_true(ui_key_set_is_empty(&set));
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
		assert_false(ui_key_set_has(&set, codes[i]));
		ui_key_set_add(&set, codes[i]);
		ui_key_set_add(&set, codes[i]);
		assert_true(ui_key_set_has(&set, codes[i]));
	}
	assert_false(ui_key_set_has(&set, 2));
	ui_key_set_remove(&set, 64);
	assert_false(ui_key_set_has(&set, 64));
	assert_true(ui_key_set_has(&set, 63));
	ui_key_set_add(&set, 64);
	for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
		assert_int_equal(ui_key_set_take(&set), codes[i]);
	assert_int_equal(ui_key_set_take(&set), 0);
	assert_true(ui_key_set_is_empty(&set));
}

static void test_no_codes(void **state)
{
	struct ui_key_set set = {0};

	(void)state;
	ui_key_set_add(&set, KEY_RESERVED);
	ui_key_set_add(&set, KEY_CNT);
	ui_key_set_add(&set, UINT16_MAX);
	assert_true(ui_key_set_is_empty(&set));
	memset(&set, 0xff, sizeof set);
	ui_key_set_remove(&set, UINT16_MAX);
	assert_false(ui_key_set_has(&set, KEY_RESERVED));
	assert_false(ui_key_set_has(&set, KEY_CNT));
	assert_false(ui_key_set_has(&set, UINT16_MAX));
}

/* The motions, as letters, of what is told of a key that moves as `moved` says. */
static const char *followed(const char *moved, uint16_t code)
{
	static const char letters[] = {'p', 'r', 'u'}; /* press, repeat, up */
	static char told[32];
	struct ui_key_event ret[UI_KEY_SET_FOLLOW_MAX];
	struct ui_key_set down = {0};
	size_t len = 0;

	for (const char *m = moved; *m; m++) {
		const struct ui_key_event event = {code,
			*m == 'p'   ? UI_KEY_PRESS
			: *m == 'r' ? UI_KEY_REPEAT
				    : UI_KEY_RELEASE,
			7, (uint64_t)(m - moved)};
		size_t count = ui_key_set_follow(&down, &event, ret);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(ret[i].code, code);
			assert_int_equal(ret[i].source, 7);
			assert_int_equal(ret[i].at_ns, m - moved);
			told[len++] = letters[ret[i].motion];
		}
	}
	told[len] = '\0';
	return told;
}

static void test_follow(void **state)
{
	(void)state;
	assert_string_equal(followed("prru", KEY_UP), "prru");
	assert_string_equal(followed("pupu", KEY_UP), "pupu");
	/* Of a key that is not down. */
	assert_string_equal(followed("ru", KEY_UP), "");
	assert_string_equal(followed("puru", KEY_UP), "pu");
	/* Whose release was lost. */
	assert_string_equal(followed("ppu", KEY_UP), "pupu");
	assert_string_equal(followed("prpr", KEY_UP), "prupr");
	/* That is no key. */
	assert_string_equal(followed("pru", KEY_RESERVED), "");
	assert_string_equal(followed("pru", KEY_CNT), "");
}

static void test_keys_do_not_touch_each_other(void **state)
{
	struct ui_key_event ret[UI_KEY_SET_FOLLOW_MAX];
	struct ui_key_set down = {0};

	(void)state;
	assert_int_equal(ui_key_set_follow(&down, &(struct ui_key_event){.code = KEY_UP}, ret), 1);
	assert_int_equal(
		ui_key_set_follow(&down,
			&(struct ui_key_event){.code = KEY_DOWN, .motion = UI_KEY_RELEASE}, ret),
		0);
	assert_true(ui_key_set_has(&down, KEY_UP));
	assert_int_equal(
		ui_key_set_follow(&down, &(struct ui_key_event){.code = KEY_DOWN}, ret), 1);
	assert_int_equal(ret[0].code, KEY_DOWN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_no_codes),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_keys_do_not_touch_each_other),
	};
	return cmocka_run_group_tests_name("ui_key_set", tests, NULL, NULL);
}
