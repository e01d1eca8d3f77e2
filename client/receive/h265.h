/*
 * receive/h265: what NAL units of H.265 tell of their access unit (ITU-T H.265 annex B, sections
 * 7.3.1.2, 7.3.6.1, 7.4.2.2, 7.4.2.4.4 and D.2.8). Each field is a picture and a unit of its own,
 * as in the standard. Pure.
 */
#pragma once

#include "client/receive/video.h"

extern const struct video_codec h265_codec;
