#include "client/receive/stream.h"

#include "client/receive/demux.h"
#include "client/receive/events.h"
#include "client/receive/pcr_clock.h"
#include "client/receive/quality.h"
#include "client/receive/rtp.h"
#include "client/receive/ts.h"
#include "client/receive/units.h"

#include <bitstream/ietf/rtp.h>
#include <stdlib.h>

/* How long finished units wait for a first PCR, and when their DTS is due if none came. */
static const uint64_t PCR_WAIT_NS = UINT64_C(100000000);
static const uint64_t DUE_WITHOUT_PCR_NS = UINT64_C(500000000);

/* No buffer model holds so much: then the stream's times and its clock have parted. */
static const int64_t DUE_MAX_NS = INT64_C(10000000000);

struct stream {
	struct rtp_order *order;
	struct demux *demux;
	struct unit_maker *units;
	struct pcr_clock clock;
	struct event_queue events;
	struct quality *quality;
	struct stream_counters counters; /* those that are counted here */
};

struct stream *stream_new(void)
{
	struct stream *stream = g_new0(struct stream, 1);
	stream->order = rtp_order_new();
	stream->quality = quality_new();
	stream->units = unit_maker_new(&stream->clock, &stream->events);
	stream->demux = demux_new(&stream->clock, stream->units, &stream->events);
	return stream;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	event_queue_clear(&stream->events);
	demux_free(stream->demux);
	unit_maker_free(stream->units);
	rtp_order_free(stream->order);
	quality_free(stream->quality);
	g_free(stream);
}

/* Transport packets, as many as there are; sync is looked for anew where it is lost. */
static void receive_packets(
	struct stream *stream, const uint8_t *data, size_t len, uint64_t arrival_ns)
{
	while (len > 0) {
		struct ts_packet packet;
		if (len >= TS_PACKET_BYTES && ts_parse(data, &packet) == 0) {
			quality_ts(stream->quality, &packet, arrival_ns);
			demux_push(stream->demux, &packet, arrival_ns);
		}
		size_t step = MIN(len, TS_PACKET_BYTES);
		if (len < TS_PACKET_BYTES || data[0] != 0x47) {
			stream->counters.ts_sync_lost++;
			quality_bad_sync(stream->quality);
			step = ts_find_sync(data, len);
		}
		data += step;
		len -= step;
	}
}

static void receive_ts(struct stream *stream, struct ts_layout layout, const uint8_t *data,
	size_t len, uint64_t arrival_ns)
{
	if (layout.stride == TS_PACKET_BYTES) {
		receive_packets(stream, data, len, arrival_ns);
		return;
	}
	for (size_t i = layout.offset; i < len; i += layout.stride)
		receive_packets(stream, data + i, TS_PACKET_BYTES, arrival_ns);
}

/* A sync byte, 0x47, cannot be the first byte of RTP version 2; a time stamp's can. */
static bool is_rtp(const uint8_t *payload, size_t len, struct ts_layout layout)
{
	return len >= RTP_HEADER_SIZE && rtp_check_hdr(payload) && layout.stride == TS_PACKET_BYTES;
}

bool stream_is_rtp(const uint8_t *payload, size_t len)
{
	return is_rtp(payload, len, ts_find_layout(payload, len));
}

void stream_refuse(struct stream *stream)
{
	stream->counters.foreign_source++;
}

/* A gap of so many transport packets may hide from a counter of 4 bits. */
static bool hides_from_counters(const struct rtp_output *output)
{
	return output->lost * (output->len / TS_PACKET_BYTES) >= 16;
}

static void receive_ordered(struct stream *stream)
{
	struct rtp_output output;
	while (rtp_order_next(stream->order, &output)) {
		if (output.lost > 0)
			quality_lost(stream->quality, output.lost);
		if (hides_from_counters(&output))
			demux_lose(stream->demux);
		receive_ts(stream, ts_find_layout(output.payload, output.len), output.payload,
			output.len, output.arrival_ns);
	}
}

static void receive_rtp(
	struct stream *stream, const uint8_t *payload, size_t len, uint64_t arrival_ns)
{
	struct rtp_packet packet;
	if (rtp_parse(payload, len, &packet) < 0) {
		stream->counters.not_ts++;
		return;
	}
	if (packet.payload_type != RTP_TYPE_TS) {
		stream->counters.rtp_other_payload++;
		return;
	}
	quality_datagram(stream->quality, len, packet.len, arrival_ns);
	enum rtp_arrival arrival = rtp_order_push(stream->order, &packet, arrival_ns);
	quality_rtp(stream->quality, arrival, packet.timestamp, arrival_ns);
	receive_ordered(stream);
}

/* The first unit, when it has to wait for a PCR; NULL when none has to. */
static const struct stream_unit *waiting_unit(const struct stream *stream)
{
	return pcr_clock_ready(&stream->clock) ? NULL : event_queue_first_unit(&stream->events);
}

