/* What the host does at an event is taken out and judged. */
#include <string.h>

#include "tests/support/test.h"
#include "tests/unit/igmp/scene.h"

/* One packet of so many is lost, or doubled, or delayed, each. */
#define ONE_OF 12
#define LARGEST_DELAY_MS 3000

/* Section 3.2, once more and in sets. */
static struct wish merged(const struct scene *s, unsigned group)
{
	unsigned included = 0, excluded = ROUTER_ALL_SOURCES;
	bool any_excludes = false;
	for (unsigned i = 0; i < USERS; i++) {
		const struct wish *wish = &s->wishes[group][i];
		any_excludes |= wish->mode == IGMP_EXCLUDE;
		if (wish->mode == IGMP_EXCLUDE)
			excluded &= wish->sources;
		else
			included |= wish->sources;
	}
	if (any_excludes)
		return (struct wish){IGMP_EXCLUDE, excluded & ~included};
	return (struct wish){IGMP_INCLUDE, included};
}

static bool has_token(const struct scene *s)
{
	return tokens_ready_ns(&s->tokens) <= s->context.now_ns;
}

static void put_on_the_way(struct scene *s, const uint8_t *packet, size_t len, bool to_router)
{
	struct scene_packet *later;
	if (s->on_the_way == SCENE_ON_THE_WAY)
		return;
	later = &s->packets[s->on_the_way++];
	later->at_ns = s->context.now_ns + (1 + draw(s, LARGEST_DELAY_MS)) * MS;
	later->to_router = to_router;
	later->len = len;
	memcpy(later->bytes, packet, len);
}

bool scene_carry(struct scene *s, const uint8_t *packet, size_t len, bool to_router)
{
	unsigned what = s->quiet ? ONE_OF : draw(s, ONE_OF);
	if (what < 2)
		put_on_the_way(s, packet, len, to_router);
	return what != 0;
}

/* A report may be lost as long as no group loses more in a row than its repeats make up for. */
static bool may_lose(const struct scene *s, const struct igmp_message *report)
{
	struct igmp_record_reader reader = igmp_records(report);
	struct igmp_record record;
	if (s->quiet || s->leaving)
		return false;
	while (igmp_record_next(&reader, &record)) {
		if (s->lost_in_a_row[group_index(record.group)] + 1 >= s->settings.robustness)
			return false;
	}
	return true;
}

/* Reports are ended only by what does not fit, or by what goes apart (igmp.h's pair). */
static void assert_packed(struct scene *s, const struct igmp_record *first, size_t len,
	bool answers, bool leaves, bool joins)
{
	size_t more = 8 + 4 * (size_t)first->source_count;
	bool apart = s->settings.pair != IGMP_PAIR_ONE && joins && !s->last.joins;
	if (s->last.len > 0 && s->last.answers == answers && !apart)
		assert_true(s->last.len + more > s->context.mtu_bytes);
	if (s->last.len > 0 && s->last.answers)
		assert_true(answers); /* changes come first */
	if (s->settings.pair != IGMP_PAIR_ONE)
		assert_false(leaves && joins);
	s->last = (struct scene_last){len, answers, joins};
}

static void take_record(struct scene *s, const struct igmp_record *record, bool lost)
{
	unsigned i = group_index(record->group);
	struct oracle *oracle = &s->oracles[i];
	oracle_record(oracle, record, lost);
	s->records++;
	if (record->type >= IGMP_TO_IN) {
		s->sent_now[i] = true;
		s->lost_now[i] |= lost;
		return;
	}
	assert_false(oracle_is_held(oracle)); /* the join is not to be told before its time */
	questions_tell(&s->questions[i], &oracle->wanted, record);
}

