#include "tests/lab/encode.h"

#include <string.h>

#include <gio/gio.h>
#include <gst/video/video.h>

#include "tests/lab/format.h"
#include "tests/lab/picture.h"
#include "tests/lab/pipeline.h"

enum {
	/* Run-ins: closed GOPs so that rate control has settled, and sound frames for the overlap.
	 */
	RUN_IN_PICTURES = 50, /* at most; whole GOPs of it */
	RUN_IN_FRAMES = 8,
	PICTURE_90K = LAB_PTS_HZ / LAB_PICTURES_PER_S,
	PICTURE_NS = GST_SECOND / LAB_PICTURES_PER_S,
};

struct elementary *elementary_new(void)
{
	struct elementary *elementary = g_new0(struct elementary, 1);
	elementary->bytes = g_byte_array_new();
	elementary->units = g_array_new(FALSE, FALSE, sizeof(struct mux_unit));
	return elementary;
}

void elementary_free(struct elementary *elementary)
{
	if (!elementary)
		return;
	g_byte_array_unref(elementary->bytes);
	g_array_unref(elementary->units);
	g_free(elementary);
}

static void append_unit(struct elementary *elementary, GstBuffer *buffer, int64_t pts_90k)
{
	GstMapInfo map;
	struct mux_unit unit = {.offset = elementary->bytes->len,
		.size = gst_buffer_get_size(buffer),
		.pts_90k = pts_90k,
		.dts_90k = pts_90k,
		.random_access = !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT)};
	if (!gst_buffer_map(buffer, &map, GST_MAP_READ))
		return;
	g_byte_array_append(elementary->bytes, map.data, (guint)map.size);
	gst_buffer_unmap(buffer, &map);
	g_array_append_val(elementary->units, unit);
}

struct video_job {
	struct painter *painter;
	struct elementary *out;
	unsigned run_in, pictures; /* of the clip */
	size_t picture_bytes;
	unsigned fed, taken;
	GstClockTime first_pts; /* x264enc's time stamps begin somewhere of their own */
};

static GstBuffer *feed_picture(void *user)
{
	struct video_job *job = user;
	if (job->fed == job->run_in + job->pictures)
		return NULL;
	unsigned n = job->fed++;
	uint16_t frame = (uint16_t)((n + job->pictures - job->run_in) % job->pictures);
	uint8_t *picture = g_malloc(job->picture_bytes);
	painter_draw(job->painter, frame, picture);
	GstBuffer *buffer = gst_buffer_new_wrapped(picture, job->picture_bytes);
	GST_BUFFER_PTS(buffer) = n * (GstClockTime)PICTURE_NS;
	GST_BUFFER_DURATION(buffer) = PICTURE_NS;
	return buffer;
}

/* Of MPEG video (H.262, 6.3.9): the picture's place in its GOP; -1 when there is no such header. */
static int temporal_reference(const struct elementary *elementary, const struct mux_unit *unit)
{
	const uint8_t *bytes = elementary->bytes->data + unit->offset;
	for (size_t at = 0; at + 6 <= unit->size; at++)
		if (memcmp(bytes + at, "\0\0\1\0", 4) == 0)
			return bytes[at + 4] << 2 | bytes[at + 5] >> 6;
	return -1;
}

static void set_told_pts(GArray *units, const struct elementary *elementary, unsigned gop)
{
	for (guint i = 0; i < units->len; i++) {
		struct mux_unit *unit = &g_array_index(units, struct mux_unit, i);
		int place = temporal_reference(elementary, unit);
		unit->random_access = i % gop == 0;
		unit->pts_90k = ((int64_t)(i / gop * gop) + place) * PICTURE_90K;
	}
}

