#include "tests/system/support/stage.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>

#include "tests/system/support/rapscan.h"

enum { UDP_HEADER_BYTES = 8 };

void stage_choose(int argc, char **argv)
{
	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
}

int stage_open(void **state)
{
	struct stage *stage = g_new0(struct stage, 1);
	*state = stage;
	stage->missing = lab_open(&stage->lab);
	if (stage->missing)
		return 0;
	stage->capture = capture_open("box");
	if (!stage->capture)
		return -1;
	stage->forge = forge_open(&stage->lab, "box");
	return 0;
}

int stage_close(void **state)
{
	struct stage *stage = *state;
	forge_close(stage->forge);
	capture_close(stage->capture);
	lab_close(&stage->lab);
	g_free(stage);
	return 0;
}

int stage_begin(void **state)
{
	struct stage *stage = *state;
	if (stage->missing)
		return 0;
	lab_headend(&stage->lab, "clear all");
	capture_clear(stage->capture);
	return 0;
}

int stage_end(void **state)
{
	struct stage *stage = *state;
	if (stage->forge)
		forge_stop(stage->forge);
	g_clear_pointer(&stage->player, player_free);
	g_clear_pointer(&stage->screen, screen_close);
	return 0;
}

static void play(struct stage *stage, int channel, const struct player_options *options,
	const char *banner, bool keep_pixels)
{
	g_autofree char *number = g_strdup_printf("%d", channel);
	GPtrArray *more = g_ptr_array_new();
	g_ptr_array_add(more, (char *)"-o");
	g_ptr_array_add(more, (char *)banner);
	for (const char *const *item = options->more; item && *item; item++)
		g_ptr_array_add(more, (char *)*item);
	g_ptr_array_add(more, NULL);
	struct player_options all = *options;
	stage->screen = screen_open(stage->lab.folder, stage->lab.clips, keep_pixels);
	all.sink = screen_sink(stage->screen);
	all.channel = number;
	all.more = (const char *const *)more->pdata;
	stage->player = player_start(&stage->lab, &all);
	g_ptr_array_unref(more);
}

void stage_play_with(struct stage *stage, int channel, const struct player_options *options)
{
	play(stage, channel, options, "screen.banner_s=0", false);
}

void stage_play(struct stage *stage, int channel)
{
	const struct player_options options = {0};
	stage_play_with(stage, channel, &options);
}

void stage_play_with_banner(
	struct stage *stage, int channel, const char *banner, const struct player_options *options)
{
	play(stage, channel, options, banner, true);
}

void stage_expect_good_end(struct stage *stage)
{
	int code = player_wait(stage->player, 10000);
	g_autofree char *errors = player_errors(stage->player);
	if (code != 0 || strstr(errors, "error: handles were left open"))
		fputs(errors, stderr);
	assert_int_equal(code, 0);
	assert_null(strstr(errors, "handles were left open"));
	assert_int_equal(access(player_socket(stage->player), F_OK), -1);
	assert_int_equal(errno, ENOENT);
}

void stage_quit(struct stage *stage)
{
	player_do(stage->player, "quit", NULL);
	stage_expect_good_end(stage);
}

struct watch_picture stage_await_whole(
	struct stage *stage, int channel, size_t *index, unsigned limit_ms)
{
	size_t from = index ? *index : screen_count(stage->screen);
	struct screen_picture found;
	if (!screen_await(stage->screen, &from, limit_ms, screen_is_whole, &channel, &found)) {
		g_autofree char *errors = player_errors(stage->player);
		fputs(errors, stderr);
		fail_msg("no undamaged picture of channel %d within %u ms", channel, limit_ms);
	}
	if (index)
		*index = from;
	return found.seen;
}

/* Before the first picture of a channel there are black ones, which carry no mark. */
static bool is_damaged(const struct screen_picture *picture, bool seen_any)
{
	return picture->seen.mark.channel ? !picture->seen.whole : seen_any;
}

size_t stage_expect_undamaged(struct stage *stage, size_t index)
{
	size_t count = screen_count(stage->screen), damaged = 0;
	bool seen_any = false;
	for (size_t i = 0; i < count; i++) {
		struct screen_picture picture = screen_at(stage->screen, i);
		bool is_bad = is_damaged(&picture, seen_any);
		seen_any = seen_any || picture.seen.mark.channel;
		if (i < index || !is_bad)
			continue;
		damaged++;
		print_error("picture %zu of %zu is damaged: channel %u, frame %u\n", i, count,
			picture.seen.mark.channel, picture.seen.mark.frame);
	}
	assert_int_equal(damaged, 0);
	return count - index;
}

uint64_t stage_rap_complete(struct stage *stage, int channel)
{
	struct rapscan scan = {0};
	uint32_t group = lab_group(channel);
	for (size_t i = 0, n = capture_count(stage->capture); i < n; i++) {
		struct captured packet = capture_at(stage->capture, i);
		if (!capture_is_data(&packet, &group))
			continue;
		size_t header = 4u * (packet.packet[0] & 0xf) + UDP_HEADER_BYTES;
		if (rapscan_take(&scan, packet.packet + header, packet.len - header, packet.at_ns))
			return scan.rap_complete_ns;
	}
	return 0;
}

void stage_expect_one_change(struct stage *stage, size_t index, int from, int to)
{
	bool changed = false;
	for (size_t i = index, n = screen_count(stage->screen); i < n; i++) {
		int channel = screen_at(stage->screen, i).seen.mark.channel;
		changed = changed || channel == to;
		if (channel != (changed ? to : from))
			fail_msg("picture %zu after the change from %d to %d is of channel %d",
				i - index, from, to, channel);
	}
	assert_true(changed);
}
