#include "tests/unit/channels/running.h"

#include <fcntl.h>
#include <pty.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/test.h"

static void redirect(int fd, const char *path)
{
	int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0666);
	if (file < 0 || dup2(file, fd) < 0)
		_exit(99);
	close(file);
}

static char **words_of(struct scratch *scratch, const char *line)
{
	GString *text = g_string_new(line);
	char **words = NULL;
	g_string_replace(text, "$D", scratch->db, 0);
	assert_true(g_shell_parse_argv(text->str, NULL, &words, NULL));
	g_string_free(text, TRUE);
	return words;
}

static void run_child(struct scratch *scratch, command_fn command, char **words)
{
	redirect(STDERR_FILENO, scratch_path(scratch, "err"));
	int code = command((int)g_strv_length(words), words);
	fflush(NULL);
	_exit(code);
}

static struct run finish(struct scratch *scratch, pid_t pid, char *out)
{
	struct run run = {.out = out};
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	run.code = WEXITSTATUS(status);
	if (!out)
		assert_true(
			g_file_get_contents(scratch_path(scratch, "out"), &run.out, NULL, NULL));
	assert_true(g_file_get_contents(scratch_path(scratch, "err"), &run.err, NULL, NULL));
	return run;
}

struct run run_command(struct scratch *scratch, command_fn command, const char *line)
{
	char **words = words_of(scratch, line);
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		redirect(STDOUT_FILENO, scratch_path(scratch, "out"));
		run_child(scratch, command, words);
	}
	g_strfreev(words);
	return finish(scratch, pid, NULL);
}

/* Until the child has closed its end, which reads as an error. */
static char *read_terminal(int fd)
{
	GString *text = g_string_new(NULL);
	char piece[4096];
	ssize_t got;
	while ((got = read(fd, piece, sizeof piece)) > 0)
		g_string_append_len(text, piece, got);
	close(fd);
	g_string_replace(text, "\r\n", "\n", 0);
	return g_string_free(text, FALSE);
}

struct run run_on_terminal(
	struct scratch *scratch, command_fn command, const char *line, unsigned columns)
{
	const struct winsize size = {.ws_row = 25, .ws_col = (unsigned short)columns};
	char **words = words_of(scratch, line);
	int terminal;
	fflush(NULL);
	pid_t pid = forkpty(&terminal, NULL, NULL, &size);
	if (pid < 0) {
		g_strfreev(words);
		skip_because("there are no terminals here");
	}
	if (pid == 0)
		run_child(scratch, command, words);
	g_strfreev(words);
	return finish(scratch, pid, read_terminal(terminal));
}

void run_clear(struct run *run)
{
	g_free(run->out);
	g_free(run->err);
}

void check_command(
	struct scratch *scratch, command_fn command, const char *line, int code, const char *err)
{
	struct run run = run_command(scratch, command, line);
	if (run.code != code || !strstr(run.err, err))
		fail_msg("%s: exit %d, %s", line, run.code, run.err);
	run_clear(&run);
}
