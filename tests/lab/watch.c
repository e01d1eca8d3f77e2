#include "tests/lab/watch.h"

#include <string.h>
#include <time.h>

#include <glib.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/sums.h"
#include "tests/lab/y4m.h"

enum { MAX_CLIPS = 255 };

struct watch {
	struct y4m *y4m;
	char *clips_dir;
	const struct clip_format *formats;
	size_t n_formats;
	/* Read when a clip first appears; indexes: the format and the mark's channel. */
	uint64_t *(*sums)[MAX_CLIPS + 1];
};

int watch_open(const char *path, const char *clips_dir, struct watch **ret)
{
	struct y4m *y4m;
	int error = y4m_open(path, &y4m);
	if (error)
		return error;
	struct watch *watch = g_new0(struct watch, 1);
	watch->y4m = y4m;
	watch->clips_dir = g_strdup(clips_dir);
	watch->formats = clip_formats(&watch->n_formats);
	watch->sums = g_malloc0_n(watch->n_formats, sizeof *watch->sums);
	*ret = watch;
	return 0;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	for (size_t i = 0; i < watch->n_formats; i++)
		for (int clip = 0; clip <= MAX_CLIPS; clip++)
			g_free(watch->sums[i][clip]);
	g_free(watch->sums);
	g_free(watch->clips_dir);
	y4m_close(watch->y4m);
	g_free(watch);
}

/* A clip whose sums cannot be read has only sums of 0: none of its pictures is known to be whole.
 */
static const uint64_t *sums_of(struct watch *watch, size_t format, uint8_t clip)
{
	uint64_t **sums = &watch->sums[format][clip];
	if (!*sums) {
		g_autofree char *path =
			clip_sums_path(watch->clips_dir, &watch->formats[format], clip);
		size_t count = clip_sums(&watch->formats[format]);
		*sums = g_new0(uint64_t, count);
		if (sums_read(path, *sums, count) < 0)
			memset(*sums, 0, count * sizeof **sums);
	}
	return *sums;
}

/* An interlaced picture, or one that was made of one of its fields. */
static bool holds_field(
	const struct clip_format *format, const uint64_t *sums, unsigned frame, const uint8_t *i420)
{
	unsigned pictures = clip_pictures(format);
	for (int field = 0; field < 2; field++)
		if (sums[(unsigned)(field + 1) * pictures + frame] ==
			picture_field_sum(i420, format->width, format->height, field))
			return true;
	return false;
}

static bool is_of(
	struct watch *watch, size_t n, struct mark mark, const uint8_t *i420, uint64_t sum)
{
	const struct clip_format *format = &watch->formats[n];
	struct y4m_format seen = y4m_format(watch->y4m);
	if (seen.width != format->width || seen.height != format->height ||
		mark.channel > format->clips || mark.frame >= clip_pictures(format))
		return false;
	const uint64_t *sums = sums_of(watch, n, mark.channel);
	return sums[mark.frame] == sum ||
	       (format->interlaced && holds_field(format, sums, mark.frame, i420));
}

/* Whatever is sent: a picture that one of the clips decodes to is damaged in none of them. */
static bool is_whole(struct watch *watch, struct mark mark, const uint8_t *i420)
{
	uint64_t sum = picture_sum(i420, y4m_format(watch->y4m).picture_bytes);
	for (size_t i = 0; i < watch->n_formats; i++)
		if (is_of(watch, i, mark, i420, sum))
			return true;
	return false;
}

int watch_next(struct watch *watch, struct watch_picture *ret)
{
	const uint8_t *i420;
	int result = y4m_next(watch->y4m, &i420);
	if (result <= 0)
		return result;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	struct y4m_format format = y4m_format(watch->y4m);
	*ret = (struct watch_picture){
		.at_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec,
		.began_ns = y4m_began_ns(watch->y4m),
		.i420 = i420,
		.width = format.width,
		.height = format.height};
	if (mark_read(i420, format.width, format.height, format.width, &ret->mark))
		ret->whole = is_whole(watch, ret->mark, i420);
	return 1;
}
