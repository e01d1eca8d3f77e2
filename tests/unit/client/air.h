/* tests/unit/client/air: channels on air, on the loopback interface: short GOPs at a quick pace. */
#pragma once

#include "channels/lineup.h"
#include "client/app/net.h"
#include "tests/support/ts_writer.h"

enum { AIR_GOP = 10 };
/* So short that tests are, and to be sent at that pace: a clock that runs wild is another test. */
#define AIR_FRAME_90KHZ UINT64_C(180)
#define AIR_FRAME_US 2000
/* Pictures are due so long after they arrive. */
#define AIR_SLACK_NS UINT64_C(500000000)

/* A head-end's channel. */
struct air {
	struct ts_writer w;
	uint64_t frame;
	unsigned gop; /* in pictures */
	bool bare;    /* no parameter sets are sent, which slices refer to */
	size_t picture_bytes;
};

void air_init(struct air *air, uint32_t ssrc);
void air_clear(struct air *air);

/* source may be NULL: any. */
struct channel_source air_source(const char *group, const char *source, int port);
/* A port that no other test run of this moment takes, nor the next one. */
int air_port(void);
int air_open_sender(void);
/* A picture, its sound, PSI and PCR, to the address. */
void air_send_frame(struct air *air, int sender, const struct channel_address *to);

/* Channels numbered from 1, of one address each; ids and numbers are the same. */
void air_make_lineup(struct channel *rows, const struct channel_source *sources, size_t n);

/* A listener that takes what comes and keeps nothing, and options that recall nothing. */
struct net_listener air_deaf_listener(void);
struct net_options air_net_options(const struct channel_list *channels);
