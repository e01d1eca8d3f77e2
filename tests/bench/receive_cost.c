/*
 * What receiving costs: the CPU time of RTP order, demultiplexing and scanning for one channel of 4
 * Mb/s of each codec, without sockets. Prints ns per datagram and per transport packet, and how
 * much of a core that is.
 *
 *   receive_cost [SECONDS]       of stream, default 60
 */
#include "client/receive/stream.h"
#include "tests/support/audio_writer.h"
#include "tests/support/ts_writer.h"
#include "tests/support/video_writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NS_PER_S UINT64_C(1000000000)
#define FRAMES_PER_S 25
#define FRAME_BYTES 19000 /* with its sound and the overhead of TS: 4 Mb/s */
#define GOP 50

struct kind {
	const char *name;
	uint8_t video_type, audio_type;
};

struct recording {
	GPtrArray *datagrams; /* GBytes, of a second of stream and more */
	uint64_t ts_packets;
};

static uint64_t cpu_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * NS_PER_S + (uint64_t)now.tv_nsec;
}

/* Coded video looks like noise, with emulation prevention: no three bytes that look like a start.
 */
static void make_noise(GByteArray *unit, guint from, GRand *random)
{
	for (guint i = from; i < unit->len; i++) {
		unit->data[i] = (uint8_t)g_rand_int(random);
		if (i >= from + 2 && unit->data[i] <= 3 && !unit->data[i - 1] && !unit->data[i - 2])
			unit->data[i] = 4;
	}
}

/* A noisy body of `len` bytes behind what was written. */
static void add_body(GByteArray *unit, guint len, GRand *random)
{
	guint from = unit->len;
	g_byte_array_set_size(unit, from + len);
	make_noise(unit, from, random);
}

static GByteArray *write_video(uint8_t type, unsigned frame, GRand *random)
{
	bool key = frame % GOP == 0;
	GByteArray *unit = g_byte_array_new();
	if (type == 0x02) {
		struct video_writer_mpeg picture = {.sequence = key,
			.group = key,
			.type = key ? 'I' : 'P',
			.order = frame % GOP};
		video_writer_mpeg(unit, &picture, 0, 0);
		/* 45 slices, as 720 lines have them. */
		for (uint8_t slice = 3; slice <= 45; slice++) {
			video_writer_append_bytes(unit, 2, &slice, 1);
			add_body(unit, FRAME_BYTES / 45, random);
		}
		return unit;
	}
	if (type == 0x24) {
		if (key)
			video_writer_h265_head(unit);
		video_writer_h265_picture(unit, key ? 19 : 1, true, 4, 0x55);
	} else {
		g_byte_array_unref(unit);
		unit = ts_writer_h264(key ? TS_WRITER_IDR : TS_WRITER_P, 4, 0x55);
	}
	add_body(unit, FRAME_BYTES, random);
	return unit;
}

static GByteArray *write_audio(uint8_t type)
{
	switch (type) {
	case 0x03:
		return audio_writer_mpeg(true, 2, 1, 10, 576, 0x22);
	case 0x81:
		return audio_writer_ac3(4, 0x22);
	default:
		return ts_writer_adts(400, 0x22);
	}
}

static void put_pes(struct ts_writer *w, uint16_t pid, GByteArray *unit, uint64_t pts, bool bounded)
{
	ts_writer_pes(w, &(struct ts_writer_pes){.pid = pid,
				 .stream_id = bounded ? 0xc0 : 0xe0,
				 .pts_90khz = pts,
				 .dts_90khz = TS_WRITER_NO_TIME,
				 .bounded = bounded,
				 .data = unit->data,
				 .len = unit->len});
	g_byte_array_unref(unit);
}

static struct recording record(const struct kind *kind, unsigned seconds)
{
	struct recording recording = {
		.datagrams = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref)};
	struct ts_writer w;
	GRand *random = g_rand_new_with_seed(1);
	ts_writer_init(&w);
	w.video_type = kind->video_type;
	w.audio_type = kind->audio_type;
	for (unsigned i = 0; i < seconds * FRAMES_PER_S; i++) {
		uint64_t dts = 900000 + (uint64_t)i * 90000 / FRAMES_PER_S;
		ts_writer_pat(&w);
		ts_writer_pmt(&w);
		ts_writer_pcr(&w, (dts - 45000) * 300, false);
		put_pes(&w, w.video_pid, write_video(kind->video_type, i, random), dts, false);
		put_pes(&w, w.audio_pid, write_audio(kind->audio_type), dts, true);
		put_pes(&w, w.audio_pid, write_audio(kind->audio_type), dts + 1800, true);
		uint8_t payload[TS_WRITER_DATAGRAM_MAX];
		size_t len;
		while (w.ts->len >= 7 * 188 && (len = ts_writer_take_rtp(&w, payload)) > 0) {
			g_ptr_array_add(recording.datagrams, g_bytes_new(payload, len));
			recording.ts_packets += 7;
		}
	}
	g_rand_free(random);
	ts_writer_clear(&w);
	return recording;
}

static uint64_t replay(const struct recording *recording, unsigned seconds, uint64_t *ret_units)
{
	struct stream *stream = stream_new();
	struct stream_event event;
	uint64_t start_ns = cpu_ns(), now_ns = NS_PER_S;
	uint64_t step_ns = seconds * NS_PER_S / recording->datagrams->len;
	for (guint i = 0; i < recording->datagrams->len; i++) {
		gsize len;
		const void *data =
			g_bytes_get_data(g_ptr_array_index(recording->datagrams, i), &len);
		stream_receive(stream, data, len, now_ns += step_ns);
		while (stream_next_event(stream, &event)) {
			if (event.type != STREAM_EVENT_UNIT)
				continue;
			++*ret_units;
			g_bytes_unref(event.unit.data);
		}
	}
	uint64_t spent_ns = cpu_ns() - start_ns;
	stream_free(stream);
	return spent_ns;
}

static void measure(const struct kind *kind, unsigned seconds)
{
	struct recording recording = record(kind, seconds);
	uint64_t units = 0;
	double spent_ns = (double)replay(&recording, seconds, &units);
	double mbps = (double)recording.ts_packets * 188 * 8 / seconds / 1e6;
	printf("%-22s %5.2f Mb/s %6.0f units %8.0f ns per datagram %6.0f ns per TS packet %7.3f %% "
	       "of a core\n",
		kind->name, mbps, (double)units, spent_ns / recording.datagrams->len,
		spent_ns / (double)recording.ts_packets, spent_ns / (seconds * 1e9) * 100);
	g_ptr_array_unref(recording.datagrams);
}

int main(int argc, char **argv)
{
	static const struct kind kinds[] = {
		{"H.264 and AAC", 0x1b, 0x0f},
		{"H.265 and AC-3", 0x24, 0x81},
		{"MPEG-2 and layer II", 0x02, 0x03},
	};
	unsigned seconds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 60;
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		measure(&kinds[i], seconds > 0 ? seconds : 1);
	return 0;
}
