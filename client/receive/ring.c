#include "client/receive/ring.h"

#include <stdlib.h>

static const uint64_t RADIO_NS = UINT64_C(200000000);
/* Older than this is no longer what is on the air ... */
static const uint64_t STALE_NS = UINT64_C(1000000000);
/* ... and no channel's GOPs last so long. */
static const uint64_t HELD_NS = UINT64_C(30000000000);
/* So many units of few bytes take more memory than that of their data. */
enum { UNITS_MAX = 16384 };
/* Where time stamps and due times part by so much, another time base has begun. */
static const int64_t JUMP_NS = INT64_C(500000000);

/* The times of the newest unit of a kind. */
struct newest {
	bool known;
	uint64_t dts_90khz, due_ns;
	uint64_t arrival_ns, step_ns; /* and how long after the one before */
};

struct ring {
	size_t max_bytes;
	bool has_psi;
	struct stream_event psi;
	bool any; /* units came */
	bool has_rap;
	uint64_t rap_complete_ns, warm_since_ns;
	size_t spoiled;	  /* damaged key units since the RAP that is held */
	unsigned unclean; /* pictures to come until what is decoded from it is clean */
	/* A later RAP with a gradual refresh, which replaces the held one when it is through. */
	struct {
		unsigned unclean; /* 0: there is none */
		uint64_t dts_90khz;
	} next;
	struct newest newest[2]; /* by kind */
	bool key_known;
	uint64_t key_dts_90khz;
	GArray *units; /* struct stream_unit, with a reference of their data */
	struct ring_info info;
};

static void forget_measures(struct ring *ring)
{
	ring->info.gop_ns = 0;
	ring->info.rap_bytes = 0;
	ring->info.video_slack_ns = ring->info.audio_slack_ns = RING_NO_SLACK;
}

static void release(gpointer unit)
{
	g_bytes_unref(((struct stream_unit *)unit)->data);
}

struct ring *ring_new(size_t max_bytes)
{
	struct ring *ring = g_new0(struct ring, 1);
	ring->max_bytes = max_bytes;
	ring->units = g_array_new(FALSE, FALSE, sizeof(struct stream_unit));
	g_array_set_clear_func(ring->units, release);
	forget_measures(ring);
	return ring;
}

void ring_free(struct ring *ring)
{
	if (!ring)
		return;
	g_array_unref(ring->units);
	g_free(ring);
}

static void forget_rap(struct ring *ring)
{
	ring->has_rap = false;
	ring->warm_since_ns = 0;
	ring->spoiled = 0;
	ring->unclean = ring->next.unclean = 0;
}

static void drop_units(struct ring *ring)
{
	g_array_set_size(ring->units, 0);
	ring->info.bytes = 0;
	ring->info.damaged_units = 0;
	forget_rap(ring);
}

void ring_reset(struct ring *ring)
{
	ring->info.resets += ring->units->len > 0;
	drop_units(ring);
	ring->newest[STREAM_VIDEO].known = ring->newest[STREAM_AUDIO].known = false;
	ring->key_known = false;
	forget_measures(ring);
}

static bool is_radio(const struct ring *ring)
{
	return ring->has_psi &&
	       (ring->psi.video == STREAM_CODEC_NONE || ring->psi.video == STREAM_CODEC_OTHER);
}

/* Drops video but that from `dts_90khz` on, and audio that was due before. */
static void drop_before(struct ring *ring, uint64_t dts_90khz, uint64_t due_ns)
{
	guint kept = 0;
	for (guint i = 0; i < ring->units->len; i++) {
		struct stream_unit *unit = &g_array_index(ring->units, struct stream_unit, i);
		if (unit->kind == STREAM_AUDIO ? unit->due_ns >= due_ns
					       : unit->dts_90khz >= dts_90khz) {
			struct stream_unit *to =
				&g_array_index(ring->units, struct stream_unit, kept++);
			struct stream_unit swap = *to;
			*to = *unit;
			*unit = swap;
			continue;
		}
		ring->info.bytes -= g_bytes_get_size(unit->data);
		ring->info.damaged_units -= unit->damaged;
	}
	g_array_set_size(ring->units, kept);
}

