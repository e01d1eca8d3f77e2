#include "tests/lab/clip.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/encode.h"
#include "tests/lab/format.h"
#include "tests/lab/mark.h"
#include "tests/lab/mux.h"
#include "tests/lab/recipe.h"
#include "tests/lab/sums.h"

enum {
	PMT_PID = 0x100,
	VIDEO_PID = 0x101,
	AUDIO_PID = 0x102,
	/* A little inside of what the reference scenario asks for, because of the packets' grain.
	 */
	VIDEO_LEAD_90K = LAB_PTS_HZ * 98 / 100,
	VIDEO_MARGIN_90K = LAB_PTS_HZ * 61 / 100,
	AUDIO_LEAD_90K = LAB_PTS_HZ * 18 / 100,
	AUDIO_MARGIN_90K = LAB_PTS_HZ * 3 / 100,
	PSI_INTERVAL = LAB_TS_PER_S / 10,
	PCR_INTERVAL = 95, /* 35.7 ms; with what may come before it still below 40 */
};

struct sums_job {
	const struct clip_format *format;
	uint8_t clip;
	uint64_t *sums;
	unsigned count;
};

static bool add_sum(void *user, unsigned n, const uint8_t *i420)
{
	struct sums_job *job = user;
	struct mark mark;
	int width = job->format->width, height = job->format->height;
	unsigned pictures = clip_pictures(job->format);
	if (n >= pictures || !mark_read(i420, width, height, width, &mark) ||
		mark.channel != job->clip || mark.frame != n)
		return false;
	job->sums[n] = picture_sum(i420, clip_picture_bytes(job->format));
	if (job->format->interlaced) {
		job->sums[pictures + n] = picture_field_sum(i420, width, height, 0);
		job->sums[2 * pictures + n] = picture_field_sum(i420, width, height, 1);
	}
	job->count = n + 1;
	return true;
}

static bool write_sums(const struct clip_format *format, const struct recipe *recipe, uint8_t clip,
	const struct elementary *video, const char *path, GError **error)
{
	g_autofree uint64_t *sums = g_new0(uint64_t, clip_sums(format));
	struct sums_job job = {.format = format, .clip = clip, .sums = sums};
	if (!decode_video(format, &recipe->video, video, add_sum, &job, error))
		return false;
	if (job.count != clip_pictures(format)) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "only %u of %u pictures decoded",
			job.count, clip_pictures(format));
		return false;
	}
	int result = sums_write(path, sums, clip_sums(format));
	if (result < 0)
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(-result), "%s: %s", path,
			g_strerror(-result));
	return result == 0;
}

static struct mux_stream stream_of(const struct codec *codec, const struct elementary *elementary)
{
	return (struct mux_stream){
		.stream_type = codec->stream_type,
		.stream_id = codec->stream_id,
		.unbounded = codec->unbounded,
		.descriptors = codec->descriptors,
		.descriptors_bytes = codec->descriptors_bytes,
		.bytes = elementary->bytes->data,
		.units = (const struct mux_unit *)(const void *)elementary->units->data,
		.n_units = elementary->units->len,
	};
}

static bool write_ts(const struct clip_format *format, const struct recipe *recipe, uint8_t clip,
	const struct elementary *video, const struct elementary *audio, const char *path,
	GError **error)
{
	const uint64_t rtp_packets = (uint64_t)format->seconds * LAB_PACKETS_PER_S;
	/* Sound comes first: two packets of it may wait for no key frame. */
	struct mux_stream streams[] = {
		stream_of(&recipe->audio, audio), stream_of(&recipe->video, video)};
	streams[0].pid = AUDIO_PID;
	streams[0].lead_90k = AUDIO_LEAD_90K;
	streams[0].margin_90k = AUDIO_MARGIN_90K;
	streams[1].pid = VIDEO_PID;
	streams[1].lead_90k = VIDEO_LEAD_90K;
	streams[1].margin_90k = VIDEO_MARGIN_90K;
	struct mux_plan plan = {.transport_stream_id = clip,
		.program = clip,
		.pmt_pid = PMT_PID,
		.streams = streams,
		.n_streams = G_N_ELEMENTS(streams),
		.pcr_stream = 1,
		.packets_per_s = LAB_TS_PER_S,
		.packets = rtp_packets * LAB_TS_PER_PACKET,
		.psi_interval = PSI_INTERVAL,
		.pcr_interval = PCR_INTERVAL,
		.origin_90k = VIDEO_LEAD_90K};
	gsize size = (gsize)rtp_packets * LAB_PACKET_PAYLOAD;
	g_autofree uint8_t *packets = g_malloc(size);
	struct mux_misfit misfit = {0};
	int result = mux_loop(&plan, packets, &misfit);
	if (result < 0) {
		g_set_error(error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s access unit %zu: %s",
			misfit.stream ? "video" : "audio", misfit.unit, g_strerror(-result));
		return false;
	}
	return g_file_set_contents(path, (const char *)packets, (gssize)size, error);
}

