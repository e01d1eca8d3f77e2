#include "tests/system/support/screen.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/support/test.h"

struct screen {
	char *fifo, *sink, *clips;
	bool keep_pixels;
	int writer; /* keeps the FIFO open until the player writes, or is known to have ended */
	GThread *thread;
	gint ended; /* the thread needs nothing more */
	GMutex lock;
	GCond grown;
	GArray *pictures; /* struct screen_picture */
};

static const uint8_t *shrink(const uint8_t *luma)
{
	uint8_t *small = g_malloc(SCREEN_SMALL_WIDTH * SCREEN_SMALL_HEIGHT);
	const int step = LAB_WIDTH / SCREEN_SMALL_WIDTH;
	for (int y = 0; y < SCREEN_SMALL_HEIGHT; y++)
		for (int x = 0; x < SCREEN_SMALL_WIDTH; x++)
			small[y * SCREEN_SMALL_WIDTH + x] = luma[y * step * LAB_WIDTH + x * step];
	return small;
}

/* Once the player writes, only it may keep the FIFO open, or its end would not be seen. */
static void release_writer(struct screen *screen)
{
	g_mutex_lock(&screen->lock);
	if (screen->writer >= 0)
		close(screen->writer);
	screen->writer = -1;
	g_mutex_unlock(&screen->lock);
}

static void take_picture(struct screen *screen, const struct watch_picture *seen)
{
	struct screen_picture picture = {.seen = *seen};
	if (screen->keep_pixels && seen->width == LAB_WIDTH && seen->height == LAB_HEIGHT)
		picture.small = shrink(seen->i420);
	picture.seen.i420 = NULL;
	g_mutex_lock(&screen->lock);
	g_array_append_val(screen->pictures, picture);
	g_cond_broadcast(&screen->grown);
	g_mutex_unlock(&screen->lock);
}

static gpointer collect(gpointer data)
{
	struct screen *screen = data;
	struct watch *watch;
	struct watch_picture seen;
	if (watch_open(screen->fifo, screen->clips, &watch) == 0) {
		release_writer(screen);
		while (watch_next(watch, &seen) > 0)
			take_picture(screen, &seen);
		watch_close(watch);
	}
	g_atomic_int_set(&screen->ended, 1);
	return NULL;
}

struct screen *screen_open(const char *folder, const char *clips, bool keep_pixels)
{
	struct screen *screen = g_new0(struct screen, 1);
	screen->fifo = g_build_filename(folder, "pictures", NULL);
	/* y4menc of 1.22 writes a decoder's padding into the stream, so it must not get any. */
	screen->sink = g_strdup_printf(
		"identity drop-allocation=true ! y4menc ! filesink location=%s", screen->fifo);
	screen->clips = g_strdup(clips);
	screen->keep_pixels = keep_pixels;
	screen->pictures = g_array_new(FALSE, FALSE, sizeof(struct screen_picture));
	unlink(screen->fifo);
	assert_int_equal(mkfifo(screen->fifo, 0600), 0);
	screen->writer = open(screen->fifo, O_RDWR | O_CLOEXEC);
	assert_true(screen->writer >= 0);
	fcntl(screen->writer, F_SETPIPE_SZ, 1 << 20); /* fewer switches between the two programs */
	g_mutex_init(&screen->lock);
	g_cond_init(&screen->grown);
	screen->thread = g_thread_new("screen", collect, screen);
	return screen;
}

void screen_close(struct screen *screen)
{
	if (!screen)
		return;
	release_writer(screen);
	/* The thread may wait for a writer still: one that comes and goes is an end to it. */
	while (!g_atomic_int_get(&screen->ended)) {
		int fd = open(screen->fifo, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0)
			close(fd);
		g_usleep(1000);
	}
	g_thread_join(screen->thread);
	for (guint i = 0; i < screen->pictures->len; i++)
		g_free((void *)g_array_index(screen->pictures, struct screen_picture, i).small);
	g_array_unref(screen->pictures);
	g_mutex_clear(&screen->lock);
	g_cond_clear(&screen->grown);
	unlink(screen->fifo);
	g_free(screen->fifo);
	g_free(screen->sink);
	g_free(screen->clips);
	g_free(screen);
}

const char *screen_sink(const struct screen *screen)
{
	return screen->sink;
}

size_t screen_count(struct screen *screen)
{
	g_mutex_lock(&screen->lock);
	size_t count = screen->pictures->len;
	g_mutex_unlock(&screen->lock);
	return count;
}

struct screen_picture screen_at(struct screen *screen, size_t i)
{
	g_mutex_lock(&screen->lock);
	assert_true(i < screen->pictures->len);
	struct screen_picture picture = g_array_index(screen->pictures, struct screen_picture, i);
	g_mutex_unlock(&screen->lock);
	return picture;
}

/* With the lock held. */
static bool find(struct screen *screen, size_t *index, screen_match *match, const void *ctx,
	struct screen_picture *ret)
{
	for (; *index < screen->pictures->len; (*index)++) {
		*ret = g_array_index(screen->pictures, struct screen_picture, *index);
		if (match(ret, ctx))
			return true;
	}
	return false;
}

bool screen_await(struct screen *screen, size_t *index, unsigned limit_ms, screen_match *match,
	const void *ctx, struct screen_picture *ret)
{
	gint64 deadline_us = g_get_monotonic_time() + (gint64)limit_ms * 1000;
	g_mutex_lock(&screen->lock);
	bool found, in_time = true;
	while (!(found = find(screen, index, match, ctx, ret)) && in_time)
		in_time = g_cond_wait_until(&screen->grown, &screen->lock, deadline_us);
	g_mutex_unlock(&screen->lock);
	return found;
}

bool screen_is_channel(const struct screen_picture *picture, const void *ctx)
{
	return picture->seen.mark.channel == *(const int *)ctx;
}

bool screen_is_whole(const struct screen_picture *picture, const void *ctx)
{
	return screen_is_channel(picture, ctx) && picture->seen.whole;
}
