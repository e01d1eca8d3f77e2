#include "channels/numbering.h"

#include "channels/numbers.h"
#include "channels/text.h"

static void set_number(struct draft *draft, uint32_t number, uint32_t subnumber)
{
	draft->channel.number = number;
	draft->channel.subnumber = subnumber;
}

/* Gives the number to the draft unless another has it. */
static void try_number(
	struct numbers *numbers, struct draft *draft, uint32_t number, uint32_t subnumber)
{
	if (numbers_take(numbers, number, subnumber, draft->channel.name))
		set_number(draft, number, subnumber);
}

static void keep_merged(
	struct numbers *numbers, const GPtrArray *drafts, const struct channel_list *old)
{
	for (size_t i = 0; i < old->count; i++)
		numbers_take(numbers, old->channels[i].number, old->channels[i].subnumber,
			old->channels[i].name);
	for (guint i = 0; i < drafts->len; i++) {
		struct draft *draft = drafts->pdata[i];
		if (draft->old)
			set_number(draft, draft->old->number, draft->old->subnumber);
	}
}

static void place_wanted(struct numbers *numbers, const GPtrArray *drafts)
{
	for (guint i = 0; i < drafts->len; i++) {
		struct draft *draft = drafts->pdata[i];
		if (!draft->channel.number && draft->numbered)
			try_number(numbers, draft, draft->wanted_number, draft->wanted_subnumber);
	}
}

static void place_old(struct numbers *numbers, const GPtrArray *drafts)
{
	for (guint i = 0; i < drafts->len; i++) {
		struct draft *draft = drafts->pdata[i];
		if (!draft->channel.number && draft->old)
			try_number(numbers, draft, draft->old->number, draft->old->subnumber);
	}
}

static void place_left_over(struct numbers *numbers, const GPtrArray *drafts)
{
	uint32_t before = 0;
	for (guint i = 0; i < drafts->len; i++) {
		struct draft *draft = drafts->pdata[i];
		if (!draft->channel.number) {
			uint32_t number = before < CHANNEL_NUMBER_MAX ? before + 1 : 1;
			uint32_t subnumber = 0;
			if (draft->numbered) {
				number = draft->wanted_number;
				subnumber = draft->wanted_subnumber;
			}
			numbers_next_free(numbers, &number, &subnumber);
			try_number(numbers, draft, number, subnumber);
		}
		before = draft->channel.number;
	}
}

static void report_renumbered(
	struct numbers *numbers, const struct draft *draft, const struct channel_report *report)
{
	const struct channel *channel = &draft->channel;
	const struct channel wanted = {
		.number = draft->wanted_number, .subnumber = draft->wanted_subnumber};
	char from[CHANNEL_NUMBER_BYTES], to[CHANNEL_NUMBER_BYTES];
	channel_number_format(&wanted, from);
	channel_number_format(channel, to);
	const char *owner = numbers_owner(numbers, wanted.number, wanted.subnumber);
	char *name = text_quote(channel->name), *other = text_quote(owner ? owner : "");
	if (owner)
		channel_warn(report, draft->file, draft->line, CHANNEL_KEPT,
			"number %s is taken by %s; %s gets %s", from, other, name, to);
	else
		channel_warn(report, draft->file, draft->line, CHANNEL_KEPT,
			"%s is in the line-up as %s; the number %s is ignored", name, to, from);
	g_free(other);
	g_free(name);
}

static bool is_renumbered(const struct draft *draft)
{
	return draft->numbered && (draft->wanted_number != draft->channel.number ||
					  draft->wanted_subnumber != draft->channel.subnumber);
}

size_t number_drafts(const GPtrArray *drafts, const struct channel_list *old, enum import_mode mode,
	const struct channel_report *report)
{
	struct numbers *numbers = numbers_create();
	if (mode == IMPORT_MERGE)
		keep_merged(numbers, drafts, old);
	place_wanted(numbers, drafts);
	place_old(numbers, drafts);
	place_left_over(numbers, drafts);

	size_t renumbered = 0;
	for (guint i = 0; i < drafts->len; i++) {
		const struct draft *draft = drafts->pdata[i];
		if (!is_renumbered(draft))
			continue;
		renumbered++;
		report_renumbered(numbers, draft, report);
	}
	numbers_destroy(numbers);
	return renumbered;
}
