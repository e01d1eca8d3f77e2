#include "igmp/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "igmp/link_socket.h"
#include "igmp/sent_stamp.h"

#define NS_PER_MS UINT64_C(1000000)

/* Between two tries to open a socket that could not be had. */
#define RETRY_NS (1000 * NS_PER_MS)

/* Packets taken in one turn of the loop: a flood of queries must not keep keys waiting. */
#define RECEIVE_MAX_PACKETS 64

/* A socket on the interface; an interface that was gone and is back gets another one. */
struct line {
	struct igmp_link *link;
	int fd;
	uv_poll_t poll;
};

struct igmp_link {
	struct igmp_host *host;
	struct igmp_iface iface;
	bool mtu_is_the_interfaces;
	struct igmp_link_events events;
	struct igmp_log log;
	struct line *line; /* NULL: the interface is gone, does not speak IGMP, or `retry_ns` */
	uint64_t retry_ns; /* when a socket is tried for again that could not be had, or 0 */
	uint64_t dropped_socket;
	bool send_failed;	  /* the last one; it has been logged */
	bool awaits_send;	  /* not all of the last change has left */
	struct igmp_clocks asked; /* before the last packet was sent that gets a stamp */
	uv_loop_t *loop;
	uv_timer_t timer;
	int open_handles;
	void (*done)(void *ctx);
	void *done_ctx;
};

/* A line that is down fails every send: said once, until one succeeds again. The repeats go on. */
static void note_send_result(struct igmp_link *link, int err)
{
	if (err < 0 && !link->send_failed)
		igmp_log(&link->log, IGMP_LOG_WARNING,
			"%s: cannot send an IGMP report: %s; its repeats are still tried",
			link->iface.name, strerror(-err));
	link->send_failed = err < 0;
}

static void change_mac(struct igmp_link *link, const struct igmp_action *action)
{
	char group[INET_ADDRSTRLEN];
	bool join = action->type == IGMP_ACTION_JOIN_MAC;
	int err = igmp_link_socket_set_mac(link->line->fd, link->iface.index, action->group, join);
	if (err == 0)
		return;
	inet_ntop(AF_INET, &action->group, group, sizeof group);
	igmp_log(&link->log, IGMP_LOG_WARNING, "%s: cannot %s frames for %s: %s", link->iface.name,
		join ? "ask for" : "stop", group, strerror(-err));
}