static void take_report(struct scene *s, const struct igmp_message *report, size_t len, bool lost)
{
	struct igmp_record_reader reader = igmp_records(report);
	struct igmp_record record, first = {0};
	bool joins = false, leaves = false, answers = false;
	while (igmp_record_next(&reader, &record)) {
		unsigned i = group_index(record.group);
		bool is_answer = record.type < IGMP_TO_IN;
		if (first.type == 0)
			first = record;
		assert_int_equal(is_answer, first.type < IGMP_TO_IN);
		answers = is_answer;
		leaves |= wish_is_empty(&s->oracles[i].wanted);
		assert_false(joins && wish_is_empty(&s->oracles[i].wanted)); /* leaves first */
		joins |= !wish_is_empty(&s->oracles[i].wanted);
		take_record(s, &record, lost);
	}
	assert_int_equal(reader.left, 0);
	assert_int_not_equal(first.type, 0);
	assert_true(!answers || has_token(s));
	assert_packed(s, &first, len, answers, leaves && !answers, joins && !answers);
	s->split += report->record_count == 1 && first.source_count >= 7;
}

static void take_older(struct scene *s, const struct igmp_message *report)
{
	unsigned i = group_index(report->group);
	struct questions *questions = &s->questions[i];
	bool was_held = oracle_is_held(&s->oracles[i]);
	bool may_be_change = oracle_older(&s->oracles[i], report->type, questions->asked);
	assert_true(may_be_change || has_token(s));
	if (!may_be_change)
		assert_false(was_held);
	if (report->type != IGMP_TYPE_V2_LEAVE)
		questions_tell_all(questions);
	s->older++;
}

static void take_packet(struct scene *s, const struct igmp_action *action)
{
	struct igmp_message message;
	assert_in_range(action->len, 1, s->context.mtu_bytes);
	assert_int_equal(igmp_parse(action->packet, action->len, &message), IGMP_VALID);
	assert_int_equal(message.destination.s_addr, action->destination.s_addr);
	assert_int_equal(message.source.s_addr, s->address.s_addr);
	bool lost = may_lose(s, &message) && draw(s, 2) == 0;
	if (message.type == IGMP_TYPE_V3_REPORT)
		take_report(s, &message, action->len, lost);
	else
		take_older(s, &message);
	tokens_spend(&s->tokens, s->context.now_ns);
	s->lost += lost;
	if (!lost && scene_carry(s, action->packet, action->len, true))
		router_hear(&s->router, action->packet, action->len, s->context.now_ns);
}

static void end_round(struct scene *s)
{
	bool waits = false;
	for (unsigned i = 0; i < GROUPS; i++) {
		oracle_close(&s->oracles[i]);
		waits |= !questions_close(&s->questions[i], s->context.now_ns, has_token(s));
		if (s->sent_now[i])
			s->lost_in_a_row[i] = s->lost_now[i] ? s->lost_in_a_row[i] + 1 : 0;
		s->sent_now[i] = s->lost_now[i] = false;
		assert_int_equal(s->mac[i], !wish_is_empty(&s->oracles[i].wanted));
	}
	if (waits)
		assert_true(igmp_host_deadline(s->host) <= tokens_ready_ns(&s->tokens));
	s->waited += waits;
}

bool scene_adopt_version(struct scene *s)
{
	unsigned before = s->context.version;
	s->context.version = 3;
	if (s->context.now_ns < s->v2_until_ns)
		s->context.version = 2;
	if (s->context.now_ns < s->v1_until_ns)
		s->context.version = 1;
	if (s->context.version == before)
		return false;
	for (unsigned i = 0; i < GROUPS; i++)
		questions_forget(&s->questions[i]);
	return true;
}

static void open_round(struct scene *s)
{
	struct igmp_querier querier;
	scene_adopt_version(s);
	igmp_host_querier(s->host, &querier);
	assert_int_equal(querier.host_version, s->context.version);
	assert_int_equal(querier.robustness, s->context.robustness);
	s->last = (struct scene_last){0};
	for (unsigned i = 0; i < GROUPS; i++) {
		const struct wish wanted = merged(s, i);
		oracle_open(&s->oracles[i], &wanted, s->leaving);
		questions_want(&s->questions[i], &wanted);
	}
}

void scene_take_actions(struct scene *s)
{
	struct igmp_action action;
	open_round(s);
	while (igmp_host_next_action(s->host, &action)) {
		if (action.type == IGMP_ACTION_SEND)
			take_packet(s, &action);
		else if (action.type != IGMP_ACTION_NOTICE)
			s->mac[group_index(action.group)] = action.type == IGMP_ACTION_JOIN_MAC;
	}
	end_round(s);
}
