/* system/support/benchmark: a `zapper bench` in the box: started, waited for, and what it wrote. */
#pragma once

#include <jansson.h>

#include "tests/system/support/lab.h"

/*
 * Starts it with these arguments (NULL-terminated); before them come the lab's line-up and
 * interface, unless the first one is --read, --compare or --self-test.
 */
pid_t benchmark_start(const struct lab *lab, const char *const *more);
/* Waits for its end; its exit code. */
int benchmark_wait(pid_t pid, unsigned limit_ms);
/* Both, for what is soon over. */
int benchmark_run(const struct lab *lab, const char *const *more);
#define benchmark_do(lab, ...) benchmark_run(lab, (const char *const[]){__VA_ARGS__, NULL})

/* What the last one said; free with g_free. */
char *benchmark_output(const struct lab *lab);
char *benchmark_errors(const struct lab *lab);

/* A JSON file of the test's folder by its name, which must be there. */
json_t *benchmark_report(const struct lab *lab, const char *name);
