/*
 * Holds the head-end to the reference scenario: the clips as they are sent, over their loop point.
 * The clips are those of ZAPPER_CLIPS, made by ZAPPER_HEADEND where they are missing.
 */
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/encode.h"
#include "tests/lab/feed.h"
#include "tests/lab/format.h"
#include "tests/lab/mark.h"
#include "tests/lab/sums.h"
#include "tests/support/test.h"
#include "tests/unit/lab/probe.h"

enum {
	SLICE_P,
	SLICE_B,
	SLICE_I,
	NAL_SLICE = 1,
	NAL_IDR = 5,
	NAL_SPS = 7,
	NAL_DELIMITER = 9,
	PROFILE_HIGH = 100,
	ORIGIN_90K = 88200, /* PTS of picture 0 when the file's PCR begins at 0 */
};

/* PCR, PTS and DTS pass 2^33 on the way, and sequence numbers 2^16. */
static const struct feed_line line = {
	.ssrc = 1, .sequence_start = 65000, .clock_start_90k = (UINT64_C(1) << 33) - 50 * 90000};

static const char *clips_dir(void)
{
	const char *dir = g_getenv("ZAPPER_CLIPS");
	assert_non_null(dir);
	return dir;
}

static const struct clip_format *reference(void)
{
	return clip_format_find("h264-aac-v1");
}

static int make_clips(void **state)
{
	(void)state;
	const char *headend = g_getenv("ZAPPER_HEADEND");
	const char *argv[] = {headend, "encode", "--clips", clips_dir(), NULL};
	int status = -1;
	assert_non_null(headend);
	g_spawn_sync(
		NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, NULL);
	return status;
}

/* More than a loop of each clip, from its middle over the loop point. The probe asserts a lot
 * itself. */
static void for_each_clip(void (*check)(const struct probe *probe, uint8_t clip))
{
	for (uint8_t clip = 1; clip <= LAB_CLIPS; clip++) {
		g_autofree char *path = clip_ts_path(clips_dir(), reference(), clip);
		struct feed *feed;
		struct feed_map map = {0};
		struct probe probe;
		uint8_t packet[FEED_PACKET_BYTES];
		assert_int_equal(feed_open(path, &feed), 0);
		assert_int_equal(feed_packets(feed), LAB_CLIP_PACKETS);
		probe_init(&probe, LAB_TS_PER_S, LAB_CLIP_PACKETS / 2 * LAB_TS_PER_PACKET);
		for (uint64_t n = LAB_CLIP_PACKETS / 2;
			n < 3 * LAB_CLIP_PACKETS / 2 + 3 * LAB_PACKETS_PER_S; n++) {
			feed_packet(feed, &line, n, &map, packet);
			for (int i = 0; i < LAB_TS_PER_PACKET; i++)
				probe_packet(&probe, packet + 12 + i * LAB_TS_BYTES);
		}
		check(&probe, clip);
		probe_finish(&probe);
		feed_close(feed);
	}
}

/* The last unit may be cut off by the end of the probe, and is left out. */
static guint whole_units(const struct probe *probe, int kind)
{
	return probe->units[kind]->len - 1;
}

static const struct probe_unit *unit_at(const struct probe *probe, int kind, guint i)
{
	return &g_array_index(probe->units[kind], struct probe_unit, i);
}

static const uint8_t *unit_bytes(const struct probe *probe, int kind, guint i)
{
	return probe->bytes[kind]->data + unit_at(probe, kind, i)->offset;
}

/* The first NAL unit of a type in an access unit, behind its start code; NULL when there is none.
 */
static const uint8_t *find_nal(const struct probe *probe, guint i, int type)
{
	const uint8_t *bytes = unit_bytes(probe, PROBE_VIDEO, i);
	for (size_t at = 0; at + 12 < unit_at(probe, PROBE_VIDEO, i)->size; at++)
		if (memcmp(bytes + at, "\0\0\1", 3) == 0 && (bytes[at + 3] & 31) == type)
			return bytes + at + 3;
	return NULL;
}

