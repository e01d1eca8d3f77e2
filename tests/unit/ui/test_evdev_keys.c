/* ui/evdev_keys: what an evdev device's records mean, on records that are made up. */
#include "tests/support/test.h"

#include <linux/input.h>
#include <string.h>

#include "ui/evdev_keys.h"

#define SOURCE 17
#define MS 1000000ull
#define NOW_NS (5000000 * MS + 700)
#define TOLD_MAX 64

struct fixture {
	struct evdev_keys keys;
	struct ui_key_event told[TOLD_MAX];
	size_t count;
};

static void open_with(struct fixture *f, const struct ui_key_set *down)
{
	*f = (struct fixture){0};
	evdev_keys_init(&f->keys, SOURCE, down);
}

static void open_idle(struct fixture *f)
{
	open_with(f, &(struct ui_key_set){0});
}

static struct input_event record_at(uint16_t type, uint16_t code, int32_t value, uint64_t at_ns)
{
	struct input_event record = {.type = type, .code = code, .value = value};

	record.input_event_sec = at_ns / (1000 * MS);
	record.input_event_usec = at_ns / 1000 % 1000000;
	return record;
}

static void feed(struct fixture *f, uint16_t type, uint16_t code, int32_t value)
{
	struct input_event record = record_at(type, code, value, NOW_NS - 3 * MS);

	assert_true(f->count + UI_KEY_SET_FOLLOW_MAX <= TOLD_MAX);
	f->count += evdev_keys_feed(&f->keys, &record, NOW_NS, f->told + f->count);
}

static void key(struct fixture *f, uint16_t code, int32_t value)
{
	feed(f, EV_MSC, MSC_SCAN, 0x700);
	feed(f, EV_KEY, code, value);
	feed(f, EV_SYN, SYN_REPORT, 0);
}

static void resync(struct fixture *f, const struct ui_key_set *down)
{
	while (evdev_keys_resync(&f->keys, down, NOW_NS, &f->told[f->count]))
		assert_true(++f->count < TOLD_MAX);
}

static struct ui_key_set set_of(uint16_t a, uint16_t b)
{
	struct ui_key_set set = {0};

	ui_key_set_add(&set, a);
	ui_key_set_add(&set, b);
	return set;
}

/* That the next told is this, in order. */
static void expect(struct fixture *f, size_t at, uint16_t code, enum ui_key_motion motion)
{
	assert_true(at < f->count);
	assert_int_equal(f->told[at].code, code);
	assert_int_equal(f->told[at].motion, motion);
	assert_int_equal(f->told[at].source, SOURCE);
}

static void test_press_repeat_release(void **state)
{
	struct fixture f;

	(void)state;
	open_idle(&f);
	key(&f, KEY_CHANNELUP, 1);
	key(&f, KEY_CHANNELUP, 2);
	key(&f, KEY_CHANNELUP, 2);
	key(&f, KEY_OK, 1);
	key(&f, KEY_CHANNELUP, 0);
	key(&f, KEY_OK, 0);
	assert_int_equal(f.count, 6);
	expect(&f, 0, KEY_CHANNELUP, UI_KEY_PRESS);
	expect(&f, 1, KEY_CHANNELUP, UI_KEY_REPEAT);
	expect(&f, 2, KEY_CHANNELUP, UI_KEY_REPEAT);
	expect(&f, 3, KEY_OK, UI_KEY_PRESS);
	expect(&f, 4, KEY_CHANNELUP, UI_KEY_RELEASE);
	expect(&f, 5, KEY_OK, UI_KEY_RELEASE);
	for (size_t i = 0; i < f.count; i++)
		assert_true(f.told[i].at_ns == (NOW_NS - 3 * MS) / 1000 * 1000);
}

