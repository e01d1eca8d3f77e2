/* A line-up goes out and comes in again: the same, but for what zapper-channels(1) says is lost. */
#include <string.h>

#include "channels/csv.h"
#include "channels/json_list.h"
#include "channels/m3u.h"
#include "channels/text.h"
#include "channels/txt.h"
#include "channels/xspf.h"
#include "tests/support/test.h"
#include "tests/unit/channels/generated.h"
#include "tests/unit/channels/written.h"

#define LINEUPS 60
#define CHANNELS 20

/* What a channel is after the trip. Strings and arrays are freed with clear_copy(). */
struct copy {
	struct channel channel;
	char *name, *language, *guide_id, *guide_name, *logo;
	char **bouquets;
	struct channel_source *sources;
	bool numbered;
};

typedef void (*lose_fn)(struct copy *copy);

static struct copy copy_of(const struct channel *channel)
{
	return (struct copy){.channel = *channel,
		.name = g_strdup(channel->name),
		.language = g_strdup(channel->language),
		.guide_id = g_strdup(channel->guide_id),
		.guide_name = g_strdup(channel->guide_name),
		.logo = g_strdup(channel->logo),
		.bouquets = g_strdupv((char **)channel->bouquets),
		.sources = g_memdup2(
			channel->sources, channel->source_count * sizeof *channel->sources),
		.numbered = true};
}

static void clear_copy(struct copy *copy)
{
	g_free(copy->name);
	g_free(copy->language);
	g_free(copy->guide_id);
	g_free(copy->guide_name);
	g_free(copy->logo);
	g_strfreev(copy->bouquets);
	g_free(copy->sources);
}

static void replace_in(char **text, const char *old, const char *new)
{
	GString *changed = g_string_new(*text);
	g_string_replace(changed, old, new, 0);
	g_free(*text);
	*text = g_strstrip(g_string_free(changed, FALSE));
}

/* Each of two that became alike is there once. */
static void replace_in_bouquets(struct copy *copy, const char *old, const char *new)
{
	GPtrArray *kept = g_ptr_array_new_with_free_func(g_free);
	for (char **bouquet = copy->bouquets; *bouquet; bouquet++) {
		char *changed = g_strdup(*bouquet);
		replace_in(&changed, old, new);
		if (g_ptr_array_find_with_equal_func(kept, changed, g_str_equal, NULL))
			g_free(changed);
		else
			g_ptr_array_add(kept, changed);
	}
	g_ptr_array_set_free_func(kept, NULL);
	g_ptr_array_add(kept, NULL);
	g_strfreev(copy->bouquets);
	copy->bouquets = (char **)g_ptr_array_free(kept, FALSE);
}

static void lose_nothing(struct copy *copy)
{
	(void)copy;
}

/* Of an address only itself and its programme are left. */
static void lose_fields(struct copy *copy)
{
	for (size_t i = 0; i < copy->channel.source_count; i++)
		copy->sources[i] = channel_source_of(&copy->sources[i].address);
}

static void lose_delimiters(struct copy *copy)
{
	replace_in_bouquets(copy, ";", ",");
	replace_in_bouquets(copy, "|", ",");
}

static void lose_in_m3u(struct copy *copy)
{
	char **texts[] = {&copy->language, &copy->guide_id, &copy->guide_name, &copy->logo};
	lose_fields(copy);
	lose_delimiters(copy);
	replace_in_bouquets(copy, "\"", "'");
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		replace_in(texts[i], "\"", "'");
	if (strstr(copy->name, "=\""))
		replace_in(&copy->name, "\"", "'");
}

static void lose_in_xspf(struct copy *copy)
{
	char **texts[] = {
		&copy->name, &copy->language, &copy->guide_id, &copy->guide_name, &copy->logo};
	lose_fields(copy);
	lose_delimiters(copy);
	replace_in_bouquets(copy, "\ufffe", "\ufffd");
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		replace_in(texts[i], "\ufffe", "\ufffd");
}

