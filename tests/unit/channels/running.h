/* tests/unit/channels/running: a command as a shell sees it: exit code and what is printed where.
 */
#pragma once

#include "tests/unit/channels/scratch.h"

typedef int (*command_fn)(int argc, char **argv);

struct run {
	int code;
	char *out;
	char *err;
};

/*
 * Runs the command in a child; `line` is as a shell's, with "$D" for the scratch folder's line-up.
 * Freed with run_clear().
 */
struct run run_command(struct scratch *scratch, command_fn command, const char *line);
/* The same with a terminal of so many columns as standard output. */
struct run run_on_terminal(
	struct scratch *scratch, command_fn command, const char *line, unsigned columns);
void run_clear(struct run *run);

/* Asserts the exit code, and that standard error has `err` in it. */
void check_command(
	struct scratch *scratch, command_fn command, const char *line, int code, const char *err);
