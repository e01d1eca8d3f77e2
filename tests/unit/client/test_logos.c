/* Logos as line-ups name them: shown where they can be, kept scaled, and never waited for. */
#include "client/app/logos.h"

#include <errno.h>
#include <gdk-pixbuf/gdk-pixbuf.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/test.h"

struct fixture {
	char *folder;
	uv_loop_t loop;
	struct logos *logos;
	uint64_t again_ms;
	uv_timer_t tick;
	unsigned told, shown, sentences;
	struct ui_logo logo; /* the last one that was given out */
	char *sentence;
};

static void on_ready(void *ctx)
{
	((struct fixture *)ctx)->told++;
}

static void on_log(void *ctx, const char *sentence)
{
	struct fixture *f = ctx;
	f->sentences++;
	g_free(f->sentence);
	f->sentence = g_strdup(sentence);
}

static void open_logos(struct fixture *f, bool may_fetch)
{
	const struct logos_options options = {.folder = f->folder,
		.may_fetch = may_fetch,
		.again_ms = f->again_ms,
		.ready = on_ready,
		.log = on_log,
		.ctx = f};
	assert_int_equal(logos_open(&f->loop, &options, &f->logos), 0);
}

static char *cache_folder(void)
{
	return g_build_filename(g_get_user_cache_dir(), "zapper", "logos", NULL);
}

static void empty_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;
	while (dir && (name = g_dir_read_name(dir))) {
		char *path = g_build_filename(folder, name, NULL);
		g_unlink(path);
		g_free(path);
	}
	if (dir)
		g_dir_close(dir);
}

static unsigned count_cached(void)
{
	char *folder = cache_folder();
	GDir *dir = g_dir_open(folder, 0, NULL);
	unsigned n = 0;
	while (dir && g_dir_read_name(dir))
		n++;
	if (dir)
		g_dir_close(dir);
	g_free(folder);
	return n;
}

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	char *cache = cache_folder();
	empty_folder(cache);
	g_free(cache);
	f->folder = g_dir_make_tmp("logos-XXXXXX", NULL);
	uv_loop_init(&f->loop);
	uv_timer_init(&f->loop, &f->tick);
	f->again_ms = 600000;
	open_logos(f, false);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	logos_close(f->logos);
	uv_close((uv_handle_t *)&f->tick, NULL);
	uv_run(&f->loop, UV_RUN_DEFAULT);
	int left = uv_loop_close(&f->loop);
	g_bytes_unref(f->logo.pixels);
	empty_folder(f->folder);
	g_rmdir(f->folder);
	g_free(f->folder);
	g_free(f->sentence);
	g_free(f);
	return left;
}

/* A picture of one colour, 0xRRGGBBAA. */
static GdkPixbuf *make_pixbuf(int width, int height, uint32_t rgba)
{
	GdkPixbuf *pixbuf = gdk_pixbuf_new(GDK_COLORSPACE_RGB, TRUE, 8, width, height);
	gdk_pixbuf_fill(pixbuf, rgba);
	return pixbuf;
}

static char *path_of(const struct fixture *f, const char *name)
{
	return g_build_filename(f->folder, name, NULL);
}

static void write_logo(
	const struct fixture *f, const char *name, int width, int height, uint32_t rgba)
{
	GdkPixbuf *pixbuf = make_pixbuf(width, height, rgba);
	char *path = path_of(f, name);
	assert_true(gdk_pixbuf_save(pixbuf, path, "png", NULL, NULL));
	g_free(path);
	g_object_unref(pixbuf);
}

static void write_text(const struct fixture *f, const char *name, const char *text, size_t len)
{
	char *path = path_of(f, name);
	assert_true(g_file_set_contents(path, text, (gssize)len, NULL));
	g_free(path);
}

static void on_tick(uv_timer_t *tick)
{
	(void)tick;
}

/* Until the worker has nothing to do. */
static void run(struct fixture *f)
{
	uv_timer_start(&f->tick, on_tick, 1, 0);
	uv_run(&f->loop, UV_RUN_DEFAULT);
}

