/* tests/unit/channels/shell: `zapper import` as a shell sees it: exit code and what is printed
 * where. */
#pragma once

#include "tests/unit/channels/scratch.h"

struct shell_output {
	int code;
	char *out;
	char *err;
};

/*
 * Runs "import ARGUMENTS" in a child. In the arguments, which are separated by blanks, "$F" is the
 * scratch folder and "$D" its line-up. Standard input is the file `input`, or nothing (NULL).
 */
struct shell_output shell_import(struct scratch *scratch, const char *input, const char *arguments);
void shell_output_clear(struct shell_output *output);

/* The same, and asserts the exit code, all of standard output, and all of standard error; in both
 * the scratch folder's path reads "$F". */
void shell_expect(
	struct scratch *scratch, const char *arguments, int code, const char *out, const char *err);

/*
 * The same with a terminal as standard error; returns what came there (freed with g_free()).
 * `feed` is called, with what came so far, whenever nothing comes, and may give the child its
 * input.
 */
char *shell_import_on_terminal(struct scratch *scratch, const char *arguments,
	void (*feed)(void *ctx, const char *seen), void *ctx);

/* Writes a file into the scratch folder. */
void shell_write(struct scratch *scratch, const char *name, const char *bytes, size_t size);
#define SHELL_WRITE(scratch, name, text) shell_write(scratch, name, text, sizeof(text) - 1)
