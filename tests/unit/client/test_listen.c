/* What the streams that are received say is on, and what time it is, comes to those who ask. */
#include <string.h>
#include <unistd.h>

#include "client/app/state.h"
#include "tests/support/si_writer.h"
#include "tests/support/test.h"
#include "tests/unit/client/air.h"

enum { CHANNELS = 2, EIT = 0x12, TDT = 0x14 };
/* 2023-11-14 22:13:20 */
#define START INT64_C(1700000000)

struct box {
	struct app app;
	struct channel_source sources[CHANNELS];
	struct channel rows[CHANNELS];
	struct channel_list list;
	struct air air;
	int sender;
};

static int setup(void **state)
{
	static const struct zap_settings settings = {0};
	static char *languages[] = {NULL};
	struct box *box = g_new0(struct box, 1);
	struct app *app = &box->app;
	box->sources[0] = air_source("239.255.73.1", NULL, air_port());
	box->sources[1] = air_source("239.255.73.2", NULL, air_port());
	air_make_lineup(box->rows, box->sources, CHANNELS);
	for (int i = 0; i < CHANNELS; i++)
		box->rows[i].name = box->rows[i].guide_id = box->rows[i].guide_name = "";
	box->list = (struct channel_list){.count = CHANNELS, .channels = box->rows};
	app->channels = &box->list;
	app->languages = languages;
	app->zap = zap_new(CHANNELS, &settings);
	app->on_air = on_air_new();
	uv_loop_init(&app->loop);
	uv_timer_init(&app->loop, &app->listen_timer);
	app->listen_timer.data = app;
	const struct net_options options = air_net_options(&box->list);
	const struct net_listener deaf = air_deaf_listener();
	air_init(&box->air, 1);
	box->sender = air_open_sender();
	*state = box;
	return net_open(&app->loop, &options, &deaf, &app->net);
}

static int teardown(void **state)
{
	struct box *box = *state;
	struct app *app = &box->app;
	net_close(app->net);
	uv_close((uv_handle_t *)&app->listen_timer, NULL);
	uv_run(&app->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&app->loop);
	close(box->sender);
	air_clear(&box->air);
	on_air_free(app->on_air);
	zap_free(app->zap);
	g_free(box);
	return left;
}

static void watch(struct box *box, int channel)
{
	struct app *app = &box->app;
	const struct zap_event key = {
		.type = ZAP_EVENT_TUNE, .channel = channel, .at_ns = uv_hrtime()};
	struct zap_effects effects;
	enum ring_state state;
	zap_handle(app->zap, &key, &effects);
	assert_int_equal(net_change(app->net, channel, NULL, 0, NULL), 0);
	assert_int_equal(
		net_receive(app->net, zap_number(app->zap), channel, key.at_ns, &state), 0);
}

static void put_section(struct box *box, uint16_t pid, GByteArray *section)
{
	ts_writer_section(&box->air.w, pid, section->data, section->len);
	g_byte_array_unref(section);
}

static void put_event(
	struct box *box, uint8_t number, const char *title, int64_t start_utc_s, uint32_t lasts_s)
{
	const struct si_writer_event event = {.id = (uint16_t)(number + 1),
		.start_utc_s = start_utc_s,
		.duration_s = lasts_s,
		.title = title,
		.text = "Kurz"};
	put_section(box, EIT,
		si_writer_eit(
			&(struct si_writer_eit){.service = 1, .number = number, .event = &event}));
}

/* News now, a film next, and the time. */
static void send_all(struct box *box)
{
	const struct channel_address *to = &box->sources[0].address;
	/* The programme has to be known before. */
	air_send_frame(&box->air, box->sender, to);
	put_event(box, 0, "News", START, 3600);
	put_event(box, 1, "Film", START + 3600, 5400);
	put_section(box, TDT, si_writer_tdt(START + 60));
	air_send_frame(&box->air, box->sender, to);
}

static void on_tick(uv_timer_t *timer)
{
	send_all(timer->data);
}

/* "title start stop", or "-", of `member`. Freed with g_free(). */
static char *said(struct box *box, const char *member)
{
	json_t *answer = json_object();
	app_add_on_air(&box->app, answer);
	json_t *event = json_object_get(answer, member);
	assert_non_null(event);
	char *text = json_is_null(event)
			     ? g_strdup("-")
			     : g_strdup_printf("%s %lld %lld",
				       json_string_value(json_object_get(event, "title")),
				       json_integer_value(json_object_get(event, "start_utc_s")),
				       json_integer_value(json_object_get(event, "stop_utc_s")));
	json_decref(answer);
	return text;
}

static void expect(struct box *box, const char *member, const char *expected)
{
	char *text = said(box, member);
	assert_string_equal(text, expected);
	g_free(text);
}

static bool knows_now(struct box *box)
{
	char *text = said(box, "now");
	bool knows = strcmp(text, "-") != 0;
	g_free(text);
	return knows;
}

/* Until something is on, or nothing any more; meanwhile the head-end sends. */
static void run_until(struct box *box, bool knows)
{
	uv_timer_t sending;
	uv_timer_init(&box->app.loop, &sending);
	sending.data = box;
	uv_timer_start(&sending, on_tick, 0, 50);
	while (knows_now(box) != knows)
		uv_run(&box->app.loop, UV_RUN_ONCE);
	uv_close((uv_handle_t *)&sending, NULL);
	uv_run(&box->app.loop, UV_RUN_NOWAIT);
}

static void test_what_the_watched_stream_says(void **state)
{
	struct box *box = *state;
	watch(box, 0);
	expect(box, "now", "-");
	app_listen(&box->app);
	run_until(box, true);
	expect(box, "now", "News 1700000000 1700003600");
	expect(box, "next", "Film 1700003600 1700009000");
}

/* Whoever watches another channel is not told what is on here. */
static void test_what_was_said_is_forgotten_when_it_is_left(void **state)
{
	struct box *box = *state;
	watch(box, 0);
	app_listen(&box->app);
	run_until(box, true);
	watch(box, 1);
	expect(box, "now", "-");
	/* Nor who comes back, until it is said again. */
	uint64_t n = zap_number(box->app.zap);
	while (on_air_now(box->app.on_air, 1, START + 60).now.known)
		uv_run(&box->app.loop, UV_RUN_ONCE);
	assert_int_equal(zap_number(box->app.zap), n);
}

/* Its offset to this machine's clock, which goes right. */
static void test_the_streams_clock(void **state)
{
	struct box *box = *state;
	double offset_ms;
	int used;
	json_t *clock = app_clock_json(&box->app);
	assert_true(json_is_null(clock));
	json_decref(clock);
	watch(box, 0);
	app_listen(&box->app);
	run_until(box, true);
	clock = app_clock_json(&box->app);
	assert_int_equal(
		json_unpack(clock, "{s:f, s:b}", "offset_ms", &offset_ms, "used", &used), 0);
	double wanted_ms = (double)((START + 60) * 1000) - (double)g_get_real_time() / 1000;
	assert_true(offset_ms > wanted_ms - 5000 && offset_ms < wanted_ms + 5000);
	assert_false(used);
	json_decref(clock);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_what_the_watched_stream_says),
		TEST(test_what_was_said_is_forgotten_when_it_is_left),
		TEST(test_the_streams_clock),
	};
	return cmocka_run_group_tests_name("client_listen", tests, NULL, NULL);
}