static enum ui_logo_state get(
	struct fixture *f, const char *logo, int width, int height, struct ui_logo *ret)
{
	return logos_get(f->logos, logos_id(f->logos, logo), width, height, ret);
}

/* As somebody who paints, and paints again when it is there. */
static void want_at(struct fixture *f, const char *logo, int width, int height)
{
	struct ui_logo found;
	enum ui_logo_state state = get(f, logo, width, height, &found);
	if (state == UI_LOGO_LATER) {
		run(f);
		state = get(f, logo, width, height, &found);
	}
	if (state != UI_LOGO_READY)
		return;
	f->shown++;
	g_bytes_unref(f->logo.pixels);
	f->logo = found;
}

static void want(struct fixture *f, const char *logo)
{
	want_at(f, logo, LOGO_WIDTH, LOGO_HEIGHT);
}

static uint32_t pixel(const struct fixture *f, int x, int y)
{
	uint32_t argb;
	const uint8_t *pixels = g_bytes_get_data(f->logo.pixels, NULL);
	memcpy(&argb, pixels + y * f->logo.stride_bytes + x * 4, sizeof argb);
	return argb;
}

static void test_a_file_beside_the_line_up(void **state)
{
	struct fixture *f = *state;
	write_logo(f, "one.png", 60, 40, 0xff000080);
	want_at(f, "one.png", 60, 60);
	assert_int_equal(f->told, 1);
	assert_int_equal(f->shown, 1);
	assert_int_equal(f->logo.width, 60);
	assert_int_equal(f->logo.height, 40);
	assert_int_equal(pixel(f, 59, 39), 0x80800000); /* premultiplied */
	want(f, "");
	assert_int_equal(f->shown, 1);
	want_at(f, "one.png", 60, 60); /* from memory, at once */
	assert_int_equal(f->shown, 2);
	assert_int_equal(f->told, 1);
	assert_int_equal(f->sentences, 0);
}

static void test_paths_and_addresses_of_files(void **state)
{
	struct fixture *f = *state;
	char *path = path_of(f, "a b.png"), *uri = g_filename_to_uri(path, NULL, NULL);
	write_logo(f, "a b.png", 8, 8, 0x00ff00ff);
	want(f, path);
	assert_int_equal(f->shown, 1);
	want(f, uri);
	assert_int_equal(f->shown, 2);
	assert_int_equal(pixel(f, 0, 0), 0xff00ff00);
	assert_int_equal(count_cached(), 1);
	g_free(uri);
	g_free(path);
}

/* As the address itself, which may be as long as a line of a list. */
static void test_pictures_in_an_address(void **state)
{
	struct fixture *f = *state;
	char *path = path_of(f, "one.png"), *bytes;
	gsize size;
	write_logo(f, "one.png", 8, 8, 0x0000ffff);
	assert_true(g_file_get_contents(path, &bytes, &size, NULL));
	char *text = g_base64_encode((const guchar *)bytes, size);
	char *escaped = g_uri_escape_bytes((const guint8 *)bytes, size, NULL);
	char *base64 = g_strconcat("data:image/png;base64,", text, NULL);
	char *percent = g_strconcat("data:image/png,", escaped, NULL);
	want(f, base64);
	assert_int_equal(f->shown, 1);
	assert_int_equal(pixel(f, 0, 0), 0xff0000ff);
	want(f, percent);
	assert_int_equal(f->shown, 2);
	assert_int_equal(f->sentences, 0);
	char *rest = g_strnfill(50000, 'x'), *broken = g_strconcat("data:image/png,", rest, NULL);
	want(f, broken);
	assert_int_equal(f->sentences, 1);
	assert_in_range(strlen(f->sentence), 0, 300);
	want(f, "data:image/png;base64");
	assert_int_equal(f->sentences, 2);
	assert_int_equal(f->shown, 2);
	g_free(broken);
	g_free(rest);
	g_free(percent);
	g_free(base64);
	g_free(escaped);
	g_free(text);
	g_free(bytes);
	g_free(path);
}