static void append(struct ring *ring, const struct stream_unit *unit)
{
	g_bytes_ref(unit->data);
	g_array_append_vals(ring->units, unit, 1);
	ring->info.bytes += g_bytes_get_size(unit->data);
	ring->info.damaged_units += unit->damaged;
	const struct stream_unit *first = ring_unit(ring, 0);
	if (ring->info.bytes <= ring->max_bytes && ring->units->len <= UNITS_MAX &&
		unit->last_arrival_ns <= first->last_arrival_ns + HELD_NS)
		return;
	ring->info.overflows++;
	drop_units(ring);
}

static uint64_t ticks_to_ns(uint64_t ticks_90khz)
{
	return ticks_90khz * 100000 / 9;
}

/* Do its times go on from those of the unit before it? */
static bool jumps(const struct newest *newest, const struct stream_unit *unit)
{
	if (!newest->known)
		return false;
	if (unit->dts_90khz < newest->dts_90khz)
		return true;
	int64_t stream_ns = (int64_t)ticks_to_ns(unit->dts_90khz - newest->dts_90khz);
	return llabs((int64_t)(unit->decode_due_ns - newest->due_ns) - stream_ns) > JUMP_NS;
}

static void measure(struct ring *ring, const struct stream_unit *unit)
{
	struct ring_info *info = &ring->info;
	int64_t slack_ns = (int64_t)(unit->due_ns - unit->last_arrival_ns);
	int64_t *least_ns =
		unit->kind == STREAM_VIDEO ? &info->video_slack_ns : &info->audio_slack_ns;
	*least_ns = MIN(*least_ns, slack_ns);
	if (unit->kind != STREAM_VIDEO || !unit->key)
		return;
	if (ring->key_known)
		info->gop_ns =
			MAX(info->gop_ns, ticks_to_ns(unit->dts_90khz - ring->key_dts_90khz));
	ring->key_known = true;
	ring->key_dts_90khz = unit->dts_90khz;
	if (!unit->damaged)
		info->rap_bytes = MAX(info->rap_bytes, g_bytes_get_size(unit->data));
}

/* A whole random access point: from here on, and no longer from the one before. */
static void begin_with(struct ring *ring, const struct stream_unit *unit, uint64_t kept_from_90khz)
{
	uint64_t complete_ns = unit->last_arrival_ns;
	drop_before(ring, kept_from_90khz, MIN(unit->due_ns, complete_ns));
	ring->has_rap = true;
	ring->rap_complete_ns = complete_ns;
	ring->spoiled = 0;
	ring->next.unclean = 0;
}

/* Until its refresh is through, the one before it is of more use. */
static void take_rap(struct ring *ring, const struct stream_unit *unit)
{
	bool replaces = !ring->has_rap || unit->recovery_pictures == 0;
	if (replaces) {
		begin_with(ring, unit, UINT64_MAX);
		ring->unclean = unit->recovery_pictures;
	} else if (ring->next.unclean == 0) {
		ring->spoiled = 0;
		ring->next.unclean = unit->recovery_pictures;
		ring->next.dts_90khz = unit->dts_90khz;
	}
}

static void follow_refresh(struct ring *ring)
{
	ring->unclean -= ring->unclean > 0;
	if (ring->next.unclean == 0 || --ring->next.unclean > 0)
		return;
	for (guint i = 0; i < ring->units->len; i++) {
		struct stream_unit unit = g_array_index(ring->units, struct stream_unit, i);
		if (!unit.recovery_pictures || unit.dts_90khz != ring->next.dts_90khz)
			continue;
		begin_with(ring, &unit, unit.dts_90khz);
		ring->unclean = 0;
		return;
	}
}

static void push_video(struct ring *ring, const struct stream_unit *unit)
{
	follow_refresh(ring);
	if (unit->key && !unit->damaged) {
		take_rap(ring, unit);
		append(ring, unit);
		return;
	}
	if (unit->key) {
		ring->info.damaged_raps++;
		ring->spoiled++;
	}
	if (ring->spoiled >= 2)
		ring_reset(ring);
	bool leads_up = ring->spoiled > 0 || ring->next.unclean > 0;
	if (ring->has_rap && (!unit->leading || leads_up))
		append(ring, unit);
}

