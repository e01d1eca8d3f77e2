/* Whatever goes into the file comes out of it the same: made-up line-ups, any field of them set. */
#include <arpa/inet.h>
#include <string.h>

#include "channels/database.h"
#include "channels/reconcile.h"
#include "tests/support/test.h"
#include "tests/unit/channels/scratch.h"

#define ROUNDS 40
#define CHANNELS 30
#define BOUQUETS 6

static void ignore(void *user, const struct channel_diagnostic *diagnostic)
{
	(void)user;
	(void)diagnostic;
}

static const struct channel_report no_report = {.diagnostic = ignore};

struct maker {
	GRand *random;
	GStringChunk *strings;
};

static bool chance(struct maker *maker, int percent)
{
	return g_rand_int_range(maker->random, 0, 100) < percent;
}

/* "" or a text with a bit of everything. */
static const char *make_text(struct maker *maker, const char *what)
{
	static const char *const texts[] = {
		"plain", "it's", "\"quoted\", and; more", "Северное", "中文", "?1 -- x'"};
	if (chance(maker, 40))
		return "";
	char *text = g_strdup_printf("%s %s %u", what,
		texts[g_rand_int_range(maker->random, 0, G_N_ELEMENTS(texts))],
		g_rand_int_range(maker->random, 0, 1000));
	const char *kept = g_string_chunk_insert(maker->strings, text);
	g_free(text);
	return kept;
}

static uint16_t make_port(struct maker *maker)
{
	return (uint16_t)g_rand_int_range(maker->random, 1, 65536);
}

static struct channel_endpoint make_endpoint(struct maker *maker)
{
	struct channel_endpoint endpoint = {0};
	if (chance(maker, 60))
		endpoint.port = make_port(maker);
	if (endpoint.port && chance(maker, 60))
		endpoint.address.s_addr = g_rand_int(maker->random);
	return endpoint;
}

static struct channel_source make_source(struct maker *maker)
{
	const struct channel_address address = {
		.transport = chance(maker, 50) ? CHANNEL_RTP : CHANNEL_UDP,
		.group.s_addr = htonl(0xe0000000 | (g_rand_int(maker->random) & 0x0fffffff)),
		.source.s_addr = chance(maker, 50) ? 0 : g_rand_int(maker->random),
		.port = make_port(maker),
		.programme = chance(maker, 50) ? 0 : make_port(maker),
	};
	struct channel_source source = channel_source_of(&address);
	source.iface = make_text(maker, "iface");
	source.fec = make_endpoint(maker);
	source.fcc = make_endpoint(maker);
	source.fcc_type = make_text(maker, "type");
	source.retransmission = make_endpoint(maker);
	source.http = make_text(maker, "http");
	source.label = make_text(maker, "label");
	return source;
}

/* Each channel is once or more in the list, as an entry for each of its sources. */
static struct draft_list *make_drafts(struct maker *maker)
{
	struct draft_list *drafts = draft_list_create();
	for (unsigned i = 0; i < 3 * CHANNELS; i++) {
		char *name =
			g_strdup_printf("Channel %d", g_rand_int_range(maker->random, 0, CHANNELS));
		char *bouquet =
			g_strdup_printf("Bouquet %d", g_rand_int_range(maker->random, 0, BOUQUETS));
		const char *const bouquets[] = {chance(maker, 60) ? bouquet : NULL, NULL};
		const struct channel_entry entry = {.line = i,
			.name = name,
			.numbered = chance(maker, 70),
			.number = (uint32_t)g_rand_int_range(maker->random, 1, 60),
			.subnumber = (uint32_t)g_rand_int_range(maker->random, 0, 3),
			.kind = chance(maker, 20) ? CHANNEL_RADIO : CHANNEL_TV,
			.language = make_text(maker, "language"),
			.guide_id = make_text(maker, "guide"),
			.guide_name = make_text(maker, "guide name"),
			.logo = make_text(maker, "logo"),
			.bouquets = bouquets,
			.source = make_source(maker)};
		draft_list_add(drafts, "list", &entry, &no_report);
		g_free(bouquet);
		g_free(name);
	}
	return drafts;
}

