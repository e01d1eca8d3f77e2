#include <string.h>

#include <glib.h>

#include "tests/lab/format.h"
#include "tests/lab/peers_like.h"
#include "tests/lab/picture.h"
#include "tests/support/test.h"

enum { WIDTH = LAB_WIDTH, HEIGHT = LAB_HEIGHT, SLICE = 48 };

struct fixture {
	struct like *like;
	struct painter *painter; /* of channel 3 */
	uint8_t *picture, *other;
	GRand *random;
};

static int open_fixture(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	fixture->like = like_create(WIDTH, HEIGHT);
	fixture->painter = painter_create(3, WIDTH, HEIGHT);
	fixture->picture = g_malloc(LAB_PICTURE_BYTES);
	fixture->other = g_malloc(LAB_PICTURE_BYTES);
	fixture->random = g_rand_new_with_seed(1);
	*state = fixture;
	return 0;
}

static int close_fixture(void **state)
{
	struct fixture *fixture = *state;
	like_destroy(fixture->like);
	painter_destroy(fixture->painter);
	g_free(fixture->picture);
	g_free(fixture->other);
	g_rand_free(fixture->random);
	g_free(fixture);
	return 0;
}

static bool is_whole(struct fixture *fixture, struct mark mark)
{
	return like_measure(fixture->like, mark, fixture->picture) * 100 > LIKE_WHOLE_PERCENT;
}

/* As a display shows it: full range, and not quite what went into the encoder. */
static void show(struct fixture *fixture, uint16_t frame, int noise)
{
	painter_draw(fixture->painter, frame, fixture->picture);
	for (int i = 0; i < WIDTH * HEIGHT; i++) {
		int value = (fixture->picture[i] - 16) * 255 / 219 +
			    g_rand_int_range(fixture->random, -noise, noise + 1);
		fixture->picture[i] = (uint8_t)CLAMP(value, 0, 255);
	}
}

static void a_coded_picture_is_whole(void **state)
{
	struct fixture *fixture = *state;
	for (uint16_t frame = 0; frame < LAB_PICTURES; frame += 97) {
		show(fixture, frame, 12);
		assert_true(is_whole(fixture, (struct mark){3, frame}));
	}
}

static void a_grey_slice_is_seen_wherever_it_is(void **state)
{
	struct fixture *fixture = *state;
	for (int top = 0; top + SLICE <= HEIGHT; top += 24) {
		show(fixture, 500, 4);
		memset(fixture->picture + top * WIDTH, 128, SLICE * WIDTH);
		assert_false(is_whole(fixture, (struct mark){3, 500}));
	}
}

/* A reference that was missing leaves the picture of some time ago. */
static void a_stale_slice_is_seen(void **state)
{
	struct fixture *fixture = *state;
	for (int top = 0; top + SLICE <= HEIGHT; top += 24) {
		show(fixture, 475, 4);
		memcpy(fixture->other, fixture->picture, WIDTH * HEIGHT);
		show(fixture, 500, 4);
		memcpy(fixture->picture + top * WIDTH, fixture->other + top * WIDTH, SLICE * WIDTH);
		assert_false(is_whole(fixture, (struct mark){3, 500}));
	}
}

static void another_picture_than_its_mark_says_is_not_whole(void **state)
{
	struct fixture *fixture = *state;
	show(fixture, 500, 0);
	assert_true(is_whole(fixture, (struct mark){3, 500}));
	assert_false(is_whole(fixture, (struct mark){3, 550}));
	assert_false(is_whole(fixture, (struct mark){4, 500}));
	assert_false(is_whole(fixture, (struct mark){LAB_CLIPS + 1, 500}));
	assert_false(is_whole(fixture, (struct mark){3, LAB_PICTURES}));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_coded_picture_is_whole),
		cmocka_unit_test(a_grey_slice_is_seen_wherever_it_is),
		cmocka_unit_test(a_stale_slice_is_seen),
		cmocka_unit_test(another_picture_than_its_mark_says_is_not_whole),
	};
	return cmocka_run_group_tests_name("lab_peers_like", tests, open_fixture, close_fixture);
}