static void test_other_records_are_nothing(void **state)
{
	struct fixture f;

	(void)state;
	open_idle(&f);
	for (unsigned int type = 0; type <= EV_MAX + 1u; type++)
		if (type != EV_KEY)
			feed(&f, (uint16_t)type, KEY_OK, 1);
	feed(&f, UINT16_MAX, UINT16_MAX, INT32_MIN);
	for (int32_t value = 3; value < 10; value++) {
		feed(&f, EV_KEY, KEY_OK, value);
		feed(&f, EV_KEY, KEY_OK, -value);
	}
	feed(&f, EV_KEY, KEY_OK, INT32_MAX);
	feed(&f, EV_KEY, KEY_OK, -1);
	feed(&f, EV_KEY, KEY_CNT, 1);
	feed(&f, EV_KEY, UINT16_MAX, 1);
	feed(&f, EV_KEY, KEY_RESERVED, 1);
	assert_int_equal(f.count, 0);
	assert_true(evdev_keys_is_idle(&f.keys));
}

static void test_every_key(void **state)
{
	struct fixture f;

	(void)state;
	for (uint16_t code = 1; code < KEY_CNT; code++) {
		open_idle(&f);
		key(&f, code, 1);
		assert_false(evdev_keys_is_idle(&f.keys));
		key(&f, code, 0);
		assert_int_equal(f.count, 2);
		expect(&f, 0, code, UI_KEY_PRESS);
		expect(&f, 1, code, UI_KEY_RELEASE);
		assert_true(evdev_keys_is_idle(&f.keys));
	}
}

/* Times of another clock, or no times at all, are not believed. */
static void test_stamps(void **state)
{
	const struct {
		uint64_t stamp_ns, at_ns;
	} stamps[] = {
		{NOW_NS, NOW_NS / 1000 * 1000},
		{NOW_NS - 4999 * MS, (NOW_NS - 4999 * MS) / 1000 * 1000},
		{NOW_NS - 5001 * MS, NOW_NS},
		{NOW_NS + 1000, NOW_NS},
		{1790000000000 * MS, NOW_NS},
		{0, NOW_NS},
	};
	struct ui_key_event told[UI_KEY_SET_FOLLOW_MAX];
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < sizeof stamps / sizeof stamps[0]; i++) {
		struct input_event record = record_at(EV_KEY, KEY_UP, 1, stamps[i].stamp_ns);
		open_idle(&f);
		assert_int_equal(evdev_keys_feed(&f.keys, &record, NOW_NS, told), 1);
		assert_true(told[0].at_ns == stamps[i].at_ns);
	}
	open_idle(&f);
	struct input_event broken = record_at(EV_KEY, KEY_UP, 1, NOW_NS);
	broken.input_event_usec = 1000000;
	assert_int_equal(evdev_keys_feed(&f.keys, &broken, NOW_NS, told), 1);
	assert_true(told[0].at_ns == NOW_NS);
	broken.input_event_sec = (__typeof__(broken.input_event_sec))-1;
	broken.value = 2;
	assert_int_equal(evdev_keys_feed(&f.keys, &broken, NOW_NS, told), 1);
	assert_true(told[0].at_ns == NOW_NS);
}

static void test_parts_of_records(void **state)
{
	const struct input_event records[2] = {
		record_at(EV_KEY, KEY_5, 1, NOW_NS), record_at(EV_KEY, KEY_5, 0, NOW_NS)};
	const uint8_t *bytes = (const uint8_t *)records;
	struct input_event record;

	(void)state;
	for (size_t len = 0; len < sizeof record; len++)
		assert_int_equal(evdev_keys_record(bytes, len, &record), 0);
	for (size_t len = sizeof record; len <= sizeof records; len++)
		assert_int_equal(evdev_keys_record(bytes, len, &record), sizeof record);
	assert_memory_equal(&record, &records[0], sizeof record);
	/* Wherever it lies. */
	uint8_t moved[sizeof record + 1];
	memcpy(moved + 1, &records[1], sizeof record);
	assert_int_equal(evdev_keys_record(moved + 1, sizeof record, &record), sizeof record);
	assert_memory_equal(&record, &records[1], sizeof record);
}