static void push_audio(struct ring *ring, const struct stream_unit *unit)
{
	append(ring, unit);
	if (is_radio(ring))
		drop_before(
			ring, UINT64_MAX, unit->due_ns > RADIO_NS ? unit->due_ns - RADIO_NS : 0);
	else if (!ring->has_rap)
		drop_before(ring, UINT64_MAX, unit->last_arrival_ns);
}

static void push_unit(struct ring *ring, const struct stream_unit *unit)
{
	struct newest *newest = &ring->newest[unit->kind];
	if (jumps(newest, unit))
		ring_reset(ring);
	*newest = (struct newest){.known = true,
		.dts_90khz = unit->dts_90khz,
		.due_ns = unit->decode_due_ns,
		.arrival_ns = unit->last_arrival_ns,
		.step_ns = newest->known ? unit->last_arrival_ns - newest->arrival_ns : 0};
	ring->any = true;
	ring->info.last_arrival_ns = MAX(ring->info.last_arrival_ns, unit->last_arrival_ns);
	measure(ring, unit);
	if (unit->kind == STREAM_VIDEO)
		push_video(ring, unit);
	else
		push_audio(ring, unit);
	if (ring_state(ring) == RING_WARM && !ring->warm_since_ns)
		ring->warm_since_ns = unit->last_arrival_ns;
}

static void push_psi(struct ring *ring, const struct stream_event *event)
{
	bool other = ring->has_psi &&
		     (event->video != ring->psi.video || event->audio != ring->psi.audio);
	ring->has_psi = true;
	ring->psi = *event;
	if (other)
		ring_reset(ring);
}

void ring_push(struct ring *ring, const struct stream_event *event)
{
	switch (event->type) {
	case STREAM_EVENT_PSI:
		push_psi(ring, event);
		break;
	case STREAM_EVENT_RAP:
		/* Video begins anew: of another PID, or behind a hole. */
		if (ring->has_rap)
			ring_reset(ring);
		break;
	case STREAM_EVENT_MISLED:
		ring_reset(ring);
		break;
	case STREAM_EVENT_UNIT:
		push_unit(ring, &event->unit);
		break;
	case STREAM_EVENT_SCRAMBLED:
		if (event->scrambled)
			ring_reset(ring);
		break;
	case STREAM_EVENT_NO_PROGRAMME:
		ring->has_psi = false;
		ring_reset(ring);
		break;
	}
}

/* A channel of stills has seconds between its pictures. */
static bool is_stale(const struct newest *newest, uint64_t now_ns)
{
	return newest->arrival_ns + MAX(STALE_NS, 2 * newest->step_ns) < now_ns;
}

void ring_drop_stale(struct ring *ring, uint64_t now_ns)
{
	if (ring->info.last_arrival_ns && ring->info.last_arrival_ns + STALE_NS < now_ns) {
		ring_reset(ring);
	} else if (ring->has_rap && is_stale(&ring->newest[STREAM_VIDEO], now_ns)) {
		ring->info.resets++;
		drop_before(ring, UINT64_MAX, now_ns);
		forget_rap(ring);
	}
}

enum ring_state ring_state(const struct ring *ring)
{
	if ((ring->has_rap && ring->unclean == 0) || (is_radio(ring) && ring->units->len > 0))
		return RING_WARM;
	return ring->any || ring->has_psi ? RING_PARTIAL : RING_COLD;
}

void ring_info(const struct ring *ring, struct ring_info *ret)
{
	*ret = ring->info;
	ret->units = ring->units->len;
	ret->warm_since_ns = ring->warm_since_ns;
	if (ring->has_rap)
		ret->rap_complete_ns = ring->rap_complete_ns;
	else if (ring_state(ring) == RING_WARM)
		ret->rap_complete_ns = ring_unit(ring, 0)->last_arrival_ns;
}

const struct stream_event *ring_psi(const struct ring *ring)
{
	return ring->has_psi ? &ring->psi : NULL;
}

const struct stream_unit *ring_unit(const struct ring *ring, size_t i)
{
	return i < ring->units->len ? &g_array_index(ring->units, struct stream_unit, i) : NULL;
}
