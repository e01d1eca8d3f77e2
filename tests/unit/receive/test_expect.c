/* A stream that begins with what was known of its channel at an earlier time. */
#include "tests/support/test.h"

#include "tests/support/psi_writer.h"
#include "tests/unit/receive/channel.h"

static GBytes *learn_psi(void)
{
	struct channel *c = channel_new();
	assert_null(stream_psi(c->stream));
	channel_write_and_send(c, 2);
	GBytes *psi = stream_psi(c->stream);
	assert_non_null(psi);
	channel_free(c);
	return psi;
}

static bool expect(struct channel *c, GBytes *psi)
{
	gsize len;
	const void *data = g_bytes_get_data(psi, &len);
	return stream_expect(c->stream, data, len);
}

static int setup(void **state)
{
	*state = learn_psi();
	return 0;
}

static int teardown(void **state)
{
	g_bytes_unref(*state);
	return 0;
}

/* The number of PSI events, and whether the last one is live. */
static unsigned count_psi(const struct channel *c, bool *ret_live)
{
	unsigned n = 0;
	for (guint i = 0; i < c->events->len; i++) {
		const struct stream_event *event =
			&g_array_index(c->events, struct stream_event, i);
		if (event->type == STREAM_EVENT_PSI) {
			n++;
			*ret_live = event->at_ns != 0;
		}
	}
	return n;
}

static void test_units_come_before_the_live_psi(void **state)
{
	struct channel *c = channel_new();
	bool live;
	assert_true(expect(c, *state));
	c->with_psi = false;
	channel_write_and_send(c, 5);
	assert_non_null(channel_unit(c, STREAM_VIDEO, 2));
	assert_non_null(channel_unit(c, STREAM_AUDIO, 2));
	assert_int_equal(count_psi(c, &live), 1);
	assert_false(live);
	assert_null(stream_psi(c->stream)); /* not known to be true */

	unsigned raps = channel_count(c, STREAM_EVENT_RAP);
	c->with_psi = true;
	channel_write_and_send(c, 5);
	assert_int_equal(count_psi(c, &live), 2);
	assert_true(live);
	assert_int_equal(channel_count(c, STREAM_EVENT_RAP), raps); /* nothing began anew */
	GBytes *psi = stream_psi(c->stream);
	assert_true(g_bytes_equal(psi, *state));
	g_bytes_unref(psi);
	channel_free(c);
}

static void test_what_is_wrong_is_replaced_by_the_live_psi(void **state)
{
	struct channel *c = channel_new();
	assert_true(expect(c, *state));
	c->w.pmt_pid = 0x200;
	c->w.video_pid = c->w.pcr_pid = 0x301;
	c->w.audio_pid = 0x302;
	channel_write_and_send(c, 12);
	assert_non_null(channel_unit(c, STREAM_VIDEO, 0));
	assert_non_null(channel_unit(c, STREAM_AUDIO, 0));
	GBytes *psi = stream_psi(c->stream);
	assert_non_null(psi);
	assert_false(g_bytes_equal(psi, *state));
	g_bytes_unref(psi);
	channel_free(c);
}

static void test_another_pmt_on_the_same_pid_replaces_it(void **state)
{
	struct channel *c = channel_new();
	assert_true(expect(c, *state));
	c->w.video_pid = c->w.pcr_pid = 0x301;
	c->w.pmt_version = 7;
	channel_write_and_send(c, 12);
	assert_non_null(channel_unit(c, STREAM_VIDEO, 0));
	assert_int_equal(stream_programme(c->stream)->pcr_pid, 0x301);
	channel_free(c);
}

static void test_what_is_live_already_is_not_replaced(void **state)
{
	struct channel *c = channel_new();
	c->w.video_pid = c->w.pcr_pid = 0x301;
	channel_write_and_send(c, 2);
	assert_false(expect(c, *state));
	assert_int_equal(stream_programme(c->stream)->pcr_pid, 0x301);
	channel_free(c);
}

/* What is remembered of a programme that has left the stream must not show another one's. */
static void test_a_programme_that_is_gone_is_not_played(void **state)
{
	struct channel *c = channel_new();
	stream_choose_programme(c->stream, c->w.programme);
	assert_true(expect(c, *state));
	c->w.programme++;
	channel_write_and_send(c, 15);
	assert_int_equal(channel_count(c, STREAM_EVENT_NO_PROGRAMME), 1);
	assert_null(stream_programme(c->stream));
	assert_null(channel_unit(c, STREAM_VIDEO, 0));
	struct stream_counters counters;
	stream_counters(c->stream, &counters);
	assert_int_equal(counters.programme_missing, 1);
	/* It comes back. */
	c->w.programme--;
	c->w.pat_version++;
	channel_write_and_send(c, 15);
	assert_int_equal(channel_count(c, STREAM_EVENT_NO_PROGRAMME), 1);
	assert_non_null(channel_unit(c, STREAM_VIDEO, 5));
	assert_non_null(stream_programme(c->stream));
	channel_free(c);
}

static void test_an_empty_pat_is_not_replaced(void **state)
{
	struct channel *c = channel_new();
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	GByteArray *empty = psi_writer_pat(&(struct psi_writer_pat){.transport_stream_id = 1});
	ts_writer_section(&c->w, 0, empty->data, empty->len);
	g_byte_array_unref(empty);
	channel_send_bytes(c, payload, ts_writer_take_rtp(&c->w, payload));
	assert_false(expect(c, *state));
	channel_free(c);
}

static void test_broken_or_unwanted_psi_is_refused(void **state)
{
	gsize len;
	const uint8_t *data = g_bytes_get_data(*state, &len);
	for (size_t cut = 0; cut < len; cut++) {
		struct stream *stream = stream_new();
		uint8_t *part = g_memdup2(data, cut); /* its end is the end of memory */
		assert_false(stream_expect(stream, part, cut));
		g_free(part);
		stream_free(stream);
	}
	for (size_t i = 0; i < len; i++) {
		struct stream *stream = stream_new();
		uint8_t *spoiled = g_memdup2(data, len);
		spoiled[i] ^= 0x40;
		assert_false(stream_expect(stream, spoiled, len));
		g_free(spoiled);
		stream_free(stream);
	}
	struct channel *c = channel_new();
	stream_choose_programme(c->stream, 2);
	assert_false(expect(c, *state));
	channel_free(c);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_units_come_before_the_live_psi),
		TEST(test_what_is_wrong_is_replaced_by_the_live_psi),
		TEST(test_another_pmt_on_the_same_pid_replaces_it),
		TEST(test_what_is_live_already_is_not_replaced),
		TEST(test_a_programme_that_is_gone_is_not_played),
		TEST(test_an_empty_pat_is_not_replaced),
		TEST(test_broken_or_unwanted_psi_is_refused),
	};
	return cmocka_run_group_tests_name("receive_expect", tests, NULL, NULL);
}
