#include "client/app/ahead.h"

#include <glib.h>
#include <string.h>

#include "client/app/members.h"
#include "client/receive/quality.h"

#define MS_NS UINT64_C(1000000)
/* So often is looked at rates and losses; a loss counts within 2 s of a join. */
#define LOOK_NS (250 * MS_NS)
/*
 * What is missing of a stream so soon after its join says nothing of the line: routers that were
 * just told to end it may cut it once more.
 */
#define JOIN_NS (500 * MS_NS)
/* What is lost so soon after a join ahead is said to be for it, as foresee believes. */
#define BLAME_NS (2000 * MS_NS)
/* A stream's rate is known when a whole second of it came. */
#define RATE_NS (1500 * MS_NS)
/* A rate that differs by less is the same; a variable one counts with its peaks for a while. */
#define RATE_STEP 0.05
#define RATE_DECAY 0.98
/* In the place of channels that cannot be had others are tried so often, until the next look. */
#define TRIES 3

/* What was seen of a channel. */
struct seen {
	uint64_t since_ns; /* received since, 0: it is not */
	uint64_t lost;
	double bps, told_bps; /* of the line */
};

struct ahead {
	ahead_log_fn log;
	void *log_ctx;
	struct net *net;
	struct foresee *foresee;
	size_t count;
	struct seen *seen;
	size_t most_bytes; /* of all rings together */
	uint64_t dropped_kernel;
	uint64_t at_ns;		     /* of the newest event */
	bool leaving;		     /* since the press net has not been told what is wanted */
	bool watching;		     /* any channel: there is something to look at */
	uint64_t looked_ns, look_ns; /* the last time, the next */
	uv_timer_t timer;
};

static struct budget_settings budget_of(const struct settings *settings)
{
	const char *streams = settings_text(settings, "zap.prejoin");
	struct budget_settings budget = {
		.ahead_bps = (uint64_t)(settings_number(settings, "zap.prejoin_mbps") * 1e6),
		.line_bps = (uint64_t)(settings_number(settings, "zap.line_mbps") * 1e6)};
	if (!strcmp(streams, "auto"))
		budget.streams = BUDGET_UNSET;
	else if (!strcmp(streams, "all"))
		budget.streams = BUDGET_ALL;
	else
		budget.streams = (size_t)settings_number(settings, "zap.prejoin");
	return budget;
}

/* By the viewer, or by the list. */
static bool is_favourite(const struct channel *channel)
{
	if (channel->favourite)
		return true;
	for (const char *const *name = channel->bouquets; *name; name++)
		if (!g_ascii_strncasecmp(*name, "favourites", 10) ||
			!g_ascii_strncasecmp(*name, "favorites", 9))
			return true;
	return false;
}

/* Freed with g_free(). */
static struct foresee_channel *describe(const struct channel_list *channels)
{
	struct foresee_channel *known = g_new0(struct foresee_channel, channels->count);
	for (size_t i = 0; i < channels->count; i++)
		known[i] = (struct foresee_channel){.number = channels->channels[i].number,
			.subnumber = channels->channels[i].subnumber,
			.favourite = is_favourite(&channels->channels[i]),
			.skip = !members_can_have(&channels->channels[i])};
	return known;
}

static struct foresee *make_foresee(
	const struct settings *settings, const struct channel_list *channels)
{
	struct budget_settings budget = budget_of(settings);
	struct foresee_channel *known = describe(channels);
	struct foresee *foresee = foresee_new(&budget, known, channels->count);
	g_free(known);
	return foresee;
}

/* Times come from different clocks' reads: foresee's never goes back. */
static bool handle(struct ahead *ahead, struct foresee_event event)
{
	ahead->at_ns = MAX(ahead->at_ns, event.at_ns);
	event.at_ns = ahead->at_ns;
	return foresee_handle(ahead->foresee, &event);
}

static void say(struct ahead *ahead, const char *what, size_t most)
{
	char *sentence = g_strdup_printf(
		"%s: no more than %zu are received ahead for ten minutes", what, most);
	ahead->log(ahead->log_ctx, sentence);
	g_free(sentence);
}

static bool refuse(struct ahead *ahead, int channel, bool full)
{
	return handle(ahead, (struct foresee_event){.type = FORESEE_REFUSED,
				     .channel = channel,
				     .full = full,
				     .at_ns = uv_hrtime()});
}

/* Foresee must not believe that what net does not receive will be warm. */
static bool refuse_missing(struct ahead *ahead, bool full)
{
	size_t n;
	const int *wanted = foresee_wanted(ahead->foresee, &n);
	int *asked = g_memdup2(wanted, n * sizeof *wanted);
	bool changed = false;
	for (size_t i = 0; i < n; i++)
		if (!net_stream(ahead->net, asked[i]))
			changed = refuse(ahead, asked[i], full) || changed;
	g_free(asked);
	return changed;
}

