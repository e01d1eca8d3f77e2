#include "client/receive/eit.h"

#include <bitstream/dvb/si/datetime.h>
#include <bitstream/dvb/si/eit.h>
#include <bitstream/dvb/si/tdt.h>
#include <bitstream/dvb/si/tot.h>
#include <errno.h>
#include <string.h>

#include "client/receive/dvb_text.h"
#include "client/receive/programme.h"
#include "client/receive/psi.h"

/* Annex C: the modified Julian date of 1970-01-01; what is sent are 16 bits of such a date. */
#define MJD_1970 40587
#define MJD_WRAPS 65536
#define DAY_S 86400

enum { SHORT_EVENT = 0x4d, EXTENDED_EVENT = 0x4e, CONTENT = 0x54, PARENTAL_RATING = 0x55 };

/* Section 6.2.9, table 28: by content_nibble_level_1. */
static const char *const categories[16] = {
	[0x1] = "Film",
	[0x2] = "News",
	[0x3] = "Show",
	[0x4] = "Sports",
	[0x5] = "Children",
	[0x6] = "Music",
	[0x7] = "Arts",
	[0x8] = "Society",
	[0x9] = "Education",
	[0xa] = "Leisure",
};

/* ---- times ---- */

static bool is_bcd(uint32_t digits)
{
	for (; digits; digits >>= 4)
		if ((digits & 0xf) > 9)
			return false;
	return true;
}

/* Hours, minutes and seconds, two digits of each. */
static bool read_clock(uint32_t digits, uint32_t *ret_s)
{
	int hours, minutes, seconds;
	dvb_time_decode_bcd(digits, NULL, &hours, &minutes, &seconds);
	if (!is_bcd(digits) || minutes > 59 || seconds > 59)
		return false;
	*ret_s = (uint32_t)(hours * 3600 + minutes * 60 + seconds);
	return true;
}

/*
 * The lower 16 bits of a date, which begin anew on 2038-04-23, and six digits; all ones are no
 * time. Nothing is sent of the time before 1970.
 */
static bool read_time(uint64_t field, int64_t *ret_utc_s)
{
	uint32_t s;
	int64_t days = (int64_t)(field >> 24 & 0xffff) - MJD_1970;
	if (!read_clock(field & 0xffffff, &s) || s >= DAY_S)
		return false;
	*ret_utc_s = (days < 0 ? days + MJD_WRAPS : days) * DAY_S + s;
	return true;
}

int eit_parse_time(const uint8_t *section, size_t len, int64_t *ret_utc_s)
{
	if (len < PSI_HEADER_SIZE)
		return -EBADMSG;
	uint8_t table = psi_get_tableid(section);
	if (table != TDT_TABLE_ID && table != TOT_TABLE_ID)
		return -ENOENT;
	bool has_crc = table == TOT_TABLE_ID;
	if (len < (has_crc ? TOT_HEADER_SIZE + PSI_CRC_SIZE : TDT_HEADER_SIZE) ||
		len != (size_t)psi_get_length(section) + PSI_HEADER_SIZE)
		return -EBADMSG;
	if (has_crc && !psi_check_crc(section))
		return -EBADMSG;
	return read_time(tdt_get_utc(section), ret_utc_s) ? 0 : -EBADMSG;
}

/* ---- what is said of an event ---- */

/* Bytes that are still to be read. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

static bool take(struct bytes *from, size_t len, struct bytes *ret)
{
	if (from->len < len)
		return false;
	*ret = (struct bytes){from->data, len};
	from->data += len;
	from->len -= len;
	return true;
}

/* A byte says how long it is. */
static bool take_counted(struct bytes *from, struct bytes *ret)
{
	struct bytes count;
	return take(from, 1, &count) && take(from, count.data[0], ret);
}

static char *text_of(const struct bytes *bytes)
{
	return dvb_text(bytes->data, bytes->len);
}

static void read_language(const struct bytes *from, char ret[4])
{
	for (size_t i = 0; i < 3; i++)
		ret[i] = g_ascii_isalpha(from->data[i]) ? g_ascii_tolower(from->data[i]) : '\0';
	ret[3] = '\0';
}

/* How much a language is wanted: its place among `languages`. */
static size_t place_of(const char *language, const char *const *languages)
{
	size_t i = 0;
	while (languages && languages[i] && !programme_same_language(language, languages[i]))
		i++;
	return i;
}

struct reading {
	const char *const *languages;
	struct eit_event *event;
	bool has_short;
	size_t short_place, long_place; /* of the texts at hand ... */
	char long_language[4];		/* ... of which this one goes on */
	GString *items, *text;		/* of the extended event */
	GString *categories;
};

/* Section 6.2.37: language, event_name, text. */
static void read_short(struct reading *r, struct bytes body)
{
	struct bytes language, name, text;
	char code[4];
	if (!take(&body, 3, &language) || !take_counted(&body, &name) ||
		!take_counted(&body, &text))
		return;
	read_language(&language, code);
	size_t place = place_of(code, r->languages);
	if (r->has_short && place >= r->short_place)
		return;
	r->has_short = true;
	r->short_place = place;
	g_free(r->event->title);
	g_free(r->event->subtitle);
	r->event->title = g_strstrip(g_strdelimit(text_of(&name), "\n", ' '));
	r->event->subtitle = g_strstrip(text_of(&text));
	memcpy(r->event->language, code, sizeof code);
}

static void append_item(GString *items, const struct bytes *what, const struct bytes *item)
{
	char *name = g_strstrip(text_of(what)), *value = g_strstrip(text_of(item));
	if (*value)
		g_string_append_printf(
			items, "%s%s%s%s", items->len ? "\n" : "", name, *name ? ": " : "", value);
	g_free(name);
	g_free(value);
}

