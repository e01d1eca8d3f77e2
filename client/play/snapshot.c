#include "client/play/snapshot.h"

#include <gst/video/video.h>
#include <stdbool.h>

#include "client/play/blend.h"
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
	int width, height; /* of the screen that shows it; 0: as the presenter does */
	struct panels *panels;
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

/* With the bars that the sink would add. */
static GstSample *on_screen(GstSample *picture, const struct job *job, GError **error)
{
	GstCaps *caps = gst_caps_new_simple("video/x-raw", "format", G_TYPE_STRING, "BGRx", "width",
		G_TYPE_INT, job->width, "height", G_TYPE_INT, job->height, "pixel-aspect-ratio",
		GST_TYPE_FRACTION, 1, 1, NULL);
	GstSample *screen = gst_video_convert_sample(picture, caps, ENCODE_TIMEOUT_NS, error);
	gst_caps_unref(caps);
	return screen;
}

static void blend_panels(GstSample *screen, const struct job *job)
{
	struct blender blender = {0};
	GstVideoInfo info;
	GstVideoFrame frame;
	if (gst_video_info_from_caps(&info, gst_sample_get_caps(screen)) &&
		gst_video_frame_map(
			&frame, &info, gst_sample_get_buffer(screen), GST_MAP_READWRITE)) {
		blender_blend(&blender, job->panels, job->width, job->height, &frame);
		gst_video_frame_unmap(&frame);
	}
	blender_clear(&blender);
}

static bool write_screen(GstSample *picture, const struct job *job, GError **error)
{
	GstSample *screen = on_screen(picture, job, error);
	if (!screen)
		return false;
	blend_panels(screen, job);
	bool written = write_png(screen, job->path, error);
	gst_sample_unref(screen);
	return written;
}

static void run_job(gpointer data, gpointer user)
{
	struct job *job = data;
	struct snapshot *snapshot = user;
	GError *error = NULL;
	GstSample *picture = presenter_shown(snapshot->presenter);
	bool written = job->width ? write_screen(picture, job, &error)
				  : write_png(picture, job->path, &error);
	snapshot->done(snapshot->ctx, job->request,
		written ? ""
		: error ? error->message
			: "the picture cannot be read");
	g_clear_error(&error);
	gst_sample_unref(picture);
	panels_unref(job->panels);
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

void snapshot_request(struct snapshot *snapshot, const char *path, uint64_t request,
	const struct play_screen *screen)
{
	struct job *job = g_new(struct job, 1);
	*job = (struct job){.path = g_strdup(path), .request = request};
	if (screen) {
		job->width = screen->width;
		job->height = screen->height;
		job->panels = panels_new(screen->panels, screen->count);
	}
	g_thread_pool_push(snapshot->pool, job, NULL);
}