/* What comes in the place of one that cannot be had may be another one of that kind. */
static void hold(struct ahead *ahead)
{
	bool changed = true;
	ahead->leaving = false;
	for (unsigned i = 0; changed && i < TRIES; i++) {
		size_t n;
		bool full;
		const int *wanted = foresee_wanted(ahead->foresee, &n);
		net_hold(ahead->net, wanted, n, &full);
		changed = refuse_missing(ahead, full);
	}
}

/* The least likely one goes where all of them hold more than is allowed. */
static bool bound_memory(struct ahead *ahead)
{
	size_t n, bytes = 0;
	const int *channels = net_received(ahead->net, &n);
	for (size_t i = 0; i < n; i++) {
		struct ring_info info;
		const struct ring *ring = net_ring(ahead->net, channels[i]);
		if (ring) {
			ring_info(ring, &info);
			bytes += info.bytes;
		}
	}
	channels = foresee_wanted(ahead->foresee, &n);
	if (bytes <= ahead->most_bytes || !n)
		return false;
	refuse(ahead, channels[n - 1], true);
	say(ahead, "the channels hold more than zap.prejoin_mib", n - 1);
	return true;
}

static bool is_lossy(const struct seen *seen, uint64_t lost, uint64_t now_ns)
{
	return now_ns >= seen->since_ns + JOIN_NS && lost > (lost < seen->lost ? 0 : seen->lost);
}

static uint64_t lost_packets(struct stream *stream)
{
	struct stream_counters counters;
	stream_counters(stream, &counters);
	return counters.rtp_lost + counters.plain_gaps;
}

static bool tell_rate(struct ahead *ahead, int channel, double bps, uint64_t now_ns)
{
	struct seen *seen = &ahead->seen[channel];
	double change = bps - seen->told_bps;
	if (bps < 1 || MAX(change, -change) < seen->told_bps * RATE_STEP)
		return false;
	seen->told_bps = bps;
	return handle(ahead, (struct foresee_event){.type = FORESEE_RATE,
				     .channel = channel,
				     .rate_bps = (uint64_t)bps,
				     .at_ns = now_ns});
}

static bool look_at_rate(struct ahead *ahead, int channel, uint64_t line_bps, uint64_t now_ns)
{
	struct seen *seen = &ahead->seen[channel];
	if (now_ns < seen->since_ns + RATE_NS)
		return false;
	seen->bps = MAX((double)line_bps, seen->bps * RATE_DECAY);
	return tell_rate(ahead, channel, seen->bps, now_ns);
}

/* Whether a loss since the last look may be the fault of a join ahead. */
static bool joined_lately(const struct ahead *ahead)
{
	size_t n;
	const int *wanted = foresee_wanted(ahead->foresee, &n);
	for (size_t i = 0; i < n; i++) {
		uint64_t since_ns = ahead->seen[wanted[i]].since_ns;
		if (!since_ns || ahead->looked_ns < since_ns + BLAME_NS)
			return true;
	}
	return false;
}

/* Whether that gives up any of them. */
static bool lose(struct ahead *ahead, int channel, uint64_t now_ns)
{
	struct foresee_event event = {.type = FORESEE_LOSS,
		.channel = channel,
		.since_ns = ahead->looked_ns,
		.at_ns = now_ns};
	size_t n;
	bool soon = joined_lately(ahead);
	if (!handle(ahead, event))
		return false;
	foresee_wanted(ahead->foresee, &n);
	say(ahead,
		soon ? "packets were lost soon after channels were joined ahead"
		     : "packets are lost again and again",
		n);
	return true;
}

static bool look_at(struct ahead *ahead, int channel, uint64_t now_ns)
{
	struct seen *seen = &ahead->seen[channel];
	struct stream *stream = net_stream(ahead->net, channel);
	struct quality_report quality;
	if (!stream) {
		seen->since_ns = 0;
		return false;
	}
	if (!seen->since_ns)
		*seen = (struct seen){.since_ns = now_ns, .told_bps = seen->told_bps};
	stream_quality(stream, now_ns, &quality);
	uint64_t lost = lost_packets(stream);
	bool changed = is_lossy(seen, lost, now_ns) && lose(ahead, channel, now_ns);
	seen->lost = lost;
	return look_at_rate(ahead, channel, quality.line_bps, now_ns) || changed;
}

/* Whether what is wanted changed. */
static bool look(struct ahead *ahead, uint64_t now_ns)
{
	struct receive_socket_counters counters;
	/* Net itself gave it up, for the watched channel. */
	bool changed = !ahead->leaving && refuse_missing(ahead, true);
	changed = bound_memory(ahead) || changed;
	for (size_t i = 0; i < ahead->count; i++)
		changed = look_at(ahead, (int)i, now_ns) || changed;
	net_counters(ahead->net, &counters);
	if (counters.dropped_kernel != ahead->dropped_kernel)
		changed = lose(ahead, FORESEE_NONE, now_ns) || changed;
	ahead->dropped_kernel = counters.dropped_kernel;
	ahead->looked_ns = now_ns;
	ahead->look_ns = now_ns + LOOK_NS;
	return changed;
}

