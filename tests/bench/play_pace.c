/*
 * What play makes of the reference clips: access units are fed in real time, as they would arrive,
 * into the real pipeline without a display. Prints percentiles of how long the first picture, the
 * motion and the sound take, and how far apart picture and sound are.
 *
 *   play_pace [-n ZAPS] [-k cold|warm] [-b] [-e] [-l] [-s SEED] [-v] CLIP.ts...
 *
 * Each clip's codecs are those of its PMT. -b: briefly, to compare many first pictures: a cold zap
 * is pressed shortly before a key unit, and each is watched for 0.3 s only. -e: the codecs are
 * known at the press, from an earlier time. -l: warm zaps catch up with live. -v: every zap.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <gst/gst.h>

#include "client/app/player.h"
#include "client/app/tracks.h"

#define MS_NS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)
#define DATAGRAM_BYTES (7 * 188)
#define CLIP_BITS_PER_S 4000640.0
#define BEFORE_KEY 25 /* units: what a key unit takes on the wire, and a little */
#define FRAME_NS (40 * MS_NS)
#define WATCH_NS (3500 * MS_NS)
#define WATCH_BRIEFLY_NS (300 * MS_NS)
#define MAX_ZAPS 2000

struct clip {
	GArray *units; /* struct stream_unit, arrival stamps counted from the clip's begin */
	enum stream_codec video, audio;
	bool expected; /* they are known before */
};

enum figure { PICTURE, MOTION, FREEZE, SOUND, APART_BEGIN, APART_END, GAP, GAPS, FIGURES };
static const char *const figure_names[FIGURES] = {"picture, after key complete or press",
	"motion, after the same", "freeze (motion - picture)",
	"sound, after picture or its arrival", "picture ahead of sound, at its begin",
	"picture and sound apart, at the end", "longest time between pictures", "sound gaps"};

struct options {
	unsigned zaps;
	bool warm, brief, expect, live, verbose;
	guint32 seed;
};

/* One zap as it is watched. */
struct watched {
	uint64_t watch_ns;
	uint64_t from_ns; /* key complete (cold) or press (warm) */
	uint64_t picture_ns, motion_ns, sound_ns, sound_arrival_ns;
	uint64_t last_ns, last_due_ns, longest_ns;
	int64_t sound_delay_ns, picture_delay_ns, begin_delay_ns;
};

static struct clip clip_read(const char *path)
{
	struct clip clip = {.units = g_array_new(FALSE, FALSE, sizeof(struct stream_unit))};
	gchar *data;
	gsize size;
	if (!g_file_get_contents(path, &data, &size, NULL)) {
		fprintf(stderr, "%s cannot be read\n", path);
		exit(1);
	}
	struct stream *stream = stream_new();
	for (gsize at = 0; at + DATAGRAM_BYTES <= size; at += DATAGRAM_BYTES) {
		double s = (double)(at + DATAGRAM_BYTES) * 8 / CLIP_BITS_PER_S;
		stream_receive(stream, (guint8 *)data + at, DATAGRAM_BYTES,
			NS_PER_S + (uint64_t)(s * 1e9));
		struct stream_event event;
		while (stream_next_event(stream, &event)) {
			if (event.type == STREAM_EVENT_UNIT)
				g_array_append_val(clip.units, event.unit);
			if (event.type != STREAM_EVENT_PSI)
				continue;
			clip.video = event.video;
			clip.audio = event.audio;
		}
	}
	printf("%s: %s, %s\n", path, tracks_codec_name(clip.video), tracks_codec_name(clip.audio));
	stream_free(stream);
	g_free(data);
	return clip;
}

static const struct stream_unit *unit_at(const struct clip *clip, guint i)
{
	return &g_array_index(clip->units, struct stream_unit, i);
}

static void push(struct play *play, const struct stream_unit *unit, uint64_t n, uint64_t offset_ns)
{
	struct play_unit out = {.n = n,
		.kind = unit->kind == STREAM_VIDEO ? PLAY_VIDEO : PLAY_AUDIO,
		.codec = player_codec(unit->codec),
		.key = unit->key,
		.pts_ns = unit->due_ns + offset_ns,
		.dts_ns = unit->decode_due_ns + offset_ns,
		.arrival_ns = unit->last_arrival_ns + offset_ns,
		.data = g_bytes_ref(unit->data)};
	play_push(play, &out);
}

/* ---- what comes out ---- */

static void watch_picture(struct watched *watched, const struct play_fact *fact)
{
	watched->picture_delay_ns = (int64_t)(fact->at_ns - fact->pts_ns);
	if (!watched->picture_ns) {
		watched->picture_ns = watched->last_ns = fact->at_ns;
		watched->last_due_ns = fact->pts_ns;
		return;
	}
	if (fact->pts_ns == watched->last_due_ns)
		return;
	uint64_t gap_ns = fact->at_ns - watched->last_ns;
	if (watched->motion_ns && gap_ns > watched->longest_ns)
		watched->longest_ns = gap_ns;
	if (!watched->motion_ns || gap_ns > 2 * FRAME_NS)
		watched->motion_ns = fact->at_ns;
	watched->last_ns = fact->at_ns;
	watched->last_due_ns = fact->pts_ns;
}

