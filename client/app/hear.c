#include "client/app/hear.h"

#include <errno.h>
#include <glib.h>
#include <signal.h>
#include <uv.h>

#include "client/app/net_socket.h"

enum { SIGNALS = 2 };

struct hear {
	struct hear_options options;
	uv_loop_t loop;
	uv_timer_t tick;
	uv_signal_t signals[SIGNALS];
	struct igmp_membership *membership;
	struct net_socket *socket;
	GArray *flows; /* struct receive_flow: what is joined */
	uint64_t end_ns;
	bool interrupted;
};

static void on_iface_changed(void *ctx, const struct igmp_iface *now)
{
	struct hear *hear = ctx;
	(void)now;
	if (hear->socket)
		net_socket_follow_iface(hear->socket);
}

static void on_signal(uv_signal_t *signal, int number)
{
	struct hear *hear = signal->data;
	(void)number;
	hear->interrupted = true;
	uv_stop(&hear->loop);
}

static void on_tick(uv_timer_t *timer)
{
	struct hear *hear = timer->data;
	uint64_t now_ns = uv_hrtime();
	uint64_t left_ns = now_ns < hear->end_ns ? hear->end_ns - now_ns : 0;
	bool goes_on = hear->options.tick(hear->options.ctx, left_ns);
	if (!goes_on || !left_ns)
		uv_stop(&hear->loop);
}

static void open_loop(struct hear *hear)
{
	static const int numbers[SIGNALS] = {SIGINT, SIGTERM};
	uv_loop_init(&hear->loop);
	uv_timer_init(&hear->loop, &hear->tick);
	hear->tick.data = hear;
	for (size_t i = 0; i < SIGNALS; i++) {
		uv_signal_init(&hear->loop, &hear->signals[i]);
		hear->signals[i].data = hear;
		uv_signal_start(&hear->signals[i], on_signal, numbers[i]);
	}
}

int hear_open(const struct hear_options *options, struct hear **ret)
{
	struct hear *hear = g_new0(struct hear, 1);
	hear->options = *options;
	hear->flows = g_array_new(FALSE, FALSE, sizeof(struct receive_flow));
	open_loop(hear);
	const struct igmp_membership_options membership = {.iface = options->iface,
		.backend = options->backend,
		.host = options->host,
		.log = options->log,
		.log_ctx = options->ctx,
		.iface_changed = on_iface_changed,
		.event_ctx = hear};
	int error = igmp_membership_open(&hear->loop, &membership, &hear->membership);
	const struct net_socket_options socket = {.membership = hear->membership,
		.datagram = options->datagram,
		.datagram_ctx = options->ctx,
		.log = options->log,
		.log_ctx = options->ctx};
	if (!error)
		error = net_socket_open(&hear->loop, &socket, &hear->socket);
	if (error)
		hear_close(hear);
	else
		*ret = hear;
	return error;
}

int hear_join(struct hear *hear, const struct channel_address *address)
{
	const struct receive_flow flow = {address->group, address->source, address->port};
	struct igmp_listen listen = {.group = address->group,
		.filter = {.mode = IGMP_EXCLUDE},
		.port = address->port,
		.user = hear->flows->len};
	if (address->source.s_addr)
		listen.filter =
			(struct igmp_filter){.source_count = 1, .sources = {address->source}};
	g_array_append_val(hear->flows, flow);
	/* Before the report: what comes at once is not to be missed. */
	int error = net_socket_let_in(hear->socket,
		(const struct receive_flow *)(const void *)hear->flows->data, hear->flows->len);
	if (!error)
		error = igmp_membership_listen(hear->membership, &listen, 1, NULL);
	if (!error && net_socket_is_lent(hear->socket))
		error = net_socket_borrow(hear->socket);
	if (error)
		g_array_set_size(hear->flows, hear->flows->len - 1);
	return error;
}

int hear_run(struct hear *hear)
{
	hear->end_ns = uv_hrtime() + hear->options.listen_ns;
	uv_timer_start(&hear->tick, on_tick, HEAR_TICK_MS, HEAR_TICK_MS);
	uv_run(&hear->loop, UV_RUN_DEFAULT);
	uv_timer_stop(&hear->tick);
	return hear->interrupted ? -EINTR : 0;
}

static void on_left(void *ctx)
{
	(void)ctx;
}

void hear_close(struct hear *hear)
{
	if (!hear)
		return;
	uv_close((uv_handle_t *)&hear->tick, NULL);
	for (size_t i = 0; i < SIGNALS; i++)
		uv_close((uv_handle_t *)&hear->signals[i], NULL);
	/* Before the memberships, which may have lent their descriptors. */
	net_socket_close(hear->socket);
	igmp_membership_close(hear->membership, on_left, NULL);
	uv_run(&hear->loop, UV_RUN_DEFAULT);
	/* The house is empty: a handle that is still there is a defect of ours. */
	int error = uv_loop_close(&hear->loop);
	g_assert(!error);
	g_array_unref(hear->flows);
	g_free(hear);
}
