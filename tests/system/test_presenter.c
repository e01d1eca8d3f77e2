/*
 * What lies over the picture is shown at once, whether or not pictures come, and changes nothing
 * else of what is shown.
 */
#include <string.h>

#include <glib.h>

#include "tests/system/support/figures.h"
#include "tests/system/support/stage.h"

enum {
	PICTURE_LIMIT_MS = 6000,
	REPAINT_LIMIT_MS = 400, /* typical are 10 to 40: only what waits for a stream is longer */
	BANNER_MS = 300,
	ROUNDS = 5,
	NOISE = 8, /* luma steps; a text's edge is far more */
	W = SCREEN_SMALL_WIDTH,
	H = SCREEN_SMALL_HEIGHT,
};

#define BANNER "screen.banner_s=0.3"

/* Where two pictures differ; empty (left > right) where they do not. */
struct area {
	int left, top, right, bottom;
};

static struct area difference(const uint8_t *a, const uint8_t *b)
{
	struct area area = {W, H, -1, -1};
	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			if (abs(a[y * W + x] - b[y * W + x]) <= NOISE)
				continue;
			area.left = MIN(area.left, x);
			area.right = MAX(area.right, x);
			area.top = MIN(area.top, y);
			area.bottom = MAX(area.bottom, y);
		}
	return area;
}

static bool is_different(const struct screen_picture *picture, const void *ctx)
{
	struct area area = difference(picture->small, ctx);
	return area.left <= area.right;
}

static bool is_same(const struct screen_picture *picture, const void *ctx)
{
	return !is_different(picture, ctx);
}

/* A key that shows the banner, or a change to a channel that sends nothing. */
struct trigger {
	const char *key;
	int channel;
};

static void pull(struct stage *stage, const struct trigger *trigger)
{
	if (trigger->key)
		player_do(stage->player, "key", json_pack("{s:s}", "key", trigger->key));
	else
		player_tune(stage->player, trigger->channel, NULL);
}

static void expect_bottom(struct area area)
{
	if (area.top < H * 2 / 3)
		fail_msg("it changed from %d,%d to %d,%d of %d x %d, not at the bottom only",
			area.left, area.top, area.right, area.bottom, W, H);
}

/* The banner comes, and goes after its time; whatever is beneath it stays as it was. */
static void expect_banner(struct stage *stage, const struct trigger *trigger, struct figure *figure)
{
	size_t index = screen_count(stage->screen);
	const uint8_t *before = screen_at(stage->screen, index - 1).small;
	struct screen_picture picture;
	uint64_t now_ns = lab_now_ns();
	pull(stage, trigger);
	if (!screen_await(stage->screen, &index, REPAINT_LIMIT_MS, is_different, before, &picture))
		fail_msg("no banner within %d ms", REPAINT_LIMIT_MS);
	figure_add(figure, (double)(picture.seen.at_ns - now_ns) / 1e6);
	expect_bottom(difference(picture.small, before));
	if (!screen_await(
		    stage->screen, &index, BANNER_MS + REPAINT_LIMIT_MS, is_same, before, &picture))
		fail_msg("the banner was not taken away after %d ms", BANNER_MS);
}

/* Waits until no picture has come for longer than a banner stays. Returns the last one's mark. */
static struct mark await_still(struct stage *stage)
{
	static const int no_channel = -1;
	struct screen_picture last;
	size_t index = screen_count(stage->screen), count;
	do {
		count = screen_count(stage->screen);
		/* No picture is of this channel: the wait lasts its whole time. */
		screen_await(stage->screen, &index, 2 * BANNER_MS, screen_is_channel, &no_channel,
			&last);
	} while (count == 0 || screen_count(stage->screen) != count);
	return screen_at(stage->screen, count - 1).seen.mark;
}

