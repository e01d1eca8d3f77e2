#include "tests/system/support/capture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "tests/support/test.h"

enum { FRAME_MAX_BYTES = 2048, RECEIVE_BUFFER_BYTES = 8 << 20 };

struct frame {
	uint64_t at_ns;
	bool to_box;
	size_t len;
	uint8_t packet[];
};

struct capture {
	int fd, stop_fd;
	GThread *thread;
	GMutex lock;
	GCond grown;
	GPtrArray *frames;
};

uint64_t capture_now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static uint64_t stamp_of(struct msghdr *message)
{
	struct timespec stamp = {0};
	for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
	return (uint64_t)stamp.tv_sec * 1000000000 + (uint64_t)stamp.tv_nsec;
}

static void take_frame(struct capture *capture)
{
	uint8_t bytes[FRAME_MAX_BYTES];
	char control[128];
	struct sockaddr_ll from;
	struct iovec iov = {bytes, sizeof bytes};
	struct msghdr message = {.msg_name = &from,
		.msg_namelen = sizeof from,
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof control};
	ssize_t len = recvmsg(capture->fd, &message, MSG_DONTWAIT);
	if (len < (ssize_t)sizeof(struct ip) || from.sll_protocol != htons(ETH_P_IP))
		return;
	struct frame *frame = g_malloc(sizeof *frame + (size_t)len);
	frame->at_ns = stamp_of(&message);
	frame->to_box = from.sll_pkttype == PACKET_OUTGOING;
	frame->len = (size_t)len;
	memcpy(frame->packet, bytes, (size_t)len);
	g_mutex_lock(&capture->lock);
	g_ptr_array_add(capture->frames, frame);
	g_cond_broadcast(&capture->grown);
	g_mutex_unlock(&capture->lock);
}

static gpointer collect(gpointer data)
{
	struct capture *capture = data;
	struct pollfd fds[] = {
		{.fd = capture->fd, .events = POLLIN}, {.fd = capture->stop_fd, .events = POLLIN}};
	while (poll(fds, 2, -1) < 0 || !fds[1].revents)
		take_frame(capture);
	return NULL;
}

/* Only a socket for all protocols sees what goes out of the port as well. */
static int open_socket(const char *port)
{
	const struct sockaddr_ll address = {.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(port)};
	const int on = 1, bytes = RECEIVE_BUFFER_BYTES;
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
	if (setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) < 0 ||
		bind(fd, (const struct sockaddr *)&address, sizeof address) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

struct capture *capture_open(const char *port)
{
	int fd = open_socket(port);
	if (fd < 0)
		return NULL;
	struct capture *capture = g_new0(struct capture, 1);
	capture->fd = fd;
	capture->stop_fd = eventfd(0, EFD_CLOEXEC);
	capture->frames = g_ptr_array_new_with_free_func(g_free);
	g_mutex_init(&capture->lock);
	g_cond_init(&capture->grown);
	capture->thread = g_thread_new("capture", collect, capture);
	return capture;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	eventfd_write(capture->stop_fd, 1);
	g_thread_join(capture->thread);
	close(capture->fd);
	close(capture->stop_fd);
	g_ptr_array_unref(capture->frames);
	g_mutex_clear(&capture->lock);
	g_cond_clear(&capture->grown);
	g_free(capture);
}

void capture_clear(struct capture *capture)
{
	g_mutex_lock(&capture->lock);
	g_ptr_array_set_size(capture->frames, 0);
	g_mutex_unlock(&capture->lock);
}

size_t capture_count(struct capture *capture)
{
	g_mutex_lock(&capture->lock);
	size_t count = capture->frames->len;
	g_mutex_unlock(&capture->lock);
	return count;
}

/* With the lock held. */
static struct captured look_at(const struct capture *capture, size_t i)
{
	const struct frame *frame = g_ptr_array_index(capture->frames, i);
	return (struct captured){frame->at_ns, frame->to_box, frame->packet, frame->len};
}

struct captured capture_at(struct capture *capture, size_t i)
{
	g_mutex_lock(&capture->lock);
	assert_true(i < capture->frames->len);
	struct captured found = look_at(capture, i);
	g_mutex_unlock(&capture->lock);
	return found;
}

/* With the lock held. */
static bool find(struct capture *capture, size_t *index, capture_match *match, const void *ctx,
	struct captured *ret)
{
	while (*index < capture->frames->len) {
		*ret = look_at(capture, (*index)++);
		if (match(ret, ctx))
			return true;
	}
	return false;
}

bool capture_await(struct capture *capture, size_t *index, uint64_t limit_ns, capture_match *match,
	const void *ctx, struct captured *ret)
{
	uint64_t now_ns = capture_now_ns();
	uint64_t wait_ns = limit_ns > now_ns ? limit_ns - now_ns : 0;
	gint64 deadline_us = g_get_monotonic_time() + (gint64)(wait_ns / 1000);
	g_mutex_lock(&capture->lock);
	bool found, in_time = true;
	while (!(found = find(capture, index, match, ctx, ret)) && in_time)
		in_time = g_cond_wait_until(&capture->grown, &capture->lock, deadline_us);
	g_mutex_unlock(&capture->lock);
	return found && ret->at_ns <= limit_ns;
}

bool capture_is_igmp_of_box(const struct captured *captured, const void *ctx)
{
	(void)ctx;
	return !captured->to_box && captured->packet[9] == IPPROTO_IGMP;
}

bool capture_is_change(const struct captured *captured, const void *ctx)
{
	if (!capture_is_igmp_of_box(captured, ctx))
		return false;
	struct igmp_message message = capture_message(captured);
	if (message.type != IGMP_TYPE_V3_REPORT)
		return false;
	struct igmp_record_reader reader = igmp_records(&message);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record))
		if (record.type >= IGMP_TO_IN)
			return true;
	return false;
}

