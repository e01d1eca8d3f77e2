#include "client/play/snapshot.h"

#include <gst/video/video.h>
#include <stdbool.h>

#include "client/play/presenter.h"

#define ENCODE_TIMEOUT_NS (10 * GST_SECOND)

struct snapshot {
	GThreadPool *pool;
	struct presenter *presenter;
	snapshot_done_fn done;
	void *ctx;
};

struct job {
	char *path;
	uint64_t request;
};

static bool write_png(GstSample *picture, const char *path, GError **error)
{
	GstCaps *png = gst_caps_new_empty_simple("image/png");
	GstSample *encoded = gst_video_convert_sample(picture, png, ENCODE_TIMEOUT_NS, error);
	gst_caps_unref(png);
	if (!encoded)
		return false;
	GstMapInfo map;
	bool written = false;
	if (gst_buffer_map(gst_sample_get_buffer(encoded), &map, GST_MAP_READ)) {
		written = g_file_set_contents(path, (char *)map.data, (gssize)map.size, error);
		gst_buffer_unmap(gst_sample_get_buffer(encoded), &map);
	}
	gst_sample_unref(encoded);
	return written;
}

static void run_job(gpointer data, gpointer user)
{
	struct job *job = data;
	struct snapshot *snapshot = user;
	GError *error = NULL;
	GstSample *picture = presenter_shown(snapshot->presenter);
	bool written = write_png(picture, job->path, &error);
	snapshot->done(snapshot->ctx, job->request,
		written ? ""
		: error ? error->message
			: "the picture cannot be read");
	g_clear_error(&error);
	gst_sample_unref(picture);
	g_free(job->path);
	g_free(job);
}

struct snapshot *snapshot_new(struct presenter *presenter, snapshot_done_fn done, void *ctx)
{
	struct snapshot *snapshot = g_new0(struct snapshot, 1);
	snapshot->presenter = presenter;
	snapshot->done = done;
	snapshot->ctx = ctx;
	/* Not exclusive: the thread exists only while there is a picture to write. */
	snapshot->pool = g_thread_pool_new(run_job, snapshot, 1, FALSE, NULL);
	return snapshot;
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	g_thread_pool_free(snapshot->pool, FALSE, TRUE);
	g_free(snapshot);
}

void snapshot_request(struct snapshot *snapshot, const char *path, uint64_t request)
{
	struct job *job = g_new(struct job, 1);
	*job = (struct job){g_strdup(path), request};
	g_thread_pool_push(snapshot->pool, job, NULL);
}
