/* client/iface: which network interface to listen on. */
#pragma once

/*
 * The own name of the interface `wanted`, which may be called by another (igmp/iface.h); as it is
 * where there is no such interface. Or where that is NULL or empty the first interface that is up,
 * no loopback, able to receive multicast, and has an IPv4 address. NULL where there is none. Freed
 * with g_free().
 */
char *iface_choose(const char *wanted);

/* What an error of net_open() means for an interface: "there is no such interface". */
const char *iface_sentence(int error);
