/*
 * What the IGMP host costs, without a link: every kind of event with few groups on an interface and
 * with many. Prints one column for each number of groups, each ten times the one before; the cost
 * of an event must hardly grow along a row.
 *
 *   igmp_cost [GROUPS]        the last column, default 10000
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "igmp/build.h"
#include "igmp/host.h"

#define NS_PER_S UINT64_C(1000000000)
#define FIRST_GROUPS 10
#define COLUMNS_MAX 6
#define GENERAL_QUERIES 100 /* one is answered for all of them */
#define EVENTS 20000	    /* at least, of each kind: for the clock */

enum row {
	JOIN,
	REPEAT,
	QUERY,
	ANSWER,
	ZAP,
	USER,
	LEAVE,
	GENERAL_QUERY,
	ALL_JOINED,
	ALL_ANSWERED,
	ROWS
};

static const char *const names[ROWS] = {
	[JOIN] = "join, its report made",
	[REPEAT] = "timer: a repeat sent",
	[QUERY] = "query for a group",
	[ANSWER] = "timer: a group's answer sent",
	[ZAP] = "zap: leave and join",
	[USER] = "one more user of a group",
	[LEAVE] = "leave, its report made",
	[GENERAL_QUERY] = "general query",
	[ALL_JOINED] = "all groups joined, one by one",
	[ALL_ANSWERED] = "general query answered for all",
};

/* One number of groups; times in ns, of all events of a kind together. */
struct column {
	unsigned groups;
	uint64_t spent_ns[ROWS];
	unsigned events[ROWS];
	unsigned reports; /* that answered the general query */
	size_t largest_bytes;
};

/* Our own time: what else the machine does is not the host's cost. */
static uint64_t clock_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

static void add(struct column *column, enum row row, uint64_t start_ns, unsigned events)
{
	column->spent_ns[row] += clock_ns() - start_ns;
	column->events[row] += events;
}

struct traffic {
	unsigned packets;
	size_t largest_bytes;
};

