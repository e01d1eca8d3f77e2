#include "igmp/iface_watch.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>

#include "igmp/iface_track.h"

/* The kernel makes none larger. */
#define MESSAGE_MAX_BYTES 32768

/* Read in one turn of the loop: other interfaces' changes must not keep keys waiting. */
#define MESSAGES_PER_TURN 64

struct igmp_iface_watch {
	struct igmp_iface_track track;
	struct mnl_socket *socket;
	uv_poll_t poll;
	/* Numbers of the questions that have no answer yet, or 0. */
	uint32_t link_question, address_question;
	uint32_t last_question;
	bool has_lost; /* messages: everything has to be asked anew */
	bool closing;
	igmp_iface_changed_fn changed;
	void *ctx;
	void (*done)(void *ctx);
	void *done_ctx;
};

static struct nlmsghdr *begin_question(
	struct igmp_iface_watch *watch, void *buffer, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	/* Never 0, which is the number of no question. */
	if (++watch->last_question == 0)
		watch->last_question = 1;
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = watch->last_question;
	return message;
}

/* What cannot be asked is asked again with the next message. */
static uint32_t send_question(struct igmp_iface_watch *watch, const struct nlmsghdr *message)
{
	ssize_t sent = mnl_socket_sendto(watch->socket, message, message->nlmsg_len);
	return sent < 0 ? 0 : message->nlmsg_seq;
}

static bool ask_for_link(struct igmp_iface_watch *watch)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *message = begin_question(watch, buffer, RTM_GETLINK, 0);
	mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(message, IFLA_IFNAME, watch->track.now.name);
	watch->link_question = send_question(watch, message);
	return watch->link_question != 0;
}

static bool ask_for_addresses(struct igmp_iface_watch *watch)
{
	_Alignas(struct nlmsghdr) char buffer[256];
	struct nlmsghdr *message = begin_question(watch, buffer, RTM_GETADDR, NLM_F_DUMP);
	struct ifaddrmsg *address = mnl_nlmsg_put_extra_header(message, sizeof *address);
	address->ifa_family = AF_INET;
	/* Before Linux 4.20 those of every interface come all the same. */
	address->ifa_index = (unsigned)watch->track.now.index;
	watch->address_question = send_question(watch, message);
	return watch->address_question != 0;
}

static void ask(struct igmp_iface_watch *watch)
{
	if (watch->has_lost && !watch->link_question && ask_for_link(watch)) {
		watch->has_lost = false;
		watch->track.wants_addresses = true;
	}
	/* One at a time: the kernel refuses a second dump while one runs. */
	if (watch->track.wants_addresses && !watch->address_question && !watch->link_question &&
		watch->track.now.index != 0 && ask_for_addresses(watch))
		igmp_iface_track_addresses_asked(&watch->track);
}

/* Events carry the number of whoever caused them. */
static bool is_answer(
	const struct igmp_iface_watch *watch, const struct nlmsghdr *message, uint32_t question)
{
	return question != 0 && message->nlmsg_seq == question &&
	       message->nlmsg_pid == mnl_socket_get_portid(watch->socket);
}

static void end_question(struct igmp_iface_watch *watch, const struct nlmsghdr *message)
{
	if (is_answer(watch, message, watch->address_question)) {
		watch->address_question = 0;
		igmp_iface_track_addresses_end(&watch->track);
		return;
	}
	if (!is_answer(watch, message, watch->link_question))
		return;
	watch->link_question = 0;
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(message);
	if (message->nlmsg_type == NLMSG_ERROR && error->error == -ENODEV)
		igmp_iface_track_gone(&watch->track);
}

static void take_message(struct igmp_iface_watch *watch, const struct nlmsghdr *message)
{
	/* Something changed while the kernel was listing it. */
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		watch->track.wants_addresses = true;
	switch (message->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		if (is_answer(watch, message, watch->link_question))
			watch->link_question = 0;
		igmp_iface_track_link(&watch->track, message);
		return;
	case RTM_NEWADDR:
		if (is_answer(watch, message, watch->address_question)) {
			igmp_iface_track_answer(&watch->track, message);
			return;
		}
		igmp_iface_track_address(&watch->track, message);
		return;
	case RTM_DELADDR:
		igmp_iface_track_address(&watch->track, message);
		return;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		end_question(watch, message);
		return;
	}
}

