#include <string.h>

#include <glib.h>

#include "tests/lab/command.h"
#include "tests/lab/sender.h"
#include "tests/support/test.h"
#include "tests/unit/lab/synthetic.h"

enum { CHANNELS = 60 };

static const uint64_t second_ns = 1000000000, packet_ns = 1000000000 / 380;

static char *path;
static struct feed *feed;
static struct feed *feeds[CHANNELS];

static int open_feeds(void **state)
{
	(void)state;
	path = synthetic_file();
	int error = feed_open(path, &feed);
	for (int i = 0; i < CHANNELS; i++)
		feeds[i] = feed;
	return error;
}

static int close_feeds(void **state)
{
	(void)state;
	feed_close(feed);
	synthetic_remove(path);
	return 0;
}

struct sent {
	uint64_t at_ns;
	unsigned channel, port_above;
	uint16_t sequence;
	uint32_t ssrc;
	size_t size;
	bool other_source;
	uint8_t first_byte, first_sync;
};

struct bench {
	struct sender *sender;
	uint64_t now_ns;
	GArray *sent; /* struct sent */
};

static void take(void *user, const struct datagram *datagram)
{
	struct bench *bench = user;
	const uint8_t *bytes = datagram->bytes;
	struct sent sent = {.at_ns = bench->now_ns,
		.channel = datagram->channel,
		.port_above = datagram->port_above,
		.size = datagram->size,
		.other_source = datagram->other_source};
	if (datagram->size == LAB_PACKET_PAYLOAD)
		sent.first_byte = bytes[0];
	if (datagram->size >= FEED_PACKET_BYTES) {
		sent.sequence = (uint16_t)(bytes[2] << 8 | bytes[3]);
		sent.first_byte = bytes[0];
		sent.first_sync = bytes[12];
		memcpy(&sent.ssrc, bytes + 8, 4);
	}
	g_array_append_val(bench->sent, sent);
}

static struct bench bench_new(unsigned channels, uint64_t seed)
{
	return (struct bench){.sender = sender_create(feeds, channels, seed, second_ns),
		.now_ns = second_ns,
		.sent = g_array_new(FALSE, FALSE, sizeof(struct sent))};
}

static void bench_finish(struct bench *bench)
{
	sender_destroy(bench->sender);
	g_array_unref(bench->sent);
}

/* Virtual time: from deadline to deadline. */
static void run_until(struct bench *bench, uint64_t end_ns)
{
	while (sender_deadline_ns(bench->sender) < end_ns) {
		bench->now_ns = MAX(bench->now_ns, sender_deadline_ns(bench->sender));
		sender_run(bench->sender, bench->now_ns, take, bench);
	}
	bench->now_ns = end_ns;
}

static void run_for(struct bench *bench, uint64_t duration_ns)
{
	g_array_set_size(bench->sent, 0);
	run_until(bench, bench->now_ns + duration_ns);
}

static const struct sent *sent_at(const struct bench *bench, guint i)
{
	return &g_array_index(bench->sent, struct sent, i);
}

static void command(struct bench *bench, const char *line)
{
	g_autofree char *answer = command_run(bench->sender, line);
	assert_string_equal(answer, "ok");
}

static void packets_are_evenly_paced_and_interleaved(void **state)
{
	(void)state;
	uint64_t last_ns[CHANNELS + 1] = {0};
	struct bench bench = bench_new(8, 1);
	run_for(&bench, 10 * second_ns);
	assert_int_equal(bench.sent->len, 8 * 3800);
	for (guint i = 0; i < bench.sent->len; i++) {
		const struct sent *sent = sent_at(&bench, i);
		assert_int_equal(sent->channel, i % 8 + 1);
		if (last_ns[sent->channel])
			assert_in_range(
				sent->at_ns - last_ns[sent->channel], packet_ns, packet_ns + 1);
		if (i)
			assert_in_range(sent->at_ns - sent_at(&bench, i - 1)->at_ns, packet_ns / 8,
				packet_ns / 8 + 1);
		last_ns[sent->channel] = sent->at_ns;
	}
	bench_finish(&bench);
}

