/* A program that uses igmp/ alone: joins GROUP on IFACE, says what goes on, and leaves on Ctrl-C.
 */
#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>

#include "igmp/membership.h"

static void say(void *ctx, enum igmp_log_level level, const char *sentence)
{
	(void)ctx;
	(void)level;
	puts(sentence);
}

static void on_closed(void *ctx)
{
	uv_stop(ctx);
}

static void on_signal(uv_signal_t *handle, int number)
{
	(void)number;
	igmp_membership_close(handle->data, on_closed, handle->loop);
}

int main(int argc, char **argv)
{
	struct igmp_membership_options options = {.iface = argc > 2 ? argv[1] : "", .log = say};
	struct igmp_listen join = {.filter.mode = IGMP_EXCLUDE, .port = 5004};
	uv_signal_t on_interrupt;
	uv_loop_t *loop = uv_default_loop();
	if (argc < 3 || inet_pton(AF_INET, argv[2], &join.group) != 1)
		return fprintf(stderr, "usage: standalone IFACE GROUP\n"), 64;
	uv_signal_init(loop, &on_interrupt);
	int err =
		igmp_membership_open(loop, &options, (struct igmp_membership **)&on_interrupt.data);
	if (err == 0)
		err = igmp_membership_listen(on_interrupt.data, &join, 1, NULL);
	if (err < 0)
		return fprintf(stderr, "standalone: %s\n", uv_strerror(err)), 1;
	uv_signal_start_oneshot(&on_interrupt, on_signal, SIGINT);
	return uv_run(loop, UV_RUN_DEFAULT);
}