/*
 * Section 6.2.15: one of several descriptors; items, and text that goes on in the next one. What is
 * in another language than the first one, or than a better one, is another text.
 */
static void read_extended(struct reading *r, struct bytes body)
{
	struct bytes number, language, items, what, item, text;
	char code[4];
	if (!take(&body, 1, &number) || !take(&body, 3, &language) ||
		!take_counted(&body, &items) || !take_counted(&body, &text))
		return;
	read_language(&language, code);
	size_t place = place_of(code, r->languages);
	bool is_first = number.data[0] >> 4 == 0;
	if (is_first && (place < r->long_place || (!r->text->len && !r->items->len))) {
		g_string_truncate(r->items, 0);
		g_string_truncate(r->text, 0);
		r->long_place = place;
		memcpy(r->long_language, code, sizeof code);
	} else if (is_first || memcmp(r->long_language, code, sizeof code)) {
		return;
	}
	while (take_counted(&items, &what) && take_counted(&items, &item))
		append_item(r->items, &what, &item);
	char *more = text_of(&text);
	g_string_append(r->text, more);
	g_free(more);
}

/* Section 6.2.9: pairs of nibbles and a byte for users. */
static void read_content(struct reading *r, struct bytes body)
{
	struct bytes pair;
	while (take(&body, 2, &pair)) {
		const char *category = categories[pair.data[0] >> 4];
		if (category && !strstr(r->categories->str, category))
			g_string_append_printf(
				r->categories, "%s%s", r->categories->len ? ", " : "", category);
	}
}

/* Section 6.2.28: a country and a rating, of which 1 to 15 are 4 to 18 years. */
static void read_rating(struct reading *r, struct bytes body)
{
	struct bytes entry;
	while (!r->event->rating && take(&body, 4, &entry))
		if (entry.data[3] >= 1 && entry.data[3] <= 0xf)
			r->event->rating = g_strdup_printf("%d+", entry.data[3] + 3);
}

static void read_descriptor(struct reading *r, const uint8_t *descriptor)
{
	struct bytes body = {descriptor + DESC_HEADER_SIZE, desc_get_length(descriptor)};
	switch (desc_get_tag(descriptor)) {
	case SHORT_EVENT:
		read_short(r, body);
		break;
	case EXTENDED_EVENT:
		read_extended(r, body);
		break;
	case CONTENT:
		read_content(r, body);
		break;
	case PARENTAL_RATING:
		read_rating(r, body);
		break;
	}
}

static char *or_empty(char *text)
{
	return text ? text : g_strdup("");
}

/* Without a long text the short one is all there is to say. */
static void finish(struct reading *r)
{
	struct eit_event *event = r->event;
	if (r->items->len)
		g_string_append_printf(r->text, "%s%s", r->text->len ? "\n" : "", r->items->str);
	if (!r->text->len && event->subtitle) {
		g_string_assign(r->text, event->subtitle);
		g_clear_pointer(&event->subtitle, g_free);
	}
	event->description = g_strstrip(g_string_free(r->text, FALSE));
	event->category = g_string_free(r->categories, FALSE);
	g_string_free(r->items, TRUE);
	event->title = or_empty(event->title);
	event->subtitle = or_empty(event->subtitle);
	event->rating = or_empty(event->rating);
}

static void read_descriptors(
	struct psi_descriptors descriptors, const char *const *languages, struct eit_event *event)
{
	struct reading r = {.languages = languages,
		.event = event,
		.items = g_string_new(NULL),
		.text = g_string_new(NULL),
		.categories = g_string_new(NULL)};
	const uint8_t *descriptor;
	while (psi_next_descriptor(&descriptors, &descriptor))
		read_descriptor(&r, descriptor);
	finish(&r);
}

/* ---- sections ---- */

int eit_parse(const uint8_t *section, size_t len, struct eit_section *ret)
{
	if (psi_get_tableid(section) != EIT_TABLE_ID_PF_ACTUAL || !psi_get_current(section))
		return -ENOENT;
	if (len < EIT_HEADER_SIZE + PSI_CRC_SIZE)
		return -EBADMSG;
	if (psi_get_section(section) > 1)
		return -ENOENT;
	*ret = (struct eit_section){.service = eit_get_sid(section),
		.transport_stream = eit_get_tsid(section),
		.original_network = eit_get_onid(section),
		.version = psi_get_version(section),
		.number = psi_get_section(section),
		.events = section + EIT_HEADER_SIZE,
		.events_len = len - EIT_HEADER_SIZE - PSI_CRC_SIZE};
	return 0;
}

bool eit_read_event(
	const struct eit_section *section, const char *const *languages, struct eit_event *ret)
{
	const uint8_t *p = section->events;
	if (section->events_len < EIT_EVENT_SIZE ||
		section->events_len - EIT_EVENT_SIZE < eitn_get_desclength(p))
		return false;
	struct eit_event event = {.id = eitn_get_event_id(p)};
	event.is_timed = read_time(eitn_get_start_time(p), &event.start_utc_s);
	if (!event.is_timed || !read_clock(eitn_get_duration_bcd(p), &event.duration_s))
		event.duration_s = 0;
	read_descriptors((struct psi_descriptors){p + EIT_EVENT_SIZE, eitn_get_desclength(p)},
		languages, &event);
	*ret = event;
	return true;
}

void eit_event_clear(struct eit_event *event)
{
	g_free(event->title);
	g_free(event->subtitle);
	g_free(event->description);
	g_free(event->category);
	g_free(event->rating);
	*event = (struct eit_event){0};
}
