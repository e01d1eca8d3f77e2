#include "channels/import.h"

#include <errno.h>
#include <glib.h>

#include "channels/database.h"
#include "channels/difference.h"
#include "channels/draft.h"
#include "channels/parser.h"
#include "channels/reconcile.h"

struct import {
	struct channel_report report;
	GStringChunk *files; /* names that drafts point to */
	struct draft_list *drafts;
	size_t ignored;
	/* what import_write() found, for those who ask afterwards; drafts point into `old` */
	struct channel_list *old;
	struct reconciled reconciled;
	/* the list that is being read */
	const char *file;
	const struct channel_parser_class *class; /* NULL until it is known */
	GString *head;				  /* until then */
	void *parser;
	size_t entries;
};

static void pass_diagnostic(void *user, const struct channel_diagnostic *diagnostic)
{
	struct import *import = user;
	import->ignored += diagnostic->ignored;
	import->report.diagnostic(import->report.user, diagnostic);
}

static struct channel_report counting_report(struct import *import)
{
	return (struct channel_report){.diagnostic = pass_diagnostic, .user = import};
}

static void take_entry(void *user, const struct channel_entry *entry)
{
	struct import *import = user;
	struct channel_report report = counting_report(import);
	import->entries++;
	draft_list_add(import->drafts, import->file, entry, &report);
}

struct import *import_create(const struct channel_report *report)
{
	struct import *import = g_new0(struct import, 1);
	import->report = *report;
	import->files = g_string_chunk_new(256);
	import->drafts = draft_list_create();
	import->head = g_string_new(NULL);
	return import;
}

static void drop_parser(struct import *import)
{
	if (import->parser)
		import->class->destroy(import->parser);
	import->parser = NULL;
}

void import_destroy(struct import *import)
{
	if (!import)
		return;
	drop_parser(import);
	g_string_free(import->head, TRUE);
	draft_list_destroy(import->drafts);
	if (import->reconciled.removed)
		g_ptr_array_unref(import->reconciled.removed);
	channel_list_free(import->old);
	g_string_chunk_free(import->files);
	g_free(import);
}

/* Starts the parser and hands it what was held back to find out the format. */
static void start_parser(struct import *import)
{
	if (!import->class)
		import->class = channel_parser_detect(import->head->str, import->head->len);
	if (!import->class)
		return;
	struct channel_sink sink = {
		.entry = take_entry, .user = import, .report = counting_report(import)};
	import->parser = import->class->create(import->file, &sink);
	import->class->feed(import->parser, import->head->str, import->head->len);
}

void import_begin(struct import *import, const char *file, enum channel_format format)
{
	/* A list whose reading broke off leaves its parser behind. */
	drop_parser(import);
	import->file = g_string_chunk_insert(import->files, file);
	import->class = channel_parser_of(format);
	import->entries = 0;
	g_string_truncate(import->head, 0);
}

void import_bytes(struct import *import, const char *bytes, size_t size)
{
	if (import->parser) {
		import->class->feed(import->parser, bytes, size);
		return;
	}
	size_t room = CHANNEL_FORMAT_HEAD_BYTES - import->head->len;
	size_t held = MIN(size, room);
	g_string_append_len(import->head, bytes, (gssize)held);
	if (held < room)
		return;
	start_parser(import);
	if (import->parser)
		import->class->feed(import->parser, bytes + held, size - held);
}

static int refuse(struct import *import, const char *text)
{
	struct channel_diagnostic diagnostic = {
		.file = import->file, .line = 1, .error = true, .text = text};
	import->report.diagnostic(import->report.user, &diagnostic);
	return -EILSEQ;
}

int import_end(struct import *import)
{
	if (!import->parser)
		start_parser(import);
	if (!import->parser)
		return refuse(import, "not a channel list that zapper knows; it is ignored");
	import->class->finish(import->parser);
	drop_parser(import);
	if (!import->entries)
		return refuse(
			import, "the list has no channel that can be received; it is ignored");
	return 0;
}

static void reconcile_with(struct import *import, const struct channel_list *old,
	enum import_mode mode, struct import_summary *ret)
{
	struct channel_report report = counting_report(import);
	struct reconciled *reconciled = &import->reconciled;
	reconcile(import->drafts, old, mode, &report, reconciled);
	*ret = (struct import_summary){
		.channels = import->drafts->drafts->len,
		.alternates = import->drafts->alternates,
		.renumbered = reconciled->renumbered,
		.ignored = import->ignored,
		.added = reconciled->added,
		.changed = reconciled->changed,
		.removed = reconciled->removed->len,
	};
}

/* Within the transaction that lineup_begin() opened. */
static int load_and_store(struct import *import, struct lineup *lineup, enum import_mode mode,
	struct import_summary *ret)
{
	int result = lineup_load(lineup, &import->old);
	if (result)
		return result;
	reconcile_with(import, import->old, mode, ret);
	if (!lineup_is_writable(lineup))
		return 0;
	return lineup_store(lineup, import->drafts->drafts, import->reconciled.removed, mode);
}

int import_write(struct import *import, struct lineup *lineup, enum import_mode mode,
	struct import_summary *ret)
{
	if (!lineup) {
		static const struct channel_list empty;
		reconcile_with(import, &empty, mode, ret);
		return 0;
	}
	int result = lineup_begin(lineup);
	if (result)
		return result;
	return lineup_end(lineup, load_and_store(import, lineup, mode, ret));
}

void import_each_change(const struct import *import, import_change_fn fn, void *ctx)
{
	if (import->reconciled.removed)
		difference_each(import->drafts->drafts, import->reconciled.removed, fn, ctx);
}
