#include "tests/unit/receive/channel.h"

struct channel *channel_new(void)
{
	struct channel *c = g_new0(struct channel, 1);
	ts_writer_init(&c->w);
	c->stream = stream_new();
	c->now_ns = UINT64_C(1000000000000);
	c->start_90khz = 900000;
	c->gop = 10;
	c->key_picture = TS_WRITER_IDR;
	c->with_psi = c->with_pcr = c->with_audio = true;
	c->datagrams = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	c->events = g_array_new(FALSE, FALSE, sizeof(struct stream_event));
	return c;
}

void channel_free(struct channel *c)
{
	channel_forget_events(c);
	g_array_unref(c->events);
	g_ptr_array_unref(c->datagrams);
	stream_free(c->stream);
	ts_writer_clear(&c->w);
	g_free(c);
}

static void write_video(struct channel *c, uint64_t dts_90khz)
{
	bool key = c->gop > 0 && c->frame % c->gop == 0;
	GByteArray *unit = ts_writer_h264(
		key ? c->key_picture : TS_WRITER_P, CHANNEL_BODY, (uint8_t)(1 + c->frame % 200));
	ts_writer_pes(&c->w, &(struct ts_writer_pes){
				     .pid = c->w.video_pid,
				     .stream_id = 0xe0,
				     .pts_90khz = dts_90khz + CHANNEL_FRAME_90KHZ,
				     .dts_90khz = dts_90khz,
				     .data = unit->data,
				     .len = unit->len,
			     });
	g_byte_array_unref(unit);
}

static void write_audio(struct channel *c, uint64_t pts_90khz)
{
	GByteArray *frame = ts_writer_adts(200, (uint8_t)(1 + c->frame % 200));
	ts_writer_pes(&c->w, &(struct ts_writer_pes){
				     .pid = c->w.audio_pid,
				     .stream_id = 0xc0,
				     .pts_90khz = pts_90khz,
				     .dts_90khz = TS_WRITER_NO_TIME,
				     .bounded = true,
				     .data = frame->data,
				     .len = frame->len,
			     });
	g_byte_array_unref(frame);
}

void channel_write(struct channel *c)
{
	uint64_t dts_90khz = c->start_90khz + c->frame * CHANNEL_FRAME_90KHZ;
	uint8_t payload[TS_WRITER_DATAGRAM_MAX];
	size_t len;

	if (c->with_psi) {
		ts_writer_pat(&c->w);
		ts_writer_pmt(&c->w);
	}
	if (c->with_pcr)
		ts_writer_pcr(&c->w, (dts_90khz - CHANNEL_LEAD_90KHZ) * 300, false);
	write_video(c, dts_90khz);
	if (c->with_audio)
		write_audio(c, dts_90khz - CHANNEL_LEAD_90KHZ + 9000);
	c->frame++;
	while ((len = c->plain_udp ? ts_writer_take_udp(&c->w, payload)
				   : ts_writer_take_rtp(&c->w, payload)) > 0)
		g_ptr_array_add(c->datagrams, g_bytes_new(payload, len));
}

void channel_take_events(struct channel *c)
{
	struct stream_event event;
	while (stream_next_event(c->stream, &event))
		g_array_append_val(c->events, event);
}

void channel_send_bytes(struct channel *c, const void *data, size_t len)
{
	uint8_t *copy = g_memdup2(data, len); /* its end is the end of memory */
	stream_receive(c->stream, copy, len, c->now_ns);
	g_free(copy);
	channel_take_events(c);
}

void channel_send(struct channel *c)
{
	for (guint i = 0; i < c->datagrams->len; i++) {
		gsize len;
		const void *data = g_bytes_get_data(g_ptr_array_index(c->datagrams, i), &len);
		channel_send_bytes(c, data, len);
	}
	g_ptr_array_set_size(c->datagrams, 0);
	c->now_ns += CHANNEL_FRAME_NS;
}

void channel_write_and_send(struct channel *c, unsigned frames)
{
	for (unsigned i = 0; i < frames; i++) {
		channel_write(c);
		channel_send(c);
	}
}

void channel_forget_events(struct channel *c)
{
	for (guint i = 0; i < c->events->len; i++) {
		struct stream_event *event = &g_array_index(c->events, struct stream_event, i);
		if (event->type == STREAM_EVENT_UNIT)
			g_bytes_unref(event->unit.data);
	}
	g_array_set_size(c->events, 0);
}

unsigned channel_count(const struct channel *c, enum stream_event_type type)
{
	unsigned n = 0;
	for (guint i = 0; i < c->events->len; i++)
		n += g_array_index(c->events, struct stream_event, i).type == type;
	return n;
}

const struct stream_unit *channel_unit(const struct channel *c, enum stream_kind kind, unsigned i)
{
	for (guint j = 0; j < c->events->len; j++) {
		struct stream_event *event = &g_array_index(c->events, struct stream_event, j);
		if (event->type == STREAM_EVENT_UNIT && event->unit.kind == kind && i-- == 0)
			return &event->unit;
	}
	return NULL;
}

uint8_t channel_fill(const struct stream_unit *unit)
{
	gsize len;
	const uint8_t *data = g_bytes_get_data(unit->data, &len);
	return data[len - 1];
}
