#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client/bench/file.h"

/* As many as the kernel follows (path_resolution(7)). */
#define LINKS_MAX 40
#define NAME_TRIES 100

struct bench_file {
	char *path;	 /* what the user said, for messages */
	char *target;	 /* where links lead; NULL where `path` itself is open */
	char *temporary; /* beside it; NULL while it has no name at all, or none is needed */
	int fd;
	int descriptor; /* of this program, which `path` stands for; -1: none */
};

static int explain(int error, const char *path, char **ret_why)
{
	*ret_why = error == ENXIO
			   ? g_strdup_printf("%s cannot be written: nobody reads from it", path)
			   : g_strdup_printf("%s cannot be written: %s", path, g_strerror(error));
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

/* ---- where a path leads ---- */

/* Of what is in the folder of our descriptors, the number; -1 elsewhere. */
static int descriptor_in(const char *folder, const char *name)
{
	gint64 number;
	char *own = realpath("/proc/self/fd", NULL);
	bool found = own && !strcmp(folder, own) &&
		     g_ascii_string_to_signed(name, 10, 0, INT_MAX, &number, NULL);
	free(own);
	return found ? (int)number : -1;
}

/* The same path with its folder as it is named without links; NULL where that is not there. */
static char *place(const char *path, int *ret_descriptor)
{
	char *folder = g_path_get_dirname(path), *name = g_path_get_basename(path), *placed = NULL;
	char *real = realpath(folder, NULL);
	if (real) {
		*ret_descriptor = descriptor_in(real, name);
		placed = g_build_filename(real, name, NULL);
	}
	free(real);
	g_free(folder);
	g_free(name);
	return placed;
}

/* Takes the path of a link; where that points. */
static char *step(char *path, const char *to)
{
	char *folder = g_path_get_dirname(path);
	char *next = g_path_is_absolute(to) ? g_strdup(to) : g_build_filename(folder, to, NULL);
	g_free(folder);
	g_free(path);
	return next;
}

/*
 * Where links lead, be it there or not; freed with g_free(). NULL, and errno, where there can be
 * nothing. Not beyond our own descriptors: what their links say is not always a path, and never
 * where in a file they stand.
 */
static char *follow(const char *path, int *ret_descriptor)
{
	char *at = g_strdup(path), to[PATH_MAX];
	*ret_descriptor = -1;
	for (int i = 0; i < LINKS_MAX; i++) {
		char *placed = place(at, ret_descriptor);
		g_free(at);
		ssize_t length = placed ? readlink(placed, to, sizeof to - 1) : -1;
		if (length < 0 || *ret_descriptor >= 0)
			return placed;
		to[length] = '\0';
		at = step(placed, to);
	}
	g_free(at);
	errno = ELOOP;
	return NULL;
}

bool bench_file_is_same(const char *path, const char *other)
{
	struct stat of_path, of_other;
	bool there = stat(path, &of_path) == 0, other_there = stat(other, &of_other) == 0;
	if (there && other_there)
		return S_ISREG(of_path.st_mode) && of_path.st_dev == of_other.st_dev &&
		       of_path.st_ino == of_other.st_ino;
	if (there || other_there)
		return false;
	int descriptor;
	char *at = follow(path, &descriptor), *other_at = follow(other, &descriptor);
	bool same = at && other_at && !strcmp(at, other_at);
	g_free(at);
	g_free(other_at);
	return same;
}

/* ---- opening ---- */

/*
 * Without a name nothing is left behind, however we end. Where the file system has no such files it
 * gets one at once. 0 or errno.
 */
static int open_temporary(struct bench_file *file)
{
	char *folder = g_path_get_dirname(file->target);
	file->fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
	g_free(folder);
	if (file->fd >= 0)
		return 0;
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

/* One of our own descriptors. 0 or errno. */
static int open_descriptor(struct bench_file *file)
{
	int flags = fcntl(file->descriptor, F_GETFL);
	if (flags < 0)
		return errno;
	if ((flags & O_ACCMODE) == O_RDONLY)
		return EBADF;
	file->fd = fcntl(file->descriptor, F_DUPFD_CLOEXEC, 0);
	return file->fd < 0 ? errno : 0;
}

/* A device, or a pipe, which would let nobody go on before it has a reader. 0 or errno. */
static int open_special(struct bench_file *file)
{
	file->fd = open(file->path, O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0)
		return errno;
	int flags = fcntl(file->fd, F_GETFL);
	return flags < 0 || fcntl(file->fd, F_SETFL, flags & ~O_NONBLOCK) < 0 ? errno : 0;
}

/* 0 or errno. */
static int open_target(struct bench_file *file)
{
	struct stat found;
	if (!*file->path)
		return ENOENT;
	char *target = follow(file->path, &file->descriptor);
	if (!target || file->descriptor >= 0) {
		int error = errno;
		g_free(target);
		return file->descriptor >= 0 ? open_descriptor(file) : error;
	}
	file->target = target;
	if (stat(target, &found) < 0)
		return errno == ENOENT ? open_temporary(file) : errno;
	if (S_ISDIR(found.st_mode))
		return EISDIR;
	if (access(target, W_OK) < 0)
		return errno;
	if (S_ISREG(found.st_mode))
		return open_successor(file, found.st_mode & 07777);
	g_clear_pointer(&file->target, g_free);
	return open_special(file);
}

int bench_file_open(const char *path, struct bench_file **ret, char **ret_why)
{
	struct bench_file *file = g_new0(struct bench_file, 1);
	file->path = g_strdup(path);
	file->fd = file->descriptor = -1;
	int error = open_target(file);
	if (error) {
		bench_file_discard(file);
		return explain(error, path, ret_why);
	}
	*ret = file;
	return 0;
}

bool bench_file_is_output(const struct bench_file *file)
{
	return file->descriptor == STDOUT_FILENO;
}

/* ---- writing ---- */

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

/* A name beside the target for what has none yet: only a rename replaces. 0 or errno. */
static int give_name(struct bench_file *file)
{
	char own[64];
	g_snprintf(own, sizeof own, "/proc/self/fd/%d", file->fd);
	for (int i = 0; i < NAME_TRIES; i++) {
		char *name = g_strdup_printf("%s.%08x", file->target, g_random_int());
		if (linkat(AT_FDCWD, own, AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0) {
			file->temporary = name;
			return 0;
		}
		int error = errno;
		g_free(name);
		if (error != EEXIST)
			return error;
	}
	return EEXIST;
}

/* 0 or errno. */
static int put_into_place(struct bench_file *file)
{
	if (!file->target)
		return 0;
	if (fsync(file->fd) < 0)
		return errno;
	int error = file->temporary ? 0 : give_name(file);
	if (error)
		return error;
	if (rename(file->temporary, file->target) < 0)
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