static bool take_video_unit(void *user, GstSample *sample)
{
	struct video_job *job = user;
	GstBuffer *buffer = gst_sample_get_buffer(sample);
	if (job->taken == 0)
		job->first_pts = GST_BUFFER_PTS(buffer);
	/* Closed GOPs: in decoding order, too, the run-in's units are the first ones. */
	if (job->taken++ >= job->run_in) {
		GstClockTime pts = GST_BUFFER_PTS(buffer) - job->first_pts;
		int64_t n = (int64_t)((pts + PICTURE_NS / 2) / PICTURE_NS) - job->run_in;
		append_unit(job->out, buffer, n * PICTURE_90K);
	}
	return true;
}

/* One DTS per picture time, as early as the reordering makes necessary. */
static void set_dts(GArray *units)
{
	int64_t delay_90k = 0;
	for (guint i = 0; i < units->len; i++)
		delay_90k =
			MAX(delay_90k, i * (int64_t)PICTURE_90K -
					       g_array_index(units, struct mux_unit, i).pts_90k);
	for (guint i = 0; i < units->len; i++)
		g_array_index(units, struct mux_unit, i).dts_90k =
			i * (int64_t)PICTURE_90K - delay_90k;
}

static struct elementary *finish(struct elementary *out, bool ran, guint expected, GError **error)
{
	if (ran && out->units->len == expected)
		return out;
	if (ran)
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED,
			"the encoder made %u access units instead of %u", out->units->len,
			expected);
	elementary_free(out);
	return NULL;
}

struct elementary *encode_video(const struct clip_format *format, const struct codec *codec,
	uint8_t channel, GError **error)
{
	struct video_job job = {.painter = painter_create_for(format, channel),
		.run_in = RUN_IN_PICTURES / format->gop * format->gop,
		.pictures = clip_pictures(format),
		.picture_bytes = clip_picture_bytes(format),
		.out = elementary_new()};
	g_autofree char *caps = g_strdup_printf(
		"video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1,%s,colorimetry=bt709",
		format->width, format->height, LAB_PICTURES_PER_S,
		format->interlaced ? "interlace-mode=interleaved,field-order=top-field-first"
				   : "interlace-mode=progressive");
	struct pipeline_ends ends = {feed_picture, take_video_unit, &job};
	bool ran = pipeline_run(caps, codec->encoder, &ends, error);
	painter_destroy(job.painter);
	if (codec->tells_order)
		set_told_pts(job.out->units, job.out, format->gop);
	set_dts(job.out->units);
	return finish(job.out, ran, job.pictures, error);
}

struct audio_job {
	const struct codec *codec;
	uint8_t channel;
	unsigned seconds; /* of the clip */
	struct elementary *out;
	unsigned frames, fed, taken;
};

static GstBuffer *feed_sound(void *user)
{
	struct audio_job *job = user;
	/* One frame more than is needed behind the delay, because the last one may be cut short. */
	if (job->fed == RUN_IN_FRAMES + job->frames + job->codec->delay_frames + 1)
		return NULL;
	unsigned samples = job->codec->frame_samples, n = job->fed++;
	uint64_t first =
		(uint64_t)(n + job->frames - RUN_IN_FRAMES) * samples + job->codec->delay_samples;
	gsize size = (gsize)samples * LAB_AUDIO_CHANNELS * sizeof(int16_t);
	int16_t *sound = g_malloc(size);
	sound_render(job->channel, job->seconds, first, samples, sound);
	GstBuffer *buffer = gst_buffer_new_wrapped(sound, size);
	GST_BUFFER_PTS(buffer) = gst_util_uint64_scale(n, samples * GST_SECOND, LAB_AUDIO_RATE_HZ);
	GST_BUFFER_DURATION(buffer) =
		gst_util_uint64_scale(1, samples * GST_SECOND, LAB_AUDIO_RATE_HZ);
	return buffer;
}

