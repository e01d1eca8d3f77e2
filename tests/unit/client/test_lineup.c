/* Another line-up is taken over while one is in use: nobody looks into the old one with new eyes.
 */
#include <string.h>
#include <unistd.h>

#include "channels/viewer_news.h"
#include "client/app/state.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"
#include "tests/unit/client/air.h"

enum { CHANNELS_MAX = 8 };

/* A player without a picture. */
struct player_like {
	struct app app;
	struct app_driver driver;
	struct channel_list *first;
	struct settings *settings;
	bool loaded;
	unsigned lineups;
	char *recalled[CHANNELS_MAX]; /* by channel of the line-up of now: its PSI */
};

/* Freed with g_free(). */
static char *lineup_of(const char *rows)
{
	char port[8];
	g_snprintf(port, sizeof port, "%d", air_port());
	GString *m3u = g_string_new("#EXTM3U\n");
	g_string_append(m3u, rows);
	g_string_replace(m3u, "PORT", port, 0);
	return g_string_free(m3u, FALSE);
}

#define ROW(number, name, address)                                                                 \
	"#EXTINF:-1 tvg-chno=\"" #number "\"," name "\nudp://" address ":PORT\n"
#define ONE ROW(1, "One", "239.255.75.1")
#define TWO(number) ROW(number, "Two", "239.255.75.2")
/* Before its source there is one that nobody can join: 232/8 without a source. */
#define NEW                                                                                        \
	ROW(2, "New", "232.255.75.9")                                                              \
	ROW(2, "New", "239.255.75.3")

static void import(struct scratch *scratch, const char *rows)
{
	char *m3u = lineup_of(rows);
	assert_int_equal(scratch_import(scratch, m3u, IMPORT_REPLACE), 0);
	g_free(m3u);
}

/* What is remembered of channel Two. */
static void remember_two(struct scratch *scratch)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	const struct channel_memory memory = {.channel = 2,
		.psi = (const uint8_t *)"psi of Two",
		.psi_bytes = 10,
		.video_codec = "h264",
		.audio_codec = "",
		.gop_ns = 1000000000,
		.video_slack_ns = INT64_MAX,
		.audio_slack_ns = INT64_MAX,
		.line_bps = 4000000};
	const struct lineup_memory known = {.channels = &memory, .n_channels = 1};
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	assert_int_equal(lineup_remember(lineup, &known), 0);
	lineup_close(lineup);
}

static void on_recall(void *ctx, int channel, struct net_recalled *ret)
{
	struct player_like *p = ctx;
	app_recall(&p->app, channel, ret);
	g_free(p->recalled[channel]);
	p->recalled[channel] =
		ret->psi ? g_strndup((const char *)ret->psi, ret->psi_bytes) : g_strdup("nothing");
}

static size_t on_choose(void *ctx, int channel)
{
	struct player_like *p = ctx;
	return app_choose_source(&p->app, channel);
}

static void on_loaded(void *ctx)
{
	struct player_like *p = ctx;
	p->loaded = true;
}

static void on_lineup(void *ctx, struct channel_list *list)
{
	struct player_like *p = ctx;
	app_lineup_loaded(&p->app, list);
}

static void on_sentence(void *ctx, const char *sentence)
{
	(void)ctx;
	if (!strstr(sentence, "another file by now"))
		fail_msg("\"%s\"", sentence);
}

static void on_changed(struct app *app)
{
	((struct player_like *)app->driver_ctx)->lineups++;
}

static struct channel_list *load(struct scratch *scratch)
{
	struct lineup *lineup = NULL;
	struct channel_list *list = NULL;
	char *why = NULL;
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_int_equal(lineup_load(lineup, &list), 0);
	lineup_close(lineup);
	return list;
}

static void open_rooms(struct player_like *p, const char *db)
{
	struct app *app = &p->app;
	struct net_options net = air_net_options(app->channels);
	const struct net_listener deaf = air_deaf_listener();
	net.recall = on_recall;
	net.choose = on_choose;
	net.recall_ctx = p;
	assert_int_equal(net_open(&app->loop, &net, &deaf, &app->net), 0);
	assert_int_equal(ahead_open(&app->loop, p->settings, app->channels, app->net, on_sentence,
				 p, &app->ahead),
		0);
	const struct remember_options options = {.path = db,
		.channels = app->channels,
		.net = app->net,
		.ahead = app->ahead,
		.zap = app->zap,
		.loaded = on_loaded,
		.lineup = on_lineup,
		.log = on_sentence,
		.ctx = p};
	assert_int_equal(remember_open(&app->loop, &options, &app->remember), 0);
}

