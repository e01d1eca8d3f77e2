#include "igmp/membership.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "igmp/iface_watch.h"
#include "igmp/kernel.h"
#include "igmp/link.h"
#include "igmp/log.h"

struct igmp_membership {
	struct igmp_membership_options options; /* without the interface's name */
	struct igmp_log log;
	struct igmp_iface iface;
	struct igmp_said_list said;
	struct igmp_iface_watch *watch; /* NULL where there can be none */
	/* Just one of the two is there. */
	struct igmp_link *link;
	struct igmp_kernel *kernel;
	char why[256];
	int open_parts; /* while closing: the watch and the back end */
	void (*done)(void *ctx);
	void *done_ctx;
};

static void __attribute__((format(printf, 2, 3)))
explain(struct igmp_membership *m, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vsnprintf(m->why, sizeof m->why, format, args);
	va_end(args);
}

static void say(struct igmp_membership *m, enum igmp_log_level level, const char *type,
	const char *sentence)
{
	struct igmp_said said = igmp_said_add(&m->said, uv_hrtime(), type, sentence);
	igmp_log(&m->log, level, "%s: %s", m->iface.name, said.sentence);
	if (m->options.noticed)
		m->options.noticed(m->options.event_ctx, &said);
}

static void on_notice(void *ctx, const struct igmp_notice *notice)
{
	char sentence[IGMP_NOTICE_MAX_BYTES];
	igmp_notice_sentence(notice, sentence, sizeof sentence);
	say(ctx, IGMP_LOG_WARNING, igmp_notice_word(notice->type), sentence);
}

/* `what` is so now; whether routers were told as well. */
static void say_news(struct igmp_membership *m, const char *type, const char *what, bool announced)
{
	char sentence[128];
	snprintf(sentence, sizeof sentence, "%s%s", what,
		announced ? "; memberships were said anew" : "");
	say(m, IGMP_LOG_INFO, type, sentence);
}

static void say_address(struct igmp_membership *m, bool announced)
{
	char what[64], address[INET_ADDRSTRLEN];
	inet_ntop(AF_INET, &m->iface.address, address, sizeof address);
	if (m->iface.address.s_addr == 0) {
		say(m, IGMP_LOG_WARNING, "address-changed", "no IPv4 address any more");
		return;
	}
	snprintf(what, sizeof what, "the address is %s now", address);
	say_news(m, "address-changed", what, announced);
}

static void say_mtu(struct igmp_membership *m)
{
	char what[64];
	snprintf(what, sizeof what, "the MTU is %zu bytes now", m->iface.mtu_bytes);
	say_news(m, "mtu-changed", what, false);
}

static void say_down(struct igmp_membership *m)
{
	say(m, IGMP_LOG_WARNING, "link-down",
		"the line is down; memberships wait for it to come back");
}

static void say_multicast(struct igmp_membership *m, const struct igmp_iface *old, bool announced)
{
	bool is_another = old->index != m->iface.index;
	if (!m->iface.speaks && (old->speaks || is_another))
		say(m, IGMP_LOG_WARNING, "multicast-off",
			"multicast is switched off; memberships are said anew when it is back");
	else if (m->iface.speaks && !old->speaks && !is_another)
		say_news(m, "multicast-on", "multicast is switched on again", announced);
}

static void say_change(struct igmp_membership *m, const struct igmp_iface *old, bool announced)
{
	const struct igmp_iface *now = &m->iface;
	if (now->index == 0) {
		say(m, IGMP_LOG_WARNING, "interface-gone",
			"the interface is gone; memberships wait for it to come back");
		return;
	}
	if (old->index != now->index)
		say(m, IGMP_LOG_INFO, "interface-back", "the interface is back");
	else if (old->up && !now->up)
		say_down(m);
	if (!old->up && now->up)
		say_news(m, "link-up", "the line is up", announced);
	say_multicast(m, old, announced);
	if (old->index != now->index)
		return; /* the rest of it is new in any case */
	/* Of a line that is down nobody has to hear it; what comes up says it. */
	if (old->up && now->up && old->address.s_addr != now->address.s_addr)
		say_address(m, announced);
	if (old->mtu_bytes != now->mtu_bytes)
		say_mtu(m);
}

static void say_socket(struct igmp_membership *m, int err)
{
	char sentence[IGMP_NOTICE_MAX_BYTES];
	snprintf(sentence, sizeof sentence,
		"no packet socket can be opened: %s; memberships wait for it, which is tried each "
		"second",
		strerror(-err));
	say(m, IGMP_LOG_ERROR, "no-socket", sentence);
}

static void on_socket_back(void *ctx)
{
	say_news(ctx, "socket-back", "a packet socket could be opened", true);
}

