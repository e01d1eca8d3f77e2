#include "tests/unit/channels/shell.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "client/commands.h"
#include "tests/support/test.h"

static void redirect(int from, int to)
{
	if (from < 0 || dup2(from, to) < 0)
		_exit(99);
	close(from);
}

/* Takes the descriptors over. */
static pid_t start(struct scratch *scratch, const char *arguments, const int descriptors[3])
{
	GString *words = g_string_new("import ");
	g_string_append(words, arguments);
	g_string_replace(words, "$D", scratch->db, 0);
	g_string_replace(words, "$F", scratch->folder, 0);
	char **argv = g_strsplit(words->str, " ", -1);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		for (int i = 0; i < 3; i++)
			redirect(descriptors[i], i);
		/* Also the other ends of what it reads. */
		closefrom(STDERR_FILENO + 1);
		int code = command_import((int)g_strv_length(argv), argv);
		fflush(NULL);
		_exit(code);
	}
	for (int i = 0; i < 3; i++)
		close(descriptors[i]);
	g_strfreev(argv);
	g_string_free(words, TRUE);
	return pid;
}

static int code_of(pid_t pid)
{
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int open_output(struct scratch *scratch, const char *name)
{
	return open(scratch_path(scratch, name), O_RDWR | O_CREAT | O_TRUNC, 0600);
}

static int open_input(const char *path)
{
	return open(path ? path : "/dev/null", O_RDONLY);
}

struct shell_output shell_import(struct scratch *scratch, const char *input, const char *arguments)
{
	struct shell_output output;
	const int descriptors[] = {
		open_input(input), open_output(scratch, "out"), open_output(scratch, "err")};
	output.code = code_of(start(scratch, arguments, descriptors));
	assert_true(g_file_get_contents(scratch_path(scratch, "out"), &output.out, NULL, NULL));
	assert_true(g_file_get_contents(scratch_path(scratch, "err"), &output.err, NULL, NULL));
	return output;
}

void shell_output_clear(struct shell_output *output)
{
	g_free(output->out);
	g_free(output->err);
}

static void expect_text(struct scratch *scratch, const char *got, const char *expected)
{
	GString *text = g_string_new(got);
	g_string_replace(text, scratch->folder, "$F", 0);
	assert_string_equal(text->str, expected);
	g_string_free(text, TRUE);
}

void shell_expect(
	struct scratch *scratch, const char *arguments, int code, const char *out, const char *err)
{
	struct shell_output output = shell_import(scratch, NULL, arguments);
	expect_text(scratch, output.err, err);
	expect_text(scratch, output.out, out);
	assert_int_equal(output.code, code);
	shell_output_clear(&output);
}

/* Until its other end is closed. */
static char *read_terminal(int terminal, void (*feed)(void *ctx, const char *seen), void *ctx)
{
	GString *text = g_string_new(NULL);
	struct pollfd pollfd = {.fd = terminal, .events = POLLIN};
	char piece[4096];
	ssize_t got = 1;
	while (got > 0) {
		if (feed && poll(&pollfd, 1, 10) == 0) {
			feed(ctx, text->str);
			continue;
		}
		got = read(terminal, piece, sizeof piece);
		g_string_append_len(text, piece, MAX(got, 0));
	}
	return g_string_free(text, FALSE);
}

char *shell_import_on_terminal(struct scratch *scratch, const char *arguments,
	void (*feed)(void *ctx, const char *seen), void *ctx)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal));
	const int descriptors[] = {open_input(NULL), open_output(scratch, "out"),
		open(ptsname(terminal), O_RDWR | O_NOCTTY)};
	pid_t pid = start(scratch, arguments, descriptors);
	char *text = read_terminal(terminal, feed, ctx);
	close(terminal);
	assert_int_equal(code_of(pid), 0);
	return text;
}

void shell_write(struct scratch *scratch, const char *name, const char *bytes, size_t size)
{
	assert_true(g_file_set_contents(scratch_path(scratch, name), bytes, (gssize)size, NULL));
}
