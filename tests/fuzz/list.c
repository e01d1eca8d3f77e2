/*
 * The parser of a format (FUZZ_FORMAT): the same comes out however the bytes arrive, as text that
 * can be shown. The first byte of the input says how large the pieces are.
 */
#include "channels/parser.h"

#include <stdlib.h>
#include <string.h>

struct seen {
	unsigned line;
	guint hash;
};

static void check_text(struct seen *seen, const char *text)
{
	if (!g_utf8_validate(text, -1, NULL))
		abort();
	for (const char *c = text; *c; c++)
		if (g_ascii_iscntrl(*c))
			abort();
	seen->hash = seen->hash * 31 + g_str_hash(text);
}

static void take_entry(void *user, const struct channel_entry *entry)
{
	struct seen *seen = user;
	if (entry->line < seen->line || !*entry->name || (entry->numbered && !entry->number))
		abort();
	seen->line = entry->line;
	check_text(seen, entry->name);
	check_text(seen, entry->language);
	check_text(seen, entry->guide_id);
	check_text(seen, entry->guide_name);
	check_text(seen, entry->logo);
	check_text(seen, entry->source.iface);
	check_text(seen, entry->source.fcc_type);
	check_text(seen, entry->source.http);
	check_text(seen, entry->source.label);
	for (const char *const *bouquet = entry->bouquets; *bouquet; bouquet++)
		check_text(seen, *bouquet);
}

static void take_reference(void *user, unsigned line, const char *file)
{
	struct seen *seen = user;
	if (line < seen->line || strchr(file, '/'))
		abort();
	seen->line = line;
	check_text(seen, file);
}

static void take_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	check_text(user, diagnostic->text);
}

static guint parse(const char *bytes, size_t size, size_t piece)
{
	struct seen seen = {0};
	const struct channel_sink sink = {.entry = take_entry,
		.reference = take_reference,
		.user = &seen,
		.report = {.diagnostic = take_diagnostic, .user = &seen}};
	const struct channel_parser_class *class = channel_parser_named(FUZZ_FORMAT);
	void *parser = class->create("list", &sink);
	for (size_t at = 0; at < size; at += piece)
		class->feed(parser, bytes + at, MIN(piece, size - at));
	class->finish(parser);
	class->destroy(parser);
	return seen.hash;
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
