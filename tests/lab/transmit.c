#include "tests/lab/transmit.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#include "tests/lab/command.h"
#include "tests/lab/control.h"
#include "tests/lab/sender.h"

enum { BATCH = 32, TTL = 16, MAIN_SOURCE = 0, OTHER_SOURCE = 1, SOURCES = 2 };

/* Datagrams of one moment, for one system call. */
struct batch {
	int fd;
	unsigned count;
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	struct sockaddr_in groups[BATCH];
	uint8_t bytes[BATCH][SENDER_MAX_BYTES];
};

struct transmit {
	const struct transmit_options *options;
	struct sender *sender;
	struct control *control;
	int signals;
	struct batch batches[SOURCES];
	uint64_t failures;
	int last_error;
};

struct in_addr transmit_group(unsigned channel)
{
	uint32_t base = channel % 2 ? 0xEF010100 : 0xE8010100;
	return (struct in_addr){.s_addr = htonl(base | channel)};
}

static uint64_t now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static int open_source(struct in_addr source)
{
	const int ttl = TTL;
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = source};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 &&
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &source, sizeof source) == 0 &&
		setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

/* Packets that the kernel refuses are lost, as on any network; the first is worth a word. */
static void note_failure(struct transmit *transmit, int error)
{
	if (transmit->failures++ == 0)
		fprintf(stderr, "headend: a packet could not be sent: %s\n", strerror(error));
	transmit->last_error = error;
}

static void flush(struct transmit *transmit, struct batch *batch)
{
	for (unsigned sent = 0; sent < batch->count;) {
		int n = sendmmsg(batch->fd, batch->headers + sent, batch->count - sent, 0);
		if (n < 0)
			note_failure(transmit, errno);
		sent += n < 0 ? 1 : (unsigned)n;
	}
	batch->count = 0;
}

static void collect(void *user, const struct datagram *datagram)
{
	struct transmit *transmit = user;
	struct batch *batch =
		&transmit->batches[datagram->other_source ? OTHER_SOURCE : MAIN_SOURCE];
	if (batch->count == BATCH)
		flush(transmit, batch);
	unsigned i = batch->count++;
	memcpy(batch->bytes[i], datagram->bytes, datagram->size);
	batch->parts[i] = (struct iovec){.iov_base = batch->bytes[i], .iov_len = datagram->size};
	batch->groups[i] = (struct sockaddr_in){.sin_family = AF_INET,
		.sin_port = htons((uint16_t)(LAB_PORT + datagram->port_above)),
		.sin_addr = transmit_group(datagram->channel)};
	batch->headers[i].msg_hdr = (struct msghdr){.msg_name = &batch->groups[i],
		.msg_namelen = sizeof batch->groups[i],
		.msg_iov = &batch->parts[i],
		.msg_iovlen = 1};
}

static char *answer(void *user, const char *line)
{
	struct transmit *transmit = user;
	return command_run(transmit->sender, line);
}

/* True when a signal has come. */
static bool wait_and_serve(struct transmit *transmit)
{
	struct pollfd fds[1 + CONTROL_MAX_FDS] = {{.fd = transmit->signals, .events = POLLIN}};
	size_t n = control_fill(transmit->control, fds + 1);
	uint64_t deadline_ns = sender_deadline_ns(transmit->sender), now = now_ns();
	uint64_t left_ns = deadline_ns > now ? deadline_ns - now : 0;
	struct timespec timeout = {
		.tv_sec = (time_t)(left_ns / 1000000000), .tv_nsec = (long)(left_ns % 1000000000)};
	if (ppoll(fds, 1 + n, &timeout, NULL) <= 0)
		return false;
	control_serve(transmit->control, fds + 1, n, answer, transmit);
	return fds[0].revents != 0;
}

/* A head-end keeps its pace also while decoders and compilers want the same processors. */
static void ask_for_precision(void)
{
	const struct sched_param priority = {.sched_priority = 1};
	prctl(PR_SET_TIMERSLACK, 1UL);
	sched_setscheduler(
		0, SCHED_RR | SCHED_RESET_ON_FORK, &priority); /* or not, without rights */
}

static int run(struct transmit *transmit, void (*ready)(void))
{
	bool is_ready = false;
	ask_for_precision();
	do {
		sender_run(transmit->sender, now_ns(), collect, transmit);
		for (int i = 0; i < SOURCES; i++)
			flush(transmit, &transmit->batches[i]);
		if (is_ready)
			continue;
		if (transmit->failures)
			return -transmit->last_error;
		is_ready = sender_counts(transmit->sender).packets >= transmit->options->channels;
		if (is_ready)
			ready();
	} while (!wait_and_serve(transmit));
	return 0;
}

static int open_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	int fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

static int complain(const char *what, int error)
{
	if (error < 0)
		fprintf(stderr, "headend: %s: %s\n", what, strerror(-error));
	return error;
}

static int open_sources(struct transmit *transmit)
{
	const struct in_addr sources[SOURCES] = {
		transmit->options->source, transmit->options->other_source};
	for (int i = 0; i < SOURCES; i++) {
		char text[INET_ADDRSTRLEN];
		inet_ntop(AF_INET, &sources[i], text, sizeof text);
		transmit->batches[i].fd = open_source(sources[i]);
		if (complain(text, transmit->batches[i].fd) < 0)
			return transmit->batches[i].fd;
	}
	return 0;
}

static void close_if_open(int fd)
{
	if (fd >= 0)
		close(fd);
}

int transmit_run(const struct transmit_options *options, void (*ready)(void))
{
	struct transmit *transmit = g_new0(struct transmit, 1);
	transmit->options = options;
	for (int i = 0; i < SOURCES; i++)
		transmit->batches[i].fd = -1;
	transmit->signals = open_signals();
	int error = complain("signals", MIN(transmit->signals, 0));
	if (!error)
		error = open_sources(transmit);
	if (!error)
		error = complain(options->control_path,
			control_open(options->control_path, &transmit->control));
	if (!error) {
		transmit->sender =
			sender_create(options->feeds, options->channels, options->seed, now_ns());
		error = run(transmit, ready);
	}
	sender_destroy(transmit->sender);
	control_close(transmit->control);
	for (int i = 0; i < SOURCES; i++)
		close_if_open(transmit->batches[i].fd);
	close_if_open(transmit->signals);
	g_free(transmit);
	return error;
}
