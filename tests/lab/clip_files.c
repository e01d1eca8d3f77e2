#include "tests/lab/clip_files.h"

#include <glib.h>

#include "tests/lab/format.h"

static const char format_name[] = "h264-aac-v1";

uint8_t clip_of_channel(unsigned channel)
{
	return (uint8_t)((channel - 1) % LAB_CLIPS + 1);
}

char *clip_ts_path(const char *dir, uint8_t clip)
{
	return g_strdup_printf("%s/%s-%u.ts", dir, format_name, clip);
}

char *clip_sums_path(const char *dir, uint8_t clip)
{
	return g_strdup_printf("%s/%s-%u.sums", dir, format_name, clip);
}
