#include "tests/lab/sender.h"

#include <string.h>

#include <bitstream/ietf/rtp.h>
#include <glib.h>

enum {
	MAX_SLOTS = 8, /* channels beyond the eighth share a moment with another */
	MAX_LAG_NS = 100000000,
};

#define NS_PER_MS UINT64_C(1000000)

/* One sending of a channel's feed. */
struct sending {
	struct feed_line line;
	struct feed_map map;
	uint64_t first; /* the feed's packet that is sent first */
};

struct channel {
	struct feed *feed;
	struct sending own, second;
	struct fec fec;
	struct disturbance disturbance;
	uint64_t gate_ns; /* when what jitter holds back leaves */
	GRand *random;
};

/* A packet that is held back. */
struct held {
	uint64_t due_ns;
	unsigned channel;
	bool other_source;
	size_t size;
	uint8_t bytes[FEED_PACKET_BYTES];
};

struct sender {
	unsigned n_channels;
	/* A packet's time of 1/380 s has so many moments; channel c sends in moment c % slots. */
	unsigned slots;
	int fast_ppm;
	uint64_t start_ns;
	uint64_t tick; /* moments since the start */
	GQueue held;   /* struct held, the earliest first */
	struct sender_counts counts;
	struct channel channels[];
};

static uint64_t random_64(GRand *random)
{
	uint64_t high = g_rand_int(random);
	return high << 32 | g_rand_int(random);
}

static void start_sending(struct sending *sending, const struct feed *feed, GRand *random)
{
	sending->first = random_64(random) % feed_packets(feed);
	sending->line = (struct feed_line){
		.ssrc = g_rand_int(random),
		.rtp_start = g_rand_int(random),
		.sequence_start = (uint16_t)g_rand_int(random),
		.clock_start_90k = random_64(random) >> 31,
	};
}

static void start_channel(struct channel *channel, struct feed *feed, uint64_t seed, unsigned n)
{
	guint32 key[] = {(guint32)seed, (guint32)(seed >> 32), n};
	channel->feed = feed;
	channel->random = g_rand_new_with_seed_array(key, G_N_ELEMENTS(key));
	start_sending(&channel->own, feed, channel->random);
	start_sending(&channel->second, feed, channel->random);
}

struct sender *sender_create(
	struct feed *const *feeds, unsigned channels, uint64_t seed, uint64_t start_ns)
{
	struct sender *sender = g_malloc0(sizeof *sender + channels * sizeof sender->channels[0]);
	sender->n_channels = channels;
	sender->slots = MIN(channels, MAX_SLOTS);
	sender->start_ns = start_ns;
	g_queue_init(&sender->held);
	for (unsigned i = 0; i < channels; i++)
		start_channel(&sender->channels[i], feeds[i], seed, i + 1);
	return sender;
}

void sender_destroy(struct sender *sender)
{
	if (!sender)
		return;
	for (unsigned i = 0; i < sender->n_channels; i++)
		g_rand_free(sender->channels[i].random);
	g_queue_clear_full(&sender->held, g_free);
	g_free(sender);
}

unsigned sender_channels(const struct sender *sender)
{
	return sender->n_channels;
}

static uint64_t tick_ns(const struct sender *sender, uint64_t tick)
{
	int64_t own_ns = (int64_t)(tick * G_GUINT64_CONSTANT(1000000000) /
				   (LAB_PACKETS_PER_S * sender->slots));
	return sender->start_ns + (uint64_t)(own_ns - own_ns * sender->fast_ppm / 1000000);
}

void sender_set_clock(struct sender *sender, int fast_ppm)
{
	uint64_t due_ns = tick_ns(sender, sender->tick);
	sender->fast_ppm = fast_ppm;
	sender->start_ns += due_ns - tick_ns(sender, sender->tick);
}

int sender_clock(const struct sender *sender)
{
	return sender->fast_ppm;
}