static uint64_t read_clock(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

static struct igmp_clocks read_clocks(void)
{
	return (struct igmp_clocks){read_clock(CLOCK_REALTIME), read_clock(CLOCK_MONOTONIC)};
}

/* What the kernel says of when our changes went on the wire, as far as it has said so by now. */
static void take_stamps(struct igmp_link *link)
{
	uint64_t realtime_ns;
	while (link->line && igmp_link_socket_sent_at(link->line->fd, &realtime_ns)) {
		struct igmp_clocks now = read_clocks();
		uint64_t wire_ns = igmp_sent_stamp(&link->asked, &now, realtime_ns);
		if (wire_ns && link->events.stamped)
			link->events.stamped(link->events.ctx, wire_ns);
	}
}

/* The time after it, 0 where it failed. Before a join that is held back there is no stamp. */
static uint64_t send_packet(
	struct igmp_link *link, const struct igmp_action *action, bool of_change)
{
	bool stamped = of_change && link->events.stamped && !igmp_host_holds(link->host);
	if (stamped)
		link->asked = read_clocks();
	int err = igmp_link_socket_send(link->line->fd, link->iface.index, action, stamped);
	uint64_t sent_ns = err == 0 ? uv_hrtime() : 0;
	note_send_result(link, err);
	if (stamped)
		take_stamps(link);
	return sent_ns;
}

/*
 * Carries out what the host answered. The time after the last packet sent, 0 where none was. While
 * the line is away or down nobody hears us: what is due waits in the host, where changes that
 * cancel each other vanish, and the rest goes out with what is announced when the line is back.
 */
static uint64_t carry_out(struct igmp_link *link, bool of_change)
{
	struct igmp_action action;
	uint64_t sent_ns = 0;
	if (!link->line || !link->iface.up)
		return 0;
	while (igmp_host_next_action(link->host, &action)) {
		if (action.type == IGMP_ACTION_NOTICE) {
			link->events.noticed(link->events.ctx, &action.notice);
			continue;
		}
		if (action.type != IGMP_ACTION_SEND) {
			change_mac(link, &action);
			continue;
		}
		uint64_t after_ns = send_packet(link, &action, of_change);
		if (after_ns)
			sent_ns = after_ns;
	}
	return sent_ns;
}

/* What is due by itself: repeats, answers, and what is left of the last change. */
static void carry_on(struct igmp_link *link)
{
	uint64_t sent_ns = carry_out(link, link->awaits_send);
	if (!link->awaits_send || sent_ns == 0 || igmp_host_holds(link->host))
		return;
	link->awaits_send = false;
	link->events.sent(link->events.ctx, sent_ns);
}

static void on_timer(uv_timer_t *timer);

static void arm_timer(struct igmp_link *link)
{
	uint64_t deadline_ns = igmp_host_deadline(link->host);
	if (link->retry_ns && link->retry_ns < deadline_ns)
		deadline_ns = link->retry_ns;
	if (deadline_ns == UINT64_MAX) {
		uv_timer_stop(&link->timer);
		return;
	}
	uint64_t now_ns = uv_hrtime();
	uint64_t wait_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
	/* Rounded up, as an early wake-up would only have to sleep again. */
	uv_timer_start(&link->timer, on_timer, wait_ns / NS_PER_MS + 1, 0);
}

/* False when the socket is empty. */
static bool receive_packet(struct igmp_link *link)
{
	uint8_t packet[IGMP_LINK_PACKET_MAX_BYTES];
	enum igmp_frame frame;
	ssize_t len = igmp_link_socket_receive(link->line->fd, packet, &frame);
	if (len < 0)
		/* Other errors (the line went down) are reported once by the socket and over. */
		return len != -EAGAIN;
	igmp_host_receive(link->host, packet, (size_t)len, frame, uv_hrtime());
	return true;
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct line *line = poll->data;
	struct igmp_link *link = line->link;
	(void)events;
	for (int i = 0; i < RECEIVE_MAX_PACKETS && receive_packet(link); i++)
		continue;
	/*
	 * libuv stops watching a descriptor that had an error, which a line going down is, and a
	 * stamp that came late.
	 */
	if (status < 0) {
		take_stamps(link);
		uv_poll_start(&line->poll, UV_READABLE, on_readable);
	}
	carry_on(link);
	arm_timer(link);
}

static void free_link(struct igmp_link *link)
{
	igmp_host_free(link->host);
	free(link);
}

/* The last handle's end is the link's, once its closing has been asked for. */
static void end_handle(struct igmp_link *link)
{
	if (--link->open_handles > 0)
		return;
	void (*done)(void *ctx) = link->done;
	void *ctx = link->done_ctx;
	free_link(link);
	done(ctx);
}

static void on_line_closed(uv_handle_t *handle)
{
	struct line *line = handle->data;
	struct igmp_link *link = line->link;
	free(line);
	end_handle(link);
}

static void take_drops(struct igmp_link *link)
{
	if (link->line)
		link->dropped_socket += igmp_link_socket_take_drops(link->line->fd);
}

static void close_line(struct igmp_link *link)
{
	struct line *line = link->line;
	if (!line)
		return;
	take_drops(link);
	link->line = NULL;
	uv_close((uv_handle_t *)&line->poll, on_line_closed);
	/* uv_close() has taken it out of the poll set. */
	close(line->fd);
}

static int open_line(struct igmp_link *link)
{
	struct line *line = calloc(1, sizeof *line);
	if (!line)
		return -ENOMEM;
	int err = line->fd = igmp_link_socket_open(link->iface.index);
	if (err >= 0)
		err = uv_poll_init(link->loop, &line->poll, line->fd);
	if (err < 0) {
		if (line->fd >= 0)
			close(line->fd);
		free(line);
		return err;
	}
	line->link = link;
	line->poll.data = line;
	link->line = line;
	link->open_handles++;
	uv_poll_start(&line->poll, UV_READABLE, on_readable);
	return 0;
}

/*
 * Where there is no socket and should be one, tries to open it; what was due before it went is with
 * the host. -errno, once, where none can be had: it is tried for again with every call, and by the
 * timer.
 */
static int find_line(struct igmp_link *link)
{
	bool was_missing = link->retry_ns != 0;
	link->retry_ns = 0;
	if (link->line || link->iface.index == 0 || !link->iface.speaks)
		return 0;
	int err = open_line(link);
	if (err < 0) {
		link->retry_ns = uv_hrtime() + RETRY_NS;
		return was_missing ? 0 : err;
	}
	igmp_host_rejoin_macs(link->host);
	if (!was_missing)
		return 0;
	igmp_host_announce(link->host, uv_hrtime());
	link->events.socket_back(link->events.ctx);
	return 0;
}

static void on_timer(uv_timer_t *timer)
{
	struct igmp_link *link = timer->data;
	igmp_host_advance(link->host, uv_hrtime());
	if (link->retry_ns && uv_hrtime() >= link->retry_ns)
		find_line(link);
	carry_on(link);
	arm_timer(link);
}

static int open_host(struct igmp_link *link, const struct igmp_host_settings *settings)
{
	struct igmp_host_settings s = *settings;
	link->mtu_is_the_interfaces = s.mtu_bytes == 0;
	if (link->mtu_is_the_interfaces)
		s.mtu_bytes = link->iface.mtu_bytes;
	if (s.seed == 0)
		uv_random(NULL, NULL, &s.seed, sizeof s.seed, 0, NULL);
	link->host = igmp_host_new(&s);
	if (!link->host)
		return -ENOMEM;
	igmp_host_set_address(link->host, link->iface.address);
	/*
	 * The next query may be minutes away, and a querier of version 2 understands no version 3.
	 * There are none of version 1 any more, but for forged ones.
	 */
	if (igmp_iface_system_version(&link->iface) == 2)
		igmp_host_presume_v2(link->host, uv_hrtime());
	return 0;
}

int igmp_link_open(uv_loop_t *loop, const struct igmp_iface *iface,
	const struct igmp_host_settings *settings, const struct igmp_link_events *events,
	const struct igmp_log *log, struct igmp_link **ret)
{
	if (!iface->speaks)
		return -EOPNOTSUPP;
	struct igmp_link *link = calloc(1, sizeof *link);
	if (!link)
		return -ENOMEM;
	link->loop = loop;
	link->iface = *iface;
	link->events = *events;
	link->log = *log;
	int err = open_host(link, settings);
	/* The last that can fail: nothing has to be closed then. */
	if (err == 0)
		err = open_line(link);
	if (err < 0) {
		free_link(link);
		return err;
	}
	uv_timer_init(loop, &link->timer);
	link->timer.data = link;
	link->open_handles++;
	*ret = link;
	return 0;
}

int igmp_link_listen(
	struct igmp_link *link, const struct igmp_change *changes, size_t n, uint64_t *ret_sent_ns)
{
	int err = igmp_host_listen(link->host, changes, n, uv_hrtime());
	if (err < 0)
		return err;
	find_line(link);
	uint64_t sent_ns = carry_out(link, true);
	bool is_down = !link->line || !link->iface.up;
	link->awaits_send = igmp_host_holds(link->host) || is_down || link->send_failed;
	*ret_sent_ns = link->awaits_send ? 0 : sent_ns;
	arm_timer(link);
	return 0;
}

const struct igmp_host *igmp_link_host(const struct igmp_link *link)
{
	return link->host;
}

void igmp_link_counters(struct igmp_link *link, struct igmp_counters *ret)
{
	take_drops(link);
	igmp_host_counters(link->host, ret);
	ret->dropped_socket = link->dropped_socket;
}

/* Where routers, or a switch between, may have forgotten us. */
static bool has_to_announce(const struct igmp_iface *old, const struct igmp_iface *now)
{
	return now->up && (!old->up || old->index != now->index || old->speaks != now->speaks ||
				  old->address.s_addr != now->address.s_addr);
}

int igmp_link_iface_changed(struct igmp_link *link, const struct igmp_iface *now)
{
	const struct igmp_iface old = link->iface;
	link->iface = *now;
	if (old.index != now->index || old.speaks != now->speaks)
		close_line(link);
	int err = find_line(link);
	igmp_host_set_address(link->host, now->address);
	if (link->mtu_is_the_interfaces)
		igmp_host_set_mtu(link->host, now->mtu_bytes);
	bool announces = link->line && has_to_announce(&old, now);
	if (announces)
		igmp_host_announce(link->host, uv_hrtime());
	carry_on(link);
	arm_timer(link);
	return err < 0 ? err : announces;
}

void igmp_link_announce(struct igmp_link *link)
{
	igmp_host_announce(link->host, uv_hrtime());
	carry_on(link);
	arm_timer(link);
}

static void on_timer_closed(uv_handle_t *handle)
{
	end_handle(handle->data);
}

void igmp_link_close(struct igmp_link *link, void (*done)(void *ctx), void *ctx)
{
	link->done = done;
	link->done_ctx = ctx;
	igmp_host_leave_all(link->host);
	carry_out(link, false);
	close_line(link);
	uv_close((uv_handle_t *)&link->timer, on_timer_closed);
}