bool capture_is_join(const struct captured *captured, const void *ctx)
{
	uint32_t group = htonl(*(const uint32_t *)ctx);
	if (!capture_is_igmp_of_box(captured, NULL))
		return false;
	struct igmp_message message = capture_message(captured);
	if (message.type != IGMP_TYPE_V3_REPORT)
		return message.type != IGMP_TYPE_V2_LEAVE && message.group.s_addr == group;
	struct igmp_record_reader reader = igmp_records(&message);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record))
		if (record.group.s_addr == group)
			return true;
	return false;
}

bool capture_is_query(const struct captured *captured, const void *ctx)
{
	uint32_t group = htonl(*(const uint32_t *)ctx);
	if (!captured->to_box || captured->packet[9] != IPPROTO_IGMP)
		return false;
	struct igmp_message message = capture_message(captured);
	return message.type == IGMP_TYPE_QUERY && message.group.s_addr == group;
}

bool capture_is_data(const struct captured *captured, const void *ctx)
{
	uint32_t group = htonl(*(const uint32_t *)ctx);
	return captured->to_box && captured->packet[9] == IPPROTO_UDP &&
	       !memcmp(captured->packet + 16, &group, sizeof group);
}

struct igmp_message capture_message(const struct captured *captured)
{
	struct igmp_message message;
	enum igmp_verdict verdict = igmp_parse(captured->packet, captured->len, &message);
	if (verdict != IGMP_VALID)
		fail_msg("an IGMP message that is none: verdict %d", verdict);
	return message;
}

static void append_record(GString *text, const struct igmp_record *record)
{
	static const char *const names[] = {
		"?", "IS_IN", "IS_EX", "TO_IN", "TO_EX", "ALLOW", "BLOCK"};
	char address[INET_ADDRSTRLEN];
	g_string_append_printf(text, "%s%s %s", text->len ? " | " : "",
		record->type < G_N_ELEMENTS(names) ? names[record->type] : "?",
		inet_ntop(AF_INET, &record->group, address, sizeof address));
	for (uint16_t i = 0; i < record->source_count; i++) {
		struct in_addr source = igmp_source(record->sources, i);
		g_string_append_printf(
			text, " %s", inet_ntop(AF_INET, &source, address, sizeof address));
	}
}

char *capture_describe(const struct captured *captured)
{
	struct igmp_message message = capture_message(captured);
	if (message.type != IGMP_TYPE_V3_REPORT)
		return g_strdup_printf("IGMP message of type 0x%x", message.type);
	GString *text = g_string_new(NULL);
	struct igmp_record_reader reader = igmp_records(&message);
	struct igmp_record record;
	while (igmp_record_next(&reader, &record))
		append_record(text, &record);
	return g_string_free(text, FALSE);
}

void capture_send_query(const char *port, unsigned max_response_tenths)
{
	/* Ethernet; IPv4 with the router alert option, 10.0.2.1 to 224.0.0.1; a general query with
	 * QRV 2 and QQI 125 s. */
	uint8_t frame[] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x01, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01,
		0x08, 0x00, 0x46, 0xc0, 0, 36, 0, 0, 0x40, 0, 1, 2, 0, 0, 10, 0, 2, 1, 224, 0, 0, 1,
		0x94, 4, 0, 0, 0x11, (uint8_t)max_response_tenths, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0};
	uint8_t *ip = frame + ETH_HLEN, *igmp = ip + 24;
	uint16_t sum = igmp_checksum(ip, 24);
	memcpy(ip + 10, &sum, 2);
	sum = igmp_checksum(igmp, 12);
	memcpy(igmp + 2, &sum, 2);
	const struct sockaddr_ll to = {.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex(port)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(
		sendto(fd, frame, sizeof frame, 0, (const struct sockaddr *)&to, sizeof to),
		sizeof frame);
	close(fd);
}

double capture_ms_between(uint64_t from_ns, uint64_t to_ns)
{
	return ((double)to_ns - (double)from_ns) / 1e6;
}
