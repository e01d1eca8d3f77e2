/*
 * RFC 9776's two tables, every cell with every pair of sets of four sources: section 5.1, what a
 * change is reported as, and section 5.2, what a query does to what is pending and how it is
 * answered. What is expected is worked out here, in sets.
 */
#include <string.h>

#include "igmp/build.h"
#include "igmp/host.h"
#include "igmp/wire.h"
#include "tests/support/test.h"
#include "tests/unit/igmp/packets.h"

#define G "239.1.1.1"
#define SOURCES 4
#define SETS (1u << SOURCES)

/* Records by type: the set, and PRESENT. */
#define PRESENT (1u << 31)
struct said {
	unsigned by_type[IGMP_BLOCK + 1];
	unsigned records;
};

static struct igmp_filter filter_of(enum igmp_filter_mode mode, unsigned set)
{
	struct igmp_filter filter = {.mode = mode};
	for (unsigned i = 0; i < SOURCES; i++) {
		if (set & 1u << i)
			filter.sources[filter.source_count++].s_addr = htonl(0x0a000001 + i);
	}
	return filter;
}

static struct igmp_host *open_quiet(void)
{
	return open_host(&(struct igmp_host_settings){.no_watch = true, .seed = 3});
}

static struct said listen_to(struct igmp_host *host)
{
	struct said said = {0};
	struct igmp_action action;
	struct igmp_message message;
	struct igmp_record record;
	while (igmp_host_next_action(host, &action)) {
		if (action.type != IGMP_ACTION_SEND)
			continue;
		assert_int_equal(igmp_parse(action.packet, action.len, &message), IGMP_VALID);
		struct igmp_record_reader reader = igmp_records(&message);
		while (igmp_record_next(&reader, &record)) {
			unsigned set = PRESENT;
			for (uint16_t i = 0; i < record.source_count; i++)
				set |= 1u << (ntohl(igmp_source(record.sources, i).s_addr) -
					       0x0a000001);
			said.by_type[record.type] = set;
			said.records++;
		}
	}
	return said;
}

static void expect(struct said *said, enum igmp_record_type type, unsigned set, bool even_empty)
{
	if (set == 0 && !even_empty)
		return;
	said->by_type[type] = PRESENT | set;
	said->records++;
}

static struct said expected_change(
	enum igmp_filter_mode from, unsigned a, enum igmp_filter_mode to, unsigned b)
{
	struct said said = {0};
	if (from != to) {
		expect(&said, to == IGMP_INCLUDE ? IGMP_TO_IN : IGMP_TO_EX, b, true);
	} else {
		bool in = from == IGMP_INCLUDE;
		expect(&said, IGMP_ALLOW, in ? b & ~a : a & ~b, false);
		expect(&said, IGMP_BLOCK, in ? a & ~b : b & ~a, false);
	}
	return said;
}

/* Section 5.1: IN(A) or EX(A) becomes IN(B) or EX(B). */
static void every_cell_of_state_changes(void **state)
{
	(void)state;
	for (unsigned cell = 0; cell < 4 * SETS * SETS; cell++) {
		enum igmp_filter_mode from = cell & 1, to = cell >> 1 & 1;
		unsigned a = cell >> 2 & (SETS - 1), b = cell >> 2 >> SOURCES;
		struct igmp_host *host = open_quiet();
		set_user(host, 0, G, filter_of(from, a), SECOND);
		settle(host);
		set_user(host, 0, G, filter_of(to, b), 10 * SECOND);
		const struct said expected = expected_change(from, a, to, b);
		for (unsigned i = 0; i < 2; i++) {
			struct said said = listen_to(host);
			assert_memory_equal(&said, &expected, sizeof said);
			if (igmp_host_deadline(host) != UINT64_MAX)
				igmp_host_advance(host, igmp_host_deadline(host));
		}
		assert_int_equal(listen_to(host).records, 0);
		igmp_host_free(host);
	}
}

/* Section 5.2: what is pending before the query comes, and the query. */
enum asked { NOTHING, GENERAL, GROUP, GROUP_AND_SOURCES, ASKED };

static void ask(struct igmp_host *host, enum asked what, unsigned set, unsigned code, uint64_t now)
{
	uint8_t packet[256];
	const struct igmp_filter list = filter_of(IGMP_INCLUDE, set);
	struct igmp_query query = {
		.version = 3,
		.source = ip("10.0.0.254"),
		.destination = ip("224.0.0.1"),
		.max_response_ds = code,
		.robustness = 2,
		.query_interval_s = 125,
	};
	if (what == NOTHING)
		return;
	if (what != GENERAL)
		query.group = query.destination = ip(G);
	if (what == GROUP_AND_SOURCES) {
		query.sources = list.sources;
		query.source_count = list.source_count;
	}
	int len = igmp_build_query(packet, sizeof packet, &query);
	igmp_host_receive(host, packet, (size_t)len, IGMP_FRAME_MULTICAST, now);
}

