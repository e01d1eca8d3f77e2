#include "client/foresee/foresee.h"

#include "client/foresee/predict.h"

#include <glib.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)

/* Who stays so long has arrived, for the moment: only then are channels joined ahead for here. */
static const uint64_t SETTLE_NS = SECOND_NS / 4;
/* From here on he watches, and the next key is another one than in a surf. */
static const uint64_t WATCH_NS = 20 * SECOND_NS;

struct foresee {
	size_t count;
	struct foresee_channel *channels;
	struct history *history;
	struct budget *budget;
	double *scores;

	struct predict_place place;
	char digits[FORESEE_DIGITS_MAX];
	uint64_t tuned_ns;
	bool off; /* there is nothing to choose: no stream is allowed */
	bool settled, watching;
};

struct foresee *foresee_new(const struct budget_settings *settings,
	const struct foresee_channel *channels, size_t count)
{
	struct foresee *f = g_new0(struct foresee, 1);
	f->count = count;
	f->channels = g_memdup2(channels, count * sizeof *channels);
	f->history = history_new(count);
	f->budget = budget_new(settings, count);
	f->scores = g_new0(double, count);
	f->place = (struct predict_place){.channel = FORESEE_NONE,
		.last = FORESEE_NONE,
		.context = HISTORY_WATCHING,
		.digits = f->digits};
	f->off = settings->streams == 0;
	return f;
}

void foresee_free(struct foresee *f)
{
	if (!f)
		return;
	g_free(f->scores);
	budget_free(f->budget);
	history_free(f->history);
	g_free(f->channels);
	g_free(f);
}

struct history *foresee_history(struct foresee *f)
{
	return f->history;
}

static bool choose(struct foresee *f, uint64_t now_ns)
{
	if (f->off)
		return false;
	predict(f->history, f->channels, f->count, &f->place, f->scores);
	return budget_choose(f->budget, f->scores, now_ns);
}

static enum history_context context_after(enum history_action action)
{
	switch (action) {
	case HISTORY_UP:
		return HISTORY_AFTER_UP;
	case HISTORY_DOWN:
		return HISTORY_AFTER_DOWN;
	case HISTORY_LAST:
		return HISTORY_AFTER_LAST;
	default:
		return HISTORY_AFTER_CHOICE;
	}
}

/* What was watched stays for now, unless it was only passed by. The second time nothing changes. */
static bool leave(struct foresee *f, int channel, uint64_t at_ns)
{
	if (channel == f->place.channel)
		return false;
	if (channel == FORESEE_NONE)
		return budget_clear(f->budget);
	return budget_watch(f->budget, channel, at_ns - f->tuned_ns >= SETTLE_NS, at_ns);
}

const int *foresee_leave(struct foresee *f, int channel, uint64_t at_ns, size_t *ret_count)
{
	leave(f, channel, at_ns);
	return foresee_wanted(f, ret_count);
}

static bool on_tuned(struct foresee *f, const struct foresee_event *event)
{
	uint64_t stay_ns = event->at_ns - f->tuned_ns;
	bool settled = stay_ns >= SETTLE_NS, typed = f->digits[0];
	f->digits[0] = '\0';
	f->place.last = event->last;
	if (event->channel == f->place.channel)
		return typed && choose(f, event->at_ns);
	bool changed = leave(f, event->channel, event->at_ns);
	/* A channel that was only passed by says nothing about where one goes from it. */
	if (f->place.channel != FORESEE_NONE && settled)
		history_add(f->history, stay_ns >= WATCH_NS ? HISTORY_WATCHING : f->place.context,
			f->place.channel, event->action, event->channel);
	f->place.channel = event->channel;
	f->place.context = context_after(event->action);
	f->tuned_ns = event->at_ns;
	f->settled = f->watching = false;
	return changed;
}

static bool on_digits(struct foresee *f, const struct foresee_event *event)
{
	g_strlcpy(f->digits, event->digits, sizeof f->digits);
	return choose(f, event->at_ns);
}

/* Who presses on is not disturbed: there is chosen when he has settled. */
static bool on_rate(struct foresee *f, const struct foresee_event *event)
{
	return budget_rate(f->budget, event->channel, event->rate_bps) && f->settled &&
	       choose(f, event->at_ns);
}

/* Another channel may be had in the place of one that is only itself not to be had. */
static bool on_refused(struct foresee *f, const struct foresee_event *event)
{
	budget_refuse(f->budget, event->channel, event->full, event->at_ns);
	return !event->full && choose(f, event->at_ns);
}

static bool on_timer(struct foresee *f, uint64_t now_ns)
{
	if (now_ns < foresee_deadline(f))
		return false;
	f->settled = true;
	if (now_ns >= f->tuned_ns + WATCH_NS && !f->watching) {
		f->watching = true;
		f->place.context = HISTORY_WATCHING;
	}
	return choose(f, now_ns);
}

bool foresee_handle(struct foresee *f, const struct foresee_event *event)
{
	switch (event->type) {
	case FORESEE_TUNED:
		return on_tuned(f, event);
	case FORESEE_DIGITS:
		return on_digits(f, event);
	case FORESEE_LOSS:
		return budget_lose(f->budget, event->channel, event->since_ns, event->at_ns);
	case FORESEE_REFUSED:
		return on_refused(f, event);
	case FORESEE_RATE:
		return on_rate(f, event);
	case FORESEE_TIMER:
		return on_timer(f, event->at_ns);
	}
	return false;
}

static void follow(const int *to, int *channel)
{
	if (*channel != FORESEE_NONE)
		*channel = to[*channel];
}

void foresee_move(struct foresee *f, const struct foresee_channel *channels, size_t count,
	const int *to, uint64_t at_ns)
{
	history_move(f->history, to, count);
	budget_move(f->budget, to, count);
	follow(to, &f->place.channel);
	follow(to, &f->place.last);
	g_free(f->channels);
	g_free(f->scores);
	f->channels = g_memdup2(channels, count * sizeof *channels);
	f->scores = g_new0(double, count);
	f->count = count;
	if (f->settled)
		choose(f, at_ns);
}

const int *foresee_wanted(const struct foresee *f, size_t *ret_count)
{
	const int *held;
	*ret_count = budget_held(f->budget, &held);
	return held;
}

uint64_t foresee_deadline(const struct foresee *f)
{
	if (f->off || f->place.channel == FORESEE_NONE)
		return FORESEE_NEVER;
	if (!f->settled)
		return f->tuned_ns + SETTLE_NS;
	uint64_t watch_ns = f->watching ? FORESEE_NEVER : f->tuned_ns + WATCH_NS;
	return MIN(watch_ns, budget_deadline(f->budget));
}
