/* receive/adts: AAC frames with ADTS headers (ISO/IEC 14496-3 annex 1.A.2). Pure. */
#pragma once

#include "client/receive/audio.h"

extern const struct audio_codec adts_codec;
