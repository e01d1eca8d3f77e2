#include "tests/unit/igmp/edge.h"

#include <net/ethernet.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/namespace.h"
#include "tests/unit/igmp/packets.h"

static void on_log(void *ctx, enum igmp_log_level level, const char *sentence)
{
	struct edge *e = ctx;
	if (level > IGMP_LOG_WARNING)
		return;
	e->warnings++;
	snprintf(e->last_warning, sizeof e->last_warning, "%s", sentence);
}

static void on_noticed(void *ctx, const struct igmp_said *said)
{
	struct edge *e = ctx;
	e->said++;
	snprintf(e->last_said, sizeof e->last_said, "%s", said->type);
	assert_true(strlen(e->all_said) + strlen(said->type) + 2 < sizeof e->all_said);
	strcat(strcat(e->all_said, said->type), " ");
}

static void on_sent(void *ctx, uint64_t at_ns)
{
	struct edge *e = ctx;
	e->sent++;
	e->sent_ns = at_ns;
}

static void on_stamped(void *ctx, uint64_t wire_ns)
{
	struct edge *e = ctx;
	e->on_wire++;
	e->wire_ns = wire_ns;
}

int edge_group_setup(void **state)
{
	struct edge *e = calloc(1, sizeof *e);
	assert_non_null(e);
	e->no_namespace = namespace_enter();
	*state = e;
	return 0;
}

int edge_group_teardown(void **state)
{
	free(*state);
	return 0;
}

int edge_setup(void **state)
{
	struct edge *e = *state;
	if (e->no_namespace)
		return 0;
	assert_int_equal(uv_loop_init(&e->loop), 0);
	e->m = NULL;
	e->warnings = 0;
	e->last_warning[0] = '\0';
	e->settings = (struct igmp_host_settings){.unsolicited_interval_ns = 20 * MS};
	e->sent = 0;
	e->said = e->on_wire = 0;
	e->wire_ns = 0;
	e->last_said[0] = e->all_said[0] = '\0';
	e->closed = false;
	e->capture = capture_open();
	return 0;
}

static void on_closed(void *ctx)
{
	((struct edge *)ctx)->closed = true;
}

void close_membership(struct edge *e)
{
	igmp_membership_close(e->m, on_closed, e);
	assert_int_equal(e->closed, e->m == NULL); /* from the loop, unless there was nothing */
	assert_int_equal(uv_run(&e->loop, UV_RUN_DEFAULT), 0);
	assert_true(e->closed);
	e->m = NULL;
}

int edge_teardown(void **state)
{
	struct edge *e = *state;
	if (e->no_namespace)
		return 0;
	close_membership(e);
	assert_int_equal(uv_loop_close(&e->loop), 0);
	close(e->capture);
	return 0;
}

int try_open(struct edge *e, const char *iface, enum igmp_backend backend)
{
	const struct igmp_membership_options options = {
		.iface = iface,
		.backend = backend,
		.host = e->settings,
		.log = on_log,
		.log_ctx = e,
		.noticed = on_noticed,
		.sent = on_sent,
		.stamped = on_stamped,
		.event_ctx = e,
	};
	return igmp_membership_open(&e->loop, &options, &e->m);
}

void open_on_box(struct edge *e, enum igmp_backend backend)
{
	assert_int_equal(try_open(e, "box", backend), 0);
	assert_int_equal(igmp_membership_backend(e->m, NULL), backend);
}

uint64_t set(struct edge *e, const char *group, struct igmp_filter filter)
{
	uint64_t sent_ns = 1;
	const struct igmp_listen request = {ip(group), filter, PORT, 0};
	assert_int_equal(igmp_membership_listen(e->m, &request, 1, &sent_ns), 0);
	return sent_ns;
}

int zap(struct edge *e, const char *from, const char *to, struct igmp_filter filter)
{
	const struct igmp_listen requests[] = {
		{ip(to), filter, PORT, 0}, {ip(from), include(""), PORT, 0}};
	return igmp_membership_listen(e->m, requests, 2, NULL);
}