static struct player_like *start(struct scratch *scratch)
{
	static const struct zap_settings zap = {0};
	struct player_like *p = g_new0(struct player_like, 1);
	struct app *app = &p->app;
	char *why;
	p->first = load(scratch);
	p->driver.lineup_changed = on_changed;
	p->settings = settings_new();
	assert_int_equal(settings_assign(p->settings, "zap.prejoin=2", &why), 0);
	app->driver = &p->driver;
	app->driver_ctx = p;
	app->channels = p->first;
	app->zap = zap_new(app->channels->count, &zap);
	app->failover = failover_new(app->channels->count);
	app->on_air = on_air_new();
	uv_loop_init(&app->loop);
	uv_timer_init(&app->loop, &app->lineup_timer);
	uv_timer_init(&app->loop, &app->source_timer);
	app->lineup_timer.data = app->source_timer.data = app;
	open_rooms(p, scratch->db);
	while (!p->loaded)
		uv_run(&app->loop, UV_RUN_ONCE);
	return p;
}

static void stop(struct player_like *p)
{
	struct app *app = &p->app;
	remember_close(app->remember);
	ahead_close(app->ahead);
	net_close(app->net);
	uv_close((uv_handle_t *)&app->lineup_timer, NULL);
	uv_close((uv_handle_t *)&app->source_timer, NULL);
	uv_run(&app->loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&app->loop), 0);
	app_lineup_clear(app);
	failover_free(app->failover);
	on_air_free(app->on_air);
	zap_free(app->zap);
	settings_free(p->settings);
	channel_list_free(p->first);
	for (int i = 0; i < CHANNELS_MAX; i++)
		g_free(p->recalled[i]);
	g_free(p);
}

/* The viewer is there and watches. */
static void watch(struct player_like *p, int channel)
{
	struct app *app = &p->app;
	const struct zap_event key = {
		.type = ZAP_EVENT_TUNE, .channel = channel, .at_ns = uv_hrtime()};
	const struct zap_event picture = {
		.type = ZAP_EVENT_PICTURE, .n = 1, .position = 1, .at_ns = uv_hrtime()};
	struct zap_effects effects;
	enum ring_state ring;
	zap_handle(app->zap, &key, &effects);
	assert_int_equal(net_change(app->net, channel, NULL, 0, NULL), 0);
	ahead_tuned(app->ahead, channel, ZAP_NO_CHANNEL, HISTORY_NUMBER, key.at_ns);
	assert_int_equal(net_receive(app->net, 1, channel, key.at_ns, &ring), 0);
	zap_handle(app->zap, &picture, &effects);
	app_watch_source(app, channel, key.at_ns);
}

static void await_received(struct player_like *p, size_t wanted)
{
	size_t n;
	while (net_received(p->app.net, &n), n != wanted)
		uv_run(&p->app.loop, UV_RUN_ONCE);
}

static void await_lineup(struct player_like *p, unsigned wanted)
{
	while (p->lineups < wanted)
		uv_run(&p->app.loop, UV_RUN_ONCE);
}

static void assert_address(struct player_like *p, int channel, const char *group)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	assert_non_null(net_stream(p->app.net, channel));
	assert_non_null(
		strstr(channel_address_format(net_address(p->app.net, channel), uri), group));
}

/* One that stands now where another one stood is joined as itself. */
static void test_what_is_new_is_received_ahead_as_itself(void **state)
{
	struct scratch *scratch = *state;
	import(scratch, ONE TWO(2));
	remember_two(scratch);
	struct player_like *p = start(scratch);
	watch(p, 0);
	await_received(p, 2);
	assert_string_equal(p->recalled[1], "psi of Two");
	g_clear_pointer(&p->recalled[1], g_free);

	import(scratch, ONE NEW TWO(3));
	await_lineup(p, 1);
	assert_int_equal(p->app.channels->count, 3);
	await_received(p, 3);
	assert_address(p, 0, "239.255.75.1");
	assert_address(p, 1, "239.255.75.3"); /* the source that can be joined */
	assert_address(p, 2, "239.255.75.2");
	assert_string_equal(p->recalled[1], "nothing");
	struct channel_memory memory;
	assert_false(remember_channel(p->app.remember, 1, &memory));
	assert_true(remember_channel(p->app.remember, 2, &memory));
	stop(p);
}