/* Exp-Golomb, H.264, 9.1. */
static unsigned read_ue(const uint8_t *bytes, unsigned *bit)
{
	unsigned zeros = 0, value = 1;
	while (!(bytes[*bit / 8] >> (7 - *bit % 8) & 1))
		(*bit)++, zeros++;
	for ((*bit)++; zeros; zeros--, (*bit)++)
		value = value << 1 | (bytes[*bit / 8] >> (7 - *bit % 8) & 1);
	return value - 1;
}

static unsigned slice_type(const struct probe *probe, guint i)
{
	const uint8_t *nal = find_nal(probe, i, NAL_SLICE);
	unsigned bit = 8;
	if (!nal)
		nal = find_nal(probe, i, NAL_IDR);
	assert_non_null(nal);
	read_ue(nal, &bit); /* first_mb_in_slice */
	return read_ue(nal, &bit) % 5;
}

static guint first_key(const struct probe *probe)
{
	guint i = 0;
	while (!unit_at(probe, PROBE_VIDEO, i)->random_access)
		i++;
	return i;
}

static void check_stream(const struct probe *probe, uint8_t clip)
{
	(void)clip;
	assert_int_equal(probe->video_type, 0x1B);
	assert_int_equal(probe->audio_type, 0x0F);
	assert_int_equal(probe->pcr_pid, probe->video_pid);
	assert_in_range(probe->psis[0], 660, 680);
	assert_int_equal(probe->units[PROBE_VIDEO]->len / 100, 16);
}

static void the_rate_is_constant(void **state)
{
	(void)state;
	assert_int_equal(LAB_PACKETS_PER_S * LAB_PACKET_PAYLOAD * 8, 4000640);
	for_each_clip(check_stream);
}

static void check_gops(const struct probe *probe, uint8_t clip)
{
	(void)clip;
	guint key = first_key(probe);
	assert_in_range(key, 0, LAB_GOP - 1);
	for (guint i = key; i < whole_units(probe, PROBE_VIDEO); i++) {
		const struct probe_unit *unit = unit_at(probe, PROBE_VIDEO, i);
		bool is_key = (i - key) % LAB_GOP == 0;
		assert_int_equal(unit->random_access, is_key);
		assert_int_equal(find_nal(probe, i, NAL_IDR) != NULL, is_key);
		assert_int_equal(find_nal(probe, i, NAL_SPS) != NULL, is_key);
		assert_memory_equal(
			unit_bytes(probe, PROBE_VIDEO, i), "\0\0\0\1\x09", 5); /* delimiter */
		if (!is_key) {
			/* Closed: nothing behind a key frame is shown before it. */
			guint own_key = i - (i - key) % LAB_GOP;
			assert_true(probe_difference_90k(unit->pts_90k,
					    unit_at(probe, PROBE_VIDEO, own_key)->pts_90k) > 0);
			assert_true(probe_difference_90k(unit->pts_90k, unit->dts_90k) >= 0);
		}
		if (i > key)
			assert_int_equal(
				probe_difference_90k(unit->dts_90k, (unit - 1)->dts_90k), 3600);
	}
}

static void gops_are_closed_and_of_fifty(void **state)
{
	(void)state;
	for_each_clip(check_gops);
}

static void check_b_pictures(const struct probe *probe, uint8_t clip)
{
	(void)clip;
	guint key = first_key(probe);
	for (; key + LAB_GOP <= whole_units(probe, PROBE_VIDEO); key += LAB_GOP) {
		int types[LAB_GOP];
		memset(types, -1, sizeof types);
		for (guint i = key; i < key + LAB_GOP; i++) {
			int64_t shown =
				probe_difference_90k(unit_at(probe, PROBE_VIDEO, i)->pts_90k,
					unit_at(probe, PROBE_VIDEO, key)->pts_90k) /
				3600;
			assert_in_range(shown, 0, LAB_GOP - 1);
			assert_int_equal(types[shown], -1);
			types[shown] = (int)slice_type(probe, i);
		}
		for (int shown = 0; shown < LAB_GOP; shown++)
			assert_int_equal(types[shown],
				shown == 0					      ? SLICE_I
				: shown % (LAB_B_PICTURES + 1) && shown < LAB_GOP - 1 ? SLICE_B
										      : SLICE_P);
	}
}