/* False when there is nothing more. */
static bool read_messages(struct igmp_iface_watch *watch)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX_BYTES];
	ssize_t len = mnl_socket_recvfrom(watch->socket, buffer, sizeof buffer);
	/* The socket was full, or a message larger than the buffer: answers may be lost as well. */
	if (len < 0 && (errno == ENOBUFS || errno == ENOSPC)) {
		watch->has_lost = true;
		watch->link_question = watch->address_question = 0;
		return true;
	}
	if (len < 0)
		return errno == EINTR;
	int left = (int)len;
	for (const struct nlmsghdr *message = (const struct nlmsghdr *)buffer;
		mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
		take_message(watch, message);
	return true;
}

static void tell(struct igmp_iface_watch *watch)
{
	struct igmp_iface now;
	while (!watch->closing && igmp_iface_track_next(&watch->track, &now))
		watch->changed(watch->ctx, &now);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
	struct igmp_iface_watch *watch = poll->data;
	bool more = true;
	(void)events;
	for (int i = 0; i < MESSAGES_PER_TURN && more; i++)
		more = read_messages(watch);
	/* A socket that was full takes nothing, answers neither, until it is empty. */
	if (!more)
		ask(watch);
	/* Whoever announces itself wants to know its address: what is asked for is waited for. */
	if (!more && !watch->link_question && !watch->address_question)
		tell(watch);
	/* libuv stops watching a descriptor that had an error, which lost messages are. */
	if (status < 0 && !watch->closing)
		uv_poll_start(&watch->poll, UV_READABLE, on_readable);
}

static int open_socket(struct igmp_iface_watch *watch)
{
	int on = 1;
	watch->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!watch->socket)
		return -errno;
	mnl_socket_setsockopt(watch->socket, NETLINK_GET_STRICT_CHK, &on, sizeof on);
	if (mnl_socket_bind(watch->socket, RTMGRP_LINK | RTMGRP_IPV4_IFADDR, MNL_SOCKET_AUTOPID) <
		0)
		return -errno;
	return 0;
}

static void free_watch(struct igmp_iface_watch *watch)
{
	if (watch->socket)
		mnl_socket_close(watch->socket);
	free(watch);
}

int igmp_iface_watch_open(uv_loop_t *loop, const struct igmp_iface *iface,
	igmp_iface_changed_fn changed, void *ctx, struct igmp_iface_watch **ret)
{
	struct igmp_iface_watch *watch = calloc(1, sizeof *watch);
	if (!watch)
		return -ENOMEM;
	watch->changed = changed;
	watch->ctx = ctx;
	igmp_iface_track_init(&watch->track, iface);
	int err = open_socket(watch);
	if (err == 0)
		err = uv_poll_init(loop, &watch->poll, mnl_socket_get_fd(watch->socket));
	if (err < 0) {
		free_watch(watch);
		return err;
	}
	watch->poll.data = watch;
	uv_poll_start(&watch->poll, UV_READABLE, on_readable);
	/* What happened before the socket was there has been missed. */
	watch->has_lost = true;
	ask(watch);
	*ret = watch;
	return 0;
}

static void on_closed(uv_handle_t *handle)
{
	struct igmp_iface_watch *watch = handle->data;
	void (*done)(void *ctx) = watch->done;
	void *ctx = watch->done_ctx;
	free_watch(watch);
	done(ctx);
}

void igmp_iface_watch_close(struct igmp_iface_watch *watch, void (*done)(void *ctx), void *ctx)
{
	watch->closing = true;
	watch->done = done;
	watch->done_ctx = ctx;
	uv_close((uv_handle_t *)&watch->poll, on_closed);
}
