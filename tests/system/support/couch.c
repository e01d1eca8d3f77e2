#include "tests/system/support/couch.h"

#include <math.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib.h>

enum { ANSWER_LIMIT_MS = 30000, SIGHT_LIMIT_MS = 2000, SHORT_KEYS = 24 };

#define X_SOCKETS "/tmp/.X11-unix"

/*
 * Displays of others, whose sockets have the same numbers, neither see ours nor take it away. Who
 * may not do that gets along with them.
 */
static void hide_other_displays(void)
{
	mkdir(X_SOCKETS, 01777);
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount("tmpfs", X_SOCKETS, "tmpfs", 0, "mode=1777"))
		print_message("other displays are seen here\n");
}

int couch_open(void **state)
{
	struct couch *couch = g_new0(struct couch, 1);
	void *stage;
	*state = couch;
	couch->keys = -1;
	if (!g_getenv("ZAPPER_NO_LAB"))
		hide_other_displays();
	if (stage_open(&stage))
		return -1;
	couch->stage = stage;
	couch->missing = couch->stage->missing;
	if (couch->missing)
		return 0;
	couch->display = x11_display_start(COUCH_WIDTH, COUCH_HEIGHT);
	if (!couch->display)
		couch->missing = "there is no Xvfb that starts here";
	couch->signs = signs_new(COUCH_WIDTH, COUCH_HEIGHT);
	signs_add_banner(couch->signs, COUCH_CHANNELS);
	return 0;
}

int couch_close(void **state)
{
	struct couch *couch = *state;
	void *stage = couch->stage;
	signs_free(couch->signs);
	x11_display_stop(couch->display);
	stage_close(&stage);
	g_free(couch);
	return 0;
}

int couch_begin(void **state)
{
	struct couch *couch = *state;
	void *stage = couch->stage;
	couch->presses = g_array_new(FALSE, FALSE, sizeof(struct couch_press));
	couch->sent = couch->answered = 0;
	return stage_begin(&stage);
}

int couch_end(void **state)
{
	struct couch *couch = *state;
	void *stage = couch->stage;
	if (couch->keys >= 0)
		close(couch->keys);
	couch->keys = -1;
	g_clear_pointer(&couch->eyes, eyes_close);
	g_clear_pointer(&couch->presses, g_array_unref);
	return stage_end(&stage);
}

static void add_words(GPtrArray *words, const char *const *more)
{
	for (; more && *more; more++)
		g_ptr_array_add(words, (char *)*more);
}

void couch_play(struct couch *couch, const struct player_options *options, const char *state)
{
	static const char *const two_cpus[] = {"taskset", "-c", "0,1", NULL};
	static const char *const alone[] = {
		"-o", "screen.banner_s=15", "-o", "play.full_screen=yes", NULL};
	GPtrArray *before = g_ptr_array_new(), *more = g_ptr_array_new();
	add_words(before, g_get_num_processors() > 2 ? two_cpus : NULL);
	add_words(before, options->before);
	g_ptr_array_add(before, NULL);
	add_words(more, alone);
	add_words(more, options->more);
	g_ptr_array_add(more, NULL);
	struct player_options all = *options;
	all.before = (const char *const *)before->pdata;
	all.more = (const char *const *)more->pdata;
	all.sink = "x11";
	couch->stage->player = player_start(&couch->stage->lab, &all);
	g_ptr_array_unref(before);
	g_ptr_array_unref(more);
	couch->keys = player_connect(player_socket(couch->stage->player));
	assert_true(couch->keys >= 0);
	if (state)
		player_await_state(couch->stage->player, state, COUCH_PICTURE_LIMIT_MS);
}

void couch_quit(struct couch *couch)
{
	stage_quit(couch->stage);
}

unsigned couch_keys(void)
{
	const char *wanted = g_getenv("ZAPPER_KEYS");
	guint64 keys;
	if (!wanted)
		return SHORT_KEYS;
	if (!g_ascii_string_to_unsigned(wanted, 10, 10, 100000, &keys, NULL))
		fail_msg("ZAPPER_KEYS is a number from 10 to 100000, not \"%s\"", wanted);
	return (unsigned)keys;
}

void couch_drop_events(struct couch *couch)
{
	json_decref(player_event(couch->stage->player, json_pack("{s:s}", "event", "none"), 20));
}

char *couch_import(struct couch *couch, const char *name, const char *m3u)
{
	const struct lab *lab = &couch->stage->lab;
	g_autofree char *file = g_strconcat(name, ".m3u", NULL);
	g_autofree char *base = g_strconcat(name, ".db", NULL);
	g_autofree char *list = lab_path(lab, file), *out = lab_path(lab, "import.out");
	char *db = lab_path(lab, base);
	const char *const argv[] = {lab->zapper, "import", "--db", db, list, NULL};
	assert_true(g_file_set_contents(list, m3u, -1, NULL));
	assert_int_equal(lab_wait(lab_spawn(lab, "box", argv, out, out), 20000), 0);
	return db;
}

