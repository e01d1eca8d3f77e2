#include "tests/unit/igmp/questions.h"

#include "tests/support/test.h"

#define OTHERS (1u << ROUTER_SOURCES)

/* Above so many sources the host may answer for the whole group: memory is bounded. */
#define REMEMBERED_SOURCES 64

static uint64_t later(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

void questions_ask(struct questions *questions, const struct asked *asked, bool told)
{
	bool may_overflow;
	questions->asked = true;
	questions->asked_sources |= asked->sources;
	questions->asked_others |= asked->others;
	questions->source_count += asked->source_count;
	may_overflow = questions->source_count > REMEMBERED_SOURCES;
	questions->asked_whole |= asked->whole || may_overflow;
	questions->until_ns = later(questions->until_ns, asked->by_ns);
	if (asked->whole)
		questions->whole_until_ns = later(questions->whole_until_ns, asked->by_ns);
	if (may_overflow)
		questions->whole_until_ns = questions->until_ns;
	if (!told || questions->count == QUESTIONS)
		return;
	questions->list[questions->count++] = (struct question){
		.whole = asked->whole,
		.sources = asked->sources,
		.by_ns = asked->by_ns,
	};
}

void questions_forget(struct questions *questions)
{
	*questions = (struct questions){0};
}

static bool is_answered(const struct question *question, const struct wish *wanted)
{
	unsigned needed = question->sources & wish_forwards(wanted);
	if (question->whole)
		needed = wanted->mode == IGMP_INCLUDE ? wanted->sources : OTHERS;
	return !(needed & ~question->told);
}

void questions_want(struct questions *questions, const struct wish *wanted)
{
	for (unsigned i = questions->count; i-- > 0;) {
		if (is_answered(&questions->list[i], wanted))
			questions->list[i] = questions->list[--questions->count];
	}
}

static void assert_asked(
	const struct questions *questions, const struct igmp_record *record, unsigned sources)
{
	bool names_others = (unsigned)__builtin_popcount(sources) != record->source_count;
	assert_true(questions->asked);
	if (questions->asked_whole)
		return;
	assert_int_equal(record->type, IGMP_IS_IN);
	assert_false(sources & ~questions->asked_sources);
	assert_true(questions->asked_others || !names_others);
}

void questions_tell(
	struct questions *questions, const struct wish *wanted, const struct igmp_record *record)
{
	unsigned sources = router_mask(record);
	assert_asked(questions, record, sources);
	for (unsigned i = 0; i < questions->count; i++)
		questions->list[i].told |= record->type == IGMP_IS_EX ? ~0u : sources;
	questions_want(questions, wanted);
}

void questions_tell_all(struct questions *questions)
{
	questions->count = 0;
}

bool questions_close(struct questions *questions, uint64_t now_ns, bool token)
{
	for (unsigned i = 0; i < questions->count; i++) {
		if (questions->list[i].by_ns > now_ns)
			continue;
		assert_false(token);
		return false;
	}
	if (token && now_ns >= questions->whole_until_ns)
		questions->asked_whole = false;
	if (token && now_ns >= questions->until_ns) {
		assert_int_equal(questions->count, 0);
		questions_forget(questions);
	}
	return true;
}

void tokens_init(struct tokens *tokens, unsigned per_second, unsigned burst)
{
	tokens->token_ns = UINT64_C(1000000000) / per_second;
	tokens->room_ns = (burst - 1) * tokens->token_ns;
	tokens->full_at_ns = 0;
}

uint64_t tokens_ready_ns(const struct tokens *tokens)
{
	return tokens->full_at_ns > tokens->room_ns ? tokens->full_at_ns - tokens->room_ns : 0;
}

void tokens_spend(struct tokens *tokens, uint64_t now_ns)
{
	if (now_ns < tokens_ready_ns(tokens))
		return;
	tokens->full_at_ns =
		(tokens->full_at_ns > now_ns ? tokens->full_at_ns : now_ns) + tokens->token_ns;
}
