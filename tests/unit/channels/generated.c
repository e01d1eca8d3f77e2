#include "tests/unit/channels/generated.h"

#include <string.h>

#include "channels/text.h"

#define BOUQUETS 12

static const char *const pieces[] = {"Das Erste", "HD", "news", "5", "高清", "東京", "قناة", "ערוץ",
	"Ω", "é", "e\u0301", "Ł", "ß", "ＡＢＣ", "ไทย", "हिन्दी", "👨\u200d👩\u200d👧", " ", "  ", ",",
	"，", ";", "|", "\"", "'", "\\", "/", "//", "://", "=\"", "=", "<", ">", "&", "&amp;",
	"]]>", "[", "]", "{", "}", "#", "#genre#", "#EXTINF:-1", "#EXTGRP:", "$", "%", "%41", "+",
	"-1", "~", "rtp://", "udp://239.1.1.1:1", "@", ":", "\u200f", "\u202e", "\u2028", "\ufffe",
	"\ufeff"};
static const char *const dirt[] = {"\n", "\r\n", "\r", "\t", "\x1b[31m", "\x07", "\x7f", "\xc2\x85",
	"\xc2\x9b", "\nrtp://239.9.9.9:9\n", "\n#EXTINF:-1,Other\nrtp://239.9.9.9:9\n",
	"\nOther,rtp://239.9.9.9:9\n", "</title></track>"};

struct maker {
	GRand *random;
	enum texts texts;
	struct generated *made;
	GHashTable *names;
	const char *bouquets[BOUQUETS + 1];
};

static guint below(struct maker *maker, guint end)
{
	return (guint)g_rand_int_range(maker->random, 0, (gint32)end);
}

static bool chance(struct maker *maker, guint percent)
{
	return below(maker, 100) < percent;
}

static const char *any_text(struct maker *maker)
{
	GString *text = g_string_new(NULL);
	for (guint left = 1 + below(maker, 5); left; left--)
		g_string_append(text, pieces[below(maker, G_N_ELEMENTS(pieces))]);
	if (maker->texts == TEXTS_DIRTY)
		g_string_insert(
			text, chance(maker, 50) ? 0 : -1, dirt[below(maker, G_N_ELEMENTS(dirt))]);
	else
		text_clean(text);
	g_strstrip(text->str);
	const char *kept = g_string_chunk_insert(maker->made->strings, text->str);
	g_string_free(text, TRUE);
	return kept;
}

static const char *text_or_none(struct maker *maker)
{
	return chance(maker, 40) ? any_text(maker) : "";
}

/* Not there yet, also when it is cleaned. */
static const char *new_name(struct maker *maker)
{
	for (;;) {
		const char *name = any_text(maker);
		GString *cleaned = g_string_new(name);
		text_clean(cleaned);
		char *key = g_strdup(g_strstrip(cleaned->str));
		g_string_free(cleaned, TRUE);
		if (*key && !g_hash_table_contains(maker->names, key)) {
			g_hash_table_add(maker->names, key);
			return name;
		}
		g_free(key);
	}
}

static struct channel_endpoint any_endpoint(struct maker *maker, bool without_address)
{
	struct channel_endpoint endpoint = {0};
	if (chance(maker, 60))
		return endpoint;
	endpoint.port = (uint16_t)(1 + below(maker, 65535));
	if (!without_address || chance(maker, 50))
		endpoint.address.s_addr = htonl(0x0a000001 + below(maker, 65535));
	return endpoint;
}

/* Each differs from the one before by its number. */
static struct channel_source any_source(struct maker *maker, guint number)
{
	static const char *const servers[] = {"", "telecom", "huawei"};
	const struct channel_address address = {
		.transport = chance(maker, 50) ? CHANNEL_RTP : CHANNEL_UDP,
		.group.s_addr = htonl(0xef000000 + number),
		.source.s_addr = chance(maker, 50) ? htonl(0x0a000001 + number) : 0,
		.port = (uint16_t)(1 + below(maker, 65535)),
		.programme = chance(maker, 30) ? (uint16_t)(1 + below(maker, 65535)) : 0};
	struct channel_source source = channel_source_of(&address);
	source.iface = text_or_none(maker);
	source.fec = any_endpoint(maker, true);
	source.fcc = any_endpoint(maker, false);
	source.fcc_type = servers[below(maker, G_N_ELEMENTS(servers))];
	source.retransmission = any_endpoint(maker, false);
	source.http = text_or_none(maker);
	source.label = text_or_none(maker);
	return source;
}

static void add_sources(struct maker *maker, struct channel *channel, guint first)
{
	channel->source_count = chance(maker, 70) ? 1 : 2 + below(maker, 3);
	struct channel_source *sources = g_new0(struct channel_source, channel->source_count);
	for (guint i = 0; i < channel->source_count; i++)
		sources[i] = any_source(maker, first + i);
	g_ptr_array_add(maker->made->arrays, sources);
	channel->sources = sources;
}

/* In the line-up's order. */
static void add_bouquets(struct maker *maker, struct channel *channel)
{
	const char **bouquets = g_new0(const char *, BOUQUETS + 1);
	guint count = 0;
	for (guint i = 0; i < BOUQUETS; i++)
		if (chance(maker, 15))
			bouquets[count++] = maker->bouquets[i];
	g_ptr_array_add(maker->made->arrays, bouquets);
	channel->bouquets = bouquets;
}

static void add_channel(struct maker *maker, guint index)
{
	struct channel channel = {.id = index + 1,
		.number = index / 2 + 1,
		.subnumber = index % 2 ? 1 + below(maker, 20) : 0,
		.kind = chance(maker, 30) ? CHANNEL_RADIO : CHANNEL_TV,
		.name = new_name(maker),
		.language = text_or_none(maker),
		.guide_id = text_or_none(maker),
		.guide_name = text_or_none(maker),
		.logo = text_or_none(maker)};
	add_sources(maker, &channel, index * 8);
	add_bouquets(maker, &channel);
	g_array_append_val(maker->made->channels, channel);
}

struct generated *generated_lineup(guint32 seed, guint count, enum texts texts)
{
	struct generated *made = g_new0(struct generated, 1);
	struct maker maker = {.random = g_rand_new_with_seed(seed),
		.texts = texts,
		.made = made,
		.names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
	made->channels = g_array_new(FALSE, FALSE, sizeof(struct channel));
	made->arrays = g_ptr_array_new_with_free_func(g_free);
	made->strings = g_string_chunk_new(4096);
	for (guint i = 0; i < BOUQUETS; i++)
		maker.bouquets[i] = new_name(&maker);
	const char **bouquets = g_memdup2(maker.bouquets, sizeof maker.bouquets);
	g_ptr_array_add(made->arrays, bouquets);
	for (guint i = 0; i < count; i++)
		add_channel(&maker, i);
	made->list = (struct channel_list){.count = count,
		.channels = (const void *)made->channels->data,
		.bouquets = bouquets};
	g_hash_table_unref(maker.names);
	g_rand_free(maker.random);
	return made;
}

void generated_free(struct generated *generated)
{
	g_array_unref(generated->channels);
	g_ptr_array_unref(generated->arrays);
	g_string_chunk_free(generated->strings);
	g_free(generated);
}
