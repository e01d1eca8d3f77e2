#include "client/receive/batch.h"

#include "client/receive/clocks.h"

#include <errno.h>
#include <glib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
	BATCH_MESSAGES = 32,
	/* The largest jumbo frames in use. */
	MESSAGE_BYTES = 9216,
	CONTROL_BYTES = 256,
	/* The kernel doubles it: two seconds of a 30 Mb/s stream, as it counts memory. */
	SOCKET_BUFFER_BYTES = 8 * 1024 * 1024,
};

struct batch {
	int n_read; /* of the last read, with those left out */
	struct stamp_clock clock;
	struct mmsghdr headers[BATCH_MESSAGES];
	struct iovec vectors[BATCH_MESSAGES];
	struct sockaddr_in names[BATCH_MESSAGES];
	struct batch_message messages[BATCH_MESSAGES];
	_Alignas(struct cmsghdr) uint8_t controls[BATCH_MESSAGES][CONTROL_BYTES];
	uint8_t data[BATCH_MESSAGES][MESSAGE_BYTES];
};

struct batch *batch_new(void)
{
	struct batch *batch = g_new0(struct batch, 1);
	for (size_t i = 0; i < BATCH_MESSAGES; i++) {
		batch->vectors[i] = (struct iovec){batch->data[i], MESSAGE_BYTES};
		batch->headers[i].msg_hdr.msg_iov = &batch->vectors[i];
		batch->headers[i].msg_hdr.msg_iovlen = 1;
		batch->headers[i].msg_hdr.msg_name = &batch->names[i];
		batch->headers[i].msg_hdr.msg_control = batch->controls[i];
	}
	return batch;
}

void batch_free(struct batch *batch)
{
	g_free(batch);
}

void batch_prepare_socket(int fd)
{
	/* Each of them improves matters; none is worth failing for. */
	int on = 1, bytes = SOCKET_BUFFER_BYTES;
	setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_RXQ_OVFL, &on, sizeof(on));
	setsockopt(fd, IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
}

static uint64_t to_ns(const struct timespec *t)
{
	return (uint64_t)t->tv_sec * UINT64_C(1000000000) + (uint64_t)t->tv_nsec;
}

static void sample_clocks(struct stamp_clock *clock)
{
	struct clocks now = clocks_read();
	stamp_clock_sample(clock, now.realtime_ns, now.monotonic_ns);
}

static void read_control(const struct batch *batch, struct cmsghdr *control,
	struct batch_message *message, uint32_t *dropped_total)
{
	if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SCM_TIMESTAMPNS) {
		struct timespec stamp;
		memcpy(&stamp, CMSG_DATA(control), sizeof(stamp));
		message->arrival_ns = stamp_clock_convert(&batch->clock, to_ns(&stamp));
	} else if (control->cmsg_level == SOL_SOCKET && control->cmsg_type == SO_RXQ_OVFL) {
		memcpy(dropped_total, CMSG_DATA(control), sizeof(*dropped_total));
	} else if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
		struct in_pktinfo info;
		memcpy(&info, CMSG_DATA(control), sizeof(info));
		message->destination = info.ipi_addr;
	}
}

static void read_header(
	struct batch *batch, int i, struct batch_message *message, uint32_t *dropped_total)
{
	struct msghdr *header = &batch->headers[i].msg_hdr;

	*message = (struct batch_message){
		.data = batch->data[i],
		.len = batch->headers[i].msg_len,
		.arrival_ns = batch->clock.monotonic_ns,
	};
	if (header->msg_namelen >= sizeof(struct sockaddr_in) &&
		batch->names[i].sin_family == AF_INET)
		message->source = batch->names[i].sin_addr;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(header); c; c = CMSG_NXTHDR(header, c))
		read_control(batch, c, message, dropped_total);
}

int batch_read(struct batch *batch, int fd, uint32_t *dropped_total, uint64_t *truncated)
{
	for (size_t i = 0; i < BATCH_MESSAGES; i++) {
		batch->headers[i].msg_hdr.msg_namelen = sizeof(batch->names[i]);
		batch->headers[i].msg_hdr.msg_controllen = CONTROL_BYTES;
	}
	batch->n_read = recvmmsg(fd, batch->headers, BATCH_MESSAGES, MSG_DONTWAIT, NULL);
	if (batch->n_read < 0) {
		int error = errno;
		batch->n_read = 0;
		return error == EAGAIN || error == EINTR ? 0 : -error;
	}
	sample_clocks(&batch->clock);
	int n = 0;
	for (int i = 0; i < batch->n_read; i++) {
		if (batch->headers[i].msg_hdr.msg_flags & MSG_TRUNC)
			(*truncated)++;
		else
			read_header(batch, i, &batch->messages[n++], dropped_total);
	}
	return n;
}

const struct batch_message *batch_message(const struct batch *batch, int i)
{
	return &batch->messages[i];
}

bool batch_was_full(const struct batch *batch)
{
	return batch->n_read == BATCH_MESSAGES;
}