static void sixty_channels_are_sent(void **state)
{
	(void)state;
	unsigned counts[CHANNELS + 1] = {0};
	struct bench bench = bench_new(CHANNELS, 1);
	run_for(&bench, second_ns);
	for (guint i = 0; i < bench.sent->len; i++)
		counts[sent_at(&bench, i)->channel]++;
	for (unsigned channel = 1; channel <= CHANNELS; channel++)
		assert_int_equal(counts[channel], 380);
	bench_finish(&bench);
}

static void the_seed_decides_phases(void **state)
{
	(void)state;
	struct bench one = bench_new(8, 1), same = bench_new(8, 1), other = bench_new(8, 2);
	unsigned different = 0;
	run_for(&one, second_ns / 100);
	run_for(&same, second_ns / 100);
	run_for(&other, second_ns / 100);
	for (guint i = 0; i < 8; i++) {
		assert_int_equal(sent_at(&one, i)->sequence, sent_at(&same, i)->sequence);
		assert_int_equal(sent_at(&one, i)->ssrc, sent_at(&same, i)->ssrc);
		different += sent_at(&one, i)->ssrc != sent_at(&other, i)->ssrc;
		if (i)
			assert_int_not_equal(sent_at(&one, i)->ssrc, sent_at(&one, i - 1)->ssrc);
	}
	assert_int_equal(different, 8);
	bench_finish(&one);
	bench_finish(&same);
	bench_finish(&other);
}

static void a_late_caller_gets_what_it_missed(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	run_for(&bench, second_ns);
	bench.now_ns += 50 * packet_ns / 10; /* 5 packets' time */
	g_array_set_size(bench.sent, 0);
	sender_run(bench.sender, bench.now_ns, take, &bench);
	assert_in_range(bench.sent->len, 5, 6);
	assert_int_equal(sender_counts(bench.sender).stalls, 0);
	bench_finish(&bench);
}

static void no_burst_follows_a_standstill(void **state)
{
	(void)state;
	struct bench bench = bench_new(2, 1);
	run_for(&bench, second_ns);
	guint16 before = sent_at(&bench, bench.sent->len - 2)->sequence;
	bench.now_ns += 5 * second_ns;
	g_array_set_size(bench.sent, 0);
	sender_run(bench.sender, bench.now_ns, take, &bench);
	assert_in_range(bench.sent->len, 1, 2);
	assert_int_equal(sent_at(&bench, 0)->sequence, (uint16_t)(before + 1));
	assert_int_equal(sender_counts(bench.sender).stalls, 1);
	run_for(&bench, second_ns);
	assert_in_range(bench.sent->len, 2 * 380 - 2, 2 * 380 + 2);
	bench_finish(&bench);
}

static void a_stopped_channel_goes_on_later_in_its_programme(void **state)
{
	(void)state;
	struct bench bench = bench_new(2, 1);
	run_for(&bench, second_ns);
	uint16_t before = sent_at(&bench, 0)->sequence;
	command(&bench, "stop 1");
	run_for(&bench, second_ns);
	assert_int_equal(bench.sent->len, 380);
	assert_int_equal(sent_at(&bench, 0)->channel, 2);
	command(&bench, "resume 1");
	run_for(&bench, second_ns);
	assert_int_equal(bench.sent->len, 2 * 380);
	assert_int_equal(sent_at(&bench, 0)->sequence, (uint16_t)(before + 2 * 380));
	bench_finish(&bench);
}

static void a_share_is_lost_or_doubled(void **state)
{
	(void)state;
	struct bench bench = bench_new(2, 1);
	command(&bench, "lose 1 0.25");
	run_for(&bench, 10 * second_ns);
	assert_in_range(bench.sent->len, 3800 + 2650, 3800 + 3050);
	command(&bench, "lose 1 1");
	run_for(&bench, second_ns);
	assert_int_equal(bench.sent->len, 380);
	command(&bench, "clear all");
	command(&bench, "duplicate 2 0.5");
	run_for(&bench, 10 * second_ns);
	assert_in_range(bench.sent->len, 3800 + 5500, 3800 + 5900);
	bench_finish(&bench);
}