static void expect_whole(struct said *said, enum igmp_filter_mode mode, unsigned a)
{
	expect(said, mode == IGMP_INCLUDE ? IGMP_IS_IN : IGMP_IS_EX, a, true);
}

/* One answer to a group's queries: about the whole group, or about the sources of B. */
static struct said expected_answer(
	enum asked what, enum igmp_filter_mode mode, unsigned a, unsigned b)
{
	struct said said = {0};
	bool member = mode == IGMP_EXCLUDE || a != 0;
	if (!member || what == NOTHING)
		return said;
	if (what == GROUP_AND_SOURCES && b != 0)
		expect(&said, IGMP_IS_IN, mode == IGMP_INCLUDE ? a & b : b & ~a, false);
	else
		expect_whole(&said, mode, a);
	return said;
}

/* IN(A) and EX(A) asked in each way: no list, and a list B. */
static void every_cell_of_answers(void **state)
{
	(void)state;
	for (unsigned cell = 0; cell < 2 * (ASKED - 1) * SETS * SETS; cell++) {
		enum igmp_filter_mode mode = cell & 1;
		enum asked what = 1 + (cell >> 1) % (ASKED - 1);
		unsigned sets = (cell >> 1) / (ASKED - 1);
		unsigned a = sets & (SETS - 1), b = sets >> SOURCES;
		struct igmp_host *host = open_quiet();
		set_user(host, 0, G, filter_of(mode, a), SECOND);
		settle(host);
		ask(host, what, b, 10, 10 * SECOND);
		igmp_host_advance(host, 20 * SECOND);
		const struct said expected = expected_answer(what, mode, a, b);
		struct said said = listen_to(host);
		assert_memory_equal(&said, &expected, sizeof said);
		igmp_host_free(host);
	}
}

static unsigned records_until_quiet(struct igmp_host *host, struct said *last, uint64_t *ret_first)
{
	unsigned answers = 0;
	*ret_first = igmp_host_deadline(host);
	while (igmp_host_deadline(host) != UINT64_MAX) {
		igmp_host_advance(host, igmp_host_deadline(host));
		*last = listen_to(host);
		answers += last->records > 0;
	}
	return answers;
}

/*
 * Each kind of pending answer meets each kind of query, with the new response time shorter and
 * longer than what is left: what is answered, how often, and that the earliest time wins.
 */
static void every_pending_answer_meets_every_query(void **state)
{
	(void)state;
	const unsigned a = 7; /* of EX and IN alike */
	for (unsigned cell = 0; cell < 2 * 2 * (ASKED - 1) * (ASKED - 1); cell++) {
		enum igmp_filter_mode mode = cell & 1;
		bool sooner = cell >> 1 & 1;
		enum asked pending = 1 + (cell >> 2) % (ASKED - 1);
		enum asked query = 1 + (cell >> 2) / (ASKED - 1);
		uint64_t before, first;
		struct said said = {0}, expected = {0};
		struct igmp_host *host = open_quiet();
		set_user(host, 0, G, filter_of(mode, a), SECOND);
		settle(host);
		/* Code 1: within 100 ms; code 255: within 1904 s, which is not sooner. */
		ask(host, pending, 1 | 8, sooner ? 255 : 1, 10 * SECOND);
		before = igmp_host_deadline(host);
		ask(host, query, 2 | 8, sooner ? 1 : 255, 10 * SECOND);
		unsigned answers = records_until_quiet(host, &said, &first);
		assert_true(first <= before);
		assert_true(!sooner || first <= 10 * SECOND + 100 * MS);
		if (pending == GENERAL || query == GENERAL) {
			/* Rule 1 absorbs; else a group's own answer stays beside the general. */
			bool absorbed = pending == GENERAL ? !sooner || query == GENERAL : false;
			assert_int_equal(answers, absorbed ? 1 : 2);
		} else {
			assert_int_equal(answers, 1); /* one pending answer per group */
			if (pending == GROUP || query == GROUP)
				expect_whole(&expected, mode, a);
			else /* the union of both lists */
				expected = expected_answer(GROUP_AND_SOURCES, mode, a, 1 | 2 | 8);
			assert_memory_equal(&said, &expected, sizeof said);
		}
		igmp_host_free(host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_of_state_changes),
		cmocka_unit_test(every_cell_of_answers),
		cmocka_unit_test(every_pending_answer_meets_every_query),
	};
	return cmocka_run_group_tests_name("igmp_tables", tests, NULL, NULL);
}
