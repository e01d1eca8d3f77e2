/*
 * What a guide costs: a generated XMLTV is read, imported into an empty file, imported again, and
 * asked what is on now and next.
 *
 *   guide [--by-time] [EVENTS [CHANNELS]]     default 1000000 1000, one channel after the other;
 *                                             with --by-time all channels of an hour together
 *
 * The file is made in the current folder and removed at the end.
 */
#include "channels/guide.h"

#include <errno.h>
#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define FIRST_UTC_S INT64_C(1700000000)
#define EVENT_S 1800
#define LOOKUPS 20000
#define PIECE_BYTES 65536

struct guide_text {
	unsigned events, channels;
	bool by_time;
	unsigned next; /* channel or event that is written next */
	uint64_t bytes;
};

/* What reads the text; `guide` is NULL where it is only parsed. */
struct reader {
	struct xmltv *xmltv;
	struct guide *guide;
	int result;
	unsigned events;
};

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long peak_kib(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void append_time(GString *out, const char *name, int64_t utc_s)
{
	time_t time = (time_t)utc_s;
	struct tm parts;
	gmtime_r(&time, &parts);
	g_string_append_printf(out, " %s=\"%04d%02d%02d%02d%02d%02d +0000\"", name,
		parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour, parts.tm_min,
		parts.tm_sec);
}

static void append_event(const struct guide_text *text, GString *out, unsigned event)
{
	unsigned per_channel = text->events / text->channels;
	unsigned channel = text->by_time ? event % text->channels : event / per_channel;
	unsigned slot = text->by_time ? event / text->channels : event % per_channel;
	int64_t start = FIRST_UTC_S + (int64_t)slot * EVENT_S;
	g_string_append(out, "  <programme");
	append_time(out, "start", start);
	append_time(out, "stop", start + EVENT_S);
	g_string_append_printf(out,
		" channel=\"channel%u.example\">\n"
		"    <title lang=\"en\">Event %u of channel %u</title>\n"
		"    <sub-title lang=\"en\">What it is called beside</sub-title>\n"
		"    <desc lang=\"en\">A description of some two hundred characters, which is what "
		"guides have on average: who does what to whom, where and why, and in which year "
		"it was made, so that %u is not the only thing that differs.</desc>\n"
		"    <category lang=\"en\">Series</category>\n"
		"    <episode-num system=\"xmltv_ns\">%u.%u.</episode-num>\n"
		"    <rating system=\"FSK\"><value>12</value></rating>\n  </programme>\n",
		channel, slot, channel, event, slot % 9, slot % 24);
}

/* False at the end. */
static bool write_piece(struct guide_text *text, GString *out)
{
	unsigned last = text->channels + text->events;
	g_string_truncate(out, 0);
	if (!text->next)
		g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<tv>\n");
	for (; text->next < last && out->len < PIECE_BYTES; text->next++) {
		if (text->next >= text->channels)
			append_event(text, out, text->next - text->channels);
		else
			g_string_append_printf(out,
				"  <channel id=\"channel%u.example\"><display-name>Channel %u"
				"</display-name></channel>\n",
				text->next, text->next);
	}
	if (text->next == last) {
		g_string_append(out, "</tv>\n");
		text->next++;
	}
	text->bytes += out->len;
	return out->len > 0;
}

static void take_channel(void *user, const struct xmltv_channel *channel)
{
	struct reader *reader = user;
	if (reader->guide && !reader->result)
		reader->result = guide_put_channel(reader->guide, channel);
}

static void take_event(void *user, const struct xmltv_event *event)
{
	struct reader *reader = user;
	reader->events++;
	if (reader->guide && !reader->result)
		reader->result = guide_put_event(reader->guide, event);
}

static void take_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	fprintf(stderr, "%s:%u: %s\n", diagnostic->file, diagnostic->line, diagnostic->text);
}

static void check(int result, const char *what)
{
	if (!result)
		return;
	fprintf(stderr, "%s: %s\n", what, g_strerror(-result));
	exit(EXIT_FAILURE);
}