static void reordered_packets_come_a_little_later(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	unsigned behind = 0;
	run_for(&bench, packet_ns);
	uint16_t newest = sent_at(&bench, 0)->sequence;
	command(&bench, "reorder 1 0.1");
	run_for(&bench, 10 * second_ns);
	for (guint i = 0; i < bench.sent->len; i++) {
		int16_t step = (int16_t)(sent_at(&bench, i)->sequence - newest);
		assert_in_range(step + 8, 5, 8 + 4);
		behind += step < 0;
		if (step > 0)
			newest = sent_at(&bench, i)->sequence;
	}
	assert_in_range(behind, 300, 460);
	assert_in_range(bench.sent->len, 3795, 3801);
	bench_finish(&bench);
}

static void delayed_packets_come_so_much_later(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	run_for(&bench, second_ns);
	uint16_t last = sent_at(&bench, bench.sent->len - 1)->sequence;
	command(&bench, "delay 1 1 200");
	run_for(&bench, 2 * second_ns);
	uint64_t gap_ns = sent_at(&bench, 0)->at_ns - 2 * second_ns;
	assert_in_range(gap_ns, 200 * 1000000, 200 * 1000000 + packet_ns);
	assert_int_equal(sent_at(&bench, 0)->sequence, (uint16_t)(last + 1));
	bench_finish(&bench);
}

static void jitter_keeps_the_order_and_the_count(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	unsigned together = 0;
	command(&bench, "jitter 1 30");
	run_for(&bench, 10 * second_ns);
	for (guint i = 1; i < bench.sent->len; i++) {
		const struct sent *sent = sent_at(&bench, i), *before = sent - 1;
		assert_int_equal(sent->sequence, (uint16_t)(before->sequence + 1));
		assert_in_range(sent->at_ns - before->at_ns, 0, 30 * 1000000 + packet_ns + 1);
		together += sent->at_ns == before->at_ns;
	}
	assert_in_range(bench.sent->len, 3785, 3800);
	assert_in_range(together, 2500, 3700);
	bench_finish(&bench);
}

static void a_fast_clock_sends_more(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	run_for(&bench, second_ns);
	uint16_t before = sent_at(&bench, bench.sent->len - 1)->sequence;
	command(&bench, "clock 1000");
	run_for(&bench, 100 * second_ns);
	assert_in_range(bench.sent->len, 38037, 38039);
	assert_int_equal(sent_at(&bench, 0)->sequence, (uint16_t)(before + 1));
	command(&bench, "clock -1000");
	run_for(&bench, 100 * second_ns);
	assert_in_range(bench.sent->len, 37961, 37963);
	bench_finish(&bench);
}

static void udp_has_no_header(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	command(&bench, "udp 1");
	run_for(&bench, second_ns);
	for (guint i = 0; i < bench.sent->len; i++) {
		assert_int_equal(sent_at(&bench, i)->size, LAB_PACKET_PAYLOAD);
		assert_int_equal(sent_at(&bench, i)->first_byte, 0x47);
	}
	bench_finish(&bench);
}

static void two_sources_have_a_line_each(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	command(&bench, "both 1");
	run_for(&bench, second_ns);
	assert_int_equal(bench.sent->len, 2 * 380);
	for (guint i = 0; i < bench.sent->len; i += 2) {
		const struct sent *own = sent_at(&bench, i), *second = own + 1;
		assert_false(own->other_source);
		assert_true(second->other_source);
		assert_int_not_equal(own->ssrc, second->ssrc);
		assert_int_equal(own->ssrc, sent_at(&bench, 0)->ssrc);
		assert_int_equal((uint16_t)(second->sequence - sent_at(&bench, 1)->sequence),
			(uint16_t)(own->sequence - sent_at(&bench, 0)->sequence));
	}
	bench_finish(&bench);
}

