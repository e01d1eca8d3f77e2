#include "client/foresee/budget.h"

#include <glib.h>
#include <string.h>

#define SECOND_NS UINT64_C(1000000000)

/* So soon after a join, a loss is that join's fault; and so long it is not tried again. */
static const uint64_t BLAME_NS = 2 * SECOND_NS;
static const uint64_t BAN_NS = 600 * SECOND_NS;
/* The watched channel lost packets so often within so long; what comes sooner is the same loss. */
static const unsigned LOSSES = 3;
static const uint64_t LOSSES_NS = 30 * SECOND_NS, LOSS_NS = 2 * SECOND_NS;
/* Without a setting: so long without loss is worth one stream more, up to so many. */
static const uint64_t GROW_NS = 30 * SECOND_NS;
static const size_t GROW_MAX = 8;
/* A stream that is held counts so much more, and while it still becomes warm. */
static const double HELD = 2, WARMING = 3;
static const uint64_t WARMING_NS = 5 * SECOND_NS / 2;
/* Before any rate is known. */
static const uint64_t RATE_ASSUMED_BPS = 8000000;

struct stream {
	bool held;
	uint64_t joined_ns;	  /* ahead; when it was watched before: 0 */
	uint64_t banned_until_ns; /* it was taken back */
	uint64_t rate_bps;	  /* 0: not measured */
};

struct budget {
	struct budget_settings settings;
	size_t count;
	struct stream *streams;
	int watched;
	int *held; /* most likely first */
	size_t n_held;
	int *order; /* for sorting */
	double *worth;
	uint64_t largest_bps;
	bool crowded; /* something was left out for its rate */

	unsigned losses;	     /* of the watched channel ... */
	uint64_t losses_ns, lost_ns; /* ... since then, and the last one */
	size_t grown;		     /* BUDGET_UNSET: how many now */
	uint64_t quiet_ns;	     /* nothing was lost and nothing joined since */
	size_t full;		     /* so many did the line carry when packets were lost ... */
	uint64_t full_until_ns;	     /* ... which is believed so long */
};

struct budget *budget_new(const struct budget_settings *settings, size_t channels)
{
	struct budget *b = g_new0(struct budget, 1);
	b->settings = *settings;
	b->count = channels;
	b->streams = g_new0(struct stream, channels);
	b->held = g_new0(int, channels);
	b->order = g_new0(int, channels);
	b->worth = g_new0(double, channels);
	b->watched = -1;
	b->grown = 1;
	return b;
}

void budget_free(struct budget *b)
{
	if (!b)
		return;
	g_free(b->worth);
	g_free(b->order);
	g_free(b->held);
	g_free(b->streams);
	g_free(b);
}

static bool is_channel(const struct budget *b, int channel)
{
	return channel >= 0 && (size_t)channel < b->count;
}

static uint64_t rate_of(const struct budget *b, int channel)
{
	if (b->streams[channel].rate_bps)
		return b->streams[channel].rate_bps;
	return b->largest_bps ? b->largest_bps : RATE_ASSUMED_BPS;
}

static void drop_at(struct budget *b, size_t i)
{
	b->streams[b->held[i]].held = false;
	memmove(&b->held[i], &b->held[i + 1], (b->n_held - i - 1) * sizeof *b->held);
	b->n_held--;
}

static void hold(struct budget *b, int channel, uint64_t joined_ns)
{
	b->streams[channel].held = true;
	b->streams[channel].joined_ns = joined_ns;
	b->held[b->n_held++] = channel;
}

static size_t limit(const struct budget *b, uint64_t now_ns)
{
	size_t streams = b->settings.streams == BUDGET_UNSET ? b->grown : b->settings.streams;
	return now_ns < b->full_until_ns ? MIN(streams, b->full) : streams;
}

/* What all that is received ahead may take of the line, in bits per second. */
static uint64_t room_bps(const struct budget *b)
{
	const struct budget_settings *settings = &b->settings;
	uint64_t room = settings->ahead_bps ? settings->ahead_bps : UINT64_MAX;
	if (!settings->line_bps)
		return room;
	uint64_t spare = b->largest_bps ? b->largest_bps : RATE_ASSUMED_BPS;
	uint64_t taken = spare + (is_channel(b, b->watched) ? rate_of(b, b->watched) : spare);
	return MIN(room, settings->line_bps > taken ? settings->line_bps - taken : 0);
}