/* Prints how long it took, without the time that the text took to be written. */
static void read_guide(struct guide_text text, struct guide *guide, const char *what)
{
	struct reader reader = {.guide = guide};
	const struct xmltv_sink sink = {take_channel, take_event, &reader, {take_diagnostic, NULL}};
	GString *piece = g_string_new(NULL);
	double spent_s = 0, start_s = now_s();
	reader.xmltv = xmltv_create("guide", NULL, &sink);
	check(guide ? guide_begin(guide) : 0, "begin");
	spent_s += now_s() - start_s;
	while (write_piece(&text, piece)) {
		start_s = now_s();
		xmltv_feed(reader.xmltv, piece->str, piece->len);
		spent_s += now_s() - start_s;
	}
	start_s = now_s();
	bool whole = xmltv_finish(reader.xmltv);
	check(guide ? guide_end(guide, reader.result, FIRST_UTC_S) : 0, "end");
	spent_s += now_s() - start_s;
	xmltv_destroy(reader.xmltv);
	g_string_free(piece, TRUE);
	if (!whole || reader.events != text.events)
		check(-EILSEQ, "parse");
	printf("%-22s %8.2f s   %7.1f MB of XML   peak %6ld KiB\n", what, spent_s,
		(double)text.bytes / 1e6, peak_kib());
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Any channel, any time: as cold as the system's own cache allows. */
static void look_up(const struct guide_text *text, struct guide *guide)
{
	GRand *random = g_rand_new_with_seed(1);
	double *took_us = g_new(double, LOOKUPS), sum_us = 0;
	int span_s = (int)(text->events / text->channels) * EVENT_S;
	for (size_t i = 0; i < LOOKUPS; i++) {
		unsigned index = (unsigned)g_rand_int_range(random, 0, (gint32)text->channels);
		char *id = g_strdup_printf("CHANNEL%u.EXAMPLE", index);
		int64_t channel, at = FIRST_UTC_S + g_rand_int_range(random, 0, span_s);
		struct guide_now found;
		check(guide_find(guide, id, "", &channel), id);
		double start_s = now_s();
		check(guide_now_next(guide, channel, at, &found), "now");
		took_us[i] = (now_s() - start_s) * 1e6;
		sum_us += took_us[i];
		if (!found.now.known)
			check(-ENOENT, id);
		g_free(id);
	}
	qsort(took_us, LOOKUPS, sizeof *took_us, compare);
	printf("%-22s %8.1f us mean   %.1f us median   %.1f us p99   %.1f us max\n", "now and next",
		sum_us / LOOKUPS, took_us[LOOKUPS / 2], took_us[LOOKUPS * 99 / 100],
		took_us[LOOKUPS - 1]);
	g_free(took_us);
	g_rand_free(random);
}

static struct guide *open_guide(const char *path, enum guide_mode mode)
{
	struct guide *guide;
	char *why;
	if (!guide_open(path, mode, &guide, &why))
		return guide;
	fprintf(stderr, "%s\n", why);
	exit(EXIT_FAILURE);
}

static void remove_all(const char *path)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
		char *name = g_strconcat(path, ends[i], NULL);
		unlink(name);
		g_free(name);
	}
}

static unsigned read_count(const char *text)
{
	guint64 count;
	if (!g_ascii_string_to_unsigned(text, 10, 1, 100000000, &count, NULL))
		check(-EINVAL, text);
	return (unsigned)count;
}

int main(int argc, char **argv)
{
	static const char path[] = "bench-guide.db";
	struct guide_text text = {.events = 1000000, .channels = 1000};
	int at = 1;
	text.by_time = at < argc && !strcmp(argv[at], "--by-time");
	at += text.by_time;
	if (at < argc)
		text.events = read_count(argv[at++]);
	if (at < argc)
		text.channels = MIN(read_count(argv[at++]), text.events);
	text.events -= text.events % text.channels;
	remove_all(path);
	printf("%u events of %u channels, %s\n", text.events, text.channels,
		text.by_time ? "by time" : "by channel");
	read_guide(text, NULL, "parsed only");
	struct guide *guide = open_guide(path, GUIDE_WRITE);
	read_guide(text, guide, "imported");
	read_guide(text, guide, "imported again");
	guide_close(guide);
	guide = open_guide(path, GUIDE_READ);
	look_up(&text, guide);
	guide_close(guide);
	remove_all(path);
	return EXIT_SUCCESS;
}
