#include "client/receive/units.h"

#include "client/receive/ac3.h"
#include "client/receive/adts.h"
#include "client/receive/audio_framer.h"
#include "client/receive/eac3.h"
#include "client/receive/h264.h"
#include "client/receive/h265.h"
#include "client/receive/latm.h"
#include "client/receive/mpeg_audio.h"
#include "client/receive/mpeg_video.h"
#include "client/receive/video_times.h"

static const struct video_codec *const VIDEO_CODECS[STREAM_CODEC_OTHER + 1] = {
	[STREAM_CODEC_H264] = &h264_codec,
	[STREAM_CODEC_H265] = &h265_codec,
	[STREAM_CODEC_MPEG1_VIDEO] = &mpeg_video_codec,
	[STREAM_CODEC_MPEG2_VIDEO] = &mpeg_video_codec,
};

static const struct audio_codec *const AUDIO_CODECS[STREAM_CODEC_OTHER + 1] = {
	[STREAM_CODEC_AAC] = &adts_codec,
	[STREAM_CODEC_AAC_LATM] = &latm_codec,
	[STREAM_CODEC_AC3] = &ac3_codec,
	[STREAM_CODEC_EAC3] = &eac3_codec,
	[STREAM_CODEC_MPEG_AUDIO] = &mpeg_audio_codec,
};

struct unit_maker {
	struct pcr_clock *clock;
	struct event_queue *events;
	enum stream_codec video_codec, audio_codec;
	struct video_framer *video; /* NULL: there is none */
	struct audio_framer *audio;
	struct video_times times;
	bool open;    /* the gate: a random access point went through */
	bool opening; /* and leading pictures may follow */
	bool leading; /* those of the last key unit may follow */
	bool refused; /* a damaged key unit was kept back by the gate */
	uint64_t key_pts_90khz;
};

struct unit_maker *unit_maker_new(struct pcr_clock *clock, struct event_queue *events)
{
	struct unit_maker *m = g_new0(struct unit_maker, 1);
	m->clock = clock;
	m->events = events;
	return m;
}

void unit_maker_free(struct unit_maker *m)
{
	if (!m)
		return;
	video_framer_free(m->video);
	audio_framer_free(m->audio);
	g_free(m);
}

void unit_maker_close_video(struct unit_maker *m)
{
	m->open = false;
	m->leading = false;
	m->times = (struct video_times){0};
}

void unit_maker_set_video(struct unit_maker *m, enum stream_codec codec)
{
	video_framer_free(m->video);
	m->video = VIDEO_CODECS[codec] ? video_framer_new(VIDEO_CODECS[codec]) : NULL;
	m->video_codec = codec;
	unit_maker_close_video(m);
}

void unit_maker_set_audio(struct unit_maker *m, enum stream_codec codec)
{
	audio_framer_free(m->audio);
	m->audio = AUDIO_CODECS[codec] ? audio_framer_new(AUDIO_CODECS[codec]) : NULL;
	m->audio_codec = codec;
}

bool unit_maker_expect_sets(struct unit_maker *m, const uint8_t *sets, size_t len)
{
	return m->video && video_framer_expect(m->video, sets, len);
}

GBytes *unit_maker_sets(const struct unit_maker *m)
{
	return m->video ? video_framer_sets(m->video) : NULL;
}

static bool push_unit(struct unit_maker *m, const struct stream_unit *unit)
{
	return event_queue_push(m->events,
		&(struct stream_event){
			.type = STREAM_EVENT_UNIT, .at_ns = unit->last_arrival_ns, .unit = *unit});
}

/* Leading pictures come right behind their key picture, and are shown before it. */
static bool is_leading(struct unit_maker *m, const struct video_frame *frame)
{
	if (frame->key) {
		m->leading = true;
		m->key_pts_90khz = frame->pts_90khz;
		return false;
	}
	m->leading &= frame->skipped || frame->pts_90khz < m->key_pts_90khz;
	return m->leading;
}

