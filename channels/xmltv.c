#include "channels/xmltv.h"

#include <string.h>

#include "channels/text.h"
#include "channels/xml.h"
#include "channels/xmltv_text.h"

/* A text of which there may be one for each language. */
struct choice {
	GString *text;
	size_t rank; /* xmltv_language_rank() of what is there */
};

enum field { TITLE, SUBTITLE, DESCRIPTION, CATEGORY, FIELDS };

static const char *const field_names[FIELDS] = {
	[TITLE] = "title",
	[SUBTITLE] = "sub-title",
	[DESCRIPTION] = "desc",
	[CATEGORY] = "category",
};

struct xmltv {
	const char *file;
	const char *const *languages;
	struct xmltv_sink sink;
	struct xml *xml;
	/* of the channel or event that is being read: */
	unsigned line;
	GString *id; /* a channel's */
	GPtrArray *names;
	GString *icon;
	GString *start, *stop;
	struct choice fields[FIELDS];
	GString *episode;
	bool episode_counts; /* is of xmltv_ns */
	GString *rating;
	/* of the element within: */
	size_t rank;
	bool of_ns;
};

#define warn(xmltv, ...)                                                                           \
	channel_warn(&(xmltv)->sink.report, (xmltv)->file, (xmltv)->line, CHANNEL_KEPT, __VA_ARGS__)

static void warn_of(struct xmltv *xmltv, const char *text, const char *rest)
{
	char *quoted = text_quote(text);
	warn(xmltv, "%s %s", quoted, rest);
	g_free(quoted);
}

static void take_attribute(
	struct xmltv *xmltv, GString *to, const char *const *attributes, const char *name)
{
	g_string_assign(to, xml_attribute(xmltv->xml, attributes, name));
}

static void begin_channel(struct xmltv *xmltv, const char *const *attributes)
{
	xmltv->line = xml_line(xmltv->xml);
	take_attribute(xmltv, xmltv->id, attributes, "id");
	g_ptr_array_set_size(xmltv->names, 0);
	g_string_truncate(xmltv->icon, 0);
}

static void begin_event(struct xmltv *xmltv, const char *const *attributes)
{
	xmltv->line = xml_line(xmltv->xml);
	take_attribute(xmltv, xmltv->id, attributes, "channel");
	take_attribute(xmltv, xmltv->start, attributes, "start");
	take_attribute(xmltv, xmltv->stop, attributes, "stop");
	for (size_t i = 0; i < FIELDS; i++) {
		g_string_truncate(xmltv->fields[i].text, 0);
		xmltv->fields[i].rank = SIZE_MAX;
	}
	g_string_truncate(xmltv->episode, 0);
	g_string_truncate(xmltv->rating, 0);
	xmltv->episode_counts = false;
}

static void on_start(void *ctx, const char *name, const char *const *attributes)
{
	struct xmltv *xmltv = ctx;
	const char *parent = xml_ancestor(xmltv->xml, 1);
	if (!strcmp(name, "programme")) {
		begin_event(xmltv, attributes);
	} else if (!strcmp(name, "channel")) {
		begin_channel(xmltv, attributes);
	} else if (!strcmp(parent, "programme")) {
		const char *language = xml_attribute(xmltv->xml, attributes, "lang");
		const char *system = xml_attribute(xmltv->xml, attributes, "system");
		xmltv->rank = xmltv_language_rank(language, xmltv->languages);
		xmltv->of_ns = !strcmp(system, "xmltv_ns");
	} else if (!strcmp(parent, "channel") && !strcmp(name, "icon") && !xmltv->icon->len) {
		take_attribute(xmltv, xmltv->icon, attributes, "src");
	}
}

static void end_channel(struct xmltv *xmltv)
{
	if (!xmltv->id->len) {
		warn(xmltv, "a channel has no id; it is ignored");
		return;
	}
	g_ptr_array_add(xmltv->names, NULL);
	const struct xmltv_channel channel = {.line = xmltv->line,
		.id = xmltv->id->str,
		.names = (const char *const *)xmltv->names->pdata,
		.icon = xmltv->icon->str};
	xmltv->sink.channel(xmltv->sink.user, &channel);
}

static void add_name(struct xmltv *xmltv, const char *name)
{
	if (!*name)
		return;
	if (xmltv->names->len < XMLTV_NAMES)
		g_ptr_array_add(xmltv->names, g_strdup(name));
	else
		warn_of(xmltv, name, "is one name too many for a channel; it is ignored");
}

/* False where there is no use for the event. */
static bool read_times(struct xmltv *xmltv, struct xmltv_event *event)
{
	if (xmltv_time_parse(xmltv->start->str, &event->start_utc_s)) {
		warn_of(xmltv, xmltv->start->str, "is no time to start; the event is ignored");
		return false;
	}
	if (!xmltv->stop->len)
		return true;
	if (xmltv_time_parse(xmltv->stop->str, &event->stop_utc_s)) {
		warn_of(xmltv, xmltv->stop->str,
			"is no time to stop; the event lasts until the next one");
	} else if (event->stop_utc_s <= event->start_utc_s) {
		warn_of(xmltv, xmltv->stop->str,
			"is not behind the start; the event lasts until the next one");
		event->stop_utc_s = 0;
	}
	return true;
}

