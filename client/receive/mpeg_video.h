/*
 * receive/mpeg_video: what the parts of MPEG-1 and MPEG-2 video tell of their access unit (ISO/IEC
 * 11172-2 section 2.4, 13818-2 sections 6.2 and 6.3). The two fields of a frame make one unit.
 * Pure.
 */
#pragma once

#include "client/receive/video.h"

extern const struct video_codec mpeg_video_codec;
