/* Channels of every codec, with several tracks, scrambled, and changing under way. */
#include "tests/support/test.h"

#include "client/receive/stream.h"
#include "tests/support/audio_writer.h"
#include "tests/support/psi_writer.h"
#include "tests/support/ts_writer.h"
#include "tests/support/video_writer.h"

#include <errno.h>
#include <string.h>

#define MS UINT64_C(1000000)
#define FRAME_90KHZ 3600
#define LEAD_90KHZ 45000

struct fixture {
	struct stream *stream;
	struct ts_writer w;
	struct psi_writer_stream tracks[4];
	size_t n_tracks;
	const char *descriptors;
	uint64_t now_ns;
	unsigned frame; /* its picture in a group of six is I B B P B B, in the order of display */
	unsigned packet_bytes;
	bool scrambled;
	GArray *events;
};

static int setup(void **state)
{
	struct fixture *f = g_new0(struct fixture, 1);
	f->stream = stream_new();
	ts_writer_init(&f->w);
	f->tracks[0] = (struct psi_writer_stream){0x02, 0x101, NULL};
	f->tracks[1] = (struct psi_writer_stream){0x03, 0x102, "0a 04 65 6e 67 00"};
	f->n_tracks = 2;
	f->now_ns = 1000000 * MS;
	f->packet_bytes = 188;
	f->events = g_array_new(FALSE, FALSE, sizeof(struct stream_event));
	*state = f;
	return 0;
}

static void forget(struct fixture *f)
{
	for (guint i = 0; i < f->events->len; i++) {
		struct stream_event *event = &g_array_index(f->events, struct stream_event, i);
		if (event->type == STREAM_EVENT_UNIT)
			g_bytes_unref(event->unit.data);
	}
	g_array_set_size(f->events, 0);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	forget(f);
	g_array_unref(f->events);
	stream_free(f->stream);
	ts_writer_clear(&f->w);
	g_free(f);
	return 0;
}

static void write_psi(struct fixture *f)
{
	GByteArray *pmt = psi_writer_pmt(&(struct psi_writer_pmt){.programme = 1,
		.pcr_pid = 0x1ff,
		.descriptors = f->descriptors,
		.n = f->n_tracks,
		.streams = f->tracks});
	ts_writer_pat(&f->w);
	ts_writer_section(&f->w, f->w.pmt_pid, pmt->data, pmt->len);
	g_byte_array_unref(pmt);
}

static void write_pes(struct fixture *f, uint16_t pid, GByteArray *unit, uint64_t pts, uint64_t dts)
{
	guint at = f->w.ts->len;
	ts_writer_pes(&f->w, &(struct ts_writer_pes){.pid = pid,
				     .stream_id = 0xe0,
				     .pts_90khz = pts,
				     .dts_90khz = dts,
				     .data = unit->data,
				     .len = unit->len});
	for (; f->scrambled && at < f->w.ts->len; at += 188)
		f->w.ts->data[at + 3] |= 0x80;
	g_byte_array_unref(unit);
}

static GByteArray *write_video(const struct fixture *f, uint8_t type)
{
	unsigned at = f->frame % 6;
	static const char types[] = "IBBPBB";
	static const unsigned orders[] = {2, 0, 1, 5, 3, 4};
	GByteArray *unit = g_byte_array_new();
	if (type <= 0x02) {
		struct video_writer_mpeg picture = {.sequence = at == 0,
			.group = at == 0,
			.mpeg1 = type == 1,
			.type = types[at],
			.order = orders[at]};
		video_writer_mpeg(unit, &picture, 300, 0x44);
	} else if (type == 0x24) {
		if (at == 0)
			video_writer_h265_head(unit);
		video_writer_h265_picture(unit,
			at == 0			     ? 21
			: types[at] == 'B' && at < 3 ? 8
						     : 1,
			true, 600, 0x44);
	} else {
		g_byte_array_unref(unit);
		unit = ts_writer_h264(at == 0 ? TS_WRITER_RECOVERY : TS_WRITER_P, 600, 0x44);
	}
	return unit;
}

