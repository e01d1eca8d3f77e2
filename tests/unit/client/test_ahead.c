/* Which channels are received ahead, and what is done where they cannot be. */
#include "client/app/ahead.h"

#include <arpa/inet.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "tests/support/test.h"
#include "tests/unit/client/air.h"

/* One cannot be joined: it is in 232/8, without a source. */
enum { FIRST, IMPOSSIBLE, THIRD, FOURTH, CHANNELS };
/* Another line-up. */
enum { MANY = 20, FAVOURITE = 11 };

struct fixture {
	uv_loop_t loop;
	struct channel_source sources[CHANNELS];
	struct channel rows[CHANNELS];
	struct channel_list channels;
	struct channel_source many_sources[MANY];
	struct channel many[MANY];
	struct settings *settings;
	struct net *net;
	struct ahead *ahead;
	int sender;
	struct air air[2];
	unsigned sentences;
	char sentence[200]; /* the last one */
	uint64_t n;
};

static void on_sentence(void *ctx, const char *sentence)
{
	struct fixture *f = ctx;
	g_strlcpy(f->sentence, sentence, sizeof f->sentence);
	f->sentences++;
}

static void on_igmp_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	struct fixture *f = ctx;
	(void)sentence;
	f->sentences += level <= IGMP_LOG_WARNING;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	int port = air_port();
	f->sources[FIRST] = air_source("239.255.76.1", NULL, port);
	f->sources[IMPOSSIBLE] = air_source("232.255.76.2", NULL, port);
	f->sources[THIRD] = air_source("239.255.76.3", NULL, port);
	f->sources[FOURTH] = air_source("239.255.76.4", NULL, port);
	air_make_lineup(f->rows, f->sources, CHANNELS);
	f->channels = (struct channel_list){.count = CHANNELS, .channels = f->rows};
	f->settings = settings_new();
	f->sender = air_open_sender();
	for (uint32_t i = 0; i < 2; i++)
		air_init(&f->air[i], i);
	uv_loop_init(&f->loop);
	*state = f;
	struct net_options options = air_net_options(&f->channels);
	options.log = on_igmp_log;
	options.log_ctx = f;
	const struct net_listener deaf = air_deaf_listener();
	return net_open(&f->loop, &options, &deaf, &f->net);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	ahead_close(f->ahead);
	net_close(f->net);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	settings_free(f->settings);
	for (int i = 0; i < 2; i++)
		air_clear(&f->air[i]);
	close(f->sender);
	g_free(f);
	return left;
}

static void begin(struct fixture *f, const char *const *assignments)
{
	char *why;
	for (; *assignments; assignments++)
		assert_int_equal(settings_assign(f->settings, *assignments, &why), 0);
	assert_int_equal(
		ahead_open(&f->loop, f->settings, &f->channels, f->net, on_sentence, f, &f->ahead),
		0);
}

/* A zap as effects.c carries it out; how many channels stay. */
static size_t tune(struct fixture *f, int channel)
{
	uint64_t pressed_ns = uv_hrtime();
	enum ring_state state;
	size_t n;
	const int *kept = ahead_keep(f->ahead, channel, pressed_ns, &n);
	assert_int_equal(net_change(f->net, channel, kept, n, NULL), 0);
	ahead_tuned(f->ahead, channel, ZAP_NO_CHANNEL, HISTORY_NUMBER, pressed_ns);
	assert_int_equal(net_receive(f->net, ++f->n, channel, pressed_ns, &state), 0);
	return n;
}

static size_t count_received(struct fixture *f)
{
	size_t n;
	net_received(f->net, &n);
	return n;
}

static void wait_for(struct fixture *f, size_t received)
{
	for (unsigned i = 0; i < 1000 && count_received(f) != received; i++) {
		uv_run(&f->loop, UV_RUN_NOWAIT);
		g_usleep(5000);
	}
	assert_int_equal(count_received(f), received);
}

static bool receives(struct fixture *f, int channel)
{
	return net_stream(f->net, channel) != NULL;
}

/* The next one up cannot be had: who presses on comes to the one behind it. */
static void test_what_can_never_be_joined_is_not_tried(void **state)
{
	struct fixture *f = *state;
	begin(f, (const char *const[]){"zap.prejoin=2", NULL});
	assert_int_equal(tune(f, FIRST), 0);
	assert_int_equal(count_received(f), 1); /* nothing is joined at the press */
	wait_for(f, 3);
	assert_true(receives(f, THIRD) && receives(f, FOURTH));
	assert_int_equal(f->sentences, 0);
}

