#include "client/app/failover.h"

#include <glib.h>

#define SECOND_NS UINT64_C(1000000000)

/* A packet must come within a GOP and so long. */
static const uint64_t SLACK_NS = SECOND_NS;
/* Where no GOP is known: an ordinary one. */
static const uint64_t GOP_ASSUMED_NS = 2 * SECOND_NS;
static const uint64_t REMEMBERED_NS = 3600 * SECOND_NS;
/* Rounds after which the waits get no longer: 16 times the first one. */
static const size_t ROUNDS_MAX = 4;

#define NONE SIZE_MAX

/* The source that took over, until then; 0: the preferred one. */
struct choice {
	size_t source;
	uint64_t until_ns;
};

struct failover {
	size_t count;
	struct choice *choices; /* by channel */

	int channel; /* watched; negative: none */
	size_t source, sources;
	uint64_t wait_ns;  /* for a sign of life, in the first round */
	uint64_t heard_ns; /* the last one, or since when it is waited for */
	bool heard;	   /* something came from this source */
	size_t worked;	   /* the last one from which something came; NONE */
	size_t tried;	   /* without a sign of life, before this one */
};

struct failover *failover_new(size_t channels)
{
	struct failover *f = g_new0(struct failover, 1);
	f->count = channels;
	f->choices = g_new0(struct choice, channels);
	f->channel = -1;
	return f;
}

void failover_free(struct failover *f)
{
	if (!f)
		return;
	g_free(f->choices);
	g_free(f);
}

size_t failover_first(const struct failover *f, int channel, uint64_t now_ns)
{
	const struct choice *choice = &f->choices[channel];
	return now_ns < choice->until_ns ? choice->source : 0;
}

void failover_watch(struct failover *f, int channel, size_t source, size_t count, uint64_t gop_ns,
	uint64_t now_ns)
{
	f->channel = channel;
	f->source = source;
	f->sources = count;
	f->wait_ns = (gop_ns ? gop_ns : GOP_ASSUMED_NS) + SLACK_NS;
	f->heard_ns = now_ns;
	f->heard = false;
	f->worked = NONE;
	f->tried = 0;
}

/* What is heard of first says which source is the one that works. */
void failover_heard(struct failover *f, size_t source, uint64_t at_ns)
{
	f->heard_ns = MAX(f->heard_ns, at_ns);
	if (f->heard || f->channel < 0)
		return;
	f->heard = true;
	f->worked = source < f->sources ? source : NONE;
	/* Only what took over is remembered anew: the hour does not begin again with each zap. */
	if (f->tried && source < f->sources)
		f->choices[f->channel] = (struct choice){source, at_ns + REMEMBERED_NS};
	f->tried = 0;
}

void failover_excuse(struct failover *f, uint64_t now_ns)
{
	f->heard_ns = MAX(f->heard_ns, now_ns);
}

static bool has_another(const struct failover *f)
{
	return f->channel >= 0 && f->sources > (f->source < f->sources ? 1 : 0);
}

/* One that works is not to be missed for long, because others do not. */
static size_t doublings(const struct failover *f)
{
	bool is_only_tried = f->worked != NONE && f->worked != f->source;
	return is_only_tried ? 0 : MIN(f->tried / f->sources, ROUNDS_MAX);
}

uint64_t failover_deadline(const struct failover *f)
{
	if (!has_another(f))
		return FAILOVER_NEVER;
	return f->heard_ns + (f->wait_ns << doublings(f));
}

bool failover_advance(struct failover *f, uint64_t now_ns, size_t *ret_source)
{
	if (now_ns < failover_deadline(f))
		return false;
	f->source = f->source + 1 < f->sources ? f->source + 1 : 0;
	f->tried++;
	f->heard = false;
	f->heard_ns = now_ns;
	*ret_source = f->source;
	return true;
}

void failover_forget(struct failover *f, int channel)
{
	f->choices[channel] = (struct choice){0};
}

void failover_move(struct failover *f, const int *to, size_t count)
{
	struct choice *choices = g_new0(struct choice, count);
	for (size_t i = 0; i < f->count; i++)
		if (to[i] >= 0)
			choices[to[i]] = f->choices[i];
	if (f->channel >= 0)
		f->channel = to[f->channel];
	g_free(f->choices);
	f->choices = choices;
	f->count = count;
}
