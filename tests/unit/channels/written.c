#include "tests/unit/channels/written.h"

#include "tests/support/test.h"

static bool append(void *ctx, const char *bytes, size_t size)
{
	g_string_append_len(ctx, bytes, (gssize)size);
	return true;
}

GString *written(const struct channel_writer_class *class, const struct channel_list *list,
	const GArray *columns)
{
	GString *text = g_string_new(NULL);
	assert_true(channel_list_write(class, list, columns, append, text));
	assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
	return text;
}

struct reading {
	struct draft_list *drafts;
	GString *said;
};

static void note_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct reading *reading = user;
	g_string_append_printf(reading->said, "%u: %s\n", diagnostic->line, diagnostic->text);
}

static void take_entry(void *user, const struct channel_entry *entry)
{
	struct reading *reading = user;
	const struct channel_report report = {note_diagnostic, reading};
	draft_list_add(reading->drafts, "list", entry, &report);
}

struct draft_list *read_again(enum channel_format format, const GString *text, GString *said)
{
	struct reading reading = {draft_list_create(), said};
	const struct channel_sink sink = {
		.entry = take_entry, .user = &reading, .report = {note_diagnostic, &reading}};
	const struct channel_parser_class *class = channel_parser_of(format);
	void *parser = class->create("list", &sink);
	class->feed(parser, text->str, text->len);
	class->finish(parser);
	class->destroy(parser);
	return reading.drafts;
}