static void write_for_txt(char **text)
{
	if (**text == '#')
		replace_in(text, "#", "\x01"); /* the first one only: see below */
	GString *changed = g_string_new(*text);
	if (changed->len && *changed->str == '\x01') {
		g_string_replace(changed, "\x01", "＃", 1);
		g_string_replace(changed, "\x01", "#", 0);
	}
	g_string_replace(changed, "#genre#", "＃genre#", 0);
	g_string_replace(changed, "://", ":/ /", 0);
	if (g_str_has_prefix(changed->str, "\ufeff")) {
		g_string_erase(changed, 0, strlen("\ufeff"));
		g_string_prepend(changed, "\u2060");
	}
	if (g_str_has_prefix(changed->str, "//"))
		g_string_insert(changed, 1, " ");
	g_free(*text);
	*text = g_strstrip(g_string_free(changed, FALSE));
}

static void lose_in_txt(struct copy *copy)
{
	lose_fields(copy);
	for (size_t i = 0; i < copy->channel.source_count; i++)
		copy->sources[i].address.programme = 0;
	copy->numbered = false;
	copy->channel.kind = CHANNEL_TV;
	*copy->language = *copy->guide_id = *copy->guide_name = *copy->logo = '\0';
	for (char **bouquet = copy->bouquets; *bouquet && bouquet[1];) {
		g_free(bouquet[1]);
		memmove(bouquet + 1, bouquet + 2,
			(g_strv_length(bouquet + 2) + 1) * sizeof *bouquet);
	}
	if (*copy->bouquets)
		write_for_txt(copy->bouquets);
	write_for_txt(&copy->name);
}

static const struct format {
	const struct channel_writer_class *class;
	lose_fn lose;
} formats[] = {
	{&json_writer_class, lose_nothing},
	{&csv_writer_class, lose_nothing},
	{&m3u_writer_class, lose_in_m3u},
	{&xspf_writer_class, lose_in_xspf},
	{&txt_writer_class, lose_in_txt},
};

static void check_sources(const struct copy *expected, const struct channel *got)
{
	assert_int_equal(got->source_count, expected->channel.source_count);
	for (size_t i = 0; i < got->source_count; i++)
		assert_true(channel_source_identical(&got->sources[i], &expected->sources[i]));
}

static void check_channel(const struct copy *expected, const struct draft *draft)
{
	const struct channel *got = &draft->channel;
	assert_string_equal(got->name, expected->name);
	assert_int_equal(draft->numbered, expected->numbered);
	if (expected->numbered) {
		assert_int_equal(draft->wanted_number, expected->channel.number);
		assert_int_equal(draft->wanted_subnumber, expected->channel.subnumber);
	}
	assert_int_equal(got->kind, expected->channel.kind);
	assert_string_equal(got->language, expected->language);
	assert_string_equal(got->guide_id, expected->guide_id);
	assert_string_equal(got->guide_name, expected->guide_name);
	assert_string_equal(got->logo, expected->logo);
	assert_true(g_strv_equal(got->bouquets, (const char *const *)expected->bouquets));
	check_sources(expected, got);
}

/* JSON and CSV say which bouquet of the line-up is which. */
static void check_places(const struct channel_list *list, const struct draft_list *drafts)
{
	for (unsigned i = 0; list->bouquets[i]; i++) {
		gpointer place = g_hash_table_lookup(drafts->places, list->bouquets[i]);
		if (place)
			assert_int_equal(GPOINTER_TO_UINT(place), i + 1);
	}
	for (size_t i = 0; i < list->count; i++)
		for (const char *const *name = list->channels[i].bouquets; *name; name++)
			assert_true(g_hash_table_contains(drafts->places, *name));
}

