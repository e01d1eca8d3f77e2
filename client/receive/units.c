#include "client/receive/units.h"

#include "client/receive/adts.h"
#include "client/receive/h264.h"

struct unit_maker {
	struct pcr_clock *clock;
	struct event_queue *events;
	bool video_open; /* the gate: a random access point went through */
	bool video_timed;
	uint64_t last_dts_90khz;
	uint64_t step_90khz; /* between the last two */
	struct adts_framer *audio;
};

struct unit_maker *unit_maker_new(struct pcr_clock *clock, struct event_queue *events)
{
	struct unit_maker *m = g_new0(struct unit_maker, 1);
	m->clock = clock;
	m->events = events;
	m->audio = adts_framer_new();
	return m;
}

void unit_maker_free(struct unit_maker *m)
{
	if (!m)
		return;
	adts_framer_free(m->audio);
	g_free(m);
}

void unit_maker_restart_video(struct unit_maker *m)
{
	m->video_open = false;
	m->video_timed = false;
	m->step_90khz = 0;
}

void unit_maker_restart_audio(struct unit_maker *m)
{
	adts_framer_free(m->audio);
	m->audio = adts_framer_new();
}

/*
 * A unit may come without a PTS where the one before it had one less than 0.7 s ago (ISO/IEC
 * 13818-1 section 2.7.4): then it follows that one by the same step. False when there is nothing to
 * go by.
 */
static bool set_video_times(
	struct unit_maker *m, const struct pes_packet *pes, struct stream_unit *unit)
{
	if (pes->has_pts) {
		unit->pts_90khz = pcr_clock_unwrap(m->clock, pes->pts_33bit);
		unit->dts_90khz = pcr_clock_unwrap(m->clock, pes->dts_33bit);
	} else if (m->video_timed) {
		unit->dts_90khz = m->last_dts_90khz + m->step_90khz;
		unit->pts_90khz = unit->dts_90khz;
	} else {
		return false;
	}
	if (m->video_timed && unit->dts_90khz > m->last_dts_90khz)
		m->step_90khz = unit->dts_90khz - m->last_dts_90khz;
	m->video_timed = true;
	m->last_dts_90khz = unit->dts_90khz;
	return true;
}

/* Does this unit pass? One that a decoder can begin with opens the gate. */
static bool pass_gate(struct unit_maker *m, const struct stream_unit *unit)
{
	if (m->video_open)
		return true;
	if (!unit->key || unit->damaged)
		return false;
	m->video_open = true;
	event_queue_push(m->events,
		&(struct stream_event){.type = STREAM_EVENT_RAP, .at_ns = unit->first_arrival_ns});
	return true;
}

static bool push_unit(struct unit_maker *m, const struct stream_unit *unit)
{
	return event_queue_push(m->events,
		&(struct stream_event){
			.type = STREAM_EVENT_UNIT, .at_ns = unit->last_arrival_ns, .unit = *unit});
}

void unit_maker_video(struct unit_maker *m, struct pes_packet *pes)
{
	size_t len;
	const uint8_t *data = g_bytes_get_data(pes->data, &len);
	struct h264_summary summary;
	h264_scan(data, len, &summary);

	struct stream_unit unit = {
		.kind = STREAM_VIDEO,
		.codec = STREAM_CODEC_H264,
		.key = h264_is_random_access(&summary, pes->random_access),
		.damaged = pes->damaged || !summary.starts_with_nal,
		.first_arrival_ns = pes->first_arrival_ns,
		.last_arrival_ns = pes->last_arrival_ns,
		.data = pes->data,
	};
	if (!set_video_times(m, pes, &unit) || !pass_gate(m, &unit)) {
		g_bytes_unref(unit.data);
		return;
	}
	/* Nobody took events for long: what follows would lack this unit. */
	if (!push_unit(m, &unit))
		unit_maker_restart_video(m);
}

void unit_maker_audio(struct unit_maker *m, struct pes_packet *pes)
{
	uint64_t pts_90khz = pes->has_pts ? pcr_clock_unwrap(m->clock, pes->pts_33bit) : 0;
	struct adts_frame frame;

	adts_framer_push(m->audio, pes, pts_90khz);
	g_bytes_unref(pes->data);
	while (adts_framer_next(m->audio, &frame)) {
		struct stream_unit unit = {
			.kind = STREAM_AUDIO,
			.codec = STREAM_CODEC_AAC,
			.damaged = frame.damaged,
			.pts_90khz = frame.pts_90khz,
			.dts_90khz = frame.pts_90khz,
			.first_arrival_ns = frame.first_arrival_ns,
			.last_arrival_ns = frame.last_arrival_ns,
			.data = frame.data,
		};
		push_unit(m, &unit);
	}
}