uint64_t sender_deadline_ns(const struct sender *sender)
{
	uint64_t deadline_ns = tick_ns(sender, sender->tick);
	const struct held *held = g_queue_peek_head((GQueue *)&sender->held);
	return held ? MIN(deadline_ns, held->due_ns) : deadline_ns;
}

static void hold(struct sender *sender, uint64_t due_ns, const struct datagram *datagram)
{
	struct held *held = g_new(struct held, 1);
	*held = (struct held){.due_ns = due_ns,
		.channel = datagram->channel,
		.other_source = datagram->other_source,
		.size = datagram->size};
	memcpy(held->bytes, datagram->bytes, datagram->size);
	GList *after = sender->held.tail;
	while (after && ((const struct held *)after->data)->due_ns > due_ns)
		after = after->prev;
	if (after)
		g_queue_insert_after(&sender->held, after, held);
	else
		g_queue_push_head(&sender->held, held);
}

static bool draw(struct channel *channel, double share)
{
	return share > 0 && g_rand_double(channel->random) < share;
}

/* Spoils a packet in one of the ways that a receiver has to survive; returns its new size. */
static size_t spoil(GRand *random, uint8_t *bytes)
{
	size_t size = FEED_PACKET_BYTES, from = RTP_HEADER_SIZE;
	switch (g_rand_int_range(random, 0, 4)) {
	case 0: /* RTP around random bytes */
		break;
	case 1: /* random from the first byte on */
		from = 0;
		break;
	case 2: /* cut off anywhere, also before or within the RTP header */
		return (size_t)g_rand_int_range(random, 0, (gint32)size);
	default: /* no TS packet begins where it should */
		for (; from < size; from += LAB_TS_BYTES)
			bytes[from] = 0;
		return size;
	}
	for (; from < size; from++)
		bytes[from] = (uint8_t)g_rand_int(random);
	return size;
}

static uint64_t hold_ns(struct channel *channel, uint64_t due_ns)
{
	const uint64_t packet_ns = G_GUINT64_CONSTANT(1000000000) / LAB_PACKETS_PER_S;
	const struct disturbance *disturbance = &channel->disturbance;
	if (draw(channel, disturbance->delay))
		return disturbance->delay_ms * NS_PER_MS;
	if (draw(channel, disturbance->reorder))
		return packet_ns * (uint64_t)g_rand_int_range(channel->random, 1, 4) +
		       packet_ns / 2;
	if (!disturbance->jitter_ms)
		return 0;
	if (due_ns >= channel->gate_ns)
		channel->gate_ns = due_ns + (uint64_t)(g_rand_double(channel->random) *
						       disturbance->jitter_ms * NS_PER_MS);
	return channel->gate_ns - due_ns;
}

/* What sending needs to hand datagrams on. */
struct outlet {
	struct sender *sender;
	sender_emit *emit;
	void *user;
	unsigned channel; /* counted from 1 */
};

static void send_out(const struct outlet *outlet, const struct datagram *datagram)
{
	outlet->sender->counts.packets++;
	outlet->emit(outlet->user, datagram);
}

static void send_fec(void *user, unsigned port_above, const uint8_t *bytes, size_t size)
{
	const struct outlet *outlet = user;
	struct channel *channel = &outlet->sender->channels[outlet->channel - 1];
	struct datagram datagram = {.channel = outlet->channel,
		.port_above = port_above,
		.other_source = channel->disturbance.other_source,
		.bytes = bytes,
		.size = size};
	send_out(outlet, &datagram);
}

