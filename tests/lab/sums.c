#include "tests/lab/sums.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

static const char header[] = "zapper-lab-sums 1\n";

static uint64_t mix(uint64_t state, uint64_t word)
{
	state = (state ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return state << 29 | state >> 35;
}

uint64_t picture_sum(const uint8_t *bytes, size_t size)
{
	/* Four lanes, because one multiplication after another would be four times as slow. */
	uint64_t lanes[4] = {1, 2, 3, 4}, words[4];
	size_t at = 0;
	for (; at + sizeof words <= size; at += sizeof words) {
		memcpy(words, bytes + at, sizeof words);
		for (int i = 0; i < 4; i++)
			lanes[i] = mix(lanes[i], words[i]);
	}
	for (; at < size; at++)
		lanes[0] = mix(lanes[0], bytes[at]);
	uint64_t sum = size;
	for (int i = 0; i < 4; i++)
		sum = mix(sum, lanes[i]);
	return sum;
}

static uint64_t add_rows(uint64_t sum, const uint8_t *plane, int width, int height, int first)
{
	for (int y = first; y < height; y += 2)
		sum = mix(sum, picture_sum(plane + (size_t)y * (size_t)width, (size_t)width));
	return sum;
}

uint64_t picture_field_sum(const uint8_t *i420, int width, int height, int field)
{
	size_t luma = (size_t)width * (size_t)height;
	uint64_t sum = add_rows((uint64_t)field, i420, width, height, field);
	sum = add_rows(sum, i420 + luma, width / 2, height / 2, field);
	return add_rows(sum, i420 + luma + luma / 4, width / 2, height / 2, field);
}

int sums_write(const char *path, const uint64_t *sums, size_t count)
{
	g_autoptr(GString) text = g_string_new(header);
	for (size_t i = 0; i < count; i++)
		g_string_append_printf(text, "%016" PRIx64 "\n", sums[i]);
	g_autoptr(GError) error = NULL;
	errno = 0;
	if (!g_file_set_contents(path, text->str, (gssize)text->len, &error))
		return errno ? -errno : -EIO;
	return 0;
}

int sums_read(const char *path, uint64_t *sums, size_t count)
{
	FILE *file = g_fopen(path, "re");
	if (!file)
		return -errno;
	char line[32];
	int result = -EBADMSG;
	if (!fgets(line, sizeof line, file) || strcmp(line, header) != 0)
		goto out;
	size_t n = 0;
	for (; n < count && fgets(line, sizeof line, file); n++) {
		char *end;
		sums[n] = g_ascii_strtoull(line, &end, 16);
		if (end != line + 16 || *end != '\n')
			goto out;
	}
	if (n == count && !fgets(line, sizeof line, file))
		result = 0;
out:
	fclose(file);
	return result;
}