static void test_what_stays_is_known_at_the_press(void **state)
{
	struct fixture *f = *state;
	begin(f, (const char *const[]){"zap.prejoin=2", NULL});
	tune(f, FIRST);
	wait_for(f, 3);
	assert_int_equal(tune(f, THIRD), 2);
	assert_true(receives(f, FIRST) && receives(f, FOURTH));
	assert_int_equal(count_received(f), 3);
	assert_int_equal(tune(f, ZAP_NO_CHANNEL), 0);
	wait_for(f, 0);
}

/* As when the line-up's file is read after the first zap: rates are smaller than was assumed. */
static void test_rates_from_earlier_days_make_room(void **state)
{
	struct fixture *f = *state;
	begin(f, (const char *const[]){"zap.prejoin=all", "zap.prejoin_mbps=9", NULL});
	tune(f, FIRST);
	wait_for(f, 2);
	for (int i = 0; i < CHANNELS; i++)
		ahead_expect_rate(f->ahead, i, 4000000);
	wait_for(f, 3);
	uint64_t later_ns = uv_hrtime() + 700000000; /* and so it stays at the next looks */
	while (uv_hrtime() < later_ns)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_int_equal(count_received(f), 3);
	assert_int_equal(f->sentences, 0);
}

/* Sockets, of which the system gives out no more: fewer are held, and no zap counts on them. */
static void test_without_room_fewer_are_wanted(void **state)
{
	struct fixture *f = *state;
	struct rlimit usual, few;
	begin(f, (const char *const[]){"zap.prejoin=all", NULL});
	tune(f, FIRST);
	getrlimit(RLIMIT_NOFILE, &usual);
	few = usual;
	int next = dup(f->sender);
	close(next);
	few.rlim_cur = (rlim_t)next + 1;
	setrlimit(RLIMIT_NOFILE, &few);
	wait_for(f, 2);
	setrlimit(RLIMIT_NOFILE, &usual);
	assert_true(f->sentences > 0);
	size_t n;
	ahead_keep(f->ahead, FIRST, uv_hrtime(), &n);
	assert_int_equal(n, 1);
}

static void test_all_together_hold_no_more_than_allowed(void **state)
{
	struct fixture *f = *state;
	begin(f, (const char *const[]){"zap.prejoin=all", "zap.prejoin_mib=1", NULL});
	tune(f, FIRST);
	wait_for(f, 3);
	for (unsigned i = 0; i < 3000 && count_received(f) == 3; i++) {
		struct air *air = &f->air[i % 2];
		/* Two GOPs of 1 MB, in bits that a socket takes. */
		air->picture_bytes = 20000;
		air->gop = 50;
		air_send_frame(air, f->sender, &f->sources[i % 2 ? THIRD : FOURTH].address);
		g_usleep(AIR_FRAME_US);
		net_read(f->net);
		uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	assert_true(receives(f, FIRST));
	assert_int_equal(count_received(f), 2);
	assert_non_null(strstr(f->sentence, "prejoin_mib"));
}

/* Those that he made his, besides the neighbours. */
static void test_a_favourite_of_the_viewer_is_likely(void **state)
{
	struct fixture *f = *state;
	const struct net_options options = air_net_options(&f->channels);
	const struct net_listener deaf = air_deaf_listener();
	for (int i = 0; i < MANY; i++) {
		char group[INET_ADDRSTRLEN];
		g_snprintf(group, sizeof group, "239.255.76.%d", 10 + i);
		f->many_sources[i] = air_source(group, NULL, air_port());
	}
	air_make_lineup(f->many, f->many_sources, MANY);
	f->many[FAVOURITE].favourite = true;
	net_close(f->net);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	f->channels = (struct channel_list){.count = MANY, .channels = f->many};
	assert_int_equal(net_open(&f->loop, &options, &deaf, &f->net), 0);
	begin(f, (const char *const[]){"zap.prejoin=4", NULL});
	tune(f, FIRST);
	wait_for(f, 5);
	assert_true(receives(f, FIRST + 1) && receives(f, MANY - 1) && receives(f, FAVOURITE));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_can_never_be_joined_is_not_tried),
		TEST(test_what_stays_is_known_at_the_press),
		TEST(test_rates_from_earlier_days_make_room),
		TEST(test_without_room_fewer_are_wanted),
		TEST(test_all_together_hold_no_more_than_allowed),
		TEST(test_a_favourite_of_the_viewer_is_likely),
	};
	return cmocka_run_group_tests_name("client_ahead", tests, NULL, NULL);
}
