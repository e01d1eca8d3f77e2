#include "client/app/stats.h"

#include <glib.h>

#include "client/app/igmp_json.h"
#include "client/app/record.h"
#include "client/receive/quality.h"

static double ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

static const char *ring_name(enum ring_state state)
{
	static const char *const names[] = {
		[RING_COLD] = "cold", [RING_PARTIAL] = "partial", [RING_WARM] = "warm"};
	return names[state];
}

static json_t *describe(struct net *net, const struct channel_list *channels, int channel)
{
	const struct ring *ring = net_ring(net, channel);
	struct ring_info info;
	ring_info(ring, &info);
	return json_pack("{s:o, s:s, s:I, s:I, s:f}", "channel", record_channel(channels, channel),
		"ring", ring_name(ring_state(ring)), "units", (json_int_t)info.units, "bytes",
		(json_int_t)info.bytes, "gop_ms", ms(info.gop_ns));
}

json_t *stats_ahead(struct net *net, const struct channel_list *channels, int watched)
{
	size_t n;
	const int *received = net_received(net, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		if (received[i] != watched && net_ring(net, received[i]))
			json_array_append_new(list, describe(net, channels, received[i]));
	return list;
}

/* RFC 4445 sections 3.1 and 3.2; null until a second has passed. */
static json_t *mdi_json(const struct mdi_second *second)
{
	if (!second->known)
		return json_null();
	return json_pack("{s:f, s:I}", "delay_factor_ms", ms(second->delay_ns), "media_loss",
		(json_int_t)second->lost_ts);
}

static json_t *quality_json(const struct stream *stream, uint64_t now_ns)
{
	struct quality_report report;
	stream_quality(stream, now_ns, &report);
	const struct tr101290_counters *found = &report.tr101290;
	const struct json_counter tr101290[] = {
		{"sync_loss", found->sync_loss},
		{"sync_byte", found->sync_byte},
		{"pat", found->pat},
		{"continuity", found->continuity},
		{"pmt", found->pmt},
		{"pid", found->pid},
	};
	return json_pack("{s:f, s:f, s:I, s:I, s:I, s:I, s:f, s:o, s:o, s:o}", "line_mbps",
		(double)report.line_bps / 1e6, "ts_mbps", (double)report.ts_bps / 1e6, "received",
		(json_int_t)report.received, "lost", (json_int_t)report.lost, "duplicate",
		(json_int_t)report.duplicate, "reordered", (json_int_t)report.reordered,
		"jitter_ms", ms(report.jitter_ns), "mdi", mdi_json(&report.mdi), "mdi_worst",
		mdi_json(&report.mdi_worst), "tr101290",
		json_counters(tr101290, G_N_ELEMENTS(tr101290)));
}

static json_t *ms_or_null(uint64_t ns)
{
	return ns ? json_real(ms(ns)) : json_null();
}

static json_t *slack_or_null(int64_t slack_ns)
{
	return slack_ns == RING_NO_SLACK ? json_null() : json_real((double)slack_ns / 1e6);
}

json_t *stats_expected(const struct channel_memory *memory)
{
	if (!memory)
		return json_null();
	uint64_t rap_ns =
		memory->line_bps ? memory->rap_bytes * 8 * 1000000000 / memory->line_bps : 0;
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:f, s:s, s:s, s:b}", "gop_ms",
		ms_or_null(memory->gop_ns), "rap_ms", ms_or_null(rap_ns), "wait_ms",
		ms_or_null(memory->gop_ns ? memory->gop_ns + rap_ns : 0), "video_slack_ms",
		slack_or_null(memory->video_slack_ns), "audio_slack_ms",
		slack_or_null(memory->audio_slack_ns), "line_mbps", (double)memory->line_bps / 1e6,
		"video", memory->video_codec, "audio", memory->audio_codec, "parameter_sets",
		memory->video_sets_bytes > 0);
}

json_t *stats_remembered(const struct remember *remember, int channel)
{
	struct channel_memory memory;
	bool known = channel >= 0 && remember_channel(remember, channel, &memory);
	return stats_expected(known ? &memory : NULL);
}

json_t *stats_channels(struct net *net, const struct remember *remember,
	const struct channel_list *channels, int watched, uint64_t now_ns)
{
	size_t n;
	const int *received = net_received(net, &n);
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct stream *stream = net_stream(net, received[i]);
		if (!stream)
			continue;
		json_t *item = describe(net, channels, received[i]);
		json_object_set_new(item, "watched", json_boolean(received[i] == watched));
		json_object_set_new(item, "expected", stats_remembered(remember, received[i]));
		json_object_set_new(item, "quality", quality_json(stream, now_ns));
		json_object_set_new(item, "counters", stats_stream(stream));
		json_array_append_new(list, item);
	}
	return list;
}

json_t *stats_socket(const struct net *net)
{
	struct receive_socket_counters socket;
	net_counters(net, &socket);
	const struct json_counter counters[] = {
		{"datagrams", socket.datagrams},
		{"bytes", socket.bytes},
		{"dropped_flow", socket.dropped_flow},
		{"dropped_fragment", socket.dropped_fragment},
		{"dropped_merged", socket.dropped_merged},
		{"dropped_malformed", socket.dropped_malformed},
		{"dropped_kernel", socket.dropped_kernel},
	};
	return json_counters(counters, G_N_ELEMENTS(counters));
}

json_t *stats_stream(const struct stream *of)
{
	struct stream_counters stream = {0};
	if (of)
		stream_counters(of, &stream);
	const struct json_counter counters[] = {
		{"datagrams", stream.datagrams},
		{"bytes", stream.bytes},
		{"rtp_lost", stream.rtp_lost},
		{"rtp_duplicate", stream.rtp_duplicate},
		{"rtp_late", stream.rtp_late},
		{"rtp_other_payload", stream.rtp_other_payload},
		{"rtp_foreign", stream.rtp_foreign},
		{"foreign_source", stream.foreign_source},
		{"rtp_restarts", stream.rtp_restarts},
		{"ts_continuity", stream.ts_continuity},
		{"ts_sync_lost", stream.ts_sync_lost},
		{"ts_scrambled", stream.ts_scrambled},
		{"psi_crc", stream.psi_crc},
		{"programme_missing", stream.programme_missing},
		{"not_ts", stream.not_ts},
	};
	return json_counters(counters, G_N_ELEMENTS(counters));
}

json_t *stats_play(const struct play_counters *play, uint64_t refused)
{
	const struct json_counter counters[] = {
		{"pictures", play->pictures},
		{"damaged", play->damaged},
		{"damaged_units", play->damaged_units},
		{"refused_units", refused},
		{"rebuilds", play->rebuilds},
		{"sound_gaps", play->gaps},
		{"dropped", play->dropped},
	};
	return json_counters(counters, G_N_ELEMENTS(counters));
}
