/*
 * bench/file: a report's file, whole or not at all. It is opened before the run, so that a user
 * learns at once that it cannot be written; until it is committed what was there stays as it is.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bench_file;

/*
 * Opens what will take the place of `path`, which may be a symbolic link to a file, or to where one
 * is to be made. What is no regular file is opened itself: a pipe only where somebody reads from
 * it. /dev/stdout, /dev/fd/N and the like are that descriptor, wherever it leads: it is written to
 * where it stands. Negative errno, and *ret_why a sentence for the user that names the path, freed
 * with g_free(). Does not block.
 */
int bench_file_open(const char *path, struct bench_file **ret, char **ret_why);

/* Is it standard output? */
bool bench_file_is_output(const struct bench_file *file);

/*
 * Would a report in `path` take the place of `other`, or be lost in it? Not where that is a device
 * or a pipe. Neither needs to be there.
 */
bool bench_file_is_same(const char *path, const char *other);

/*
 * Writes the text and puts it into the place of `path`; frees the file. On failure nothing is left
 * behind, and *ret_why as above.
 */
int bench_file_commit(struct bench_file *file, const char *text, size_t size, char **ret_why);

/* Leaves everything as it was; accepts NULL. */
void bench_file_discard(struct bench_file *file);
