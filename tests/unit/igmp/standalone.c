/* A program that uses igmp/ alone: joins GROUP on IFACE, and leaves it on Ctrl-C. */
#include <arpa/inet.h>
#include <signal.h>

#include "igmp/membership.h"

static void on_closed(void *ctx)
{
	(void)ctx;
}

static void leave(uv_signal_t *interrupt, int number)
{
	(void)number;
	igmp_membership_close(interrupt->data, on_closed, NULL);
}

int main(int argc, char **argv)
{
	const struct igmp_membership_options options = {.iface = argc == 3 ? argv[1] : ""};
	struct igmp_listen join = {.filter.mode = IGMP_EXCLUDE, .port = 5004};
	struct igmp_membership *m;
	uv_signal_t interrupt;
	if (igmp_membership_open(uv_default_loop(), &options, &m) < 0 ||
		inet_pton(AF_INET, argv[2], &join.group) != 1 ||
		igmp_membership_listen(m, &join, 1, NULL) < 0)
		return 1;
	uv_signal_init(uv_default_loop(), &interrupt);
	interrupt.data = m;
	uv_signal_start_oneshot(&interrupt, leave, SIGINT);
	return uv_run(uv_default_loop(), UV_RUN_DEFAULT);
}
