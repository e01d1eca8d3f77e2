#include "channels/language.h"

#include <glib.h>
#include <string.h>

/* ISO 639-1, and ISO 639-2's terminological and bibliographic codes. Others are only themselves. */
static const char codes[][3][4] = {
	{"ar", "ara", "ara"},
	{"be", "bel", "bel"},
	{"bg", "bul", "bul"},
	{"bs", "bos", "bos"},
	{"ca", "cat", "cat"},
	{"cs", "ces", "cze"},
	{"cy", "cym", "wel"},
	{"da", "dan", "dan"},
	{"de", "deu", "ger"},
	{"el", "ell", "gre"},
	{"en", "eng", "eng"},
	{"es", "spa", "spa"},
	{"et", "est", "est"},
	{"eu", "eus", "baq"},
	{"fa", "fas", "per"},
	{"fi", "fin", "fin"},
	{"fr", "fra", "fre"},
	{"ga", "gle", "gle"},
	{"gl", "glg", "glg"},
	{"he", "heb", "heb"},
	{"hi", "hin", "hin"},
	{"hr", "hrv", "hrv"},
	{"hu", "hun", "hun"},
	{"hy", "hye", "arm"},
	{"id", "ind", "ind"},
	{"is", "isl", "ice"},
	{"it", "ita", "ita"},
	{"ja", "jpn", "jpn"},
	{"ka", "kat", "geo"},
	{"kk", "kaz", "kaz"},
	{"ko", "kor", "kor"},
	{"lb", "ltz", "ltz"},
	{"lt", "lit", "lit"},
	{"lv", "lav", "lav"},
	{"mk", "mkd", "mac"},
	{"ms", "msa", "may"},
	{"mt", "mlt", "mlt"},
	{"nb", "nob", "nob"},
	{"nl", "nld", "dut"},
	{"nn", "nno", "nno"},
	{"no", "nor", "nor"},
	{"pl", "pol", "pol"},
	{"pt", "por", "por"},
	{"rm", "roh", "roh"},
	{"ro", "ron", "rum"},
	{"ru", "rus", "rus"},
	{"sk", "slk", "slo"},
	{"sl", "slv", "slv"},
	{"sq", "sqi", "alb"},
	{"sr", "srp", "srp"},
	{"sv", "swe", "swe"},
	{"th", "tha", "tha"},
	{"tr", "tur", "tur"},
	{"uk", "ukr", "ukr"},
	{"vi", "vie", "vie"},
	{"zh", "zho", "chi"},
};

/* Of the first subtag. */
static size_t length_of(const char *tag)
{
	size_t length = 0;
	while (g_ascii_isalnum(tag[length]))
		length++;
	return length;
}

static bool is_code(const char *tag, size_t length, const char *code)
{
	return length == strlen(code) && !g_ascii_strncasecmp(tag, code, length);
}

/* The language's line in the table, or -1. */
static int find(const char *tag, size_t length)
{
	for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
		for (size_t j = 0; j < G_N_ELEMENTS(codes[i]); j++)
			if (is_code(tag, length, codes[i][j]))
				return (int)i;
	return -1;
}

bool channel_same_language(const char *a, const char *b)
{
	size_t a_length = length_of(a), b_length = length_of(b);
	if (a_length && a_length == b_length && !g_ascii_strncasecmp(a, b, a_length))
		return true;
	int line = find(a, a_length);
	return line >= 0 && line == find(b, b_length);
}
