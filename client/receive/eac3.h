/*
 * receive/eac3: frames of E-AC-3 (ETSI TS 102 366 annex E, sections E.1.2 and E.1.3.1). Pure. The
 * frames of dependent and further substreams belong to the frame of substream 0 before them, and
 * come out in one with it where they lie in the same PES packet.
 */
#pragma once

#include "client/receive/audio.h"

extern const struct audio_codec eac3_codec;