static void test_large_ones_are_scaled_and_keep_their_shape(void **state)
{
	struct fixture *f = *state;
	write_logo(f, "wide.png", 2560, 720, 0x0000ffff);
	want(f, "wide.png");
	assert_int_equal(f->logo.width, LOGO_WIDTH);
	assert_int_equal(f->logo.height, LOGO_WIDTH * 720 / 2560);
	write_logo(f, "high.png", 72, 1440, 0x0000ffff);
	want(f, "high.png");
	assert_int_equal(f->logo.height, LOGO_HEIGHT);
	assert_int_equal(f->logo.width, 14);
	assert_int_equal(pixel(f, 3, 70), 0xff0000ff);
	want_at(f, "high.png", 100, 20);
	assert_int_equal(f->logo.height, 20);
	assert_int_equal(f->logo.width, 1);
}

/* Scaled, so that the file itself is not even opened; one that has changed is another one. */
static void test_what_was_scaled_once_is_kept(void **state)
{
	struct fixture *f = *state;
	char *path = path_of(f, "one.png");
	struct stat before;
	write_logo(f, "one.png", 600, 400, 0xff0000ff);
	want(f, "one.png");
	assert_int_equal(count_cached(), 1);
	assert_int_equal(stat(path, &before), 0);
	char *nothing = g_malloc0((gsize)before.st_size);
	write_text(f, "one.png", nothing, (size_t)before.st_size);
	const struct timespec times[] = {before.st_mtim, before.st_mtim};
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
	logos_close(f->logos);
	open_logos(f, false);
	want(f, "one.png");
	assert_int_equal(f->shown, 2);
	assert_int_equal(f->logo.width, 432);
	assert_int_equal(pixel(f, 0, 0), 0xffff0000);
	write_logo(f, "one.png", 30, 20, 0x00ff00ff);
	logos_close(f->logos);
	open_logos(f, false);
	want(f, "one.png");
	assert_int_equal(f->logo.width, 432); /* made larger, to fit */
	assert_int_equal(pixel(f, 0, 0), 0xff00ff00);
	g_free(nothing);
	g_free(path);
}

static void test_a_damaged_cache_is_made_anew(void **state)
{
	struct fixture *f = *state;
	char *folder = cache_folder();
	write_logo(f, "one.png", 60, 40, 0xff0000ff);
	want(f, "one.png");
	GDir *dir = g_dir_open(folder, 0, NULL);
	char *kept = g_build_filename(folder, g_dir_read_name(dir), NULL);
	g_dir_close(dir);
	assert_true(g_file_set_contents(kept, "\x89PNG damaged", -1, NULL));
	logos_close(f->logos);
	open_logos(f, false);
	want(f, "one.png");
	assert_int_equal(f->shown, 2);
	assert_int_equal(f->logo.width, 432);
	assert_int_equal(f->sentences, 0);
	g_free(kept);
	g_free(folder);
}

static void expect_refusal(struct fixture *f, const char *logo, const char *why)
{
	unsigned sentences = f->sentences;
	want(f, logo);
	assert_int_equal(f->sentences, sentences + 1);
	assert_non_null(strstr(f->sentence, logo));
	if (!strstr(f->sentence, why))
		fail_msg("\"%s\" does not say \"%s\"", f->sentence, why);
	want(f, logo); /* once */
	assert_int_equal(f->sentences, sentences + 1);
	assert_int_equal(f->shown, 0);
}