static void on_sent(void *ctx, uint64_t at_ns)
{
	struct igmp_membership *m = ctx;
	if (m->options.sent)
		m->options.sent(m->options.event_ctx, at_ns);
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	struct igmp_membership *m = ctx;
	if (m->options.stamped)
		m->options.stamped(m->options.event_ctx, wire_ns);
}

/* What the line waits for comes first, and words about it last. */
static void on_iface_changed(void *ctx, const struct igmp_iface *now)
{
	struct igmp_membership *m = ctx;
	const struct igmp_iface old = m->iface;
	int announced = 1;
	m->iface = *now;
	if (m->link)
		announced = igmp_link_iface_changed(m->link, now);
	else
		igmp_kernel_iface_changed(m->kernel, now);
	if (m->options.iface_changed)
		m->options.iface_changed(m->options.event_ctx, now);
	say_change(m, &old, announced > 0);
	if (announced < 0)
		say_socket(m, announced);
}

/* Why raw cannot be had here although nothing is wrong: auto goes on with the kernel back end. */
static void explain_fallback(struct igmp_membership *m, int err)
{
	if (err == -EPERM)
		explain(m, "kernel: CAP_NET_RAW is missing (run as root, or setcap cap_net_raw+ep "
			   "on the program), so reports leave 8 to 15 ms later than raw would send "
			   "them");
	else if (!m->iface.speaks)
		explain(m,
			"kernel: %s is a loopback interface or has no multicast, where IGMP is "
			"silent",
			m->iface.name);
	else
		explain(m,
			"kernel: this system has no packet sockets (%s), so reports leave 8 to "
			"15 ms later than raw would send them",
			strerror(-err));
}

static bool raw_is_unavailable(int err)
{
	return err == -EPERM || err == -EOPNOTSUPP || err == -EAFNOSUPPORT;
}

static int open_raw(uv_loop_t *loop, struct igmp_membership *m)
{
	const struct igmp_link_events events = {.noticed = on_notice,
		.socket_back = on_socket_back,
		.sent = on_sent,
		.stamped = m->options.stamped ? on_stamped : NULL,
		.ctx = m};
	int err = igmp_link_open(loop, &m->iface, &m->options.host, &events, &m->log, &m->link);
	if (err < 0)
		return err;
	explain(m,
		"raw: reports leave %s at once, through a packet socket; the kernel back end "
		"would need no privilege and send them 8 to 15 ms later",
		m->iface.name);
	igmp_log(&m->log, IGMP_LOG_INFO, "%s", m->why);
	if (m->iface.address.s_addr == 0)
		igmp_log(&m->log, IGMP_LOG_WARNING,
			"%s has no IPv4 address: reports leave with the source 0.0.0.0, which some "
			"routers ignore",
			m->iface.name);
	return 0;
}

static int open_kernel(uv_loop_t *loop, struct igmp_membership *m)
{
	bool wanted = m->options.backend == IGMP_BACKEND_KERNEL;
	int err =
		igmp_kernel_open(loop, &m->iface, m->options.host.max_groups, &m->log, &m->kernel);
	if (err < 0)
		return err;
	if (wanted)
		explain(m,
			"kernel: asked for, so reports leave %s 8 to 15 ms later than raw would "
			"send them",
			m->iface.name);
	igmp_log(&m->log, wanted || !m->iface.speaks ? IGMP_LOG_INFO : IGMP_LOG_WARNING, "%s",
		m->why);
	return 0;
}

static int open_backend(uv_loop_t *loop, struct igmp_membership *m)
{
	if (m->options.backend != IGMP_BACKEND_KERNEL) {
		int err = open_raw(loop, m);
		if (m->options.backend == IGMP_BACKEND_RAW || !raw_is_unavailable(err))
			return err;
		explain_fallback(m, err);
	}
	return open_kernel(loop, m);
}

/* Better without it than not at all. */
static void open_watch(uv_loop_t *loop, struct igmp_membership *m)
{
	int err = igmp_iface_watch_open(loop, &m->iface, on_iface_changed, m, &m->watch);
	if (err < 0)
		igmp_log(&m->log, IGMP_LOG_WARNING,
			"%s: when the line goes down or changes, that will go unnoticed: %s",
			m->iface.name, strerror(-err));
}

int igmp_membership_open(uv_loop_t *loop, const struct igmp_membership_options *options,
	struct igmp_membership **ret)
{
	struct igmp_membership *m = calloc(1, sizeof *m);
	if (!m)
		return -ENOMEM;
	m->options = *options;
	m->options.iface = NULL;
	m->log = (struct igmp_log){options->log, options->log_ctx};
	int err = igmp_iface_lookup(options->iface, &m->iface);
	if (err == 0)
		err = open_backend(loop, m);
	if (err < 0) {
		free(m);
		return err;
	}
	open_watch(loop, m);
	if (!m->iface.up)
		say_down(m);
	*ret = m;
	return 0;
}