static uint64_t held_bps(const struct budget *b)
{
	uint64_t sum_bps = 0;
	for (size_t i = 0; i < b->n_held; i++)
		sum_bps += rate_of(b, b->held[i]);
	return sum_bps;
}

bool budget_rate(struct budget *b, int channel, uint64_t rate_bps)
{
	if (!is_channel(b, channel))
		return false;
	b->streams[channel].rate_bps = rate_bps;
	b->largest_bps = 0;
	for (size_t i = 0; i < b->count; i++)
		b->largest_bps = MAX(b->largest_bps, b->streams[i].rate_bps);
	return b->crowded || held_bps(b) > room_bps(b);
}

/* The least likely make room for the one that was watched: it costs no join. */
static bool keep_watched(struct budget *b, int channel, uint64_t now_ns)
{
	size_t most = limit(b, now_ns);
	uint64_t bps = rate_of(b, channel);
	if (most == 0 || bps > room_bps(b))
		return false;
	while (b->n_held >= most || held_bps(b) + bps > room_bps(b))
		drop_at(b, b->n_held - 1);
	hold(b, channel, 0);
	return true;
}

bool budget_clear(struct budget *b)
{
	bool held = b->n_held > 0;
	while (b->n_held > 0)
		drop_at(b, b->n_held - 1);
	b->watched = -1;
	return held;
}

bool budget_watch(struct budget *b, int channel, bool keep, uint64_t now_ns)
{
	int before = b->watched;
	if (before == channel)
		return false;
	bool was_held = is_channel(b, channel) && b->streams[channel].held;
	b->watched = channel;
	for (size_t i = 0; was_held && i < b->n_held; i++) {
		if (b->held[i] == channel) {
			drop_at(b, i);
			break;
		}
	}
	bool kept = keep && is_channel(b, before) && keep_watched(b, before, now_ns);
	return was_held || kept;
}

static double worth_of(const struct budget *b, int channel, const double *scores, uint64_t now_ns)
{
	const struct stream *stream = &b->streams[channel];
	if (channel == b->watched || now_ns < stream->banned_until_ns)
		return 0;
	if (!stream->held)
		return scores[channel];
	bool warming = stream->joined_ns && now_ns < stream->joined_ns + WARMING_NS;
	return scores[channel] * (warming ? WARMING : HELD);
}

static int compare_worth(gconstpointer a, gconstpointer b, gpointer worth)
{
	int left = *(const int *)a, right = *(const int *)b;
	double by = ((const double *)worth)[right] - ((const double *)worth)[left];
	return by > 0 ? 1 : by < 0 ? -1 : left - right;
}

/* The channels that are worth anything, the best first. */
static size_t sort_by_worth(struct budget *b, const double *scores, uint64_t now_ns)
{
	size_t n = 0;
	for (size_t i = 0; i < b->count; i++) {
		b->worth[i] = worth_of(b, (int)i, scores, now_ns);
		if (b->worth[i] > 0)
			b->order[n++] = (int)i;
	}
	g_qsort_with_data(b->order, (gint)n, sizeof *b->order, compare_worth, b->worth);
	return n;
}

static bool may_grow(const struct budget *b)
{
	return b->settings.streams == BUDGET_UNSET && b->grown < GROW_MAX && b->n_held >= b->grown;
}

/* Moves the limits with the time. */
static void pass_time(struct budget *b, uint64_t now_ns)
{
	if (b->full_until_ns && now_ns >= b->full_until_ns) {
		b->full_until_ns = 0;
		b->quiet_ns = now_ns;
	}
	if (!b->quiet_ns)
		b->quiet_ns = now_ns;
	if (!b->full_until_ns && may_grow(b) && now_ns >= b->quiet_ns + GROW_NS) {
		b->grown++;
		b->quiet_ns = now_ns;
	}
}

/* Takes the best ones that fit to the front; returns how many they are. */
static size_t take_fitting(struct budget *b, size_t candidates, uint64_t now_ns)
{
	size_t most = limit(b, now_ns), n = 0;
	uint64_t left_bps = room_bps(b);
	b->crowded = false;
	for (size_t i = 0; i < candidates && n < most; i++) {
		int channel = b->order[i];
		if (rate_of(b, channel) > left_bps) {
			b->crowded = true;
			continue;
		}
		left_bps -= rate_of(b, channel);
		b->order[n++] = channel;
	}
	return n;
}