static void test_what_cannot_be_shown_is_said_once(void **state)
{
	struct fixture *f = *state;
	char *pipe = path_of(f, "pipe.png"), *large = path_of(f, "large.png");
	write_text(f, "text.png", "no picture", 10);
	write_text(f, "empty.png", "", 0);
	write_logo(f, "cut.png", 600, 400, 0xff0000ff);
	char *cut = path_of(f, "cut.png");
	assert_int_equal(truncate(cut, 200), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	write_text(f, "large.png", "", 0);
	assert_int_equal(truncate(large, (off_t)LOGO_FILE_BYTES + 1), 0);
	expect_refusal(f, "gone.png", "No such file");
	expect_refusal(f, "text.png", "no picture");
	expect_refusal(f, "empty.png", "no picture");
	expect_refusal(f, "cut.png", "no picture");
	expect_refusal(f, "pipe.png", "no picture"); /* and nobody waits for what comes of it */
	expect_refusal(f, "large.png", "too large");
	expect_refusal(f, "ftp://127.0.0.1/one.png", "no kind");
	assert_int_equal(count_cached(), 0);
	g_free(cut);
	g_free(pipe);
	g_free(large);
}

/* As large as it ever was. */
static long memory_kib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

/* A PNG of 12000 x 12000 pixels in 51 bytes, up to where a loader wants 550 MiB for them. */
static void test_a_bomb_is_not_unpacked(void **state)
{
	struct fixture *f = *state;
	static const uint8_t bomb[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0, 0, 13,
		'I', 'H', 'D', 'R', 0x00, 0x00, 0x2e, 0xe0, 0x00, 0x00, 0x2e, 0xe0, 8, 6, 0, 0, 0,
		0x51, 0x45, 0x8c, 0xf1, 0, 0, 0, 16, 'I', 'D', 'A', 'T', 0x78, 0x9c, 0xed, 0xc1,
		0x01, 0x0d, 0, 0, 0, 0xc2, 0xa0, 0xf7};
	long before_kib = memory_kib();
	write_text(f, "bomb.png", (const char *)bomb, sizeof bomb);
	expect_refusal(f, "bomb.png", "too large");
	assert_in_range(memory_kib() - before_kib, 0, 65536);
}

/* A page of a list: all come, also when they are asked for again before they are there. */
static void test_all_that_were_asked_for_come(void **state)
{
	static const char *const names[] = {"one.png", "two.png", "three.png"};
	struct fixture *f = *state;
	struct ui_logo found;
	for (int i = 0; i < 3; i++)
		write_logo(f, names[i], 10 * (i + 1), 10, 0xff0000ff);
	for (int turn = 0; turn < 2; turn++)
		for (int i = 0; i < 3; i++)
			assert_int_equal(get(f, names[i], 30, 10, &found), UI_LOGO_LATER);
	assert_int_equal(get(f, names[0], 5, 5, &found), UI_LOGO_LATER);
	run(f);
	assert_in_range(f->told, 1, 4);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(get(f, names[i], 30, 10, &found), UI_LOGO_READY);
		assert_int_equal(found.width, 10 * (i + 1));
		g_bytes_unref(found.pixels);
	}
	assert_int_equal(get(f, names[0], 5, 5, &found), UI_LOGO_READY);
	assert_int_equal(found.width, 5);
	g_bytes_unref(found.pixels);
}

static gpointer ask_often(gpointer data)
{
	struct fixture *f = data;
	for (int i = 0; i < 2000; i++) {
		struct ui_logo found;
		if (logos_get(f->logos, 1 + i % 2, 20, 10 + i % 8, &found) == UI_LOGO_READY)
			g_bytes_unref(found.pixels);
	}
	return NULL;
}

static void test_whoever_paints_may_be_another_thread(void **state)
{
	struct fixture *f = *state;
	write_logo(f, "one.png", 10, 10, 0xff0000ff);
	write_logo(f, "two.png", 20, 10, 0xff0000ff);
	assert_int_equal(logos_id(f->logos, "one.png"), 1);
	assert_int_equal(logos_id(f->logos, "two.png"), 2);
	assert_int_equal(logos_id(f->logos, "one.png"), 1);
	GThread *painter = g_thread_new("painter", ask_often, f);
	run(f);
	g_thread_join(painter);
	run(f);
	want_at(f, "two.png", 20, 10);
	assert_int_equal(f->shown, 1);
}

/* The memory of a small box is not for pictures that nobody looks at. */
static void test_what_is_held_is_bounded(void **state)
{
	struct fixture *f = *state;
	struct ui_logo found;
	write_logo(f, "one.png", 2, 1, 0xff0000ff);
	for (int i = 0; i < 10; i++) /* 8 MiB each */
		want_at(f, "one.png", 2048 + i, 1024);
	assert_int_equal(f->shown, 10);
	assert_int_equal(get(f, "one.png", 2048 + 9, 1024, &found), UI_LOGO_READY);
	g_bytes_unref(found.pixels);
	assert_int_equal(get(f, "one.png", 2048, 1024, &found), UI_LOGO_LATER);
}