/* What is collected of media packets, and of the corrections of one kind. */
struct collection {
	GPtrArray *media; /* GBytes */
	GPtrArray *rows, *columns;
};

static void collect(void *user, const struct datagram *datagram)
{
	struct collection *collection = user;
	g_ptr_array_add(datagram->port_above == 0	       ? collection->media
			: datagram->port_above == FEC_ROW_PORT ? collection->rows
							       : collection->columns,
		g_bytes_new(datagram->bytes, datagram->size));
}

static const uint8_t *bytes_at(const GPtrArray *packets, guint i)
{
	return g_bytes_get_data(g_ptr_array_index(packets, i), NULL);
}

/* SMPTE 2022-1: what is left of a correction without all of its media packets but one is that one.
 */
static void restores(const struct collection *collection, const uint8_t *correction, guint first,
	guint step, guint lost)
{
	uint8_t left[LAB_PACKET_PAYLOAD];
	memcpy(left, correction + 12 + 16, sizeof left);
	for (guint i = 0; i < 10; i++)
		for (size_t at = 0; i != lost && at < sizeof left; at++)
			left[at] ^= bytes_at(collection->media, first + i * step)[12 + at];
	assert_memory_equal(
		left, bytes_at(collection->media, first + lost * step) + 12, sizeof left);
	assert_memory_equal(correction + 12, bytes_at(collection->media, first) + 2, 2);
}

static void corrections_restore_what_is_lost(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	struct collection collection = {
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref),
		g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref)};
	command(&bench, "fec 1");
	sender_run(bench.sender, bench.now_ns, collect, &collection);
	while (collection.media->len < 300)
		sender_run(bench.sender, sender_deadline_ns(bench.sender), collect, &collection);
	assert_int_equal(collection.rows->len, 30);
	assert_int_equal(collection.columns->len, 30);
	restores(&collection, bytes_at(collection.rows, 12), 120, 1, 4);
	restores(&collection, bytes_at(collection.columns, 25), 205, 10, 0);
	const uint8_t *row = bytes_at(collection.rows, 0) + 12;
	const uint8_t *column = bytes_at(collection.columns, 0) + 12;
	assert_memory_equal(row + 12, "\x40\x01\x0A\x00", 4);
	assert_memory_equal(column + 12, "\x00\x0A\x0A\x00", 4);
	g_ptr_array_unref(collection.media);
	g_ptr_array_unref(collection.rows);
	g_ptr_array_unref(collection.columns);
	bench_finish(&bench);
}

static void garbage_takes_all_its_shapes(void **state)
{
	(void)state;
	struct bench bench = bench_new(1, 1);
	unsigned cut = 0, no_rtp = 0, no_sync = 0;
	command(&bench, "garbage 1 1");
	run_for(&bench, 10 * second_ns);
	for (guint i = 0; i < bench.sent->len; i++) {
		const struct sent *sent = sent_at(&bench, i);
		cut += sent->size < FEED_PACKET_BYTES;
		no_rtp += sent->size == FEED_PACKET_BYTES && sent->first_byte != 0x80;
		no_sync += sent->size == FEED_PACKET_BYTES && sent->first_byte == 0x80 &&
			   sent->first_sync != 0x47;
	}
	assert_int_equal(bench.sent->len, 3800);
	assert_in_range(cut, 800, 1100);
	assert_in_range(no_rtp, 800, 1100);
	assert_in_range(no_sync, 1700, 2100);
	bench_finish(&bench);
}

