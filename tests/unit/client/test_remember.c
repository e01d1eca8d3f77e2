/* What is known from earlier days is there again, and nothing of it is lost. */
#include "client/app/remember.h"

#include <string.h>

#include "channels/memory.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define LINEUP                                                                                     \
	"#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",One\nudp://239.255.78.1:5000\n"                        \
	"#EXTINF:-1 tvg-chno=\"2\",Two\nudp://239.255.78.2:5000\n"
#define MBPS UINT64_C(1000000)

/* A box from its start to its end. */
struct box {
	struct scratch *scratch;
	uv_loop_t loop;
	struct channel_list *channels;
	struct settings *settings;
	struct net *net;
	struct ahead *ahead;
	struct zap *zap;
	struct remember *remember;
	unsigned sentences;
};

static struct lineup *open_lineup(const char *path)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	if (lineup_open(path, LINEUP_WRITE, &lineup, &why) < 0)
		fail_msg("%s", why);
	return lineup;
}

static void on_sentence(void *ctx, const char *sentence)
{
	struct box *box = ctx;
	(void)sentence;
	box->sentences++;
}

static void on_igmp_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	(void)ctx, (void)level, (void)sentence;
}

static const uint8_t *recall_nothing(void *ctx, int channel, size_t *ret_len)
{
	(void)ctx, (void)channel;
	*ret_len = 0;
	return NULL;
}

static struct box *start(struct scratch *scratch)
{
	static const char *const no_languages[] = {NULL};
	static const struct zap_settings zap = {.rap_timeout_ns = 5000000000};
	struct box *box = g_new0(struct box, 1);
	struct lineup *lineup = open_lineup(scratch->db);
	assert_int_equal(lineup_load(lineup, &box->channels), 0);
	lineup_close(lineup);
	uv_loop_init(&box->loop);
	box->scratch = scratch;
	box->settings = settings_new();
	box->zap = zap_new(box->channels->count, &zap);
	const struct net_options net = {.iface = "lo",
		.backend = IGMP_BACKEND_KERNEL,
		.channels = box->channels,
		.languages = no_languages,
		.recall = recall_nothing,
		.log = on_igmp_log};
	const struct net_listener nobody = {0};
	assert_int_equal(net_open(&box->loop, &net, &nobody, &box->net), 0);
	assert_int_equal(ahead_open(&box->loop, box->settings, box->channels, box->net, on_sentence,
				 box, &box->ahead),
		0);
	const struct remember_options options = {.path = scratch->db,
		.channels = box->channels,
		.net = box->net,
		.ahead = box->ahead,
		.zap = box->zap,
		.log = on_sentence,
		.log_ctx = box};
	assert_int_equal(remember_open(&box->loop, &options, &box->remember), 0);
	return box;
}

/* What was read is there: it begins with channel 1's rate. */
static void wait_until_loaded(struct box *box)
{
	while (!ahead_rate(box->ahead, 0))
		uv_run(&box->loop, UV_RUN_ONCE);
}

static void stop(struct box *box)
{
	remember_close(box->remember);
	ahead_close(box->ahead);
	net_close(box->net);
	uv_run(&box->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&box->loop), 0);
	zap_free(box->zap);
	settings_free(box->settings);
	channel_list_free(box->channels);
	g_free(box);
}

/* A zap that nobody carries out: it is new as the viewer's ways are. */
static void zap_to(struct box *box, int channel)
{
	struct zap_effects effects;
	struct zap_event key = {.type = ZAP_EVENT_TUNE, .channel = channel, .at_ns = uv_hrtime()};
	zap_handle(box->zap, &key, &effects);
}

static void count_step(void *ctx, const struct channel_step *step)
{
	(void)step;
	++*(size_t *)ctx;
}

static size_t count_steps(struct scratch *scratch)
{
	size_t n = 0;
	struct lineup *lineup = open_lineup(scratch->db);
	assert_int_equal(lineup_each_step(lineup, count_step, &n), 0);
	lineup_close(lineup);
	return n;
}

/* A line-up of two channels, a viewer who went between them, and what was seen of the first. */
static int setup(void **state)
{
	if (scratch_setup(state))
		return -1;
	struct scratch *scratch = *state;
	scratch_import(scratch, LINEUP, IMPORT_REPLACE);
	const struct channel_step steps[] = {{1, 2, "up", 50}, {2, 1, "last", 30}};
	const struct channel_memory memory = {.channel = 1,
		.psi = (const uint8_t *)"psi",
		.psi_bytes = 3,
		.video_codec = "h264",
		.audio_codec = "aac",
		.gop_ns = 2000000000,
		.video_slack_ns = 600000000,
		.audio_slack_ns = INT64_MAX,
		.line_bps = 4 * MBPS};
	struct lineup *lineup = open_lineup(scratch->db);
	lineup_replace_steps(lineup, steps, 2);
	lineup_put_memory(lineup, &memory);
	lineup_close(lineup);
	return 0;
}

/* As where no display answers, or the first key is "quit". */
static void test_an_end_before_it_was_read_loses_nothing(void **state)
{
	struct box *box = start(*state);
	zap_to(box, 0);
	stop(box);
	assert_int_equal(count_steps(*state), 2);
}

static void test_what_was_known_is_there_again(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	size_t len;
	const uint8_t *psi = remember_psi(box->remember, 0, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(psi, "psi", 3);
	assert_null(remember_psi(box->remember, 1, &len));
	assert_int_equal(ahead_rate(box->ahead, 0), 4 * MBPS);
	assert_int_equal(history_rows(ahead_history(box->ahead), NULL, 0), 2);
	assert_int_equal(box->sentences, 0);
	zap_to(box, 0);
	stop(box);
	assert_int_equal(count_steps(*state), 2);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_an_end_before_it_was_read_loses_nothing),
		TEST(test_what_was_known_is_there_again),
	};
	return cmocka_run_group_tests_name("client_remember", tests, NULL, NULL);
}
