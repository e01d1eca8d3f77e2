/* receive/adts: AAC frames with ADTS headers (ISO/IEC 14496-3 annex 1.A.2). Pure. */
#pragma once

#include "client/receive/audio.h"

/* The sample rates by their index (ISO/IEC 14496-3 table 1.18), with or without ADTS. */
#define AAC_RATES 13
extern const uint32_t aac_rates_hz[AAC_RATES];

extern const struct audio_codec adts_codec;
