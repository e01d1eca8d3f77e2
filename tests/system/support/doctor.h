/*
 * system/support/doctor: what the tests of `zapper doctor` share: one run of it in the box and what
 * it has said, and neighbours that it has to find.
 */
#pragma once

#include <sys/types.h>

#include <jansson.h>

#include "tests/system/support/stage.h"

/* What one run has said; freed with said_clear(). */
struct said {
	int code;
	json_t *json;
	char *errors;
};

/* Called between two looks whether it has ended. */
typedef void meanwhile_fn(struct stage *stage);

/*
 * On eth0, beside stage->player where there is one. `before` and `more` go before and after the
 * arguments; they and `meanwhile` may be NULL.
 */
struct said doctor_run(struct stage *stage, const char *const *before, const char *const *more,
	meanwhile_fn *meanwhile);
void said_clear(struct said *said);

/* The level of the finding whose sentence has this part; NULL where there is none. */
const char *said_level(const struct said *said, const char *part);
void said_expect(const struct said *said, const char *level, const char *part);

/* For `before`: without CAP_NET_RAW. */
extern const char *const doctor_no_net_raw[];

/* A program that has joined 239.1.1.3, and 232.1.1.4 from 10.0.1.10. */
pid_t doctor_hold_groups(struct stage *stage);
void doctor_release_groups(pid_t holder);

/* A general query that somebody on the line asks. */
void doctor_ask(struct stage *stage, const char *source, unsigned version);