static GByteArray *write_audio(const struct psi_writer_stream *track)
{
	bool eac3 = track->descriptors && strstr(track->descriptors, "7a 01");
	switch (track->type) {
	case 0x03:
		return audio_writer_mpeg(true, 2, 1, 10, 576, 0x22);
	case 0x11:
		return audio_writer_latm(true, 3, 1, 100, 0x22);
	case 0x0f:
		return ts_writer_adts(100, 0x22);
	default:
		return eac3 ? audio_writer_eac3(0, 0, 3, 200, 0x22) : audio_writer_ac3(4, 0x22);
	}
}

static bool is_video(uint8_t type)
{
	return type <= 0x02 || type == 0x1b || type == 0x24;
}

/* 16 bytes behind each packet, or a time stamp of 4 before it. */
static size_t stretch(const struct fixture *f, const uint8_t *from, size_t len, uint8_t *to)
{
	size_t before = f->packet_bytes == 192 ? 4 : 0, n = len / 188;
	memset(to, 0x80, n * f->packet_bytes);
	for (size_t i = 0; i < n; i++)
		memcpy(to + i * f->packet_bytes + before, from + i * 188, 188);
	return n * f->packet_bytes;
}

static void send(struct fixture *f)
{
	uint8_t payload[TS_WRITER_DATAGRAM_MAX], stretched[7 * 204];
	size_t len;
	while ((len = ts_writer_take_udp(&f->w, payload)) > 0) {
		len = stretch(f, payload, len, stretched);
		stream_receive(f->stream, stretched, len, f->now_ns);
		struct stream_event event;
		while (stream_next_event(f->stream, &event))
			g_array_append_val(f->events, event);
	}
}

/* So many pictures, 40 ms each, with a frame of each audio track. */
static void run(struct fixture *f, unsigned frames)
{
	static const unsigned delays[] = {3, 0, 0, 3, 0, 0}; /* of display behind decoding */
	for (; frames > 0; frames--, f->frame++) {
		uint64_t dts = 900000 + (uint64_t)f->frame * FRAME_90KHZ;
		uint64_t pts = dts + delays[f->frame % 6] * FRAME_90KHZ;
		write_psi(f);
		f->w.pcr_pid = 0x1ff; /* neither with video nor with audio */
		ts_writer_pcr(&f->w, (dts - LEAD_90KHZ) * 300, false);
		for (size_t i = 0; i < f->n_tracks; i++) {
			if (is_video(f->tracks[i].type))
				write_pes(f, f->tracks[i].pid, write_video(f, f->tracks[i].type),
					pts, dts);
			else
				write_pes(f, f->tracks[i].pid, write_audio(&f->tracks[i]), dts,
					TS_WRITER_NO_TIME);
		}
		send(f);
		f->now_ns += 40 * MS;
	}
}

static const struct stream_event *event_of(
	const struct fixture *f, enum stream_event_type type, guint i)
{
	for (guint j = 0; j < f->events->len; j++) {
		const struct stream_event *event =
			&g_array_index(f->events, struct stream_event, j);
		if (event->type == type && i-- == 0)
			return event;
	}
	return NULL;
}

static guint count(const struct fixture *f, enum stream_event_type type)
{
	guint n = 0;
	while (event_of(f, type, n))
		n++;
	return n;
}

static guint count_units(const struct fixture *f, enum stream_kind kind)
{
	guint n = 0;
	const struct stream_event *event;
	for (guint i = 0; (event = event_of(f, STREAM_EVENT_UNIT, i)); i++)
		n += event->unit.kind == kind;
	return n;
}

/* The i-th unit of a kind. */
static const struct stream_unit *unit_of(const struct fixture *f, enum stream_kind kind, guint i)
{
	const struct stream_event *event;
	for (guint j = 0; (event = event_of(f, STREAM_EVENT_UNIT, j)); j++) {
		if (event->unit.kind == kind && i-- == 0)
			return &event->unit;
	}
	fail_msg("there are not so many units");
	return NULL;
}

