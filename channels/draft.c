#include "channels/draft.h"

#include "channels/text.h"

static void free_draft(gpointer data)
{
	struct draft *draft = data;
	g_free((gpointer)draft->channel.sources);
	g_free((gpointer)draft->channel.bouquets);
	g_free(draft);
}

struct draft_list *draft_list_create(void)
{
	struct draft_list *list = g_new0(struct draft_list, 1);
	list->drafts = g_ptr_array_new_with_free_func(free_draft);
	list->by_name = g_hash_table_new(g_str_hash, g_str_equal);
	list->places = g_hash_table_new(g_str_hash, g_str_equal);
	list->strings = g_string_chunk_new(4096);
	return list;
}

void draft_list_destroy(struct draft_list *list)
{
	if (!list)
		return;
	g_hash_table_unref(list->by_name);
	g_hash_table_unref(list->places);
	g_ptr_array_unref(list->drafts);
	g_string_chunk_free(list->strings);
	g_free(list);
}

const struct channel_source *channel_find_source(
	const struct channel *channel, const struct channel_source *source)
{
	for (size_t i = 0; i < channel->source_count; i++)
		if (channel_source_equal(&channel->sources[i], source))
			return &channel->sources[i];
	return NULL;
}

/* False where there is no room for it. */
static bool add_bouquet(struct draft_list *list, struct draft *draft, const char *bouquet)
{
	const char *const *have = draft->channel.bouquets;
	size_t count = 0;
	for (; have && have[count]; count++)
		if (g_str_equal(have[count], bouquet))
			return true;
	if (count == DRAFT_BOUQUETS)
		return false;
	const char **bouquets = g_renew(const char *, (gpointer)have, count + 2);
	bouquets[count] = g_string_chunk_insert_const(list->strings, bouquet);
	bouquets[count + 1] = NULL;
	draft->channel.bouquets = bouquets;
	return true;
}

/* Says it behind the channel's name. */
static void warn_of(const struct draft *draft, const struct draft_origin *origin,
	enum channel_loss loss, const char *format, ...) G_GNUC_PRINTF(4, 5);

static void warn_of(const struct draft *draft, const struct draft_origin *origin,
	enum channel_loss loss, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *quoted = text_quote(draft->channel.name);
	char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	channel_warn(origin->report, origin->file, origin->line, loss, "%s %s", quoted, what);
	g_free(what);
	g_free(quoted);
}

void draft_add_bouquets(struct draft_list *list, struct draft *draft, const char *const *bouquets,
	const struct draft_origin *origin)
{
	for (; *bouquets && !draft->full; bouquets++) {
		draft->full = !add_bouquet(list, draft, *bouquets);
		if (draft->full)
			warn_of(draft, origin, CHANNEL_KEPT,
				"is in more than %d groups; the others are ignored",
				DRAFT_BOUQUETS);
	}
}

static const char *keep(struct draft_list *list, const char *text)
{
	return *text ? g_string_chunk_insert(list->strings, text) : "";
}

/* Strings of a source that a parser or a line-up owns. */
static struct channel_source keep_source(
	struct draft_list *list, const struct channel_source *source)
{
	struct channel_source kept = *source;
	kept.iface = keep(list, source->iface);
	kept.fcc_type = keep(list, source->fcc_type);
	kept.http = keep(list, source->http);
	kept.label = keep(list, source->label);
	return kept;
}

static bool refuse_source(const struct draft *draft, const struct channel_source *source,
	const struct draft_origin *origin)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	warn_of(draft, origin, CHANNEL_IGNORED, "has too many alternate addresses; %s is ignored",
		channel_address_format(&source->address, uri));
	return false;
}

bool draft_add_source(struct draft_list *list, struct draft *draft,
	const struct channel_source *source, const struct draft_origin *origin)
{
	struct channel *channel = &draft->channel;
	if (channel_find_source(&draft->channel, source))
		return true;
	if (channel->source_count == DRAFT_SOURCES)
		return refuse_source(draft, source, origin);
	struct channel_source *sources = g_renew(
		struct channel_source, (gpointer)channel->sources, channel->source_count + 1);
	sources[channel->source_count++] = keep_source(list, source);
	channel->sources = sources;
	return true;
}

