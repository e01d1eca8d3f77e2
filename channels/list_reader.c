#include "channels/list_reader.h"

#include "channels/charset.h"
#include "channels/parser.h"
#include "channels/unused.h"

struct list_reader {
	struct list_options options;
	struct list_sink sink;
	struct charset *charset;
	GString *head; /* until the format is known */
	const struct channel_parser_class *class;
	/* One of them at most is there. */
	void *parser;
	struct xmltv *xmltv;

	size_t found; /* entries, references, events */
	bool broken;
	struct unused unused;
};

/* ---- what comes out ---- */

static void pass_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct list_reader *reader = user;
	const struct channel_report *report = &reader->sink.channels.report;
	reader->broken |= diagnostic->error;
	report->diagnostic(report->user, diagnostic);
}

static void pass_entry(void *user, const struct channel_entry *entry)
{
	struct list_reader *reader = user;
	reader->found++;
	unused_note(&reader->unused, entry);
	reader->sink.channels.entry(reader->sink.channels.user, entry);
}

static void pass_reference(void *user, unsigned line, const char *file)
{
	struct list_reader *reader = user;
	reader->found++;
	reader->sink.channels.reference(reader->sink.channels.user, line, file);
}

static void pass_guide_channel(void *user, const struct xmltv_channel *channel)
{
	struct list_reader *reader = user;
	reader->sink.guide_channel(reader->sink.channels.user, channel);
}

static void pass_guide_event(void *user, const struct xmltv_event *event)
{
	struct list_reader *reader = user;
	reader->found++;
	reader->sink.guide_event(reader->sink.channels.user, event);
}

static struct channel_report own_report(struct list_reader *reader)
{
	return (struct channel_report){.diagnostic = pass_diagnostic, .user = reader};
}

/* ---- what goes in ---- */

static bool has_parser(const struct list_reader *reader)
{
	return reader->parser || reader->xmltv;
}

static void feed_parser(struct list_reader *reader, const char *text, size_t size)
{
	if (reader->parser)
		reader->class->feed(reader->parser, text, size);
	else
		xmltv_feed(reader->xmltv, text, size);
}

static void start_guide(struct list_reader *reader)
{
	const struct xmltv_sink sink = {
		pass_guide_channel, pass_guide_event, reader, own_report(reader)};
	reader->xmltv = xmltv_create(reader->options.file, reader->options.languages, &sink);
}

static void start_list(struct list_reader *reader)
{
	const struct channel_sink sink = {.entry = pass_entry,
		.reference = reader->sink.channels.reference ? pass_reference : NULL,
		.user = reader,
		.report = own_report(reader)};
	reader->parser = reader->class->create(reader->options.file, &sink);
}

/* Leaves all as it is where nobody knows the format. */
static void start_parser(struct list_reader *reader)
{
	const GString *head = reader->head;
	enum channel_format format = reader->options.format;
	bool guide = format == CHANNEL_FORMAT_XMLTV ||
		     (format == CHANNEL_FORMAT_AUTO && xmltv_detect(head->str, head->len));
	reader->class = format == CHANNEL_FORMAT_AUTO ? channel_parser_detect(head->str, head->len)
						      : channel_parser_of(format);
	if (guide)
		start_guide(reader);
	else if (reader->class)
		start_list(reader);
	if (has_parser(reader))
		feed_parser(reader, head->str, head->len);
}

static void take_text(void *ctx, const char *text, size_t size)
{
	struct list_reader *reader = ctx;
	if (has_parser(reader)) {
		feed_parser(reader, text, size);
		return;
	}
	size_t room = CHANNEL_FORMAT_HEAD_BYTES - reader->head->len;
	size_t held = MIN(size, room);
	g_string_append_len(reader->head, text, (gssize)held);
	if (held < room || !room)
		return;
	start_parser(reader);
	if (has_parser(reader))
		feed_parser(reader, text + held, size - held);
}

struct list_reader *list_reader_create(
	const struct list_options *options, const struct list_sink *sink)
{
	struct list_reader *reader = g_new0(struct list_reader, 1);
	reader->options = *options;
	reader->options.charset = NULL;
	reader->sink = *sink;
	reader->head = g_string_new(NULL);
	const struct charset_sink text = {take_text, reader, own_report(reader)};
	reader->charset = charset_create(options->file, options->charset, &text);
	g_assert(reader->charset);
	return reader;
}

void list_reader_destroy(struct list_reader *reader)
{
	if (!reader)
		return;
	if (reader->parser)
		reader->class->destroy(reader->parser);
	xmltv_destroy(reader->xmltv);
	charset_destroy(reader->charset);
	g_string_free(reader->head, TRUE);
	g_free(reader);
}

void list_reader_feed(struct list_reader *reader, const char *bytes, size_t size)
{
	charset_feed(reader->charset, bytes, size);
}

void list_reader_next(struct list_reader *reader)
{
	charset_next(reader->charset);
}

enum list_result list_reader_finish(struct list_reader *reader)
{
	struct channel_report report = own_report(reader);
	charset_finish(reader->charset);
	/* Where there was room in the head, nobody was asked yet. */
	if (!has_parser(reader) && reader->head->len < CHANNEL_FORMAT_HEAD_BYTES)
		start_parser(reader);
	if (!has_parser(reader))
		return LIST_UNKNOWN;
	if (reader->parser)
		reader->class->finish(reader->parser);
	else
		xmltv_finish(reader->xmltv);
	unused_report(&reader->unused, reader->options.file, &report);
	if (reader->broken)
		return LIST_BROKEN;
	if (reader->found)
		return LIST_READ;
	return reader->xmltv ? LIST_EMPTY_GUIDE : LIST_EMPTY;
}