static void every_codec_flows(void **state)
{
	static const struct {
		uint8_t type;
		const char *descriptors;
		enum stream_codec codec;
	} video[] =
		{
			{0x01, NULL, STREAM_CODEC_MPEG1_VIDEO},
			{0x02, NULL, STREAM_CODEC_MPEG2_VIDEO},
			{0x1b, NULL, STREAM_CODEC_H264},
			{0x24, NULL, STREAM_CODEC_H265},
			{0x24, NULL, STREAM_CODEC_H265},
		},
	  audio[] = {
		  {0x03, NULL, STREAM_CODEC_MPEG_AUDIO},
		  {0x06, "6a 01 00", STREAM_CODEC_AC3},
		  {0x81, NULL, STREAM_CODEC_AC3},
		  {0x06, "7a 01 00", STREAM_CODEC_EAC3},
		  {0x11, NULL, STREAM_CODEC_AAC_LATM},
	  };
	for (size_t i = 0; i < G_N_ELEMENTS(video); i++) {
		struct fixture *f = *state;
		stream_free(f->stream);
		f->stream = stream_new();
		forget(f);
		f->frame = 3; /* amid a group */
		f->tracks[0] =
			(struct psi_writer_stream){video[i].type, 0x101, video[i].descriptors};
		f->tracks[1] =
			(struct psi_writer_stream){audio[i].type, 0x102, audio[i].descriptors};
		run(f, 15);
		const struct stream_event *psi = event_of(f, STREAM_EVENT_PSI, 0);
		assert_int_equal(psi->video, video[i].codec);
		assert_int_equal(psi->audio, audio[i].codec);
		/* From the first I on, but for the two that lead it; audio at once. */
		assert_int_equal(count_units(f, STREAM_VIDEO), 12 - 2);
		assert_int_equal(count_units(f, STREAM_AUDIO), 15);
		assert_int_equal(unit_of(f, STREAM_VIDEO, 0)->codec, video[i].codec);
		assert_int_equal(unit_of(f, STREAM_AUDIO, 0)->codec, audio[i].codec);
		assert_true(unit_of(f, STREAM_VIDEO, 0)->key);
		assert_int_equal(unit_of(f, STREAM_VIDEO, 0)->decode_due_ns -
					 unit_of(f, STREAM_VIDEO, 0)->last_arrival_ns,
			500 * MS);
		/* Those of the second I are there, and told so. */
		assert_true(unit_of(f, STREAM_VIDEO, 4)->key);
		for (guint k = 0; k < 10; k++)
			assert_int_equal(unit_of(f, STREAM_VIDEO, k)->leading, k == 5 || k == 6);
	}
}

static void the_list_says_what_was_chosen(void **state)
{
	struct fixture *f = *state;
	f->tracks[2] = (struct psi_writer_stream){0x06, 0x103, "6a 01 00 0a 04 64 65 75 00"};
	f->tracks[3] = (struct psi_writer_stream){0x05, 0x104, NULL};
	f->n_tracks = 3;
	assert_null(stream_programme(f->stream));
	assert_int_equal(stream_choose_audio(f->stream, 0x103), -ENOENT);
	run(f, 1);
	const struct stream_programme *p = stream_programme(f->stream);
	assert_int_equal(p->n_tracks, 3);
	assert_int_equal(p->number, 1);
	assert_true(p->tracks[0].chosen && p->tracks[1].chosen && !p->tracks[2].chosen);
	assert_string_equal(p->tracks[2].language, "deu");
	uint16_t number;
	assert_int_equal(stream_programmes(f->stream, &number, 1), 1);
	assert_int_equal(number, 1);
}