static void arm(struct ahead *ahead);

/* What was left without a report at the press is left here, too, although nothing else changes. */
static void on_timer(uv_timer_t *timer)
{
	struct ahead *ahead = timer->data;
	uint64_t now_ns = uv_hrtime();
	bool changed = now_ns >= ahead->look_ns && look(ahead, now_ns);
	if (now_ns >= foresee_deadline(ahead->foresee)) {
		handle(ahead, (struct foresee_event){.type = FORESEE_TIMER, .at_ns = now_ns});
		changed = true;
	}
	if (changed)
		hold(ahead);
	arm(ahead);
}

static void arm(struct ahead *ahead)
{
	uint64_t deadline_ns = foresee_deadline(ahead->foresee), now_ns = uv_hrtime();
	if (ahead->watching)
		deadline_ns = MIN(deadline_ns, ahead->look_ns);
	if (deadline_ns == FORESEE_NEVER)
		uv_timer_stop(&ahead->timer);
	else
		uv_timer_start(&ahead->timer, on_timer,
			deadline_ns > now_ns ? (deadline_ns - now_ns) / MS_NS + 1 : 0, 0);
}

const int *ahead_keep(struct ahead *ahead, int channel, uint64_t pressed_ns, size_t *ret_count)
{
	ahead->at_ns = MAX(ahead->at_ns, pressed_ns);
	return foresee_leave(ahead->foresee, channel, ahead->at_ns, ret_count);
}

void ahead_tuned(
	struct ahead *ahead, int channel, int last, enum history_action action, uint64_t pressed_ns)
{
	handle(ahead, (struct foresee_event){.type = FORESEE_TUNED,
			      .channel = channel,
			      .last = last,
			      .action = action,
			      .at_ns = pressed_ns});
	ahead->leaving = true;
	ahead->watching = channel != ZAP_NO_CHANNEL;
	arm(ahead);
}

void ahead_typed(struct ahead *ahead, const char *digits)
{
	if (handle(ahead, (struct foresee_event){
				  .type = FORESEE_DIGITS, .digits = digits, .at_ns = uv_hrtime()}))
		hold(ahead);
	arm(ahead);
}

void ahead_expect_rate(struct ahead *ahead, int channel, uint64_t line_bps)
{
	if (ahead->seen[channel].told_bps)
		return;
	if (tell_rate(ahead, channel, (double)line_bps, uv_hrtime()))
		hold(ahead);
}

uint64_t ahead_rate(const struct ahead *ahead, int channel)
{
	return (uint64_t)ahead->seen[channel].told_bps;
}

static void move_seen(struct ahead *ahead, const int *to, size_t count)
{
	struct seen *seen = g_new0(struct seen, count);
	for (size_t i = 0; i < ahead->count; i++)
		if (to[i] >= 0)
			seen[to[i]] = ahead->seen[i];
	g_free(ahead->seen);
	ahead->seen = seen;
	ahead->count = count;
}

void ahead_take(struct ahead *ahead, const struct channel_list *channels, const int *to)
{
	struct foresee_channel *known = describe(channels);
	ahead->at_ns = MAX(ahead->at_ns, uv_hrtime());
	foresee_move(ahead->foresee, known, channels->count, to, ahead->at_ns);
	g_free(known);
	move_seen(ahead, to, channels->count);
	if (ahead->watching)
		hold(ahead);
	arm(ahead);
}

struct history *ahead_history(struct ahead *ahead)
{
	return foresee_history(ahead->foresee);
}

int ahead_open(uv_loop_t *loop, const struct settings *settings,
	const struct channel_list *channels, struct net *net, ahead_log_fn log, void *log_ctx,
	struct ahead **ret)
{
	struct ahead *ahead = g_new0(struct ahead, 1);
	int error = uv_timer_init(loop, &ahead->timer);
	if (error) {
		g_free(ahead);
		return error;
	}
	ahead->log = log;
	ahead->log_ctx = log_ctx;
	ahead->net = net;
	ahead->foresee = make_foresee(settings, channels);
	ahead->most_bytes = (size_t)settings_number(settings, "zap.prejoin_mib") << 20;
	ahead->count = channels->count;
	ahead->seen = g_new0(struct seen, channels->count);
	ahead->timer.data = ahead;
	*ret = ahead;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct ahead *ahead = handle->data;
	foresee_free(ahead->foresee);
	g_free(ahead->seen);
	g_free(ahead);
}

void ahead_close(struct ahead *ahead)
{
	if (ahead)
		uv_close((uv_handle_t *)&ahead->timer, on_closed);
}
