/* `zapper import` and `zapper channels` as a shell sees them: exit code and what is printed where.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/commands.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

struct output {
	int code;
	char *out;
	char *err;
};

static void redirect(const char *path, int fd)
{
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (file < 0 || dup2(file, fd) < 0)
		_exit(99);
	close(file);
}

/* Runs a command in a child with `input` (NULL: none) as standard input. */
static void run_child(struct scratch *scratch, char **argv, const char *input)
{
	redirect(scratch_path(scratch, "out"), STDOUT_FILENO);
	redirect(scratch_path(scratch, "err"), STDERR_FILENO);
	int in = open(input ? input : "/dev/null", O_RDONLY);
	if (in < 0 || dup2(in, STDIN_FILENO) < 0)
		_exit(99);
	int argc = (int)g_strv_length(argv);
	int code = !strcmp(argv[0], "import") ? command_import(argc, argv)
					      : command_channels(argc, argv);
	fflush(NULL);
	_exit(code);
}

static struct output finish(struct scratch *scratch, pid_t pid)
{
	struct output output;
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	output.code = WEXITSTATUS(status);
	assert_true(g_file_get_contents(scratch_path(scratch, "out"), &output.out, NULL, NULL));
	assert_true(g_file_get_contents(scratch_path(scratch, "err"), &output.err, NULL, NULL));
	return output;
}

static struct output run_with_input(struct scratch *scratch, const char *input, const char *words)
{
	char **argv = g_strsplit(words, " ", -1);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_child(scratch, argv, input);
	g_strfreev(argv);
	return finish(scratch, pid);
}

/* "$L" is the scratch folder's list, "$D" its line-up. */
static struct output run(struct scratch *scratch, const char *words)
{
	GString *text = g_string_new(words);
	g_string_replace(text, "$L", scratch_path(scratch, "list"), 0);
	g_string_replace(text, "$D", scratch->db, 0);
	struct output output = run_with_input(scratch, NULL, text->str);
	g_string_free(text, TRUE);
	return output;
}

static void free_output(struct output *output)
{
	g_free(output->out);
	g_free(output->err);
}

static void check_run(struct scratch *scratch, const char *words, int code, const char *err)
{
	struct output output = run(scratch, words);
	if (output.code != code || !strstr(output.err, err))
		fail_msg("%s: exit %d, %s", words, output.code, output.err);
	free_output(&output);
}

static void write_list(struct scratch *scratch, const char *text)
{
	assert_true(g_file_set_contents(scratch_path(scratch, "list"), text, -1, NULL));
}

static const char two_channels[] = "#EXTM3U\n"
				   "#EXTINF:-1 tvg-chno=\"5.1\" tvg-id=\"a.tv\" tvg-logo=\"a.png\" "
				   "group-title=\"News;Sport\",A \"quoted\"\n"
				   "rtp://10.0.0.1@232.1.1.1:5004\n"
				   "#EXTINF:-1 tvg-chno=\"2\" radio=\"true\",Ä\n"
				   "udp://@239.1.1.2:1234\n";

static void test_usage(void **state)
{
	struct scratch *scratch = *state;
	check_run(scratch, "import", EXIT_USAGE, "zapper import: there is no SOURCE");
	check_run(scratch, "import --format nonsense x", EXIT_USAGE, "no format 'nonsense'");
	check_run(scratch, "import --replace --merge x", EXIT_USAGE, "exclude each other");
	check_run(scratch, "import --nonsense x", EXIT_USAGE, "zapper import --help");
	check_run(scratch, "channels --format nonsense", EXIT_USAGE, "no format 'nonsense'");
	struct output output = run(scratch, "import --help");
	assert_int_equal(output.code, EXIT_OK);
	assert_non_null(strstr(output.out, "--dry-run"));
	free_output(&output);
}

