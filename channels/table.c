#include "channels/table.h"

#include "channels/cells.h"
#include "channels/columns.h"

static const enum channel_column usual[] = {
	COLUMN_NUMBER, COLUMN_NAME, COLUMN_BOUQUETS, COLUMN_ADDRESS};

/* The preferred source, and in short what there is beside it. */
static char *address_text(const struct channel *channel)
{
	const struct channel_address *address = &channel->sources[0].address;
	char uri[CHANNEL_ADDRESS_BYTES];
	GString *text = g_string_new(channel_address_format(address, uri));
	if (address->programme)
		g_string_append_printf(text, " programme %u", address->programme);
	if (channel->source_count > 1)
		g_string_append_printf(text, " +%zu", channel->source_count - 1);
	if (channel->kind == CHANNEL_RADIO)
		g_string_append(text, " (radio)");
	return g_string_free(text, FALSE);
}

static char *cell_text(const struct channel *channel, enum channel_column column, GString *scratch)
{
	switch (column) {
	case COLUMN_BOUQUETS:
		return g_strjoinv(", ", (char **)channel->bouquets);
	case COLUMN_ADDRESS:
		return address_text(channel);
	case COLUMN_ALTERNATES:
		return g_strdup_printf("%zu", channel->source_count - 1);
	case COLUMN_FAVOURITE:
		return g_strdup(channel->favourite ? "yes" : "");
	case COLUMN_LOCKED:
		return g_strdup(channel->locked ? "yes" : "");
	default:
		return g_strdup(
			channel_column_text(channel, &channel->sources[0], column, scratch));
	}
}

static void add_row(struct cells *cells, const struct channel *channel,
	const enum channel_column *columns, guint count, GString *scratch)
{
	char **texts = g_new0(char *, count + 1);
	for (guint i = 0; i < count; i++)
		texts[i] = cell_text(channel, columns[i], scratch);
	cells_add(cells, (const char *const *)texts);
	g_strfreev(texts);
}

static enum cells_align align_of(enum channel_column column)
{
	if (column == COLUMN_NUMBER)
		return CELLS_POINT;
	return column == COLUMN_ALTERNATES ? CELLS_RIGHT : CELLS_LEFT;
}

static struct cells *create_cells(const enum channel_column *columns, guint count, bool chosen)
{
	struct cells_column *layout = g_new0(struct cells_column, count);
	for (guint i = 0; i < count; i++)
		layout[i] = (struct cells_column){.heading = channel_column_heading(columns[i]),
			.align = align_of(columns[i]),
			.whole = columns[i] == COLUMN_NUMBER,
			.optional = !chosen && columns[i] == COLUMN_BOUQUETS};
	struct cells *cells = cells_create(layout, count);
	g_free(layout);
	return cells;
}

void channel_table_write(
	const struct channel_list *list, const GArray *chosen, size_t terminal, GString *out)
{
	const enum channel_column *columns = chosen ? (const void *)chosen->data : usual;
	guint count = chosen ? chosen->len : G_N_ELEMENTS(usual);
	struct cells *cells = create_cells(columns, count, chosen != NULL);
	GString *scratch = g_string_new(NULL);
	for (size_t i = 0; i < list->count; i++)
		add_row(cells, &list->channels[i], columns, count, scratch);
	cells_write(cells, terminal, out);
	g_string_free(scratch, TRUE);
	cells_destroy(cells);
}