static void watch_facts(struct play *play, uint64_t n, struct watched *watched)
{
	struct play_fact fact;
	while (play_next_fact(play, &fact)) {
		if (fact.type == PLAY_FACT_FAILED || fact.type == PLAY_FACT_ERROR ||
			fact.type == PLAY_FACT_WARNING)
			fprintf(stderr, "%s\n", fact.text);
		if (fact.n != n)
			continue;
		if (fact.type == PLAY_FACT_PICTURE)
			watch_picture(watched, &fact);
		if (fact.type == PLAY_FACT_AUDIO) {
			watched->sound_ns = fact.at_ns;
			watched->sound_delay_ns = (int64_t)(fact.at_ns - fact.pts_ns);
			watched->begin_delay_ns = watched->picture_delay_ns;
		}
	}
}

static void sleep_until(struct play *play, uint64_t n, struct watched *watched, uint64_t until_ns)
{
	uint64_t now_ns;
	while ((now_ns = gst_util_get_timestamp()) < until_ns) {
		g_usleep((gulong)(MIN(until_ns - now_ns, 2 * MS_NS) / 1000 + 1));
		watch_facts(play, n, watched);
	}
}

/* ---- zaps ---- */

/* What a ring holds at the press: from the newest whole key unit on. Returns its index. */
static guint held_from(const struct clip *clip, guint press)
{
	guint key = press;
	while (key > 0 && !unit_at(clip, key)->key)
		key--;
	return key;
}

static void feed_live(struct play *play, const struct clip *clip, guint from, uint64_t n,
	uint64_t offset_ns, bool gated, struct watched *watched)
{
	uint64_t begin_ns = unit_at(clip, from)->last_arrival_ns + offset_ns, end_ns = UINT64_MAX;
	for (guint i = from; i < clip->units->len; i++) {
		const struct stream_unit *unit = unit_at(clip, i);
		if (gated && unit->kind == STREAM_VIDEO &&
			(!unit->key || unit->first_arrival_ns + offset_ns < begin_ns))
			continue;
		sleep_until(play, n, watched, MIN(unit->last_arrival_ns + offset_ns, end_ns));
		if (gst_util_get_timestamp() >= end_ns)
			break;
		push(play, unit, n, offset_ns);
		if (unit->kind == STREAM_AUDIO && !watched->sound_arrival_ns)
			watched->sound_arrival_ns = unit->last_arrival_ns + offset_ns;
		if (unit->kind == STREAM_VIDEO && gated) {
			watched->from_ns = unit->last_arrival_ns + offset_ns;
			end_ns = watched->from_ns + watched->watch_ns;
		} else if (end_ns == UINT64_MAX && !gated) {
			end_ns = begin_ns + watched->watch_ns;
		}
		gated &= unit->kind != STREAM_VIDEO;
	}
}

static void expect(struct play *play, const struct clip *clip, uint64_t n)
{
	const struct play_expected expected = {.n = n,
		.video = player_codec(clip->video),
		.audio = player_codec(clip->audio),
		.video_slack_ns = PLAY_NO_SLACK,
		.audio_slack_ns = PLAY_NO_SLACK};
	if (clip->expected)
		play_expect(play, &expected);
}

static void zap_cold(struct play *play, const struct clip *clip, guint press, uint64_t n,
	struct watched *watched)
{
	uint64_t offset_ns = gst_util_get_timestamp() - unit_at(clip, press)->last_arrival_ns;
	play_flush(play, n);
	expect(play, clip, n);
	feed_live(play, clip, press, n, offset_ns, true, watched);
}

static void zap_warm(struct play *play, const struct clip *clip, guint press, uint64_t n,
	struct watched *watched)
{
	watched->from_ns = gst_util_get_timestamp();
	uint64_t pressed_ns = unit_at(clip, press)->last_arrival_ns;
	uint64_t offset_ns = watched->from_ns - pressed_ns;
	guint key = held_from(clip, press);
	uint64_t heard_from_ns = MIN(unit_at(clip, key)->due_ns, pressed_ns);
	play_flush(play, n);
	expect(play, clip, n);
	for (guint i = key > 100 ? key - 100 : 0; i <= press; i++) {
		const struct stream_unit *unit = unit_at(clip, i);
		if (unit->kind == STREAM_VIDEO ? i >= key : unit->due_ns >= heard_from_ns)
			push(play, unit, n, offset_ns);
	}
	watched->sound_arrival_ns = watched->from_ns;
	feed_live(play, clip, press + 1, n, offset_ns, false, watched);
}

static double ms(uint64_t from_ns, uint64_t to_ns)
{
	return (double)(int64_t)(to_ns - from_ns) / 1e6;
}

