#include "client/play/codec.h"

#define LIBAV "gstreamer1.0-libav"
#define GOOD "gstreamer1.0-plugins-good"
#define BAD "gstreamer1.0-plugins-bad"

static const struct codec codecs[PLAY_CODECS] = {
	[PLAY_CODEC_H264] = {PLAY_VIDEO, "H.264",
		"video/x-h264, stream-format=byte-stream, alignment=au",
		"video/x-h264, stream-format=byte-stream, alignment=au, parsed=true", true, BAD,
		LIBAV},
	[PLAY_CODEC_H265] = {PLAY_VIDEO, "H.265",
		"video/x-h265, stream-format=byte-stream, alignment=au",
		"video/x-h265, stream-format=byte-stream, alignment=au, parsed=true", true, BAD,
		LIBAV},
	/* The parser of MPEG video holds each picture back until the next one begins. */
	[PLAY_CODEC_MPEG1_VIDEO] = {PLAY_VIDEO, "MPEG-1 video",
		"video/mpeg, mpegversion=1, systemstream=false, parsed=true",
		"video/mpeg, mpegversion=1, systemstream=false, parsed=true", false, BAD, LIBAV},
	[PLAY_CODEC_MPEG2_VIDEO] = {PLAY_VIDEO, "MPEG-2 video",
		"video/mpeg, mpegversion=2, systemstream=false, parsed=true",
		"video/mpeg, mpegversion=2, systemstream=false, parsed=true", false, BAD, LIBAV},
	[PLAY_CODEC_AAC] = {PLAY_AUDIO, "AAC", "audio/mpeg, mpegversion=4, stream-format=adts",
		"audio/mpeg, mpegversion=4, stream-format=adts, framed=true", true, GOOD, LIBAV},
	[PLAY_CODEC_AAC_LATM] = {PLAY_AUDIO, "AAC in LATM",
		"audio/mpeg, mpegversion=4, stream-format=loas",
		"audio/mpeg, mpegversion=4, stream-format=loas, framed=true", true, GOOD, LIBAV},
	[PLAY_CODEC_AC3] = {PLAY_AUDIO, "AC-3", "audio/x-ac3",
		"audio/x-ac3, framed=true, alignment=frame", true, GOOD, LIBAV},
	[PLAY_CODEC_EAC3] = {PLAY_AUDIO, "E-AC-3", "audio/x-eac3",
		"audio/x-eac3, framed=true, alignment=frame", true, GOOD, LIBAV},
	[PLAY_CODEC_MPEG_AUDIO] = {PLAY_AUDIO, "MPEG audio", "audio/mpeg, mpegversion=1",
		"audio/mpeg, mpegversion=1, layer=2, parsed=true", true, GOOD, GOOD},
};

const struct codec *codec_get(enum play_codec codec)
{
	if (codec <= PLAY_CODEC_NONE || codec >= PLAY_CODECS)
		return NULL;
	return &codecs[codec];
}