static void two_b_pictures_stand_between_references(void **state)
{
	(void)state;
	for_each_clip(check_b_pictures);
}

static void check_profile(const struct probe *probe, uint8_t clip)
{
	(void)clip;
	const uint8_t *sps = find_nal(probe, first_key(probe), NAL_SPS);
	assert_non_null(sps);
	assert_int_equal(sps[1], PROFILE_HIGH);
	assert_in_range(sps[3], 31, 32); /* level */
}

static void the_profile_is_high(void **state)
{
	(void)state;
	for_each_clip(check_profile);
}

static void check_key_frames(const struct probe *probe, uint8_t clip)
{
	guint keys = 0;
	uint64_t shortest = UINT64_MAX, longest = 0;
	for (guint i = 0; i < whole_units(probe, PROBE_VIDEO); i++) {
		const struct probe_unit *unit = unit_at(probe, PROBE_VIDEO, i);
		if (!unit->random_access)
			continue;
		uint64_t us = (unit->last_slot + 1 - unit->first_slot) * 1000000 / LAB_TS_PER_S;
		assert_in_range(us, 150000, 250000);
		shortest = MIN(shortest, us);
		longest = MAX(longest, us);
		keys++;
	}
	assert_true(keys >= LAB_PICTURES / LAB_GOP);
	print_message("clip %u: key frames take %.1f to %.1f ms on the wire\n", clip,
		(double)shortest / 1000, (double)longest / 1000);
}

static void key_frames_take_their_time_on_the_wire(void **state)
{
	(void)state;
	for_each_clip(check_key_frames);
}

static void check_video_leads(const struct probe *probe, uint8_t clip)
{
	(void)clip;
	for (guint i = 0; i < whole_units(probe, PROBE_VIDEO); i++) {
		const struct probe_unit *unit = unit_at(probe, PROBE_VIDEO, i);
		assert_in_range(unit->first_lead_90k, LAB_PTS_HZ * 6 / 10, LAB_PTS_HZ);
		assert_in_range(unit->last_lead_90k, LAB_PTS_HZ * 6 / 10, LAB_PTS_HZ);
		assert_int_equal(unit->pes_length, 0);
	}
}

static void video_leads_its_pcr_and_has_no_length(void **state)
{
	(void)state;
	for_each_clip(check_video_leads);
}

static void check_audio(const struct probe *probe, uint8_t clip)
{
	(void)clip;
	assert_in_range(probe->units[PROBE_AUDIO]->len, 3100, 3160);
	for (guint i = 0; i < whole_units(probe, PROBE_AUDIO); i++) {
		const struct probe_unit *unit = unit_at(probe, PROBE_AUDIO, i);
		const uint8_t *adts = unit_bytes(probe, PROBE_AUDIO, i);
		assert_in_range(unit->first_lead_90k, LAB_PTS_HZ / 50, LAB_PTS_HZ / 5);
		assert_in_range(unit->last_lead_90k, LAB_PTS_HZ / 50, LAB_PTS_HZ / 5);
		/* ISO/IEC 13818-7, 6.2: sync word, 48 kHz, two channels, this one frame alone. */
		assert_int_equal(adts[0] << 4 | adts[1] >> 4, 0xFFF);
		assert_int_equal(adts[2] >> 2 & 15, 3);
		assert_int_equal((adts[2] & 1) << 2 | adts[3] >> 6, 2);
		assert_int_equal((adts[3] & 3) << 11 | adts[4] << 3 | adts[5] >> 5, unit->size);
		if (i)
			assert_int_equal(
				probe_difference_90k(unit->pts_90k, (unit - 1)->pts_90k), 1920);
	}
}

static void audio_leads_by_little_and_is_never_late(void **state)
{
	(void)state;
	for_each_clip(check_audio);
}

struct shown {
	uint8_t clip;
	unsigned first, count;
	uint64_t sums[LAB_PICTURES];
};

