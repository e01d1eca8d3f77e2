/*
 * system/support/lab: the lab that a test runs in, seen from its bridge (tests/system/run brings
 * both there). What is asked of it must succeed: a failure fails the test that asked.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

struct lab {
	char *dir;    /* the lab's state folder */
	char *zapper; /* the program under test */
	char *clips;  /* where the clips' checksums are */
	char *folder; /* for files of the test; goes with lab_close */
	char *db;     /* a line-up of the lab's eight channels, in that folder */
};

/* Why there is no lab to test in, or NULL. Call lab_close after NULL. */
const char *lab_open(struct lab *ret);
void lab_close(struct lab *lab);

/* CLOCK_MONOTONIC. */
uint64_t lab_now_ns(void);

/* One command to the head-end (tests/lab/command.h). */
void lab_headend(const struct lab *lab, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Starts a program in a node, its outputs going to files (NULL: they stay ours). Ends with the test
 * program, however that ends. Wait for it with lab_wait.
 */
pid_t lab_spawn(const struct lab *lab, const char *node, const char *const *argv, const char *out,
	const char *err);
/* The exit code, 128 plus the signal that ended it, or -1: it still runs after limit_ms. */
int lab_wait(pid_t pid, unsigned limit_ms);
/* Runs it to its end, which must be a good one. */
void lab_run(const struct lab *lab, const char *node, const char *const *argv);
#define lab_do(lab, node, ...) lab_run(lab, node, (const char *const[]){__VA_ARGS__, NULL})

/*
 * The groups of the lab's channels that the router forwards and that the bridge lets through to the
 * box: sorted, "232.1.1.2 239.1.1.1". Free with g_free.
 */
char *lab_router_groups(const struct lab *lab);
char *lab_bridge_groups(const struct lab *lab);

/* The channel's group in host order, and whether it is source-specific. */
uint32_t lab_group(int channel);
bool lab_is_ssm(int channel);
#define LAB_SOURCE 0x0a00010au /* 10.0.1.10 */

/* The Ethernet address of a node's interface. */
void lab_mac(const struct lab *lab, const char *node, const char *iface, uint8_t ret[6]);

/* A file of the test's folder by its name; free with g_free. */
char *lab_path(const struct lab *lab, const char *name);
char *lab_read(const char *path);