static void pmt_and_source_switch_there_and_back(void **state)
{
	(void)state;
	struct bench bench = bench_new(2, 1);
	command(&bench, "source 2");
	command(&bench, "pmt 1");
	assert_true(sender_map_changed(bench.sender, 1));
	run_for(&bench, second_ns);
	assert_true(sender_map_changed(bench.sender, 1));
	for (guint i = 0; i < bench.sent->len; i++)
		assert_int_equal(
			sent_at(&bench, i)->other_source, sent_at(&bench, i)->channel == 2);
	command(&bench, "source 2");
	command(&bench, "pmt 1");
	run_for(&bench, second_ns);
	assert_false(sender_map_changed(bench.sender, 1));
	assert_false(sent_at(&bench, 1)->other_source);
	bench_finish(&bench);
}

static void status_tells_what_is_unusual_and_clear_ends_it(void **state)
{
	(void)state;
	struct bench bench = bench_new(3, 1);
	g_autofree char *usual = command_run(bench.sender, "status");
	assert_string_equal(usual, "ok channels=3 packets=0 stalls=0");
	command(&bench, "stop 1");
	command(&bench, "lose all 0.5");
	command(&bench, " delay  3 0.25 40 ");
	command(&bench, "pmt 2");
	command(&bench, "source 2");
	command(&bench, "jitter 1 20");
	command(&bench, "udp 3");
	command(&bench, "fec 3");
	command(&bench, "both 3");
	command(&bench, "clock -100");
	g_autofree char *disturbed = command_run(bench.sender, "status");
	assert_string_equal(disturbed,
		"ok channels=3 packets=0 stalls=0 clock=-100; 1 stopped lose=0.5 jitter=20ms;"
		" 2 lose=0.5 pmt source; 3 lose=0.5 delay=0.25/40ms both udp fec");
	command(&bench, "clock 0");
	command(&bench, "clear all");
	g_autofree char *cleared = command_run(bench.sender, "status");
	assert_string_equal(cleared, usual);
	bench_finish(&bench);
}

static void wrong_commands_are_answered_and_change_nothing(void **state)
{
	(void)state;
	static const char *const lines[] = {"", "  ", "dance 1", "stop", "stop 0", "stop 4",
		"stop -1", "stop 1 2", "stop one", "lose 1", "lose 1 1.5", "lose 1 -0.1",
		"lose 1 nan", "lose 1 0.5x", "delay 1 0.5", "delay 1 0.5 9999", "delay 1 0.5 -1",
		"status 1", "jitter 1", "jitter 1 x", "clock", "clock fast", "clock 1001",
		"udp 1 1", "lose all 0.5 0.5 0.5 0.5 0.5"};
	struct bench bench = bench_new(3, 1);
	for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
		g_autofree char *answer = command_run(bench.sender, lines[i]);
		assert_true(g_str_has_prefix(answer, "error: "));
	}
	g_autofree char *status = command_run(bench.sender, "status");
	assert_string_equal(status, "ok channels=3 packets=0 stalls=0");
	bench_finish(&bench);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_evenly_paced_and_interleaved),
		cmocka_unit_test(sixty_channels_are_sent),
		cmocka_unit_test(the_seed_decides_phases),
		cmocka_unit_test(a_late_caller_gets_what_it_missed),
		cmocka_unit_test(no_burst_follows_a_standstill),
		cmocka_unit_test(a_stopped_channel_goes_on_later_in_its_programme),
		cmocka_unit_test(a_share_is_lost_or_doubled),
		cmocka_unit_test(reordered_packets_come_a_little_later),
		cmocka_unit_test(delayed_packets_come_so_much_later),
		cmocka_unit_test(jitter_keeps_the_order_and_the_count),
		cmocka_unit_test(a_fast_clock_sends_more),
		cmocka_unit_test(udp_has_no_header),
		cmocka_unit_test(two_sources_have_a_line_each),
		cmocka_unit_test(corrections_restore_what_is_lost),
		cmocka_unit_test(garbage_takes_all_its_shapes),
		cmocka_unit_test(pmt_and_source_switch_there_and_back),
		cmocka_unit_test(status_tells_what_is_unusual_and_clear_ends_it),
		cmocka_unit_test(wrong_commands_are_answered_and_change_nothing),
	};
	return cmocka_run_group_tests_name("lab_sender", tests, open_feeds, close_feeds);
}
