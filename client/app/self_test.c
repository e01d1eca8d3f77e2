#include "client/app/self_test.h"

#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "client/app/presser.h"
#include "client/bench/statistics.h"
#include "client/receive/socket.h"

#define MS_NS UINT64_C(1000000)
#define DELAY_NS (5 * MS_NS)
/* A press follows the last packet by that: whoever presses then meets an idle loop. */
#define PAUSE_NS (1 * MS_NS)
/* A datagram that was longer under way into the kernel was not sent at a known time. */
#define UNKNOWN_NS (50 * UINT64_C(1000))
/* The loopback loses nothing, but a packet filter may keep all of it. */
#define LOST_NS (200 * MS_NS)
#define LOST_MAX 5

struct self_test {
	uv_loop_t loop;
	struct presser *presser, *giving_up;
	struct receive_socket *socket;
	struct receive_flow flow;
	int in, out;
	uint32_t wanted, fed;
	struct zap *zap;
	uint64_t pressed_ns;
	GArray *errors_ms; /* double */

	/* What the sender's thread is asked for, and what it did. */
	GMutex lock;
	GCond asked;
	uint64_t send_ns;	      /* 0: nothing to do; UINT64_MAX: end */
	uint64_t before_ns, after_ns; /* its clock around sending */
};

/* ---- the sender: a thread, so that nothing of the loop's delays it ---- */

static void sleep_until(uint64_t at_ns)
{
	struct timespec at = {
		.tv_sec = (time_t)(at_ns / 1000000000), .tv_nsec = (long)(at_ns % 1000000000)};
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL) == EINTR)
		continue;
}

static uint64_t await_order(struct self_test *test)
{
	g_mutex_lock(&test->lock);
	while (!test->send_ns)
		g_cond_wait(&test->asked, &test->lock);
	uint64_t send_ns = test->send_ns;
	test->send_ns = 0;
	g_mutex_unlock(&test->lock);
	return send_ns;
}

static gpointer run_sender(gpointer data)
{
	struct self_test *test = data;
	static const uint8_t payload[188] = {0x47};
	for (uint64_t at_ns; (at_ns = await_order(test)) != UINT64_MAX;) {
		sleep_until(at_ns);
		g_mutex_lock(&test->lock);
		test->before_ns = uv_hrtime();
		ssize_t sent = send(test->out, payload, sizeof payload, 0);
		test->after_ns = sent < 0 ? UINT64_MAX : uv_hrtime();
		g_mutex_unlock(&test->lock);
	}
	return NULL;
}

static void order(struct self_test *test, uint64_t send_ns)
{
	g_mutex_lock(&test->lock);
	test->send_ns = send_ns;
	test->before_ns = test->after_ns = 0;
	g_cond_signal(&test->asked);
	g_mutex_unlock(&test->lock);
}

/* ---- the loop: as in a run ---- */

static void stop(struct self_test *test)
{
	presser_close(test->presser);
	presser_close(test->giving_up);
	receive_socket_close(test->socket);
	test->presser = test->giving_up = NULL;
	test->socket = NULL;
}

static void schedule(struct self_test *test)
{
	if (test->fed++ == test->wanted) {
		stop(test);
		return;
	}
	uint64_t now_ns = uv_hrtime();
	presser_set(test->presser, now_ns + PAUSE_NS);
	presser_set(test->giving_up, now_ns + LOST_NS);
}

static void on_press(void *ctx, uint64_t at_ns)
{
	struct self_test *test = ctx;
	struct zap_effects effects;
	struct zap_event event = {
		.type = ZAP_EVENT_TUNE, .channel = (int)(test->fed % 2), .at_ns = at_ns};
	test->pressed_ns = at_ns;
	zap_handle(test->zap, &event, &effects);
	order(test, at_ns + DELAY_NS);
}

static void on_lost(void *ctx, uint64_t at_ns)
{
	struct self_test *test = ctx;
	(void)at_ns;
	if (test->errors_ms->len || test->fed < LOST_MAX)
		schedule(test);
	else
		stop(test);
}

/* The figure, as a run has it. */
static double measured_ms(struct self_test *test, uint64_t arrival_ns)
{
	struct zap_effects effects;
	struct zap_event event = {
		.type = ZAP_EVENT_PACKETS, .n = zap_number(test->zap), .at_ns = arrival_ns};
	zap_handle(test->zap, &event, &effects);
	for (size_t i = 0; i < effects.count; i++) {
		struct bench_zap zap = {
			.record = effects.list[i].record, .scheduled_ns = test->pressed_ns};
		if (effects.list[i].type == ZAP_EFFECT_REACHED)
			return bench_figure(&zap, BENCH_FIRST_PACKET);
	}
	return NAN;
}

