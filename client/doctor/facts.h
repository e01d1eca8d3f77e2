/*
 * doctor/facts: what `zapper doctor` knows of this box, network and line-up. Plain values without
 * judgement, filled by the gather_*.c, one per source, and judged by doctor/findings.
 */
#pragma once

#include <glib.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/doctor/proc.h"

/* What merges packets on their way in (ethtool's features), as in force. */
struct doctor_merging {
	char name[IF_NAMESIZE]; /* whose they are: the interface's or, of a VLAN, its parent's */
	bool gro;		/* rx-gro: without it the others do nothing */
	/* rx-udp-gro-forwarding and rx-gro-list: also UDP that no socket wants merged */
	bool udp_forwarding, list;
};

/* Settings of [igmp] that matter to what is found. */
struct doctor_rules {
	bool fallback, v2_ssm, require_router_alert;
};

/* The interface that was asked for, or chosen. */
struct doctor_iface {
	char *name; /* "": none was named, and none can receive multicast */
	bool exists, up, carrier, multicast, loopback;
	struct in_addr address; /* 0.0.0.0: none */
	unsigned index;
	unsigned vlan;		  /* its id, 0: no VLAN interface */
	char parent[IF_NAMESIZE]; /* the VLAN's, "": unknown */
	struct doctor_merging merging;
};

/* What igmp/membership said when it was opened as `play` would open it. */
struct doctor_backend {
	const char *wanted; /* net.membership: "auto", "raw" or "kernel" */
	bool opened, raw;
	char *why;	/* which one runs, and what the other would change; or why none opens */
	bool raw_opens; /* would, if it were asked for */
	char *raw_why;	/* where it does not: why */
};

/* What the kernel knows and allows; numbers are -1 where it does not say. */
struct doctor_kernel {
	struct proc_igmp igmp;
	GArray *filters; /* of struct proc_filter, of this interface */
	long force_igmp_version, max_memberships, max_sources, rp_filter, rmem_max;
	long receive_buffer_bytes; /* what a socket that wants much gets */
};

/* One address of a channel. */
struct doctor_source {
	char number[24]; /* "5.1" */
	char *name;
	struct in_addr group, source; /* source 0.0.0.0: any */
	bool alternate;		      /* not the one that is played */
	bool radio;
};

struct doctor_lineup {
	char *path;
	int error; /* negative errno of opening or reading it, 0: it is there */
	char *why; /* a sentence for it */
	size_t channels;
	GArray *sources; /* of struct doctor_source */
};

/* A format of pictures or sound. */
struct doctor_format {
	const char *name;     /* "H.264" */
	bool sound, played;   /* played: by zapper; else GStreamer alone matters */
	const char *packages; /* Debian's, that have parser and decoder */
	bool parser, decoder; /* are there and open */
};

struct doctor_media {
	const struct doctor_format *formats;
	size_t format_count;
	struct doctor_format storage[8];
	char *video_sink, *audio_sink; /* what "auto" or the setting comes to; NULL: none opens */
	char *video_why, *audio_why;
	bool video_off, audio_off; /* the settings want none */
	const char *display;	   /* "wayland", "x11", "kms", or NULL: none answers */
	char *display_why;	   /* what was tried, where none does */
};

/* A notice of igmp's, from a player or from our own listening. */
struct doctor_notice {
	char *type, *sentence;
	double age_s;
};

/* Who asks for memberships. */
struct doctor_querier {
	struct in_addr address;
	unsigned version; /* 0: nobody has asked */
	unsigned robustness;
	double interval_s, age_s;
};

/* A counter that is not 0. */
struct doctor_counter {
	char *name;
	uint64_t value;
};

/* A `zapper play` that answers on the control socket. */
struct doctor_player {
	char *path;
	bool runs;
	int error; /* where something is there that does not answer well; negative errno */
	char *iface, *backend, *state;
	char *why;	       /* that back end */
	char *reason;	       /* NULL where all is well */
	unsigned host_version; /* 0: the kernel's, unknown */
	struct doctor_querier querier;
	struct doctor_rules rules; /* with the kernel back end nothing is set */
	uint64_t without_router_alert;
	GArray *notices; /* of struct doctor_notice */
	GArray *drops;	 /* of struct doctor_counter: IGMP packets and datagrams dropped */
	GArray *groups;	 /* of struct in_addr: what it has joined */
};

/* What our own link heard. */
struct doctor_heard {
	unsigned wait_s; /* 0: nobody listened */
	char *why_not;	 /* it could not */
	struct doctor_querier last;
	uint64_t queries, v1, v2, v3, without_router_alert;
	GArray *notices; /* of struct doctor_notice */
	GArray *drops;	 /* of struct doctor_counter */
};

struct doctor_facts {
	struct doctor_iface iface;
	struct doctor_backend backend;
	struct doctor_kernel kernel;
	char *settings_path;	   /* the file that was read, NULL: there is none */
	GPtrArray *settings_bad;   /* sentences */
	struct doctor_rules rules; /* on this interface */
	struct doctor_lineup lineup;
	struct doctor_media media;
	struct doctor_player player;
	struct doctor_heard heard;
};

/* All empty, with empty arrays. doctor_facts_clear() frees what is in there, not `facts`. */
void doctor_facts_init(struct doctor_facts *facts);
void doctor_facts_clear(struct doctor_facts *facts);