static void another_audio_is_chosen_under_way(void **state)
{
	struct fixture *f = *state;
	f->tracks[2] = (struct psi_writer_stream){0x06, 0x103, "6a 01 00 0a 04 64 65 75 00"};
	f->n_tracks = 3;
	run(f, 6);
	forget(f);
	assert_int_equal(stream_choose_audio(f->stream, 0x103), 0);
	run(f, 6);
	const struct stream_event *psi = event_of(f, STREAM_EVENT_PSI, 0);
	assert_int_equal(psi->audio, STREAM_CODEC_AC3);
	assert_int_equal(count_units(f, STREAM_AUDIO), 6);
	assert_int_equal(unit_of(f, STREAM_AUDIO, 0)->codec, STREAM_CODEC_AC3);
	/* The picture went on. */
	assert_int_equal(count_units(f, STREAM_VIDEO), 6);
	assert_int_equal(count(f, STREAM_EVENT_RAP), 0);
	assert_true(stream_programme(f->stream)->tracks[2].chosen);
	assert_int_equal(stream_choose_audio(f->stream, 0x101), -ENOENT);
	forget(f);
	assert_int_equal(stream_choose_audio(f->stream, 0), 0);
	const char *const languages[] = {"fra", "ger"};
	stream_prefer_languages(f->stream, languages, 2);
	run(f, 1);
	assert_int_equal(unit_of(f, STREAM_AUDIO, 0)->codec, STREAM_CODEC_AC3);
	/* It goes: the other one is better than none. */
	f->n_tracks = 2;
	run(f, 2);
	assert_int_equal(event_of(f, STREAM_EVENT_PSI, 2)->audio, STREAM_CODEC_MPEG_AUDIO);
}

static void a_change_restarts_only_what_changed(void **state)
{
	struct fixture *f = *state;
	run(f, 6);
	forget(f);
	f->tracks[1].type = 0x11; /* on the same PID */
	run(f, 6);
	assert_int_equal(count_units(f, STREAM_VIDEO), 6);
	assert_int_equal(count(f, STREAM_EVENT_RAP), 0);
	assert_int_equal(unit_of(f, STREAM_AUDIO, 0)->codec, STREAM_CODEC_AAC_LATM);
	forget(f);
	f->tracks[0].type = 0x24;
	f->frame += 2;
	run(f, 10);
	assert_int_equal(count_units(f, STREAM_AUDIO), 10);
	assert_int_equal(count(f, STREAM_EVENT_RAP), 1);
	assert_int_equal(unit_of(f, STREAM_VIDEO, 0)->codec, STREAM_CODEC_H265);
	assert_true(unit_of(f, STREAM_VIDEO, 0)->key);
}

static void radio_does_not_wait(void **state)
{
	struct fixture *f = *state;
	f->tracks[0] = f->tracks[1];
	f->n_tracks = 1;
	run(f, 2);
	assert_int_equal(event_of(f, STREAM_EVENT_PSI, 0)->video, STREAM_CODEC_NONE);
	assert_int_equal(count_units(f, STREAM_AUDIO), 2);
	/* And becomes television. */
	f->tracks[0] = (struct psi_writer_stream){0x02, 0x101, NULL};
	f->n_tracks = 2;
	run(f, 12);
	assert_int_equal(count_units(f, STREAM_AUDIO), 14);
	assert_true(count_units(f, STREAM_VIDEO) > 4);
}

static void scrambled_video_is_said_and_not_shown(void **state)
{
	struct fixture *f = *state;
	f->descriptors = "09 04 09 00 e1 00";
	f->scrambled = true;
	run(f, 12);
	assert_true(stream_programme(f->stream)->conditional_access);
	assert_int_equal(count(f, STREAM_EVENT_UNIT), 0);
	assert_int_equal(count(f, STREAM_EVENT_SCRAMBLED), 1);
	assert_true(event_of(f, STREAM_EVENT_SCRAMBLED, 0)->scrambled);
	struct stream_counters counters;
	stream_counters(f->stream, &counters);
	assert_true(counters.ts_scrambled > 24);
	assert_int_equal(counters.ts_continuity, 0);
	forget(f);
	f->scrambled = false;
	f->frame += 3;
	run(f, 9);
	assert_int_equal(count(f, STREAM_EVENT_SCRAMBLED), 1);
	assert_false(event_of(f, STREAM_EVENT_SCRAMBLED, 0)->scrambled);
	assert_int_equal(count_units(f, STREAM_VIDEO), 6 - 2);
	forget(f);
	/* For one picture only: what follows it may refer to it. */
	f->scrambled = true;
	run(f, 1);
	f->scrambled = false;
	run(f, 5 + 6);
	assert_int_equal(count(f, STREAM_EVENT_SCRAMBLED), 2);
	assert_int_equal(count(f, STREAM_EVENT_RAP), 1);
	assert_int_equal(count_units(f, STREAM_VIDEO), 6 - 2);
	assert_int_equal(count_units(f, STREAM_AUDIO), 11);
}