static bool make_clip(
	const struct clip_format *format, const char *dir, uint8_t clip, GError **error)
{
	g_autofree char *ts_path = clip_ts_path(dir, format, clip);
	g_autofree char *sums_path = clip_sums_path(dir, format, clip);
	const struct recipe *recipe = recipe_of(format);
	struct elementary *audio = NULL;
	struct elementary *video = encode_video(format, &recipe->video, clip, error);
	bool made = false;
	if (video)
		audio = encode_audio(format, &recipe->audio, clip, error);
	if (audio)
		made = write_sums(format, recipe, clip, video, sums_path, error) &&
		       write_ts(format, recipe, clip, video, audio, ts_path, error);
	elementary_free(video);
	elementary_free(audio);
	return made;
}

struct making {
	const char *dir;
	const struct clip_format *format;
	void (*say)(const char *line);
	GMutex lock; /* for say and error */
	GError *error;
};

static void make_one(gpointer clip, gpointer user)
{
	struct making *making = user;
	GError *error = NULL;
	g_autofree char *line = NULL;
	gint64 began_us = g_get_monotonic_time();
	if (make_clip(making->format, making->dir, (uint8_t)GPOINTER_TO_UINT(clip), &error))
		line = g_strdup_printf("clip %u is ready (%.0f s)", GPOINTER_TO_UINT(clip),
			(double)(g_get_monotonic_time() - began_us) / G_USEC_PER_SEC);
	g_mutex_lock(&making->lock);
	if (line)
		making->say(line);
	else if (!making->error)
		g_propagate_prefixed_error(
			&making->error, error, "clip %u: ", GPOINTER_TO_UINT(clip));
	else
		g_error_free(error);
	g_mutex_unlock(&making->lock);
}

static GArray *missing_clips(const char *dir, const struct clip_format *format, uint8_t count)
{
	GArray *missing = g_array_new(FALSE, FALSE, sizeof(uint8_t));
	for (uint8_t clip = 1; clip <= count; clip++) {
		g_autofree char *path = clip_ts_path(dir, format, clip);
		if (!g_file_test(path, G_FILE_TEST_EXISTS))
			g_array_append_val(missing, clip);
	}
	return missing;
}

static bool make_all(const char *dir, const struct clip_format *format, const GArray *clips,
	void (*say)(const char *line), GError **error)
{
	struct making making = {.dir = dir, .format = format, .say = say};
	int at_once = MIN((int)clips->len, (int)g_get_num_processors());
	g_mutex_init(&making.lock);
	g_autofree char *line = g_strdup_printf("encoding %u clips of %u s, %d at a time; this is "
						"done once and takes a minute or two",
		clips->len, format->seconds, at_once);
	say(line);
	GThreadPool *pool = g_thread_pool_new(make_one, &making, at_once, FALSE, NULL);
	for (guint i = 0; i < clips->len; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(g_array_index(clips, uint8_t, i)), NULL);
	g_thread_pool_free(pool, FALSE, TRUE);
	g_mutex_clear(&making.lock);
	if (making.error)
		g_propagate_error(error, making.error);
	return !making.error;
}

bool clip_make_missing(const char *dir, const struct clip_format *format, uint8_t count,
	void (*say)(const char *line), GError **error)
{
	/* Where nothing is missing nobody waits for those who make other clips. */
	g_autoptr(GArray) before = missing_clips(dir, format, count);
	if (before->len == 0)
		return true;
	g_autofree char *lock_path = g_strdup_printf("%s/.lock", dir);
	int lock = g_mkdir_with_parents(dir, 0777) == 0
			   ? open(lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0666)
			   : -1;
	if (lock < 0 || flock(lock, LOCK_EX) < 0) {
		g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno), "%s: %s",
			lock_path, g_strerror(errno));
		if (lock >= 0)
			close(lock);
		return false;
	}
	g_autoptr(GArray) missing = missing_clips(dir, format, count);
	bool made = missing->len == 0 || make_all(dir, format, missing, say, error);
	close(lock);
	return made;
}
