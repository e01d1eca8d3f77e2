/*
 * system/support/couch: a viewer before the box: an X display of his own that the player shows its
 * pictures on, and keys that he presses. What he sees is read from the display.
 */
#pragma once

#include "tests/system/support/eyes.h"
#include "tests/system/support/figures.h"
#include "tests/system/support/signs.h"
#include "tests/system/support/stage.h"
#include "tests/unit/ui/x11_display.h"

enum {
	COUCH_WIDTH = 1280,
	COUCH_HEIGHT = 720,
	COUCH_CHANNELS = 8, /* whose numbers can be read: the lab's */
	COUCH_PICTURE_LIMIT_MS = 6000,
};

/* What he has to see after a key. */
struct couch_press {
	uint64_t at_ns; /* CLOCK_MONOTONIC, before it was sent */
	int64_t expected;
};

struct couch {
	struct stage *stage; /* its player, and its lab */
	const char *missing; /* why nothing can be seen here, or NULL */
	struct x11_display *display;
	struct signs *signs;	    /* the banner's numbers */
	struct eyes *eyes;	    /* of the signs, unless a test looks for something else */
	struct mark_area looked_at; /* of a test's own eyes, which may outlive the test */
	int keys;		    /* the control socket, for keys; -1: none */
	size_t sent, answered;
	GArray *presses; /* struct couch_press */
	size_t first_sight;
	int64_t seen_first; /* what was there when they began */
};

/* For cmocka: of a group, then of each of its tests. *state is the couch. */
int couch_open(void **state);
int couch_close(void **state);
int couch_begin(void **state);
int couch_end(void **state);
#define COUCH_TEST(function) cmocka_unit_test_setup_teardown(function, couch_begin, couch_end)

/* The first line of each test. */
#define take_couch(ret, state)                                                                     \
	struct couch *ret = *(state);                                                              \
	if (ret->missing)                                                                          \
	skip_because(ret->missing)

/*
 * Starts a player, full screen on the display, with a banner that stays, on two CPUs. Further
 * options as of struct player_options, but for its sink and `before`. Waits for `state`
 * ("playing").
 */
void couch_play(struct couch *couch, const struct player_options *options, const char *state);
void couch_quit(struct couch *couch);

/* How many keys are to be pressed for a figure: ZAPPER_KEYS, or a few. */
unsigned couch_keys(void);
/* Events that came before what is tried now are not read any more. */
void couch_drop_events(struct couch *couch);

/* A line-up of its own from an M3U, to be named by --db; freed with g_free(). */
char *couch_import(struct couch *couch, const char *name, const char *m3u);

/* A key of the remote through the control socket; its answer is not waited for. When it was sent.
 */
uint64_t couch_key(struct couch *couch, const char *name);
/* With a motion: "press", "release", "long"; NULL: a tap. */
uint64_t couch_move_key(struct couch *couch, const char *name, const char *motion);
/* Until each has been answered. */
void couch_await_answers(struct couch *couch);

/* From now on presses are noted. `seen`: the number that is on the display now. */
void couch_begin_presses(struct couch *couch, int64_t seen);
void couch_note_press(struct couch *couch, uint64_t at_ns, int64_t expected);
/*
 * Looks what the display showed: each number in the order of its press, none that nobody asked for,
 * the last one at last. How long each took, in ms; INFINITY where it was passed over.
 */
struct figure couch_answers(struct couch *couch, const char *name);
