/*
 * A network namespace of the test's own with a pair of interfaces: "box" (10.9.0.2/24), where the
 * code under test runs, and "net", which has no address and from which the test watches and asks.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Moves this process there. NULL, or why that is not possible here. */
const char *namespace_enter(void);

/* Runs `ip ARGUMENTS`; true where it succeeded. */
bool run_ip(const char *arguments);

/* The pair, when "box" was deleted; under this index, or any where it is 0. */
bool line_new(int index);

/* Sets "box" up and waits until the line carries packets. */
bool line_up(void);

/* Sets the other end down and waits until "box" has lost its carrier. */
bool line_down(void);

/* Watches the IGMP that leaves "box": an Ethernet frame each. The descriptor does not block. */
int capture_open(void);

/* Sends an IPv4 packet with this destination MAC from "net" to "box". */
void inject(const uint8_t mac[6], const uint8_t *packet, size_t len);

/* Puts CAP_NET_RAW into effect or out of it; how it was before. */
bool set_net_raw(bool on);

/* Whether "box" receives this MAC, 12 hexadecimal digits (/proc/net/dev_mcast). */
bool box_receives_mac(const char *mac);

/* How many sockets hold the group on the interface (/proc/net/igmp). */
unsigned group_users(const char *iface, const char *group);

/*
 * The sources, below 10.9.0.255, that the kernel has for the group on "box", by their last octet:
 * "+8 +9" where they are included and "-7" where excluded (/proc/net/mcfilter). Another group comes
 * and goes meanwhile, which is seen on the line.
 */
const char *box_group_filter(const char *group);

/* net.ipv4.NAME of this namespace; false where /proc/sys is not writable. */
bool set_sysctl(const char *name, const char *value);
