/*
 * app/self_test: how far the tool's stamps of arrival are from the truth. Known delays are fed to
 * what measures a zap: a press is scheduled, a datagram is sent to this machine itself a known time
 * later, and first_packet is worked out as in every run: the kernel's arrival stamp, its
 * conversion, zap's record, the figure. How late a press is made is no part of it, as figures count
 * from when it was due (a run notes it beside); nor are a report's, a picture's and a sound's
 * stamps, which need somebody outside: see tests/bench/exactness.
 */
#pragma once

#include "client/bench/result.h"

/* More at p99 is too much to tell players apart by. */
#define SELF_TEST_P99_MAX_MS 0.2

/*
 * Runs a loop of its own, in any thread. Takes about `count` times 6 ms. Needs the loopback
 * interface. *ret->count may be a little smaller: delays that are not known exactly, because the
 * sender was scheduled away, are left out. -errno, with *ret_why a sentence, freed with g_free().
 */
int self_test_run(uint32_t count, struct bench_self_test *ret, char **ret_why);