/* Enter started the program: that is no OK of the viewer's. */
static void test_keys_that_were_down_before(void **state)
{
	struct ui_key_set down = set_of(KEY_ENTER, KEY_LEFTSHIFT);
	struct fixture f;

	(void)state;
	open_with(&f, &down);
	assert_false(evdev_keys_is_idle(&f.keys));
	key(&f, KEY_ENTER, 2);
	key(&f, KEY_1, 1);
	key(&f, KEY_1, 0);
	key(&f, KEY_ENTER, 0);
	assert_int_equal(f.count, 2);
	expect(&f, 0, KEY_1, UI_KEY_PRESS);
	assert_false(evdev_keys_is_idle(&f.keys));
	key(&f, KEY_LEFTSHIFT, 1); /* its release was lost */
	key(&f, KEY_LEFTSHIFT, 0);
	key(&f, KEY_ENTER, 1);
	key(&f, KEY_ENTER, 0);
	assert_int_equal(f.count, 6);
	expect(&f, 2, KEY_LEFTSHIFT, UI_KEY_PRESS);
	expect(&f, 4, KEY_ENTER, UI_KEY_PRESS);
	assert_true(evdev_keys_is_idle(&f.keys));
}

static void test_a_repeat_is_no_release(void **state)
{
	struct ui_key_set down = set_of(KEY_ENTER, 0);
	struct fixture f;

	(void)state;
	open_with(&f, &down);
	key(&f, KEY_ENTER, 2);
	assert_false(evdev_keys_is_idle(&f.keys));
	feed(&f, EV_SYN, SYN_DROPPED, 0);
	resync(&f, &down);
	assert_int_equal(f.count, 0);
}

static void test_dropped_records(void **state)
{
	struct ui_key_set down = set_of(KEY_DOWN, KEY_OK);
	struct fixture f;

	(void)state;
	open_idle(&f);
	key(&f, KEY_UP, 1);
	key(&f, KEY_DOWN, 1);
	assert_false(f.keys.stale);
	feed(&f, EV_SYN, SYN_DROPPED, 0);
	assert_true(f.keys.stale);
	key(&f, KEY_7, 1); /* what still came is as good as any */
	key(&f, KEY_7, 0);
	assert_int_equal(f.count, 4);
	expect(&f, 2, KEY_7, UI_KEY_PRESS);
	expect(&f, 3, KEY_7, UI_KEY_RELEASE);
	resync(&f, &down);
	assert_false(f.keys.stale);
	assert_int_equal(f.count, 6);
	expect(&f, 4, KEY_UP, UI_KEY_RELEASE); /* releases come first */
	expect(&f, 5, KEY_OK, UI_KEY_PRESS);
	assert_true(f.told[4].at_ns == NOW_NS && f.told[5].at_ns == NOW_NS);
	key(&f, KEY_DOWN, 0);
	key(&f, KEY_OK, 2);
	key(&f, KEY_OK, 0);
	assert_int_equal(f.count, 9);
	assert_true(evdev_keys_is_idle(&f.keys));
}

static void test_dropped_records_of_keys_of_others(void **state)
{
	struct ui_key_set down = set_of(KEY_ENTER, KEY_LEFTSHIFT), after = set_of(KEY_ENTER, 0);
	struct fixture f;

	(void)state;
	open_with(&f, &down);
	feed(&f, EV_SYN, SYN_DROPPED, 0);
	resync(&f, &after); /* Shift went up unseen; Enter is still somebody else's */
	assert_int_equal(f.count, 0);
	assert_false(evdev_keys_is_idle(&f.keys));
	key(&f, KEY_ENTER, 0);
	assert_int_equal(f.count, 0);
	assert_true(evdev_keys_is_idle(&f.keys));
	key(&f, KEY_LEFTSHIFT, 1);
	assert_int_equal(f.count, 1);
}