static void test_an_end_while_it_is_loaded(void **state)
{
	struct fixture *f = *state;
	struct ui_logo found;
	write_logo(f, "one.png", 2000, 2000, 0xff0000ff);
	assert_int_equal(get(f, "one.png", 20, 20, &found), UI_LOGO_LATER);
	uv_timer_start(&f->tick, on_tick, 1, 0);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	logos_close(f->logos);
	f->logos = NULL;
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_int_equal(f->told, 0);
}

static void test_the_cache_is_bounded(void **state)
{
	struct fixture *f = *state;
	char *folder = cache_folder();
	assert_int_equal(g_mkdir_with_parents(folder, 0700), 0);
	for (int i = 0; i < LOGO_CACHED; i++) {
		char name[16];
		g_snprintf(name, sizeof name, "%d.png", i);
		char *path = g_build_filename(folder, name, NULL);
		const struct timespec times[] = {{1000 + i, 0}, {1000 + i, 0}};
		assert_true(g_file_set_contents(path, "x", 1, NULL));
		assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
		g_free(path);
	}
	write_logo(f, "one.png", 60, 40, 0xff0000ff);
	want(f, "one.png");
	assert_int_equal(count_cached(), LOGO_CACHED * 9 / 10 + 1);
	char *oldest = g_build_filename(folder, "99.png", NULL);
	char *next = g_build_filename(folder, "100.png", NULL);
	assert_false(g_file_test(oldest, G_FILE_TEST_EXISTS));
	assert_true(g_file_test(next, G_FILE_TEST_EXISTS));
	g_free(next);
	g_free(oldest);
	g_free(folder);
}

/* ---- from the network ---- */

/* Answers each request of HTTP with these bytes, on the loopback. */
struct server {
	int fd;
	uint16_t port;
	GThread *thread;
	const char *head;
	const char *body;
	size_t len;
	bool hangs; /* it takes the request, and says nothing */
	gint served;
};

static void serve_one(struct server *server, int client)
{
	char request[2048];
	if (recv(client, request, sizeof request, 0) <= 0)
		return;
	g_atomic_int_inc(&server->served);
	if (server->hangs) {
		/* Until the other side gives up. */
		while (recv(client, request, sizeof request, 0) > 0)
			;
		return;
	}
	send(client, server->head, strlen(server->head), MSG_NOSIGNAL);
	send(client, server->body, server->len, MSG_NOSIGNAL);
}

static gpointer serve(gpointer data)
{
	struct server *server = data;
	int client;
	while ((client = accept(server->fd, NULL, NULL)) >= 0) {
		serve_one(server, client);
		close(client);
	}
	return NULL;
}

