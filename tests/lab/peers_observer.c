/*
 * Looks at the display at $DISPLAY every 2 ms and prints one JSON line whenever the mark on it has
 * changed: what a viewer in front of the screen sees, whoever draws it. `self-test` draws marks
 * itself and prints how late they were seen.
 *
 * at_ns is when the answer with that picture was here, after_ns when the one before it, which did
 * not have it yet, was asked for (CLOCK_MONOTONIC): it was drawn between these. channel is 0 where
 * there is no mark. whole tells whether the whole picture is the one that its mark names; it is
 * looked at from each change of the channel on until it is so, and null after that.
 */
#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include <glib.h>

#include "tests/lab/peers_grab.h"
#include "tests/lab/peers_like.h"
#include "tests/lab/peers_paint.h"

enum { PERIOD_NS = 2000000, MAX_ROWS = 40 };

struct observer {
	struct grab *grab;
	int width, height;
	struct mark_area area;
	uint8_t *luma;
	uint64_t next_ns;
	struct mark last;    /* what the last grab showed */
	uint64_t asked_ns;   /* when the last grab was asked for */
	struct like *like;   /* NULL: pictures are not looked at beyond the mark */
	uint8_t whole;	     /* the channel of which a whole picture was seen last */
	double last_measure; /* of the last picture that was measured */
};

struct sight {
	uint64_t after_ns, at_ns;
	struct mark mark;
	bool measured, whole;
};

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Others that are busy shall not make it late, where it may say so. */
static void go_first(void)
{
	sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){.sched_priority = 1});
}

static int observer_open(struct observer *observer)
{
	int error = grab_open(NULL, &observer->grab);
	if (error)
		return error;
	grab_size(observer->grab, &observer->width, &observer->height);
	observer->area = mark_area(observer->width, observer->height);
	observer->luma = g_malloc0((gsize)observer->width * (gsize)observer->height);
	observer->next_ns = observer->asked_ns = now_ns();
	return 0;
}

static void observer_close(struct observer *observer)
{
	like_destroy(observer->like);
	g_free(observer->luma);
	grab_close(observer->grab);
}

/* A period that was missed is not made up for. */
static void wait_for_turn(struct observer *observer)
{
	struct timespec until = {.tv_sec = (time_t)(observer->next_ns / 1000000000),
		.tv_nsec = (long)(observer->next_ns % 1000000000)};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR)
		continue;
	uint64_t now = now_ns();
	observer->next_ns += PERIOD_NS;
	if (observer->next_ns < now)
		observer->next_ns = now + PERIOD_NS;
}

static struct mark read_mark(const struct observer *observer)
{
	struct mark mark = {0};
	mark_read(observer->luma, observer->width, observer->height, observer->width, &mark);
	return mark;
}

static bool is_same(struct mark one, struct mark other)
{
	return one.channel == other.channel && one.frame == other.frame;
}

/*
 * Rows, then the mark again: where that is another by then, the rows may be of two pictures, and
 * the next turn will see the new one.
 */
static int measure(struct observer *observer, struct sight *sight)
{
	struct mark_area areas[MAX_ROWS];
	size_t rows;
	const struct mark_area *first = like_rows(observer->like, &rows);
	g_assert(rows < MAX_ROWS);
	memcpy(areas, first, rows * sizeof areas[0]);
	areas[rows] = observer->area;
	int error = grab_luma(observer->grab, areas, rows + 1, observer->luma);
	if (error || !is_same(read_mark(observer), sight->mark))
		return error;
	observer->last_measure = like_measure(observer->like, sight->mark, observer->luma);
	sight->measured = true;
	sight->whole = observer->last_measure * 100 > LIKE_WHOLE_PERCENT;
	if (sight->whole)
		observer->whole = sight->mark.channel;
	return 0;
}

/* One turn. 1 with something new, 0 without, or -EPIPE. */
static int look(struct observer *observer, struct sight *ret)
{
	wait_for_turn(observer);
	uint64_t asked_ns = now_ns();
	int error = grab_luma(observer->grab, &observer->area, 1, observer->luma);
	if (error)
		return error;
	*ret = (struct sight){
		.after_ns = observer->asked_ns, .at_ns = now_ns(), .mark = read_mark(observer)};
	observer->asked_ns = asked_ns;
	bool is_new = !is_same(ret->mark, observer->last);
	observer->last = ret->mark;
	if (observer->like && ret->mark.channel && ret->mark.channel != observer->whole)
		error = measure(observer, ret);
	return error ? error : is_new || ret->whole;
}

