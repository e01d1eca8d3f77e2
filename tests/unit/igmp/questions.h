/*
 * What a host owes the queriers, told apart from how it keeps count: that all a query asked for is
 * told after it and in its time, that nothing is told unasked (RFC 9776 section 5.2), and that only
 * the token bucket may put an answer off. Sources are bits of a mask, as in router.h.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "tests/unit/igmp/oracle.h"

#define QUESTIONS 8

/* One query's about one group; for all of it, or about sources. */
struct question {
	bool whole;
	unsigned sources, told;
	uint64_t by_ns;
};

/* Of one group. */
struct questions {
	unsigned count; /* further ones are not looked after */
	struct question list[QUESTIONS];
	/* What may be told, as somebody asked: until then, or as long as tokens are waited for. */
	bool asked, asked_whole, asked_others;
	unsigned asked_sources;
	unsigned long source_count;
	uint64_t whole_until_ns, until_ns;
};

/* What a query asks; `others`: about sources that no mask has a bit for. */
struct asked {
	bool whole, others;
	unsigned sources, source_count;
	uint64_t by_ns;
};

/* The host has been asked. Where the group is not `told` of, it may answer all the same. */
void questions_ask(struct questions *questions, const struct asked *asked, bool told);
/* The version has changed, another host has answered. */
void questions_forget(struct questions *questions);
/* What is wanted has changed. */
void questions_want(struct questions *questions, const struct wish *wanted);
/* A current-state record, or for all of the group a report of an older version. */
void questions_tell(
	struct questions *questions, const struct wish *wanted, const struct igmp_record *record);
void questions_tell_all(struct questions *questions);
/* All that is due has been told; else, without a token, false. */
bool questions_close(struct questions *questions, uint64_t now_ns, bool token);

/* The bound on answers: GCRA, that is when a bucket that was emptied would be full again. */
struct tokens {
	uint64_t token_ns, room_ns, full_at_ns;
};

void tokens_init(struct tokens *tokens, unsigned per_second, unsigned burst);
/* When there is one. */
uint64_t tokens_ready_ns(const struct tokens *tokens);
/* A packet is sent: it takes one if there is. */
void tokens_spend(struct tokens *tokens, uint64_t now_ns);
