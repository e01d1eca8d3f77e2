/*
 * What the tests of both back ends share: igmp/membership on "box" (namespace.h), its loop and its
 * warnings, and the line watched from "net".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <uv.h>

#include "igmp/membership.h"

#define A "239.1.1.1"
#define B "239.1.1.2"
#define SSM "232.1.1.1"
#define SSM2 "232.1.1.2"
#define SOURCE "10.9.0.9"
#define PORT 5004

/* One test's loop, membership and log. */
struct edge {
	const char *no_namespace; /* why every test is skipped */
	uv_loop_t loop;
	struct igmp_membership *m;
	int capture;
	int warnings;
	char last_warning[512];
	struct igmp_host_settings settings; /* of the raw back end, for the next one opened */
	int sent; /* how often a change left later than it was asked for, and when last */
	uint64_t sent_ns;
	int said;
	char last_said[32];	  /* its type */
	char all_said[512];	  /* types, each with a blank behind it */
	int on_wire;		  /* how many packets the kernel has told the time of */
	uint64_t wire_ns;	  /* that of the last one */
	struct in_addr seen_from; /* the source of the last report that was seen */
	bool closed;
};

/* The group's setup makes the namespace; every test starts and ends with an empty house. */
int edge_group_setup(void **state);
int edge_group_teardown(void **state);
int edge_setup(void **state);
int edge_teardown(void **state);

#define edge_or_skip(state)                                                                        \
	*(state);                                                                                  \
	if (((struct edge *)*(state))->no_namespace)                                               \
		skip_because(((struct edge *)*(state))->no_namespace);                             \
	(void)0

/* TEST_EDGE(name): a cmocka test with this fixture. */
#define TEST_EDGE(name) cmocka_unit_test_setup_teardown(name, edge_setup, edge_teardown)

int try_open(struct edge *e, const char *iface, enum igmp_backend backend);
void open_on_box(struct edge *e, enum igmp_backend backend);
void close_membership(struct edge *e);

/* User 0's filter for one group; when its report left. */
uint64_t set(struct edge *e, const char *group, struct igmp_filter filter);
int zap(struct edge *e, const char *from, const char *to, struct igmp_filter filter);

/* The next frame on the line; "" when none comes within the time. The loop does not turn. */
const char *seen_within(struct edge *e, int ms);
/* The line's end was taken down: watches the new one. */
void reopen_capture(struct edge *e);
/* Turns the loop until this has been said last, or this report is on the line. */
void wait_until_said(struct edge *e, const char *type);
void wait_for(struct edge *e, const char *report);

/* Joins, and lets the repeat pass; on a membership that is open, or raw on "box". */
void join(struct edge *e, const char *group);
void open_joined(struct edge *e);
/* Just this report and one repeat of it (the robustness is 2), and nothing after them. */
void expect_announcement(struct edge *e, const char *report);

/* A UDP packet for the group; its payload is the source, so that a test sees which one came. */
void inject_data(const char *group, const char *source, uint16_t port);
/* The next payload within a second, or "". */
const char *data_on(int fd);

/* This process gets so many more descriptors and no others. Returns the limit as it was. */
struct rlimit allow_descriptors(unsigned more);

/* Another pair of interfaces in the place of this one, as line_new(): nothing is pending on it. */
void new_line(struct edge *e, int index);
