/*
 * bench/file: a report's file, whole or not at all. It is opened before the run, so that a user
 * learns at once that it cannot be written; until it is committed what was there stays as it is.
 */
#pragma once

#include <stddef.h>

struct bench_file;

/*
 * Opens a temporary file beside `path`, which may be a symbolic link to a file. What is no regular
 * file (a pipe, /dev/stdout) is opened itself. Negative errno, and *ret_why a sentence for the user
 * that names the path, freed with g_free().
 */
int bench_file_open(const char *path, struct bench_file **ret, char **ret_why);

/*
 * Writes the text and puts it into the place of `path`; frees the file. On failure nothing is left
 * behind, and *ret_why as above.
 */
int bench_file_commit(struct bench_file *file, const char *text, size_t size, char **ret_why);

/* Removes the temporary file; accepts NULL. */
void bench_file_discard(struct bench_file *file);