static void play(struct stage *stage, int channel, const char *signal_timeout)
{
	const char *const more[] = {"-o", signal_timeout, NULL};
	const struct player_options options = {.more = more};
	stage_play_with_banner(stage, channel, BANNER, &options);
}

static const struct trigger info = {.key = "info"};

/* Prints the table and asserts what holds on slow machines, too. */
static void judge(const char *title, const char *file, struct figure *figure)
{
	figures_print(title, figure, 1, file);
	assert_true(figure_percentile(figure, 50) < REPAINT_LIMIT_MS / 4.);
	figure_clear(figure);
}

static void a_banner_comes_at_once_before_the_first_stream(void **state)
{
	take_stage(stage, state);
	struct figure figure = figure_new("from a key to its banner", 40);
	lab_headend(&stage->lab, "stop all");
	play(stage, 1, "zap.signal_timeout_ms=60000");
	assert_int_equal(await_still(stage).channel, 0);
	for (int i = 0; i < ROUNDS; i++)
		expect_banner(stage, &info, &figure);
	for (int channel = 2; channel <= 4; channel++)
		expect_banner(stage, &(struct trigger){.channel = channel}, &figure);
	judge("banner, before the first stream", "banner-black.txt", &figure);
	stage_quit(stage);
}

static void a_banner_comes_at_once_while_a_zap_waits(void **state)
{
	take_stage(stage, state);
	struct figure figure = figure_new("from a change to its banner", 40);
	play(stage, 1, "zap.signal_timeout_ms=60000");
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	lab_headend(&stage->lab, "stop all");
	struct mark held = await_still(stage);
	assert_int_equal(held.channel, 1);
	for (int channel = 2; channel <= 6; channel++)
		expect_banner(stage, &(struct trigger){.channel = channel}, &figure);
	expect_banner(stage, &info, &figure);
	/* The old channel's last picture is still what is shown. */
	struct mark shown = await_still(stage);
	assert_int_equal(shown.channel, held.channel);
	assert_int_equal(shown.frame, held.frame);
	judge("banner, over the old picture in a zap's wait", "banner-zap.txt", &figure);
	stage_quit(stage);
}

static void a_banner_comes_at_once_without_a_signal(void **state)
{
	take_stage(stage, state);
	struct figure figure = figure_new("from a key to its banner", 40);
	play(stage, 1, "zap.signal_timeout_ms=1000");
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	lab_headend(&stage->lab, "stop all");
	player_await_state(stage->player, "no-signal", PICTURE_LIMIT_MS);
	struct mark held = await_still(stage);
	assert_int_equal(held.channel, 1);
	for (int i = 0; i < ROUNDS; i++)
		expect_banner(stage, &info, &figure);
	assert_int_equal(await_still(stage).frame, held.frame);
	judge("banner, without a signal", "banner-no-signal.txt", &figure);
	stage_quit(stage);
}

static void an_old_picture_goes_where_no_new_one_comes(void **state)
{
	take_stage(stage, state);
	play(stage, 1, "zap.signal_timeout_ms=1000");
	player_await_state(stage->player, "playing", PICTURE_LIMIT_MS);
	lab_headend(&stage->lab, "stop 2");
	player_tune(stage->player, 2, NULL);
	player_await_state(stage->player, "no-signal", PICTURE_LIMIT_MS);
	assert_int_equal(await_still(stage).channel, 0);
	lab_headend(&stage->lab, "resume 2");
	stage_await_whole(stage, 2, NULL, PICTURE_LIMIT_MS);
	stage_quit(stage);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		STAGE_TEST(a_banner_comes_at_once_before_the_first_stream),
		STAGE_TEST(a_banner_comes_at_once_while_a_zap_waits),
		STAGE_TEST(a_banner_comes_at_once_without_a_signal),
		STAGE_TEST(an_old_picture_goes_where_no_new_one_comes),
	};
	stage_choose(argc, argv);
	return cmocka_run_group_tests_name("system_presenter", tests, stage_open, stage_close);
}
