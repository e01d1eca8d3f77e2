#include "channels/decoder.h"

#include <errno.h>
#include <string.h>

#include "channels/text.h"

static const char utf8[] = "UTF-8";

enum step {
	STEP_DONE, /* all of it */
	STEP_BAD,  /* what comes next is no text */
	STEP_CUT,  /* what comes next is the beginning of a character */
};

/* What other programs mean by these names; ASCII is UTF-8, too. */
static const struct {
	const char *name, *meant;
} aliases[] = {
	{"utf8", utf8},
	{"us-ascii", utf8},
	{"ascii", utf8},
	{"gb2312", "GB18030"},
	{"gbk", "GB18030"},
	{"x-gbk", "GB18030"},
	{"iso-8859-1", "CP1252"},
	{"iso8859-1", "CP1252"},
	{"latin1", "CP1252"},
	{"windows-1252", "CP1252"},
	{"shift_jis", "CP932"},
	{"euc-kr", "CP949"},
};

/* Lists bring names of their own: nothing that iconv could take for a path or an option. */
static bool is_plausible(const char *name)
{
	static const char others[] = "-_.:+";
	size_t length = strlen(name);
	for (const char *c = name; *c; c++)
		if (!g_ascii_isalnum(*c) && !strchr(others, *c))
			return false;
	return length && length <= 40;
}

const char *decoder_name(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(aliases); i++)
		if (!g_ascii_strcasecmp(name, aliases[i].name))
			return aliases[i].meant;
	if (!g_ascii_strcasecmp(name, utf8))
		return utf8;
	GIConv converter = is_plausible(name) ? g_iconv_open(utf8, name) : (GIConv)-1;
	if (converter == (GIConv)-1)
		return NULL;
	g_iconv_close(converter);
	return name;
}

bool decoder_is_common(const char *name)
{
	static const char *const prefixes[] = {"utf-8", "utf8", "utf-16", "utf16", "utf-32",
		"ucs-2", "ucs-4", "iso-8859-", "iso8859-", "iso_8859-", "latin", "windows-125",
		"cp125", "koi8-"};
	static const char *const names[] = {"us-ascii", "ascii", "windows-874", "tis-620", "cp866",
		"ibm866", "macintosh", "gb2312", "gbk", "x-gbk", "cp936", "gb18030", "big5",
		"big5-hkscs", "cp950", "shift_jis", "sjis", "cp932", "windows-31j", "euc-jp",
		"euc-kr", "cp949"};
	for (size_t i = 0; i < G_N_ELEMENTS(prefixes); i++)
		if (!g_ascii_strncasecmp(name, prefixes[i], strlen(prefixes[i])))
			return true;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!g_ascii_strcasecmp(name, names[i]))
			return true;
	return false;
}

static size_t unit_of(const char *name)
{
	static const struct {
		const char *prefix;
		size_t bytes;
	} wide[] = {{"UTF-16", 2}, {"UTF16", 2}, {"UCS-2", 2}, {"UTF-32", 4}, {"UTF32", 4},
		{"UCS-4", 4}};
	for (size_t i = 0; i < G_N_ELEMENTS(wide); i++)
		if (!g_ascii_strncasecmp(name, wide[i].prefix, strlen(wide[i].prefix)))
			return wide[i].bytes;
	return 1;
}

int decoder_init(struct decoder *decoder, const char *file, const char *name,
	const struct charset_sink *sink)
{
	const char *known = decoder_name(name);
	if (!known)
		return -EINVAL;
	*decoder = (struct decoder){.file = file,
		.name = name,
		.sink = *sink,
		.plain = !strcmp(known, utf8),
		.unit_bytes = unit_of(known),
		.at.line = 1};
	if (!decoder->plain)
		decoder->converter = g_iconv_open(utf8, known);
	return 0;
}

void decoder_clear(struct decoder *decoder)
{
	if (decoder->name && !decoder->plain)
		g_iconv_close(decoder->converter);
	*decoder = (struct decoder){0};
}

