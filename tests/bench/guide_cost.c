#include "tests/bench/guide_cost.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "channels/guide.h"
#include "tests/bench/child.h"

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

/* Returns how long it took, without the time that the text took to be written. */
static double read_guide(struct guide_text text, struct guide *guide, uint64_t *ret_bytes)
{
	struct reader reader = {.guide = guide};
	const struct xmltv_sink sink = {take_channel, take_event, &reader, {take_diagnostic, NULL}};
	GString *piece = g_string_new(NULL);
	double spent_s = 0, start_s = child_now_s();
	reader.xmltv = xmltv_create("guide", NULL, &sink);
	child_check(guide ? guide_begin(guide) : 0, "begin");
	spent_s += child_now_s() - start_s;
	while (write_piece(&text, piece)) {
		start_s = child_now_s();
		xmltv_feed(reader.xmltv, piece->str, piece->len);
		spent_s += child_now_s() - start_s;
	}
	start_s = child_now_s();
	bool whole = xmltv_finish(reader.xmltv);
	child_check(guide ? guide_end(guide, reader.result, FIRST_UTC_S) : 0, "end");
	spent_s += child_now_s() - start_s;
	xmltv_destroy(reader.xmltv);
	g_string_free(piece, TRUE);
	if (!whole || reader.events != text.events)
		child_check(-EILSEQ, "parse");
	*ret_bytes = text.bytes;
	return spent_s;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double look_up_once(struct guide *guide, const struct guide_text *text, GRand *random)
{
	int span_s = (int)(text->events / text->channels) * EVENT_S;
	unsigned index = (unsigned)g_rand_int_range(random, 0, (gint32)text->channels);
	char *id = g_strdup_printf("CHANNEL%u.EXAMPLE", index);
	int64_t channel, at = FIRST_UTC_S + g_rand_int_range(random, 0, span_s);
	const struct guide_subject subject = {id, "", ""};
	struct guide_now found;
	double start_s = child_now_s();
	child_check(guide_find(guide, &subject, &channel), id);
	child_check(guide_now_next(guide, channel, at, &found), "now");
	double took_us = (child_now_s() - start_s) * 1e6;
	child_check(found.now.known ? 0 : -ENOENT, id);
	g_free(id);
	return took_us;
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

/* What the children do, and with what. */
struct job {
	const char *path;
	struct guide_text text;
};

enum { IMPORT_S, AGAIN_S, PARSE_S, XML_BYTES, MEAN_US, P99_US, MAX_US, FIGURES };

static void import_twice(void *ctx, double *figures)
{
	const struct job *job = ctx;
	uint64_t bytes;
	struct guide *guide = open_guide(job->path, GUIDE_WRITE);
	figures[IMPORT_S] = read_guide(job->text, guide, &bytes);
	figures[AGAIN_S] = read_guide(job->text, guide, &bytes);
	guide_close(guide);
}

static void parse_and_look_up(void *ctx, double *figures)
{
	const struct job *job = ctx;
	uint64_t bytes;
	figures[PARSE_S] = read_guide(job->text, NULL, &bytes);
	figures[XML_BYTES] = (double)bytes;
	struct guide *guide = open_guide(job->path, GUIDE_READ);
	GRand *random = g_rand_new_with_seed(1);
	double *took_us = g_new(double, LOOKUPS), sum_us = 0;
	for (size_t i = 0; i < LOOKUPS; i++)
		sum_us += took_us[i] = look_up_once(guide, &job->text, random);
	qsort(took_us, LOOKUPS, sizeof *took_us, compare);
	figures[MEAN_US] = sum_us / LOOKUPS;
	figures[P99_US] = took_us[LOOKUPS * 99 / 100];
	figures[MAX_US] = took_us[LOOKUPS - 1];
	g_free(took_us);
	g_rand_free(random);
	guide_close(guide);
}

void guide_cost_measure(
	const char *path, unsigned events, unsigned channels, bool by_time, struct guide_cost *ret)
{
	struct job job = {path, {.events = events, .channels = channels, .by_time = by_time}};
	double figures[FIGURES] = {0};
	ret->peak_kib = child_run(import_twice, &job, figures, FIGURES);
	ret->import_s = figures[IMPORT_S];
	ret->again_s = figures[AGAIN_S];
	child_run(parse_and_look_up, &job, figures, FIGURES);
	ret->parse_s = figures[PARSE_S];
	ret->xml_bytes = figures[XML_BYTES];
	ret->look_mean_us = figures[MEAN_US];
	ret->look_p99_us = figures[P99_US];
	ret->look_max_us = figures[MAX_US];
	child_check(unlink(path) ? -errno : 0, path);
}
