#include "channels/bouquets.h"

#include <string.h>

struct bouquet {
	char *name;
	GArray *members; /* of int64_t, row ids of channels in order */
	unsigned place;	 /* in the lists' order, 0 of one that the line-up has */
};

static void free_bouquet(gpointer data)
{
	struct bouquet *bouquet = data;
	g_array_unref(bouquet->members);
	g_free(bouquet->name);
	g_free(bouquet);
}

void bouquets_init(struct bouquets *bouquets)
{
	bouquets->list = g_ptr_array_new_with_free_func(free_bouquet);
	bouquets->by_name = g_hash_table_new(g_str_hash, g_str_equal);
}

void bouquets_finish(struct bouquets *bouquets)
{
	g_hash_table_unref(bouquets->by_name);
	g_ptr_array_unref(bouquets->list);
}

static void add_member(struct bouquets *bouquets, const char *name, unsigned place, int64_t channel)
{
	struct bouquet *bouquet = g_hash_table_lookup(bouquets->by_name, name);
	if (!bouquet) {
		bouquet = g_new(struct bouquet, 1);
		bouquet->name = g_strdup(name);
		bouquet->place = place;
		bouquet->members = g_array_new(FALSE, FALSE, sizeof(int64_t));
		g_ptr_array_add(bouquets->list, bouquet);
		g_hash_table_insert(bouquets->by_name, bouquet->name, bouquet);
	}
	g_array_append_val(bouquet->members, channel);
}

int bouquets_load(const struct lineup_statements *statements, struct bouquets *bouquets)
{
	sqlite3_stmt *row = statements->members;
	int more;
	while ((more = database_next_row(row)) > 0)
		add_member(bouquets, database_text(row, 0), 0, sqlite3_column_int64(row, 1));
	sqlite3_reset(row);
	return more;
}

/* Behind all others where the lists do not say. */
static unsigned place_of(const struct draft *draft, const char *bouquet)
{
	unsigned place = GPOINTER_TO_UINT(g_hash_table_lookup(draft->places, bouquet));
	return place ? place : G_MAXUINT;
}

static gint compare_places(gconstpointer a, gconstpointer b)
{
	const struct bouquet *x = *(struct bouquet *const *)a, *y = *(struct bouquet *const *)b;
	return (x->place > y->place) - (x->place < y->place);
}

void bouquets_add_drafts(struct bouquets *bouquets, const GPtrArray *drafts, enum import_mode mode)
{
	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		const struct channel *old = mode == IMPORT_MERGE ? draft->old : NULL;
		for (const char *const *name = draft->channel.bouquets; *name; name++)
			if (!old || !g_strv_contains(old->bouquets, *name))
				add_member(
					bouquets, *name, place_of(draft, *name), draft->channel.id);
	}
	/* Stable: those of the same place stay in the order in which they came. */
	g_ptr_array_sort(bouquets->list, compare_places);
}

bool bouquets_same(const struct bouquets *a, const struct bouquets *b)
{
	if (a->list->len != b->list->len)
		return false;
	for (guint i = 0; i < a->list->len; i++) {
		const struct bouquet *x = a->list->pdata[i], *y = b->list->pdata[i];
		if (!g_str_equal(x->name, y->name) || x->members->len != y->members->len ||
			memcmp(x->members->data, y->members->data,
				x->members->len * sizeof(int64_t)))
			return false;
	}
	return true;
}

/* RETURNING hands its row out when the writing is done. */
static int put_bouquet(const struct lineup_statements *statements, const char *name, guint position,
	int64_t *ret_id)
{
	sqlite3_stmt *put = statements->put_bouquet;
	sqlite3_bind_int64(put, 1, position);
	sqlite3_bind_text(put, 2, name, -1, SQLITE_STATIC);
	int result = 0;
	if (sqlite3_step(put) == SQLITE_ROW)
		*ret_id = sqlite3_column_int64(put, 0);
	else
		result = database_error(sqlite3_db_handle(put));
	sqlite3_reset(put);
	return result;
}

int bouquets_write(const struct bouquets *bouquets, const struct lineup_statements *statements)
{
	int result = database_run(statements->delete_members);
	for (guint i = 0; !result && i < bouquets->list->len; i++) {
		const struct bouquet *bouquet = bouquets->list->pdata[i];
		sqlite3_stmt *insert = statements->insert_member;
		int64_t id = 0;
		result = put_bouquet(statements, bouquet->name, i, &id);
		for (guint m = 0; !result && m < bouquet->members->len; m++) {
			sqlite3_bind_int64(insert, 1, id);
			sqlite3_bind_int64(insert, 2, m);
			sqlite3_bind_int64(insert, 3, g_array_index(bouquet->members, int64_t, m));
			result = database_run(insert);
		}
	}
	return result ? result : database_run(statements->delete_empty_bouquets);
}
