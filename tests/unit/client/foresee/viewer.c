#include "tests/unit/client/foresee/viewer.h"

#include <math.h>
#include <string.h>

#define SUCCESSORS 2

struct viewer {
	struct world *world;
	struct viewer_habits habits;
	GRand *random;
	int *ranking; /* his channels, the dearest first */
	int (*successors)[SUCCESSORS];
	double *likely; /* by rank, summed up */
	int direction;	/* of his surf; 0: he does not surf */
};

static double uniform(struct viewer *v)
{
	return g_rand_double(v->random);
}

static int rank(struct viewer *v)
{
	double x = uniform(v);
	int i = 0;
	while (i < (int)v->world->count - 1 && v->likely[i] < x)
		i++;
	return i;
}

struct viewer *viewer_new(struct world *w, unsigned seed, struct viewer_habits habits)
{
	struct viewer *v = g_new0(struct viewer, 1);
	v->world = w;
	v->habits = habits;
	v->random = g_rand_new_with_seed(seed);
	v->ranking = g_new0(int, w->count);
	v->likely = g_new0(double, w->count);
	v->successors = g_malloc0(w->count * sizeof *v->successors);
	double sum = 0;
	for (size_t i = 0; i < w->count; i++) {
		size_t other = (size_t)g_rand_int_range(v->random, 0, (gint32)i + 1);
		v->ranking[i] = v->ranking[other];
		v->ranking[other] = (int)i;
		sum += pow((double)i + 1, -habits.zipf);
		v->likely[i] = sum;
	}
	for (size_t i = 0; i < w->count; i++)
		v->likely[i] /= sum;
	for (size_t i = 0; i < w->count * SUCCESSORS; i++)
		v->successors[i / SUCCESSORS][i % SUCCESSORS] = v->ranking[rank(v)];
	return v;
}

void viewer_free(struct viewer *v)
{
	g_rand_free(v->random);
	g_free(v->ranking);
	g_free(v->likely);
	g_free(v->successors);
	g_free(v);
}

static void stay(struct viewer *v, double least_s, double mean_s)
{
	double s = least_s - mean_s * log(1 - uniform(v));
	world_run_to(v->world, v->world->now_ns + (uint64_t)(s * (double)SECOND));
}

static void step(struct viewer *v)
{
	world_press(v->world, v->direction > 0 ? HISTORY_UP : HISTORY_DOWN, FORESEE_NONE);
	double x = uniform(v);
	if (x < 0.10)
		v->direction = -v->direction;
	else if (x < 0.29)
		v->direction = 0;
	if (v->direction)
		stay(v, 1, 5);
	else
		stay(v, 20, 400);
}

/* As the remote has it: at once where no longer number can match, else 2 s after the last digit. */
static void type_number(struct viewer *v, unsigned number)
{
	struct world *w = v->world;
	char digits[8];
	g_snprintf(digits, sizeof digits, "%u", number);
	for (size_t i = 0; digits[i]; i++) {
		char typed[8] = {0};
		memcpy(typed, digits, i + 1);
		world_digits(w, typed);
		if (digits[i + 1])
			world_run_to(w, w->now_ns + 500 * MS);
	}
	if (number * 10 <= w->count)
		world_run_to(w, w->now_ns + 2 * SECOND);
}

static void choose(struct viewer *v)
{
	struct world *w = v->world;
	int to = v->ranking[rank(v)];
	if (w->channel >= 0 && uniform(v) < v->habits.successor)
		to = v->successors[w->channel][g_rand_int_range(v->random, 0, SUCCESSORS)];
	bool types = uniform(v) < 0.6;
	if (types)
		type_number(v, w->channels[to].number);
	world_press(w, types ? HISTORY_NUMBER : HISTORY_LIST, to);
}

void viewer_zap(struct viewer *v, unsigned zaps)
{
	unsigned until = world_total(v->world->zaps) + zaps;
	while (world_total(v->world->zaps) < until) {
		double x = uniform(v);
		if (v->direction || (v->world->channel >= 0 && x < 0.16)) {
			if (!v->direction)
				v->direction = uniform(v) < 0.7 ? 1 : -1;
			step(v);
			continue;
		}
		if (x < 0.36)
			world_press(v->world, HISTORY_LAST, FORESEE_NONE);
		else
			choose(v);
		if (uniform(v) < 0.4)
			stay(v, 2, 8);
		else
			stay(v, 20, 400);
	}
}
