/*
 * tests/unit/client/findings: facts of a healthy box, for tests that change one at a time, and what
 * is said of them.
 */
#pragma once

#include "client/doctor/findings.h"
#include "tests/support/test.h"

/* *state is the struct doctor_facts: eth0, raw, an any-source channel and a source-specific one. */
int healthy_setup(void **state);
int healthy_teardown(void **state);
#define HEALTHY_TEST(function)                                                                     \
	cmocka_unit_test_setup_teardown(function, healthy_setup, healthy_teardown)

/* The first whose sentence has this part, or NULL. */
const struct doctor_finding *find_finding(GPtrArray *findings, const char *part);
/* Something with `part` is said, at that level, and nothing worse; a remedy with `remedy`. */
void expect(const struct doctor_facts *facts, enum doctor_level level, const char *part,
	const char *remedy);
void expect_silence(const struct doctor_facts *facts, const char *part);

/* One more in the line-up; source NULL: any. */
void add_channel(
	struct doctor_facts *facts, const char *number, const char *group, const char *source);
/* A program of this box holds the group. */
void hold(struct doctor_facts *facts, const char *group);
/* A player runs on eth0 with the raw back end, in version 3. */
void run_player(struct doctor_facts *facts);
/* The same with the kernel's, of which it says neither settings nor version. */
void run_kernel_player(struct doctor_facts *facts);
