#include "tests/system/support/shutter.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/lab/mark.h"
#include "tests/support/test.h"
#include "tests/system/support/lab.h"

enum { PICTURE_BYTES = LAB_WIDTH * LAB_HEIGHT * 3 / 2 };

struct taken {
	uint64_t began_ns;
	int channel;
};

struct shutter {
	char *fifo, *sink;
	int fd, stop_fd;
	GThread *thread;
	GMutex lock;
	GArray *pictures; /* struct taken */
};

/* False when it is to end: told so, or the writer is gone. */
static bool await_bytes(const struct shutter *shutter)
{
	struct pollfd fds[] = {
		{.fd = shutter->fd, .events = POLLIN}, {.fd = shutter->stop_fd, .events = POLLIN}};
	while (poll(fds, 2, -1) < 0)
		continue;
	return fds[0].revents & POLLIN;
}

static bool read_picture(const struct shutter *shutter, uint8_t *picture)
{
	for (size_t got = 0; got < PICTURE_BYTES;) {
		ssize_t len = read(shutter->fd, picture + got, PICTURE_BYTES - got);
		if (len > 0)
			got += (size_t)len;
		else if (!await_bytes(shutter))
			return false;
	}
	return true;
}

/* Nothing else may keep it from looking, where that can be had. */
static void hurry(void)
{
	const struct sched_param first = {.sched_priority = sched_get_priority_min(SCHED_FIFO)};
	pthread_setschedparam(pthread_self(), SCHED_FIFO, &first);
}

static gpointer collect(gpointer data)
{
	struct shutter *shutter = data;
	hurry();
	uint8_t *picture = g_malloc(PICTURE_BYTES);
	while (await_bytes(shutter)) {
		struct taken taken = {.began_ns = lab_now_ns()};
		struct mark mark = {0};
		if (!read_picture(shutter, picture))
			break;
		mark_read(picture, LAB_WIDTH, LAB_HEIGHT, LAB_WIDTH, &mark);
		taken.channel = mark.channel;
		g_mutex_lock(&shutter->lock);
		g_array_append_val(shutter->pictures, taken);
		g_mutex_unlock(&shutter->lock);
	}
	g_free(picture);
	return NULL;
}

struct shutter *shutter_open(const char *folder)
{
	struct shutter *shutter = g_new0(struct shutter, 1);
	shutter->fifo = g_build_filename(folder, "shutter", NULL);
	/* A decoder's padding would be written, too, so it must not get any. */
	/* The FIFO stays small: who waits for its first byte is woken when it is full. */
	shutter->sink = g_strdup_printf("identity drop-allocation=true ! filesink "
					"buffer-mode=unbuffered location=%s",
		shutter->fifo);
	shutter->pictures = g_array_new(FALSE, FALSE, sizeof(struct taken));
	unlink(shutter->fifo);
	assert_int_equal(mkfifo(shutter->fifo, 0600), 0);
	shutter->fd = open(shutter->fifo, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_true(shutter->fd >= 0);
	shutter->stop_fd = eventfd(0, EFD_CLOEXEC);
	g_mutex_init(&shutter->lock);
	shutter->thread = g_thread_new("shutter", collect, shutter);
	return shutter;
}

void shutter_close(struct shutter *shutter)
{
	if (!shutter)
		return;
	eventfd_write(shutter->stop_fd, 1);
	g_thread_join(shutter->thread);
	close(shutter->fd);
	close(shutter->stop_fd);
	unlink(shutter->fifo);
	g_array_unref(shutter->pictures);
	g_mutex_clear(&shutter->lock);
	g_free(shutter->fifo);
	g_free(shutter->sink);
	g_free(shutter);
}

const char *shutter_sink(const struct shutter *shutter)
{
	return shutter->sink;
}

uint64_t shutter_find(struct shutter *shutter, int channel, uint64_t from_ns)
{
	uint64_t found_ns = 0;
	g_mutex_lock(&shutter->lock);
	for (guint i = 0; i < shutter->pictures->len && !found_ns; i++) {
		const struct taken *taken = &g_array_index(shutter->pictures, struct taken, i);
		if (taken->channel == channel && taken->began_ns >= from_ns)
			found_ns = taken->began_ns;
	}
	g_mutex_unlock(&shutter->lock);
	return found_ns;
}
