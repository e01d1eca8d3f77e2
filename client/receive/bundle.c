#include "client/receive/bundle.h"

/* A channel that is silent for so long is not being received. */
static const uint64_t SILENT_NS = UINT64_C(1000000000);
/* A sender of plain packets that is silent for so long has ended. */
static const uint64_t SENDER_NS = UINT64_C(500000000);

struct channel {
	int handle;
	struct receive_flow flow;
	struct stream *stream;
	struct ring *ring;
	uint64_t since_ns, last_ns; /* packets have come, without long silence; 0: none */
	struct in_addr sender;	    /* of plain packets ... */
	uint64_t sent_ns;	    /* ... and when its last one came */
	uint16_t video_pid, audio_pid, pcr_pid; /* of what is in the ring */
	struct stream_event scrambled;		/* the newest of its kind */
	bool lacks_programme;			/* the one that was asked for ... */
	struct stream_event no_programme;	/* ... as this one says */
	struct channel *next;			/* with the same group and port */
};

struct bundle {
	size_t ring_bytes;
	GPtrArray *channels; /* by handle; NULL where one was removed */
	GHashTable *flows;   /* group and port -> the first struct channel */
	struct channel *watched;
	bool awaits_key;    /* video is held back until a decoder can begin */
	bool skips_leading; /* the pictures that refer to what was before */
	GQueue events;	    /* struct stream_event, of the watched one */
};

static void free_channel(gpointer data)
{
	struct channel *c = data;
	if (!c)
		return;
	stream_free(c->stream);
	ring_free(c->ring);
	g_free(c);
}

struct bundle *bundle_new(size_t ring_bytes)
{
	struct bundle *b = g_new0(struct bundle, 1);
	b->ring_bytes = ring_bytes;
	b->channels = g_ptr_array_new_with_free_func(free_channel);
	b->flows = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_queue_init(&b->events);
	return b;
}

static void free_event(gpointer data)
{
	struct stream_event *event = data;
	if (event->type == STREAM_EVENT_UNIT)
		g_bytes_unref(event->unit.data);
	g_free(event);
}

void bundle_free(struct bundle *b)
{
	if (!b)
		return;
	g_queue_clear_full(&b->events, free_event);
	g_hash_table_unref(b->flows);
	g_ptr_array_unref(b->channels);
	g_free(b);
}

static gint64 flow_key(const struct receive_flow *flow)
{
	return (gint64)flow->group.s_addr << 16 | flow->port;
}

static void set_first(struct bundle *b, const struct receive_flow *flow, struct channel *first)
{
	gint64 key = flow_key(flow);
	if (first)
		g_hash_table_insert(b->flows, g_memdup2(&key, sizeof key), first);
	else
		g_hash_table_remove(b->flows, &key);
}

static struct channel *first_of(const struct bundle *b, const struct receive_flow *flow)
{
	gint64 key = flow_key(flow);
	return g_hash_table_lookup(b->flows, &key);
}

static struct channel *channel_at(const struct bundle *b, int handle)
{
	if (handle < 0 || (guint)handle >= b->channels->len)
		return NULL;
	return g_ptr_array_index(b->channels, handle);
}

/* The first handle that nobody has. */
static int free_handle(struct bundle *b)
{
	for (guint i = 0; i < b->channels->len; i++) {
		if (!g_ptr_array_index(b->channels, i))
			return (int)i;
	}
	g_ptr_array_add(b->channels, NULL);
	return (int)b->channels->len - 1;
}

int bundle_add(struct bundle *b, const struct receive_flow *flow)
{
	struct channel *c = g_new0(struct channel, 1);
	c->handle = free_handle(b);
	c->flow = *flow;
	c->stream = stream_new();
	c->ring = ring_new(b->ring_bytes);
	c->next = first_of(b, flow);
	set_first(b, flow, c);
	g_ptr_array_index(b->channels, c->handle) = c;
	return c->handle;
}

