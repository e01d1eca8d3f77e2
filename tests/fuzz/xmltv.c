/*
 * channels/xmltv: the same channels and events come out however the bytes arrive, as text that can
 * be shown. The first byte of the input says how large the pieces are.
 */
#include "channels/xmltv.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static void check_text(guint *hash, const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		abort();
	for (const char *c = text; *c; c++)
		if (g_ascii_iscntrl(*c))
			abort();
	*hash = *hash * 31 + g_str_hash(text);
}

static void take_channel(void *user, const struct xmltv_channel *channel)
{
	if (!*channel->id)
		abort();
	check_text(user, channel->id);
	check_text(user, channel->icon);
	for (const char *const *name = channel->names; *name; name++)
		check_text(user, *name);
}

static void take_event(void *user, const struct xmltv_event *event)
{
	guint *hash = user;
	if (!*event->channel || event->start_utc_s < -86400 ||
		(event->stop_utc_s && event->stop_utc_s <= event->start_utc_s))
		abort();
	const char *const texts[] = {event->channel, event->title, event->subtitle,
		event->description, event->category, event->episode, event->rating};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		check_text(hash, texts[i]);
	*hash += (guint)event->start_utc_s + 7 * (guint)event->stop_utc_s;
}

static void take_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	check_text(user, diagnostic->text);
}

static guint parse(const char *bytes, size_t size, size_t piece)
{
	static const char *const languages[] = {"de", "en", NULL};
	guint hash = 0;
	const struct xmltv_sink sink = {take_channel, take_event, &hash, {take_diagnostic, &hash}};
	struct xmltv *xmltv = xmltv_create("guide", languages, &sink);
	for (size_t at = 0; at < size; at += piece)
		xmltv_feed(xmltv, bytes + at, MIN(piece, size - at));
	xmltv_finish(xmltv);
	xmltv_destroy(xmltv);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	const char *bytes = (const char *)data + 1;
	if (parse(bytes, size - 1, size) != parse(bytes, size - 1, 1u + data[0]))
		abort();
	return 0;
}
