#include "ui/device_notes.h"

#include <glib.h>

struct note {
	struct device_node node;
	int error;
	uint64_t since_ms;
	bool told;
	bool seen; /* since the last device_notes_end() */
};

struct device_notes {
	GHashTable *by_path; /* struct note */
};

struct device_notes *device_notes_new(void)
{
	struct device_notes *notes = g_new0(struct device_notes, 1);

	notes->by_path = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return notes;
}

void device_notes_free(struct device_notes *notes)
{
	if (!notes)
		return;
	g_hash_table_unref(notes->by_path);
	g_free(notes);
}

/* That of this node, where it is the same as ever. */
static struct note *find(
	const struct device_notes *notes, const char *path, struct device_node node, int error)
{
	struct note *note = g_hash_table_lookup(notes->by_path, path);

	return note && note->node.dev == node.dev && note->node.ino == node.ino &&
			       note->error == error
		       ? note
		       : NULL;
}

void device_notes_add(struct device_notes *notes, const char *path, struct device_node node,
	int error, uint64_t now_ms)
{
	struct note *note = find(notes, path, node, error);

	if (!note) {
		note = g_new0(struct note, 1);
		note->node = node;
		note->error = error;
		note->since_ms = now_ms;
		g_hash_table_replace(notes->by_path, g_strdup(path), note);
	}
	note->seen = true;
}

bool device_notes_is_unwanted(struct device_notes *notes, const char *path, struct device_node node)
{
	struct note *note = find(notes, path, node, DEVICE_UNWANTED);

	if (note)
		note->seen = true;
	return note != NULL;
}

uint64_t device_notes_end(struct device_notes *notes, uint64_t now_ms, uint64_t patience_ms,
	device_notes_fn tell, void *ctx)
{
	uint64_t next_ms = UINT64_MAX;
	GHashTableIter iter;
	gpointer path, value;

	g_hash_table_iter_init(&iter, notes->by_path);
	while (g_hash_table_iter_next(&iter, &path, &value)) {
		struct note *note = value;
		if (!note->seen) {
			g_hash_table_iter_remove(&iter);
			continue;
		}
		note->seen = false;
		if (note->error == DEVICE_UNWANTED || note->told)
			continue;
		uint64_t passed_ms = now_ms - note->since_ms;
		note->told = passed_ms >= patience_ms;
		if (note->told)
			tell(ctx, path, note->error);
		else
			next_ms = MIN(next_ms, patience_ms - passed_ms);
	}
	return next_ms;
}
