/*
 * receive/mpeg_audio: frames of MPEG audio, layers I to III, of MPEG-1 (ISO/IEC 11172-3 section
 * 2.4.1.3), MPEG-2 (13818-3 section 2.4.2.3) and "2.5". Pure. Free format has no length, and is not
 * read.
 */
#pragma once

#include "client/receive/audio.h"

extern const struct audio_codec mpeg_audio_codec;
