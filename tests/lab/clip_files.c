#include "tests/lab/clip_files.h"

#include <string.h>

#include <glib.h>

#include "tests/lab/format.h"

/* Sound frames of 1024 samples fit into multiples of 8 s, those of 1152 of 3 s, of 1536 of 4 s. */
static const struct clip_format formats[] = {
	{.name = "h264-aac-v1",
		.clips = LAB_CLIPS,
		.seconds = LAB_CLIP_S,
		.width = LAB_WIDTH,
		.height = LAB_HEIGHT,
		.gop = LAB_GOP},
	{.name = "mpeg2-mp2-v1",
		.clips = LAB_CLIPS,
		.seconds = 12,
		.width = LAB_WIDTH,
		.height = LAB_HEIGHT,
		.gop = LAB_GOP},
	{.name = "h265-ac3-v1",
		.clips = LAB_CLIPS,
		.seconds = 12,
		.width = LAB_WIDTH,
		.height = LAB_HEIGHT,
		.gop = LAB_GOP},
	{.name = "h264-1080i-v1",
		.clips = LAB_CLIPS,
		.seconds = 8,
		.width = 1920,
		.height = 1080,
		.gop = LAB_GOP,
		.interlaced = true},
	/* 0.48 s, which is as near to half a second as 25 pictures a second come. */
	{.name = "h264-gop12-v1",
		.clips = LAB_CLIPS,
		.seconds = 24,
		.width = LAB_WIDTH,
		.height = LAB_HEIGHT,
		.gop = 12},
	{.name = "h264-sixty-v1",
		.clips = 60,
		.seconds = 8,
		.width = LAB_WIDTH,
		.height = LAB_HEIGHT,
		.gop = LAB_GOP},
};

const struct clip_format *clip_formats(size_t *ret_count)
{
	*ret_count = G_N_ELEMENTS(formats);
	return formats;
}

const struct clip_format *clip_format_find(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

unsigned clip_pictures(const struct clip_format *format)
{
	return format->seconds * LAB_PICTURES_PER_S;
}

size_t clip_picture_bytes(const struct clip_format *format)
{
	return (size_t)format->width * (size_t)format->height * 3 / 2;
}

unsigned clip_sums(const struct clip_format *format)
{
	return clip_pictures(format) * (format->interlaced ? 3 : 1);
}

uint8_t clip_of_channel(const struct clip_format *format, unsigned channel)
{
	return (uint8_t)((channel - 1) % format->clips + 1);
}

char *clip_ts_path(const char *dir, const struct clip_format *format, uint8_t clip)
{
	return g_strdup_printf("%s/%s-%u.ts", dir, format->name, clip);
}

char *clip_sums_path(const char *dir, const struct clip_format *format, uint8_t clip)
{
	return g_strdup_printf("%s/%s-%u.sums", dir, format->name, clip);
}