/* Those ahead of him are many more than there were channels. */
static void test_a_line_up_that_grows(void **state)
{
	struct scratch *scratch = *state;
	import(scratch, ONE);
	struct player_like *p = start(scratch);
	watch(p, 0);
	import(scratch, ONE TWO(2) ROW(3, "Three", "239.255.75.3") ROW(4, "Four", "239.255.75.4"));
	await_lineup(p, 1);
	await_received(p, 3);
	assert_address(p, 1, "239.255.75.2");
	assert_address(p, 3, "239.255.75.4");
	for (int i = 0; i < 4; i++)
		assert_true(!p->recalled[i] || !strcmp(p->recalled[i], "nothing"));
	stop(p);
}

static void assert_volume(struct scratch *scratch, unsigned percent)
{
	struct lineup *lineup = NULL;
	char *why = NULL;
	uint16_t found = 0;
	bool is_muted = false;
	assert_int_equal(lineup_open(scratch->db, LINEUP_READ, &lineup, &why), 0);
	assert_true(lineup_get_volume(lineup, &found, &is_muted));
	lineup_close(lineup);
	assert_int_equal(found, percent);
	assert_true(is_muted);
}

/*
 * Its row 1 is what was row 2, and what is known of that stays with it, and gets into that file; so
 * does what the viewer left.
 */
static void test_a_file_that_takes_the_place_of_another(void **state)
{
	struct scratch *scratch = *state;
	const char *db = scratch->db;
	import(scratch, ONE TWO(2));
	remember_two(scratch);
	struct player_like *p = start(scratch);
	watch(p, 0);
	await_received(p, 2);
	p->app.volume_percent = 35;
	p->app.is_muted = true;
	p->app.watched_id = 1;
	scratch->db = scratch_path(scratch, "ready.db");
	import(scratch, TWO(2) ONE NEW);
	assert_int_equal(rename(scratch->db, db), 0);
	scratch->db = db;
	await_lineup(p, 1);
	assert_int_equal(p->app.channels->count, 3);
	assert_int_equal(zap_channel(p->app.zap), 0);
	assert_address(p, 0, "239.255.75.1");
	struct channel_memory memory;
	int two = (int)app_find_channel(&p->app, 2, 0);
	assert_string_equal(p->app.channels->channels[two].name, "Two");
	assert_true(remember_channel(p->app.remember, two, &memory));
	assert_int_equal(memory.channel, p->app.channels->channels[two].id);
	assert_memory_equal(memory.psi, "psi of Two", memory.psi_bytes);
	assert_int_equal(p->app.channels->channels[two].id, 1);
	assert_int_equal(p->app.watched_id, 0); /* that he watches is put anew */
	stop(p);
	assert_volume(scratch, 35);
}

/* Over two line-ups at once, and gone for good when he has left it. */
static void test_the_watched_one_stays_until_it_is_left(void **state)
{
	struct scratch *scratch = *state;
	import(scratch, ONE TWO(2));
	struct player_like *p = start(scratch);
	watch(p, 1);
	await_received(p, 2);
	import(scratch, ONE);
	await_lineup(p, 1);
	assert_int_equal(p->app.channels->count, 2);
	assert_int_equal(zap_channel(p->app.zap), 1);
	assert_address(p, 1, "239.255.75.2");

	const struct zap_event key = {.type = ZAP_EVENT_TUNE, .channel = 0, .at_ns = uv_hrtime()};
	const struct zap_event picture = {
		.type = ZAP_EVENT_PICTURE, .n = 2, .position = 1, .at_ns = uv_hrtime()};
	struct zap_effects effects;
	enum ring_state ring;
	zap_handle(p->app.zap, &key, &effects);
	assert_int_equal(net_change(p->app.net, 0, NULL, 0, NULL), 0);
	ahead_tuned(p->app.ahead, 0, 1, HISTORY_NUMBER, key.at_ns);
	assert_int_equal(net_receive(p->app.net, 2, 0, key.at_ns, &ring), 0);
	app_lineup_left(&p->app);
	zap_handle(p->app.zap, &picture, &effects);
	while (p->app.channels->count != 1)
		uv_run(&p->app.loop, UV_RUN_ONCE);
	assert_address(p, 0, "239.255.75.1");
	await_received(p, 1);
	stop(p);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_setup, scratch_teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_new_is_received_ahead_as_itself),
		TEST(test_a_line_up_that_grows),
		TEST(test_a_file_that_takes_the_place_of_another),
		TEST(test_the_watched_one_stays_until_it_is_left),
	};
	return cmocka_run_group_tests_name("client_lineup", tests, NULL, NULL);
}
