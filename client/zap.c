#include "client/zap.h"

#include <assert.h>
#include <stdlib.h>

#define SECOND_NS UINT64_C(1000000000)
/* design: motion is the first later picture that is followed by so long without a gap. */
#define STEADY_NS (1 * SECOND_NS)
/* A zap without sound or steady motion is closed in the books so long after its picture. */
#define BOOKS_CLOSE_NS (3 * SECOND_NS)
/* No stream has a longer GOP: what seems so is a jump of the time base. */
#define GOP_MAX_NS (60 * SECOND_NS)
/* What is known of a GOP shrinks by no more than this share with each one that is shorter. */
#define GOP_FADES 32

struct zap {
	struct zap_settings settings;
	enum zap_state state;
	int channel; /* the one that is shown or awaited */
	uint64_t tuned_ns;

	struct zap_record record; /* of the current zap */
	bool record_open;

	bool radio;	      /* there is sound only */
	bool starved;	      /* no signal for want of what can be played, not of packets */
	uint64_t signal_ns;   /* last sign of life: the report, then each packet */
	uint64_t rap_wait_ns; /* since when packets come without a random access point, or 0 */
	uint64_t picture_ns, position; /* last picture shown */
	uint64_t steady_since_ns; /* first of the later pictures without a gap between them, or 0 */

	size_t count;
	uint64_t *gop_ns; /* by channel: how long a GOP may be there, 0 unknown */
};

struct zap *zap_new(size_t channels, const struct zap_settings *settings)
{
	struct zap *zap = calloc(1, sizeof *zap);
	if (!zap)
		return NULL;
	zap->gop_ns = calloc(channels + 1, sizeof *zap->gop_ns);
	if (!zap->gop_ns) {
		free(zap);
		return NULL;
	}
	zap->settings = *settings;
	zap->count = channels;
	zap->channel = ZAP_NO_CHANNEL;
	return zap;
}

void zap_free(struct zap *zap)
{
	if (!zap)
		return;
	free(zap->gop_ns);
	free(zap);
}

static struct zap_effect *add(
	const struct zap *zap, struct zap_effects *ret, enum zap_effect_type type)
{
	assert(ret->count < ZAP_EFFECTS_MAX);
	struct zap_effect *effect = &ret->list[ret->count++];
	*effect = (struct zap_effect){.type = type,
		.n = zap->record.n,
		.from = zap->record.from,
		.to = zap->channel,
		.pressed_ns = zap->record.pressed_ns,
		.state = zap->state};
	return effect;
}

static void enter(struct zap *zap, enum zap_state state, struct zap_effects *ret)
{
	zap->state = state;
	struct zap_effect *effect = add(zap, ret, ZAP_EFFECT_STATE);
	effect->packets = zap->starved;
	effect->radio = zap->radio;
}

static void close_record(struct zap *zap, enum zap_result result, struct zap_effects *ret)
{
	if (!zap->record_open)
		return;
	zap->record.result = result;
	zap->record_open = false;
	add(zap, ret, ZAP_EFFECT_RECORD)->record = zap->record;
}

/* Forgets what was received so far: the wait for packets and for a random access point begins. */
static void await_signal(struct zap *zap, uint64_t now_ns)
{
	zap->starved = zap->radio = false;
	zap->signal_ns = now_ns;
	zap->rap_wait_ns = 0;
	zap->picture_ns = zap->steady_since_ns = 0;
}

/*
 * The change itself. The report goes first, before anything else is done for the new channel; then
 * its packets are let in, the pipeline forgets the old channel and gets what there is of the new
 * one, and the viewer is told.
 */
static void change(
	struct zap *zap, int channel, const struct zap_event *key, struct zap_effects *ret)
{
	uint64_t pressed_ns = key->at_ns;
	struct zap_record before = zap->record;
	int from = zap->channel;
	bool before_open = zap->record_open;

	zap->channel = channel;
	zap->tuned_ns = pressed_ns;
	zap->record = (struct zap_record){
		.n = before.n + 1, .from = from, .to = channel, .pressed_ns = pressed_ns};
	add(zap, ret, ZAP_EFFECT_MEMBERSHIP)->way = key->way;
	add(zap, ret, ZAP_EFFECT_RECEIVE);
	add(zap, ret, ZAP_EFFECT_FLUSH);
	if (channel != ZAP_NO_CHANNEL)
		add(zap, ret, ZAP_EFFECT_BANNER);

	if (before_open && !before.at_ns[ZAP_PICTURE])
		before.kind = ZAP_SUPERSEDED;
	/* Nothing came after the last zap: it is in the books only where it went well. */
	if (before_open && (channel != ZAP_NO_CHANNEL || before.at_ns[ZAP_PICTURE]))
		add(zap, ret, ZAP_EFFECT_RECORD)->record = before;
	zap->record_open = channel != ZAP_NO_CHANNEL;
	await_signal(zap, pressed_ns);
	enter(zap, channel == ZAP_NO_CHANNEL ? ZAP_STATE_IDLE : ZAP_STATE_TUNING, ret);
}

