#include "channels/charset.h"

#include <string.h>

#include "channels/decoder.h"

/* An XML declaration that is longer is not believed. */
#define HEAD_BYTES 1024

struct charset {
	char *file;
	char *asked; /* by the user, or NULL */
	struct charset_sink sink;
	bool decided;
	GString *head;	/* until then */
	char *declared; /* what the decoder is called by, where it is there */
	struct decoder decoder;
};

static const struct {
	const char *bytes;
	size_t size;
	const char *name;
} marks[] = {
	{"\x00\x00\xfe\xff", 4, "UTF-32BE"},
	{"\xff\xfe\x00\x00", 4, "UTF-32LE"},
	{"\x84\x31\x95\x33", 4, "GB18030"},
	{"\xef\xbb\xbf", 3, "UTF-8"},
	{"\xff\xfe", 2, "UTF-16LE"},
	{"\xfe\xff", 2, "UTF-16BE"},
};

bool charset_is_known(const char *name)
{
	return decoder_name(name) != NULL;
}

struct charset *charset_create(const char *file, const char *name, const struct charset_sink *sink)
{
	if (name && !charset_is_known(name))
		return NULL;
	struct charset *charset = g_new0(struct charset, 1);
	charset->file = g_strdup(file);
	charset->asked = g_strdup(name);
	charset->sink = *sink;
	charset->head = g_string_new(NULL);
	return charset;
}

void charset_destroy(struct charset *charset)
{
	if (!charset)
		return;
	decoder_clear(&charset->decoder);
	g_string_free(charset->head, TRUE);
	g_free(charset->declared);
	g_free(charset->asked);
	g_free(charset->file);
	g_free(charset);
}

static void warn(struct charset *charset, const char *format, const char *name, const char *other)
{
	channel_warn(&charset->sink.report, charset->file, 1, CHANNEL_KEPT, format, name, other);
}

/* The value of encoding="…" in an XML declaration, freed with g_free(), or NULL. */
static char *declared_encoding(const GString *head)
{
	const char *end = strstr(head->str, "?>");
	const char *at =
		g_str_has_prefix(head->str, "<?xml") ? strstr(head->str, "encoding") : NULL;
	if (!end || !at || at > end)
		return NULL;
	at += strlen("encoding");
	at += strspn(at, " \t\r\n=");
	const char *stop = *at == '"' || *at == '\'' ? strchr(at + 1, *at) : NULL;
	return stop && stop < end ? g_strndup(at + 1, (gsize)(stop - at - 1)) : NULL;
}

/* Whether "<?xml" can be read in it: declarations that say UTF-16 in single bytes are common. */
static bool can_declare_itself(const char *name)
{
	static const char start[] = "<?xml";
	char *read = g_convert(start, (gssize)strlen(start), "UTF-8", name, NULL, NULL, NULL);
	bool can = read && !strcmp(read, start);
	g_free(read);
	return can;
}

static char *declared_by_xml(struct charset *charset)
{
	char *name = declared_encoding(charset->head);
	if (!name)
		return NULL;
	const char *known = decoder_name(name);
	bool common = known && decoder_is_common(name);
	if (common && can_declare_itself(known))
		return name;
	if (known && !common)
		warn(charset,
			"the text declares the character set %s, which is rare; it is read as %s "
			"unless --charset says so, too",
			name, "UTF-8");
	else if (known)
		warn(charset, "the text is not %s, as it declares; it is read as %s", name,
			"UTF-8");
	else
		warn(charset,
			"the text declares a character set that is not known here; it is "
			"read as %s%s",
			"UTF-8", "");
	g_free(name);
	return NULL;
}

/* Text begins with letters that are in ASCII, more often than not. */
static const char *wide_by_zeros(const GString *head)
{
	const char *c = head->str;
	if (head->len < 4)
		return NULL;
	if (c[0] && !c[1] && c[2] && !c[3])
		return "UTF-16LE";
	return !c[0] && c[1] && !c[2] && c[3] ? "UTF-16BE" : NULL;
}

/* Returns the mark's character set, or NULL, and how many bytes it takes. */
static const char *marked(const GString *head, size_t *ret_size)
{
	for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
		if (head->len < marks[i].size ||
			memcmp(head->str, marks[i].bytes, marks[i].size) != 0)
			continue;
		*ret_size = marks[i].size;
		return marks[i].name;
	}
	*ret_size = 0;
	return NULL;
}

/* "UTF-16" and the mark's "UTF-16LE" are no contradiction. */
static bool agrees(const char *asked, const char *mark)
{
	const char *name = decoder_name(asked);
	return !g_ascii_strncasecmp(name, mark, strlen(name));
}

static char *choose(struct charset *charset, size_t *ret_mark_bytes)
{
	const char *mark = marked(charset->head, ret_mark_bytes);
	const char *wide = wide_by_zeros(charset->head);
	if (mark && charset->asked && !agrees(charset->asked, mark))
		warn(charset,
			"the text begins with the byte order mark of %s; it is not read as %s",
			mark, charset->asked);
	if (mark)
		return g_strdup(mark);
	if (charset->asked)
		return g_strdup(charset->asked);
	return wide ? g_strdup(wide) : declared_by_xml(charset);
}

static void decide(struct charset *charset)
{
	size_t mark_bytes;
	charset->decided = true;
	charset->declared = choose(charset, &mark_bytes);
	const char *known = charset->declared ? decoder_name(charset->declared) : "UTF-8";
	if (strcmp(known, "UTF-8") != 0)
		decoder_init(&charset->decoder, charset->file, charset->declared, &charset->sink);
	GString *head = charset->head;
	charset_feed(charset, head->str + mark_bytes, head->len - mark_bytes);
	g_string_truncate(head, 0);
}

/* Whether more bytes may tell. */
static bool is_open(const GString *head)
{
	static const char start[] = "<?xml";
	size_t known = MIN(head->len, strlen(start));
	if (head->len < 4)
		return true;
	return !memcmp(head->str, start, known) && head->len < HEAD_BYTES &&
	       !strstr(head->str, "?>");
}

void charset_feed(struct charset *charset, const char *bytes, size_t size)
{
	while (!charset->decided && size) {
		g_string_append_c(charset->head, *bytes++);
		size--;
		if (!is_open(charset->head))
			decide(charset);
	}
	if (!size)
		return;
	if (charset->decoder.name)
		decoder_feed(&charset->decoder, bytes, size);
	else
		charset->sink.text(charset->sink.ctx, bytes, size);
}

void charset_finish(struct charset *charset)
{
	if (!charset->decided)
		decide(charset);
	if (charset->decoder.name)
		decoder_finish(&charset->decoder);
}

void charset_next(struct charset *charset)
{
	charset_finish(charset);
	decoder_clear(&charset->decoder);
	g_clear_pointer(&charset->declared, g_free);
	charset->decided = false;
}