/* What the network does to a packet: bytes are the channel's, with RTP. */
static void disturb(const struct outlet *outlet, uint64_t due_ns, bool other_source, uint8_t *bytes)
{
	struct channel *channel = &outlet->sender->channels[outlet->channel - 1];
	const struct disturbance *disturbance = &channel->disturbance;
	struct datagram datagram = {.channel = outlet->channel,
		.other_source = other_source,
		.bytes = bytes,
		.size = FEED_PACKET_BYTES};
	if (draw(channel, disturbance->lose))
		return;
	if (draw(channel, disturbance->garbage))
		datagram.size = spoil(channel->random, bytes);
	if (disturbance->raw_udp) {
		size_t head = MIN(datagram.size, RTP_HEADER_SIZE);
		datagram.bytes += head;
		datagram.size -= head;
	}
	unsigned copies = draw(channel, disturbance->duplicate) ? 2 : 1;
	uint64_t held_ns = hold_ns(channel, due_ns);
	for (unsigned i = 0; i < copies; i++)
		if (held_ns)
			hold(outlet->sender, due_ns + held_ns, &datagram);
		else
			send_out(outlet, &datagram);
}

static void send_next(const struct outlet *outlet, uint64_t round, uint64_t due_ns)
{
	struct channel *channel = &outlet->sender->channels[outlet->channel - 1];
	const struct disturbance *disturbance = &channel->disturbance;
	uint8_t bytes[FEED_PACKET_BYTES];
	if (disturbance->stopped)
		return;
	feed_packet(channel->feed, &channel->own.line, channel->own.first + round,
		&channel->own.map, bytes);
	if (disturbance->fec)
		fec_take(&channel->fec, bytes, send_fec, (void *)outlet);
	disturb(outlet, due_ns, disturbance->other_source, bytes);
	if (!disturbance->both_sources)
		return;
	feed_packet(channel->feed, &channel->second.line, channel->second.first + round,
		&channel->second.map, bytes);
	disturb(outlet, due_ns, !disturbance->other_source, bytes);
}

static void send_held(struct sender *sender, uint64_t now_ns, sender_emit *emit, void *user)
{
	struct outlet outlet = {.sender = sender, .emit = emit, .user = user};
	struct held *held;
	while ((held = g_queue_peek_head(&sender->held)) && held->due_ns <= now_ns) {
		struct datagram datagram = {.channel = held->channel,
			.other_source = held->other_source,
			.bytes = held->bytes,
			.size = held->size};
		g_queue_pop_head(&sender->held);
		if (!sender->channels[held->channel - 1].disturbance.stopped)
			send_out(&outlet, &datagram);
		g_free(held);
	}
}

void sender_run(struct sender *sender, uint64_t now_ns, sender_emit *emit, void *user)
{
	struct outlet outlet = {.sender = sender, .emit = emit, .user = user};
	uint64_t due_ns = tick_ns(sender, sender->tick);
	if (now_ns > due_ns + MAX_LAG_NS) {
		sender->start_ns += now_ns - due_ns;
		sender->counts.stalls++;
	}
	while ((due_ns = tick_ns(sender, sender->tick)) <= now_ns) {
		send_held(sender, due_ns, emit, user);
		uint64_t round = sender->tick / sender->slots;
		for (unsigned n = sender->tick % sender->slots; n < sender->n_channels;
			n += sender->slots) {
			outlet.channel = n + 1;
			send_next(&outlet, round, due_ns);
		}
		sender->tick++;
	}
	send_held(sender, now_ns, emit, user);
}

struct disturbance *sender_disturbance(struct sender *sender, unsigned channel)
{
	if (channel < 1 || channel > sender->n_channels)
		return NULL;
	return &sender->channels[channel - 1].disturbance;
}

void sender_change_map(struct sender *sender, unsigned channel)
{
	if (channel < 1 || channel > sender->n_channels)
		return;
	sender->channels[channel - 1].own.map.changes_due++;
	sender->channels[channel - 1].second.map.changes_due++;
}

bool sender_map_changed(const struct sender *sender, unsigned channel)
{
	if (channel < 1 || channel > sender->n_channels)
		return false;
	const struct feed_map *map = &sender->channels[channel - 1].own.map;
	return map->other_pids != (map->changes_due % 2 != 0);
}

struct sender_counts sender_counts(const struct sender *sender)
{
	return sender->counts;
}
