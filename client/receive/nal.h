/*
 * receive/nal: what H.264 and H.265 have in common: start codes before NAL units (annex B of both)
 * and SEI messages. MPEG video has the same start codes (ISO/IEC 13818-2 section 6.2.1). Pure.
 */
#pragma once

#include "client/receive/bits.h"

#define START_CODE_BYTES 3 /* 00 00 01 */

/*
 * The first start code in [from, end), which may go on behind `end` of the search but not of the
 * data; `end` when there is none.
 */
const uint8_t *start_code_find(const uint8_t *from, const uint8_t *end);

/*
 * Looks for the SEI message of type `type` in an SEI NAL unit whose header was read from *b (H.264
 * section 7.3.2.3.1, H.265 section 7.3.5). True with *b at its payload.
 */
bool nal_find_sei(struct bits *b, unsigned type);
