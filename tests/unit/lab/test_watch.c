#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/format.h"
#include "tests/lab/picture.h"
#include "tests/lab/sums.h"
#include "tests/lab/watch.h"
#include "tests/lab/y4m.h"
#include "tests/support/test.h"

static char *dir;

static int make_dir(void **state)
{
	(void)state;
	dir = g_dir_make_tmp("zapper-lab-XXXXXX", NULL);
	return dir ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	g_autoptr(GDir) listing = g_dir_open(dir, 0, NULL);
	for (const char *name; (name = g_dir_read_name(listing));) {
		g_autofree char *path = g_build_filename(dir, name, NULL);
		g_unlink(path);
	}
	g_rmdir(dir);
	g_free(dir);
	return 0;
}

static void headers_are_read(void **state)
{
	(void)state;
	struct y4m_format format;
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W1280 H720 F25:1 Ip A1:1 C420\n", &format), 0);
	assert_int_equal(format.width, 1280);
	assert_int_equal(format.height, 720);
	assert_int_equal(format.picture_bytes, LAB_PICTURE_BYTES);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 H3 W5 C420jpeg", &format), 0);
	assert_int_equal(format.picture_bytes, 15 + 2 * 6);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W16 H16\n", &format), 0);
}

static void other_headers_are_refused(void **state)
{
	(void)state;
	struct y4m_format format;
	assert_int_equal(y4m_parse_header("", &format), -EBADMSG);
	assert_int_equal(y4m_parse_header("RIFF W16 H16 C420\n", &format), -EBADMSG);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W16\n", &format), -EBADMSG);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W0 H16\n", &format), -EBADMSG);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W99999999 H16\n", &format), -EBADMSG);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W16 H16 C422\n", &format), -ENOTSUP);
	assert_int_equal(y4m_parse_header("YUV4MPEG2 W16 H16 C420p10\n", &format), -ENOTSUP);
}

static void sums_survive_their_file(void **state)
{
	(void)state;
	const uint64_t sums[] = {0, 1, UINT64_MAX};
	uint64_t read[3];
	g_autofree char *path = g_build_filename(dir, "some.sums", NULL);
	assert_int_equal(sums_write(path, sums, 3), 0);
	assert_int_equal(sums_read(path, read, 3), 0);
	assert_memory_equal(read, sums, sizeof sums);
	assert_int_equal(sums_read(path, read, 2), -EBADMSG);
	uint64_t four[4];
	assert_int_equal(sums_read(path, four, 4), -EBADMSG);
	assert_true(g_file_set_contents(path, "zapper-lab-sums 1\nfoo\n", -1, NULL));
	assert_int_equal(sums_read(path, read, 1), -EBADMSG);
	assert_int_equal(sums_read("/nowhere/at/all", read, 1), -ENOENT);
}

static void one_changed_byte_changes_the_sum(void **state)
{
	(void)state;
	uint8_t bytes[101] = {0};
	uint64_t sum = picture_sum(bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof bytes; i++) {
		bytes[i] = 1;
		assert_true(picture_sum(bytes, sizeof bytes) != sum);
		bytes[i] = 0;
	}
	assert_true(picture_sum(bytes, 100) != sum);
	assert_true(picture_sum(bytes, sizeof bytes) == sum);
}

static void append_picture(GByteArray *file, const uint8_t *picture)
{
	g_byte_array_append(file, (const guint8 *)"FRAME\n", 6);
	g_byte_array_append(file, picture, LAB_PICTURE_BYTES);
}

/* Writes sums of clip 3 in which picture 7 is right, and a file: whole, damaged,
 * blank. */
static char *write_scene(void)
{
	static uint64_t sums[LAB_PICTURES];
	g_autofree uint8_t *picture = g_malloc(LAB_PICTURE_BYTES);
	g_autofree char *sums_path = clip_sums_path(dir, clip_format_find("h264-aac-v1"), 3);
	g_autoptr(GByteArray) file = g_byte_array_new();
	struct painter *painter = painter_create(3, LAB_WIDTH, LAB_HEIGHT);
	static const char header[] = "YUV4MPEG2 W1280 H720 F25:1 Ip A1:1 C420\n";
	g_byte_array_append(file, (const guint8 *)header, sizeof header - 1);
	painter_draw(painter, 7, picture);
	append_picture(file, picture);
	sums[7] = picture_sum(picture, LAB_PICTURE_BYTES);
	picture[LAB_PICTURE_BYTES - 1]++;
	append_picture(file, picture);
	painter_draw(painter, 8, picture);
	append_picture(file, picture);
	memset(picture, 128, LAB_PICTURE_BYTES);
	append_picture(file, picture);
	mark_draw(picture, LAB_WIDTH, LAB_HEIGHT, LAB_WIDTH, (struct mark){255, 65535});
	append_picture(file, picture);
	painter_destroy(painter);
	char *path = g_build_filename(dir, "scene.y4m", NULL);
	assert_int_equal(sums_write(sums_path, sums, LAB_PICTURES), 0);
	assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
	return path;
}