void bundle_remove(struct bundle *b, int handle)
{
	struct channel *c = channel_at(b, handle), *first = c ? first_of(b, &c->flow) : NULL;
	if (!c)
		return;
	if (c == b->watched)
		bundle_promote(b, BUNDLE_NONE, 0);
	if (c == first)
		set_first(b, &c->flow, c->next);
	for (struct channel *i = first; i; i = i->next) {
		if (i->next == c)
			i->next = c->next;
	}
	g_ptr_array_index(b->channels, handle) = NULL;
	free_channel(c);
}

static void queue(struct bundle *b, const struct stream_event *event)
{
	if (event->type == STREAM_EVENT_UNIT)
		g_bytes_ref(event->unit.data);
	g_queue_push_tail(&b->events, g_memdup2(event, sizeof *event));
}

static void queue_rap(struct bundle *b, const struct stream_unit *key)
{
	queue(b, &(struct stream_event){.type = STREAM_EVENT_RAP, .at_ns = key->first_arrival_ns});
}

static void queue_unit(struct bundle *b, const struct stream_unit *unit)
{
	queue(b, &(struct stream_event){
			 .type = STREAM_EVENT_UNIT, .at_ns = unit->last_arrival_ns, .unit = *unit});
}

/* Can a decoder use it, having begun where it did? */
static bool pass_gate(struct bundle *b, const struct stream_unit *unit)
{
	if (b->awaits_key) {
		if (!unit->key || unit->damaged)
			return false;
		b->awaits_key = false;
		b->skips_leading = true;
		queue_rap(b, unit);
	}
	if (b->skips_leading && unit->leading)
		return false;
	b->skips_leading = b->skips_leading && unit->key;
	return true;
}

static void watch(struct bundle *b, const struct stream_event *event)
{
	if (event->type == STREAM_EVENT_RAP)
		b->awaits_key = false;
	if (event->type == STREAM_EVENT_UNIT && event->unit.kind == STREAM_VIDEO &&
		!pass_gate(b, &event->unit))
		return;
	queue(b, event);
}

/* What is in the ring does not go on in another PID, nor against another clock. */
static void follow_programme(struct channel *c)
{
	const struct stream_programme *programme = stream_programme(c->stream);
	uint16_t video_pid = 0, audio_pid = 0;
	for (size_t i = 0; programme && i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		if (track->chosen && track->kind == STREAM_VIDEO)
			video_pid = track->pid;
		if (track->chosen && track->kind == STREAM_AUDIO)
			audio_pid = track->pid;
	}
	uint16_t pcr_pid = programme ? programme->pcr_pid : 0;
	if (video_pid != c->video_pid || audio_pid != c->audio_pid || pcr_pid != c->pcr_pid)
		ring_reset(c->ring);
	c->video_pid = video_pid;
	c->audio_pid = audio_pid;
	c->pcr_pid = pcr_pid;
}

/* What another one that begins to watch it has to hear, too. */
static void take_news(struct channel *c, const struct stream_event *event)
{
	if (event->type == STREAM_EVENT_PSI || event->type == STREAM_EVENT_NO_PROGRAMME) {
		follow_programme(c);
		c->lacks_programme = event->type == STREAM_EVENT_NO_PROGRAMME;
	}
	if (event->type == STREAM_EVENT_NO_PROGRAMME)
		c->no_programme = *event;
	if (event->type == STREAM_EVENT_SCRAMBLED)
		c->scrambled = *event;
}

static void drain(struct bundle *b, struct channel *c)
{
	struct stream_event event;
	while (stream_next_event(c->stream, &event)) {
		take_news(c, &event);
		ring_push(c->ring, &event);
		if (c == b->watched)
			watch(b, &event);
		if (event.type == STREAM_EVENT_UNIT)
			g_bytes_unref(event.unit.data);
	}
}

/* Two senders of plain packets on one group would make one heap of both. */
static bool is_of_sender(struct channel *c, const struct receive_flow *from, const uint8_t *payload,
	size_t len, uint64_t arrival_ns)
{
	bool same = c->sender.s_addr == from->source.s_addr;
	if (!same && stream_is_rtp(payload, len))
		return true;
	if (!same && c->sent_ns && arrival_ns < c->sent_ns + SENDER_NS)
		return false;
	c->sender = from->source;
	c->sent_ns = arrival_ns;
	return true;
}

