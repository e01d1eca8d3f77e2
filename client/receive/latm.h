/*
 * receive/latm: AAC in LATM, framed by LOAS (ISO/IEC 14496-3 sections 1.7.2 and 1.7.3). Pure. A
 * frame is an AudioSyncStream element; those before the first StreamMuxConfig are of no use.
 */
#pragma once

#include "client/receive/audio.h"

extern const struct audio_codec latm_codec;
