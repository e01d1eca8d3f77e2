/*
 * receive/bits: reads fields of any number of bits, most significant first, as all the standards
 * here write them. Pure. Behind the end everything is 0, and `overrun` says so.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bits {
	const uint8_t *at, *end;
	bool escaped;	    /* bytes of emulation prevention are left out */
	unsigned zeros;	    /* bytes of 0 before `at` */
	unsigned bits_left; /* of `byte` */
	uint8_t byte;
	bool overrun;
};

/* `escaped`: a NAL unit, where the 3 of 00 00 03 does not count (ITU-T H.264 section 7.3.1). */
void bits_init(struct bits *b, const uint8_t *data, size_t len, bool escaped);
uint32_t bits_read(struct bits *b, unsigned n); /* n up to 32 */
void bits_skip(struct bits *b, size_t n);
/* ue(v) and se(v) of H.264 section 9.1; one of more than 31 leading zeros gives 0. */
uint32_t bits_ue(struct bits *b);
int32_t bits_se(struct bits *b);
