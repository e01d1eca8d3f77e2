/*
 * tests/unit/receive/channel: a channel of 25 pictures a second with AAC, as a head-end sends it,
 * and the stream that receives it, in virtual time.
 */
#pragma once

#include "client/receive/stream.h"
#include "tests/support/ts_writer.h"

#define CHANNEL_FRAME_NS UINT64_C(40000000)
#define CHANNEL_FRAME_90KHZ UINT64_C(3600)
#define CHANNEL_LEAD_90KHZ UINT64_C(72000) /* DTS minus PCR: 0.8 s */
#define CHANNEL_BODY 3000		   /* bytes of a picture's slice */

struct channel {
	struct ts_writer w;
	struct stream *stream;
	uint64_t now_ns;
	uint64_t frame; /* the next picture's number; its body is filled with 1 + frame % 200 */
	uint64_t start_90khz; /* DTS of frame 0 */
	uint64_t gop;	      /* every so many pictures a key picture; 0: none */
	enum ts_writer_picture key_picture;
	bool with_psi, with_pcr, with_audio, plain_udp;
	GPtrArray *datagrams; /* GBytes: written and not sent yet */
	GArray *events;	      /* struct stream_event, with data */
};

struct channel *channel_new(void);
void channel_free(struct channel *c);

/* Writes the next picture with what belongs to it, and 40 ms pass. */
void channel_write(struct channel *c);
/* Gives the stream what was written, and takes its events. */
void channel_send(struct channel *c);
void channel_send_bytes(struct channel *c, const void *data, size_t len);
void channel_write_and_send(struct channel *c, unsigned frames);
void channel_take_events(struct channel *c);

void channel_forget_events(struct channel *c);
unsigned channel_count(const struct channel *c, enum stream_event_type type);
/* The i-th unit of a kind; NULL when there are not so many. */
const struct stream_unit *channel_unit(const struct channel *c, enum stream_kind kind, unsigned i);
/* The fill of a unit's last byte. */
uint8_t channel_fill(const struct stream_unit *unit);