static int listen_raw(struct igmp_membership *m, const struct igmp_listen *requests, size_t n,
	uint64_t *ret_sent_ns)
{
	struct igmp_change *changes = calloc(n ? n : 1, sizeof *changes);
	if (!changes)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		changes[i] = (struct igmp_change){
			requests[i].group, requests[i].filter, requests[i].user};
	int err = igmp_link_listen(m->link, changes, n, ret_sent_ns);
	free(changes);
	return err;
}

static int listen_kernel(struct igmp_membership *m, const struct igmp_listen *requests, size_t n,
	uint64_t *ret_sent_ns)
{
	int err = igmp_kernel_listen(m->kernel, requests, n);
	if (err == 0)
		*ret_sent_ns = uv_hrtime();
	return err;
}

int igmp_membership_listen(struct igmp_membership *m, const struct igmp_listen *requests, size_t n,
	uint64_t *ret_sent_ns)
{
	uint64_t sent_ns = 0;
	int err = m->link ? listen_raw(m, requests, n, &sent_ns)
			  : listen_kernel(m, requests, n, &sent_ns);
	if (err == 0 && ret_sent_ns)
		*ret_sent_ns = sent_ns;
	return err;
}

enum igmp_backend igmp_membership_backend(const struct igmp_membership *m, const char **ret_why)
{
	if (ret_why)
		*ret_why = m->why;
	return m->link ? IGMP_BACKEND_RAW : IGMP_BACKEND_KERNEL;
}

int igmp_membership_data_fd(const struct igmp_membership *m, struct in_addr group, uint16_t port)
{
	return m->kernel ? igmp_kernel_data_fd(m->kernel, group, port) : -1;
}

struct visitor {
	void (*visit)(void *ctx, const struct igmp_membership_group *group);
	void *ctx;
};

static void visit_host_group(void *ctx, struct in_addr address, const struct igmp_filter *filter,
	unsigned pending_reports)
{
	const struct visitor *visitor = ctx;
	const struct igmp_membership_group group = {
		.group = address,
		.filter = *filter,
		.pending_reports = pending_reports,
	};
	visitor->visit(visitor->ctx, &group);
}

void igmp_membership_each(const struct igmp_membership *m,
	void (*visit)(void *ctx, const struct igmp_membership_group *group), void *ctx)
{
	struct visitor visitor = {visit, ctx};
	if (m->link)
		igmp_host_each(igmp_link_host(m->link), visit_host_group, &visitor);
	else
		igmp_kernel_each(m->kernel, visit, ctx);
}

void igmp_membership_querier(const struct igmp_membership *m, struct igmp_querier *ret)
{
	*ret = (struct igmp_querier){0};
	if (m->link)
		igmp_host_querier(igmp_link_host(m->link), ret);
}

void igmp_membership_counters(const struct igmp_membership *m, struct igmp_counters *ret)
{
	*ret = (struct igmp_counters){0};
	if (m->link)
		igmp_link_counters(m->link, ret);
}

void igmp_membership_each_said(const struct igmp_membership *m,
	void (*visit)(void *ctx, const struct igmp_said *said), void *ctx)
{
	igmp_said_each(&m->said, visit, ctx);
}

void igmp_membership_announce(struct igmp_membership *m)
{
	if (m->link)
		igmp_link_announce(m->link);
	else
		igmp_kernel_announce(m->kernel);
}

const struct igmp_iface *igmp_membership_iface(const struct igmp_membership *m)
{
	return &m->iface;
}

static void on_part_closed(void *ctx)
{
	struct igmp_membership *m = ctx;
	if (--m->open_parts > 0)
		return;
	void (*done)(void *ctx) = m->done;
	void *done_ctx = m->done_ctx;
	free(m);
	done(done_ctx);
}

void igmp_membership_close(struct igmp_membership *m, void (*done)(void *ctx), void *ctx)
{
	if (!m) {
		done(ctx);
		return;
	}
	m->done = done;
	m->done_ctx = ctx;
	m->options.iface_changed = NULL;
	m->options.noticed = NULL;
	m->options.sent = NULL;
	m->options.stamped = NULL;
	m->open_parts = m->watch ? 2 : 1;
	if (m->watch)
		igmp_iface_watch_close(m->watch, on_part_closed, m);
	if (m->link)
		igmp_link_close(m->link, on_part_closed, m);
	else
		igmp_kernel_close(m->kernel, on_part_closed, m);
}
