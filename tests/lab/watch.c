#include "tests/lab/watch.h"

#include <string.h>
#include <time.h>

#include <glib.h>

#include "tests/lab/clip_files.h"
#include "tests/lab/format.h"
#include "tests/lab/sums.h"
#include "tests/lab/y4m.h"

struct watch {
	struct y4m *y4m;
	char *clips_dir;
	uint64_t *
		sums[LAB_CLIPS + 1]; /* read when a clip first appears; index: the mark's channel */
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
	*ret = watch;
	return 0;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	for (int i = 0; i <= LAB_CLIPS; i++)
		g_free(watch->sums[i]);
	g_free(watch->clips_dir);
	y4m_close(watch->y4m);
	g_free(watch);
}

/* A clip whose sums cannot be read has only sums of 0: none of its pictures is known to be whole.
 */
static const uint64_t *sums_of(struct watch *watch, uint8_t clip)
{
	if (!watch->sums[clip]) {
		g_autofree char *path = clip_sums_path(watch->clips_dir, clip);
		watch->sums[clip] = g_new0(uint64_t, LAB_PICTURES);
		if (sums_read(path, watch->sums[clip], LAB_PICTURES) < 0)
			memset(watch->sums[clip], 0, LAB_PICTURES * sizeof(uint64_t));
	}
	return watch->sums[clip];
}

static bool is_whole(struct watch *watch, struct mark mark, const uint8_t *i420)
{
	struct y4m_format format = y4m_format(watch->y4m);
	if (format.width != LAB_WIDTH || format.height != LAB_HEIGHT || mark.channel > LAB_CLIPS ||
		mark.frame >= LAB_PICTURES)
		return false;
	return sums_of(watch, mark.channel)[mark.frame] == picture_sum(i420, format.picture_bytes);
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