static void test_nothing_was_dropped_of_keys(void **state)
{
	struct ui_key_set down = set_of(KEY_UP, 0);
	struct fixture f;

	(void)state;
	open_idle(&f);
	key(&f, KEY_UP, 1);
	feed(&f, EV_SYN, SYN_DROPPED, 0);
	resync(&f, &down);
	assert_int_equal(f.count, 1);
	assert_false(f.keys.stale);
}

static void test_gone_in_mid_press(void **state)
{
	struct fixture f;

	(void)state;
	open_idle(&f);
	key(&f, KEY_VOLUMEUP, 1);
	key(&f, KEY_OK, 1);
	key(&f, KEY_VOLUMEUP, 2);
	while (evdev_keys_end(&f.keys, NOW_NS, &f.told[f.count]))
		f.count++;
	assert_int_equal(f.count, 5);
	expect(&f, 3, KEY_VOLUMEUP, UI_KEY_RELEASE);
	expect(&f, 4, KEY_OK, UI_KEY_RELEASE);
	assert_true(f.told[4].at_ns == NOW_NS);
}

static struct ui_key_set range_of(uint16_t first, uint16_t last)
{
	struct ui_key_set set = {0};

	for (uint16_t code = first; code <= last; code++)
		ui_key_set_add(&set, code);
	return set;
}

static void test_kinds(void **state)
{
	struct ui_key_set none = {0}, all = range_of(1, KEY_MAX);
	struct ui_key_set mouse = range_of(BTN_LEFT, BTN_TASK),
			  power = range_of(KEY_POWER, KEY_POWER);
	struct ui_key_set laptop_keys = set_of(KEY_BRIGHTNESSUP, KEY_BRIGHTNESSDOWN);
	struct ui_key_set channels = set_of(KEY_CHANNELUP, KEY_CHANNELDOWN);
	struct ui_key_set numeric = range_of(KEY_NUMERIC_0, KEY_NUMERIC_9);
	struct ui_key_set digits = range_of(KEY_1, KEY_0), keypad = range_of(KEY_KP7, KEY_KPDOT);
	struct ui_key_set arrows = set_of(KEY_UP, KEY_DOWN),
			  keyboard = range_of(KEY_ESC, KEY_COMPOSE);

	(void)state;
	assert_int_equal(evdev_kind_of(&none), EVDEV_OTHER);
	assert_int_equal(evdev_kind_of(&mouse), EVDEV_OTHER);
	assert_int_equal(evdev_kind_of(&power), EVDEV_OTHER);
	assert_int_equal(evdev_kind_of(&laptop_keys), EVDEV_OTHER);
	assert_int_equal(evdev_kind_of(&arrows), EVDEV_OTHER);
	ui_key_set_add(&arrows, KEY_OK);
	assert_int_equal(evdev_kind_of(&arrows), EVDEV_REMOTE);
	assert_int_equal(evdev_kind_of(&channels), EVDEV_REMOTE);
	assert_int_equal(evdev_kind_of(&numeric), EVDEV_REMOTE);
	assert_int_equal(evdev_kind_of(&digits), EVDEV_REMOTE);
	assert_int_equal(evdev_kind_of(&keypad), EVDEV_REMOTE);
	assert_int_equal(evdev_kind_of(&keyboard), EVDEV_KEYBOARD);
	assert_int_equal(evdev_kind_of(&all), EVDEV_KEYBOARD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_press_repeat_release),
		cmocka_unit_test(test_other_records_are_nothing),
		cmocka_unit_test(test_every_key),
		cmocka_unit_test(test_stamps),
		cmocka_unit_test(test_parts_of_records),
		cmocka_unit_test(test_keys_that_were_down_before),
		cmocka_unit_test(test_a_repeat_is_no_release),
		cmocka_unit_test(test_dropped_records),
		cmocka_unit_test(test_dropped_records_of_keys_of_others),
		cmocka_unit_test(test_nothing_was_dropped_of_keys),
		cmocka_unit_test(test_gone_in_mid_press),
		cmocka_unit_test(test_kinds),
	};
	return cmocka_run_group_tests_name("ui_evdev_keys", tests, NULL, NULL);
}
