#include "tests/system/support/eyes.h"

#include <errno.h>
#include <sched.h>
#include <time.h>

#include <glib.h>

#include "tests/lab/peers_grab.h"
#include "tests/system/support/lab.h"

enum { PERIOD_NS = 2000000 };

struct eyes {
	struct grab *grab;
	int width, height;
	struct mark_area *areas;
	size_t n_areas;
	eyes_read *read;
	void *ctx;
	uint8_t *luma;
	GThread *thread;

	GMutex lock; /* of what follows */
	GCond seen;
	GArray *sights; /* struct eyes_sight */
	bool ending;
};

static void note(struct eyes *eyes, uint64_t after_ns, uint64_t at_ns, int64_t what)
{
	const struct eyes_sight sight = {after_ns, at_ns, what};
	g_mutex_lock(&eyes->lock);
	guint n = eyes->sights->len;
	if (!n || g_array_index(eyes->sights, struct eyes_sight, n - 1).what != what) {
		g_array_append_val(eyes->sights, sight);
		g_cond_broadcast(&eyes->seen);
	}
	g_mutex_unlock(&eyes->lock);
}

static bool is_ending(struct eyes *eyes)
{
	g_mutex_lock(&eyes->lock);
	bool ending = eyes->ending;
	g_mutex_unlock(&eyes->lock);
	return ending;
}

/* A turn that was missed is not made up for. */
static uint64_t sleep_until(uint64_t at_ns)
{
	struct timespec until = {
		.tv_sec = (time_t)(at_ns / 1000000000), .tv_nsec = (long)(at_ns % 1000000000)};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		continue;
	return MAX(at_ns, lab_now_ns() - PERIOD_NS) + PERIOD_NS;
}

/* Where it may, it goes before others that are busy: it is to say when they were late. */
static gpointer look(gpointer data)
{
	struct eyes *eyes = data;
	uint64_t next_ns = lab_now_ns(), before_ns = next_ns;
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
	while (!is_ending(eyes)) {
		uint64_t asked_ns = lab_now_ns();
		if (grab_luma(eyes->grab, eyes->areas, eyes->n_areas, eyes->luma))
			break;
		uint64_t at_ns = lab_now_ns();
		note(eyes, before_ns, at_ns,
			eyes->read(eyes->ctx, eyes->luma, eyes->width, eyes->height));
		before_ns = asked_ns;
		next_ns = sleep_until(next_ns);
	}
	return NULL;
}

struct eyes *eyes_open(const struct mark_area *areas, size_t count, eyes_read *read, void *ctx)
{
	struct grab *grab;
	if (grab_open(NULL, &grab))
		return NULL;
	struct eyes *eyes = g_new0(struct eyes, 1);
	eyes->grab = grab;
	grab_size(grab, &eyes->width, &eyes->height);
	eyes->areas = g_memdup2(areas, count * sizeof *areas);
	eyes->n_areas = count;
	eyes->read = read;
	eyes->ctx = ctx;
	eyes->luma = g_malloc0((gsize)eyes->width * (gsize)eyes->height);
	eyes->sights = g_array_new(FALSE, FALSE, sizeof(struct eyes_sight));
	g_mutex_init(&eyes->lock);
	g_cond_init(&eyes->seen);
	eyes->thread = g_thread_new("eyes", look, eyes);
	return eyes;
}

void eyes_close(struct eyes *eyes)
{
	if (!eyes)
		return;
	g_mutex_lock(&eyes->lock);
	eyes->ending = true;
	g_mutex_unlock(&eyes->lock);
	g_thread_join(eyes->thread);
	grab_close(eyes->grab);
	g_array_unref(eyes->sights);
	g_mutex_clear(&eyes->lock);
	g_cond_clear(&eyes->seen);
	g_free(eyes->areas);
	g_free(eyes->luma);
	g_free(eyes);
}

size_t eyes_count(struct eyes *eyes)
{
	g_mutex_lock(&eyes->lock);
	size_t count = eyes->sights->len;
	g_mutex_unlock(&eyes->lock);
	return count;
}

struct eyes_sight eyes_at(struct eyes *eyes, size_t i)
{
	g_mutex_lock(&eyes->lock);
	struct eyes_sight sight = g_array_index(eyes->sights, struct eyes_sight, i);
	g_mutex_unlock(&eyes->lock);
	return sight;
}

bool eyes_await(struct eyes *eyes, size_t *index, unsigned limit_ms, int64_t what)
{
	gint64 end_us = g_get_monotonic_time() + (gint64)limit_ms * 1000;
	bool found = false, in_time = true;
	g_mutex_lock(&eyes->lock);
	while (!found && in_time) {
		for (; !found && *index < eyes->sights->len; *index += !found)
			found = g_array_index(eyes->sights, struct eyes_sight, *index).what == what;
		if (!found)
			in_time = g_cond_wait_until(&eyes->seen, &eyes->lock, end_us);
	}
	g_mutex_unlock(&eyes->lock);
	return found;
}
