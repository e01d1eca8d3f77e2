/*
 * A channel's packets. The input is cut into datagrams by two bytes before each: 4 bits of how many
 * times 4 ms pass before it, 12 bits of length. The length 4095 stands for a wish instead: one
 * byte; from 128 on the first bytes of what follows are taken for parameter sets, too.
 */
#include "client/receive/stream.h"

#include <stdlib.h>
#include <string.h>

struct seen {
	bool after_rap; /* the next video unit opens */
	bool video;	/* one has come */
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static bool is_playable(enum stream_kind kind, enum stream_codec codec)
{
	bool video = codec >= STREAM_CODEC_H264 && codec <= STREAM_CODEC_MPEG2_VIDEO;
	bool audio = codec >= STREAM_CODEC_AAC && codec <= STREAM_CODEC_MPEG_AUDIO;
	return kind == STREAM_VIDEO ? video : kind == STREAM_AUDIO && audio;
}

static void check_unit(struct seen *seen, const struct stream_unit *unit)
{
	check(g_bytes_get_size(unit->data) > 0);
	check(is_playable(unit->kind, unit->codec));
	check(unit->first_arrival_ns <= unit->last_arrival_ns);
	if (unit->kind == STREAM_VIDEO) {
		check(seen->video || seen->after_rap);
		check(!unit->key || !unit->leading);
		check(unit->key || unit->recovery_pictures == 0);
		/* A damaged one where the one before it was, too: nobody waits for a third. */
		check(!seen->after_rap || unit->key);
		seen->video = true;
		seen->after_rap = false;
	}
	g_bytes_unref(unit->data);
}

static void check_programme(const struct stream *stream)
{
	const struct stream_programme *programme = stream_programme(stream);
	if (!programme)
		return;
	check(programme->n_tracks <= STREAM_TRACKS_MAX);
	for (size_t i = 0; i < programme->n_tracks; i++) {
		const struct stream_track *track = &programme->tracks[i];
		check(strlen(track->language) == 3 || track->language[0] == '\0');
		check(!track->chosen || is_playable(track->kind, track->codec));
	}
}

/* What a viewer may ask for at any moment. */
static void wish(struct stream *stream, uint8_t what, const uint8_t *rest, size_t len)
{
	static const char *const languages[] = {"ger", "eng", "a", ""};
	const struct stream_programme *programme = stream_programme(stream);
	uint16_t numbers[4];
	if (what & 0x80)
		stream_expect_sets(stream, rest, MIN(len, what & 0x7f));
	switch (what & 3) {
	case 0:
		stream_choose_programme(stream, what >> 2);
		break;
	case 1:
		stream_prefer_languages(stream, languages + (what >> 2 & 3), 1);
		break;
	case 2:
		if (programme && programme->n_tracks > 0)
			stream_choose_audio(
				stream, programme->tracks[(what >> 2) % programme->n_tracks].pid);
		break;
	default:
		stream_programmes(stream, numbers, what >> 2 & 3);
		break;
	}
}

static void take_events(struct stream *stream, struct seen *seen)
{
	struct stream_event event;
	while (stream_next_event(stream, &event)) {
		if (event.type == STREAM_EVENT_RAP)
			seen->after_rap = true;
		else if (event.type == STREAM_EVENT_MISLED)
			*seen = (struct seen){0};
		else if (event.type == STREAM_EVENT_UNIT)
			check_unit(seen, &event.unit);
	}
	check_programme(stream);
}

static void run_timers(struct stream *stream, struct seen *seen, uint64_t now_ns)
{
	while (stream_deadline(stream) <= now_ns) {
		uint64_t deadline_ns = stream_deadline(stream);
		stream_advance(stream, deadline_ns);
		take_events(stream, seen);
		check(stream_deadline(stream) > deadline_ns);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream *stream = stream_new();
	struct seen seen = {0};
	uint64_t now_ns = 1000000000;

	while (size >= 2) {
		size_t len = (size_t)(data[0] & 0x0f) << 8 | data[1];
		now_ns += (uint64_t)(data[0] >> 4) * 4000000;
		data += 2;
		size -= 2;
		run_timers(stream, &seen, now_ns);
		if (len == 0xfff && size > 0) {
			wish(stream, data[0], data + 1, size - 1);
			data++;
			size--;
			continue;
		}
		len = MIN(len, size);
		/* Memory of just this size, so that a sanitizer sees a read beyond it. */
		uint8_t *copy = g_memdup2(data, len);
		stream_receive(stream, copy, len, now_ns);
		g_free(copy);
		take_events(stream, &seen);
		data += len;
		size -= len;
	}
	run_timers(stream, &seen, now_ns + 1000000000);
	check(stream_deadline(stream) == UINT64_MAX);
	stream_free(stream);
	return 0;
}
