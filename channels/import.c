#include "channels/import.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

#include "channels/charset.h"
#include "channels/database.h"
#include "channels/difference.h"
#include "channels/draft.h"
#include "channels/errors.h"
#include "channels/import_guide.h"
#include "channels/list_reader.h"
#include "channels/reconcile.h"
#include "channels/text.h"

/* A list that another one names. */
struct reference {
	const char *index;
	unsigned line;
	char *file;
};

struct import {
	struct channel_report report;
	char *charset;
	const char *const *languages;
	import_beside_fn beside;
	void *beside_ctx;
	struct import_guide guide;
	GStringChunk *files; /* names that drafts point to */
	GHashTable *read;    /* those of the lists that were begun */
	GQueue references;   /* of struct reference, to be read */
	struct draft_list *drafts;
	size_t ignored;
	/* what import_write() found, for those who ask afterwards; drafts point into `old` */
	struct channel_list *old;
	struct reconciled reconciled;
	/* the list that is being read */
	const char *file;
	bool optional;
	struct list_reader *reader;
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
	draft_list_add(import->drafts, import->file, entry, &report);
}

static void take_reference(void *user, unsigned line, const char *file)
{
	struct import *import = user;
	struct reference *reference = g_new(struct reference, 1);
	*reference = (struct reference){import->file, line, g_strdup(file)};
	g_queue_push_tail(&import->references, reference);
}

static void take_guide_channel(void *user, const struct xmltv_channel *channel)
{
	import_guide_channel(&((struct import *)user)->guide, channel);
}

static void take_guide_event(void *user, const struct xmltv_event *event)
{
	import_guide_event(&((struct import *)user)->guide, event);
}

/* ---- a whole import ---- */

struct import *import_create(const struct channel_report *report)
{
	struct import *import = g_new0(struct import, 1);
	import->report = *report;
	import->files = g_string_chunk_new(256);
	import->read = g_hash_table_new(g_str_hash, g_str_equal);
	g_queue_init(&import->references);
	import->drafts = draft_list_create();
	return import;
}

static void free_reference(struct reference *reference)
{
	g_free(reference->file);
	g_free(reference);
}

void import_destroy(struct import *import)
{
	if (!import)
		return;
	import_guide_end(&import->guide, -ECANCELED);
	list_reader_destroy(import->reader);
	while (!g_queue_is_empty(&import->references))
		free_reference(g_queue_pop_head(&import->references));
	draft_list_destroy(import->drafts);
	if (import->reconciled.removed)
		g_ptr_array_unref(import->reconciled.removed);
	channel_list_free(import->old);
	g_hash_table_unref(import->read);
	g_string_chunk_free(import->files);
	g_free(import->charset);
	g_free(import);
}

int import_set_charset(struct import *import, const char *name)
{
	if (!charset_is_known(name))
		return -EINVAL;
	g_free(import->charset);
	import->charset = g_strdup(name);
	return 0;
}

void import_set_languages(struct import *import, const char *const *languages)
{
	import->languages = languages;
}

void import_set_guide(
	struct import *import, import_open_guide_fn open, void *ctx, int64_t keep_from_utc_s)
{
	import->guide.open = open;
	import->guide.ctx = ctx;
	import->guide.keep_from_utc_s = keep_from_utc_s;
}

void import_set_beside(struct import *import, import_beside_fn read, void *ctx)
{
	import->beside = read;
	import->beside_ctx = ctx;
}

bool import_has_read(const struct import *import, const char *file)
{
	return g_hash_table_contains(import->read, file);
}

void import_count(const struct import *import, size_t *ret_channels, size_t *ret_events)
{
	*ret_channels = import->drafts->drafts->len;
	*ret_events = import->guide.events;
}

/* ---- one list ---- */

static void begin(
	struct import *import, const char *file, enum channel_format format, bool optional)
{
	import->file = g_string_chunk_insert(import->files, file);
	import->optional = optional;
	g_hash_table_add(import->read, (gpointer)import->file);
	const struct list_options options = {
		import->file, format, import->charset, import->languages};
	const struct list_sink sink = {.channels = {.entry = take_entry,
					       .reference = import->beside ? take_reference : NULL,
					       .user = import,
					       .report = counting_report(import)},
		.guide_channel = take_guide_channel,
		.guide_event = take_guide_event};
	/* A list whose reading broke off leaves its reader behind. */
	list_reader_destroy(import->reader);
	import->reader = list_reader_create(&options, &sink);
}

