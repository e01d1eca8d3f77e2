#include <glib.h>

#include "client/bench/mix.h"

/* Of the viewer, not of a run. */
#define VIEWER_SEED 1977

static const struct share {
	enum bench_action action;
	uint32_t per_mille;
} shares[] = {
	{BENCH_PRESS_UP, 386},	   /* published: 0.56 * 0.69 */
	{BENCH_PRESS_DOWN, 174},   /* published: 0.56 * 0.31 */
	{BENCH_PRESS_LAST, 110},   /* derived: a quarter of 0.44 */
	{BENCH_PRESS_NUMBER, 330}, /* derived: the rest */
};

enum bench_action bench_mix_action(struct bench_random *random)
{
	uint32_t at = bench_random_below(random, 1000);
	size_t i = 0;
	while (at >= shares[i].per_mille)
		at -= shares[i++].per_mille;
	return shares[i].action;
}

uint32_t bench_mix_surf_ms(struct bench_random *random)
{
	const uint32_t span_ms = BENCH_SURF_MAX_MS - BENCH_SURF_MIN_MS;
	uint32_t at = bench_random_below(random, span_ms * 1000 / BENCH_SURF_PER_MILLE);
	return at < span_ms ? BENCH_SURF_MIN_MS + at : 0;
}

int *bench_mix_ranks(int channels)
{
	int *ranks = g_new(int, channels);
	struct bench_random viewer;
	bench_random_seed(&viewer, VIEWER_SEED);
	for (int i = 0; i < channels; i++) { /* Fisher and Yates, from inside out */
		int other = (int)bench_random_below(&viewer, (uint32_t)i + 1);
		ranks[i] = ranks[other];
		ranks[other] = i;
	}
	return ranks;
}

uint32_t bench_mix_weight(int rank)
{
	return 1000000 / ((uint32_t)rank + 1);
}
