#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/bench/file.h"

struct bench_file {
	char *path;	 /* what the user said, for messages */
	char *target;	 /* where links lead */
	char *temporary; /* NULL where `path` itself is open */
	int fd;
};

static int explain(int error, const char *path, char **ret_why)
{
	*ret_why = g_strdup_printf("%s cannot be written: %s", path, g_strerror(error));
	return -error;
}

static void free_file(struct bench_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	g_free(file->path);
	g_free(file->target);
	g_free(file->temporary);
	g_free(file);
}

/* 0 or errno. */
static int open_temporary(struct bench_file *file)
{
	file->temporary = g_strdup_printf("%s.XXXXXX", file->target);
	file->fd = g_mkstemp_full(file->temporary, O_WRONLY | O_CLOEXEC, 0666);
	if (file->fd >= 0)
		return 0;
	int error = errno;
	g_clear_pointer(&file->temporary, g_free);
	return error;
}

/* The same for what takes the place of another file: its rights stay. 0 or errno. */
static int open_successor(struct bench_file *file, mode_t mode)
{
	int error = open_temporary(file);
	/* A file system without modes is no reason to go without a report. */
	if (!error && fchmod(file->fd, mode) < 0 && errno != EPERM && errno != ENOTSUP)
		error = errno;
	return error;
}

/* 0 or errno. */
static int open_target(struct bench_file *file)
{
	struct stat found;
	if (stat(file->path, &found) < 0) {
		if (errno != ENOENT || !*file->path)
			return errno;
		file->target = g_strdup(file->path);
		return open_temporary(file);
	}
	if (S_ISDIR(found.st_mode))
		return EISDIR;
	if (access(file->path, W_OK) < 0)
		return errno;
	if (!S_ISREG(found.st_mode)) {
		file->fd = open(file->path, O_WRONLY | O_CLOEXEC);
		return file->fd < 0 ? errno : 0;
	}
	char *resolved = realpath(file->path, NULL);
	if (!resolved)
		return errno;
	file->target = g_strdup(resolved);
	free(resolved);
	return open_successor(file, found.st_mode & 07777);
}

int bench_file_open(const char *path, struct bench_file **ret, char **ret_why)
{
	struct bench_file *file = g_new0(struct bench_file, 1);
	file->path = g_strdup(path);
	file->fd = -1;
	int error = open_target(file);
	if (error) {
		bench_file_discard(file);
		return explain(error, path, ret_why);
	}
	*ret = file;
	return 0;
}

/* 0 or errno. */
static int write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t written = write(fd, text, size);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return errno;
		text += written;
		size -= (size_t)written;
	}
	return 0;
}

/* 0 or errno. */
static int put_into_place(struct bench_file *file)
{
	if (!file->temporary)
		return 0;
	if (fsync(file->fd) < 0 || rename(file->temporary, file->target) < 0)
		return errno;
	g_clear_pointer(&file->temporary, g_free);
	return 0;
}

int bench_file_commit(struct bench_file *file, const char *text, size_t size, char **ret_why)
{
	int error = write_all(file->fd, text, size);
	if (!error)
		error = put_into_place(file);
	int result = error ? explain(error, file->path, ret_why) : 0;
	bench_file_discard(file);
	return result;
}

void bench_file_discard(struct bench_file *file)
{
	if (!file)
		return;
	if (file->temporary)
		unlink(file->temporary);
	free_file(file);
}
