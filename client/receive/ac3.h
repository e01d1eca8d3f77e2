/* receive/ac3: frames of AC-3 (ETSI TS 102 366 sections 4.3 and 4.4.1). Pure. */
#pragma once

#include "client/receive/audio.h"

/* By fscod; of E-AC-3 the same. */
extern const uint32_t ac3_rates_hz[3];

extern const struct audio_codec ac3_codec;
