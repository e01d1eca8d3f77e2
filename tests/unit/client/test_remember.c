/* What is known from earlier days is there again, and nothing of it is lost. */
#include "client/app/remember.h"

#include <string.h>
#include <unistd.h>

#include "channels/memory.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"
#include "tests/unit/client/air.h"

#define MBPS UINT64_C(1000000)
#define MS INT64_C(1000000)
#define S UINT64_C(1000000000)
enum { CHANNELS = 2 };

/* A box from its start to its end, and a head-end. */
struct box {
	struct scratch *scratch;
	uv_loop_t loop;
	struct channel_list *channels;
	struct settings *settings;
	struct net *net;
	struct ahead *ahead;
	struct zap *zap;
	struct remember *remember;
	unsigned sentences, loads;
	int sender;
	struct air air[CHANNELS];
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

static void on_loaded(void *ctx)
{
	struct box *box = ctx;
	box->loads++;
}

static void open_rooms(struct box *box)
{
	const struct net_options net = air_net_options(box->channels);
	const struct net_listener deaf = air_deaf_listener();
	assert_int_equal(net_open(&box->loop, &net, &deaf, &box->net), 0);
	assert_int_equal(ahead_open(&box->loop, box->settings, box->channels, box->net, on_sentence,
				 box, &box->ahead),
		0);
	const struct remember_options options = {.path = box->scratch->db,
		.channels = box->channels,
		.net = box->net,
		.ahead = box->ahead,
		.zap = box->zap,
		.loaded = on_loaded,
		.log = on_sentence,
		.ctx = box};
	assert_int_equal(remember_open(&box->loop, &options, &box->remember), 0);
}

static struct box *start(struct scratch *scratch)
{
	static const struct zap_settings zap = {.rap_timeout_ns = 5 * S};
	struct box *box = g_new0(struct box, 1);
	struct lineup *lineup = open_lineup(scratch->db);
	assert_int_equal(lineup_load(lineup, &box->channels), 0);
	lineup_close(lineup);
	uv_loop_init(&box->loop);
	box->scratch = scratch;
	box->settings = settings_new();
	box->zap = zap_new(box->channels->count, &zap);
	box->sender = air_open_sender();
	for (uint32_t i = 0; i < CHANNELS; i++)
		air_init(&box->air[i], i);
	open_rooms(box);
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
	close(box->sender);
	for (int i = 0; i < CHANNELS; i++)
		air_clear(&box->air[i]);
	g_free(box);
}

/* A key, as far as the viewer's ways go. */
static void zap_to(struct box *box, int channel, enum history_action action, uint64_t at_ns)
{
	struct zap_effects effects;
	struct zap_event key = {.type = ZAP_EVENT_TUNE, .channel = channel, .at_ns = at_ns};
	zap_handle(box->zap, &key, &effects);
	ahead_tuned(box->ahead, channel, ZAP_NO_CHANNEL, action, at_ns);
}

/* Two GOPs of a channel. */
static void receive(struct box *box, int channel)
{
	enum ring_state state;
	assert_int_equal(net_change(box->net, channel, NULL, 0, NULL), 0);
	assert_int_equal(net_receive(box->net, 1, channel, uv_hrtime(), &state), 0);
	for (int i = 0; i < 2 * AIR_GOP; i++) {
		air_send_frame(&box->air[channel], box->sender,
			&box->channels->channels[channel].sources[0].address);
		g_usleep(AIR_FRAME_US);
		net_read(box->net);
	}
}

struct found {
	size_t steps, moods, memories;
	struct channel_memory memory[CHANNELS]; /* by id, without what they point to */
};

static void take_step(void *ctx, const struct viewer_step *step)
{
	(void)step;
	((struct found *)ctx)->steps++;
}

static void take_mood(void *ctx, const struct viewer_mood *mood)
{
	(void)mood;
	((struct found *)ctx)->moods++;
}

static void take_memory(void *ctx, const struct channel_memory *memory)
{
	struct found *found = ctx;
	found->memories++;
	found->memory[memory->channel - 1] = *memory;
}

static struct found look(struct scratch *scratch)
{
	struct found found = {0};
	struct lineup *lineup = open_lineup(scratch->db);
	assert_int_equal(lineup_each_step(lineup, take_step, &found), 0);
	assert_int_equal(lineup_each_mood(lineup, take_mood, &found), 0);
	assert_int_equal(lineup_each_memory(lineup, take_memory, &found), 0);
	lineup_close(lineup);
	return found;
}

/* A viewer who went between two channels, and what was seen of the first. */
static int remember_before(struct scratch *scratch)
{
	const struct viewer_step steps[] = {{1, 2, "up", 50}, {2, 1, "last", 30}};
	const struct viewer_mood moods[] = {{"watching", "last", 40}};
	const struct channel_memory memory = {.channel = 1,
		.psi = (const uint8_t *)"psi",
		.psi_bytes = 3,
		.video_codec = "h264",
		.audio_codec = "aac",
		.gop_ns = 2 * S,
		.rap_bytes = 70000,
		.video_slack_ns = 100 * MS,
		.audio_slack_ns = INT64_MAX,
		.line_bps = 4 * MBPS,
		.video_sets = (const uint8_t *)"sets",
		.video_sets_bytes = 4};
	const struct lineup_memory known = {.channels = &memory,
		.n_channels = 1,
		.has_ways = true,
		.steps = steps,
		.n_steps = 2,
		.moods = moods,
		.n_moods = 1};
	struct lineup *lineup = open_lineup(scratch->db);
	int error = lineup_remember(lineup, &known);
	lineup_close(lineup);
	return error;
}

static int setup(void **state)
{
	if (scratch_setup(state))
		return -1;
	struct scratch *scratch = *state;
	char *m3u =
		g_strdup_printf("#EXTM3U\n#EXTINF:-1 tvg-chno=\"1\",One\nrtp://239.255.78.1:%d\n"
				"#EXTINF:-1 tvg-chno=\"2\",Two\nrtp://239.255.78.2:%d\n",
			air_port(), air_port());
	int error = scratch_import(scratch, m3u, IMPORT_REPLACE);
	g_free(m3u);
	return error ? error : remember_before(scratch);
}

/* As where no display answers, or the first key is "quit". */
static void test_an_end_before_it_was_read_loses_nothing(void **state)
{
	struct box *box = start(*state);
	zap_to(box, 0, HISTORY_NUMBER, uv_hrtime());
	stop(box);
	struct found found = look(*state);
	assert_int_equal(found.steps, 2);
	assert_int_equal(found.moods, 1);
	assert_int_equal(found.memories, 1);
}

static void test_what_was_known_is_there_again(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	struct channel_memory memory;
	assert_true(remember_channel(box->remember, 0, &memory));
	assert_int_equal(memory.psi_bytes, 3);
	assert_memory_equal(memory.psi, "psi", 3);
	assert_memory_equal(memory.video_sets, "sets", 4);
	assert_false(remember_channel(box->remember, 1, &memory));
	assert_false(remember_channel(NULL, 0, &memory));
	assert_int_equal(box->loads, 1);
	assert_int_equal(ahead_rate(box->ahead, 0), 4 * MBPS);
	double likely[HISTORY_ACTIONS];
	history_next_action(ahead_history(box->ahead), HISTORY_WATCHING, likely);
	assert_true(likely[HISTORY_LAST] > 0.7);
	assert_int_equal(history_rows(ahead_history(box->ahead), NULL, 0), 2);
	assert_int_equal(box->sentences, 0);
	stop(box);
}

static void test_new_ways_join_the_old_ones(void **state)
{
	uint64_t at_ns = uv_hrtime();
	struct box *box = start(*state);
	zap_to(box, 0, HISTORY_NUMBER, at_ns); /* before it was read, too */
	zap_to(box, 1, HISTORY_NUMBER, at_ns + S);
	wait_until_loaded(box);
	zap_to(box, 0, HISTORY_DOWN, at_ns + 2 * S);
	stop(box);
	struct found found = look(*state);
	assert_int_equal(found.steps, 4);
	assert_int_equal(found.moods, 3);
}

static void test_a_channel_is_remembered_as_it_was_received(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	receive(box, 1);
	stop(box);
	struct found found = look(*state);
	assert_int_equal(found.memories, 2);
	const struct channel_memory *memory = &found.memory[1];
	assert_true(memory->psi_bytes > 3);
	assert_true(memory->video_sets_bytes > 4); /* SPS and PPS */
	assert_true(memory->rap_bytes >= 1000);
	assert_int_equal(memory->gop_ns / MS, AIR_GOP * AIR_FRAME_90KHZ / 90);
	assert_true(memory->video_slack_ns > 400 * MS && memory->video_slack_ns < 510 * MS);

	box = start(*state);
	wait_until_loaded(box);
	struct channel_memory again;
	assert_true(remember_channel(box->remember, 1, &again));
	assert_int_equal(again.psi_bytes, memory->psi_bytes);
	assert_string_equal(again.video_codec, "h264");
	assert_string_equal(again.audio_codec, "aac");
	assert_int_equal(again.video_sets_bytes, memory->video_sets_bytes);
	stop(box);
}

/* 0.1 s from an earlier day, 0.5 s now: the worst counts, and is forgotten slowly. */
static void test_the_smallest_slack_counts(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	receive(box, 0);
	stop(box);
	struct found found = look(*state);
	assert_true(found.memory[0].psi_bytes > 3); /* the live one replaced what was wrong */
	assert_true(found.memory[0].video_slack_ns > 120 * MS);
	assert_true(found.memory[0].video_slack_ns < 160 * MS);
	assert_true(found.memory[0].audio_slack_ns != INT64_MAX);
}

/* Where the reception at hand has not said something yet, what was known stands. */
static void test_what_is_received_goes_before_what_was_known(void **state)
{
	struct box *box = start(*state);
	struct channel_memory known;
	wait_until_loaded(box);
	receive(box, 0);
	for (unsigned i = 0; i < 1500; i += 10) {
		uv_run(&box->loop, UV_RUN_NOWAIT);
		assert_true(remember_channel(box->remember, 0, &known));
		if (known.psi_bytes > 3)
			break;
		g_usleep(10000);
	}
	assert_true(known.psi_bytes > 3);
	assert_true(known.video_sets_bytes > 4);
	assert_true(known.gop_ns < S);
	assert_int_equal(known.rap_bytes / 1000, 1);
	assert_int_equal(known.line_bps, 4 * MBPS); /* that takes longer to know */
	stop(box);
}

/* Those of before are another video's. */
static void test_a_video_s_parameter_sets_are_not_another_one_s(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	box->air[0].bare = true;
	receive(box, 0);
	stop(box);
	struct found found = look(*state);
	assert_true(found.memory[0].psi_bytes > 3);
	assert_int_equal(found.memory[0].video_sets_bytes, 0);
}

static void look_until(struct box *box, size_t memories)
{
	for (int i = 0; i < 1000 && look(box->scratch).memories < memories; i++) {
		uv_run(&box->loop, UV_RUN_NOWAIT);
		g_usleep(10000);
	}
	assert_int_equal(look(box->scratch).memories, memories);
}

/* Power may be cut before it is left. */
static void test_what_is_new_is_written_while_it_is_watched(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	ahead_expect_rate(box->ahead, 1, MBPS);
	receive(box, 1);
	look_until(box, 2);
	stop(box);
}

/* At the leave, as soon as the box looks, and not only at the end. */
static void test_it_is_written_when_the_channel_is_left(void **state)
{
	struct box *box = start(*state);
	wait_until_loaded(box);
	receive(box, 1);
	for (int i = 0; i < 1500 && look(*state).memories < 2; i += 10) {
		uv_run(&box->loop, UV_RUN_NOWAIT);
		g_usleep(10000);
	}
	assert_int_equal(look(*state).memories, 1); /* it is watched still, its rate not known */
	receive(box, 0);
	look_until(box, 2);
	stop(box);
}

/* What was known of a channel is known of it in another line-up, and comes into the file as its. */
static void test_what_is_known_moves_with_the_line_up(void **state)
{
	struct box *box = start(*state);
	struct lineup *lineup = open_lineup(box->scratch->db);
	struct channel_list *after;
	wait_until_loaded(box);
	receive(box, 1);
	/* As after an import: the first one is number 3 now. */
	assert_int_equal(lineup_load(lineup, &after), 0);
	lineup_close(lineup);
	struct channel *rows = g_memdup2(after->channels, 2 * sizeof *rows);
	rows[0] = after->channels[1];
	rows[1] = after->channels[0];
	rows[1].number = 3;
	const struct channel_list list = {.count = 2, .channels = rows};
	const int to[] = {1, 0};
	assert_true(zap_move(box->zap, to, 2));
	net_take(box->net, &list, to);
	ahead_take(box->ahead, &list, to);
	remember_take(box->remember, &list, to);
	struct channel_memory known;
	assert_true(remember_channel(box->remember, 1, &known));
	assert_int_equal(known.psi_bytes, 3);
	assert_int_equal(ahead_rate(box->ahead, 1), 4 * MBPS);
	stop(box);
	struct found found = look(*state);
	assert_int_equal(found.memories, 2);
	assert_true(found.memory[1].psi_bytes > 3);
	assert_int_equal(found.steps, 2);
	channel_list_free(after);
	g_free(rows);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_an_end_before_it_was_read_loses_nothing),
		TEST(test_what_was_known_is_there_again),
		TEST(test_new_ways_join_the_old_ones),
		TEST(test_a_channel_is_remembered_as_it_was_received),
		TEST(test_the_smallest_slack_counts),
		TEST(test_what_is_received_goes_before_what_was_known),
		TEST(test_a_video_s_parameter_sets_are_not_another_one_s),
		TEST(test_what_is_new_is_written_while_it_is_watched),
		TEST(test_it_is_written_when_the_channel_is_left),
		TEST(test_what_is_known_moves_with_the_line_up),
	};
	return cmocka_run_group_tests_name("client_remember", tests, NULL, NULL);
}
