#include "channels/table.h"

#define NAME_COLUMNS 40
#define BOUQUET_COLUMNS 24

static size_t columns_of(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

static size_t text_columns(const char *text)
{
	size_t columns = 0;
	for (; *text; text = g_utf8_next_char(text))
		columns += columns_of(g_utf8_get_char(text));
	return columns;
}

static void pad(GString *out, size_t columns)
{
	while (columns--)
		g_string_append_c(out, ' ');
}

/* Appends the text in exactly `width` columns, cut with an ellipsis where it is longer. */
static void append_cell(GString *out, const char *text, size_t width)
{
	size_t columns = text_columns(text);
	if (columns <= width) {
		g_string_append(out, text);
		pad(out, width - columns);
		return;
	}
	size_t used = 0;
	for (; *text; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char(text);
		if (used + columns_of(c) > width - 1)
			break;
		used += columns_of(c);
		g_string_append_unichar(out, c);
	}
	g_string_append(out, "…");
	pad(out, width - 1 - used);
}

/* Main numbers are aligned on the right, sub-channels stand behind them. */
struct widths {
	size_t number;
	size_t subnumber; /* with its point */
	size_t name;
	size_t bouquet;
};

static size_t digits(uint32_t number)
{
	size_t count = 1;
	for (; number >= 10; number /= 10)
		count++;
	return count;
}

static char *join_bouquets(const struct channel *channel)
{
	return g_strjoinv(", ", (char **)channel->bouquets);
}

static struct widths measure(const struct channel_list *list)
{
	struct widths widths = {.number = 3, .name = 4};
	for (size_t i = 0; i < list->count; i++) {
		const struct channel *channel = &list->channels[i];
		char *bouquets = join_bouquets(channel);
		size_t sub = channel->subnumber ? 1 + digits(channel->subnumber) : 0;
		widths.number = MAX(widths.number, digits(channel->number));
		widths.subnumber = MAX(widths.subnumber, sub);
		widths.name = MAX(widths.name, text_columns(channel->name));
		widths.bouquet = MAX(widths.bouquet, text_columns(bouquets));
		g_free(bouquets);
	}
	widths.name = MIN(widths.name, NAME_COLUMNS);
	/* Where there are any, their heading must fit. */
	if (widths.bouquet)
		widths.bouquet = CLAMP(widths.bouquet, 8, BOUQUET_COLUMNS);
	return widths;
}

static void append_number(GString *out, const struct channel *channel, const struct widths *widths)
{
	char number[CHANNEL_NUMBER_BYTES];
	size_t sub = channel->subnumber ? 1 + digits(channel->subnumber) : 0;
	pad(out, widths->number - digits(channel->number));
	g_string_append(out, channel_number_format(channel, number));
	pad(out, widths->subnumber - sub);
}

static void append_row(GString *out, const struct channel *channel, const struct widths *widths)
{
	char uri[CHANNEL_ADDRESS_BYTES];
	append_number(out, channel, widths);
	g_string_append(out, "  ");
	append_cell(out, channel->name, widths->name);
	if (widths->bouquet) {
		char *bouquets = join_bouquets(channel);
		g_string_append(out, "  ");
		append_cell(out, bouquets, widths->bouquet);
		g_free(bouquets);
	}
	g_string_append_printf(
		out, "  %s", channel_address_format(&channel->sources[0].address, uri));
	if (channel->sources[0].address.programme)
		g_string_append_printf(out, " programme %u", channel->sources[0].address.programme);
	if (channel->source_count > 1)
		g_string_append_printf(out, " +%zu", channel->source_count - 1);
	g_string_append(out, channel->kind == CHANNEL_RADIO ? " (radio)\n" : "\n");
}

static void append_heading(GString *out, const struct widths *widths)
{
	pad(out, widths->number - 3);
	g_string_append(out, "No.");
	pad(out, widths->subnumber + 2);
	append_cell(out, "Name", widths->name);
	if (widths->bouquet) {
		g_string_append(out, "  ");
		append_cell(out, "Bouquets", widths->bouquet);
	}
	g_string_append(out, "  Address\n");
}

void channel_table_write(const struct channel_list *list, GString *out)
{
	struct widths widths = measure(list);
	append_heading(out, &widths);
	for (size_t i = 0; i < list->count; i++)
		append_row(out, &list->channels[i], &widths);
}
