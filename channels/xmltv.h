/*
 * channels/xmltv: guides in XML (xmltv.org), as a stream. Pure.
 *
 * A guide that is malformed or breaks off is an error (channels/xml.h): what came out of it before
 * is not to be used. Of several titles, descriptions and so on the one in a preferred language is
 * taken, else the first. What zapper does not use (credits, showview, ...) says nothing.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "channels/report.h"

/* Of one channel; more names are ignored. */
#define XMLTV_NAMES 64
/* Of the categories of one event, with what stands between them; more are left out. */
#define XMLTV_CATEGORY_BYTES 4096

/* Strings are UTF-8 without control characters, "" where the guide says nothing; for the call only.
 */
struct xmltv_channel {
	unsigned line;
	const char *id;		  /* never empty */
	const char *const *names; /* NULL-terminated, in the order of the guide */
	const char *icon;
};

/* Times are seconds of UTC since 1970. */
struct xmltv_event {
	unsigned line;
	const char *channel; /* its id, never empty */
	int64_t start_utc_s;
	int64_t stop_utc_s; /* behind the start; 0 where the guide does not say */
	const char *title;
	const char *subtitle;
	const char *description;
	const char *category; /* with ", " between several, as many as XMLTV_CATEGORY_BYTES hold */
	const char *episode;  /* "S2 E5" of xmltv_ns, else what the guide has for the screen */
	const char *rating;
};

struct xmltv_sink {
	void (*channel)(void *user, const struct xmltv_channel *channel);
	void (*event)(void *user, const struct xmltv_event *event);
	void *user;
	struct channel_report report;
};

struct xmltv;

/*
 * `file` names the guide in diagnostics; languages, such as {"de", "en", NULL} (NULL: none), come
 * in order of preference and are compared as channels/language.h says. Both are borrowed. Freed
 * with xmltv_destroy(), which accepts NULL.
 */
struct xmltv *xmltv_create(
	const char *file, const char *const *languages, const struct xmltv_sink *sink);
void xmltv_destroy(struct xmltv *xmltv);
/* Bytes behind channels/charset, in pieces of any size. */
void xmltv_feed(struct xmltv *xmltv, const char *bytes, size_t size);
/* The input ends here. False: it was no whole guide, which was said. */
bool xmltv_finish(struct xmltv *xmltv);

/* Whether what begins like that is a guide. */
bool xmltv_detect(const char *head, size_t size);