const char *seen_within(struct edge *e, int ms)
{
	static char text[4096];
	static const uint8_t mac[] = {0x01, 0x00, 0x5e, 0x00, 0x00, 0x16};
	uint8_t frame[2048];
	struct pollfd pollfd = {.fd = e->capture, .events = POLLIN};
	text[0] = '\0';
	poll(&pollfd, 1, ms);
	ssize_t len = recv(e->capture, frame, sizeof frame, 0);
	if (len <= 0)
		return text;
	assert_true(len > ETH_HLEN);
	assert_memory_equal(frame, mac, sizeof mac);
	memcpy(&e->seen_from, frame + ETH_HLEN + 12, sizeof e->seen_from);
	report_text(frame + ETH_HLEN, (size_t)len - ETH_HLEN, text, sizeof text);
	return text;
}

void reopen_capture(struct edge *e)
{
	close(e->capture);
	e->capture = capture_open();
}

void wait_until_said(struct edge *e, const char *type)
{
	uint64_t until = uv_hrtime() + (5 * SECOND);
	while (strcmp(e->last_said, type)) {
		if (uv_hrtime() >= until)
			fail_msg("said \"%s\" instead of %s", e->all_said, type);
		uv_run(&e->loop, UV_RUN_NOWAIT);
		poll(NULL, 0, 1);
	}
}

void wait_for(struct edge *e, const char *report)
{
	uint64_t until = uv_hrtime() + (5 * SECOND);
	while (strcmp(seen_within(e, 1), report)) {
		assert_true(uv_hrtime() < until);
		uv_run(&e->loop, UV_RUN_NOWAIT);
	}
}

void inject_data(const char *group, const char *source, uint16_t port)
{
	uint8_t packet[64] = {0x45, 0, 0, 0, 0, 0, 0x40, 0, 8, IPPROTO_UDP};
	const struct in_addr from = ip(source), to = ip(group);
	uint8_t mac[6] = {0x01, 0x00, 0x5e};
	size_t payload = strlen(source);
	packet[3] = (uint8_t)(28 + payload);
	memcpy(packet + 12, &from, 4);
	memcpy(packet + 16, &to, 4);
	memcpy(mac + 3, packet + 17, 3);
	mac[3] &= 0x7f;
	uint16_t sum = igmp_checksum(packet, 20);
	memcpy(packet + 10, &sum, 2);
	packet[20] = packet[22] = (uint8_t)(port >> 8);
	packet[21] = packet[23] = port & 0xff;
	packet[25] = (uint8_t)(8 + payload); /* and no checksum */
	memcpy(packet + 28, source, payload);
	inject(mac, packet, 28 + payload);
}

const char *data_on(int fd)
{
	static char data[32];
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	poll(&pollfd, 1, 1000);
	ssize_t len = recv(fd, data, sizeof data - 1, 0);
	data[len > 0 ? len : 0] = '\0';
	return data;
}

void new_line(struct edge *e, int index)
{
	close(e->capture);
	assert_true(run_ip("link del box") || !if_nametoindex("box"));
	assert_true(line_new(index));
	e->capture = capture_open();
}

void join(struct edge *e, const char *group)
{
	char report[64];
	snprintf(report, sizeof report, "TO_EX %s", group);
	set(e, group, exclude(""));
	wait_for(e, report);
	wait_for(e, report);
}

void expect_announcement(struct edge *e, const char *report)
{
	wait_for(e, report);
	for (int i = 0; i < 2; i++) {
		const char *seen = "";
		for (int ms = 0; ms < 100 && !*seen; ms++) {
			uv_run(&e->loop, UV_RUN_NOWAIT);
			seen = seen_within(e, 1);
		}
		assert_string_equal(seen, i == 0 ? report : "");
	}
}

void open_joined(struct edge *e)
{
	open_on_box(e, IGMP_BACKEND_RAW);
	join(e, A);
}

struct rlimit allow_descriptors(unsigned more)
{
	struct rlimit before, now;
	int next = dup(0);
	assert_true(next >= 0);
	close(next);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	now = (struct rlimit){(rlim_t)next + more, before.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &now), 0);
	return before;
}