bool budget_choose(struct budget *b, const double *scores, uint64_t now_ns)
{
	pass_time(b, now_ns);
	size_t n = take_fitting(b, sort_by_worth(b, scores, now_ns), now_ns);
	size_t n_before = b->n_held, n_stayed = 0;

	for (size_t i = 0; i < n; i++) {
		struct stream *stream = &b->streams[b->order[i]];
		n_stayed += stream->held;
		if (!stream->held)
			stream->joined_ns = now_ns;
	}
	while (b->n_held > 0)
		drop_at(b, b->n_held - 1);
	for (size_t i = 0; i < n; i++)
		hold(b, b->order[i], b->streams[b->order[i]].joined_ns);
	return n_stayed != n || n_stayed != n_before;
}

static void move_held(struct budget *b, const int *to, size_t channels)
{
	int *held = g_new0(int, channels);
	size_t n = 0;
	for (size_t i = 0; i < b->n_held; i++)
		if (to[b->held[i]] >= 0)
			held[n++] = to[b->held[i]];
	g_free(b->held);
	b->held = held;
	b->n_held = n;
}

void budget_move(struct budget *b, const int *to, size_t channels)
{
	struct stream *streams = g_new0(struct stream, channels);
	for (size_t i = 0; i < b->count; i++)
		if (to[i] >= 0)
			streams[to[i]] = b->streams[i];
	move_held(b, to, channels);
	g_free(b->streams);
	g_free(b->order);
	g_free(b->worth);
	b->streams = streams;
	b->order = g_new0(int, channels);
	b->worth = g_new0(double, channels);
	b->watched = is_channel(b, b->watched) ? to[b->watched] : -1;
	b->count = channels;
}

/* No more than what is held now, for a while. */
static void believe_full(struct budget *b, uint64_t now_ns)
{
	b->full = b->n_held;
	b->full_until_ns = now_ns + BAN_NS;
	b->grown = MAX(b->full, 1);
}

/* Whether the watched channel loses again and again; begins to count anew when it does. */
static bool is_repeated(struct budget *b, int channel, uint64_t now_ns)
{
	if (is_channel(b, channel) && channel != b->watched)
		return false;
	if (now_ns >= b->losses_ns + LOSSES_NS)
		b->losses = 0;
	if (b->losses && now_ns < b->lost_ns + LOSS_NS)
		return false;
	if (b->losses++ == 0)
		b->losses_ns = now_ns;
	b->lost_ns = now_ns;
	if (b->losses < LOSSES)
		return false;
	b->losses = 0;
	return true;
}

bool budget_lose(struct budget *b, int channel, uint64_t since_ns, uint64_t now_ns)
{
	size_t before = b->n_held;
	bool repeated = is_repeated(b, channel, now_ns);
	b->quiet_ns = now_ns;
	for (size_t i = b->n_held; i-- > 0;) {
		struct stream *stream = &b->streams[b->held[i]];
		if (!stream->joined_ns || since_ns > stream->joined_ns + BLAME_NS)
			continue;
		stream->banned_until_ns = now_ns + BAN_NS;
		drop_at(b, i);
	}
	if (b->n_held < before)
		b->losses = 0;
	else if (repeated && before > 0)
		drop_at(b, before - 1);
	if (b->n_held == before)
		return false;
	believe_full(b, now_ns);
	return true;
}

void budget_refuse(struct budget *b, int channel, bool full, uint64_t now_ns)
{
	if (!is_channel(b, channel) || !b->streams[channel].held)
		return;
	for (size_t i = b->n_held; i-- > 0;)
		if (b->held[i] == channel)
			drop_at(b, i);
	if (full)
		believe_full(b, now_ns);
	else
		b->streams[channel].banned_until_ns = now_ns + BAN_NS;
}

size_t budget_held(const struct budget *b, const int **ret)
{
	*ret = b->held;
	return b->n_held;
}

uint64_t budget_deadline(const struct budget *b)
{
	if (b->full_until_ns)
		return b->full_until_ns;
	return b->quiet_ns && may_grow(b) ? b->quiet_ns + GROW_NS : UINT64_MAX;
}