static bool take_audio_unit(void *user, GstSample *sample)
{
	struct audio_job *job = user;
	unsigned skipped = RUN_IN_FRAMES + job->codec->delay_frames, n = job->taken++;
	if (n >= skipped && n < skipped + job->frames) {
		int64_t samples = (int64_t)(n - skipped) * job->codec->frame_samples;
		append_unit(job->out, gst_sample_get_buffer(sample),
			samples * LAB_PTS_HZ / LAB_AUDIO_RATE_HZ);
	}
	return true;
}

struct elementary *encode_audio(const struct clip_format *format, const struct codec *codec,
	uint8_t channel, GError **error)
{
	struct audio_job job = {.codec = codec,
		.channel = channel,
		.seconds = format->seconds,
		.out = elementary_new()};
	job.frames = format->seconds * LAB_AUDIO_RATE_HZ / codec->frame_samples;
	g_autofree char *caps =
		g_strdup_printf("audio/x-raw,format=S16LE,layout=interleaved,rate=%d,channels=%d",
			LAB_AUDIO_RATE_HZ, LAB_AUDIO_CHANNELS);
	struct pipeline_ends ends = {feed_sound, take_audio_unit, &job};
	bool ran = pipeline_run(caps, codec->encoder, &ends, error);
	return finish(job.out, ran, job.frames, error);
}

struct decode_job {
	const struct clip_format *format;
	const struct elementary *video;
	unsigned fed, taken;
	bool (*take)(void *user, unsigned n, const uint8_t *i420);
	void *user;
	uint8_t *picture;
};

static GstBuffer *feed_unit(void *user)
{
	struct decode_job *job = user;
	if (job->fed == job->video->units->len)
		return NULL;
	const struct mux_unit *unit =
		&g_array_index(job->video->units, struct mux_unit, job->fed++);
	GstBuffer *buffer =
		gst_buffer_new_memdup(job->video->bytes->data + unit->offset, unit->size);
	GST_BUFFER_PTS(buffer) =
		gst_util_uint64_scale((guint64)unit->pts_90k, GST_SECOND, LAB_PTS_HZ);
	if (!unit->random_access)
		GST_BUFFER_FLAG_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
	return buffer;
}

static void copy_plane(const GstVideoFrame *frame, guint plane, int width, int height, uint8_t *out)
{
	const uint8_t *row = GST_VIDEO_FRAME_PLANE_DATA(frame, plane);
	for (int y = 0; y < height; y++, row += GST_VIDEO_FRAME_PLANE_STRIDE(frame, plane))
		memcpy(out + (gsize)y * width, row, (size_t)width);
}

static bool take_decoded(void *user, GstSample *sample)
{
	struct decode_job *job = user;
	GstVideoInfo info;
	GstVideoFrame frame;
	int width = job->format->width, height = job->format->height;
	if (!gst_video_info_from_caps(&info, gst_sample_get_caps(sample)) ||
		GST_VIDEO_INFO_WIDTH(&info) != width || GST_VIDEO_INFO_HEIGHT(&info) != height ||
		!gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ))
		return false;
	gsize luma = (gsize)width * (gsize)height;
	copy_plane(&frame, 0, width, height, job->picture);
	copy_plane(&frame, 1, width / 2, height / 2, job->picture + luma);
	copy_plane(&frame, 2, width / 2, height / 2, job->picture + luma + luma / 4);
	gst_video_frame_unmap(&frame);
	return job->take(job->user, job->taken++, job->picture);
}

bool decode_video(const struct clip_format *format, const struct codec *codec,
	const struct elementary *video, bool (*take)(void *user, unsigned n, const uint8_t *i420),
	void *user, GError **error)
{
	struct decode_job job = {.format = format, .video = video, .take = take, .user = user};
	job.picture = g_malloc(clip_picture_bytes(format));
	struct pipeline_ends ends = {feed_unit, take_decoded, &job};
	g_autofree char *elements = g_strdup_printf("%s ! video/x-raw,format=I420", codec->decoder);
	bool ran = pipeline_run(codec->caps, elements, &ends, error);
	g_free(job.picture);
	return ran;
}