static void print_sight(const struct observer *observer, const struct sight *sight)
{
	printf("{\"at_ns\":%" PRIu64 ",\"after_ns\":%" PRIu64 ",\"channel\":%u,\"frame\":%u,",
		sight->at_ns, sight->after_ns, sight->mark.channel, sight->mark.frame);
	if (sight->measured)
		printf("\"like\":%.3f,\"whole\":%s}\n", observer->last_measure,
			sight->whole ? "true" : "false");
	else
		puts("\"like\":null,\"whole\":null}");
}

/* Until the display goes, or nobody reads any more. */
static int watch(struct observer *observer)
{
	struct sight sight;
	int result;
	setvbuf(stdout, NULL, _IOLBF, 0);
	observer->like = like_create(observer->width, observer->height);
	go_first();
	observer->next_ns = observer->asked_ns = now_ns();
	puts("{\"ready\":true}");
	while ((result = look(observer, &sight)) >= 0)
		if (result)
			print_sight(observer, &sight);
	return result;
}

static int compare_doubles(gconstpointer one, gconstpointer other)
{
	double a = *(const double *)one, b = *(const double *)other;
	return (a > b) - (a < b);
}

static double percentile(const GArray *sorted, unsigned percent)
{
	guint rank = (sorted->len * percent + 99) / 100;
	return sorted->len ? g_array_index(sorted, double, MAX(rank, 1) - 1) : 0;
}

/* How late each stroke was seen, counted from before it was drawn; those never seen are missed. */
static void print_error(
	const struct sight *sights, const struct paint_stroke *strokes, size_t count)
{
	GArray *late_ms = g_array_new(FALSE, FALSE, sizeof(double));
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		if (!sights[i].at_ns)
			continue;
		double late = (double)(int64_t)(sights[i].at_ns - strokes[i].before_ns) / 1e6;
		wrong += sights[i].at_ns < strokes[i].before_ns ||
			 sights[i].after_ns > strokes[i].after_ns;
		g_array_append_val(late_ms, late);
	}
	g_array_sort(late_ms, compare_doubles);
	printf("{\"marks\":%zu,\"missed\":%zu,\"out_of_bounds\":%zu,"
	       "\"late_ms\":{\"min\":%.3f,\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f}}\n",
		count, count - late_ms->len, wrong, percentile(late_ms, 0), percentile(late_ms, 50),
		percentile(late_ms, 99), percentile(late_ms, 100));
	g_array_unref(late_ms);
}

static int self_test(struct observer *observer, size_t count)
{
	struct sight *sights = g_new0(struct sight, count), sight;
	struct paint *paint;
	go_first();
	int result = paint_start(NULL, count, 1, &paint);
	if (result == 0) {
		while (!paint_is_done(paint) && (result = look(observer, &sight)) >= 0)
			if (result && sight.mark.channel == PAINT_CHANNEL &&
				sight.mark.frame < count)
				sights[sight.mark.frame] = sight;
		struct paint_stroke *strokes = paint_finish(paint);
		if (result >= 0)
			print_error(sights, strokes, count);
		g_free(strokes);
	}
	g_free(sights);
	return result;
}

int main(int argc, char **argv)
{
	struct observer observer = {0};
	guint64 marks = 0;
	bool is_watch = argc == 2 && strcmp(argv[1], "watch") == 0;
	bool is_test = argc == 3 && strcmp(argv[1], "self-test") == 0 &&
		       g_ascii_string_to_unsigned(argv[2], 10, 1, 65536, &marks, NULL);
	if (!is_watch && !is_test) {
		fputs("usage: peers_observer watch | self-test MARKS\n", stderr);
		return EX_USAGE;
	}
	int result = observer_open(&observer);
	if (result == 0)
		result = is_watch ? watch(&observer) : self_test(&observer, marks);
	observer_close(&observer);
	if (result >= 0)
		return EXIT_SUCCESS;
	fprintf(stderr, "peers_observer: the display: %s\n", strerror(-result));
	return EXIT_FAILURE;
}