static void tune(struct zap *zap, int channel, const struct zap_event *key, struct zap_effects *ret)
{
	if (channel < 0 || (size_t)channel >= zap->count)
		return;
	/* After an error the same channel is worth another try. */
	if (channel == zap->channel && zap->state != ZAP_STATE_ERROR)
		add(zap, ret, ZAP_EFFECT_BANNER);
	else
		change(zap, channel, key, ret);
}

/* The first time counts. */
static void reach(
	struct zap *zap, enum zap_milestone milestone, uint64_t at_ns, struct zap_effects *ret)
{
	if (zap->record.at_ns[milestone])
		return;
	zap->record.at_ns[milestone] = at_ns;
	struct zap_effect *effect = add(zap, ret, ZAP_EFFECT_REACHED);
	effect->milestone = milestone;
	effect->record = zap->record;
}

/* Radio plays when it is heard; whatever else plays is seen. */
static void on_sound(struct zap *zap, struct zap_effects *ret)
{
	if (!zap->radio)
		return;
	bool awaited = zap->state == ZAP_STATE_TUNING || zap->starved;
	zap->starved = false;
	if (awaited)
		enter(zap, ZAP_STATE_PLAYING, ret);
	close_record(zap, ZAP_OK, ret);
}

static void on_milestone(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	reach(zap, event->milestone, event->at_ns, ret);
	if (event->milestone == ZAP_REPORT && event->at_ns > zap->signal_ns)
		zap->signal_ns = event->at_ns;
	if (event->milestone == ZAP_PSI)
		zap->radio = event->radio;
	/* Either may be the first: what is known from earlier is heard before its PSI has come. */
	bool both = event->milestone == ZAP_PSI && zap->record_open && zap->record.at_ns[ZAP_AUDIO];
	if (event->milestone == ZAP_AUDIO || both)
		on_sound(zap, ret);
}

/* The channel was foreseen: how much of it was there when the key came. */
static void on_received(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	zap->record.kind = event->kind;
	reach(zap, ZAP_FIRST_PACKET, event->at_ns, ret);
}

static void on_packets(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	reach(zap, ZAP_FIRST_PACKET, event->at_ns, ret);
	zap->signal_ns = event->at_ns;
	if (!zap->rap_wait_ns)
		zap->rap_wait_ns = event->at_ns;
	if (zap->state != ZAP_STATE_NO_SIGNAL || zap->starved)
		return;
	/* Back after silence: what was half received is of no use, begin with the next RAP. */
	if (zap->record.at_ns[ZAP_RAP_COMPLETE] || zap->radio) {
		await_signal(zap, event->at_ns);
		zap->rap_wait_ns = event->at_ns;
		add(zap, ret, ZAP_EFFECT_RECEIVE);
		add(zap, ret, ZAP_EFFECT_FLUSH);
	}
	enter(zap, ZAP_STATE_TUNING, ret);
}

/* Motion as the benchmark defines it, over pictures told apart by their position. */
static void follow_motion(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	/* A stream that does not name its frame rate: the distance of the pictures is it. */
	uint64_t span_ns = event->span_ns ? event->span_ns : event->position - zap->position;
	bool gap = event->at_ns - zap->picture_ns > 2 * span_ns;
	if (!zap->steady_since_ns || gap)
		zap->steady_since_ns = event->at_ns;
	if (event->at_ns - zap->steady_since_ns >= STEADY_NS)
		reach(zap, ZAP_MOTION, zap->steady_since_ns, ret);
}

static void on_picture(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	reach(zap, ZAP_PICTURE, event->at_ns, ret);
	if (zap->picture_ns && event->position != zap->position)
		follow_motion(zap, event, ret);
	if (!zap->picture_ns || event->position != zap->position)
		zap->picture_ns = event->at_ns;
	zap->position = event->position;
	/* What was buffered when the packets ended is still shown: only packets end the silence. */
	if (zap->state == ZAP_STATE_NO_SIGNAL && !zap->starved)
		return;
	zap->starved = false;
	if (zap->state != ZAP_STATE_PLAYING)
		enter(zap, ZAP_STATE_PLAYING, ret);
	if (zap->record.at_ns[ZAP_MOTION] && zap->record.at_ns[ZAP_AUDIO])
		close_record(zap, ZAP_OK, ret);
}