static void check_same_channel(const struct channel *stored, const struct channel *wanted)
{
	assert_int_equal(stored->id, wanted->id);
	assert_int_equal(stored->number, wanted->number);
	assert_int_equal(stored->subnumber, wanted->subnumber);
	assert_int_equal(stored->kind, wanted->kind);
	assert_string_equal(stored->name, wanted->name);
	assert_string_equal(stored->language, wanted->language);
	assert_string_equal(stored->guide_id, wanted->guide_id);
	assert_string_equal(stored->guide_name, wanted->guide_name);
	assert_string_equal(stored->logo, wanted->logo);
	assert_int_equal(stored->favourite, wanted->favourite);
	assert_int_equal(stored->locked, wanted->locked);
	assert_int_equal(stored->source_count, wanted->source_count);
	for (size_t i = 0; i < wanted->source_count; i++)
		assert_true(channel_source_identical(&stored->sources[i], &wanted->sources[i]));
	assert_int_equal(
		g_strv_length((char **)stored->bouquets), g_strv_length((char **)wanted->bouquets));
	for (size_t i = 0; wanted->bouquets[i]; i++)
		assert_true(g_strv_contains(stored->bouquets, wanted->bouquets[i]));
}

/* Those of the line-up are there, each once, and each channel's are in the same order. */
static void check_bouquets(const struct channel_list *list)
{
	for (size_t i = 0; list->bouquets[i]; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(list->bouquets[i], list->bouquets[k]);
	for (size_t i = 0; i < list->count; i++) {
		const char *const *at = list->bouquets;
		for (const char *const *name = list->channels[i].bouquets; *name; name++) {
			while (*at && strcmp(*at, *name))
				at++;
			assert_non_null(*at);
		}
	}
}

static void check_stored(struct lineup *lineup, const GPtrArray *drafts)
{
	struct channel_list *list;
	assert_int_equal(lineup_load(lineup, &list), 0);
	assert_int_equal(list->count, drafts->len);
	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		ptrdiff_t at =
			channel_list_find(list, draft->channel.number, draft->channel.subnumber);
		assert_true(at >= 0);
		check_same_channel(&list->channels[at], &draft->channel);
	}
	check_bouquets(list);
	channel_list_free(list);
}

/* Each round replaces what the one before left, so rows are added, changed and removed. */
static void replace_with(struct lineup *lineup, struct draft_list *drafts)
{
	struct channel_list *old;
	struct reconciled reconciled;
	assert_int_equal(lineup_begin(lineup), 0);
	assert_int_equal(lineup_load(lineup, &old), 0);
	reconcile(drafts, old, IMPORT_REPLACE, &no_report, &reconciled);
	assert_int_equal(
		lineup_store(lineup, drafts->drafts, reconciled.removed, IMPORT_REPLACE), 0);
	assert_int_equal(lineup_end(lineup, 0), 0);
	check_stored(lineup, drafts->drafts);
	g_ptr_array_unref(reconciled.removed);
	channel_list_free(old);
}

static void test_what_goes_in_comes_out(void **state)
{
	struct scratch *scratch = *state;
	struct lineup *lineup;
	char *why = NULL;
	assert_int_equal(lineup_open(scratch->db, LINEUP_WRITE, &lineup, &why), 0);
	for (guint32 round = 0; round < ROUNDS; round++) {
		struct maker maker = {g_rand_new_with_seed(round), g_string_chunk_new(4096)};
		struct draft_list *drafts = make_drafts(&maker);
		replace_with(lineup, drafts);
		scratch_sql(scratch, "INSERT OR IGNORE INTO favourite SELECT id FROM channel "
				     "WHERE id % 4 = 0; INSERT OR IGNORE INTO lock SELECT id FROM "
				     "channel WHERE id % 5 = 0");
		draft_list_destroy(drafts);
		g_string_chunk_free(maker.strings);
		g_rand_free(maker.random);
	}
	lineup_close(lineup);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			test_what_goes_in_comes_out, scratch_setup, scratch_teardown),
	};
	return cmocka_run_group_tests_name("channels_store", tests, NULL, NULL);
}
