#include "tests/system/support/replay.h"

#include <glib.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/format.h"
#include "tests/support/test.h"
#include "tests/system/support/rapscan.h"

struct replay {
	struct feed *feed;
	GArray *keys; /* struct replay_key, of one loop */
	uint32_t source, group;

	GMutex lock; /* the flood's thread sends */
	struct feed_line line;
	struct feed_map map;
	struct replay_fault fault;
	bool begun;	   /* the fault at hand */
	uint64_t left_out; /* packets of the clip */
	uint64_t position;
};

static void get_packet(const struct replay *replay, uint64_t n, uint8_t rtp[FEED_PACKET_BYTES])
{
	struct feed_map map = {0};
	feed_packet(replay->feed, &replay->line, n, &map, rtp);
}

/* Packets count from 1 here: 0 means "none yet" to the scan. */
static bool find_key(const struct replay *replay, uint64_t from, struct replay_key *ret)
{
	struct rapscan scan = {0};
	uint8_t rtp[FEED_PACKET_BYTES];
	for (uint64_t n = from; n < feed_packets(replay->feed); n++) {
		get_packet(replay, n, rtp);
		if (!rapscan_take(&scan, rtp, sizeof rtp, n + 1))
			continue;
		ret->first = scan.rap_ns - 1;
		ret->last = scan.rap_complete_ns - 1;
		return true;
	}
	return false;
}

/* A clip begins with its first key picture. */
static void find_keys(struct replay *replay)
{
	struct replay_key key;
	for (uint64_t from = 0; find_key(replay, from, &key); from = key.last + 1) {
		key.frame = replay->keys->len * LAB_GOP;
		g_array_append_val(replay->keys, key);
	}
	assert_true(replay->keys->len > LAB_PICTURES / LAB_GOP / 2);
}

struct replay *replay_open(const struct lab *lab, int clip)
{
	struct replay *replay = g_new0(struct replay, 1);
	size_t formats;
	g_autofree char *path = clip_ts_path(lab->clips, clip_formats(&formats), (uint8_t)clip);
	replay->keys = g_array_new(FALSE, FALSE, sizeof(struct replay_key));
	g_mutex_init(&replay->lock);
	replay->line = (struct feed_line){.ssrc = 0x1000u + (uint32_t)clip, .sequence_start = 1};
	assert_int_equal(feed_open(path, &replay->feed), 0);
	find_keys(replay);
	return replay;
}

void replay_close(struct replay *replay)
{
	if (!replay)
		return;
	feed_close(replay->feed);
	g_array_unref(replay->keys);
	g_mutex_clear(&replay->lock);
	g_free(replay);
}

/* Sequence numbers go on across what is left out: RTP knows nothing of it. */
static void begin_fault(struct replay *replay)
{
	const struct replay_fault *fault = &replay->fault;
	replay->begun = true;
	replay->left_out += fault->skip;
	replay->line.sequence_start = (uint16_t)(replay->line.sequence_start - fault->skip);
	replay->line.clock_start_90k += fault->shift_90k;
	replay->line.ssrc += fault->ssrc_changes;
}

/* In the flood's thread. */
static size_t make_packet(void *ctx, uint64_t i, uint8_t packet[FORGE_MAX_BYTES])
{
	struct replay *replay = ctx;
	uint8_t rtp[FEED_PACKET_BYTES];
	size_t len = sizeof rtp;
	g_mutex_lock(&replay->lock);
	const struct replay_fault *fault = &replay->fault;
	if (!replay->begun && i >= fault->from)
		begin_fault(replay);
	feed_packet(replay->feed, &replay->line, i + replay->left_out, &replay->map, rtp);
	if (fault->spoil && i >= fault->from && i < fault->to)
		len = fault->spoil(i, rtp);
	replay->position = i + 1;
	g_mutex_unlock(&replay->lock);
	return forge_datagram(packet, replay->source, replay->group, LAB_PORT, rtp, len);
}

void replay_start(struct replay *replay, struct forge *forge, uint32_t source, uint32_t group)
{
	replay->source = source;
	replay->group = group;
	replay->begun = true;
	forge_flood(forge, LAB_PACKETS_PER_S, make_packet, replay);
}

uint64_t replay_position(const struct replay *replay)
{
	GMutex *lock = (GMutex *)&replay->lock;
	g_mutex_lock(lock);
	uint64_t position = replay->position;
	g_mutex_unlock(lock);
	return position;
}

void replay_set_fault(struct replay *replay, const struct replay_fault *fault)
{
	g_mutex_lock(&replay->lock);
	assert_true(fault->from > replay->position);
	replay->fault = *fault;
	replay->begun = false;
	g_mutex_unlock(&replay->lock);
}

struct replay_key replay_next_key(const struct replay *replay, uint64_t position)
{
	uint64_t at = position + replay->left_out, loop = feed_packets(replay->feed);
	uint64_t begun = at / loop * loop;
	for (guint i = 0;; i++) {
		guint in_loop = i % replay->keys->len;
		struct replay_key key = g_array_index(replay->keys, struct replay_key, in_loop);
		uint64_t shift = begun + i / replay->keys->len * loop;
		if (key.first + shift < at)
			continue;
		key.first += shift - replay->left_out;
		key.last += shift - replay->left_out;
		return key;
	}
}
