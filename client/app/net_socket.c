#include "client/app/net_socket.h"

#include <glib.h>
#include <stdarg.h>
#include <string.h>

/* Between two tries to open a socket that could not be had. */
#define RETRY_MS 1000

struct net_socket {
	struct net_socket_options options;
	struct receive_socket *socket;
	bool lent;
	int ifindex;		/* of the packet socket; 0: it has to be another one */
	uv_timer_t retry_timer; /* while a packet socket is missing */
	GArray *flows;		/* struct receive_flow: what is let in */
};

static void complain(struct net_socket *s, enum igmp_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static void complain(struct net_socket *s, enum igmp_log_level level, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *sentence = g_strdup_vprintf(format, args);
	va_end(args);
	s->options.log(s->options.log_ctx, level, sentence);
	g_free(sentence);
}

/* ---- the interface ---- */

static void on_retry_timer(uv_timer_t *timer)
{
	net_socket_follow_iface(timer->data);
}

/*
 * The kernel back end's sockets outlive the interface; a packet socket does not. One that cannot be
 * had is tried for again whenever something happens, and each second.
 */
void net_socket_follow_iface(struct net_socket *s)
{
	const struct igmp_iface *iface = igmp_membership_iface(s->options.membership);
	bool was_missing = uv_is_active((uv_handle_t *)&s->retry_timer);
	uv_timer_stop(&s->retry_timer);
	if (iface->index == 0)
		s->ifindex = 0;
	if (s->lent || iface->index == s->ifindex)
		return;
	int error = receive_socket_rebind(s->socket, (unsigned)iface->index);
	if (!error)
		s->ifindex = iface->index;
	else
		uv_timer_start(&s->retry_timer, on_retry_timer, RETRY_MS, 0);
	if (error && !was_missing)
		complain(s, IGMP_LOG_ERROR,
			"%s: nothing can be received since it came back: %s; it is tried each "
			"second",
			iface->name, g_strerror(-error));
	if (!error && was_missing)
		complain(s, IGMP_LOG_INFO, "%s: packets can be received again", iface->name);
}

/* ---- flows ---- */

bool net_socket_is_lent(const struct net_socket *s)
{
	return s->lent;
}

/* A lent socket serves all flows of a group and port: the kernel knows the sources. */
static void add_flow(const struct net_socket *s, GArray *flows, struct receive_flow flow)
{
	if (s->lent)
		flow.source.s_addr = INADDR_ANY;
	for (guint i = 0; i < flows->len; i++) {
		const struct receive_flow *other = &g_array_index(flows, struct receive_flow, i);
		if (other->group.s_addr == flow.group.s_addr && other->port == flow.port &&
			other->source.s_addr == flow.source.s_addr)
			return;
	}
	g_array_append_val(flows, flow);
}

static bool are_let_in(const struct net_socket *s, const GArray *flows)
{
	return flows->len == s->flows->len &&
	       (!flows->len || !memcmp(flows->data, s->flows->data,
				       flows->len * sizeof(struct receive_flow)));
}

int net_socket_let_in(struct net_socket *s, const struct receive_flow *flows, size_t n)
{
	GArray *wanted = g_array_new(FALSE, FALSE, sizeof(struct receive_flow));
	for (size_t i = 0; i < n; i++)
		add_flow(s, wanted, flows[i]);
	int error = are_let_in(s, wanted)
			    ? 0
			    : receive_socket_watch(s->socket,
				      (const struct receive_flow *)(const void *)wanted->data,
				      wanted->len);
	if (error) {
		g_array_unref(wanted);
		return error;
	}
	g_array_unref(s->flows);
	s->flows = wanted;
	return 0;
}

int net_socket_borrow(struct net_socket *s)
{
	int first_error = 0;
	for (guint i = 0; s->lent && i < s->flows->len; i++) {
		const struct receive_flow *flow = &g_array_index(s->flows, struct receive_flow, i);
		int fd = igmp_membership_data_fd(s->options.membership, flow->group, flow->port);
		int error = receive_socket_watch_fd(s->socket, flow, fd);
		first_error = first_error ? first_error : error;
	}
	return first_error;
}

void net_socket_read(struct net_socket *s)
{
	receive_socket_read(s->socket);
}

void net_socket_counters(const struct net_socket *s, struct receive_socket_counters *ret)
{
	receive_socket_counters(s->socket, ret);
}

/* ---- opening and closing ---- */

static int open_socket(uv_loop_t *loop, struct net_socket *s)
{
	const struct net_socket_options *options = &s->options;
	const struct igmp_iface *iface = igmp_membership_iface(options->membership);
	s->lent = igmp_membership_backend(options->membership, NULL) == IGMP_BACKEND_KERNEL;
	s->ifindex = iface->index;
	return s->lent ? receive_socket_open_lent(
				 loop, options->datagram, options->datagram_ctx, &s->socket)
		       : receive_socket_open_packet(loop, iface->name, options->datagram,
				 options->datagram_ctx, &s->socket);
}

int net_socket_open(
	uv_loop_t *loop, const struct net_socket_options *options, struct net_socket **ret)
{
	struct net_socket *s = g_new0(struct net_socket, 1);
	s->options = *options;
	s->flows = g_array_new(FALSE, FALSE, sizeof(struct receive_flow));
	uv_timer_init(loop, &s->retry_timer);
	s->retry_timer.data = s;
	int error = open_socket(loop, s);
	if (error) {
		net_socket_close(s);
		return error;
	}
	*ret = s;
	return 0;
}

static void on_closed(uv_handle_t *timer)
{
	struct net_socket *s = timer->data;
	g_array_unref(s->flows);
	g_free(s);
}

void net_socket_close(struct net_socket *s)
{
	if (!s)
		return;
	receive_socket_close(s->socket);
	uv_close((uv_handle_t *)&s->retry_timer, on_closed);
}