static void add_figures(GArray *figures[FIGURES], const struct watched *w, uint64_t gaps)
{
	double apart_begin = (double)(w->sound_delay_ns - w->begin_delay_ns) / 1e6;
	double values[FIGURES] = {[PICTURE] = ms(w->from_ns, w->picture_ns),
		[MOTION] = ms(w->from_ns, w->motion_ns),
		[FREEZE] = ms(w->picture_ns, w->motion_ns),
		[SOUND] = ms(MAX(w->picture_ns, w->sound_arrival_ns), w->sound_ns),
		[APART_BEGIN] = apart_begin,
		[APART_END] = ABS((double)(w->sound_delay_ns - w->picture_delay_ns) / 1e6),
		[GAP] = (double)w->longest_ns / 1e6,
		[GAPS] = (double)gaps};
	for (int i = 0; i < FIGURES; i++)
		g_array_append_val(figures[i], values[i]);
}

static gint compare(gconstpointer a, gconstpointer b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void print_figures(GArray *figures[FIGURES], const struct options *options)
{
	static const double at[] = {0, 0.5, 0.95, 0.99, 1};
	printf("%u %s zaps%s\n%-38s %8s %8s %8s %8s %8s\n", options->zaps,
		options->warm ? "warm" : "cold", options->live ? ", catching up" : "", "ms", "min",
		"p50", "p95", "p99", "max");
	for (int i = 0; i < FIGURES; i++) {
		/* The delay shrinks all the while. */
		if (i == APART_END && (options->live || options->brief))
			continue;
		g_array_sort(figures[i], compare);
		printf("%-38s", figure_names[i]);
		for (size_t k = 0; k < G_N_ELEMENTS(at); k++) {
			guint index = (guint)(at[k] * (figures[i]->len - 1) + 0.5);
			printf(" %8.1f", g_array_index(figures[i], double, index));
		}
		printf("\n");
	}
}

static void on_wake(void *ctx)
{
	(void)ctx; /* the loop looks often enough */
}

static void run(struct clip *clips, int n_clips, const struct options *options)
{
	struct play_options play_options = {.video_sink = "none",
		.audio_sink = "none",
		.margin_ns = 40 * MS_NS,
		.catch_up = options->live,
		.wake = on_wake};
	struct play *play = play_open(&play_options);
	GRand *random = g_rand_new_with_seed(options->seed);
	GArray *figures[FIGURES];
	for (int i = 0; i < FIGURES; i++)
		figures[i] = g_array_new(FALSE, FALSE, sizeof(double));
	struct play_counters before, after;
	for (unsigned n = 1; n <= options->zaps; n++) {
		const struct clip *clip = &clips[g_rand_int_range(random, 0, n_clips)];
		guint press = (guint)g_rand_int_range(random, 300, (gint)clip->units->len - 800);
		while (options->brief && !options->warm && !unit_at(clip, press + BEFORE_KEY)->key)
			press++;
		struct watched watched = {.watch_ns = options->brief ? WATCH_BRIEFLY_NS : WATCH_NS};
		play_counters(play, &before);
		(options->warm ? zap_warm : zap_cold)(play, clip, press, n, &watched);
		play_counters(play, &after);
		add_figures(figures, &watched, after.gaps - before.gaps);
		if (options->verbose)
			printf("%u: picture %.1f motion %.1f sound %.1f ms, delays %.0f %.0f\n", n,
				ms(watched.from_ns, watched.picture_ns),
				ms(watched.from_ns, watched.motion_ns),
				ms(watched.from_ns, watched.sound_ns),
				(double)watched.picture_delay_ns / 1e6,
				(double)watched.sound_delay_ns / 1e6);
	}
	print_figures(figures, options);
	for (int i = 0; i < FIGURES; i++)
		g_array_unref(figures[i]);
	g_rand_free(random);
	play_stop(play);
	play_free(play);
}

static struct options read_options(int argc, char **argv)
{
	struct options options = {.zaps = 50, .seed = 1};
	for (int c; (c = getopt(argc, argv, "n:k:bels:v")) != -1;) {
		if (c == 'n')
			options.zaps = (unsigned)atoi(optarg);
		else if (c == 'k')
			options.warm = !strcmp(optarg, "warm");
		else if (c == 'b')
			options.brief = true;
		else if (c == 'e')
			options.expect = true;
		else if (c == 'l')
			options.live = true;
		else if (c == 's')
			options.seed = (guint32)atoi(optarg);
		else
			options.verbose = true;
	}
	return options;
}

int main(int argc, char **argv)
{
	struct options options = read_options(argc, argv);
	int n_clips = argc - optind;
	if (n_clips < 1) {
		fprintf(stderr, "play_pace [-n ZAPS] [-k cold|warm] [-b] [-e] [-l] [-s SEED] [-v] "
				"CLIP...\n");
		return 64;
	}
	gst_init(NULL, NULL);
	struct clip *clips = g_new(struct clip, (gsize)n_clips);
	for (int i = 0; i < n_clips; i++) {
		clips[i] = clip_read(argv[optind + i]);
		clips[i].expected = options.expect;
	}
	run(clips, n_clips, &options);
	for (int i = 0; i < n_clips; i++) {
		for (guint k = 0; k < clips[i].units->len; k++)
			g_bytes_unref(unit_at(&clips[i], k)->data);
		g_array_unref(clips[i].units);
	}
	g_free(clips);
	return 0;
}
