/*
 * system/support/attack: what the tests of attacks share: players that see several of them, what
 * these say of themselves, and zaps that have to work as if nothing had happened.
 */
#pragma once

#include "tests/system/support/stage.h"

enum {
	ATTACK_PICTURE_LIMIT_MS = 6000, /* a GOP, a buffer model's delay, and a slow machine */
	ATTACK_REPORT_MAX_MS = 200,	/* from the request: generous, machines differ */
	/* Of the player's memory: pictures in flight come and go, and a flood is as many packets as
	 * to show what keeps 200 bytes of each. */
	ATTACK_GROWTH_MAX_KIB = 16384,
	ATTACK_STRANGER = 0x0a000242, /* 10.0.2.66 */
};
#define ATTACK_STRANGER_TEXT "10.0.2.66"

/* Plays channel 1 unless the player of an earlier test is still there: what an attack leaves behind
 * meets the next one. */
int attack_begin_shared(void **state);
/* Stops a flood that a failed test has left. */
int attack_end_shared(void **state);
#define ATTACK_SHARED_TEST(function)                                                               \
	cmocka_unit_test_setup_teardown(function, attack_begin_shared, attack_end_shared)
/* The last of them: the player has been seen through to its end. */
#define ATTACK_LAST_TEST(function)                                                                 \
	cmocka_unit_test_setup_teardown(function, attack_begin_shared, stage_end)

/* Without a player of earlier tests; attack_play starts one with these
 * arguments, and awaits channel 1.
 */
int attack_begin_own(void **state);
#define ATTACK_OWN_TEST(function)                                                                  \
	cmocka_unit_test_setup_teardown(function, attack_begin_own, stage_end)
void attack_play(struct stage *stage, const char *const *more);

/* A number in a part of a command's answer, which must be there. */
int64_t attack_number(struct stage *stage, const char *cmd, const char *part, const char *name);
/* A counter of 'ctl igmp'. */
int64_t attack_counter(struct stage *stage, const char *name);
/* Until a counter has got there: what was sent is read by and by. */
void attack_await_counter(struct stage *stage, const char *name, int64_t least);
int attack_channel(struct stage *stage);
long attack_resident_kib(struct stage *stage);

/* Tunes; the report has both records and comes at once. Returns after how long, in ms. */
double attack_expect_report(struct stage *stage, int to);
/* The same, and the new channel's pictures come, each of them whole. */
void attack_expect_zap(struct stage *stage, int to);
/* To the channel above: any-source and source-specific by turns. */
void attack_expect_next_zap(struct stage *stage);

/* An IGMP message that the box sent at *(const uint64_t *)ctx (CLOCK_REALTIME) or later. */
capture_match attack_is_message_since;
