#include "channels/writer.h"

#include <string.h>

#include "channels/csv.h"
#include "channels/json_list.h"
#include "channels/m3u.h"
#include "channels/text.h"
#include "channels/txt.h"
#include "channels/xspf.h"

#define PIECE_BYTES 32768

const struct channel_writer_class *channel_writer_named(const char *name)
{
	static const struct channel_writer_class *const classes[] = {
		&json_writer_class,
		&m3u_writer_class,
		&xspf_writer_class,
		&csv_writer_class,
		&txt_writer_class,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++)
		if (!strcmp(classes[i]->name, name))
			return classes[i];
	return NULL;
}

static GHashTable *number_bouquets(const struct channel_list *list)
{
	GHashTable *places = g_hash_table_new(g_str_hash, g_str_equal);
	unsigned place = 0;
	for (const char *const *bouquet = list->bouquets; bouquet && *bouquet; bouquet++)
		g_hash_table_insert(places, (gpointer)*bouquet, GUINT_TO_POINTER(++place));
	return places;
}

/* Hands out what there is, unless it is less than `least` bytes. */
static bool flush(GString *text, size_t least, channel_output_fn output, void *ctx)
{
	if (text->len < least)
		return true;
	bool more = output(ctx, text->str, text->len);
	g_string_truncate(text, 0);
	return more;
}

bool channel_list_write(const struct channel_writer_class *class, const struct channel_list *list,
	const GArray *columns, channel_output_fn output, void *ctx)
{
	const struct channel_writing writing = {list, columns, number_bouquets(list)};
	GString *text = g_string_new(NULL);
	bool more = true;
	if (class->begin)
		class->begin(&writing, text);
	for (size_t i = 0; i < list->count && more; i++) {
		class->channel(&writing, i, text);
		more = flush(text, PIECE_BYTES, output, ctx);
	}
	if (class->end && more)
		class->end(&writing, text);
	more = more && flush(text, 1, output, ctx);
	g_string_free(text, TRUE);
	g_hash_table_unref(writing.places);
	return more;
}

unsigned channel_writing_place(const struct channel_writing *writing, const char *bouquet)
{
	return GPOINTER_TO_UINT(g_hash_table_lookup(writing->places, bouquet));
}

void channel_writing_text(GString *out, const char *text)
{
	GString *cleaned = g_string_new(text);
	text_clean(cleaned);
	g_string_append_len(out, cleaned->str, (gssize)cleaned->len);
	g_string_free(cleaned, TRUE);
}

void channel_writing_bouquets(GString *out, const struct channel *channel)
{
	gsize start = out->len;
	for (const char *const *bouquet = channel->bouquets; *bouquet; bouquet++) {
		gsize from = out->len;
		channel_writing_text(out, *bouquet);
		for (char *c = out->str + from; *c; c++)
			if (*c == ';' || *c == '|')
				*c = ',';
		g_string_append_c(out, ';');
	}
	if (out->len > start)
		g_string_truncate(out, out->len - 1);
}