/*
 * The first picture is to be a whole one. Where only damaged ones come, the second is as good as
 * any other: the viewer has waited for a GOP.
 */
static bool may_open(struct unit_maker *m, const struct stream_unit *unit)
{
	bool may = unit->key && (!unit->damaged || m->refused);
	if (unit->key)
		m->refused = !may;
	return may;
}

/* Does this unit pass? One that a decoder can begin with opens the gate. */
static bool pass_gate(struct unit_maker *m, const struct stream_unit *unit)
{
	if (m->open) {
		m->opening &= unit->leading;
		return !m->opening;
	}
	if (!may_open(m, unit))
		return false;
	m->open = true;
	m->opening = true;
	event_queue_push(m->events,
		&(struct stream_event){.type = STREAM_EVENT_RAP, .at_ns = unit->first_arrival_ns});
	return true;
}

/* What was made of the wrong sets leads up to nothing. */
static void start_over(struct unit_maker *m, uint64_t at_ns)
{
	bool was_open = m->open;
	unit_maker_close_video(m);
	if (was_open)
		event_queue_push(m->events,
			&(struct stream_event){.type = STREAM_EVENT_MISLED, .at_ns = at_ns});
}

static bool take_frame(struct unit_maker *m, struct video_frame *frame)
{
	if (frame->misled)
		start_over(m, frame->last_arrival_ns);
	if (!video_times_set(&m->times, frame)) {
		g_bytes_unref(frame->data);
		return false;
	}
	struct stream_unit unit = {
		.kind = STREAM_VIDEO,
		.codec = m->video_codec,
		.key = frame->key,
		.leading = is_leading(m, frame),
		.recovery_pictures = MIN(frame->recovery_pictures, STREAM_RECOVERY_MAX),
		.expected_sets = frame->expected_sets,
		.damaged = frame->damaged,
		.pts_90khz = frame->pts_90khz,
		.dts_90khz = frame->dts_90khz,
		.first_arrival_ns = frame->first_arrival_ns,
		.last_arrival_ns = frame->last_arrival_ns,
		.data = frame->data,
	};
	if (!pass_gate(m, &unit)) {
		g_bytes_unref(unit.data);
		return false;
	}
	/* Nobody took events for long: what follows would lack this unit. */
	if (!push_unit(m, &unit))
		unit_maker_close_video(m);
	return !unit.damaged;
}

bool unit_maker_video(struct unit_maker *m, struct pes_packet *pes)
{
	bool whole = false;
	struct video_frame frame;
	if (m->video) {
		uint64_t pts = pes->has_pts ? pcr_clock_unwrap(m->clock, pes->pts_33bit) : 0;
		uint64_t dts = pes->has_pts ? pcr_clock_unwrap(m->clock, pes->dts_33bit) : 0;
		video_framer_push(m->video, pes, pts, dts);
		if (video_framer_take_cut(m->video))
			unit_maker_close_video(m);
		while (video_framer_next(m->video, &frame))
			whole |= take_frame(m, &frame);
	}
	g_bytes_unref(pes->data);
	return whole;
}

bool unit_maker_audio(struct unit_maker *m, struct pes_packet *pes)
{
	bool whole = false;
	struct audio_frame frame;
	if (m->audio) {
		uint64_t pts = pes->has_pts ? pcr_clock_unwrap(m->clock, pes->pts_33bit) : 0;
		audio_framer_push(m->audio, pes, pts);
	}
	g_bytes_unref(pes->data);
	while (m->audio && audio_framer_next(m->audio, &frame)) {
		push_unit(m, &(struct stream_unit){
				     .kind = STREAM_AUDIO,
				     .codec = m->audio_codec,
				     .damaged = frame.damaged,
				     .pts_90khz = frame.pts_90khz,
				     .dts_90khz = frame.pts_90khz,
				     .first_arrival_ns = frame.first_arrival_ns,
				     .last_arrival_ns = frame.last_arrival_ns,
				     .data = frame.data,
			     });
		whole |= !frame.damaged;
	}
	return whole;
}