static struct draft *create_draft(
	struct draft_list *list, const char *file, const struct channel_entry *entry)
{
	struct draft *draft = g_new0(struct draft, 1);
	draft->file = file;
	draft->line = entry->line;
	draft->places = list->places;
	draft->channel.kind = entry->kind;
	draft->channel.name = keep(list, entry->name);
	draft->channel.language = draft->channel.logo = "";
	draft->channel.guide_id = draft->channel.guide_name = "";
	draft->channel.bouquets = g_new0(const char *, 1);
	g_ptr_array_add(list->drafts, draft);
	g_hash_table_insert(list->by_name, (gpointer)draft->channel.name, draft);
	return draft;
}

static void take_number(
	struct draft *draft, const struct channel_entry *entry, const struct draft_origin *origin)
{
	if (!entry->numbered)
		return;
	if (!draft->numbered) {
		draft->wanted_number = entry->number;
		draft->wanted_subnumber = entry->subnumber;
		draft->numbered = true;
	} else if (draft->wanted_number != entry->number ||
		   draft->wanted_subnumber != entry->subnumber) {
		const struct channel has = {
			.number = draft->wanted_number, .subnumber = draft->wanted_subnumber};
		const struct channel asks = {
			.number = entry->number, .subnumber = entry->subnumber};
		char kept[CHANNEL_NUMBER_BYTES], given[CHANNEL_NUMBER_BYTES];
		warn_of(draft, origin, CHANNEL_KEPT,
			"has the number %s already; %s is ignored, the address is an alternate",
			channel_number_format(&has, kept), channel_number_format(&asks, given));
	}
}

/* Of lists that say different places the first one is believed. */
static void take_places(struct draft_list *list, const struct channel_entry *entry)
{
	for (size_t i = 0; entry->bouquet_places && entry->bouquets[i]; i++) {
		const char *bouquet = entry->bouquets[i];
		unsigned place = entry->bouquet_places[i];
		if (place && !g_hash_table_contains(list->places, bouquet))
			g_hash_table_insert(list->places,
				g_string_chunk_insert_const(list->strings, bouquet),
				GUINT_TO_POINTER(place));
	}
}

static void take_details(
	struct draft_list *list, struct draft *draft, const struct channel_entry *entry)
{
	struct channel *channel = &draft->channel;
	if (!*channel->language)
		channel->language = keep(list, entry->language);
	if (!*channel->guide_id)
		channel->guide_id = keep(list, entry->guide_id);
	if (!*channel->guide_name)
		channel->guide_name = keep(list, entry->guide_name);
	if (!*channel->logo)
		channel->logo = keep(list, entry->logo);
}

/* What the first one of an address leaves open is taken from the next one. */
static void take_again(struct draft_list *list, const struct draft *draft,
	const struct channel_entry *entry, struct channel_source *source,
	const struct draft_origin *origin)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	struct channel_source both = *source;
	bool more = channel_source_complete(&both, &entry->source);
	if (more)
		*source = keep_source(list, &both);
	warn_of(draft, origin, more ? CHANNEL_KEPT : CHANNEL_IGNORED,
		"has the address %s already; %s", channel_address_format(&source->address, uri),
		more ? "what this one says more of it is added" : "it is ignored");
}

void draft_list_add(struct draft_list *list, const char *file, const struct channel_entry *entry,
	const struct channel_report *report)
{
	struct draft *draft = g_hash_table_lookup(list->by_name, entry->name);
	bool first = !draft;
	if (first)
		draft = create_draft(list, file, entry);
	const struct draft_origin origin = {file, entry->line, report};
	const struct channel_source *same = channel_find_source(&draft->channel, &entry->source);
	if (same) {
		take_again(list, draft, entry, (struct channel_source *)same, &origin);
	} else if (draft_add_source(list, draft, &entry->source, &origin)) {
		list->alternates += !first;
		take_number(draft, entry, &origin);
	}
	take_details(list, draft, entry);
	draft_add_bouquets(list, draft, entry->bouquets, &origin);
	take_places(list, entry);
}