static void end_event(struct xmltv *xmltv)
{
	struct xmltv_event event = {.line = xmltv->line,
		.channel = xmltv->id->str,
		.title = xmltv->fields[TITLE].text->str,
		.subtitle = xmltv->fields[SUBTITLE].text->str,
		.description = xmltv->fields[DESCRIPTION].text->str,
		.category = xmltv->fields[CATEGORY].text->str,
		.episode = xmltv->episode->str,
		.rating = xmltv->rating->str};
	if (!*event.channel)
		warn(xmltv, "an event has no channel; it is ignored");
	else if (read_times(xmltv, &event))
		xmltv->sink.event(xmltv->sink.user, &event);
}

static void choose(struct xmltv *xmltv, enum field field, const char *text)
{
	struct choice *choice = &xmltv->fields[field];
	if (!*text || xmltv->rank > choice->rank)
		return;
	if (xmltv->rank < choice->rank)
		g_string_assign(choice->text, text);
	else if (field == CATEGORY && choice->text->len + strlen(text) < XMLTV_CATEGORY_BYTES)
		g_string_append_printf(choice->text, ", %s", text);
	choice->rank = xmltv->rank;
}

static void take_episode(struct xmltv *xmltv, const char *text)
{
	if (xmltv->of_ns && !xmltv->episode_counts) {
		GString *counted = g_string_new(NULL);
		xmltv_episode_format(text, counted);
		xmltv->episode_counts = counted->len > 0;
		if (xmltv->episode_counts)
			g_string_assign(xmltv->episode, counted->str);
		g_string_free(counted, TRUE);
	} else if (!xmltv->of_ns && !xmltv->episode->len) {
		g_string_assign(xmltv->episode, text);
	}
}

static void end_in_event(struct xmltv *xmltv, const char *name, const char *text)
{
	for (size_t i = 0; i < FIELDS; i++)
		if (!strcmp(name, field_names[i]))
			choose(xmltv, (enum field)i, text);
	if (!strcmp(name, "episode-num"))
		take_episode(xmltv, text);
}

static void on_end(void *ctx, const char *name, const char *text)
{
	struct xmltv *xmltv = ctx;
	const char *parent = xml_ancestor(xmltv->xml, 1);
	if (!strcmp(name, "programme"))
		end_event(xmltv);
	else if (!strcmp(parent, "programme"))
		end_in_event(xmltv, name, text);
	else if (!strcmp(parent, "rating") && !strcmp(name, "value") && !xmltv->rating->len)
		g_string_assign(xmltv->rating, text);
	else if (!strcmp(name, "channel"))
		end_channel(xmltv);
	else if (!strcmp(parent, "channel") && !strcmp(name, "display-name"))
		add_name(xmltv, text);
}

struct xmltv *xmltv_create(
	const char *file, const char *const *languages, const struct xmltv_sink *sink)
{
	struct xmltv *xmltv = g_new0(struct xmltv, 1);
	const struct xml_handler handler = {on_start, on_end, xmltv, sink->report};
	*xmltv = (struct xmltv){.file = file,
		.languages = languages,
		.sink = *sink,
		.xml = xml_create(file, &handler),
		.id = g_string_new(NULL),
		.names = g_ptr_array_new_with_free_func(g_free),
		.icon = g_string_new(NULL),
		.start = g_string_new(NULL),
		.stop = g_string_new(NULL),
		.episode = g_string_new(NULL),
		.rating = g_string_new(NULL)};
	for (size_t i = 0; i < FIELDS; i++)
		xmltv->fields[i] = (struct choice){g_string_new(NULL), SIZE_MAX};
	return xmltv;
}

void xmltv_destroy(struct xmltv *xmltv)
{
	if (!xmltv)
		return;
	for (size_t i = 0; i < FIELDS; i++)
		g_string_free(xmltv->fields[i].text, TRUE);
	GString *const texts[] = {
		xmltv->id, xmltv->icon, xmltv->start, xmltv->stop, xmltv->episode, xmltv->rating};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		g_string_free(texts[i], TRUE);
	g_ptr_array_unref(xmltv->names);
	xml_destroy(xmltv->xml);
	g_free(xmltv);
}

void xmltv_feed(struct xmltv *xmltv, const char *bytes, size_t size)
{
	xml_feed(xmltv->xml, bytes, size);
}

bool xmltv_finish(struct xmltv *xmltv)
{
	return xml_finish(xmltv->xml);
}

bool xmltv_detect(const char *head, size_t size)
{
	return xml_root_is(head, size, "tv");
}