static void start(struct server *server)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t len = sizeof address;
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(server->fd, (struct sockaddr *)&address, len), 0);
	assert_int_equal(getsockname(server->fd, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(listen(server->fd, 4), 0);
	server->port = ntohs(address.sin_port);
	server->thread = g_thread_new("server", serve, server);
}

static void stop(struct server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	g_thread_join(server->thread);
	close(server->fd);
}

/* Freed with g_free(). */
static char *address_of(const struct server *server)
{
	return g_strdup_printf("http://127.0.0.1:%u/logo.png", server->port);
}

static void fetch_again(struct fixture *f)
{
	logos_close(f->logos);
	open_logos(f, true);
}

static void test_nothing_is_fetched_unless_it_is_wanted(void **state)
{
	struct fixture *f = *state;
	GdkPixbuf *pixbuf = make_pixbuf(50, 20, 0xff0000ff);
	char *png;
	gsize len;
	assert_true(gdk_pixbuf_save_to_buffer(pixbuf, &png, &len, "png", NULL, NULL));
	struct server server = {.head = "HTTP/1.0 200 OK\r\n\r\n", .body = png, .len = len};
	start(&server);
	char *logo = address_of(&server);
	want(f, logo);
	assert_int_equal(g_atomic_int_get(&server.served), 0);
	assert_int_equal(f->sentences, 0);
	fetch_again(f);
	want(f, logo);
	assert_int_equal(f->shown, 1);
	assert_int_equal(f->logo.width, LOGO_WIDTH);
	fetch_again(f);
	want(f, logo); /* from the cache */
	assert_int_equal(f->shown, 2);
	assert_int_equal(g_atomic_int_get(&server.served), 1);
	stop(&server);
	g_free(logo);
	g_free(png);
	g_object_unref(pixbuf);
}

static void test_what_the_network_does_not_have_is_said_once(void **state)
{
	struct fixture *f = *state;
	char *large = g_malloc0(LOGO_FILE_BYTES + 1);
	struct server servers[] = {
		{.head = "HTTP/1.0 404 Not Found\r\n\r\n", .body = "", .len = 0},
		{.head = "HTTP/1.0 200 OK\r\n\r\n", .body = large, .len = LOGO_FILE_BYTES + 1},
		{.head = "HTTP/1.0 302 Found\r\nLocation: file:///etc/hostname\r\n\r\n",
			.body = "",
			.len = 0},
		{.head = "HTTP/1.0 200 OK\r\n\r\n", .body = "<html>", .len = 6},
	};
	static const char *const why[] = {"returned error", "too large", "rotocol", "no picture"};
	fetch_again(f);
	for (size_t i = 0; i < G_N_ELEMENTS(servers); i++) {
		start(&servers[i]);
		char *logo = address_of(&servers[i]);
		expect_refusal(f, logo, why[i]);
		stop(&servers[i]);
		g_free(logo);
	}
	g_free(large);
}

/* As an ordinary logo, from a server. */
static void fetch_one(struct fixture *f, struct server *server, char **ret_logo)
{
	GdkPixbuf *pixbuf = make_pixbuf(50, 20, 0xff0000ff);
	char *png;
	gsize len;
	assert_true(gdk_pixbuf_save_to_buffer(pixbuf, &png, &len, "png", NULL, NULL));
	*server = (struct server){.head = "HTTP/1.0 200 OK\r\n\r\n", .body = png, .len = len};
	start(server);
	*ret_logo = address_of(server);
	fetch_again(f);
	want(f, *ret_logo);
	stop(server);
	assert_int_equal(f->shown, 1);
	g_free(png);
	g_object_unref(pixbuf);
}

/* Kept for so long that it would be fetched anew. */
static void age_cached(void)
{
	char *folder = cache_folder();
	GDir *dir = g_dir_open(folder, 0, NULL);
	char *kept = g_build_filename(folder, g_dir_read_name(dir), NULL);
	const struct timespec times[] = {{1000, 0}, {1000, 0}};
	assert_int_equal(utimensat(AT_FDCWD, kept, times, 0), 0);
	g_dir_close(dir);
	g_free(kept);
	g_free(folder);
}

static void test_an_old_one_is_better_than_none(void **state)
{
	struct fixture *f = *state;
	struct server server;
	char *logo;
	fetch_one(f, &server, &logo);
	age_cached();
	fetch_again(f);
	want(f, logo); /* nobody answers any more */
	assert_int_equal(f->shown, 2);
	assert_int_equal(f->logo.width, LOGO_WIDTH);
	assert_int_equal(f->sentences, 0);
	g_free(logo);
}

/* The network was not there yet, or the file. */
static void test_what_could_not_be_had_is_tried_again_later(void **state)
{
	struct fixture *f = *state;
	want(f, "one.png");
	assert_int_equal(f->sentences, 1);
	write_logo(f, "one.png", 60, 40, 0xff0000ff);
	want(f, "one.png"); /* it is not later yet */
	assert_int_equal(f->shown, 0);
	logos_close(f->logos);
	f->again_ms = 0;
	open_logos(f, false);
	want(f, "two.png");
	want(f, "two.png"); /* said once */
	assert_int_equal(f->sentences, 2);
	write_logo(f, "two.png", 60, 40, 0xff0000ff);
	want(f, "two.png");
	assert_int_equal(f->shown, 1);
	assert_int_equal(f->sentences, 2);
}

/* The program's end does not wait for a server that hangs. */
static void test_an_end_while_it_is_fetched(void **state)
{
	struct fixture *f = *state;
	struct server server = {.hangs = true};
	start(&server);
	char *logo = address_of(&server);
	fetch_again(f);
	struct ui_logo found;
	assert_int_equal(get(f, logo, 20, 20, &found), UI_LOGO_LATER);
	uv_timer_start(&f->tick, on_tick, 1, 0);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	while (!g_atomic_int_get(&server.served))
		g_usleep(1000);
	gint64 begun_us = g_get_monotonic_time();
	logos_close(f->logos);
	f->logos = NULL;
	uv_run(&f->loop, UV_RUN_DEFAULT);
	assert_in_range(g_get_monotonic_time() - begun_us, 0, 3 * G_USEC_PER_SEC);
	assert_int_equal(f->told + f->sentences, 0);
	stop(&server);
	g_free(logo);
}

/* Line-ups come and go, and with them addresses that nobody will ever name again. */
static void test_names_of_another_line_up_are_forgotten(void **state)
{
	struct fixture *f = *state;
	struct ui_logo found;
	write_logo(f, "one.png", 60, 40, 0xff0000ff);
	int64_t gone = logos_id(f->logos, "gone.png"), one = logos_id(f->logos, "one.png");
	logos_forget_others(f->logos);
	assert_int_equal(logos_id(f->logos, "one.png"), one);
	logos_forget_others(f->logos);
	assert_int_equal(logos_id(f->logos, "one.png"), one);
	/* Whoever paints may have it from before: nothing comes, and nothing is said. */
	assert_int_equal(logos_get(f->logos, gone, 20, 20, &found), UI_LOGO_LATER);
	want(f, "one.png");
	assert_int_equal(f->shown, 1);
	assert_int_equal(f->sentences, 0);
	assert_int_not_equal(logos_id(f->logos, "gone.png"), gone);
}

/* One that is forgotten while it is loaded, and cannot be had. */
static void test_a_name_is_forgotten_while_it_is_loaded(void **state)
{
	struct fixture *f = *state;
	struct ui_logo found;
	int64_t gone = logos_id(f->logos, "gone.png");
	assert_int_equal(logos_get(f->logos, gone, 20, 20, &found), UI_LOGO_LATER);
	uv_timer_start(&f->tick, on_tick, 1, 0);
	uv_run(&f->loop, UV_RUN_NOWAIT);
	logos_forget_others(f->logos);
	logos_forget_others(f->logos);
	run(f);
	assert_int_equal(f->sentences, 0);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_a_file_beside_the_line_up),
		TEST(test_paths_and_addresses_of_files),
		TEST(test_pictures_in_an_address),
		TEST(test_large_ones_are_scaled_and_keep_their_shape),
		TEST(test_what_was_scaled_once_is_kept),
		TEST(test_a_damaged_cache_is_made_anew),
		TEST(test_what_cannot_be_shown_is_said_once),
		TEST(test_a_bomb_is_not_unpacked),
		TEST(test_all_that_were_asked_for_come),
		TEST(test_whoever_paints_may_be_another_thread),
		TEST(test_what_is_held_is_bounded),
		TEST(test_an_end_while_it_is_loaded),
		TEST(test_the_cache_is_bounded),
		TEST(test_nothing_is_fetched_unless_it_is_wanted),
		TEST(test_what_the_network_does_not_have_is_said_once),
		TEST(test_an_old_one_is_better_than_none),
		TEST(test_what_could_not_be_had_is_tried_again_later),
		TEST(test_an_end_while_it_is_fetched),
		TEST(test_names_of_another_line_up_are_forgotten),
		TEST(test_a_name_is_forgotten_while_it_is_loaded),
	};
	char *cache = g_dir_make_tmp("cache-XXXXXX", NULL);
	g_setenv("XDG_CACHE_HOME", cache, TRUE);
	int failed = cmocka_run_group_tests_name("client_logos", tests, NULL, NULL);
	char *logos = cache_folder(), *zapper = g_path_get_dirname(logos);
	empty_folder(logos);
	g_rmdir(logos);
	g_rmdir(zapper);
	g_rmdir(cache);
	g_free(zapper);
	g_free(logos);
	g_free(cache);
	return failed;
}
