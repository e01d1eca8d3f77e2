#include "client/play/codec.h"

#define LIBAV "gstreamer1.0-libav"
#define GOOD "gstreamer1.0-plugins-good"
#define BAD "gstreamer1.0-plugins-bad"

#define H26X(type) type ", stream-format=byte-stream, alignment=au"
#define MPEG_VIDEO(version) "video/mpeg, mpegversion=" version ", systemstream=false, parsed=true"
#define AAC(format) "audio/mpeg, mpegversion=4, stream-format=" format

static const struct codec codecs[PLAY_CODECS] = {
	[PLAY_CODEC_H264] = {.kind = PLAY_VIDEO,
		.name = "H.264",
		.caps = H26X("video/x-h264"),
		.parsed_caps = H26X("video/x-h264") ", parsed=true",
		.parser_package = BAD,
		.decoder_package = LIBAV},
	[PLAY_CODEC_H265] = {.kind = PLAY_VIDEO,
		.name = "H.265",
		.caps = H26X("video/x-h265"),
		.parsed_caps = H26X("video/x-h265") ", parsed=true",
		.parser_package = BAD,
		.decoder_package = LIBAV},
	/* Its parser holds each picture back until the next one begins, and decoders need none. */
	[PLAY_CODEC_MPEG1_VIDEO] = {.kind = PLAY_VIDEO,
		.name = "MPEG-1 video",
		.caps = MPEG_VIDEO("1"),
		.parsed_caps = MPEG_VIDEO("1"),
		.decoder_package = LIBAV},
	[PLAY_CODEC_MPEG2_VIDEO] = {.kind = PLAY_VIDEO,
		.name = "MPEG-2 video",
		.caps = MPEG_VIDEO("2"),
		.parsed_caps = MPEG_VIDEO("2"),
		.decoder_package = LIBAV},
	[PLAY_CODEC_AAC] = {.kind = PLAY_AUDIO,
		.name = "AAC",
		.caps = AAC("adts"),
		.parsed_caps = AAC("adts") ", framed=true",
		.parser_package = GOOD,
		.decoder_package = LIBAV},
	/*
	 * Its parser (1.22) forgets the configuration that it has just read, looks for the next one
	 * inside other frames, and may take what it finds there for ADTS.
	 */
	[PLAY_CODEC_AAC_LATM] = {.kind = PLAY_AUDIO,
		.name = "AAC in LATM",
		.caps = AAC("loas") ", framed=true",
		.parsed_caps = AAC("loas") ", framed=true",
		.decoder_package = LIBAV},
	[PLAY_CODEC_AC3] = {.kind = PLAY_AUDIO,
		.name = "AC-3",
		.caps = "audio/x-ac3",
		.parsed_caps = "audio/x-ac3, framed=true, alignment=frame",
		.parser_package = GOOD,
		.decoder_package = LIBAV},
	[PLAY_CODEC_EAC3] = {.kind = PLAY_AUDIO,
		.name = "E-AC-3",
		.caps = "audio/x-eac3",
		.parsed_caps = "audio/x-eac3, framed=true, alignment=frame",
		.parser_package = GOOD,
		.decoder_package = LIBAV},
	/* The layer is known with the first frame only, and may change. */
	[PLAY_CODEC_MPEG_AUDIO] = {.kind = PLAY_AUDIO,
		.name = "MPEG audio",
		.caps = "audio/mpeg, mpegversion=1",
		.parsed_caps = "audio/mpeg, mpegversion=1, layer=[1,3], rate=48000, channels=2, "
			       "parsed=true",
		.layers = true,
		.parser_package = GOOD,
		.decoder_package = GOOD},
};

const struct codec *codec_get(enum play_codec codec)
{
	if (codec <= PLAY_CODEC_NONE || codec >= PLAY_CODECS)
		return NULL;
	return &codecs[codec];
}
