/* Where keys come from, by the settings. */
#include "client/app/remote.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/test.h"

struct fixture {
	struct settings *settings;
	char *path;
	GString *said;
};

static void on_log(void *ctx, const char *sentence)
{
	struct fixture *f = ctx;
	g_string_append_printf(f->said, "%s\n", sentence);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	char *why;
	int fd = g_file_open_tmp("keymap-XXXXXX", &f->path, NULL);
	close(fd);
	f->settings = settings_new();
	f->said = g_string_new(NULL);
	*state = f;
	return settings_set(f->settings, "keys.map", f->path, &why);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	g_unlink(f->path);
	g_free(f->path);
	g_string_free(f->said, TRUE);
	settings_free(f->settings);
	g_free(f);
	return 0;
}

static void test_a_keymap_changes_what_it_names(void **state)
{
	struct fixture *f = *state;
	struct ui_keymap keymap;
	assert_true(g_file_set_contents(
		f->path, "[keymap]\nKEY_RED=sleep\nKEY_NONSENSE=up\nKEY_BLUE=fly\n", -1, NULL));
	remote_read_keymap(f->settings, on_log, f, &keymap);
	assert_int_equal(ui_keymap_command(&keymap, KEY_RED), UI_COMMAND_SLEEP);
	assert_int_equal(ui_keymap_command(&keymap, KEY_BLUE), UI_COMMAND_BLUE);
	assert_int_equal(ui_keymap_command(&keymap, KEY_CHANNELUP), UI_COMMAND_CHANNEL_UP);
	char *third = g_strdup_printf("%s:3: ", f->path),
	     *fourth = g_strdup_printf("%s:4: ", f->path);
	assert_non_null(strstr(f->said->str, third));
	assert_non_null(strstr(f->said->str, fourth));
	g_free(third);
	g_free(fourth);
}

static void test_without_its_file_keys_are_as_usual(void **state)
{
	struct fixture *f = *state;
	struct ui_keymap keymap;
	g_unlink(f->path);
	remote_read_keymap(f->settings, on_log, f, &keymap);
	assert_int_equal(ui_keymap_command(&keymap, KEY_CHANNELUP), UI_COMMAND_CHANNEL_UP);
	assert_non_null(strstr(f->said->str, f->path));
	assert_non_null(strstr(f->said->str, "No such file"));
}

static void test_no_file_is_no_error(void **state)
{
	struct fixture *f = *state;
	struct ui_keymap keymap;
	char *why;
	assert_int_equal(settings_set(f->settings, "keys.map", "", &why), 0);
	remote_read_keymap(f->settings, on_log, f, &keymap);
	assert_int_equal(ui_keymap_command(&keymap, KEY_OK), UI_COMMAND_OK);
	assert_string_equal(f->said->str, "");
}

static void count_key(void *ctx, const struct ui_key_event *event)
{
	(void)event;
	++*(unsigned *)ctx;
}

static void log_nothing(void *ctx, const char *sentence)
{
	(void)ctx;
	fail_msg("\"%s\"", sentence);
}

/* Nobody else's devices are touched, and what the window tells arrives. */
static void test_the_benchmark_opens_nothing(void **state)
{
	struct fixture *f = *state;
	const struct remote_options options = {.settings = f->settings};
	unsigned keys = 0;
	const struct ui_remote_events events = {
		.on_key = count_key, .log = log_nothing, .ctx = &keys};
	const struct ui_key_event press = {KEY_OK, UI_KEY_PRESS, UI_SOURCE_WINDOW, 1};
	struct ui_sources *sources;
	char *why;
	uv_loop_t loop;
	assert_int_equal(
		settings_set(f->settings, "remote.devices", "/dev/input/none-such", &why), 0);
	uv_loop_init(&loop);
	assert_int_equal(remote_open(&loop, &options, &events, &sources), 0);
	ui_sources_tell(sources, &press);
	assert_int_equal(keys, 1);
	ui_sources_close(sources);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_keymap_changes_what_it_names),
		TEST(test_without_its_file_keys_are_as_usual),
		TEST(test_no_file_is_no_error),
		TEST(test_the_benchmark_opens_nothing),
	};
	return cmocka_run_group_tests_name("client_remote", tests, NULL, NULL);
}