static struct traffic drain(struct igmp_host *host)
{
	struct igmp_action action;
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

static struct in_addr group_at(unsigned i)
{
	return (struct in_addr){htonl(0xef000000 + i * 7)};
}

static struct igmp_change change(unsigned group, bool join, uint32_t user)
{
	return (struct igmp_change){
		.group = group_at(group),
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
	drain(host);
}

static void listen_all(struct igmp_host *host, unsigned groups, bool join, uint64_t now_ns)
{
	for (unsigned i = 0; i < groups; i++) {
		const struct igmp_change one = change(i, join, 0);
		listen_or_exit(host, &one, 1, now_ns);
	}
}

/* Each deadline by itself, until `end_ns`. */
static uint64_t advance_until(struct igmp_host *host, uint64_t end_ns)
{
	while (igmp_host_deadline(host) <= end_ns) {
		igmp_host_advance(host, igmp_host_deadline(host));
		drain(host);
	}
	igmp_host_advance(host, end_ns);
	return end_ns;
}

static void hear(struct igmp_host *host, struct in_addr group, uint64_t now_ns)
{
	uint8_t packet[64];
	const struct igmp_query query = {
		.version = 3,
		.source.s_addr = htonl(0x0a0000fe),
		.destination.s_addr = group.s_addr ? group.s_addr : htonl(INADDR_ALLHOSTS_GROUP),
		.group = group,
		.max_response_ds = 100,
		.robustness = 2,
		.query_interval_s = 125,
	};
	int len = igmp_build_query(packet, sizeof packet, &query);
	igmp_host_receive(host, packet, (size_t)len, IGMP_FRAME_MULTICAST, now_ns);
}

static uint64_t measure_group_queries(
	struct igmp_host *host, struct column *column, uint64_t now_ns)
{
	uint64_t start_ns = clock_ns();
	for (unsigned i = 0; i < column->groups; i++)
		hear(host, group_at(i), now_ns);
	add(column, QUERY, start_ns, column->groups);
	start_ns = clock_ns();
	now_ns = advance_until(host, now_ns + 11 * NS_PER_S);
	add(column, ANSWER, start_ns, column->groups);
	return now_ns;
}

static uint64_t measure_general_query(
	struct igmp_host *host, struct column *column, uint64_t now_ns)
{
	uint64_t start_ns = clock_ns();
	for (unsigned i = 0; i < GENERAL_QUERIES; i++)
		hear(host, (struct in_addr){0}, now_ns);
	add(column, GENERAL_QUERY, start_ns, GENERAL_QUERIES);
	start_ns = clock_ns();
	igmp_host_advance(host, igmp_host_deadline(host));
	struct traffic traffic = drain(host);
	add(column, ALL_ANSWERED, start_ns, 1);
	column->reports = traffic.packets;
	column->largest_bytes = traffic.largest_bytes;
	return now_ns + 11 * NS_PER_S;
}

/* To groups beyond the others, which stay joined. */
static uint64_t measure_zaps(struct igmp_host *host, struct column *column, uint64_t now_ns)
{
	unsigned to = column->groups;
	const struct igmp_change first = change(to, true, 0), last = change(to + 1, false, 0);
	listen_or_exit(host, &first, 1, now_ns);
	uint64_t start_ns = clock_ns();
	for (unsigned i = 0; i < column->groups; i++) {
		const struct igmp_change pair[] = {
			change(to + i % 2, false, 0), change(to + (i + 1) % 2, true, 0)};
		listen_or_exit(host, pair, 2, now_ns);
	}
	add(column, ZAP, start_ns, column->groups);
	const struct igmp_change both[] = {change(to, false, 0), last};
	listen_or_exit(host, both, 2, now_ns);
	return advance_until(host, now_ns + 3 * NS_PER_S);
}

static void measure_users(struct igmp_host *host, struct column *column, uint64_t now_ns)
{
	uint64_t start_ns = clock_ns();
	for (unsigned i = 0; i < column->groups; i++) {
		const struct igmp_change one = change(0, true, 1 + i);
		listen_or_exit(host, &one, 1, now_ns);
	}
	add(column, USER, start_ns, column->groups);
	for (unsigned i = 0; i < column->groups; i++) {
		const struct igmp_change one = change(0, false, 1 + i);
		listen_or_exit(host, &one, 1, now_ns);
	}
}

static void measure(struct column *column)
{
	struct igmp_host *host = igmp_host_new(&(struct igmp_host_settings){
		.seed = 1, .max_groups = column->groups + 2, .answers_per_second = 1000000});
	uint64_t now_ns = NS_PER_S, start_ns = clock_ns();
	listen_all(host, column->groups, true, now_ns);
	add(column, JOIN, start_ns, column->groups);
	add(column, ALL_JOINED, start_ns, 1);
	start_ns = clock_ns();
	now_ns = advance_until(host, now_ns + 3 * NS_PER_S);
	add(column, REPEAT, start_ns, column->groups);
	now_ns = measure_group_queries(host, column, now_ns);
	now_ns = measure_general_query(host, column, now_ns);
	now_ns = measure_zaps(host, column, now_ns);
	measure_users(host, column, now_ns);
	start_ns = clock_ns();
	listen_all(host, column->groups, false, now_ns);
	add(column, LEAVE, start_ns, column->groups);
	igmp_host_free(host);
}

static void print_row(const struct column *columns, int n, enum row row)
{
	bool is_total = row == ALL_JOINED || row == ALL_ANSWERED;
	printf("| %s, %s |", names[row], is_total ? "ms" : "us");
	for (int i = 0; i < n; i++)
		printf(is_total ? " %.3f |" : " %.2f |", (double)columns[i].spent_ns[row] /
								 (is_total ? 1e6 : 1e3) /
								 columns[i].events[row]);
	printf("\n");
}

static void print_table(const struct column *columns, int n)
{
	printf("| groups |");
	for (int i = 0; i < n; i++)
		printf(" %u |", columns[i].groups);
	printf("\n|---|");
	for (int i = 0; i < n; i++)
		printf("---|");
	printf("\n");
	for (enum row row = 0; row < ROWS; row++)
		print_row(columns, n, row);
	printf("| reports of that answer, the largest in bytes |");
	for (int i = 0; i < n; i++)
		printf(" %u, %zu |", columns[i].reports, columns[i].largest_bytes);
	printf("\n");
}

int main(int argc, char **argv)
{
	unsigned most = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 10000;
	struct column columns[COLUMNS_MAX] = {0};
	int n = 0;
	for (unsigned groups = FIRST_GROUPS; groups <= most && n < COLUMNS_MAX; groups *= 10, n++) {
		columns[n].groups = groups;
		do
			measure(&columns[n]);
		while (columns[n].events[JOIN] < EVENTS);
	}
	print_table(columns, n);
	return 0;
}