/* Each is a line. That they are good ones, their events show. */
static void read_answers(struct couch *couch)
{
	char chunk[65536];
	ssize_t len;
	while ((len = recv(couch->keys, chunk, sizeof chunk, MSG_DONTWAIT)) > 0)
		for (const char *at = chunk; (at = memchr(at, '\n', (size_t)(chunk + len - at)));
			at++)
			couch->answered++;
}

uint64_t couch_move_key(struct couch *couch, const char *name, const char *motion)
{
	g_autofree char *moved = motion ? g_strdup_printf(",\"motion\":\"%s\"", motion) : NULL;
	g_autofree char *line =
		g_strdup_printf("{\"cmd\":\"key\",\"key\":\"%s\"%s}\n", name, moved ? moved : "");
	uint64_t now_ns = lab_now_ns();
	assert_int_equal(
		send(couch->keys, line, strlen(line), MSG_NOSIGNAL), (ssize_t)strlen(line));
	couch->sent++;
	read_answers(couch);
	return now_ns;
}

uint64_t couch_key(struct couch *couch, const char *name)
{
	return couch_move_key(couch, name, NULL);
}

void couch_await_answers(struct couch *couch)
{
	uint64_t end_ns = lab_now_ns() + ANSWER_LIMIT_MS * UINT64_C(1000000);
	while (couch->answered < couch->sent && lab_now_ns() < end_ns) {
		read_answers(couch);
		g_usleep(1000);
	}
	assert_int_equal(couch->answered, couch->sent);
}

void couch_begin_presses(struct couch *couch, int64_t seen)
{
	g_array_set_size(couch->presses, 0);
	if (!couch->eyes) {
		size_t count;
		const struct mark_area *areas = signs_areas(couch->signs, &count);
		couch->eyes = eyes_open(areas, count, signs_read, couch->signs);
		assert_non_null(couch->eyes);
	}
	size_t index = 0;
	if (!eyes_await(couch->eyes, &index, SIGHT_LIMIT_MS, seen))
		fail_msg("there is no %d on the display", (int)seen);
	couch->first_sight = eyes_count(couch->eyes);
	couch->seen_first = seen;
}

void couch_note_press(struct couch *couch, uint64_t at_ns, int64_t expected)
{
	const struct couch_press press = {at_ns, expected};
	g_array_append_val(couch->presses, press);
}

static const struct couch_press *press_at(const struct couch *couch, guint i)
{
	return &g_array_index(couch->presses, struct couch_press, i);
}

/* The first press from `next` on that asked for it before it was seen; presses->len: none. */
static guint find_press(const struct couch *couch, guint next, const struct eyes_sight *sight)
{
	while (next < couch->presses->len && (press_at(couch, next)->expected != sight->what ||
						     press_at(couch, next)->at_ns > sight->at_ns))
		next++;
	return next;
}

static void await_last(struct couch *couch)
{
	size_t index = couch->first_sight;
	const struct couch_press *last = press_at(couch, couch->presses->len - 1);
	uint64_t end_ns = lab_now_ns() + SIGHT_LIMIT_MS * UINT64_C(1000000);
	/* It may have been there before, for an earlier press. */
	do {
		if (!eyes_await(couch->eyes, &index, SIGHT_LIMIT_MS, last->expected))
			fail_msg("the last press' %d did not come", (int)last->expected);
	} while (eyes_at(couch->eyes, index++).at_ns < last->at_ns && lab_now_ns() < end_ns);
}

struct figure couch_answers(struct couch *couch, const char *name)
{
	struct figure figure = figure_new(name, 0);
	int64_t shown = couch->seen_first;
	guint next = 0;
	await_last(couch);
	for (size_t i = couch->first_sight, n = eyes_count(couch->eyes); i < n; i++) {
		struct eyes_sight sight = eyes_at(couch->eyes, i);
		if (sight.what == SIGNS_NONE || sight.what == shown)
			continue;
		guint found = find_press(couch, next, &sight);
		if (found == couch->presses->len)
			fail_msg("after %u of %u presses there was a %d that nobody asked for",
				next, couch->presses->len, (int)sight.what);
		for (; next < found; next++)
			figure_add(&figure, INFINITY);
		figure_add(&figure, (double)(sight.at_ns - press_at(couch, found)->at_ns) / 1e6);
		shown = sight.what;
		next = found + 1;
	}
	assert_int_equal(next, couch->presses->len);
	return figure;
}
