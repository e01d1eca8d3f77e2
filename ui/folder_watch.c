#include "ui/folder_watch.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>
#include <string.h>

struct folder_watch {
	uv_fs_event_t handle;
	char *folder;
	folder_watch_fn on_change;
	void *ctx;
};

static void on_event(uv_fs_event_t *handle, const char *name, int events, int status)
{
	struct folder_watch *watch = handle->data;

	(void)name;
	(void)events;
	if (status == 0)
		watch->on_change(watch->ctx);
}

static int look_at(struct folder_watch *watch, const char *folder)
{
	uv_fs_event_stop(&watch->handle);
	return uv_fs_event_start(&watch->handle, on_event, folder, 0);
}

/* Whether there is nothing above it that could be looked at instead. */
static bool is_topmost(const char *folder)
{
	return strcmp(folder, "/") == 0 || strcmp(folder, ".") == 0;
}

/* -EAGAIN when a folder on the way down has come in the meantime. */
static int look_from(struct folder_watch *watch, const char *folder)
{
	int r = look_at(watch, folder);

	if ((r != UV_ENOENT && r != UV_ENOTDIR) || is_topmost(folder))
		return r;
	char *above = g_path_get_dirname(folder);
	r = look_from(watch, above);
	if (r == 0 && g_file_test(folder, G_FILE_TEST_IS_DIR))
		r = -EAGAIN;
	g_free(above);
	return r;
}

int folder_watch_arm(struct folder_watch *watch)
{
	int r;

	do
		r = look_from(watch, watch->folder);
	while (r == -EAGAIN);
	return r;
}

int folder_watch_open(uv_loop_t *loop, const char *folder, folder_watch_fn on_change, void *ctx,
	struct folder_watch **ret)
{
	struct folder_watch *watch = g_new0(struct folder_watch, 1);
	int r = uv_fs_event_init(loop, &watch->handle);

	if (r < 0) {
		g_free(watch);
		return r;
	}
	watch->handle.data = watch;
	watch->folder = g_strdup(folder);
	watch->on_change = on_change;
	watch->ctx = ctx;
	*ret = watch;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct folder_watch *watch = handle->data;

	g_free(watch->folder);
	g_free(watch);
}

void folder_watch_close(struct folder_watch *watch)
{
	if (watch)
		uv_close((uv_handle_t *)&watch->handle, on_closed);
}
