#include "tests/lab/recipe.h"

#include <string.h>

#include <glib.h>

/*
 * x264: CABAC, 8x8 transform (High profile), two B pictures between references and no others. One
 * thread each, since clips are encoded side by side. The sizes of pictures follow from bitrate,
 * buffer and ipratio together with the texture and grain of picture.c.
 */
#define X264(MORE, GOP)                                                                            \
	{                                                                                          \
		.encoder = "x264enc speed-preset=superfast threads=1 bitrate=3300 "                \
			   "vbv-buf-capacity=330 key-int-max=" GOP " bframes=2 b-adapt=false "     \
			   "rc-lookahead=10 ip-factor=1.4 " MORE                                   \
			   "option-string=\"scenecut=0:open-gop=0:"                                \
			   "b-pyramid=none:min-keyint=" GOP ":keyint=" GOP "\" ! "                 \
			   "video/x-h264,profile=high,stream-format=byte-stream,alignment=au",     \
		.decoder = "avdec_h264",                                                           \
		.caps = "video/x-h264,stream-format=byte-stream,alignment=au",                     \
		.stream_type = 0x1B, .stream_id = 0xE0, .unbounded = true,                         \
	}

#define AAC                                                                                        \
	{                                                                                          \
		.encoder = "audioconvert ! avenc_aac bitrate=128000 ! aacparse ! "                 \
			   "audio/mpeg,mpegversion=4,stream-format=adts",                          \
		.stream_type = 0x0F, .stream_id = 0xC0, .frame_samples = 1024, .delay_frames = 1,  \
	}

/* ETSI EN 300 468, D.3: private data, and an AC-3 descriptor without any of its options. */
static const uint8_t ac3_descriptor[] = {0x6A, 1, 0};

static const struct recipe h264_aac = {.video = X264("", "50"), .audio = AAC};
static const struct recipe h264_aac_gop12 = {.video = X264("", "12"), .audio = AAC};
static const struct recipe h264_aac_interlaced = {
	.video = X264("interlaced=true ", "50"), .audio = AAC};

/* avenc_mpeg2video of 1.22 refuses every frame rate. */
static const struct recipe mpeg2_mp2 = {
	.video = {.encoder = "mpeg2enc format=3 bitrate=3300 bufsize=140 min-gop-size=50 "
			     "max-gop-size=50 closed-gop=true b-per-refframe=2 interlace-mode=0 "
			     "reduction-4x4=4 reduction-2x2=4 sequence-header-every-gop=true "
			     "constraints=false",
		.decoder = "avdec_mpeg2video",
		.caps = "video/mpeg,mpegversion=2,systemstream=false,parsed=true",
		.tells_order = true,
		.stream_type = 0x02,
		.stream_id = 0xE0,
		.unbounded = true},
	/* Its filter bank is 481 samples behind. */
	.audio = {.encoder = "audioconvert ! avenc_mp2 bitrate=192000",
		.stream_type = 0x04,
		.stream_id = 0xC0,
		.frame_samples = 1152,
		.delay_samples = 481},
};

static const struct recipe h265_ac3 = {
	.video = {.encoder = "x265enc speed-preset=superfast tune=0 bitrate=3300 key-int-max=50 "
			     "option-string=\"keyint=50:min-keyint=50:scenecut=0:open-gop=0:"
			     "bframes=2:b-adapt=0:b-pyramid=0:repeat-headers=1:rc-lookahead=10:"
			     "vbv-maxrate=3300:vbv-bufsize=1100:pools=1:frame-threads=1\" ! "
			     "video/x-h265,stream-format=byte-stream,alignment=au",
		.decoder = "avdec_h265",
		.caps = "video/x-h265,stream-format=byte-stream,alignment=au",
		.stream_type = 0x24,
		.stream_id = 0xE0,
		.unbounded = true},
	.audio = {.encoder = "audioconvert ! avenc_ac3 bitrate=192000",
		.stream_type = 0x06,
		.stream_id = 0xBD,
		.frame_samples = 1536,
		.delay_samples = 256,
		.descriptors = ac3_descriptor,
		.descriptors_bytes = sizeof ac3_descriptor},
};

const struct recipe *recipe_of(const struct clip_format *format)
{
	static const struct {
		const char *name;
		const struct recipe *recipe;
	} others[] = {
		{"mpeg2-mp2-v1", &mpeg2_mp2},
		{"h265-ac3-v1", &h265_ac3},
		{"h264-1080i-v1", &h264_aac_interlaced},
		{"h264-gop12-v1", &h264_aac_gop12},
	};
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		if (strcmp(others[i].name, format->name) == 0)
			return others[i].recipe;
	return &h264_aac;
}
