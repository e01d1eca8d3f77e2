/* What was remembered of a channel is used at the next zap to it, and what was wrong is told. */
#include <string.h>
#include <unistd.h>

#include "client/app/net.h"
#include "tests/support/test.h"
#include "tests/unit/client/air.h"

enum { CHANNELS = 1 };

struct fixture {
	uv_loop_t loop;
	struct net *net;
	struct channel_source source;
	struct channel row;
	struct channel_list channels;
	struct air air;
	int sender;
	GBytes *psi, *sets; /* what is recalled */
	uint64_t n;
	unsigned keys, expected_keys, misled;
};

static void on_event(void *ctx, const struct zap_event *event)
{
	(void)ctx, (void)event;
}

static void on_unit(void *ctx, uint64_t n, const struct stream_unit *unit)
{
	struct fixture *f = ctx;
	assert_int_equal(n, f->n);
	f->keys += unit->kind == STREAM_VIDEO && unit->key;
	f->expected_keys += unit->expected_sets;
	g_bytes_unref(unit->data);
}

static void on_misled(void *ctx, uint64_t n)
{
	struct fixture *f = ctx;
	assert_int_equal(n, f->n);
	f->misled++;
}

static void recall(void *ctx, int channel, struct net_recalled *ret)
{
	struct fixture *f = ctx;
	assert_int_equal(channel, 0);
	if (f->psi)
		ret->psi = g_bytes_get_data(f->psi, &ret->psi_bytes);
	if (f->sets)
		ret->sets = g_bytes_get_data(f->sets, &ret->sets_bytes);
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->source = air_source("239.255.79.1", NULL, air_port());
	air_make_lineup(&f->row, &f->source, CHANNELS);
	f->channels = (struct channel_list){.count = CHANNELS, .channels = &f->row};
	air_init(&f->air, 1);
	f->sender = air_open_sender();
	uv_loop_init(&f->loop);
	struct net_options options = air_net_options(&f->channels);
	options.recall = recall;
	options.recall_ctx = f;
	struct net_listener listener = air_deaf_listener();
	listener.event = on_event;
	listener.unit = on_unit;
	listener.misled = on_misled;
	listener.ctx = f;
	*state = f;
	return net_open(&f->loop, &options, &listener, &f->net);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	net_close(f->net);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	close(f->sender);
	air_clear(&f->air);
	g_bytes_unref(f->psi);
	g_bytes_unref(f->sets);
	g_free(f);
	return left;
}

static void zap(struct fixture *f)
{
	enum ring_state ring;
	f->keys = f->expected_keys = f->misled = 0;
	assert_true(net_change(f->net, 0, NULL, 0, NULL) >= 0);
	assert_int_equal(net_receive(f->net, ++f->n, 0, uv_hrtime(), &ring), 0);
}

static void send_frames(struct fixture *f, unsigned frames)
{
	for (unsigned i = 0; i < frames; i++) {
		air_send_frame(&f->air, f->sender, &f->source.address);
		g_usleep(AIR_FRAME_US);
		net_read(f->net);
	}
}

/* The channel as it is, in good times. */
static void learn(struct fixture *f)
{
	zap(f);
	send_frames(f, 2 * AIR_GOP);
	assert_true(f->keys >= 1);
	f->psi = stream_psi(net_stream(f->net, 0));
	f->sets = stream_sets(net_stream(f->net, 0));
	assert_non_null(f->psi);
	assert_non_null(f->sets);
}

static void test_a_point_without_parameter_sets_is_shown(void **state)
{
	struct fixture *f = *state;
	learn(f);
	f->air.bare = true;
	zap(f);
	send_frames(f, 2 * AIR_GOP);
	assert_true(f->keys >= 1);
	assert_int_equal(f->expected_keys, f->keys);
	f->air.bare = false;
	send_frames(f, 2 * AIR_GOP);
	assert_int_equal(f->misled, 0);
	assert_true(f->keys > f->expected_keys);
	/* Without them it has to wait for the next ones. */
	g_clear_pointer(&f->sets, g_bytes_unref);
	f->air.bare = true;
	zap(f);
	send_frames(f, 2 * AIR_GOP);
	assert_int_equal(f->keys, 0);
}

static void test_wrong_parameter_sets_are_told(void **state)
{
	struct fixture *f = *state;
	learn(f);
	gsize len;
	uint8_t *sets = g_bytes_unref_to_data(f->sets, &len);
	sets[6] ^= 8; /* the level */
	f->sets = g_bytes_new_take(sets, len);
	f->air.bare = true;
	zap(f);
	send_frames(f, 2 * AIR_GOP);
	assert_true(f->expected_keys >= 1);
	assert_int_equal(f->misled, 0);
	f->air.bare = false;
	send_frames(f, 2 * AIR_GOP);
	assert_int_equal(f->misled, 1);
	assert_true(f->keys > f->expected_keys);
	GBytes *live = stream_sets(net_stream(f->net, 0));
	assert_non_null(live);
	assert_false(g_bytes_equal(live, f->sets));
	g_bytes_unref(live);
}

/* The first zap comes before the memory was read. */
static void test_what_is_recalled_late_still_counts(void **state)
{
	struct fixture *f = *state;
	learn(f);
	GBytes *psi = g_steal_pointer(&f->psi);
	f->air.bare = true;
	zap(f);
	assert_null(stream_programme(net_stream(f->net, 0)));
	f->psi = psi;
	net_recall(f->net);
	assert_non_null(stream_programme(net_stream(f->net, 0)));
	send_frames(f, 2 * AIR_GOP);
	assert_true(f->expected_keys >= 1);
	net_recall(f->net); /* too late by now */
	send_frames(f, AIR_GOP);
	assert_int_equal(f->misled, 0);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_point_without_parameter_sets_is_shown),
		TEST(test_wrong_parameter_sets_are_told),
		TEST(test_what_is_recalled_late_still_counts),
	};
	return cmocka_run_group_tests_name("client_net_recall", tests, NULL, NULL);
}