static void pictures_are_told_apart(void **state)
{
	(void)state;
	g_autofree char *path = write_scene();
	struct watch *watch;
	struct watch_picture picture;
	assert_int_equal(watch_open(path, dir, &watch), 0);
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(picture.mark.channel, 3);
	assert_int_equal(picture.mark.frame, 7);
	assert_true(picture.whole);
	uint64_t before_ns = picture.at_ns;
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(picture.mark.frame, 7);
	assert_false(picture.whole);
	assert_in_range(picture.began_ns, before_ns, picture.at_ns);
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(picture.mark.frame, 8);
	assert_false(picture.whole);
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(picture.mark.channel, 0);
	assert_false(picture.whole);
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(picture.mark.channel, 255);
	assert_false(picture.whole);
	assert_int_equal(watch_next(watch, &picture), 0);
	watch_close(watch);
}

static void append_text(GByteArray *file, const char *text)
{
	g_byte_array_append(file, (const guint8 *)text, (guint)strlen(text));
}

/* Sums of an interlaced clip, in which picture 5 is right. */
static void write_interlaced_sums(const struct clip_format *format, const uint8_t *picture)
{
	unsigned pictures = clip_pictures(format);
	g_autofree uint64_t *sums = g_new0(uint64_t, clip_sums(format));
	g_autofree char *path = clip_sums_path(dir, format, 2);
	sums[5] = picture_sum(picture, clip_picture_bytes(format));
	sums[pictures + 5] = picture_field_sum(picture, format->width, format->height, 0);
	sums[2 * pictures + 5] = picture_field_sum(picture, format->width, format->height, 1);
	assert_int_equal(sums_write(path, sums, clip_sums(format)), 0);
}

/* What a deinterlacer makes of one field: its rows doubled (of the luma only, which is enough). */
static void keep_field(uint8_t *picture, const struct clip_format *format, int field)
{
	size_t width = (size_t)format->width, height = (size_t)format->height;
	for (size_t y = 0; y < height; y++)
		if (y % 2 != (size_t)field)
			memcpy(picture + y * width, picture + (y ^ 1) * width, width);
}

/* A whole picture, one of its lower field, and that one damaged. */
static void a_field_is_whole_by_its_own_rows(void **state)
{
	(void)state;
	const struct clip_format *format = clip_format_find("h264-1080i-v1");
	size_t bytes = clip_picture_bytes(format);
	struct painter *painter = painter_create_for(format, 2);
	g_autofree uint8_t *picture = g_malloc0(bytes);
	g_autofree char *path = g_build_filename(dir, "fields.y4m", NULL);
	g_autoptr(GByteArray) file = g_byte_array_new();
	append_text(file, "YUV4MPEG2 W1920 H1080 It F25:1 C420\n");
	painter_draw(painter, 5, picture);
	painter_destroy(painter);
	write_interlaced_sums(format, picture);
	for (int i = 0; i < 3; i++) {
		append_text(file, "FRAME\n");
		g_byte_array_append(file, picture, (guint)bytes);
		keep_field(picture, format, 1);
		picture[format->width] ^= i == 1;
	}
	assert_true(g_file_set_contents(path, (const char *)file->data, file->len, NULL));
	struct watch *watch;
	struct watch_picture seen;
	assert_int_equal(watch_open(path, dir, &watch), 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(watch_next(watch, &seen), 1);
		assert_int_equal(seen.width, 1920);
		assert_int_equal(seen.mark.channel, 2);
		assert_int_equal(seen.mark.frame, 5);
		assert_int_equal(seen.whole, i < 2);
	}
	assert_int_equal(watch_next(watch, &seen), 0);
	watch_close(watch);
}

static void a_stream_that_breaks_off_is_an_error(void **state)
{
	(void)state;
	g_autofree char *path = write_scene();
	struct watch *watch;
	struct watch_picture picture;
	assert_int_equal(truncate(path, 2 * LAB_PICTURE_BYTES), 0);
	assert_int_equal(watch_open(path, dir, &watch), 0);
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(watch_next(watch, &picture), -EBADMSG);
	watch_close(watch);
	assert_int_equal(watch_open("/nowhere/at/all", dir, &watch), -ENOENT);
}

static void unknown_clips_have_no_whole_pictures(void **state)
{
	(void)state;
	g_autofree char *path = write_scene();
	struct watch *watch;
	struct watch_picture picture;
	assert_int_equal(watch_open(path, "/nowhere/at/all", &watch), 0);
	assert_int_equal(watch_next(watch, &picture), 1);
	assert_int_equal(picture.mark.channel, 3);
	assert_false(picture.whole);
	watch_close(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_are_read),
		cmocka_unit_test(other_headers_are_refused),
		cmocka_unit_test(sums_survive_their_file),
		cmocka_unit_test(one_changed_byte_changes_the_sum),
		cmocka_unit_test(pictures_are_told_apart),
		cmocka_unit_test(a_field_is_whole_by_its_own_rows),
		cmocka_unit_test(a_stream_that_breaks_off_is_an_error),
		cmocka_unit_test(unknown_clips_have_no_whole_pictures),
	};
	return cmocka_run_group_tests_name("lab_watch", tests, make_dir, remove_dir);
}
