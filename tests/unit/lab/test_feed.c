#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tests/lab/feed.h"
#include "tests/support/test.h"
#include "tests/unit/lab/probe.h"
#include "tests/unit/lab/synthetic.h"

enum { LOOP = SYNTHETIC_PACKETS / 7 };

static const struct feed_line line = {
	.ssrc = 0x89ABCDEF,
	.rtp_start = 0xFFFFFF00,
	.sequence_start = 65000,
	/* PCR, PTS and DTS pass 2^33 in the second loop. */
	.clock_start_90k = (UINT64_C(1) << 33) - 5 * 90000,
};

static char *path;
static struct feed *feed;

static int open_feed(void **state)
{
	(void)state;
	path = synthetic_file();
	return feed_open(path, &feed);
}

static int close_feed(void **state)
{
	(void)state;
	feed_close(feed);
	synthetic_remove(path);
	return 0;
}

static uint32_t word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static void rtp_goes_on_over_the_loop_point(void **state)
{
	(void)state;
	struct feed_map map = {0};
	uint8_t packet[FEED_PACKET_BYTES];
	for (uint64_t n = 0; n < 3 * LOOP; n++) {
		feed_packet(feed, &line, n, &map, packet);
		assert_int_equal(packet[0], 0x80);
		assert_int_equal(packet[1], 33);
		assert_int_equal(packet[2] << 8 | packet[3], (65000 + n) % 65536);
		assert_int_equal(word_at(packet + 4), (uint32_t)(0xFFFFFF00 + n * 90000 / 380));
		assert_int_equal(word_at(packet + 8), 0x89ABCDEF);
	}
}

/* The probe asserts counters and PCR. */
static void probe_packets(struct probe *probe, struct feed_map *map, uint64_t first, uint64_t end)
{
	uint8_t packet[FEED_PACKET_BYTES];
	for (uint64_t n = first; n < end; n++) {
		feed_packet(feed, &line, n, map, packet);
		for (int i = 0; i < 7; i++)
			probe_packet(probe, packet + 12 + i * 188);
	}
}

static void assert_steady(const struct probe *probe, int kind, int64_t step_90k, bool sorted)
{
	const GArray *units = probe->units[kind];
	for (guint i = 1; i < units->len; i++) {
		const struct probe_unit *unit = &g_array_index(units, struct probe_unit, i);
		const struct probe_unit *before = unit - 1;
		assert_int_equal(probe_difference_90k(unit->dts_90k, before->dts_90k), step_90k);
		if (sorted)
			assert_int_equal(unit->pts_90k, unit->dts_90k);
	}
}

static void transport_stream_goes_on_over_the_loop_point(void **state)
{
	(void)state;
	struct feed_map map = {0};
	struct probe probe;
	/* A start that is not the file's. */
	probe_init(&probe, 2660, LOOP / 3 * 7);
	probe_packets(&probe, &map, LOOP / 3, 4 * LOOP);
	assert_in_range(probe.units[PROBE_VIDEO]->len, 330, 370);
	assert_steady(&probe, PROBE_VIDEO, 3600, false);
	assert_steady(&probe, PROBE_AUDIO, 2880, true);
	for (guint i = 0; i < probe.units[PROBE_VIDEO]->len; i++)
		assert_in_range(g_array_index(probe.units[PROBE_VIDEO], struct probe_unit, i)
					.first_lead_90k,
			54000, 90000);
	probe_finish(&probe);
}

static void the_map_changes_with_the_next_pmt_and_back(void **state)
{
	(void)state;
	struct feed_map map = {.changes_due = 1};
	struct probe probe;
	probe_init(&probe, 2660, 0);
	probe_packets(&probe, &map, 0, LOOP / 2);
	assert_true(map.other_pids);
	assert_int_equal(probe.pmt_version, 1);
	assert_int_equal(probe.video_pid, 0x132);
	assert_int_equal(probe.audio_pid, 0x131);
	assert_int_equal(probe.pcr_pid, 0x132);
	assert_false(probe.seen[0x32]);
	guint before = probe.units[PROBE_VIDEO]->len;
	assert_in_range(before, 40, 60);

	map.changes_due = 1;
	probe_packets(&probe, &map, LOOP / 2, LOOP);
	assert_int_equal(probe.pmt_version, 2);
	assert_int_equal(probe.video_pid, 0x32);
	assert_in_range(probe.units[PROBE_VIDEO]->len, before + 40, before + 60);
	probe_finish(&probe);
}

static void other_files_are_refused(void **state)
{
	(void)state;
	struct feed *other;
	char *other_path = synthetic_file();
	assert_int_equal(truncate(other_path, SYNTHETIC_BYTES - 100), 0);
	assert_int_equal(feed_open(other_path, &other), -EBADMSG);
	assert_true(g_file_set_contents(other_path, "", 0, NULL));
	assert_int_equal(feed_open(other_path, &other), -EBADMSG);
	g_autofree char *noise = g_malloc0(LAB_PACKET_PAYLOAD);
	assert_true(g_file_set_contents(other_path, noise, LAB_PACKET_PAYLOAD, NULL));
	assert_int_equal(feed_open(other_path, &other), -EBADMSG);
	synthetic_remove(other_path);
	assert_int_equal(feed_open("/nowhere/at/all", &other), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rtp_goes_on_over_the_loop_point),
		cmocka_unit_test(transport_stream_goes_on_over_the_loop_point),
		cmocka_unit_test(the_map_changes_with_the_next_pmt_and_back),
		cmocka_unit_test(other_files_are_refused),
	};
	return cmocka_run_group_tests_name("lab_feed", tests, open_feed, close_feed);
}
