#include "channels/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "channels/database.h"

#define NAMES 1000

/* Of SQLite's database file format, 1.3: the header. */
#define MAGIC "SQLite format 3"
#define APPLICATION_ID_OFFSET 68

static bool begins_as_lineup(const char *path)
{
	unsigned char head[APPLICATION_ID_OFFSET + 4];
	guint32 id;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof head);
	if (fd >= 0)
		close(fd);
	if (got != (ssize_t)sizeof head || memcmp(head, MAGIC, sizeof MAGIC))
		return false;
	memcpy(&id, head + APPLICATION_ID_OFFSET, sizeof id);
	return GUINT32_FROM_BE(id) == LINEUP_APPLICATION_ID;
}

static int move_to(const char *path, const char *name, const char *ending)
{
	char *from = g_strconcat(path, ending, NULL), *to = g_strconcat(name, ending, NULL);
	int result = renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) ? -errno : 0;
	g_free(from);
	g_free(to);
	return result;
}

/* The WAL goes first: one that stays behind would be read into the file that comes next. */
static int move_all(const char *path, const char *name)
{
	int result = move_to(path, name, "-wal");
	if (result && result != -ENOENT)
		return result;
	bool has_wal = !result;
	result = move_to(path, name, "");
	if (result && has_wal)
		move_to(name, path, "-wal");
	return result;
}

/* The index of the WAL is made anew where it is not there. */
static void remove_index(const char *path)
{
	char *index = g_strconcat(path, "-shm", NULL);
	unlink(index);
	g_free(index);
}

static char *move_somewhere(const char *path)
{
	for (int i = 1; i < NAMES; i++) {
		char *name = i == 1 ? g_strconcat(path, ".damaged", NULL)
				    : g_strdup_printf("%s.damaged-%d", path, i);
		int result = move_all(path, name);
		if (!result) {
			remove_index(path);
			return name;
		}
		g_free(name);
		if (result != -EEXIST)
			return NULL;
	}
	return NULL;
}

char *lineup_set_aside(const char *path)
{
	if (!begins_as_lineup(path))
		return NULL;
	/* SQLite keeps the WAL beside the file that a symbolic link leads to. */
	char *real = realpath(path, NULL);
	char *name = real ? move_somewhere(real) : NULL;
	free(real);
	return name;
}
