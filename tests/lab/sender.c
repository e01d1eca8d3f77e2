#include "tests/lab/sender.h"

#include <string.h>

#include <bitstream/ietf/rtp.h>
#include <glib.h>

enum {
	MAX_SLOTS = 8, /* channels beyond the eighth share a moment with another */
	MAX_LAG_NS = 100000000,
};

struct channel {
	struct feed *feed;
	struct feed_line line;
	struct feed_map map;
	struct disturbance disturbance;
	uint64_t first; /* the feed's packet that is sent first */
	GRand *random;
};

/* A packet that is held back. */
struct held {
	uint64_t due_ns;
	unsigned channel;
	size_t size;
	uint8_t bytes[FEED_PACKET_BYTES];
};

struct sender {
	unsigned n_channels;
	/* A packet's time of 1/380 s has so many moments; channel c sends in moment c % slots. */
	unsigned slots;
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

static void start_channel(struct channel *channel, struct feed *feed, uint64_t seed, unsigned n)
{
	guint32 key[] = {(guint32)seed, (guint32)(seed >> 32), n};
	channel->feed = feed;
	channel->random = g_rand_new_with_seed_array(key, G_N_ELEMENTS(key));
	channel->first = random_64(channel->random) % feed_packets(feed);
	channel->line = (struct feed_line){
		.ssrc = g_rand_int(channel->random),
		.rtp_start = g_rand_int(channel->random),
		.sequence_start = (uint16_t)g_rand_int(channel->random),
		.clock_start_90k = random_64(channel->random) >> 31,
	};
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
	return sender->start_ns +
	       tick * G_GUINT64_CONSTANT(1000000000) / (LAB_PACKETS_PER_S * sender->slots);
}

uint64_t sender_deadline_ns(const struct sender *sender)
{
	uint64_t deadline_ns = tick_ns(sender, sender->tick);
	const struct held *held = g_queue_peek_head((GQueue *)&sender->held);
	return held ? MIN(deadline_ns, held->due_ns) : deadline_ns;
}

static void hold(
	struct sender *sender, unsigned channel, uint64_t due_ns, const uint8_t *bytes, size_t size)
{
	struct held *held = g_new(struct held, 1);
	*held = (struct held){.due_ns = due_ns, .channel = channel, .size = size};
	memcpy(held->bytes, bytes, size);
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

static uint64_t hold_ns(struct channel *channel)
{
	const uint64_t packet_ns = G_GUINT64_CONSTANT(1000000000) / LAB_PACKETS_PER_S;
	if (draw(channel, channel->disturbance.delay))
		return channel->disturbance.delay_ms * G_GUINT64_CONSTANT(1000000);
	if (draw(channel, channel->disturbance.reorder))
		return packet_ns * (uint64_t)g_rand_int_range(channel->random, 1, 4) +
		       packet_ns / 2;
	return 0;
}

static void send_next(struct sender *sender, unsigned n, uint64_t round, uint64_t due_ns,
	sender_emit *emit, void *user)
{
	struct channel *channel = &sender->channels[n];
	const struct disturbance *disturbance = &channel->disturbance;
	uint8_t bytes[FEED_PACKET_BYTES];
	size_t size = sizeof bytes;
	if (disturbance->stopped)
		return;
	feed_packet(channel->feed, &channel->line, channel->first + round, &channel->map, bytes);
	if (draw(channel, disturbance->lose))
		return;
	if (draw(channel, disturbance->garbage))
		size = spoil(channel->random, bytes);
	unsigned copies = draw(channel, disturbance->duplicate) ? 2 : 1;
	uint64_t held_ns = hold_ns(channel);
	for (unsigned i = 0; i < copies; i++) {
		if (held_ns) {
			hold(sender, n, due_ns + held_ns, bytes, size);
			continue;
		}
		sender->counts.packets++;
		emit(user, n + 1, disturbance, bytes, size);
	}
}

static void send_held(struct sender *sender, uint64_t now_ns, sender_emit *emit, void *user)
{
	struct held *held;
	while ((held = g_queue_peek_head(&sender->held)) && held->due_ns <= now_ns) {
		g_queue_pop_head(&sender->held);
		const struct disturbance *disturbance =
			&sender->channels[held->channel].disturbance;
		if (!disturbance->stopped) {
			sender->counts.packets++;
			emit(user, held->channel + 1, disturbance, held->bytes, held->size);
		}
		g_free(held);
	}
}

void sender_run(struct sender *sender, uint64_t now_ns, sender_emit *emit, void *user)
{
	uint64_t due_ns = tick_ns(sender, sender->tick);
	if (now_ns > due_ns + MAX_LAG_NS) {
		sender->start_ns += now_ns - due_ns;
		sender->counts.stalls++;
	}
	while ((due_ns = tick_ns(sender, sender->tick)) <= now_ns) {
		send_held(sender, due_ns, emit, user);
		uint64_t round = sender->tick / sender->slots;
		for (unsigned n = sender->tick % sender->slots; n < sender->n_channels;
			n += sender->slots)
			send_next(sender, n, round, due_ns, emit, user);
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
	if (channel >= 1 && channel <= sender->n_channels)
		sender->channels[channel - 1].map.changes_due++;
}

bool sender_map_changed(const struct sender *sender, unsigned channel)
{
	if (channel < 1 || channel > sender->n_channels)
		return false;
	const struct feed_map *map = &sender->channels[channel - 1].map;
	return map->other_pids != (map->changes_due % 2 != 0);
}

struct sender_counts sender_counts(const struct sender *sender)
{
	return sender->counts;
}
