/*
 * tests/support/test: what every test file includes. cmocka with the headers that it wants, and a
 * skip that says why: tests/report lists each skipped test with its reason, and counts as a failure,
 * for root, one that tests/skips.allowed does not name.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* Appends "group.test: reason" to the file named in ZAPPER_SKIP_REASONS, which tests/report reads. */
static inline void note_skip(const char *test, const char *reason)
{
	const char *path = getenv("ZAPPER_SKIP_REASONS");
	FILE *file = path ? fopen(path, "a") : NULL;
	if (file) {
		fprintf(file, "%s: %s\n", test, reason);
		fclose(file);
	}
	print_message("skipped %s: %s\n", test, reason);
}

#define skip_because(reason)                                                                       \
	do {                                                                                       \
		note_skip(__func__, reason);                                                       \
		skip();                                                                            \
	} while (0)
