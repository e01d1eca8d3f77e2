#include <arpa/inet.h>

#include "channels/bouquets.h"
#include "channels/database.h"
#include "channels/difference.h"

/* The text must live until the statement ran. */
static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	sqlite3_bind_text(statement, index, text, -1, SQLITE_STATIC);
}

static int run_on(sqlite3_stmt *statement, int64_t id)
{
	sqlite3_bind_int64(statement, 1, id);
	return database_run(statement);
}

static bool is_moved(const struct draft *draft)
{
	return draft->old && (draft->old->number != draft->channel.number ||
				     draft->old->subnumber != draft->channel.subnumber);
}

/* Frees the numbers that others are about to get. */
static int make_room(const struct lineup_statements *statements, const GPtrArray *drafts,
	const GPtrArray *removed)
{
	int result = 0;
	for (guint i = 0; !result && i < removed->len; i++)
		result = run_on(statements->delete_channel,
			((const struct channel *)removed->pdata[i])->id);
	for (guint i = 0; !result && i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		if (is_moved(draft))
			result = run_on(statements->vacate_number, draft->channel.id);
	}
	return result;
}

static void bind_address(sqlite3_stmt *insert, const struct channel_address *address)
{
	char group[INET_ADDRSTRLEN], source[INET_ADDRSTRLEN];
	bind_text(insert, 3, channel_transport_name(address->transport));
	inet_ntop(AF_INET, &address->group, group, sizeof group);
	sqlite3_bind_text(insert, 4, group, -1, SQLITE_TRANSIENT);
	if (address->source.s_addr == htonl(INADDR_ANY)) {
		sqlite3_bind_null(insert, 5);
	} else {
		inet_ntop(AF_INET, &address->source, source, sizeof source);
		sqlite3_bind_text(insert, 5, source, -1, SQLITE_TRANSIENT);
	}
	sqlite3_bind_int(insert, 6, address->port);
	sqlite3_bind_int(insert, 7, address->programme);
}

static void bind_endpoint(sqlite3_stmt *insert, int index, const struct channel_endpoint *endpoint)
{
	char text[CHANNEL_ENDPOINT_BYTES];
	channel_endpoint_format(endpoint, text);
	sqlite3_bind_text(insert, index, text, -1, SQLITE_TRANSIENT);
}

static int store_sources(const struct lineup_statements *statements, const struct channel *channel)
{
	sqlite3_stmt *insert = statements->insert_source;
	int result = 0;
	for (size_t i = 0; !result && i < channel->source_count; i++) {
		const struct channel_source *source = &channel->sources[i];
		sqlite3_bind_int64(insert, 1, channel->id);
		sqlite3_bind_int64(insert, 2, (int64_t)i);
		bind_address(insert, &source->address);
		bind_text(insert, 8, source->iface);
		bind_endpoint(insert, 9, &source->fec);
		bind_endpoint(insert, 10, &source->fcc);
		bind_text(insert, 11, source->fcc_type);
		bind_endpoint(insert, 12, &source->retransmission);
		bind_text(insert, 13, source->http);
		bind_text(insert, 14, source->label);
		result = database_run(insert);
	}
	return result;
}

static int store_details(sqlite3_stmt *statement, const struct channel *channel)
{
	if (channel->id)
		sqlite3_bind_int64(statement, 1, channel->id);
	sqlite3_bind_int64(statement, 2, channel->number);
	sqlite3_bind_int64(statement, 3, channel->subnumber);
	bind_text(statement, 4, channel->name);
	bind_text(statement, 5, channel->kind == CHANNEL_RADIO ? "radio" : "tv");
	bind_text(statement, 6, channel->guide_id);
	bind_text(statement, 7, channel->logo);
	bind_text(statement, 8, channel->language);
	bind_text(statement, 9, channel->guide_name);
	return database_run(statement);
}

static int insert_channel(struct lineup *lineup, struct draft *draft)
{
	int result = store_details(lineup->statements.insert_channel, &draft->channel);
	draft->channel.id = sqlite3_last_insert_rowid(lineup->db);
	return result ? result : store_sources(&lineup->statements, &draft->channel);
}

static int update_channel(struct lineup *lineup, const struct draft *draft)
{
	const struct lineup_statements *statements = &lineup->statements;
	const struct channel *channel = &draft->channel;
	int result = 0;
	if (!channel_same_details(channel, draft->old))
		result = store_details(statements->update_channel, channel);
	if (result || channel_same_sources(channel, draft->old))
		return result;
	result = run_on(statements->delete_sources, channel->id);
	return result ? result : store_sources(statements, channel);
}

static int store_channels(struct lineup *lineup, const GPtrArray *drafts)
{
	int result = 0;
	for (guint i = 0; !result && i < drafts->len; i++) {
		struct draft *draft = drafts->pdata[i];
		if (!draft->old)
			result = insert_channel(lineup, draft);
		else
			result = update_channel(lineup, draft);
	}
	return result;
}

static int store_bouquets(const struct lineup_statements *statements, const GPtrArray *drafts,
	const struct bouquets *before, enum import_mode mode)
{
	struct bouquets wanted;
	bouquets_init(&wanted);
	int result = mode == IMPORT_MERGE ? bouquets_load(statements, &wanted) : 0;
	if (!result)
		bouquets_add_drafts(&wanted, drafts, mode);
	if (!result && !bouquets_same(before, &wanted))
		result = bouquets_write(&wanted, statements);
	bouquets_finish(&wanted);
	return result;
}

int lineup_store(struct lineup *lineup, const GPtrArray *drafts, const GPtrArray *removed,
	enum import_mode mode)
{
	struct bouquets before;
	bouquets_init(&before);
	int result = bouquets_load(&lineup->statements, &before);
	if (!result)
		result = make_room(&lineup->statements, drafts, removed);
	if (!result)
		result = store_channels(lineup, drafts);
	if (!result)
		result = store_bouquets(&lineup->statements, drafts, &before, mode);
	bouquets_finish(&before);
	return result;
}