static void check_trip(const struct format *format, const struct channel_list *list)
{
	GString *said = g_string_new(NULL), *text = written(format->class, list, NULL);
	struct draft_list *drafts = read_again(format->class->format, text, said);
	assert_string_equal(said->str, "");
	assert_int_equal(drafts->drafts->len, list->count);
	for (size_t i = 0; i < list->count; i++) {
		struct copy expected = copy_of(&list->channels[i]);
		format->lose(&expected);
		check_channel(&expected, drafts->drafts->pdata[i]);
		clear_copy(&expected);
	}
	if (format->lose == lose_nothing)
		check_places(list, drafts);
	draft_list_destroy(drafts);
	g_string_free(text, TRUE);
	g_string_free(said, TRUE);
}

static void test_what_comes_in_again(void **state)
{
	(void)state;
	for (guint32 seed = 1; seed <= LINEUPS; seed++) {
		struct generated *made = generated_lineup(seed, CHANNELS, TEXTS_CLEAN);
		for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
			check_trip(&formats[i], &made->list);
		generated_free(made);
	}
}

static char *cleaned(const char *text)
{
	GString *clean = g_string_new(text);
	text_clean(clean);
	return g_strstrip(g_string_free(clean, FALSE));
}

/* No text makes more lines, channels or addresses of a list than there are. */
static void check_dirty(const struct format *format, const struct channel_list *list)
{
	GString *said = g_string_new(NULL), *text = written(format->class, list, NULL);
	for (const char *c = text->str; *c; c++)
		assert_true(*c == '\n' || !g_ascii_iscntrl(*c));
	struct draft_list *drafts = read_again(format->class->format, text, said);
	assert_int_equal(drafts->drafts->len, list->count);
	for (size_t i = 0; i < list->count; i++) {
		const struct draft *draft = drafts->drafts->pdata[i];
		const struct channel *channel = &list->channels[i];
		char *name = cleaned(channel->name);
		if (format->lose == lose_nothing)
			assert_string_equal(draft->channel.name, name);
		g_free(name);
		assert_int_equal(draft->channel.source_count, channel->source_count);
		for (size_t s = 0; s < channel->source_count; s++)
			assert_int_equal(draft->channel.sources[s].address.group.s_addr,
				channel->sources[s].address.group.s_addr);
	}
	draft_list_destroy(drafts);
	g_string_free(text, TRUE);
	g_string_free(said, TRUE);
}

static void test_texts_do_no_harm(void **state)
{
	(void)state;
	for (guint32 seed = 1; seed <= LINEUPS; seed++) {
		struct generated *made = generated_lineup(seed, CHANNELS, TEXTS_DIRTY);
		for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
			check_dirty(&formats[i], &made->list);
		generated_free(made);
	}
}

/* Import with --format auto finds out what was written. */
static void test_formats_are_recognised(void **state)
{
	(void)state;
	const struct channel_address address = {
		.group.s_addr = htonl(0xef010101), .port = 5004, .transport = CHANNEL_RTP};
	const struct channel_source source = channel_source_of(&address);
	const char *const names[] = {"Das Erste", "[x]", "\"x\"", "#1", "a,b", "rtp://x", "قناة"};
	for (size_t n = 0; n < G_N_ELEMENTS(names); n++) {
		static const char *const none[] = {NULL};
		const struct channel channel = {.number = 1,
			.name = names[n],
			.language = "",
			.guide_id = "",
			.guide_name = "",
			.logo = "",
			.bouquets = none,
			.sources = &source,
			.source_count = 1};
		const struct channel_list list = {
			.count = 1, .channels = &channel, .bouquets = none};
		for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
			GString *text = written(formats[i].class, &list, NULL);
			const struct channel_parser_class *class =
				channel_parser_detect(text->str, text->len);
			assert_non_null(class);
			assert_int_equal(class->format, formats[i].class->format);
			g_string_free(text, TRUE);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_comes_in_again),
		cmocka_unit_test(test_texts_do_no_harm),
		cmocka_unit_test(test_formats_are_recognised),
	};
	return cmocka_run_group_tests_name("channels_round_trip", tests, NULL, NULL);
}
