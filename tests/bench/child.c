#include "tests/bench/child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double child_now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void child_check(int result, const char *what)
{
	if (!result)
		return;
	fprintf(stderr, "%s: %s\n", what, strerror(-result));
	exit(EXIT_FAILURE);
}

static void work(child_fn fn, void *ctx, double *figures, size_t size, int fd)
{
	fn(ctx, figures);
	ssize_t written = write(fd, figures, size);
	_exit(written == (ssize_t)size ? EXIT_SUCCESS : EXIT_FAILURE);
}

long child_run(child_fn fn, void *ctx, double *figures, size_t count)
{
	size_t size = count * sizeof *figures;
	int ends[2], status;
	struct rusage usage;
	fflush(stdout);
	child_check(pipe(ends) ? -errno : 0, "pipe");
	pid_t pid = fork();
	child_check(pid < 0 ? -errno : 0, "fork");
	if (!pid)
		work(fn, ctx, figures, size, ends[1]);
	close(ends[1]);
	ssize_t got = read(ends[0], figures, size);
	close(ends[0]);
	child_check(wait4(pid, &status, 0, &usage) < 0 ? -errno : 0, "wait");
	if (got != (ssize_t)size || !WIFEXITED(status) || WEXITSTATUS(status))
		exit(EXIT_FAILURE);
	return usage.ru_maxrss;
}
