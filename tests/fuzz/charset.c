/*
 * channels/charset: the same UTF-8 comes out however the bytes arrive. The first byte of the input
 * says how large the pieces are, the second one which --charset there is.
 */
#include "channels/charset.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {NULL, "UTF-8", "cp1251", "gbk", "UTF-16", "UTF-16BE",
	"shift_jis", "UTF-32LE", "big5", "iso-2022-jp"};

struct seen {
	GString *text;
	guint said;
};

static void take_text(void *ctx, const char *utf8, size_t size)
{
	g_string_append_len(((struct seen *)ctx)->text, utf8, (gssize)size);
}

static void take_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct seen *seen = user;
	if (!g_utf8_validate(diagnostic->text, -1, NULL))
		abort();
	seen->said = seen->said * 31 + g_str_hash(diagnostic->text) + diagnostic->line;
}

static struct seen read_all(const char *name, const char *bytes, size_t size, size_t piece)
{
	struct seen seen = {.text = g_string_new(NULL)};
	const struct charset_sink sink = {take_text, &seen, {take_diagnostic, &seen}};
	struct charset *charset = charset_create("list", name, &sink);
	for (size_t at = 0; at < size; at += piece)
		charset_feed(charset, bytes + at, MIN(piece, size - at));
	charset_finish(charset);
	charset_destroy(charset);
	return seen;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2)
		return 0;
	const char *name = names[data[1] % G_N_ELEMENTS(names)];
	const char *bytes = (const char *)data + 2;
	struct seen whole = read_all(name, bytes, size - 2, size);
	struct seen pieces = read_all(name, bytes, size - 2, 1u + data[0]);
	if (whole.said != pieces.said || !g_string_equal(whole.text, pieces.text))
		abort();
	g_string_free(whole.text, TRUE);
	g_string_free(pieces.text, TRUE);
	return 0;
}
