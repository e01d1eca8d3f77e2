#include "tests/unit/channels/parsing.h"

#include "tests/support/test.h"

static void append_endpoint(GString *out, const char *name, const struct channel_endpoint *endpoint)
{
	char text[CHANNEL_ENDPOINT_BYTES];
	if (*channel_endpoint_format(endpoint, text))
		g_string_append_printf(out, " %s=%s", name, text);
}

static void append_text(GString *out, const char *name, const char *text)
{
	if (*text)
		g_string_append_printf(out, " %s=%s", name, text);
}

static void append_extras(GString *out, const struct channel_entry *entry)
{
	const struct channel_source *source = &entry->source;
	if (source->address.programme)
		g_string_append_printf(out, " programme %u", source->address.programme);
	append_text(out, "language", entry->language);
	append_text(out, "guide-name", entry->guide_name);
	append_text(out, "iface", source->iface);
	append_endpoint(out, "fec", &source->fec);
	append_endpoint(out, "fcc", &source->fcc);
	append_text(out, "fcc-type", source->fcc_type);
	append_endpoint(out, "ret", &source->retransmission);
	append_text(out, "http", source->http);
	append_text(out, "label", source->label);
}

static void note_entry(void *user, const struct channel_entry *entry)
{
	const struct channel channel = {.number = entry->number, .subnumber = entry->subnumber};
	char number[CHANNEL_NUMBER_BYTES], uri[CHANNEL_ADDRESS_BYTES];
	char *bouquets = g_strjoinv(",", (char **)entry->bouquets);
	g_string_append_printf(user, "%u %s <%s> %s %s %s [%s] %s", entry->line,
		entry->numbered ? channel_number_format(&channel, number) : "-", entry->name,
		entry->kind == CHANNEL_RADIO ? "radio" : "tv",
		*entry->guide_id ? entry->guide_id : "-", *entry->logo ? entry->logo : "-",
		bouquets, channel_address_format(&entry->source.address, uri));
	append_extras(user, entry);
	g_string_append_c(user, '\n');
	g_free(bouquets);
}

static void note_reference(void *user, unsigned line, const char *file)
{
	g_string_append_printf(user, "%u -> %s\n", line, file);
}

static void note_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	assert_string_equal(diagnostic->file, "list");
	assert_true(g_utf8_validate(diagnostic->text, -1, NULL));
	g_string_append_printf(user, "! %u %s%s\n", diagnostic->line, diagnostic->text,
		diagnostic->ignored ? " (lost)" : "");
}

char *parse_list(
	const struct channel_parser_class *class, const char *bytes, size_t size, size_t piece)
{
	GString *out = g_string_new(NULL);
	struct channel_sink sink = {.entry = note_entry,
		.reference = note_reference,
		.user = out,
		.report = {.diagnostic = note_diagnostic, .user = out}};
	void *parser = class->create("list", &sink);
	for (size_t at = 0; at < size; at += piece)
		class->feed(parser, bytes + at, MIN(piece, size - at));
	class->finish(parser);
	class->destroy(parser);
	return g_string_free(out, FALSE);
}

void expect_parsed(const struct channel_parser_class *class, const char *bytes, size_t size,
	const char *expected)
{
	const size_t pieces[] = {1, 2, 3, 7, 1000000};
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		char *got = parse_list(class, bytes, size, pieces[i]);
		assert_string_equal(got, expected);
		g_free(got);
	}
}
