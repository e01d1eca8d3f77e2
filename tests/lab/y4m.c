#include "tests/lab/y4m.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <glib.h>

enum { MAX_LINE = 256 };

struct y4m {
	FILE *file;
	struct y4m_format format;
	uint8_t *picture;
	uint64_t began_ns;
};

static int parse_side(const char *text)
{
	guint64 side;
	return g_ascii_string_to_unsigned(text, 10, 1, Y4M_MAX_SIDE, &side, NULL) ? (int)side : 0;
}

int y4m_parse_header(const char *line, struct y4m_format *ret)
{
	g_auto(GStrv) words = g_strsplit_set(line, " \n", -1);
	struct y4m_format format = {0};
	if (!words[0] || strcmp(words[0], "YUV4MPEG2") != 0)
		return -EBADMSG;
	for (char **word = words + 1; *word; word++) {
		if (**word == 'W')
			format.width = parse_side(*word + 1);
		else if (**word == 'H')
			format.height = parse_side(*word + 1);
		else if (**word == 'C' &&
			 (!g_str_has_prefix(*word, "C420") || g_str_has_prefix(*word, "C420p1")))
			return -ENOTSUP; /* C420p10 and the like have two bytes a sample */
	}
	if (!format.width || !format.height)
		return -EBADMSG;
	size_t chroma = (size_t)((format.width + 1) / 2) * (size_t)((format.height + 1) / 2);
	format.picture_bytes = (size_t)format.width * (size_t)format.height + 2 * chroma;
	*ret = format;
	return 0;
}

int y4m_open(const char *path, struct y4m **ret)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return -errno;
	char line[MAX_LINE];
	struct y4m_format format;
	int error = fgets(line, sizeof line, file) ? y4m_parse_header(line, &format) : -EBADMSG;
	if (error) {
		fclose(file);
		return error;
	}
	struct y4m *y4m = g_new(struct y4m, 1);
	*y4m = (struct y4m){file, format, g_malloc(format.picture_bytes), 0};
	*ret = y4m;
	return 0;
}

void y4m_close(struct y4m *y4m)
{
	if (!y4m)
		return;
	fclose(y4m->file);
	g_free(y4m->picture);
	g_free(y4m);
}

struct y4m_format y4m_format(const struct y4m *y4m)
{
	return y4m->format;
}

uint64_t y4m_began_ns(const struct y4m *y4m)
{
	return y4m->began_ns;
}

int y4m_next(struct y4m *y4m, const uint8_t **ret_i420)
{
	char line[MAX_LINE];
	if (!fgets(line, sizeof line, y4m->file))
		return ferror(y4m->file) ? -EIO : 0;
	if (!g_str_has_prefix(line, "FRAME"))
		return -EBADMSG;
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	y4m->began_ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (fread(y4m->picture, 1, y4m->format.picture_bytes, y4m->file) !=
		y4m->format.picture_bytes)
		return -EBADMSG;
	*ret_i420 = y4m->picture;
	return 1;
}
