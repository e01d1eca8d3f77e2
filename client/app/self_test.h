/*
 * app/self_test: how far the tool's own figures are from the truth. Known delays are fed to what
 * measures a zap: a press is scheduled, a datagram is sent to this machine itself a known time
 * later, and first_packet is worked out as in every run: the timer, the kernel's arrival stamp, its
 * conversion, zap's record, the figure.
 */
#pragma once

#include "client/bench/result.h"

/*
 * Takes about `count` times 6 ms. Needs the loopback interface. *ret->count may be a little
 * smaller: delays that are not known exactly, because the sender was scheduled away, are left out.
 * -errno, with *ret_why a sentence, freed with g_free().
 */
int self_test_run(uint32_t count, struct bench_self_test *ret, char **ret_why);
