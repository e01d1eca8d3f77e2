/*
 * tests/support/audio_writer: frames of coded audio for tests, with headers that are right and
 * bodies of `fill`. To be freed with g_byte_array_unref().
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* AC-3 at 48 kHz; frmsizecod 0 is 128 bytes, 4 is 192. */
GByteArray *audio_writer_ac3(unsigned frmsizecod, uint8_t fill);
/* E-AC-3 at 48 kHz; numblkscod 0 to 3 is 1, 2, 3 or 6 blocks; `len` is even. */
GByteArray *audio_writer_eac3(
	unsigned strmtyp, unsigned substreamid, unsigned numblkscod, unsigned len, uint8_t fill);
/* MPEG audio with indices as in its header; `len` as they say. */
GByteArray *audio_writer_mpeg(bool mpeg1, unsigned layer, unsigned rate_index,
	unsigned bitrate_index, size_t len, uint8_t fill);
/* AAC LC in LATM and LOAS, with `config` or without; `subframes` at least 1. */
GByteArray *audio_writer_latm(
	bool config, unsigned rate_index, unsigned subframes, unsigned len, uint8_t fill);
