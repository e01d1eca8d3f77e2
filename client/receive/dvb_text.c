#include "client/receive/dvb_text.h"

#include <string.h>

#define REPLACEMENT "\xef\xbf\xbd"

/* Annex A.2, table A.3: by the first byte. */
static const char *const tables[0x20] = {
	[0x01] = "ISO-8859-5",
	[0x02] = "ISO-8859-6",
	[0x03] = "ISO-8859-7",
	[0x04] = "ISO-8859-8",
	[0x05] = "ISO-8859-9",
	[0x06] = "ISO-8859-10",
	[0x07] = "ISO-8859-11",
	[0x09] = "ISO-8859-13",
	[0x0a] = "ISO-8859-14",
	[0x0b] = "ISO-8859-15",
	[0x11] = "UTF-16BE",
	[0x12] = "EUC-KR",
	[0x13] = "GBK",
	[0x14] = "UTF-16BE", /* the characters of Big5, in ISO/IEC 10646 */
	[0x15] = "UTF-8",
};

/* Figure A.1, from 0xa0 on; 0: no character, or a diacritical mark. */
static const gunichar latin[0x60] = {
	0x00a0,
	0x00a1,
	0x00a2,
	0x00a3,
	0x20ac,
	0x00a5,
	0,
	0x00a7, /* a0 */
	0x00a4,
	0x2018,
	0x201c,
	0x00ab,
	0x2190,
	0x2191,
	0x2192,
	0x2193,
	0x00b0,
	0x00b1,
	0x00b2,
	0x00b3,
	0x00d7,
	0x00b5,
	0x00b6,
	0x00b7, /* b0 */
	0x00f7,
	0x2019,
	0x201d,
	0x00bb,
	0x00bc,
	0x00bd,
	0x00be,
	0x00bf,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0, /* c0 */
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0x2015,
	0x00b9,
	0x00ae,
	0x00a9,
	0x2122,
	0x266a,
	0x00ac,
	0x00a6, /* d0 */
	0,
	0,
	0,
	0,
	0x215b,
	0x215c,
	0x215d,
	0x215e,
	0x2126,
	0x00c6,
	0x0110,
	0x00aa,
	0x0126,
	0,
	0x0132,
	0x013f, /* e0 */
	0x0141,
	0x00d8,
	0x0152,
	0x00ba,
	0x00de,
	0x0166,
	0x014a,
	0x0149,
	0x0138,
	0x00e6,
	0x0111,
	0x00f0,
	0x0127,
	0x0131,
	0x0133,
	0x0140, /* f0 */
	0x0142,
	0x00f8,
	0x0153,
	0x00df,
	0x00fe,
	0x0167,
	0x014b,
	0x00ad,
};

/* Figure A.1, from 0xc0 on: they stand before the letter that they belong to. */
static const gunichar marks[0x10] = {0, 0x0300, 0x0301, 0x0302, 0x0303, 0x0304, 0x0306, 0x0307,
	0x0308, 0, 0x030a, 0x0327, 0, 0x030b, 0x0328, 0x030c};

static gunichar latin_character(uint8_t byte)
{
	return byte < 0xa0 ? byte : latin[byte - 0xa0];
}

static void append_latin(GString *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		gunichar mark = bytes[i] >> 4 == 0xc ? marks[bytes[i] & 0xf] : 0;
		if (mark && i + 1 < len) {
			g_string_append_unichar(out, latin_character(bytes[++i]));
			g_string_append_unichar(out, mark);
			continue;
		}
		gunichar character = latin_character(bytes[i]);
		g_string_append_unichar(out, character || !bytes[i] ? character : 0xfffd);
	}
}

/* Behind what cannot be decoded it goes on with the next byte, or the next pair of bytes. */
static void append_in(GString *out, const char *table, const uint8_t *bytes, size_t len)
{
	size_t step = !strcmp(table, "UTF-16BE") ? 2 : 1;
	while (len > 0) {
		gsize read = 0, written = 0;
		GError *error = NULL;
		char *text = g_convert(
			(const char *)bytes, (gssize)len, "UTF-8", table, &read, &written, &error);
		if (!text && read > 0 && read <= len)
			text = g_convert((const char *)bytes, (gssize)read, "UTF-8", table, NULL,
				&written, NULL);
		if (text)
			g_string_append_len(out, text, (gssize)written);
		g_free(text);
		if (!error)
			return; /* a character that is cut off at the end is none */
		g_error_free(error);
		g_string_append(out, REPLACEMENT);
		read = MIN(read + step, len);
		bytes += read;
		len -= read;
	}
}

/* Annex A.1: emphasis (0x86, 0x87) and others are none; the same at U+E080 in wide tables. */
static gunichar without_control(gunichar character)
{
	if (character >= 0xe080 && character <= 0xe09f)
		character -= 0xe000;
	if (character == 0x8a || character == '\n')
		return '\n';
	return g_unichar_iscntrl(character) ? 0 : character;
}

static void drop_zeros(GString *text)
{
	gsize len = 0;
	for (gsize i = 0; i < text->len; i++)
		if (text->str[i])
			text->str[len++] = text->str[i];
	g_string_truncate(text, len);
}

static char *finish(GString *decoded)
{
	GString *out = g_string_new(NULL);
	drop_zeros(decoded);
	char *valid = g_utf8_make_valid(decoded->str, (gssize)decoded->len);
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar character = without_control(g_utf8_get_char(p));
		if (character)
			g_string_append_unichar(out, character);
	}
	char *text = g_utf8_normalize(out->str, -1, G_NORMALIZE_DEFAULT_COMPOSE);
	g_string_free(out, TRUE);
	g_free(valid);
	return text;
}

/* 0x10: two bytes name a part of ISO/IEC 8859. */
static void append_part(GString *out, const uint8_t *bytes, size_t len)
{
	char table[sizeof "ISO-8859-15"];
	if (len < 3 || bytes[1] != 0 || bytes[2] < 1 || bytes[2] > 15 || bytes[2] == 12)
		return;
	g_snprintf(table, sizeof table, "ISO-8859-%d", bytes[2]);
	append_in(out, table, bytes + 3, len - 3);
}

char *dvb_text(const uint8_t *bytes, size_t len)
{
	GString *out = g_string_new(NULL);
	if (len > 0 && bytes[0] >= 0x20)
		append_latin(out, bytes, len);
	else if (len > 0 && bytes[0] == 0x10)
		append_part(out, bytes, len);
	else if (len > 0 && tables[bytes[0]])
		append_in(out, tables[bytes[0]], bytes + 1, len - 1);
	char *text = finish(out);
	g_string_free(out, TRUE);
	return text;
}