static void test_import_and_list(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, two_channels);
	struct output output = run(scratch, "import --db $D $L");
	assert_int_equal(output.code, EXIT_OK);
	assert_string_equal(output.err, "");
	assert_string_equal(output.out,
		"2 channels, 0 alternates, 0 renumbered, 0 ignored; line-up: 2 added, 0 changed, 0 "
		"removed\n");
	free_output(&output);

	output = run(scratch, "channels --db $D");
	assert_int_equal(output.code, EXIT_OK);
	assert_non_null(strstr(output.out, "  2    Ä "));
	assert_non_null(strstr(output.out, "  5.1  A \"quoted\"  News, Sport  rtp://10.0.0.1@"));
	free_output(&output);

	output = run(scratch, "channels --db $D --format m3u");
	write_list(scratch, output.out);
	free_output(&output);
	output = run(scratch, "import --db $D $L");
	assert_non_null(strstr(output.out, "0 added, 0 changed, 0 removed"));
	free_output(&output);
}

/* Only where the list says which programme is the member there. */
static void test_json_names_programmes(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, "#EXTM3U\n#EXTINF:-1,A\n#EXTVLCOPT:program=7\nudp://239.1.1.1:1\n"
			    "#EXTINF:-1,A\nudp://239.1.1.2:1\n");
	check_run(scratch, "import --db $D $L", EXIT_OK, "");
	struct output output = run(scratch, "channels --db $D --format json");
	json_t *got = json_loads(output.out, 0, NULL);
	json_t *sources = json_object_get(json_array_get(got, 0), "sources");
	json_t *first = json_array_get(sources, 0), *second = json_array_get(sources, 1);
	assert_int_equal(json_integer_value(json_object_get(first, "programme")), 7);
	assert_string_equal(json_string_value(json_object_get(first, "uri")), "udp://239.1.1.1:1");
	assert_non_null(second);
	assert_null(json_object_get(second, "programme"));
	json_decref(got);
	free_output(&output);
}

static void test_json(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, two_channels);
	check_run(scratch, "import --db $D $L", EXIT_OK, "");
	struct output output = run(scratch, "channels --db $D --format json");
	json_t *got = json_loads(output.out, 0, NULL);
	json_t *expected = json_loads(
		"[{\"number\":\"2\",\"name\":\"Ä\",\"kind\":\"radio\",\"bouquets\":[],"
		"\"bouquet_places\":[],\"language\":\"\",\"favourite\":false,\"locked\":false,"
		"\"guide_id\":\"\",\"guide_name\":\"\",\"logo\":\"\","
		"\"sources\":[{\"uri\":\"udp://239.1.1.2:1234\","
		"\"group\":\"239.1.1.2\",\"source\":null,\"port\":1234,\"transport\":\"udp\"}]},"
		"{\"number\":\"5.1\",\"name\":\"A \\\"quoted\\\"\",\"kind\":\"tv\","
		"\"bouquets\":[\"News\",\"Sport\"],\"bouquet_places\":[1,2],\"language\":\"\","
		"\"favourite\":false,\"locked\":false,\"guide_id\":\"a.tv\",\"guide_name\":\"\","
		"\"logo\":\"a.png\","
		"\"sources\":[{\"uri\":\"rtp://10.0.0.1@232.1.1.1:5004\",\"group\":\"232.1.1.1\","
		"\"source\":\"10.0.0.1\",\"port\":5004,\"transport\":\"rtp\"}]}]",
		0, NULL);
	assert_non_null(got);
	assert_true(json_equal(got, expected));
	json_decref(got);
	json_decref(expected);
	free_output(&output);
}

static void test_standard_input(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, "#EXTM3U\n#EXTINF:-1,A\nhttp://x/\n#EXTINF:-1,B\nrtp://239.1.1.1:1\n");
	char *words = g_strdup_printf("import --db %s -", scratch->db);
	struct output output = run_with_input(scratch, scratch_path(scratch, "list"), words);
	assert_int_equal(output.code, EXIT_OK);
	assert_string_equal(output.err,
		"<stdin>:3: warning: \"http://x/\": only rtp:// and udp:// can be received; it is "
		"ignored\n");
	assert_non_null(strstr(output.out, "1 channels, 0 alternates, 0 renumbered, 1 ignored"));
	free_output(&output);
	g_free(words);
}

static void test_several_lists_are_all_or_nothing(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, two_channels);
	check_run(scratch, "import --db $D $L $D.missing", EXIT_NO_INPUT, "nothing was imported");
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));
	assert_true(g_file_set_contents(scratch_path(scratch, "second"),
		"#EXTM3U\n#EXTINF:-1,Second\nrtp://239.1.1.9:1\n", -1, NULL));
	char *words = g_strdup_printf("import --db $D $L %s", scratch_path(scratch, "second"));
	check_run(scratch, words, EXIT_OK, "");
	g_free(words);
	char *dump = scratch_dump_content(scratch);
	assert_non_null(strstr(dump, "Second"));
	assert_non_null(strstr(dump, "quoted"));
	g_free(dump);
}