static bool check_picture(void *user, unsigned n, const uint8_t *i420)
{
	struct shown *shown = user;
	struct mark mark;
	unsigned frame = (shown->first + n) % LAB_PICTURES;
	assert_true(mark_read(i420, LAB_WIDTH, LAB_HEIGHT, LAB_WIDTH, &mark));
	assert_int_equal(mark.channel, shown->clip);
	assert_int_equal(mark.frame, frame);
	assert_true(picture_sum(i420, LAB_PICTURE_BYTES) == shown->sums[frame]);
	shown->count++;
	return true;
}

/* The GOP before the loop point and the one behind it, as access units of their own time. */
static struct elementary *around_the_loop_point(const struct probe *probe)
{
	struct elementary *video = elementary_new();
	const uint64_t before_loop_90k =
		line.clock_start_90k + ORIGIN_90K + (LAB_CLIP_S - 2) * (uint64_t)LAB_PTS_HZ;
	guint i = 0;
	while (probe_difference_90k(unit_at(probe, PROBE_VIDEO, i)->pts_90k, before_loop_90k))
		i++;
	for (guint end = i + 2 * LAB_GOP; i < end; i++) {
		const struct probe_unit *unit = unit_at(probe, PROBE_VIDEO, i);
		struct mux_unit copy = {.offset = unit->offset,
			.size = unit->size,
			.pts_90k = probe_difference_90k(unit->pts_90k, before_loop_90k),
			.random_access = unit->random_access};
		g_array_append_val(video->units, copy);
	}
	g_byte_array_append(
		video->bytes, probe->bytes[PROBE_VIDEO]->data, probe->bytes[PROBE_VIDEO]->len);
	return video;
}

static void check_pictures(const struct probe *probe, uint8_t clip)
{
	static const struct codec codec = {.decoder = "avdec_h264",
		.caps = "video/x-h264,stream-format=byte-stream,alignment=au"};
	g_autofree char *path = clip_sums_path(clips_dir(), reference(), clip);
	g_autofree struct shown *shown = g_new0(struct shown, 1);
	g_autoptr(GError) error = NULL;
	shown->clip = clip;
	shown->first = LAB_PICTURES - LAB_GOP;
	assert_int_equal(sums_read(path, shown->sums, LAB_PICTURES), 0);
	struct elementary *video = around_the_loop_point(probe);
	assert_true(decode_video(reference(), &codec, video, check_picture, shown, &error));
	assert_int_equal(shown->count, 2 * LAB_GOP);
	elementary_free(video);
}

static void pictures_decode_to_their_marks_and_sums_over_the_loop_point(void **state)
{
	(void)state;
	for_each_clip(check_pictures);
}

static void no_two_pictures_have_the_same_sum(void **state)
{
	(void)state;
	g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autofree uint64_t *sums = g_new(uint64_t, LAB_CLIPS * LAB_PICTURES);
	for (uint8_t clip = 1; clip <= LAB_CLIPS; clip++) {
		g_autofree char *path = clip_sums_path(clips_dir(), reference(), clip);
		uint64_t *own = sums + (clip - 1) * LAB_PICTURES;
		assert_int_equal(sums_read(path, own, LAB_PICTURES), 0);
		for (int i = 0; i < LAB_PICTURES; i++)
			assert_true(g_hash_table_add(seen, &own[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rate_is_constant),
		cmocka_unit_test(gops_are_closed_and_of_fifty),
		cmocka_unit_test(two_b_pictures_stand_between_references),
		cmocka_unit_test(the_profile_is_high),
		cmocka_unit_test(key_frames_take_their_time_on_the_wire),
		cmocka_unit_test(video_leads_its_pcr_and_has_no_length),
		cmocka_unit_test(audio_leads_by_little_and_is_never_late),
		cmocka_unit_test(pictures_decode_to_their_marks_and_sums_over_the_loop_point),
		cmocka_unit_test(no_two_pictures_have_the_same_sum),
	};
	return cmocka_run_group_tests_name("lab_clip", tests, make_clips, NULL);
}
