#include "client/app/fit.h"

#include <errno.h>
#include <string.h>

/* What says that there is no room, rather than that this channel cannot be had. */
static bool is_no_room(int error)
{
	static const int errors[] = {E2BIG, ENOMEM, ENOBUFS, ENOSPC, EMFILE, ENFILE};
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (error == -errors[i])
			return true;
	return false;
}

/* Has as many as go without an error; *ret_error: why the next one does not, 0 where all do. */
static size_t have_most(
	const struct fit_tries *tries, const int *channels, size_t n, size_t kept, int *ret_error)
{
	size_t had = kept, too_many = n;
	*ret_error = tries->have(tries->ctx, channels, n);
	if (!*ret_error)
		return n;
	if (tries->have(tries->ctx, channels, kept)) {
		tries->have(tries->ctx, channels, 0);
		return 0;
	}
	while (had + 1 < too_many) {
		size_t middle = (had + too_many) / 2;
		int error = tries->have(tries->ctx, channels, middle);
		if (!error) {
			had = middle;
			continue;
		}
		too_many = middle;
		*ret_error = error;
	}
	return had;
}

static void move_to_end(int *channels, size_t n, size_t i)
{
	int channel = channels[i];
	memmove(&channels[i], &channels[i + 1], (n - i - 1) * sizeof *channels);
	channels[n - 1] = channel;
}

size_t fit_most(const struct fit_tries *tries, int *channels, size_t n, size_t kept, int *ret_error)
{
	for (;;) {
		size_t had = have_most(tries, channels, n, kept, ret_error);
		if (had == n || had < kept || is_no_room(*ret_error))
			return had;
		tries->refused(tries->ctx, channels[had], *ret_error);
		move_to_end(channels, n--, had);
		kept = had;
	}
}
