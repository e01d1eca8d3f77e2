/* Which source of a channel is received: who cannot be joined is not waited for, who is silent
 * gives way. */
#include <string.h>

#include "client/app/state.h"
#include "tests/support/test.h"
#include "tests/unit/client/air.h"

enum { SOURCES = 3 };
#define MS UINT64_C(1000000)

/* A player that shows nothing, with one channel. */
struct box {
	struct app app;
	struct channel_source sources[SOURCES];
	struct channel row;
	struct channel_list list;
	bool player_closed;
};

static void on_event(void *ctx, const struct zap_event *event)
{
	(void)ctx;
	(void)event;
}

static void on_fact(void *ctx, const struct play_fact *fact)
{
	(void)ctx;
	(void)fact;
}

static void open_player(struct box *box)
{
	const struct player_options options = {.video_sink = "fakesink", .audio_sink = "fakesink"};
	const struct player_listener listener = {on_event, on_fact, box};
	assert_int_equal(player_open(&box->app.loop, &options, &listener, &box->app.player), 0);
}

static void open_net(struct box *box)
{
	struct net_options options = air_net_options(&box->list);
	const struct net_listener deaf = air_deaf_listener();
	options.choose = app_choose_source;
	options.recall_ctx = &box->app;
	assert_int_equal(net_open(&box->app.loop, &options, &deaf, &box->app.net), 0);
}

/* A channel that is received from `groups`, SOURCES of them. */
static struct box *open_box(const char *const *groups)
{
	static const struct zap_settings settings = {0};
	static const char *const no_bouquets[] = {NULL};
	struct box *box = g_new0(struct box, 1);
	struct app *app = &box->app;
	for (int i = 0; i < SOURCES; i++)
		box->sources[i] = air_source(groups[i], NULL, air_port());
	box->row = (struct channel){.id = 1,
		.number = 1,
		.name = "One",
		.bouquets = no_bouquets,
		.sources = box->sources,
		.source_count = SOURCES};
	box->list = (struct channel_list){.count = 1, .channels = &box->row};
	app->channels = &box->list;
	app->zap = zap_new(1, &settings);
	app->failover = failover_new(1);
	uv_loop_init(&app->loop);
	uv_timer_init(&app->loop, &app->source_timer);
	app->source_timer.data = app;
	open_net(box);
	open_player(box);
	return box;
}

static void on_player_closed(void *ctx)
{
	((struct box *)ctx)->player_closed = true;
}

static void close_box(struct box *box)
{
	struct app *app = &box->app;
	net_close(app->net);
	player_close(app->player, on_player_closed, box);
	uv_close((uv_handle_t *)&app->source_timer, NULL);
	uv_run(&app->loop, UV_RUN_DEFAULT);
	assert_true(box->player_closed);
	assert_int_equal(uv_loop_close(&app->loop), 0);
	failover_free(app->failover);
	zap_free(app->zap);
	g_free(box);
}

/* He tunes the channel, whose GOPs are short. */
static void watch(struct box *box)
{
	struct app *app = &box->app;
	const struct zap_event key = {.type = ZAP_EVENT_TUNE, .at_ns = uv_hrtime()};
	struct zap_effects effects;
	enum ring_state state;
	zap_remember_gop(app->zap, 0, 10 * MS);
	zap_handle(app->zap, &key, &effects);
	assert_int_equal(net_change(app->net, 0, NULL, 0, NULL), 0);
	assert_int_equal(net_receive(app->net, zap_number(app->zap), 0, key.at_ns, &state), 0);
	app_watch_source(app, 0, key.at_ns);
}

/* 232/8 without a source, which igmp never joins. */
#define NOT_TO_BE_JOINED "232.255.74.9"

static void test_one_that_cannot_be_joined_is_passed_over(void **state)
{
	static const char *const second[] = {NOT_TO_BE_JOINED, "239.255.74.1", "239.255.74.2"};
	static const char *const none[] = {NOT_TO_BE_JOINED, NOT_TO_BE_JOINED, NOT_TO_BE_JOINED};
	(void)state;
	struct box *box = open_box(second);
	assert_int_equal(app_choose_source(&box->app, 0), 1);
	watch(box);
	assert_int_equal(net_source(box->app.net, 0), 1);
	close_box(box);
	box = open_box(none);
	assert_int_equal(app_choose_source(&box->app, 0), 0);
	close_box(box);
}

static void expect_source(struct box *box, const char *uri, int number)
{
	const char *found;
	int found_number, count;
	json_t *source = app_source_json(&box->app, 0);
	assert_int_equal(json_unpack(source, "{s:s, s:i, s:i}", "uri", &found, "number",
				 &found_number, "count", &count),
		0);
	assert_non_null(strstr(found, uri));
	assert_int_equal(found_number, number);
	assert_int_equal(count, SOURCES);
	json_decref(source);
}

/* Under the same zap; and where something comes, that one is the first to be tried from then on. */
static void test_one_that_is_silent_gives_way(void **state)
{
	static const char *const groups[] = {"239.255.74.1", "239.255.74.2", "239.255.74.3"};
	(void)state;
	struct box *box = open_box(groups);
	uint64_t begun_ns = uv_hrtime(), n;
	watch(box);
	n = zap_number(box->app.zap);
	expect_source(box, "rtp://239.255.74.1:", 1);
	while (net_source(box->app.net, 0) == 0)
		uv_run(&box->app.loop, UV_RUN_ONCE);
	/* A GOP and a second. */
	assert_in_range(uv_hrtime() - begun_ns, 1010 * MS, UINT64_MAX);
	expect_source(box, "rtp://239.255.74.2:", 2);
	assert_int_equal(zap_number(box->app.zap), n);
	assert_int_equal(app_choose_source(&box->app, 0), 0);
	app_heard(&box->app, uv_hrtime());
	assert_int_equal(app_choose_source(&box->app, 0), 1);
	close_box(box);
}

static void test_who_watches_nothing_waits_for_nothing(void **state)
{
	static const char *const groups[] = {"239.255.74.1", "239.255.74.2", "239.255.74.3"};
	(void)state;
	struct box *box = open_box(groups);
	watch(box);
	assert_true(uv_is_active((const uv_handle_t *)&box->app.source_timer));
	app_watch_source(&box->app, ZAP_NO_CHANNEL, uv_hrtime());
	assert_false(uv_is_active((const uv_handle_t *)&box->app.source_timer));
	close_box(box);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_that_cannot_be_joined_is_passed_over),
		cmocka_unit_test(test_one_that_is_silent_gives_way),
		cmocka_unit_test(test_who_watches_nothing_waits_for_nothing),
	};
	return cmocka_run_group_tests_name("client_sources", tests, NULL, NULL);
}