void import_begin(struct import *import, const char *file, enum channel_format format)
{
	begin(import, file, format, false);
}

void import_begin_optional(struct import *import, const char *file, enum channel_format format)
{
	begin(import, file, format, true);
}

void import_bytes(struct import *import, const char *bytes, size_t size)
{
	list_reader_feed(import->reader, bytes, size);
}

void import_next_document(struct import *import)
{
	list_reader_next(import->reader);
}

static int refuse(struct import *import, const char *file, unsigned line, const char *text)
{
	channel_fail(&import->report, file, line, "%s", text);
	return -EILSEQ;
}

static int check_guide(struct import *import, int error)
{
	if (error)
		channel_fail(&import->report, import->file, 1, "the guide cannot be written: %s",
			channel_error_text(error));
	return error;
}

/* Why a list that was read to its end is of no use. */
static const char *reason(enum list_result result)
{
	switch (result) {
	case LIST_UNKNOWN:
		return "not a channel list that zapper knows; it is ignored";
	case LIST_EMPTY_GUIDE:
		return "the guide has no event; it is ignored";
	default:
		return "the list has no channel that can be received; it is ignored";
	}
}

int import_end(struct import *import)
{
	enum list_result result = list_reader_finish(import->reader);
	list_reader_destroy(import->reader);
	import->reader = NULL;
	if (result == LIST_BROKEN)
		return -EILSEQ;
	if (result == LIST_READ)
		return check_guide(import, import->guide.error);
	if (import->optional)
		return -ENODATA;
	return refuse(import, import->file, 1, reason(result));
}

/* ---- lists that lists name ---- */

/* In the same folder as the index; freed with g_free(). */
static char *path_beside(const struct reference *reference)
{
	const char *slash = strrchr(reference->index, '/');
	int folder_bytes = slash ? (int)(slash + 1 - reference->index) : 0;
	return g_strdup_printf("%.*s%s", folder_bytes, reference->index, reference->file);
}

static void warn_missing(struct import *import, const struct reference *reference, int error)
{
	struct channel_report report = counting_report(import);
	char *quoted = text_quote(reference->file);
	if (error == -ENODATA)
		channel_warn(&report, reference->index, reference->line, CHANNEL_KEPT,
			"%s has no channel that can be received; it is ignored", quoted);
	else
		channel_warn(&report, reference->index, reference->line, CHANNEL_IGNORED,
			"%s cannot be read: %s; it is ignored", quoted, channel_error_text(error));
	g_free(quoted);
}

/* Only what a list says of itself ends an import. */
static int follow(struct import *import, const struct reference *reference)
{
	char *file = path_beside(reference);
	int result = 0;
	if (!import_has_read(import, file))
		result = import->beside(import->beside_ctx, reference->index, file);
	/* Else it was said. */
	bool missing = result && (!import_has_read(import, file) || result == -ENODATA);
	if (missing)
		warn_missing(import, reference, result);
	g_free(file);
	return missing ? 0 : result;
}

int import_follow(struct import *import)
{
	struct reference *reference, *last = NULL;
	int result = 0;
	while (!result && (reference = g_queue_pop_head(&import->references))) {
		result = follow(import, reference);
		g_clear_pointer(&last, free_reference);
		last = reference;
	}
	if (last && !result && !import->drafts->drafts->len)
		result = refuse(import, last->index, last->line,
			"no list that is named here has a channel that can be received");
	g_clear_pointer(&last, free_reference);
	return result;
}

/* ---- writing ---- */

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
		.guide_channels = import->guide.channels,
		.guide_events = import->guide.events,
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

static int write_lineup(struct import *import, struct lineup *lineup, enum import_mode mode,
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

/* The guide comes first: of the two it can be had again. */
int import_write(struct import *import, struct lineup *lineup, enum import_mode mode,
	struct import_summary *ret)
{
	int result = check_guide(import, import_guide_end(&import->guide, 0));
	if (result)
		return result;
	if (import->drafts->drafts->len)
		return write_lineup(import, lineup, mode, ret);
	*ret = (struct import_summary){.ignored = import->ignored,
		.guide_channels = import->guide.channels,
		.guide_events = import->guide.events};
	return 0;
}

void import_each_change(const struct import *import, import_change_fn fn, void *ctx)
{
	if (import->reconciled.removed)
		difference_each(import->drafts->drafts, import->reconciled.removed, fn, ctx);
}
