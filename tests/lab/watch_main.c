/* The lab's watcher: one JSON line for each picture of a Y4M file or FIFO; see watch.h. */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "tests/lab/watch.h"

static int usage_error(void)
{
	fputs("usage: watch --clips DIR FILE.y4m\n", stderr);
	return EX_USAGE;
}

static int complain(const char *path, int error)
{
	fprintf(stderr, "watch: %s: %s\n", path,
		error == -EBADMSG ? "not Y4M, or broken off, or with padding (see y4m.h)"
				  : strerror(-error));
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	static const struct option options[] = {{"clips", required_argument, NULL, 'c'}, {0}};
	const char *clips = NULL;
	for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
		if (option != 'c')
			return usage_error();
		clips = optarg;
	}
	if (!clips || optind != argc - 1)
		return usage_error();
	struct watch *watch;
	struct watch_picture picture;
	int result = watch_open(argv[optind], clips, &watch);
	if (result < 0)
		return complain(argv[optind], result);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while ((result = watch_next(watch, &picture)) > 0)
		printf("{\"at_ns\":%" PRIu64 ",\"began_ns\":%" PRIu64
		       ",\"channel\":%u,\"frame\":%u,\"whole\":%s}\n",
			picture.at_ns, picture.began_ns, picture.mark.channel, picture.mark.frame,
			picture.whole ? "true" : "false");
	watch_close(watch);
	return result < 0 ? complain(argv[optind], result) : EXIT_SUCCESS;
}