static void note_arrival(struct channel *c, uint64_t arrival_ns)
{
	if (!c->since_ns || arrival_ns > c->last_ns + SILENT_NS)
		c->since_ns = arrival_ns;
	c->last_ns = arrival_ns;
}

bool bundle_receive(struct bundle *b, const struct receive_flow *from, const uint8_t *payload,
	size_t len, uint64_t arrival_ns)
{
	bool wanted = false;
	for (struct channel *c = first_of(b, from); c; c = c->next) {
		if (!receive_flow_matches(&c->flow, from))
			continue;
		wanted = true;
		if (!is_of_sender(c, from, payload, len, arrival_ns)) {
			stream_refuse(c->stream);
			continue;
		}
		note_arrival(c, arrival_ns);
		stream_receive(c->stream, payload, len, arrival_ns);
		drain(b, c);
	}
	return wanted;
}

uint64_t bundle_deadline(const struct bundle *b)
{
	uint64_t deadline_ns = UINT64_MAX;
	for (guint i = 0; i < b->channels->len; i++) {
		const struct channel *c = g_ptr_array_index(b->channels, i);
		if (c)
			deadline_ns = MIN(deadline_ns, stream_deadline(c->stream));
	}
	return deadline_ns;
}

void bundle_advance(struct bundle *b, uint64_t now_ns)
{
	for (guint i = 0; i < b->channels->len; i++) {
		struct channel *c = g_ptr_array_index(b->channels, i);
		if (!c || stream_deadline(c->stream) > now_ns)
			continue;
		stream_advance(c->stream, now_ns);
		drain(b, c);
	}
}

/* What is known of it and what its ring holds, as if it came now. */
static void queue_burst(struct bundle *b, const struct channel *c)
{
	const struct stream_unit *unit;
	if (ring_psi(c->ring))
		queue(b, ring_psi(c->ring));
	if (c->lacks_programme)
		queue(b, &c->no_programme);
	if (c->scrambled.scrambled)
		queue(b, &c->scrambled);
	for (size_t i = 0; (unit = ring_unit(c->ring, i)); i++) {
		if (unit->kind == STREAM_AUDIO || pass_gate(b, unit))
			queue_unit(b, unit);
	}
}

static enum ring_state state_at(const struct channel *c, uint64_t pressed_ns)
{
	struct ring_info info;
	ring_info(c->ring, &info);
	if (!c->since_ns || c->since_ns > pressed_ns || pressed_ns > c->last_ns + SILENT_NS)
		return RING_COLD;
	if (c->lacks_programme)
		return RING_COLD;
	bool warm = ring_state(c->ring) == RING_WARM && info.warm_since_ns <= pressed_ns;
	return warm ? RING_WARM : RING_PARTIAL;
}

enum ring_state bundle_promote(struct bundle *b, int handle, uint64_t pressed_ns)
{
	struct channel *c = channel_at(b, handle);
	g_queue_clear_full(&b->events, free_event);
	b->watched = c;
	b->awaits_key = true;
	b->skips_leading = false;
	if (!c)
		return RING_COLD;
	ring_drop_stale(c->ring, pressed_ns);
	queue_burst(b, c);
	return state_at(c, pressed_ns);
}

bool bundle_next_event(struct bundle *b, struct stream_event *ret)
{
	struct stream_event *event = g_queue_pop_head(&b->events);
	if (!event)
		return false;
	*ret = *event;
	g_free(event);
	return true;
}

int bundle_watched(const struct bundle *b)
{
	return b->watched ? b->watched->handle : BUNDLE_NONE;
}

struct stream *bundle_stream(struct bundle *b, int handle)
{
	struct channel *c = channel_at(b, handle);
	return c ? c->stream : NULL;
}

const struct ring *bundle_ring(const struct bundle *b, int handle)
{
	struct channel *c = channel_at(b, handle);
	return c ? c->ring : NULL;
}