static uint64_t max_ns(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t patience_end(const struct zap *zap)
{
	return zap->tuned_ns + zap->settings.patience_ns;
}

static uint64_t signal_deadline(const struct zap *zap)
{
	bool expected = zap->state == ZAP_STATE_TUNING || zap->state == ZAP_STATE_PLAYING;
	if (!expected)
		return ZAP_NEVER;
	return max_ns(zap->signal_ns + zap->settings.signal_timeout_ns, patience_end(zap));
}

/* A random access point, or radio's first sound. */
static uint64_t rap_deadline(const struct zap *zap)
{
	if (zap->state != ZAP_STATE_TUNING || !zap->rap_wait_ns)
		return ZAP_NEVER;
	uint64_t gop_ns = zap->gop_ns[zap->channel];
	uint64_t enough_ns = gop_ns ? 2 * gop_ns : zap->settings.rap_timeout_ns;
	return max_ns(zap->rap_wait_ns + enough_ns, patience_end(zap));
}

static uint64_t books_deadline(const struct zap *zap)
{
	uint64_t picture_ns = zap->record.at_ns[ZAP_PICTURE];
	return zap->record_open && picture_ns ? picture_ns + BOOKS_CLOSE_NS : ZAP_NEVER;
}

static uint64_t min_ns(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t zap_deadline(const struct zap *zap)
{
	return min_ns(min_ns(signal_deadline(zap), rap_deadline(zap)), books_deadline(zap));
}

static void on_timer(struct zap *zap, uint64_t now_ns, struct zap_effects *ret)
{
	if (now_ns >= books_deadline(zap))
		close_record(zap, ZAP_OK, ret);
	bool silent = now_ns >= signal_deadline(zap);
	bool starved = now_ns >= rap_deadline(zap);
	if (!silent && !starved)
		return;
	zap->starved = !silent;
	enter(zap, ZAP_STATE_NO_SIGNAL, ret);
	close_record(zap, zap->record.at_ns[ZAP_PICTURE] ? ZAP_OK : ZAP_TIMEOUT, ret);
}

/* The longest counts, because scene cuts shorten single ones; one that looked like two fades. */
void zap_remember_gop(struct zap *zap, int channel, uint64_t span_ns)
{
	uint64_t *gop_ns = &zap->gop_ns[channel];
	if (span_ns <= GOP_MAX_NS)
		*gop_ns = max_ns(span_ns, *gop_ns - *gop_ns / GOP_FADES);
}

uint64_t zap_gop(const struct zap *zap, int channel)
{
	return zap->gop_ns[channel];
}

static void follow(const int *to, int *channel)
{
	if (*channel != ZAP_NO_CHANNEL)
		*channel = to[*channel];
}

bool zap_move(struct zap *zap, const int *to, size_t channels)
{
	uint64_t *gop_ns = calloc(channels + 1, sizeof *gop_ns);
	if (!gop_ns)
		return false;
	for (size_t i = 0; i < zap->count; i++)
		if (to[i] != ZAP_NO_CHANNEL)
			gop_ns[to[i]] = zap->gop_ns[i];
	free(zap->gop_ns);
	zap->gop_ns = gop_ns;
	zap->count = channels;
	follow(to, &zap->channel);
	if (zap->record.n) {
		follow(to, &zap->record.from);
		follow(to, &zap->record.to);
	}
	return true;
}

static void on_error(struct zap *zap, struct zap_effects *ret)
{
	if (zap->state == ZAP_STATE_ERROR)
		return;
	enter(zap, ZAP_STATE_ERROR, ret);
	close_record(zap, ZAP_ERROR, ret);
}

/* Facts about a channel that has been left come late and must not touch the new one. */
static bool is_stale(const struct zap *zap, const struct zap_event *event)
{
	return event->n != zap->record.n || zap->channel == ZAP_NO_CHANNEL;
}

static void handle_fact(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	switch (event->type) {
	case ZAP_EVENT_MILESTONE:
		on_milestone(zap, event, ret);
		break;
	case ZAP_EVENT_RECEIVED:
		on_received(zap, event, ret);
		break;
	case ZAP_EVENT_PACKETS:
		on_packets(zap, event, ret);
		break;
	case ZAP_EVENT_GOP:
		zap_remember_gop(zap, zap->channel, event->span_ns);
		break;
	case ZAP_EVENT_PICTURE:
		on_picture(zap, event, ret);
		break;
	default:
		on_error(zap, ret);
		break;
	}
}

void zap_handle(struct zap *zap, const struct zap_event *event, struct zap_effects *ret)
{
	ret->count = 0;
	switch (event->type) {
	case ZAP_EVENT_TUNE:
		tune(zap, event->channel, event, ret);
		break;
	case ZAP_EVENT_STOP:
		change(zap, ZAP_NO_CHANNEL, event, ret);
		break;
	case ZAP_EVENT_TIMER:
		on_timer(zap, event->at_ns, ret);
		break;
	default:
		if (!is_stale(zap, event))
			handle_fact(zap, event, ret);
		break;
	}
}

enum zap_state zap_state(const struct zap *zap)
{
	return zap->state;
}

int zap_channel(const struct zap *zap)
{
	return zap->channel;
}

uint64_t zap_number(const struct zap *zap)
{
	return zap->record.n;
}

bool zap_unfinished(const struct zap *zap, struct zap_record *ret)
{
	if (!zap->record_open || zap->record.at_ns[ZAP_PICTURE])
		return false;
	*ret = zap->record;
	return true;
}