static void a_scrambled_pes_packet_is_seen_too(void **state)
{
	struct fixture *f = *state;
	run(f, 6);
	forget(f);
	GByteArray *unit = write_video(f, 0x02);
	write_pes(f, 0x101, unit, 2000000, 2000000);
	for (guint at = 0; at < f->w.ts->len; at += 188) {
		uint8_t *ts = f->w.ts->data + at;
		if (ts[1] & 0x40)
			ts[4 + 6 + (ts[3] & 0x20 ? 1 + ts[4] : 0)] |= 0x20;
	}
	send(f);
	assert_int_equal(count_units(f, STREAM_VIDEO), 0);
	assert_int_equal(count(f, STREAM_EVENT_SCRAMBLED), 1);
}

static void longer_packets_are_understood(void **state)
{
	static const unsigned sizes[] = {204, 192};
	for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
		struct fixture *f = *state;
		stream_free(f->stream);
		f->stream = stream_new();
		forget(f);
		f->frame = 0;
		f->packet_bytes = sizes[i];
		run(f, 12);
		assert_int_equal(count_units(f, STREAM_VIDEO), 12 - 2);
		struct stream_counters counters;
		stream_counters(f->stream, &counters);
		assert_int_equal(
			counters.not_ts + counters.ts_sync_lost + counters.ts_continuity, 0);
	}
}

/* Two pictures in a PES packet, and so a PTS for every other one. */
static void times_are_made_where_there_are_none(void **state)
{
	struct fixture *f = *state;
	static const uint64_t orders[] = {2, 0, 1, 5, 3, 4};
	run(f, 6);
	forget(f);
	uint64_t start = 900000 + (uint64_t)f->frame * FRAME_90KHZ;
	for (unsigned i = 0; i < 6; i += 2) {
		GByteArray *both = write_video(f, 0x02);
		f->frame++;
		GByteArray *second = write_video(f, 0x02);
		f->frame++;
		g_byte_array_append(both, second->data, second->len);
		g_byte_array_unref(second);
		write_pes(f, 0x101, both, start + (orders[i] + 1) * FRAME_90KHZ,
			start + i * FRAME_90KHZ);
		send(f);
	}
	assert_int_equal(count_units(f, STREAM_VIDEO), 6);
	const struct stream_unit *first = unit_of(f, STREAM_VIDEO, 0);
	for (unsigned i = 0; i < 6; i++) {
		const struct stream_unit *unit = unit_of(f, STREAM_VIDEO, i);
		assert_int_equal(unit->dts_90khz - first->dts_90khz, i * FRAME_90KHZ);
		assert_int_equal(unit->pts_90khz - first->dts_90khz, (orders[i] + 1) * FRAME_90KHZ);
	}
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_codec_flows),
		T(the_list_says_what_was_chosen),
		T(another_audio_is_chosen_under_way),
		T(a_change_restarts_only_what_changed),
		T(radio_does_not_wait),
		T(scrambled_video_is_said_and_not_shown),
		T(a_scrambled_pes_packet_is_seen_too),
		T(longer_packets_are_understood),
		T(times_are_made_where_there_are_none),
	};
	return cmocka_run_group_tests_name("receive_stream_tracks", tests, NULL, NULL);
}
