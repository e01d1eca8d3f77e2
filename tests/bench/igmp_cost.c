/*
 * What the IGMP host costs, without a link: joins, zaps, queries and time with few groups and with
 * many. Prints a table; the cost of one event must hardly grow with the number of groups.
 *
 *   igmp_cost [GROUPS]        default 10000
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "igmp/build.h"
#include "igmp/host.h"

#define NS_PER_S UINT64_C(1000000000)
#define ROUNDS 2000

static uint64_t clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

struct traffic {
	unsigned packets;
	size_t largest_bytes;
};

static struct traffic drain(struct igmp_host *host)
{
	static struct igmp_action action;
	struct traffic traffic = {0};
	while (igmp_host_next_action(host, &action)) {
		if (action.type != IGMP_ACTION_SEND)
			continue;
		traffic.packets++;
		if (action.len > traffic.largest_bytes)
			traffic.largest_bytes = action.len;
	}
	return traffic;
}

static struct igmp_change change(unsigned group, bool join, uint32_t user)
{
	return (struct igmp_change){
		.group.s_addr = htonl(0xef000000 + group * 7),
		.filter.mode = join ? IGMP_EXCLUDE : IGMP_INCLUDE,
		.user = user,
	};
}

static void listen_or_exit(
	struct igmp_host *host, const struct igmp_change *changes, size_t n, uint64_t now_ns)
{
	if (igmp_host_listen(host, changes, n, now_ns) < 0) {
		fprintf(stderr, "igmp_cost: listen failed\n");
		exit(1);
	}
}

static uint64_t settle(struct igmp_host *host, uint64_t now_ns)
{
	for (uint64_t end_ns = now_ns + 3 * NS_PER_S; igmp_host_deadline(host) < end_ns;) {
		now_ns = igmp_host_deadline(host);
		igmp_host_advance(host, now_ns);
		drain(host);
	}
	return now_ns;
}

static void print_per_event(const char *what, unsigned groups, uint64_t spent_ns, unsigned events)
{
	printf("%-28s %8u groups %10.2f us each\n", what, groups, (double)spent_ns / 1000 / events);
}

static void measure_answer(struct igmp_host *host, unsigned groups, uint64_t now_ns)
{
	uint8_t packet[64];
	const struct igmp_query query = {
		.version = 3,
		.source.s_addr = htonl(0x0a0000fe),
		.destination.s_addr = htonl(INADDR_ALLHOSTS_GROUP),
		.max_response_ds = 100,
		.robustness = 2,
		.query_interval_s = 125,
	};
	int len = igmp_build_query(packet, sizeof packet, &query);
	uint64_t start_ns = clock_ns();
	igmp_host_receive(host, packet, (size_t)len, IGMP_FRAME_MULTICAST, now_ns);
	igmp_host_advance(host, igmp_host_deadline(host));
	struct traffic traffic = drain(host);
	printf("%-28s %8u groups %10.2f ms, %u reports, largest %zu bytes\n",
		"general query answered", groups, (double)(clock_ns() - start_ns) / 1e6,
		traffic.packets, traffic.largest_bytes);
}

static void measure_zaps(struct igmp_host *host, unsigned groups, uint64_t now_ns)
{
	uint64_t start_ns = clock_ns();
	for (unsigned i = 0; i < ROUNDS; i++) {
		const struct igmp_change pair[] = {
			change(groups + i, false, 0), change(groups + i + 1, true, 0)};
		listen_or_exit(host, pair, 2, now_ns + i * 1000);
		drain(host);
	}
	print_per_event("zap (leave and join)", groups, clock_ns() - start_ns, ROUNDS);
}

static void measure_users(struct igmp_host *host, unsigned groups, uint64_t now_ns)
{
	uint64_t start_ns = clock_ns();
	for (unsigned i = 0; i < groups; i++) {
		const struct igmp_change one = change(0, true, 1 + i);
		listen_or_exit(host, &one, 1, now_ns);
		drain(host);
	}
	print_per_event("user more of one group", groups, clock_ns() - start_ns, groups);
}

static void measure(unsigned groups)
{
	struct igmp_host *host = igmp_host_new(
		&(struct igmp_host_settings){.seed = 1, .max_groups = groups + ROUNDS + 2});
	uint64_t now_ns = NS_PER_S, start_ns = clock_ns();
	for (unsigned i = 0; i < groups; i++) {
		const struct igmp_change one = change(i, true, 0);
		listen_or_exit(host, &one, 1, now_ns);
		drain(host);
	}
	uint64_t spent_ns = clock_ns() - start_ns;
	printf("%-28s %8u groups %10.2f ms\n", "joined one by one", groups, (double)spent_ns / 1e6);
	print_per_event("join", groups, spent_ns, groups);
	start_ns = clock_ns();
	now_ns = settle(host, now_ns);
	print_per_event("repeat", groups, clock_ns() - start_ns, groups);
	measure_answer(host, groups, now_ns);
	measure_zaps(host, groups, now_ns + 20 * NS_PER_S);
	measure_users(host, groups, now_ns + 60 * NS_PER_S);
	igmp_host_free(host);
}

int main(int argc, char **argv)
{
	unsigned most = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
	for (unsigned groups = most > 100 ? most / 100 : 1; groups <= most; groups *= 10)
		measure(groups);
	return 0;
}