static void take_error(struct self_test *test, double ms)
{
	/* The sender holds the lock until it knows when it sent. */
	g_mutex_lock(&test->lock);
	uint64_t before_ns = test->before_ns, after_ns = test->after_ns;
	g_mutex_unlock(&test->lock);
	if (isnan(ms) || !before_ns || after_ns - before_ns > UNKNOWN_NS)
		return;
	/* The kernel took it between the two; that it is not known when is an error, too. */
	uint64_t sent_ns = before_ns + (after_ns - before_ns) / 2;
	double error_ms = fabs(ms - (double)(sent_ns - test->pressed_ns) / 1e6);
	g_array_append_val(test->errors_ms, error_ms);
}

static void on_datagram(void *ctx, const struct receive_datagram *datagram)
{
	struct self_test *test = ctx;
	if (!test->presser)
		return;
	take_error(test, measured_ms(test, datagram->arrival_ns));
	schedule(test);
}

/* ---- opening and closing ---- */

/* Two sockets of this machine, one sending to the other. */
static int open_sockets(struct self_test *test)
{
	struct sockaddr_in here = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof here;
	test->in = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	test->out = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (test->in < 0 || test->out < 0 ||
		bind(test->in, (struct sockaddr *)&here, sizeof here) < 0 ||
		getsockname(test->in, (struct sockaddr *)&here, &len) < 0 ||
		connect(test->out, (struct sockaddr *)&here, sizeof here) < 0)
		return -errno;
	test->flow = (struct receive_flow){here.sin_addr, here.sin_addr, ntohs(here.sin_port)};
	return 0;
}

/* The same two ways as in a run: a packet socket where permitted, else a UDP socket. */
static int open_reception(struct self_test *test)
{
	int error = receive_socket_open_packet(&test->loop, "lo", on_datagram, test, &test->socket);
	if (!error)
		return receive_socket_watch(test->socket, &test->flow, 1);
	error = receive_socket_open_lent(&test->loop, on_datagram, test, &test->socket);
	return error ? error : receive_socket_watch_fd(test->socket, &test->flow, test->in);
}

static int open_all(struct self_test *test)
{
	int error = open_sockets(test);
	if (!error)
		error = open_reception(test);
	if (!error)
		error = presser_open(&test->loop, on_press, test, &test->presser);
	if (!error)
		error = presser_open(&test->loop, on_lost, test, &test->giving_up);
	return error;
}

static void run_all(struct self_test *test)
{
	GThread *sender = g_thread_new("self-test", run_sender, test);
	schedule(test);
	uv_run(&test->loop, UV_RUN_DEFAULT);
	order(test, UINT64_MAX);
	g_thread_join(sender);
}

static void close_all(struct self_test *test)
{
	stop(test);
	uv_run(&test->loop, UV_RUN_DEFAULT);
	uv_loop_close(&test->loop);
	if (test->in >= 0)
		close(test->in);
	if (test->out >= 0)
		close(test->out);
	zap_free(test->zap);
	g_mutex_clear(&test->lock);
	g_cond_clear(&test->asked);
}

static void summarize(struct self_test *test, struct bench_self_test *ret)
{
	struct bench_sample errors;
	size_t count = test->errors_ms->len;
	bench_sample_init(&errors, (double *)g_array_free(test->errors_ms, FALSE), count);
	*ret = (struct bench_self_test){.count = (uint32_t)count,
		.delay_ms = (double)DELAY_NS / 1e6,
		.p50_ms = bench_percentile(&errors, 50),
		.p95_ms = bench_percentile(&errors, 95),
		.p99_ms = bench_percentile(&errors, 99),
		.max_ms = bench_percentile(&errors, 100)};
	bench_sample_clear(&errors);
}

int self_test_run(uint32_t count, struct bench_self_test *ret, char **ret_why)
{
	/* Channels to go to and fro between, so that each press is a zap. */
	const struct zap_settings settings = {
		.signal_timeout_ns = UINT64_MAX / 2, .rap_timeout_ns = UINT64_MAX / 2};
	struct self_test test = {.wanted = count, .in = -1, .out = -1};
	test.zap = zap_new(2, &settings);
	test.errors_ms = g_array_new(FALSE, FALSE, sizeof(double));
	g_mutex_init(&test.lock);
	g_cond_init(&test.asked);
	uv_loop_init(&test.loop);
	int error = open_all(&test);
	if (!error)
		run_all(&test);
	close_all(&test);
	summarize(&test, ret);
	if (!error && ret->count)
		return 0;
	*ret_why = g_strdup_printf("the self-test found out nothing: %s",
		error ? g_strerror(-error) : "no datagram comes through the loopback interface");
	return error ? error : -EIO;
}