static void give_up_pcr(struct stream *stream, uint64_t now_ns)
{
	const struct stream_unit *unit = waiting_unit(stream);
	if (!unit || now_ns < unit->last_arrival_ns + PCR_WAIT_NS)
		return;
	pcr_clock_guess(
		&stream->clock, unit->dts_90khz, unit->last_arrival_ns + DUE_WITHOUT_PCR_NS);
}

void stream_receive(struct stream *stream, const uint8_t *payload, size_t len, uint64_t arrival_ns)
{
	stream->counters.datagrams++;
	stream->counters.bytes += len;
	struct ts_layout layout = ts_find_layout(payload, len);
	if (is_rtp(payload, len, layout)) {
		receive_rtp(stream, payload, len, arrival_ns);
	} else if (layout.stride != TS_PACKET_BYTES || ts_find_sync(payload, len) < len) {
		quality_datagram(stream->quality, len, len, arrival_ns);
		receive_ts(stream, layout, payload, len, arrival_ns);
	} else {
		stream->counters.not_ts++;
	}
	give_up_pcr(stream, arrival_ns);
}

uint64_t stream_deadline(const struct stream *stream)
{
	uint64_t deadline_ns = rtp_order_deadline(stream->order);
	const struct stream_unit *unit = waiting_unit(stream);
	return unit ? MIN(deadline_ns, unit->last_arrival_ns + PCR_WAIT_NS) : deadline_ns;
}

void stream_advance(struct stream *stream, uint64_t now_ns)
{
	rtp_order_advance(stream->order, now_ns);
	receive_ordered(stream);
	give_up_pcr(stream, now_ns);
}

/*
 * Says when the unit is due. Where its times are far from the PCR's (a remuxer that kept old ones,
 * a PCR of somebody else), it plays as it arrives: what waited for such times would fill the
 * memory.
 */
static void date_unit(const struct stream *stream, struct stream_unit *unit)
{
	unit->due_ns = pcr_clock_due(&stream->clock, unit->pts_90khz);
	unit->decode_due_ns = pcr_clock_due(&stream->clock, unit->dts_90khz);
	if (llabs((int64_t)(unit->due_ns - unit->last_arrival_ns)) <= DUE_MAX_NS)
		return;
	uint64_t reorder_ns = (unit->pts_90khz - unit->dts_90khz) * 100000 / 9;
	unit->decode_due_ns = unit->last_arrival_ns + DUE_WITHOUT_PCR_NS;
	unit->due_ns = unit->decode_due_ns + MIN(reorder_ns, (uint64_t)DUE_MAX_NS);
}

bool stream_next_event(struct stream *stream, struct stream_event *ret)
{
	const struct stream_event *next = event_queue_peek(&stream->events);
	if (!next || (next->type == STREAM_EVENT_UNIT && waiting_unit(stream)))
		return false;
	event_queue_pop(&stream->events, ret);
	if (ret->type == STREAM_EVENT_UNIT)
		date_unit(stream, &ret->unit);
	return true;
}

void stream_choose_programme(struct stream *stream, uint16_t number)
{
	demux_choose_programme(stream->demux, number);
}

bool stream_expect(struct stream *stream, const uint8_t *psi, size_t len)
{
	return demux_expect(stream->demux, psi, len);
}

GBytes *stream_psi(const struct stream *stream)
{
	return demux_psi(stream->demux);
}

const struct stream_programme *stream_programme(const struct stream *stream)
{
	return demux_programme(stream->demux);
}

size_t stream_programmes(const struct stream *stream, uint16_t *ret, size_t max)
{
	return demux_programmes(stream->demux, ret, max);
}

void stream_prefer_languages(struct stream *stream, const char *const *languages, size_t n)
{
	demux_prefer_languages(stream->demux, languages, n);
}

int stream_choose_audio(struct stream *stream, uint16_t pid)
{
	return demux_choose_audio(stream->demux, pid);
}

int stream_choose_subtitle(struct stream *stream, uint16_t pid, uint16_t page)
{
	return demux_choose_subtitle(stream->demux, pid, page);
}

void stream_counters(const struct stream *stream, struct stream_counters *ret)
{
	struct rtp_order_counters rtp;
	struct demux_counters demux;
	rtp_order_counters(stream->order, &rtp);
	demux_counters(stream->demux, &demux);

	*ret = stream->counters;
	ret->rtp_lost = rtp.lost;
	ret->rtp_duplicate = rtp.duplicate;
	ret->rtp_late = rtp.late;
	ret->rtp_foreign = rtp.foreign;
	ret->rtp_restarts = rtp.restarts;
	ret->ts_continuity = demux.continuity;
	ret->psi_crc = demux.crc;
	ret->ts_scrambled = demux.scrambled;
	ret->programme_missing = demux.programme_missing;
}

const struct si *stream_si(const struct stream *stream)
{
	return demux_si(stream->demux);
}

void stream_quality(const struct stream *stream, uint64_t now_ns, struct quality_report *ret)
{
	quality_report(stream->quality, now_ns, ret);
}