static void hand_out(struct decoder *decoder, const char *text, size_t size)
{
	if (!size)
		return;
	decoder->sink.text(decoder->sink.ctx, text, size);
	line_count(&decoder->at, text, size);
}

static enum step check(struct decoder *decoder, const char **from, size_t *left)
{
	const char *end = *from + *left, *stop = *from;
	while (stop < end) {
		const char *bad;
		bool good = g_utf8_validate_len(stop, (gsize)(end - stop), &bad);
		stop = bad;
		if (!good && *bad)
			break;
		/* To GLib a zero byte is no text; whoever comes next cleans it. */
		stop += !good;
	}
	hand_out(decoder, *from, (size_t)(stop - *from));
	*from = stop;
	*left = (size_t)(end - stop);
	if (!*left)
		return STEP_DONE;
	return g_utf8_get_char_validated(stop, end - stop) == (gunichar)-2 ? STEP_CUT : STEP_BAD;
}

static enum step convert(struct decoder *decoder, const char **from, size_t *left)
{
	char converted[4 * DECODER_BYTES];
	char *to = converted, *in = (char *)*from;
	gsize in_bytes = *left, room = sizeof converted;
	gsize result = g_iconv(decoder->converter, &in, &in_bytes, &to, &room);
	int error = errno;
	*from = in;
	*left = in_bytes;
	hand_out(decoder, converted, (size_t)(to - converted));
	/* Where the room did not do, it is called again. */
	if (result != (gsize)-1 || error == E2BIG)
		return STEP_DONE;
	return error == EINVAL ? STEP_CUT : STEP_BAD;
}

static void warn(struct decoder *decoder)
{
	if (decoder->warned_line == decoder->at.line)
		return;
	decoder->warned_line = decoder->at.line;
	channel_warn(&decoder->sink.report, decoder->file, decoder->at.line, CHANNEL_KEPT,
		"the text is not all %s; what is not is read as %s", decoder->name,
		decoder->unit_bytes == 1 ? "Latin-1" : "U+FFFD");
}

/* Returns how many bytes that was. */
static size_t take_bad(struct decoder *decoder, const char *bytes, size_t size)
{
	static const char replacement[] = "\xef\xbf\xbd";
	warn(decoder);
	if (decoder->unit_bytes > 1) {
		hand_out(decoder, replacement, strlen(replacement));
		return MIN(size, decoder->unit_bytes);
	}
	GString *byte = g_string_new_len(bytes, 1);
	text_clean(byte);
	hand_out(decoder, byte->str, byte->len);
	g_string_free(byte, TRUE);
	return 1;
}

/* Keeps at the front what cannot be read before more has come. */
static void take_held(struct decoder *decoder, bool ends)
{
	const char *from = decoder->held;
	size_t left = decoder->held_bytes;
	while (left) {
		enum step step = decoder->plain ? check(decoder, &from, &left)
						: convert(decoder, &from, &left);
		/* No character is as long as all that is held. */
		if (step == STEP_CUT && !ends && left < sizeof decoder->held)
			break;
		if (step == STEP_DONE)
			continue;
		size_t bad = take_bad(decoder, from, left);
		from += bad;
		left -= bad;
	}
	memmove(decoder->held, from, left);
	decoder->held_bytes = left;
}

void decoder_feed(struct decoder *decoder, const char *bytes, size_t size)
{
	while (size) {
		size_t piece = MIN(size, sizeof decoder->held - decoder->held_bytes);
		memcpy(decoder->held + decoder->held_bytes, bytes, piece);
		decoder->held_bytes += piece;
		bytes += piece;
		size -= piece;
		take_held(decoder, false);
	}
}

void decoder_finish(struct decoder *decoder)
{
	char last[16], *to = last;
	gsize room = sizeof last;
	take_held(decoder, true);
	/* A letter may have waited for an accent. */
	if (!decoder->plain)
		g_iconv(decoder->converter, NULL, NULL, &to, &room);
	hand_out(decoder, last, (size_t)(to - last));
}