static void test_dry_run(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, two_channels);
	struct output output = run(scratch, "import --dry-run --db $D $L");
	assert_int_equal(output.code, EXIT_OK);
	assert_non_null(strstr(output.out, "nothing is written"));
	assert_non_null(strstr(output.out, "2 added"));
	free_output(&output);
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));

	check_run(scratch, "import --db $D $L", EXIT_OK, "");
	char *before = scratch_dump(scratch);
	write_list(scratch, "#EXTM3U\n#EXTINF:-1,Other\nrtp://239.1.1.3:1\n");
	output = run(scratch, "import --dry-run --db $D $L");
	assert_non_null(strstr(output.out, "1 added, 0 changed, 2 removed"));
	free_output(&output);
	char *after = scratch_dump(scratch);
	assert_string_equal(after, before);
	g_free(after);
	g_free(before);
}

static void test_bad_input(void **state)
{
	struct scratch *scratch = *state;
	check_run(scratch, "channels --db $D", EXIT_NO_INPUT, "There is no line-up");
	check_run(scratch, "import --db $D $L", EXIT_NO_INPUT,
		"list: error: cannot be read: No such");
	check_run(
		scratch, "import --db $D /tmp", EXIT_NO_INPUT, "/tmp: error: cannot be read: Is a");
	static const char *const bad[] = {"", "\177ELF\x01\x02", "<?xml?>", "#EXTM3U\n"};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		write_list(scratch, bad[i]);
		check_run(scratch, "import --db $D $L", EXIT_BAD_DATA, "list:1: error: ");
	}
	write_list(scratch, "{}");
	check_run(scratch, "import --db $D $L", EXIT_BAD_DATA,
		"list:1: error: not a channel list that zapper knows; it is ignored");
	assert_false(g_file_test(scratch->db, G_FILE_TEST_EXISTS));

	write_list(scratch, two_channels);
	assert_true(g_file_set_contents(scratch->db, "garbage", -1, NULL));
	check_run(scratch, "import --db $D $L", EXIT_BAD_DATA, "left as it is");
	check_run(scratch, "import --dry-run --db $D $L", EXIT_BAD_DATA, "left as it is");
	check_run(scratch, "channels --db $D", EXIT_BAD_DATA, "left as it is");
}

static void test_without_permission(void **state)
{
	struct scratch *scratch = *state;
	write_list(scratch, two_channels);
	check_run(scratch, "import --db $D $L", EXIT_OK, "");
	/* The child's files are there and writable for all; the list and the line-up are not. */
	assert_int_equal(chmod(scratch_path(scratch, "out"), 0666), 0);
	assert_int_equal(chmod(scratch_path(scratch, "err"), 0666), 0);
	assert_int_equal(chmod(scratch->db, 0), 0);
	assert_int_equal(chmod(scratch->folder, 0755), 0);
	if (geteuid() == 0 && seteuid(65534))
		skip_because("root cannot become another user here");
	check_run(scratch, "channels --db $D", EXIT_NO_PERMISSION, "Permission denied");
	check_run(scratch, "import --db $D $L", EXIT_NO_PERMISSION, "Permission denied");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
	assert_int_equal(chmod(scratch_path(scratch, "list"), 0), 0);
	if (geteuid() == 0)
		assert_int_equal(seteuid(65534), 0);
	check_run(scratch, "import --db $D $L", EXIT_NO_PERMISSION, "cannot be read: Permission");
	if (getuid() == 0)
		assert_int_equal(seteuid(0), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_usage),
		TEST(test_import_and_list),
		TEST(test_json),
		TEST(test_json_names_programmes),
		TEST(test_standard_input),
		TEST(test_several_lists_are_all_or_nothing),
		TEST(test_dry_run),
		TEST(test_bad_input),
		TEST(test_without_permission),
	};
	return cmocka_run_group_tests_name("channels_commands", tests, NULL, NULL);
}
