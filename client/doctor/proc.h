/*
 * doctor/proc: the kernel's tables of IGMP as text. Pure; whatever does not look like a line of
 * theirs is passed over.
 */
#pragma once

#include <glib.h>
#include <netinet/in.h>

/* A group that programs of this box hold on an interface. */
struct proc_group {
	struct in_addr group;
	unsigned users;
};

/* One interface in /proc/net/igmp. */
struct proc_igmp {
	unsigned version; /* of the queriers that the kernel has heard: 1, 2, 3; 0: not listed */
	GArray *groups;	  /* of struct proc_group; 224.0.0.1 is left out: it is every host's */
};

/* Reads the interface's part of /proc/net/igmp; ret->groups is a new array. */
void proc_read_igmp(const char *text, const char *iface, struct proc_igmp *ret);

/* A source of a group, in /proc/net/mcfilter. */
struct proc_filter {
	struct in_addr group, source;
	unsigned includes, excludes; /* how many sockets */
};

/*
 * Reads /proc/net/mcfilter's lines of an interface (it cuts names: the index counts). New array.
 * The kernel shows an interface there only where the group it joined last has sources.
 */
GArray *proc_read_mcfilter(const char *text, unsigned ifindex);

/* The number that a file below /proc/sys holds; -1 for anything else. */
long proc_read_number(const char *text);

/*
 * /proc/net/vlan/IFACE: the VLAN's id, 0 where the text does not say; `ret_parent` (IF_NAMESIZE
 * bytes) gets the name of the interface below, "" where it does not say.
 */
unsigned proc_read_vlan(const char *text, char *ret_parent);
