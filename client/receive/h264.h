/*
 * receive/h264: what NAL units of H.264 tell of their access unit (ITU-T H.264 annex B, sections
 * 7.3.2.1 to 7.3.3, 7.4.1.2.3 and D.1.8). The two fields of a frame make one unit. Pure.
 */
#pragma once

#include "client/receive/video.h"

extern const struct video_codec h264_codec;
