/*
 * system/support/stage: what nearly every test needs: the lab as it was built, a capture at the
 * bridge's port to the box, a way to send frames there, and a player whose pictures are seen. Each
 * test begins and ends with none of what an earlier one did.
 */
#pragma once

#include "tests/support/test.h"
#include "tests/system/support/capture.h"
#include "tests/system/support/forge.h"
#include "tests/system/support/lab.h"
#include "tests/system/support/player.h"
#include "tests/system/support/screen.h"

struct stage {
	const char *missing; /* why there is no lab; the rest is then empty */
	struct lab lab;
	struct capture *capture;
	struct forge *forge;
	struct screen *screen;
	struct player *player;
};

/* For cmocka: of a group, then of each of its tests. *state is the stage. */
int stage_open(void **state);
int stage_close(void **state);
int stage_begin(void **state);
/* Also ends what a test has left running. */
int stage_end(void **state);

#define STAGE_TEST(function) cmocka_unit_test_setup_teardown(function, stage_begin, stage_end)

/* A test's name on the command line (with * and ?) runs those alone. */
void stage_choose(int argc, char **argv);

/* The first line of each test. */
#define take_stage(ret, state)                                                                     \
	struct stage *ret = *(state);                                                              \
	if (ret->missing)                                                                          \
	skip_because(ret->missing)

/* Starts a player on `channel` whose pictures go to stage->screen; no banner lies over them. */
void stage_play(struct stage *stage, int channel);
/* The same with another command line: options->sink, channel and -o are seen to. */
void stage_play_with(struct stage *stage, int channel, const struct player_options *options);
/* With this setting of the banner ("screen.banner_s=5"), and the pictures' pixels. */
void stage_play_with_banner(
	struct stage *stage, int channel, const char *banner, const struct player_options *options);
/*
 * Ends the player by its quit command, waits for its end and asserts that it ended well: exit code
 * 0, no socket file, every handle closed.
 */
void stage_quit(struct stage *stage);
/* The same for a player that has been told to end. */
void stage_expect_good_end(struct stage *stage);

/* Waits for an undamaged picture of the channel, from picture *index on (NULL: from now on). */
struct watch_picture stage_await_whole(
	struct stage *stage, int channel, size_t *index, unsigned limit_ms);
/* Asserts that no picture from `index` on is damaged, and returns how many there were. */
size_t stage_expect_undamaged(struct stage *stage, size_t index);

/*
 * When the channel's first key picture since the capture was cleared had passed the bridge whole
 * (CLOCK_REALTIME); 0 when the capture does not have what follows it yet.
 */
uint64_t stage_rap_complete(struct stage *stage, int channel);

/* From picture `index` on: pictures of `from` (or none yet), then of `to` only. */
void stage_expect_one_change(struct stage *stage, size_t index, int from, int to);
